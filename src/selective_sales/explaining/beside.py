"""A policy in; out, for each field and metric, the numbers that it is held against anywhere in the policy.

A value that is shown must be seen on its side of each of them: 999.996 below a limit of 1,000 is never told as 1,000.00.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from decimal import Decimal

from ..model.checked import CheckedPolicy
from ..model.expression import Constant, Expression, FieldValue, MetricValue, Negate, ParameterValue, Scalar, measured_sides, walk

_MOST = 50
"""Numbers of one name; a table may hold thousands, and a value is looked at beside each."""


def held_against(checked: CheckedPolicy, as_of: datetime.date) -> Mapping[str, tuple[Decimal, ...]]:
    """By name of a client's field or a metric, each number once, as it is on that day."""
    found: dict[str, dict[Decimal, None]] = {}
    for expression in _expressions(checked):
        for node in walk(expression):
            sides = measured_sides(node)
            measured = None if sides is None else _name(sides[0])
            if sides is None or measured is None:
                continue
            numbers = (number for threshold in sides[1] for number in _numbers(checked, threshold, as_of))
            found.setdefault(measured, {}).update(dict.fromkeys(numbers))
    return {name: tuple(numbers)[:_MOST] for name, numbers in found.items() if numbers}


def _expressions(checked: CheckedPolicy) -> Iterator[Expression]:
    yield from (rule.condition for rule in checked.rules)
    yield from (metric.expression for metric in checked.metrics)


def _name(node: Expression) -> str | None:
    match node:
        case FieldValue("clients", name) | MetricValue(name):
            return name
        case _:
            return None


def _numbers(checked: CheckedPolicy, node: Expression, as_of: datetime.date) -> Iterator[Decimal]:
    match node:
        case Constant(value):
            yield from _number(value)
        case Negate(Constant(value)):
            yield from (-number for number in _number(value))
        case ParameterValue(name):
            declared = checked.policy.parameter(name)
            written = None if declared is None else declared.value_at(as_of)
            for item in written if isinstance(written, tuple) else (written,):
                yield from _number(item)
        case _:
            return


def _number(value: Scalar | None) -> Iterator[Decimal]:
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        yield Decimal(value)
