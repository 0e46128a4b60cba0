"""The row functions."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from selective_sales.model import expression as e
from selective_sales.model.kind import Kind
from tests.oracle import dates
from tests.oracle.numbers import half_away, money, nearest

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def call(function: str, values: list[Any], node: e.Call) -> Any:
    """The function's value; missing where an argument is missing, but for `coalesce`."""
    if function == "coalesce":
        return next((v for v in values if v is not None), None)
    if any(v is None for v in values):
        return None
    if function in _NUMERIC:
        return _rounding(function, values, node)
    if function in ("min", "max"):
        return _extreme(function, values, node.kind)
    if function in _DATES:
        return _DATES[function](*values)
    return _TEXTS[function](*values)


_WAYS: dict[str, Callable[[Fraction], int]] = {"round": half_away, "floor": math.floor, "ceiling": math.ceil}
_NUMERIC = frozenset({"abs", *_WAYS})


def _rounding(function: str, values: list[Any], node: e.Call) -> Any:
    value = values[0]
    if function == "abs":
        return abs(value)
    digits = int(values[1]) if len(values) > 1 else 0
    scale = Fraction(10) ** digits
    scaled = Fraction(repr(value) if isinstance(value, float) else value) * scale
    rounded = _WAYS[function](scaled) / scale
    if node.kind is Kind.MONEY:
        return money(half_away(rounded * 10**4))
    return nearest(rounded) if node.kind is Kind.NUMBER else int(rounded)


def _extreme(function: str, values: list[Any], kind: Kind) -> Any:
    if kind is Kind.NUMBER:
        values = [float(v) for v in values]
    if kind is Kind.TEXT:
        return (min if function == "min" else max)(values, key=str.encode)
    return min(values) if function == "min" else max(values)


def _substring(text: str, start: int, length: int | None = None) -> str:
    return text[start - 1 :] if length is None else text[start - 1 : start - 1 + length]


def _number(text: str) -> float | None:
    return float(text.strip()) if _NUMBER.fullmatch(text.strip()) else None


def _date(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text.strip()) if _DATE.fullmatch(text.strip()) else None
    except ValueError:
        return None


_DATES: dict[str, Callable[..., Any]] = {
    "year": lambda day: day.year,
    "month": lambda day: day.month,
    "days_between": lambda a, b: (b - a).days,
    "months_between": dates.months_between,
}
_TEXTS: dict[str, Callable[..., Any]] = {
    "lower": str.lower,
    "upper": str.upper,
    "trim": str.strip,
    "length": len,
    "contains": lambda text, part: part in text,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
    "substring": _substring,
    "matches": lambda text, pattern: re.search(pattern, text) is not None,
    "number": _number,
    "date": _date,
}
