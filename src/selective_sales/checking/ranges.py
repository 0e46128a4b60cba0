"""Conditions against what the contract promises: limits that settle them beforehand, and conditions that are always the same."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import TypeGuard

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
from .bounds import Verdict, is_empty, verdict
from .catalog import Scope, is_list
from .desk import declared
from .listed import check_listed, values_of
from .names import HISTORY
from .value_ranges import ANY, End, Range, placed, range_of
from .words import name_text, show, value_text

_FLIPPED: dict[CompareOp, CompareOp] = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

_DECISIONS = (Decided(kind=Kind.TEXT), FieldValue(HISTORY, "decision", kind=Kind.TEXT))

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
    # What is said of a percentage is about the same slip as what its limits would say.
    told = [_check_percent(side, other, scope) for side, _, other, _ in group]
    if True in told:
        return
    if len(group) == 2 and _is_empty(group[0], group[1], scope):
        return
    judged = [_judge(single, scope) for single in group]
    decided = [(single, value) for single, (found, value) in zip(group, judged, strict=True) if found is Verdict.NEVER]
    if decided:
        _tell(*decided[0], f"never true{_of_which_value(*decided[0], scope)}", scope)
    elif all(found is Verdict.ALWAYS for found, _ in judged):
        _tell(group[0], judged[0][1], f"true for every {show(group[0][0])} that is known", scope)


def _is_decision(side: Expression) -> bool:
    return side in _DECISIONS


def _is_empty(lower: Single, upper: Single, scope: Scope) -> bool:
    low, high = list(values_of(lower[2], scope)), list(values_of(upper[2], scope))
    if len(low) != 1 or len(high) != 1 or not is_empty(low[0], high[0], closed=lower[1] == ">=" and upper[1] == "<="):
        return False
    message = f"nothing lies between {show(lower[2])} and {show(upper[2])}: this is never true"
    scope.desk.warning("SS230", message, lower[3], "write the smaller value first")
    return True


def _judge(single: Single, scope: Scope) -> tuple[Verdict, Scalar | None]:
    """What the limits of the side say of the comparison, and of which value (of a list: of any that it can never have)."""
    side, op, other, _ = single
    if isinstance(side, Constant | ParameterValue) or (op in ("=", "!=") and _is_listed(side, scope)):
        return Verdict.OPEN, None
    low, high = _limits(side, scope)
    # An input of a table that is a written value has its own finding.
    if low == high and (low is None or (isinstance(side, MetricValue) and side.name not in scope.catalog.metrics)):
        return Verdict.OPEN, None
    found = [(verdict(low, high, op, value), value) for value in values_of(other, scope)]
    never = next((each for each in found if each[0] is Verdict.NEVER), None)
    if never is not None:
        return never
    return found[0] if found and all(settled is Verdict.ALWAYS for settled, _ in found) else (Verdict.OPEN, None)


def _of_which_value(single: Single, value: Scalar | None, scope: Scope) -> str:
    """Which of a parameter's values it is said of, where it is not true of all: of those with dates, or of a list."""
    side, op, other, _ = single
    low, high = _limits(side, scope)
    if not isinstance(other, ParameterValue) or all(verdict(low, high, op, v) is Verdict.NEVER for v in values_of(other, scope)):
        return ""
    named = value_text(value)
    return f" of {named}" if is_list(scope.catalog.parameters[other.name]) else f" while {name_text(other.name)} is {named}"


def _is_listed(side: Expression, scope: Scope) -> bool:
    """True for a field that lists its values: equality with another one is a finding of its own."""
    found = scope.catalog.field(side.table, side.name) if isinstance(side, FieldValue) else None
    return found is not None and bool(found.one_of)


def _limits(side: Expression, scope: Scope) -> Range:
    return ANY if scope.known is None else placed(range_of(side, scope.known), side.kind)


