"""Portfolio functions: one client's value among those of all clients that have one, within the clients of its groups."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from selective_sales.model import expression as e
from selective_sales.model.kind import Kind
from tests.oracle.aggregates import listed
from tests.oracle.numbers import nearest, nine_places, unscaled

if TYPE_CHECKING:
    from tests.oracle.expressions import Evaluator

LARGEST = 1e20
"""Numbers beyond it have no exact decimal with nine places in 38 digits beside others: a sum with one overflows."""


def portfolio(evaluator: Evaluator, node: e.Portfolio) -> Any:
    """Missing where the client's own value is, or one of its groups."""
    mine, groups = evaluator.compared(node.value), [evaluator.value(g) for g in node.within]
    if mine is None or None in groups:
        return None
    values = []
    for other in evaluator.everybody:
        value = other.compared(node.value)
        if value is not None and [other.value(g) for g in node.within] == groups:
            values.append(value)
    match node.function:
        case "rank":
            return 1 + sum(v > mine for v in values)
        case "percentile":
            return 0.0 if len(values) == 1 else sum(v < mine for v in values) / (len(values) - 1)
        case "total" | "average" if node.value.kind is Kind.NUMBER and any(abs(v) >= LARGEST for v in values):
            return None
        case "total":
            return listed(e.Aggregate("sum", "clients", value=node.value, kind=node.kind), values)
        case "average" | "median":
            name = "mean" if node.function == "average" else "median"
            return listed(e.Aggregate(name, "clients", value=node.value, kind=node.kind), values)
        case "share":
            return _part([mine], values, node.value.kind)
        case "cumulative_share":
            return _part([v for v in values if v >= mine], values, node.value.kind)
        case "cumulative_share_before":
            return _part([v for v in values if v > mine], values, node.value.kind)
        case name:
            raise AssertionError(f"unknown portfolio function {name}")


def _part(held: list[Any], values: list[Any], kind: Kind) -> float | None:
    """The part of the total that is held: whole units divided, each the nearest double; missing where the total is not positive."""
    if kind is Kind.NUMBER and any(abs(v) >= LARGEST for v in values):
        return None
    part, whole = (sum(_units(v, kind) for v in some) for some in (held, values))
    if whole <= 0:
        return None
    if kind is Kind.NUMBER:
        return nearest(Fraction(part, 10**9)) / nearest(Fraction(whole, 10**9))
    return float(part) / float(whole)


def _units(value: Any, kind: Kind) -> int:
    return unscaled(value) if kind is Kind.MONEY else nine_places(value) if kind is Kind.NUMBER else int(value)
