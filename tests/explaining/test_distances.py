"""Value minus threshold, for every form of condition that has one."""

from __future__ import annotations

import dataclasses
import datetime
from decimal import Decimal

import pytest

from selective_sales.explaining.leaves import Leaf
from selective_sales.explaining.values import Sources
from selective_sales.model.explanation import LeafOutcome, Outcome
from selective_sales.model.expression import (
    Between,
    Compare,
    Constant,
    Expression,
    FieldValue,
    In,
    IsMissing,
    OpTest,
    ParameterValue,
    RangeTest,
    ValueTest,
)
from selective_sales.model.kind import Kind
from selective_sales.model.policy import Parameter
from selective_sales.model.queries import LeafColumns
from tests.explaining import world


def number(value: object) -> Constant:
    return Constant(Decimal(str(value)), str(value), kind=Kind.NUMBER)


X = FieldValue("clients", "x", kind=Kind.NUMBER)
DAY = FieldValue("clients", "day", kind=Kind.DATE)


def outcome(leaf: Expression, x: object, operand: Expression = X, *, known: bool = True) -> LeafOutcome:
    query = dataclasses.replace(world.query(), fields=((operand.name, operand.kind, "x"),), metrics=(), aggregates=())  # type: ignore[union-attr]
    checked = world.checked()
    parameters = (Parameter("lines", Kind.NUMBER, (Decimal(10), Decimal(20))), Parameter("line", Kind.NUMBER, Decimal(50)))
    checked = dataclasses.replace(checked, policy=dataclasses.replace(checked.policy, parameters=parameters))
    row: dict[str, object] = {"x": x, "leaf": False if known else None, "flipped": True}
    sources = Sources(checked, query, world.AS_OF)
    leaf_columns = LeafColumns(leaf, False, "leaf", ((operand, "x"),), "flipped")
    return Leaf.prepared(sources, leaf_columns).outcome(sources.client(row), Outcome.FALSE)


@pytest.mark.parametrize(
    ("leaf", "x", "distance"),
    [
        (Compare(X, "<", number(5)), 7.5, "2.5"),
        (Compare(number(5), ">", X), 7.5, "2.5"),
        (Compare(ParameterValue("line", kind=Kind.NUMBER), ">", X), 60.0, "10"),
        (Between(X, number(10), number(20)), 9.0, "-1"),
        (Between(X, number(10), number(20)), 26.0, "6"),
        (Between(X, number(10), number(20)), 18.0, "-2"),
        (In(X, (RangeTest(number(1), number(5), True, False),)), 5.0, "0"),
        (In(X, (ValueTest(number(1)), OpTest("<", number(-3)), RangeTest(number(7), number(9), True, True))), 6.0, "-1"),
        (In(X, (ValueTest(ParameterValue("lines", kind=Kind.NUMBER)),)), 18.0, "-2"),
    ],
)
def test_the_distance_is_to_the_nearest_threshold(leaf: Expression, x: float, distance: str) -> None:
    assert outcome(leaf, x).distance == Decimal(distance)


def test_days_between_dates() -> None:
    line = Constant(datetime.date(2026, 1, 31), "2026-01-31", kind=Kind.DATE)
    found = outcome(Compare(DAY, ">", line), datetime.date(2026, 1, 1), DAY)
    assert (found.distance, found.distance_kind, found.relative_distance) == (-30, Kind.DAYS, None)


def test_a_zero_threshold_has_no_relative_distance() -> None:
    found = outcome(Compare(X, ">", number(0)), -3.0)
    assert (found.distance, found.relative_distance) == (Decimal(-3), None)


@pytest.mark.parametrize("value", [None, float("nan")])
def test_a_missing_value_has_no_distance(value: object) -> None:
    assert outcome(Compare(X, "<", number(5)), value, known=False).distance is None


def test_texts_and_presence_have_no_distance() -> None:
    text = FieldValue("clients", "industry", kind=Kind.TEXT)
    same = Compare(text, "=", Constant("it", '"it"', kind=Kind.TEXT))
    assert outcome(same, "retail", text).distance is None
    assert outcome(IsMissing(X), 3.0).distance is None


def test_a_percentage_in_the_policy_is_read_as_one() -> None:
    found = outcome(Compare(X, "<", Constant(Decimal("0.05"), "5%", kind=Kind.NUMBER)), 0.052)
    assert found.threshold is not None
    assert (found.threshold.format, found.threshold.literal) == ("percent", True)
    assert [operand.text for operand in found.operands] == ["x"]
