"""Conditions against what the contract promises: limits that settle them beforehand, and conditions that are always the same."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal

from ..model.expression import (
    Aggregate,
    And,
    AtLeast,
    Between,
    Compare,
    CompareOp,
    Constant,
    Decided,
    Expression,
    FieldValue,
    If,
    In,
    IsMissing,
    MetricValue,
    Not,
    OpTest,
    Or,
    ParameterValue,
    RangeTest,
    Scalar,
    ValueTest,
    children,
    walk,
)
from ..model.kind import Kind
from ..model.place import Place
from ..model.policy import Field
from .bounds import Verdict, is_empty, verdict
from .catalog import Scope, is_list
from .desk import declared
from .listed import check_listed, values_of
from .names import HISTORY
from .words import name_text, show, value_text

_FLIPPED: dict[CompareOp, CompareOp] = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

_COUNT = Field("count", Kind.INTEGER, minimum=0)
"""What every count promises."""

Single = tuple[Expression, CompareOp, Expression, Place]
"""One value against another: the tested side, how, the value, and where to point."""


def check_values(tree: Expression, scope: Scope) -> None:
    """Findings for every comparison in a checked tree that the contract decides beforehand."""
    _constant_condition(tree, scope)
    for node in walk(tree):
        match node:
            case Compare(left, _, right) if left == right and left.kind is not Kind.UNKNOWN:
                scope.desk.warning("SS230", f"both sides are the same: {show(left)}", node.place, "compare two different values")
            case Compare() | In() | Between() | IsMissing() if _only_literals(node):
                message = "this compares written values only: it is always the same"
                scope.desk.warning("SS230", message, node.place, "name a field or a metric")
            case Compare() | In() | Between():
                for group in _groups(node):
                    _check(group, scope)
            case And(items) | Or(items) | AtLeast(_, items):
                for item in items:
                    _constant_condition(item, scope)
            case Not(operand) | If(operand):
                _constant_condition(operand, scope)
            case _:
                pass


def _constant_condition(node: Expression, scope: Scope) -> None:
    match node:
        case Constant(bool() as value):
            scope.desk.warning("SS230", f"this condition is always {value_text(value)}", node.place, "leave it out, or write a condition")
        case _:
            pass


def _only_literals(node: Expression) -> bool:
    return all(isinstance(n, Constant) and n.kind is not Kind.UNKNOWN for n in walk(node) if not children(n))


def _groups(node: Compare | In | Between) -> Iterator[tuple[Single, ...]]:
    """The comparisons that a node makes; those of one group hold together (both ends of an interval)."""
    match node:
        case Compare(left, op, right):
            yield ((left, op, right, node.place),)
            yield ((right, _FLIPPED[op], left, node.place),)
        case Between(operand, low, high):
            yield (operand, ">=", low, node.place), (operand, "<=", high, node.place)
        case In(operand, tests):
            for test in tests:
                match test:
                    case ValueTest(value):
                        yield ((operand, "=", value, value.place),)
                    case OpTest(op, value):
                        yield ((operand, op, value, value.place),)
                    case RangeTest(low, high, low_closed, high_closed):
                        lower: CompareOp = ">=" if low_closed else ">"
                        upper: CompareOp = "<=" if high_closed else "<"
                        yield (operand, lower, low, low.place), (operand, upper, high, high.place)


def _check(group: tuple[Single, ...], scope: Scope) -> None:
    if any(side.kind is Kind.UNKNOWN or side.kind.family is not other.kind.family for side, _, other, _ in group):
        return
    for side, op, other, place in group:
        if op in ("=", "!="):
            check_listed(side, other, scope)
        elif _is_decision(side):
            message = f"decisions are compared as texts here, from a to z: {show(side)} {op} {show(other)}"
            scope.desk.warning("SS292", message, place, "name the decisions that you mean: decision in [...]")
        _check_percent(side, other, scope)
    if len(group) == 2 and _is_empty(group[0], group[1], scope):
        return
    judged = [_judge(single, scope) for single in group]
    decided = [(single, value) for single, (found, value) in zip(group, judged, strict=True) if found is Verdict.NEVER]
    if decided:
        _tell(*decided[0], "never true", scope)
    elif all(found is Verdict.ALWAYS for found, _ in judged):
        _tell(group[0], judged[0][1], f"true for every {show(group[0][0])} that is known", scope)


def _is_decision(side: Expression) -> bool:
    return side in (Decided(kind=Kind.TEXT), FieldValue(HISTORY, "decision", kind=Kind.TEXT))


def _is_empty(lower: Single, upper: Single, scope: Scope) -> bool:
    low, high = list(values_of(lower[2], scope)), list(values_of(upper[2], scope))
    if len(low) != 1 or len(high) != 1 or not is_empty(low[0], high[0], closed=lower[1] == ">=" and upper[1] == "<="):
        return False
    message = f"nothing lies between {show(lower[2])} and {show(upper[2])}: this is never true"
    scope.desk.warning("SS230", message, lower[3], "write the smaller value first")
    return True


def _judge(single: Single, scope: Scope) -> tuple[Verdict, Scalar | None]:
    """What the limits of a field say of the comparison, and of which value (of a list: of any that it can never have)."""
    side, op, other, _ = single
    match side:
        case FieldValue(table, name):
            found = scope.catalog.field(table, name)
            if found is None or found.one_of:
                return Verdict.OPEN, None
        case Aggregate("count" | "distinct_count"):
            found = _COUNT
        case _:
            return Verdict.OPEN, None
    for value in values_of(other, scope):
        settled = verdict(found, op, value)
        if settled is not Verdict.OPEN:
            return settled, value
    return Verdict.OPEN, None


def _tell(single: Single, value: Scalar | None, always: str, scope: Scope) -> None:
    side, _, other, place = single
    if isinstance(other, ParameterValue) and is_list(scope.catalog.parameters[other.name]):
        place = scope.catalog.parameters[other.name].place
    match side:
        case FieldValue(table, name):
            found = scope.catalog.fields[table][name]
            scope.desk.warning("SS218", f"this is {always}: {_promise(found)}", place, _bounds_help(found, other, value))
        case Aggregate(function):
            help = "compare it with a number that it can be below and above"
            scope.desk.warning("SS218", f"this is {always}: a {function.replace('_', ' ')} is at least 0", place, help)
        case _:
            pass


def _promise(found: Field) -> str:
    name, low, high = name_text(found.name), found.minimum, found.maximum
    if low is not None and high is not None:
        return f"{name} is between {value_text(low)} and {value_text(high)}"
    if low is not None:
        return f"{name} is at least {value_text(low)}"
    return f"{name} is at most {value_text(high)}"


def _bounds_help(found: Field, other: Expression, value: Scalar | None) -> str:
    is_share = found.maximum == 1 and found.type.family is Kind.NUMBER and isinstance(value, (int, Decimal)) and 1 < value <= 100
    if is_share and isinstance(other, Constant):
        return f"write {show(other)}% for a share of 1 (the limits are declared at {declared(found.place)})"
    return f"the limits are declared at {declared(found.place)}"


def _check_percent(side: Expression, other: Expression, scope: Scope) -> None:
    match side, other:
        case MetricValue(name), Constant(value, text) if _in_percent(name, scope) and not text.endswith("%"):
            if not isinstance(value, (bool, str, datetime.date)) and value is not None and value >= 2:
                message = f"{name_text(name)} is a percentage: {show(other)} is {value_text(value * 100)}%"
                scope.desk.warning("SS232", message, other.place, f"write {show(other)}% (or {value_text(value * 100)}%, if you mean that)")
        case _:
            pass


def _in_percent(name: str, scope: Scope) -> bool:
    """A part of a score or table has no name of its own, and no format."""
    value = scope.catalog.metrics.get(name)
    return value is not None and value.format == "percent"
