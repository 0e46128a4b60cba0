"""Found beside the oracle: a client without a value in a portfolio of one, and points that ask for a metric that is true or false."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from selective_sales.compiling import compile_policy
from selective_sales.pipeline import load_policy
from tests.pipeline.small import AS_OF

HEAD = """\
format: 1
policy: {id: p, version: "1", title: P, languages: [en], currency: PLN}
data: {clients: {key: id, fields: {id: text, a: integer, b: integer, g: text}}}
"""
TAIL = """\
decisions: {decline: {title: d}, flag: {title: f}, keep: {title: k, default: true}}
rules:
  - {id: r, when: value > 50, then: decline, reason: x}
"""


def decided(folder: Path, middle: str, rows: str) -> dict[str, dict[str, object]]:
    (folder / "policy.yaml").write_text(HEAD + middle + TAIL, encoding="utf-8")
    checked, findings = load_policy(folder / "policy.yaml")
    assert checked is not None, findings
    query = compile_policy(checked, AS_OF)
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA run")
        connection.execute("CREATE TABLE clients (id VARCHAR, a BIGINT, b BIGINT, g VARCHAR)")
        connection.execute(f"INSERT INTO clients VALUES {rows}")
        for statement in query.prelude:
            connection.execute(statement)
        connection.execute(f"CREATE TABLE run.facts AS {query.facts}")
        found = connection.execute(query.decide)
        names = [d[0] for d in found.description or []]
        return {row[0]: dict(zip(names, row, strict=True)) for row in found.fetchall()}


@pytest.mark.parametrize(
    "function", ["percentile", "rank", "share", "cumulative_share", "cumulative_share_before", "total", "average", "median"]
)
@pytest.mark.parametrize("within", ["", " within g"])
def test_who_has_no_value_has_no_place(tmp_path: Path, function: str, within: str) -> None:
    rows = decided(tmp_path, f"metrics: {{value: {function}(a{within})}}\n", "('x', 7, 1, 'g'), ('y', NULL, 1, 'g'), ('z', NULL, 1, NULL)")
    assert rows["x"]["value"] is not None
    assert rows["y"]["value"] is None
    assert rows["z"]["value"] is None
    assert rows["y"]["missing_because"] == ["a"]


def test_points_for_a_metric_that_is_true_or_false(tmp_path: Path) -> None:
    middle = """\
metrics: {large: a > b}
scores: {value: {factors: [{id: f, of: large, weight: 1, points: [["true", 1], ["false", 0.25]]}]}}
"""
    rows = decided(tmp_path, middle, "('x', 7, 1, 'g'), ('y', 1, 7, 'g'), ('z', NULL, 7, 'g')")
    assert [rows[k]["value"] for k in "xyz"] == [100.0, 25.0, None]
    assert rows["z"]["missing_because"] == ["a"]


def test_the_cause_of_points_that_cannot_be_computed(tmp_path: Path) -> None:
    middle = 'scores: {value: {factors: [{id: f, of: a / b, weight: 1, points: [[">= 1", 1], ["< 1", 0]]}]}}\n'
    rows = decided(tmp_path, middle, "('x', 7, 0, 'g'), ('y', 7, NULL, 'g')")
    assert [rows[k]["decision"] for k in "xy"] == ["undetermined", "undetermined"]
    assert rows["y"]["missing_because"] == ["b"]
    (cause,) = rows["x"]["missing_because"]  # type: ignore[misc]
    assert str(cause).endswith("division by zero (b = 0)")
