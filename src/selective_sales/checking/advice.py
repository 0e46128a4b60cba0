"""What to write instead: the help of findings about kinds that do not go together."""

from __future__ import annotations

import datetime
from decimal import Decimal

from ..model.expression import Arithmetic, ArithmeticOp, Constant, Expression, FieldValue, MetricValue, Negate, ParameterValue
from ..model.kind import Kind
from .catalog import Scope
from .literals import Looseness, looseness
from .words import KIND_WORDS, show, value_text

_SPANS = (Kind.DAYS, Kind.MONTHS)
_NO_FIXED_LENGTH = "a month has no fixed number of days: write both in days, or both in months (months_between(a, b) counts whole months)"


def describe(node: Expression, scope: Scope) -> str:
    """`values_fit is a number between 0 and 1`: one side of a finding."""
    words = KIND_WORDS[node.kind]
    match node:
        case Constant(value) if isinstance(value, (int, Decimal)) and node.kind.family is Kind.NUMBER:
            words = "a plain number"
        case FieldValue(table, name):
            found = scope.catalog.field(table, name)
            if found and found.minimum is not None and found.maximum is not None and node.kind.family is Kind.NUMBER:
                words = f"a number between {value_text(found.minimum)} and {value_text(found.maximum)}"
        case _:
            pass
    return f"{show(node)} is {words}"


def to_compare(left: Expression, op: str, right: Expression, scope: Scope) -> str:
    """The help for two sides that cannot be compared."""
    return (
        _literal(left, op, right, scope)
        or _literal(right, op, left, scope)
        or _sides(left, right, scope)
        or _sides(right, left, scope)
        or "compare values of one kind"
    )


def _literal(side: Expression, op: str, other: Expression, scope: Scope) -> str:
    """The help where the other side is a literal in the wrong form."""
    match side.kind, other:
        case Kind.DAYS | Kind.MONTHS, Constant() | Negate(Constant()) if looseness(other, scope) is Looseness.NUMBER:
            return f"write {show(other)} {side.kind.value}"
        case Kind.DAYS | Kind.MONTHS, ParameterValue(name) if other.kind.family is Kind.NUMBER:
            return f"give the parameter its unit: {name}: {_first(name, scope)} {side.kind.value}"
        case Kind.NUMBER | Kind.INTEGER, Constant(value) if other.kind in _SPANS:
            return f"write {value} without the unit, or declare {show(side)} as type: {other.kind.value}"
        case Kind.DATE, Constant(str() as text):
            return f"write the date without quotes: {text}" if _is_date(text) else "a date is written 2026-01-31, without quotes"
        case Kind.BOOLEAN, Constant(value):
            return f"write {show(side)}" if (op == "=") is _means_true(value) else f"write not {show(side)}"
        case Kind.TEXT, Constant(value, text) if not isinstance(value, str):
            return f"write it as text: {value_text(text or value_text(value))}"
        case Kind.MONEY | Kind.NUMBER | Kind.INTEGER, Constant(str() as text) if _is_number(text):
            return f"write the number without quotes: {text.strip()}"
        case _:
            return ""


def _first(name: str, scope: Scope) -> str:
    value = scope.catalog.parameters[name].value
    return value_text(value) if isinstance(value, (int, Decimal)) else "90"


def _sides(side: Expression, other: Expression, scope: Scope) -> str:
    """The help by the kinds of the two sides, seen from one of them."""
    match side.kind, other.kind.family:
        case Kind.DATE, Kind.DAYS | Kind.MONTHS:
            return f"compare two dates, for example {show(side)} < as_of - {show(other)}"
        case Kind.DATE, Kind.NUMBER:
            return "compare a date with a date (2026-01-31), or the time between two dates with a number of days (90 days)"
        case Kind.DAYS, Kind.MONTHS:
            return _NO_FIXED_LENGTH
        case Kind.DAYS | Kind.MONTHS, Kind.NUMBER:
            return f"{show(side)} / 1 {side.kind.value[:-1]} is a plain number"
        case Kind.MONEY, Kind.NUMBER:
            return _amount(side, other, scope)
        case Kind.BOOLEAN, _:
            return f"write {show(side)} on its own, joined by 'and' or 'or'"
        case Kind.TEXT, Kind.NUMBER:
            return f"number({show(side)}) reads a number from a text"
        case Kind.TEXT, Kind.DATE:
            return f"date({show(side)}) reads a date from a text"
        case _:
            return ""


