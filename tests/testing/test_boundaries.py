"""The values at which a decision may turn, of every field that something reads; and texts for patterns."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from selective_sales.model.expression import Scalar
from selective_sales.pipeline.policies import load_policy
from selective_sales.testing.boundaries import Interest, interests
from selective_sales.testing.patterns import LONGEST, fits, sample_of

AS_OF = datetime.date(2026, 11, 22)
POLICY = """\
format: 1
policy: {{id: p, version: "1", title: P, languages: [en], currency: PLN}}
data:
  clients:
    key: client_id
    fields: {{client_id: text, x: {field}, unread: money, y: money}}
parameters: {{line: 7, days: {{values: {{"2026-01-01": 30 days, "2027-01-01": 60 days}}}}}}
metrics: {{half: y / 2}}
decisions: {{flag: {{title: Flag}}, keep: {{title: Keep, default: true}}}}
rules:
  - {{id: r, when: {when}, then: flag, reason: r}}
"""


def of(tmp_path: Path, field: str, when: str) -> dict[str, Interest]:
    path = tmp_path / "p.yaml"
    path.write_text(POLICY.format(field=field, when=when), encoding="utf-8")
    checked, findings = load_policy(path)
    assert checked is not None, findings
    return {one.field.name: one for one in interests(checked, AS_OF)}


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("field", "when", "expected"),
    [
        ("money", "x < 100", [Decimal("99.99"), Decimal(100), Decimal("100.01")]),
        ("money", "100 < x", [Decimal("99.99"), Decimal(100), Decimal("100.01")]),
        ("money", "x >= 0.005", [Decimal("0.004"), Decimal("0.005"), Decimal("0.006")]),
        ("number", "x < 0.4", [Decimal("0.39"), Decimal("0.4"), Decimal("0.41")]),
        ("number", "x < 5%", [Decimal("0.04"), Decimal("0.05"), Decimal("0.06")]),
        ("number", "x < 0.3333", [Decimal("0.3332"), Decimal("0.3333"), Decimal("0.3334")]),
        ("integer", "x > line", [6, 7, 8]),
        ("days", "x >= days", [29, 30, 31]),
        ("months", "x between 6 months and 9 months", [5, 6, 7, 8, 9, 10]),
        ("date", "x > as_of - 1 month", [day("2026-10-21"), day("2026-10-22"), day("2026-10-23")]),
        ("date", "'x = date(\"2024-02-29\")'", []),
        ("integer", "'x in [1..3) or x not in [8]'", [0, 1, 2, 3, 4, 7, 8, 9]),
        ("{type: integer, minimum: 5, maximum: 9}", "x > 5", [5, 6, 9]),
        ("integer", "x = 9223372036854775807", [2**63 - 2, 2**63 - 1]),
        ("{type: text, one_of: [a, b, c]}", "'x = \"b\"'", ["a", "b", "c"]),
        ("text", '\'x in ["a", "b"]\'', ["a", "b", "other"]),
        ("boolean", "x", [True, False]),
    ],
)
def test_thresholds_with_their_neighbours(tmp_path: Path, field: str, when: str, expected: list[Scalar]) -> None:
    found = of(tmp_path, field, when)["x"].values
    assert found[-1] is None, "a blank is always worth trying"
    assert [value for value in expected if value not in found] == []


def test_a_required_field_is_never_blank(tmp_path: Path) -> None:
    assert None not in of(tmp_path, "{type: money, required: true}", "x < 5")["x"].values


def test_what_nothing_reads_is_left_alone(tmp_path: Path) -> None:
    assert set(of(tmp_path, "money", "x < 5")) == {"x", "y"}


def test_values_stay_within_the_contract(tmp_path: Path) -> None:
    found = of(tmp_path, "{type: number, minimum: 0, maximum: 1}", "x < 1")["x"].values
    assert all(value is None or 0 <= value <= 1 for value in found if not isinstance(value, str | datetime.date))


@pytest.mark.parametrize(
    ("pattern", "sample"),
    [
        ("[A-Z]{2}-[0-9]{3}", "AA-000"), (r"\d{3}", "111"), ("C-[0-9]+", "C-0"), ("(PL|DE)x?", "PL"), ("a*b", "b"), ("^x$", "x"),
        (r"\w+@\w+\.pl", "a@a.pl"), ("[^0-9]{2}", "aa"), ("(?:ab)+", "ab"), (r"\.", "."),
        ("(?i)a", None), ("[[:alpha:]]", None), (r"\pL", None),
    ],
)  # fmt: skip
def test_a_text_for_a_pattern(pattern: str, sample: str | None) -> None:
    assert sample_of(pattern) == sample
    assert sample is None or fits(pattern, sample)


def test_patterns_that_never_end_are_not_asked() -> None:
    assert not fits("(a+)+b", "a" * (LONGEST + 1))
    assert not fits("[[:alpha:]]", "a") and not fits("(", "a") and not fits(r"\pL", "a")
