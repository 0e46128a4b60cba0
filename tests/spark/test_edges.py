"""Where Spark by itself would say something else, or stop: the edges of every engine, and what only Spark has."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import duckdb
import pytest

from selective_sales import compiling
from selective_sales.compiling.spark_patterns import spark_pattern
from selective_sales.compiling.spark_text import spark_statements
from tests.engines import edges
from tests.engines.beside import Engine, agree
from tests.making.schema import AS_OF
from tests.spark.beside import Session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.mark.parametrize("edge", edges.EDGES, ids=lambda edge: edge.__name__)
def test_as_duckdb(edge: Callable[[Engine], None], spark: SparkSession) -> None:
    edge(Session(spark))


def test_every_letter_has_the_same_cases(spark: SparkSession) -> None:
    """All that have another case in either engine; without U+FEFF, which the making of letters takes for a mark of byte order."""
    letters = [chr(code) for code in range(1, 0x110000) if not 0xD800 <= code <= 0xDFFF and code != 0xFEFF]
    cased = "SELECT x, lower(x) AS a, upper(x) AS b FROM (SELECT unnest(?) AS x) WHERE lower(x) <> x OR upper(x) <> x"
    expected = duckdb.execute(cased, [letters]).fetchall()
    made = "SELECT decode(unhex(lpad(hex(id), 8, '0')), 'UTF-32') AS x FROM range(1, 1114112, 1, 1)"
    spark.sql(f"{made} WHERE id NOT BETWEEN 55296 AND 57343 AND id <> 65279").createOrReplaceTempView("letters")
    _, select = spark_statements((), 'SELECT x, lower("x") AS a, upper("x") AS b FROM "letters"')
    found = [tuple(row) for row in spark.sql(f"SELECT * FROM ({select}) WHERE a <> x OR b <> x").collect()]
    spark.catalog.dropTempView("letters")
    assert len(found) > 2500 and sorted(found) == sorted(expected)


@pytest.mark.parametrize("pattern", ["(?i)a", r"\bword", r"\p{L}", "[[:alpha:]]", "(?s).", r"\Qa.b\E", "^*"])
def test_patterns_without_an_equal_are_findings(pattern: str) -> None:
    assert spark_pattern(pattern) is None
    (finding,) = compiling.spark_findings(edges.metrics("n1 + 1", f'matches(t1, "{pattern}")'))
    assert finding.code == "SS669" and finding.place.line > 1 and pattern in finding.message


def test_what_a_shell_of_spark_would_put_something_else_for(spark: SparkSession) -> None:
    """`${...}` is replaced before anything is read, a semicolon ends a statement, and a backtick closes a name."""
    forms = [f"t1 = {text}" for text in ('"${spark.app.name}"', '"a;b"', '"`x`"', r'"\\"', '"--"')] + [r'matches(t1, "^\$\{")']
    query = compiling.spark_query(edges.metrics(*forms), AS_OF)
    assert not any("${" in text or "a;b" in text for text in (*query.prelude, query.select))
    rows = agree(Session(spark), edges.metrics(*forms), edges.clients(t1=("${spark.app.name}", "a;b", "`x`", "\\", "--", "", None)))
    assert [row[-6:].count(True) for row in rows] == [2, 1, 1, 1, 1, 0, 0]
