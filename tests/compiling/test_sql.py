"""The SQL is a document: one deciding query, a named column and a comment per rule, no author's text outside of quotes."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from selective_sales.compiling import compile_policy
from selective_sales.compiling.macros import macro_statements
from selective_sales.model.plan import Query
from selective_sales.pipeline import load_policy
from tests.pipeline.small import AS_OF, POLICY, write_small


def compiled(folder: Path, policy: str = POLICY) -> Query:
    path, _ = write_small(folder, policy)
    checked, findings = load_policy(path)
    assert checked is not None, findings
    return compile_policy(checked, AS_OF)


def test_every_rule_is_a_named_column_with_its_place(tmp_path: Path) -> None:
    query = compiled(tmp_path)
    line = 1 + POLICY[: POLICY.index("- id: unprofitable")].count("\n")
    assert (
        f'-- {tmp_path}/policy.yaml:{line}:9: unprofitable -> decline\n       ("cost" > "revenue") AS "#rule unprofitable"' in query.decide
    )
    assert '("revenue" < 100) AS "#rule small"' in query.decide


def test_facts_and_decisions_are_one_select_each(tmp_path: Path) -> None:
    query = compiled(tmp_path)
    for sql in (query.facts, query.decide):
        assert len(duckdb.extract_statements(sql)) == 1


def test_the_statements_run_after_the_configuration_is_locked(tmp_path: Path) -> None:
    query = compiled(tmp_path)
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA run")
        connection.execute("SET lock_configuration = true")
        connection.execute("CREATE TABLE clients (client_id VARCHAR, revenue DECIMAL(18, 4), cost DECIMAL(18, 4))")
        connection.execute("INSERT INTO clients VALUES ('b', 50, 10), ('a', 1000, NULL)")
        for statement in query.prelude:
            connection.execute(statement)
        connection.execute(f"CREATE TABLE run.facts AS {query.facts}")
        rows = connection.execute(query.decide).fetchall()
    assert [row[:2] for row in rows] == [("a", "undetermined"), ("b", "flag")]


def test_a_comment_cannot_be_left(tmp_path: Path) -> None:
    hostile = tmp_path / "x\n; DROP TABLE clients; --"
    hostile.mkdir()
    query = compiled(hostile)
    assert len(duckdb.extract_statements(query.decide)) == 1
    assert "\n; DROP TABLE" not in query.decide


def test_every_macro_says_what_it_is_and_is_created_after_what_it_uses() -> None:
    with duckdb.connect() as connection:
        for statement in macro_statements():
            assert statement.startswith("-- ")
            connection.execute(statement)


def macro(sql: str) -> object:
    with duckdb.connect() as connection:
        for statement in macro_statements():
            connection.execute(statement)
        row = connection.execute(f"SELECT CAST({sql} AS VARCHAR)").fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("sql", "value"),
    [
        ("grid(0.1e0 + 0.2e0)", "0.3"),
        ("grid(0.3e0 / 0.1e0)", "3.0"),
        ("grid(finite(1e308 * 10))", None),
        ("money(99999999999999.9999::DECIMAL(18, 4) + 0.0001::DECIMAL(18, 4))", None),
        ("money(1.00005)", "1.0001"),
        ("money(-1.00005)", "-1.0001"),
        ("money_times(0.0050::DECIMAL(18, 4), 0.29e0)", "0.0015"),
        ("money_times(99999999999999.9999::DECIMAL(18, 4), 1e20)", None),
        ("money_times(-0.0001::DECIMAL(18, 4), 0.5e0)", "-0.0001"),
        ("money_over(1::DECIMAL(18, 4), 0.3e0)", "3.3333"),
        ("money_over(1::DECIMAL(18, 4), 0e0)", None),
        ("money_over_whole(-10::DECIMAL(18, 4), 8::BIGINT)", "-1.2500"),
        ("money_over_whole(0.0001::DECIMAL(18, 4), 2::BIGINT)", "0.0001"),
        ("money_over_whole(1::DECIMAL(18, 4), (-9223372036854775808)::BIGINT)", "0.0000"),
        ("ratio(0.2100::DECIMAL(18, 4), 3::DECIMAL(18, 4))", "0.07"),
        ("ratio(1::DECIMAL(18, 4), 0::DECIMAL(18, 4))", None),
        ("rounded(2.675e0, 100e0)", "2.68"),
        ("rounded(-2.5e0, 1e0)", "-3.0"),
        ("whole(2.5e0)", "3"),
        ("plus_months(DATE '2026-01-31', 1)", "2026-02-28"),
        ("plus_months(DATE '2026-01-31', 10000000)", None),
        ("plus_days(DATE '9999-12-31', 1)", None),
        ("whole_months(DATE '2026-01-31', DATE '2026-02-28')", "1"),
        ("whole_months(DATE '2026-01-31', DATE '2026-02-27')", "0"),
        ("whole_months(DATE '2026-02-28', DATE '2026-01-31')", "-1"),
        ("whole_months(DATE '2024-02-29', DATE '2025-02-28')", "12"),
        ("part_of('abc', 0, 1)", None),
        ("part_of('abc', -2, 1)", "b"),
        ("read_number('1e3')", None),
        ("read_number(' 12.50 ')", "12.5"),
        ("read_date('2026-02-30')", None),
        ("mean_money(0.0005::DECIMAL(38, 4), 2)", "0.0003"),
        ("mean_money(-0.0005::DECIMAL(38, 4), 2)", "-0.0003"),
        ("at_least(2, 1, 1)", None),
        ("at_least(2, 1, 0)", "false"),
        ("agreed(['a', 'a'])", "a"),
        ("agreed(['a', 'b'])", None),
    ],
)
def test_macros(sql: str, value: str | None) -> None:
    assert macro(sql) == value


def test_as_of_and_dates_are_literals(tmp_path: Path) -> None:
    policy = POLICY.replace("cost: money", "cost: money\n      since: date").replace("revenue < 100", "since > as_of - 12 months")
    assert "(\"since\" > plus_months(DATE '2026-11-22', (-12)::BIGINT))" in compiled(tmp_path, policy).decide
