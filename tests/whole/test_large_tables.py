"""Tables, `at_least` and scores with more parts than an engine nests: what they give is known by counting, blanks included."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

import selective_sales as ss

ROWS = 100
"""More than the 64 terms from which a sum is a tree."""
LONGEST = 1_200
"""More rows than the engine nests operators."""
BANDS: list[tuple[int | None, int | None]] = [
    *((band, 1) for band in (0, 9, 10, 15, 500, 635, 645, 990, 999)),
    *((band, None) for band in (5, 15, 25, 985, 995)),
    (None, 1),
]
HEAD = """\
format: 1
policy: {id: large, version: "1", languages: [en], currency: PLN}
data: {clients: {key: id, fields: {id: integer, band: integer, other: integer}}}
decisions: {flag: {}, keep: {default: true}}
"""


def decided(folder: Path, sections: str, clients: list[tuple[int | None, int | None]] = BANDS) -> list[dict[str, Any]]:
    (folder / "large.yaml").write_text(HEAD + sections, encoding="utf-8")
    lines = [f"{i},{'' if band is None else band},{'' if other is None else other}" for i, (band, other) in enumerate(clients)]
    (folder / "clients.csv").write_text("id,band,other\n" + "\n".join(lines) + "\n", encoding="utf-8")
    policy = ss.read(folder / "large.yaml")
    assert policy.ok, policy.findings[:3]
    with ss.evaluate(policy, {"clients": folder / "clients.csv"}, as_of=datetime.date(2026, 11, 22)) as result:
        return result.rows()


def table(hit_policy: str, rows: list[str]) -> str:
    lines = "\n".join(f"      - {row}" for row in rows)
    rules = "rules:\n  - {id: high, when: v >= 50, then: flag, reason: Because.}\n"
    return (
        f"tables:\n  t:\n    hit_policy: {hit_policy}\n    inputs: [band, other]\n    outputs: {{v: integer}}\n    rows:\n{lines}\n{rules}"
    )


@pytest.mark.parametrize("hit_policy", ["unique", "any", "first"])
@pytest.mark.parametrize("count", [ROWS, LONGEST])
def test_one_of_many_rows(hit_policy: str, count: int, tmp_path: Path) -> None:
    rows = [f'["[{10 * i}..{10 * i + 10})", "-", {i}]' for i in range(count)]
    found = [row["v"] for row in decided(tmp_path, table(hit_policy, rows))]
    assert found == [None if band is None else band // 10 for band, _ in BANDS]


def expected(hit_policy: str, band: int | None, other: int | None) -> int | None:
    """Rows 0, 1, 2, ... are true up to band // 10 and give 1, 2, 3, ...; where `other` is blank, every second of them is unknown."""
    if band is None:
        return None
    highest = band // 10 + 1
    some_unknown = other is None and highest > 1
    match hit_policy:
        case "collect count":
            return None if some_unknown else highest
        case "collect sum":
            return None if some_unknown else highest * (highest + 1) // 2
        case "collect min":
            return 1
        case _:
            return None if other is None and highest % 2 == 0 else highest


@pytest.mark.parametrize("hit_policy", ["collect count", "collect sum", "collect min", "collect max"])
@pytest.mark.parametrize("count", [ROWS, LONGEST])
def test_what_many_rows_come_to(hit_policy: str, count: int, tmp_path: Path) -> None:
    rows = [f'[">= {10 * i}", "{"-" if i % 2 == 0 else ">= 0"}", {i + 1}]' for i in range(count)]
    found = [row["v"] for row in decided(tmp_path, table(hit_policy, rows))]
    assert found == [expected(hit_policy, band, other) for band, other in BANDS]


@pytest.mark.parametrize("count", [ROWS, LONGEST])
def test_many_conditions_of_at_least(count: int, tmp_path: Path) -> None:
    conditions = ", ".join(f"band >= {10 * i}" for i in range(count))
    rules = f"rules:\n  - {{id: many, when: {{at_least: 40, of: [{conditions}]}}, then: flag, reason: Because.}}\n"
    found = [row["decision"] for row in decided(tmp_path, rules)]
    assert found == ["undetermined" if band is None else "flag" if band >= 390 else "keep" for band, _ in BANDS]


def test_many_factors_of_a_score(tmp_path: Path) -> None:
    factors = "\n".join(f"      - {{id: f{i}, of: band, weight: 1, worst: 0, best: 1000}}" for i in range(ROWS))
    rules = "rules:\n  - {id: high, when: s >= 50, then: flag, reason: Because.}\n"
    found = [row["s"] for row in decided(tmp_path, f"scores:\n  s:\n    factors:\n{factors}\n{rules}")]
    assert found == [None if band is None else band / 10 for band, _ in BANDS]