def _amount(amount: Expression, number: Expression, scope: Scope) -> str:
    """The help for money against a number."""
    match number:
        case Arithmetic(_, _, ParameterValue(name)) | Arithmetic(ParameterValue(name), _, _) if scope.catalog.parameters[name].adapts:
            return f"if '{name}' is an amount, declare it so: {name}: {{value: {_first(name, scope)}, kind: money}}"
        case ParameterValue(name):
            return f"if '{name}' is an amount, declare it so: {name}: {{value: {_first(name, scope)}, kind: money}}"
        case FieldValue(_, name):
            return f"if '{name}' is an amount, declare it as type: money; a share is money / money"
        case MetricValue(name):
            return f"'{name}' is a number: multiply it by an amount, or divide {show(amount)} by an amount"
        case _:
            return "use two amounts of money, or two numbers (money / money is a number)"


def to_calculate(left: Expression, op: ArithmeticOp, right: Expression, scope: Scope) -> str:
    """The help for arithmetic that has no result."""
    kinds = {left.kind.family, right.kind.family}
    if Kind.BOOLEAN in kinds:
        return "turn it into a number first: if condition then 1 else 0"
    if op in ("+", "-"):
        return _to_sum(left, op, right, scope)
    match op, left.kind.family, right.kind.family:
        case _, Kind.TEXT, _:
            return f"number({show(left)}) reads a number from a text"
        case _, _, Kind.TEXT:
            return f"number({show(right)}) reads a number from a text"
        case "*", Kind.MONEY, Kind.MONEY:
            return "money times money has no meaning: one of the two should be a number"
        case "/", Kind.NUMBER, Kind.MONEY:
            return "a number divided by money has no meaning: divide money by money, or money by a number"
        case _ if kinds == {Kind.DAYS, Kind.MONTHS}:
            return _NO_FIXED_LENGTH
        case "**", _, _:
            return "only numbers can be raised to a power"
        case _:
            return "one of the two must be a plain number"


def _to_sum(left: Expression, op: str, right: Expression, scope: Scope) -> str:
    kinds = {left.kind.family, right.kind.family}
    for side, other in ((left, right), (right, left)):
        if side.kind in (Kind.DATE, *_SPANS) and other.kind.family is Kind.NUMBER:
            return f"write {_span(other, 'days' if side.kind is Kind.DATE else side.kind.value)}"
    match kinds:
        case _ if Kind.TEXT in kinds:
            return "text joins text only; a reason shows values by name: {name}"
        case _ if kinds == {Kind.DAYS, Kind.MONTHS}:
            return _NO_FIXED_LENGTH
        case _ if kinds == {Kind.DATE}:
            return f"the time between two dates is {show(left)} - {show(right)}"
        case _ if Kind.DATE in kinds and kinds & set(_SPANS):
            return f"write {show(right)} {op} {show(left)}"
        case _ if kinds == {Kind.MONEY, Kind.NUMBER}:
            number, amount = (left, right) if left.kind.family is Kind.NUMBER else (right, left)
            return _amount(amount, number, scope)
        case _:
            return "add and subtract values of one kind"


def _span(node: Expression, unit: str) -> str:
    match node:
        case Constant():
            return f"{show(node)} {unit}"
        case _:
            return f"{show(node)} * 1 {unit[:-1]}"


def _means_true(value: object) -> bool:
    return value is True or str(value).strip().casefold() in ("true", "yes", "t", "y", "1", "tak", "prawda")


def _is_date(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10


def _is_number(text: str) -> bool:
    return text.strip().replace(".", "", 1).lstrip("-").isdecimal()
