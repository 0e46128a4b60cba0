"""What the cases cannot say: several findings at once, what could not be read, and the order of the checked policy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from selective_sales import checking, reading
from selective_sales.model.checked import CheckedPolicy
from selective_sales.model.expression import Constant
from selective_sales.model.finding import in_order
from selective_sales.model.policy import Policy

from .casefile import FOLDER


def _policy(text: str, folder: Path) -> Policy:
    path = folder / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    policy, _ = reading.read(path)
    assert policy is not None
    return policy


def _base() -> str:
    return (FOLDER / "_base.yaml").read_text(encoding="utf-8")


def _checked(text: str, folder: Path) -> CheckedPolicy:
    checked, findings = checking.check(_policy(text, folder))
    assert checked is not None, findings
    return checked


def test_all_findings_come_at_once_and_in_order(tmp_path: Path) -> None:
    text = (
        _base()
        .replace("  # metrics\n", "  a: nothing + 1\n  b: city * 2\n  c: lower(growth)\n  d: d\n")
        .replace("  keep: {default: true}\n", "  keep: {}\n")
    )
    checked, findings = checking.check(_policy(text, tmp_path))
    assert checked is None
    assert [f.code for f in findings] == ["SS203", "SS211", "SS216", "SS231", "SS240"]
    assert findings == in_order(findings)


def test_what_could_not_be_read_is_not_judged(tmp_path: Path) -> None:
    policy = _policy(_base(), tmp_path)
    unread = Constant(None, text="")
    metrics = tuple(replace(m, expression=unread) for m in policy.metrics)
    tables = tuple(
        replace(t, fields=tuple(replace(f, calculation=unread if f.calculation else None) for f in t.fields)) for t in policy.tables
    )
    rules = tuple(replace(r, when=unread, unless=unread) for r in policy.rules)
    _, findings = checking.check(replace(policy, metrics=metrics, tables=tables, rules=rules))
    assert findings == ()


def test_an_unread_part_says_nothing_about_the_rest(tmp_path: Path) -> None:
    policy = _policy(_base(), tmp_path)
    metrics = tuple(replace(m, expression=Constant(None, text="")) if m.name == "profit" else m for m in policy.metrics)
    _, findings = checking.check(replace(policy, metrics=metrics))
    assert findings == ()


def test_metrics_stay_in_the_policys_order_and_have_one_to_be_calculated_in(tmp_path: Path) -> None:
    text = _base().replace("  # metrics\n", "  c: b + 1\n  b: 'count(orders[amount > a])'\n  a: revenue / 2\n")
    checked = _checked(text, tmp_path)
    assert [m.name for m in checked.metrics] == ["profit", "order_value", "margin", "c", "b", "a"]
    order = checked.metric_order
    assert order.index("a") < order.index("b") < order.index("c")
    assert order.index("profit") < order.index("margin")


def test_calculated_fields_come_after_what_they_use(tmp_path: Path) -> None:
    text = _base().replace("      # fields\n", "      twice: {type: number, is: once * 2}\n      once: {type: number, is: growth + 1}\n")
    names = [c.field for c in _checked(text, tmp_path).calculations if c.table == "clients"]
    assert names == ["once", "twice"]


def test_what_a_rule_reads_through_metrics(tmp_path: Path) -> None:
    checked = _checked(_base(), tmp_path)
    assert checked.reads(checked.rules[0].condition) == {("clients", "revenue"), ("clients", "cost_to_serve")}
    assert checked.reads(checked.rules[1].condition) == {
        ("clients", "industry"),
        ("orders", "amount"),
        ("orders", "quantity"),
        ("orders", "unit_price"),
    }


def test_the_same_policy_gives_the_same_answer(tmp_path: Path) -> None:
    policy = _policy(_base(), tmp_path)
    assert checking.check(policy) == checking.check(policy)


def test_warnings_do_not_stand_in_the_way(tmp_path: Path) -> None:
    checked, findings = checking.check(_policy(_base().replace("  # parameters\n", "  spare: 5\n"), tmp_path))
    assert checked is not None
    assert [(f.code, f.severity.value) for f in findings] == [("SS244", "warning")]


def chain_of(length: int) -> str:
    """A policy in which so many metrics stand one on another, the last one first."""
    links = "".join(f"  m{i}: m{i - 1} + 1\n" for i in range(length - 1, 0, -1))
    return _base().replace("  # metrics\n", links + "  m0: growth\n")


def test_a_long_chain_of_metrics_is_checked(tmp_path: Path) -> None:
    checked = _checked(chain_of(200), tmp_path)
    assert checked.metric_order.index("m0") < checked.metric_order.index("m199")


@pytest.mark.parametrize("length", [201, 2000])
def test_a_chain_of_metrics_that_no_engine_follows_is_one_finding_where_it_is_too_long(length: int, tmp_path: Path) -> None:
    """With 2,000 of them the engine stopped, in the midst of a run and without a line."""
    policy = chain_of(length)
    _, findings = checking.check(_policy(policy, tmp_path))
    errors = [f for f in findings if f.severity == "error"]
    assert [(f.code, f.place.line) for f in errors] == [("SS721", policy.splitlines().index("  m200: m199 + 1") + 1)]
    assert errors[0].message == "'m200' stands on 200 definitions, each made from the one before"


def test_calculated_fields_and_metrics_stand_in_one_chain(tmp_path: Path) -> None:
    fields = "".join(f"      c{i}: {{type: money, is: {f'c{i - 1}' if i else 'revenue'} + 1}}\n" for i in range(150))
    links = "".join(f"  m{i}: {f'm{i - 1}' if i else 'c149'} + 1\n" for i in range(60))
    base = _base()
    assert "      # fields\n" in base
    _, findings = checking.check(_policy(base.replace("      # fields\n", fields).replace("  # metrics\n", links), tmp_path))
    assert [f.code for f in findings if f.severity == "error"] == ["SS721"]
    assert "'m50'" in next(f.message for f in findings if f.code == "SS721")


def test_a_very_long_circle_is_one_finding_with_a_short_path(tmp_path: Path) -> None:
    links = "".join(f"  m{i}: m{(i + 1) % 500} + 1\n" for i in range(500))
    _, findings = checking.check(_policy(_base().replace("  # metrics\n", links), tmp_path))
    assert [f.code for f in findings] == ["SS231"]
    assert "..." in findings[0].message and len(findings[0].message) < 300
