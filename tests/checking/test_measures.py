"""Measures that a policy does not declare are assumed from names, and only where the name says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from selective_sales import checking, reading
from selective_sales.model.checked import CheckedPolicy
from selective_sales.model.expression import Arithmetic
from selective_sales.model.kind import Kind
from selective_sales.model.policy import MeasureName

POLICY = """\
format: 1
policy: {{id: p, version: "1", title: P, languages: [en], currency: PLN}}
data: {{clients: {{key: id, fields: {{id: text, {fields}}}}}}}
metrics: {{{metrics}}}
{rest}
decisions: {{decline: {{}}, keep: {{default: true}}}}
rules: [{{id: a, when: id = "a", then: decline, reason: A}}]
"""


def checked(tmp_path: Path, fields: str, metrics: str = "", rest: str = "") -> CheckedPolicy:
    path = tmp_path / "policy.yaml"
    path.write_text(POLICY.format(fields=fields, metrics=metrics, rest=rest), encoding="utf-8")
    policy, findings = reading.read(path)
    assert policy is not None and not findings, findings
    made, findings = checking.check(policy)
    assert made is not None, findings
    return made


def columns(policy: CheckedPolicy) -> dict[str, str | None]:
    return {str(m.name): m.column for m in policy.measures}


@pytest.mark.parametrize(
    ("fields", "metrics", "expected"),
    [
        ("revenue: money", "", {"revenue": "revenue"}),
        ("Turnover: money", "", {"revenue": "Turnover"}),
        ("revenue_12m: money", "", {"revenue": "revenue_12m"}),
        ("net_revenue: money", "", {"revenue": "net_revenue"}),
        ("przychód: money, zysk: money", "", {"revenue": "przychód", "profit": "zysk"}),
        ("obrót: money, koszt_obsługi: money", "", {"revenue": "obrót", "cost_to_serve": "koszt_obsługi", "profit": None}),
        ("revenue_target: money, lost_revenue: money, profit_per_hour: money, net: money", "", {}),
        ("revenue: number, profit: text", "", {}),
        ("revenue: {type: money, protected: true}", "", {}),
        ("x: money", "revenue: x * 2, profit: x", {"revenue": "revenue", "profit": "profit"}),
        ("revenue_2026: money", "revenue: revenue_2026 * 2", {"revenue": "revenue"}),
        ("service_hours: number, conflicts_12m: integer", "", {"service_hours": "service_hours", "conflicts": "conflicts_12m"}),
        ("godziny: days, konflikty: integer", "", {"conflicts": "konflikty"}),
        ("revenue: money, cost_to_serve: money, profit: money", "", {n: n for n in ("revenue", "cost_to_serve", "profit")}),
    ],
)
def test_names_that_say_what_they_mean(tmp_path: Path, fields: str, metrics: str, expected: dict[str, str | None]) -> None:
    policy = checked(tmp_path, fields, metrics)
    assert columns(policy) == expected
    assert all(m.assumed for m in policy.measures)


def test_what_is_declared_comes_before_what_a_name_says(tmp_path: Path) -> None:
    policy = checked(tmp_path, "revenue: money, net: money, profit: money", rest="measures: {revenue: net}")
    assert [(str(m.name), m.column, m.assumed) for m in policy.measures] == [("revenue", "net", False), ("profit", "profit", True)]


def test_other_names_that_fit_are_told(tmp_path: Path) -> None:
    policy = checked(tmp_path, "revenue_2025: money, revenue_2026: money, turnover: money")
    revenue = policy.measure(MeasureName.REVENUE)
    assert revenue is not None and revenue.column == "turnover" and revenue.others == ("revenue_2025", "revenue_2026")


def test_profit_is_revenue_less_cost_to_serve_where_nothing_else_is_known(tmp_path: Path) -> None:
    policy = checked(tmp_path, "net: money, cost: money", rest="measures: {revenue: net, cost_to_serve: cost + 5}")
    profit = policy.measure(MeasureName.PROFIT)
    assert profit is not None and profit.assumed and profit.kind is Kind.MONEY and isinstance(profit.expression, Arithmetic)
    assert policy.measure(MeasureName.AVOIDABLE_COST) is None


def test_without_money_there_is_no_measure(tmp_path: Path) -> None:
    assert checked(tmp_path, "age_of_contract: months").measures == ()
