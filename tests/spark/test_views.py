"""Views of a query in a session: what is read twice is computed once, long plans are cut, and no view stays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from selective_sales.engines import spark_views

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

TABLE = "CREATE OR REPLACE TEMPORARY VIEW `#t` AS\nSELECT id FROM `numbers`"
DRAWN = "CREATE OR REPLACE TEMPORARY VIEW `#a``b` AS\nSELECT id, rand() AS r FROM `#t`"
TWICE = "CREATE OR REPLACE TEMPORARY VIEW `#c` AS\nSELECT x.id, x.r - y.r AS d FROM `#a``b` AS x JOIN `#a``b` AS y ON x.id = y.id"


@pytest.fixture
def numbers(spark: SparkSession) -> Iterator[None]:
    spark.range(100).createOrReplaceTempView("numbers")
    yield
    spark.catalog.dropTempView("numbers")


def operators(spark: SparkSession, view: str) -> int:
    """How many Spark looks at when it plans a query of the view."""
    return str(spark.table(view)._jdf.queryExecution().analyzed()).count("\n")


def test_what_is_read_twice_is_computed_once(spark: SparkSession, numbers: None) -> None:
    spark_views.define(spark, (TABLE, DRAWN, TWICE))
    assert spark.sql("SELECT count(*), max(abs(d)) FROM `#c`").collect()[0][:] == (100, 0.0)
    spark_views.drop(spark, (TABLE, DRAWN, TWICE))


def layers(count: int, words: str) -> tuple[str, ...]:
    made = [TABLE]
    for number in range(count):
        below = f"#v{number - 1}" if number else "#t"
        made.append(f"CREATE OR REPLACE TEMPORARY VIEW `#v{number}` AS\nSELECT id + 1 AS id FROM `{below}` -- {words}")
    return tuple(made)


def test_only_long_plans_are_cut(spark: SparkSession, numbers: None) -> None:
    short, long = layers(12, ""), layers(12, "x" * (spark_views.MOST_CHARACTERS // 4))
    spark_views.define(spark, short)
    whole = operators(spark, "`#v11`")
    spark_views.define(spark, long)
    assert operators(spark, "`#v11`") < whole / 2
    assert sorted(row.id for row in spark.table("`#v11`").collect()) == list(range(12, 112))
    spark_views.drop(spark, long)


def test_no_view_stays(spark: SparkSession, numbers: None) -> None:
    spark_views.define(spark, (TABLE, DRAWN, TWICE))
    spark_views.drop(spark, (TABLE, DRAWN, TWICE))
    assert [row.viewName for row in spark.sql("SHOW VIEWS").collect()] == ["numbers"]


def test_layers_that_read_a_layer_twice_do_not_multiply(spark: SparkSession, numbers: None) -> None:
    """Twenty of them would be a million copies."""
    made = [TABLE, DRAWN.replace("`#a``b`", "`#w0`")]
    for number in range(1, 21):
        join = f"`#w{number - 1}` AS x JOIN `#w{number - 1}` AS y ON x.id = y.id"
        made.append(f"CREATE OR REPLACE TEMPORARY VIEW `#w{number}` AS\nSELECT x.id, x.r + y.r AS r FROM {join}")
    spark_views.define(spark, made)
    assert operators(spark, "`#w20`") < 20 and spark.table("`#w20`").count() == 100
    spark_views.drop(spark, made)
