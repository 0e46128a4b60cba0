"""The kinds table of the language: what every form gives, and that the tree's parts have the kind of their place."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from selective_sales import checking, reading
from selective_sales.model.expression import (
    Aggregate,
    Arithmetic,
    Compare,
    Constant,
    Expression,
    FieldValue,
    If,
    In,
    MetricValue,
    ParameterValue,
    ValueTest,
)
from selective_sales.model.kind import Kind

from .casefile import FOLDER

_BASE = (FOLDER / "_base.yaml").read_text(encoding="utf-8")


def _metric(text: str, folder: Path, parameters: str = "") -> Expression:
    quoted = text.replace("'", "''")
    policy_text = _BASE.replace("  # metrics\n", f"  tried: '{quoted}'\n").replace("  # parameters\n", parameters and f"  {parameters}\n")
    path = folder / "policy.yaml"
    path.write_text(policy_text, encoding="utf-8")
    policy, read = reading.read(path)
    assert not read and policy is not None
    checked, findings = checking.check(policy)
    assert checked is not None, findings
    return checked.metric("tried").expression


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("revenue + cost_to_serve", Kind.MONEY),
        ("revenue - 100", Kind.MONEY),
        ("100 - revenue", Kind.MONEY),
        ("revenue * growth", Kind.MONEY),
        ("2 * revenue", Kind.MONEY),
        ("revenue / referrals", Kind.MONEY),
        ("revenue / cost_to_serve", Kind.NUMBER),
        ("referrals + 1", Kind.INTEGER),
        ("referrals - referrals", Kind.INTEGER),
        ("referrals * 2", Kind.INTEGER),
        ("referrals * 2.0", Kind.NUMBER),
        ("referrals / 2", Kind.NUMBER),
        ("referrals ** 2", Kind.NUMBER),
        ("growth + referrals", Kind.NUMBER),
        ("-referrals", Kind.INTEGER),
        ("-revenue", Kind.MONEY),
        ("-payment_delay", Kind.DAYS),
        ("as_of - client_since", Kind.DAYS),
        ("as_of - 90 days", Kind.DATE),
        ("90 days + as_of", Kind.DATE),
        ("client_since + contract", Kind.DATE),
        ("payment_delay + 3 weeks", Kind.DAYS),
        ("contract - 1 year", Kind.MONTHS),
        ("payment_delay * 1.5", Kind.DAYS),
        ("2 * contract", Kind.MONTHS),
        ("payment_delay / 2", Kind.DAYS),
        ("payment_delay / 1 day", Kind.NUMBER),
        ("contract / 12 months", Kind.NUMBER),
        ('city + "!"', Kind.TEXT),
        ("5%", Kind.NUMBER),
        ("7", Kind.INTEGER),
        ("7.0", Kind.NUMBER),
        ("client_since", Kind.DATE),
        ("2026-11-22", Kind.DATE),
        ("city is missing", Kind.BOOLEAN),
        ("strategic and growth > 1", Kind.BOOLEAN),
        ("city in ['a', 'b']", Kind.BOOLEAN),
        ("if strategic then revenue else 0", Kind.MONEY),
        ("if strategic then 0 else missing", Kind.INTEGER),
        ("if strategic then 1 else 0.5", Kind.NUMBER),
        ("coalesce(revenue, 0)", Kind.MONEY),
        ("min(revenue, 100)", Kind.MONEY),
        ("max(client_since, as_of)", Kind.DATE),
        ("round(revenue)", Kind.MONEY),
        ("round(growth)", Kind.NUMBER),
        ("floor(growth)", Kind.NUMBER),
        ("ceiling(revenue)", Kind.MONEY),
        ("abs(payment_delay)", Kind.DAYS),
        ("length(city)", Kind.INTEGER),
        ("year(client_since)", Kind.INTEGER),
        ("month(as_of)", Kind.INTEGER),
        ("days_between(client_since, as_of)", Kind.INTEGER),
        ("months_between(client_since, as_of)", Kind.INTEGER),
        ("number(city)", Kind.NUMBER),
        ("date(city)", Kind.DATE),
        ("upper(city)", Kind.TEXT),
        ("substring(city, 1, 2)", Kind.TEXT),
        ('contains(city, "a")', Kind.BOOLEAN),
        ("sum(orders.amount)", Kind.MONEY),
        ("sum(orders.quantity)", Kind.INTEGER),
        ("sum(orders.delivery)", Kind.DAYS),
        ("mean(orders.quantity)", Kind.NUMBER),
        ("mean(orders.amount)", Kind.MONEY),
        ("median(orders.delivery)", Kind.DAYS),
        ("stddev(orders.quantity)", Kind.NUMBER),
        ("min(orders.ordered_on)", Kind.DATE),
        ("max(orders.status)", Kind.TEXT),
        ("count(orders)", Kind.INTEGER),
        ("distinct_count(orders.status)", Kind.INTEGER),
        ("latest(orders.status by ordered_on)", Kind.TEXT),
        ("margin", Kind.NUMBER),
        ("order_value", Kind.MONEY),
        ("limit", Kind.MONEY),
        ("enough", Kind.INTEGER),
    ],
)
def test_every_form_has_its_kind(text: str, kind: Kind, tmp_path: Path) -> None:
    assert _metric(text, tmp_path).kind is kind


def test_names_become_what_they_name(tmp_path: Path) -> None:
    assert _metric("profit - revenue", tmp_path) == Arithmetic(
        MetricValue("profit", kind=Kind.MONEY), "-", FieldValue("clients", "revenue", kind=Kind.MONEY), kind=Kind.MONEY
    )


def test_a_literal_takes_the_kind_of_its_place_through_if(tmp_path: Path) -> None:
    tree = _metric("if strategic then (if growth > 1 then 5 else missing) else revenue", tmp_path)
    assert isinstance(tree, If) and isinstance(tree.then, If)
    assert tree.then.kind is Kind.MONEY
    assert tree.then.then == Constant(Decimal("5.0000"), kind=Kind.MONEY)
    assert tree.then.otherwise == Constant(None, kind=Kind.MONEY)


def test_a_plain_parameter_takes_the_kind_of_its_place(tmp_path: Path) -> None:
    tree = _metric("revenue > threshold", tmp_path, parameters="threshold: 500")
    assert isinstance(tree, Compare)
    assert tree.right == ParameterValue("threshold", kind=Kind.MONEY)


def test_a_list_parameter_is_one_test(tmp_path: Path) -> None:
    tree = _metric("revenue in thresholds", tmp_path, parameters="thresholds: [1, 2]")
    assert isinstance(tree, In)
    assert tree.tests == (ValueTest(ParameterValue("thresholds", kind=Kind.MONEY)),)


def test_a_duration_is_not_a_number(tmp_path: Path) -> None:
    assert _metric("3 weeks", tmp_path) == Constant(21, kind=Kind.DAYS)
    assert _metric("2 years", tmp_path) == Constant(24, kind=Kind.MONTHS)


def test_a_date_keeps_its_value(tmp_path: Path) -> None:
    assert _metric("2026-11-22", tmp_path) == Constant(datetime.date(2026, 11, 22), kind=Kind.DATE)


def test_within_brackets_the_row_comes_first(tmp_path: Path) -> None:
    tree = _metric("count(orders[country = client.country and city is present])", tmp_path)
    assert isinstance(tree, Aggregate)
    own, clients = FieldValue("orders", "country", kind=Kind.TEXT), FieldValue("clients", "country", kind=Kind.TEXT)
    assert tree.condition is not None
    first, second = tree.condition.items  # type: ignore[union-attr]
    assert first == Compare(own, "=", clients, kind=Kind.BOOLEAN)
    assert second.operand == FieldValue("clients", "city", kind=Kind.TEXT)


def test_an_aggregate_knows_its_column_and_order(tmp_path: Path) -> None:
    tree = _metric("latest(orders[quantity > 0].status by ordered_on)", tmp_path)
    assert isinstance(tree, Aggregate)
    assert (tree.function, tree.table) == ("latest", "orders")
    assert tree.value == FieldValue("orders", "status", kind=Kind.TEXT)
    assert tree.by == FieldValue("orders", "ordered_on", kind=Kind.DATE)


def test_rows_counted_without_a_condition(tmp_path: Path) -> None:
    assert _metric("count(orders)", tmp_path) == Aggregate("count", "orders", kind=Kind.INTEGER)
