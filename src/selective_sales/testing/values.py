"""Values as a test file writes them, against values as the engine gives them. Figures compare at the places written."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import assert_never

from ..model.expression import Scalar
from ..model.kind import Kind

_NUMBER = re.compile(r"([-+\u2212]?)(\d{1,40}(?:_\d{1,40})*(?:\.\d{1,30})?(?:[eE][-+]?\d{1,2})?)(%?)")
_SPAN = re.compile(r"([-+\u2212]?\d{1,15})(?: +(days?|weeks?|months?|years?))?")
_SPANS = {
    Kind.DAYS: {"": 1, "day": 1, "week": 7},
    Kind.MONTHS: {"": 1, "month": 1, "year": 12},
}
_WIDE = Context(prec=400, rounding=ROUND_HALF_UP)

Actual = Scalar | float | None | Sequence[str]
"""A value of a result row."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An expected scalar. `places` are the decimal places written (0.33: 2, 33%: 2); None where no figure is meant."""

    value: Scalar
    places: int | None = None


def read_wanted(text: str, kind: Kind) -> Wanted | None:
    """The expected value as a value of that kind; None where the text is none."""
    match kind:
        case Kind.MONEY | Kind.NUMBER | Kind.INTEGER:
            return _number(text.strip())
        case Kind.DAYS | Kind.MONTHS:
            return _span(text.strip(), kind)
        case Kind.BOOLEAN:
            return Wanted(text == "true") if text in ("true", "false") else None
        case Kind.DATE:
            return _date(text.strip())
        case Kind.TEXT | Kind.UNKNOWN:
            return Wanted(text)
        case _:
            assert_never(kind)


def matches(wanted: Wanted, actual: Actual) -> bool:
    """True where the actual value is the wanted one; a figure is rounded half away from zero to the places written."""
    if actual is None:
        return False
    if wanted.places is None:
        return actual == wanted.value
    if not isinstance(actual, int | float | Decimal) or not isinstance(wanted.value, Decimal):
        return False
    figure = Decimal(repr(actual)) if isinstance(actual, float) else Decimal(actual)
    if not figure.is_finite():
        return False
    with localcontext(_WIDE):
        return figure.quantize(Decimal(1).scaleb(-wanted.places)) == wanted.value


def written(value: object) -> str:
    """The value as an author would write it in a test file; a blank is `missing`, a list `[a, b]`."""
    match value:
        case None:
            return "missing"
        case bool():
            return "true" if value else "false"
        case float():
            return _plain(Decimal(repr(value)))
        case Decimal():
            return _plain(value)
        case datetime.date():
            return value.isoformat()
        case list() | tuple():
            return f"[{', '.join(str(item) for item in value)}]"
        case _:
            return str(value)


def written_as(value: object, kind: Kind) -> str:
    """As `written`, with the unit of a duration."""
    if isinstance(value, int) and not isinstance(value, bool) and kind in _SPANS:
        return f"{value} {kind.value}"
    return written(value)


def _plain(figure: Decimal) -> str:
    if not figure.is_finite():
        return str(figure)
    text = format(figure, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _number(text: str) -> Wanted | None:
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    sign, digits, percent = found.groups()
    with localcontext(_WIDE):
        value = Decimal(digits)
        if percent:
            value = value.scaleb(-2)
        exponent = value.as_tuple().exponent
        assert isinstance(exponent, int)
        return Wanted(value if sign in ("", "+") else -value, max(0, -exponent))


def _span(text: str, kind: Kind) -> Wanted | None:
    found = _SPAN.fullmatch(text)
    if found is None:
        return None
    count, unit = int(found[1].replace("\u2212", "-")), (found[2] or "").removesuffix("s")
    factor = _SPANS[kind].get(unit)
    return None if factor is None else Wanted(count * factor)


def _date(text: str) -> Wanted | None:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return None
    try:
        return Wanted(datetime.date.fromisoformat(text))
    except ValueError:
        return None
