"""An operand in; out, between what values it lies whatever the data: by the contract of the fields that it is made of."""

from __future__ import annotations

from decimal import Decimal

from ..model.checked import CheckedPolicy
from ..model.expression import Aggregate, Arithmetic, Constant, Expression, FieldValue, MetricValue, Scalar
from ..model.grid import SCALES, steps_of, value_at
from ..model.kind import Kind

Bounds = tuple[Scalar | None, Scalar | None]


def bounds(checked: CheckedPolicy, node: Expression, depth: int = 12) -> Bounds:
    """Between what values an operand lies whatever the data; None where nothing is known."""
    low, high = figure_bounds(checked, node, depth) if node.kind in SCALES and node.kind is not Kind.DATE else (None, None)
    return on_grid(low, node.kind), on_grid(high, node.kind)


def on_grid(value: Decimal | None, kind: Kind) -> Scalar | None:
    return None if value is None else value_at(steps_of(value, kind), kind)


def figure_bounds(checked: CheckedPolicy, node: Expression, depth: int) -> tuple[Decimal | None, Decimal | None]:
    match node:
        case Constant(int() | Decimal() as value):
            return Decimal(value), Decimal(value)
        case FieldValue(table, name) if checked.calculation(table, name) is None:
            declared = checked.policy.table(table)
            found = None if declared is None else declared.field(name)
            return (None, None) if found is None else (decimal(found.minimum), decimal(found.maximum))
        case MetricValue(name) if depth > 0:
            return figure_bounds(checked, checked.metric(name).expression, depth - 1)
        case Aggregate("count" | "distinct_count"):
            return Decimal(0), None
        case Aggregate("min" | "max" | "mean" | "median" | "latest", value=value) if value is not None and depth > 0:
            return figure_bounds(checked, value, depth - 1)
        case Aggregate("sum", value=value) if value is not None and depth > 0:
            return not_negative(figure_bounds(checked, value, depth - 1)[0])
        case Arithmetic(left, op, right) if depth > 0:
            return combined(figure_bounds(checked, left, depth - 1), op, figure_bounds(checked, right, depth - 1))
        case _:
            return None, None


def not_negative(low: Decimal | None) -> tuple[Decimal | None, Decimal | None]:
    return (Decimal(0), None) if low is not None and low >= 0 else (None, None)


def combined(
    one: tuple[Decimal | None, Decimal | None], op: str, other: tuple[Decimal | None, Decimal | None]
) -> tuple[Decimal | None, Decimal | None]:
    (low, high), (its_low, its_high) = one, other
    match op:
        case "+":
            return sum_of(low, its_low), sum_of(high, its_high)
        case "*" | "/":
            positive = low is not None and low >= 0 and its_low is not None and its_low >= 0
            return (Decimal(0), None) if positive else (None, None)
        case _:
            return None, None


def sum_of(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one + other


def decimal(value: Scalar | None) -> Decimal | None:
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None
