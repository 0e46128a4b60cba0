"""Expressions and kinds in an author's words: what messages say about them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import assert_never

from ..model.expression import (
    Aggregate,
    And,
    Arithmetic,
    AsOf,
    AtLeast,
    Between,
    Call,
    Clamp,
    Compare,
    Constant,
    Decided,
    Expression,
    FieldValue,
    Hit,
    If,
    In,
    IsMissing,
    Member,
    MetricValue,
    Name,
    Negate,
    Not,
    OpTest,
    Or,
    ParameterValue,
    Portfolio,
    RangeTest,
    Rows,
    Scalar,
    Size,
    Test,
    ValueTest,
    Variants,
    Weighted,
)
from ..model.kind import Kind

_LONGEST = 60
_MOST_STEPS = 12

KIND_WORDS = {
    Kind.MONEY: "an amount of money",
    Kind.NUMBER: "a number",
    Kind.INTEGER: "a whole number",
    Kind.TEXT: "text",
    Kind.BOOLEAN: "true or false",
    Kind.DATE: "a date",
    Kind.DAYS: "a number of days",
    Kind.MONTHS: "a number of months",
    Kind.UNKNOWN: "unknown",
}


def one_of(words: Iterable[str], joint: str = "or") -> str:
    """`a, b or c`."""
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {joint} {items[-1]}"


def path(steps: Iterable[str]) -> str:
    """`a -> b -> c`; of a very long way its beginning and its end."""
    items = list(steps)
    if len(items) > _MOST_STEPS:
        items = [*items[: _MOST_STEPS - 4], "...", *items[-3:]]
    return " -> ".join(items)


def show(node: Expression) -> str:
    """The expression as an author would write it, shortened where it is long."""
    text = _show(node)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def value_text(value: Scalar | None) -> str:
    """A value as it is written in an expression."""
    match value:
        case None:
            return "missing"
        case bool():
            return "true" if value else "false"
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case datetime.date():
            return value.isoformat()
        case Decimal():
            return plain(value)
        case int():
            return str(value)


def plain(value: Decimal | int) -> str:
    """A number without an exponent and without trailing zeros."""
    if abs(Decimal(value).adjusted()) > 40:
        return f"{Decimal(value):.6E}"
    text = format(Decimal(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def name_text(name: str) -> str:
    """A name as an expression writes it: in backquotes where it holds other characters."""
    return name if name[:1].isalpha() and name.replace("_", "a").isalnum() else f"`{name}`"


def _show(node: Expression) -> str:
    match node:
        case Constant(value, text):
            return text or _duration(value, node.kind) or value_text(value)
        case Name(name) | ParameterValue(name) | MetricValue(name) | FieldValue(_, name):
            return name_text(name)
        case Member(owner, name):
            return f"{name_text(owner)}.{name_text(name)}"
        case Rows(table, condition, column):
            return f"{name_text(table)}[{_show(condition)}]" + (f".{name_text(column)}" if column else "")
        case AsOf():
            return "as_of"
        case Aggregate(function, table, condition, value, by):
            rows = name_text(table) + (f"[{_show(condition)}]" if condition else "") + (f".{_show(value)}" if value else "")
            return f"{function}({rows}{f' by {_show(by)}' if by else ''})"
        case Call(function, arguments, within, by):
            groups = f" within {', '.join(map(_show, within))}" if within else ""
            return f"{function}({', '.join(map(_show, arguments))}{groups}{f' by {_show(by)}' if by else ''})"
        case Decided():
            return "decision"
        case Portfolio(function, value, within):
            groups = f" within {', '.join(map(_show, within))}" if within else ""
            return f"{function}({_show(value)}{groups})"
        case Clamp(operand):
            return _show(operand)
        case Size(operand):
            return f"count({_show(operand)})"
        case Weighted(parts):
            return " + ".join(f"{_operand(part.weight)} * {_operand(part.value)}" for part in parts)
        case Hit(policy, rows):
            return f"the {policy} of {len(rows)} rows"
        case Negate(operand):
            return f"-{_operand(operand)}"
        case Arithmetic(left, op, right) | Compare(left, op, right):
            return f"{_operand(left)} {op} {_operand(right)}"
        case Between(operand, low, high):
            return f"{_operand(operand)} between {_operand(low)} and {_operand(high)}"
        case In(operand, tests, negated):
            return f"{_operand(operand)} {'not in' if negated else 'in'} {_tests(tests)}"
        case IsMissing(operand, negated):
            return f"{_operand(operand)} is {'present' if negated else 'missing'}"
        case Not(operand):
            return f"not {_operand(operand)}"
        case And(items):
            return " and ".join(map(_operand, items))
        case Or(items):
            return " or ".join(map(_operand, items))
        case AtLeast(count, items):
            return f"at least {_show(count)} of {', '.join(map(_show, items))}"
        case If(condition, then, otherwise):
            return f"if {_show(condition)} then {_show(then)} else {_show(otherwise)}"
        case Variants(default):
            return _show(default)
        case _:
            assert_never(node)


def _operand(node: Expression) -> str:
    match node:
        case Arithmetic() | Compare() | Between() | In() | And() | Or() | If() | AtLeast():
            return f"({_show(node)})"
        case _:
            return _show(node)


def _duration(value: Scalar | None, kind: Kind) -> str:
    match kind:
        case Kind.DAYS | Kind.MONTHS:
            return f"{value} {kind.value}"
        case _:
            return ""


def _tests(tests: tuple[Test, ...]) -> str:
    match tests:
        case (ValueTest(Name() | ParameterValue() | MetricValue() as only),):
            return _show(only)
        case (RangeTest() as only_range,):
            return _test(only_range)
        case _:
            return f"[{', '.join(map(_test, tests))}]"


def _test(test: Test) -> str:
    match test:
        case ValueTest(value):
            return _show(value)
        case OpTest(op, value):
            return f"{op} {_show(value)}"
        case RangeTest(low, high, low_closed, high_closed):
            return f"{'[' if low_closed else '('}{_show(low)}..{_show(high)}{']' if high_closed else ')'}"
        case _:
            assert_never(test)
