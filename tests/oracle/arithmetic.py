"""`+ - * /` by the kinds of both sides."""

from __future__ import annotations

import datetime
import math
from fractions import Fraction
from typing import Any

from selective_sales.model import expression as e
from selective_sales.model.kind import Kind
from tests.oracle import dates
from tests.oracle.numbers import exact, grid, half_away, money, nearest, sign, unscaled


def calculate(node: e.Arithmetic, left: Any, op: str, right: Any) -> Any:
    """The result of one operation; missing where a side is missing, where a divisor is zero, and (by the caller) out of range."""
    if left is None or right is None:
        return None
    match op:
        case "+":
            return _add(node, left, right, 1)
        case "-":
            return _add(node, left, right, -1)
        case "*":
            return _product(node, left, right)
        case "/":
            return None if right == 0 else _quotient(node, left, right)
        case "**":
            return _power(float(left), float(right))
        case _:
            raise AssertionError(f"the oracle has no {op}")


def _power(base: float, exponent: float) -> float | None:
    try:
        result = base**exponent
    except (OverflowError, ZeroDivisionError):
        return None
    return result if isinstance(result, float) else None


def _add(node: e.Arithmetic, left: Any, right: Any, direction: int) -> Any:
    if isinstance(left, datetime.date) and isinstance(right, datetime.date):
        return (left - right).days
    if isinstance(left, datetime.date):
        return _shift(left, node.right.kind, direction * right)
    if isinstance(right, datetime.date):
        return _shift(right, node.left.kind, left)
    if isinstance(left, str):
        return left + right
    if isinstance(left, float) or isinstance(right, float):
        return float(left) + direction * float(right)
    return left + right if direction > 0 else left - right


def _shift(day: datetime.date, kind: Kind, by: int) -> datetime.date | None:
    return dates.add_months(day, by) if kind is Kind.MONTHS else dates.add_days(day, by)


def _product(node: e.Arithmetic, left: Any, right: Any) -> Any:
    if node.right.kind in _MEASURES:
        return _measure(node.right.kind, right, left, node.left, divide=False)
    if node.left.kind in _MEASURES:
        return _measure(node.left.kind, left, right, node.right, divide=False)
    if isinstance(left, float) or isinstance(right, float):
        return float(left) * float(right)
    return left * right


def _quotient(node: e.Arithmetic, left: Any, right: Any) -> Any:
    if node.left.kind in _MEASURES and node.right.kind not in _MEASURES:
        return _measure(node.left.kind, left, right, node.right, divide=True)
    if isinstance(left, float) or isinstance(right, float):
        return float(left) / float(right)
    return nearest(Fraction(left) / Fraction(right))


_MEASURES = frozenset({Kind.MONEY, Kind.DAYS, Kind.MONTHS})


def _measure(kind: Kind, amount: Any, factor: Any, node: e.Expression, *, divide: bool) -> Any:
    """Money or a span times (or by) a number, rounded half away from zero to its last place.

    Money is exact where the number stands still. A number calculated in the same expression is a double, and so is its product with the
    unscaled amount; spans of time always go that way unless the number is whole.
    """
    whole = unscaled(amount) if kind is Kind.MONEY else amount
    if stands_still(node) and (kind is Kind.MONEY or (not divide and node.kind is Kind.INTEGER)):
        ratio = exact(factor)
        if divide and ratio == 0:
            return None
        counted = half_away(whole / ratio if divide else whole * ratio)
    else:
        placed = grid(float(whole) / factor if divide else float(whole) * factor)
        if math.isinf(placed):
            return None
        counted = sign(placed) * math.floor(abs(placed) + 0.5)
    return money(counted) if kind is Kind.MONEY else counted


def stands_still(node: e.Expression) -> bool:
    """True for a number that has at most nine decimals because nothing is calculated between it and the money: it is only chosen."""
    if node.kind is not Kind.NUMBER:
        return True
    match node:
        case e.Constant() | e.ParameterValue() | e.FieldValue() | e.MetricValue():
            return True
        case e.Negate(operand):
            return stands_still(operand)
        case e.If(_, then, otherwise):
            return stands_still(then) and stands_still(otherwise)
        case e.Aggregate(function):
            return function in ("sum", "min", "max", "latest")
        case e.Call(function, arguments):
            return function == "number" or (function in ("min", "max", "coalesce", "abs") and all(map(stands_still, arguments)))
        case _:
            return False