def _tell(single: Single, value: Scalar | None, always: str, scope: Scope) -> None:
    side, _, other, place = single
    if isinstance(other, ParameterValue) and is_list(scope.catalog.parameters[other.name]):
        place = scope.catalog.parameters[other.name].place
    low, high = _limits(side, scope)
    if isinstance(side, Aggregate) and high is None and low == 0 and side.function != "sum":
        help = "compare it with a number that it can be below and above"
        scope.desk.warning("SS218", f"this is {always}: a {side.function.replace('_', ' ')} is at least 0", place, help)
        return
    scope.desk.warning("SS218", f"this is {always}: {_promise(side, low, high)}", place, _limits_help(side, high, other, value, scope))


def _promise(side: Expression, low: End, high: End) -> str:
    name = show(side)
    if low is not None and high is not None:
        return f"{name} is between {_end_text(low, side)} and {_end_text(high, side)}"
    if low is not None:
        return f"{name} is at least {_end_text(low, side)}"
    return f"{name} is at most {_end_text(high or Fraction(0), side)}"


def _end_text(end: Fraction, side: Expression) -> str:
    """The end as a value of the side's kind is written."""
    match side.kind:
        case Kind.DATE:
            return datetime.date.fromordinal(int(end)).isoformat()
        case Kind.DAYS | Kind.MONTHS:
            return f"{int(end)} {side.kind.value}"
        case _:
            return value_text(Decimal(end.numerator) / end.denominator)


def _limits_help(side: Expression, high: End, other: Expression, value: Scalar | None, scope: Scope) -> str:
    where = _where_limits_come_from(side, scope)
    is_share = high == 1 and side.kind is Kind.NUMBER and isinstance(value, (int, Decimal)) and 1 < value <= 100
    if is_share and isinstance(other, Constant):
        return f"write {show(other)}% for a share of 1 ({where})"
    if is_share and isinstance(other, ParameterValue) and isinstance(scope.catalog.parameters[other.name].value, (int, Decimal)):
        parameter = scope.catalog.parameters[other.name]
        return f"write {name_text(parameter.name)}: {value_text(value)}% for a share of 1, at {declared(parameter.place)} ({where})"
    return where


def _where_limits_come_from(side: Expression, scope: Scope) -> str:
    match side:
        case FieldValue(table, name) if (found := scope.catalog.field(table, name)) is not None:
            what = "follow from its calculation" if found.calculation is not None else "are declared"
            return f"the limits {what} at {declared(found.place)}"
        case MetricValue(name) if name in scope.catalog.metrics:
            return f"the limits follow from its definition at {declared(scope.catalog.metrics[name].place)}"
        case _:
            return "the limits follow from what it is made of; compare it with a value that it can be below and above"


def _check_percent(side: Expression, other: Expression, scope: Scope) -> bool:
    """True, after a finding, where a percentage is compared with a number that looks like one without its sign."""
    if not (isinstance(side, MetricValue) and _in_percent(side.name, scope)):
        return False
    match other:
        case Constant(value, text) if not text.endswith("%") and _looks_like_percents(value):
            message, where = f"{name_text(side.name)} is a percentage: {show(other)} is {_percents(value)}", ""
        case ParameterValue(name) if (found := scope.catalog.parameters[name]).format != "percent" and not is_list(found):
            value = next((v for v in (found.value, *(d.value for d in found.dated)) if _looks_like_percents(v)), None)
            if value is None:
                return False
            message = f"{name_text(side.name)} is a percentage: {name_text(name)} is {value_text(value)}, which is {_percents(value)}"
            where = f" at {declared(found.place)}"
        case _:
            return False
    scope.desk.warning("SS232", message, other.place, f"write {value_text(value)}%{where} (or {_percents(value)}, if you mean that)")
    return True


def _looks_like_percents(value: object) -> TypeGuard[int | Decimal]:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool) and value >= 2


def _percents(value: int | Decimal) -> str:
    return f"{value_text(value * 100)}%"


def _in_percent(name: str, scope: Scope) -> bool:
    """A part of a score or table has no name of its own, and no format."""
    value = scope.catalog.metrics.get(name)
    return value is not None and value.format == "percent"
