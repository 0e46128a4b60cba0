"""Where PostgreSQL by itself would say something else, or stop: the edges of every engine, and what only PostgreSQL has."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import psycopg
import pytest

from selective_sales import compiling
from selective_sales.compiling.postgres import TYPES, finished, function_statements
from selective_sales.compiling.postgres_macros import LOWER, UPPER
from selective_sales.compiling.postgres_patterns import postgres_pattern
from tests.engines import edges
from tests.engines.beside import Engine, agree
from tests.postgres.beside import Server
from tests.properties.harness import checked_policy
from tests.properties.test_sentences_of_the_language import yaml_text


@pytest.mark.parametrize("edge", edges.EDGES, ids=lambda edge: edge.__name__)
def test_as_duckdb(edge: Callable[[Engine], None], postgres: str) -> None:
    edge(Server(postgres))


@pytest.mark.parametrize("pattern", ["(?i)a", r"\bword", r"\p{L}", "[[:alpha:]]", "a{300}", "(?s).", r"\Qa.b\E", "^*"])
def test_patterns_without_an_equal_are_findings(pattern: str) -> None:
    assert postgres_pattern(pattern) is None
    (finding,) = compiling.postgres_findings(edges.metrics("n1 + 1", f'matches(t1, "{pattern}")'))
    assert finding.code == "SS641" and finding.place.line > 1 and pattern in finding.message


def test_every_letter_has_the_same_cases(postgres: str) -> None:
    letters = [chr(code) for code in range(1, 0x110000) if not 0xD800 <= code <= 0xDFFF]
    cased = "SELECT lower(x), upper(x) FROM (SELECT unnest(?) AS x)"
    # Beyond the first two planes nothing has a case, and the server's tables have nothing: it need not look at a million signs.
    beyond = [letter for letter in letters if ord(letter) > 0x1FFFF]
    other = "SELECT count(*) FROM (SELECT unnest(?) AS x) WHERE lower(x) <> x OR upper(x) <> x"
    assert duckdb.execute(other, [beyond]).fetchall() == [(0,)]
    assert max(*LOWER, *LOWER.values(), *UPPER, *UPPER.values()) <= 0x1FFFF
    letters = letters[: -len(beyond)]
    expected = duckdb.execute(cased, [letters]).fetchall()
    with psycopg.connect(postgres) as server:
        for statement in function_statements(["lower(x) upper(x)"], "pg_temp"):
            server.execute(statement)  # type: ignore[call-overload]
        found = server.execute(
            "SELECT pg_temp.lower(x), pg_temp.upper(x) FROM unnest(%s::text[]) WITH ORDINALITY AS l(x, n) ORDER BY n", [letters]
        )
        differing = [(x, a, b) for x, a, b in zip(letters, expected, found.fetchall(), strict=True) if a != b]
    assert differing == []


def test_texts_mean_the_same_where_a_backslash_starts_an_escape(postgres: str) -> None:
    """A setting of old servers: there `'\\'` would open the text to whatever follows."""
    forms = [f"t1 = {text}" for text in (r'"x\'y\"z\\"', r'"\\"', r'"a\nb"')] + [
        r'matches(t1, "^\d+$")',
        "upper(t1)",
        "number(t1)",
        "date(t1)",
    ]
    server = Server(f"{postgres} options='-c standard_conforming_strings=off'")
    agree(server, edges.metrics(*forms), edges.clients(t1=edges.TEXTS))


@pytest.mark.parametrize("name", ["xmin", "ctid", "m" * 64, "ł" * 32])
def test_names_that_no_column_can_have_are_findings(name: str) -> None:
    start, _, rest = yaml_text().partition("metrics:\n")
    checked = checked_policy(start.replace("m2: money", f"{name}: money", 1) + "metrics:\n  s0: m1\n" + rest[rest.index("decisions:") :])
    assert checked is not None
    (finding,) = compiling.postgres_findings(checked)
    assert finding.code == "SS642" and name in finding.message


def test_a_table_whose_name_is_cut_off_is_a_finding() -> None:
    name = "ł" * 32
    found = checked_policy(yaml_text().replace("orders", name))
    assert found is not None
    (finding,) = compiling.postgres_findings(found)
    assert finding.code == "SS642" and name in finding.message


def test_only_names_of_functions_get_a_schema() -> None:
    text = """SELECT grid("grid(x)"), 'it''s money(1)', x -- unit(x)\nFROM t WHERE t.grid(x) AND sum(y) OVER (z)"""
    assert finished(text, "s") == text.replace("SELECT grid(", "SELECT s.grid(")
    assert set(TYPES) and list(function_statements(["SELECT 1"], "s")) == []
