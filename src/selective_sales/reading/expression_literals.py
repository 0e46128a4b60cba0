"""Tokens of written values in, exact Python values out. Refuses impossible dates, fractional durations, unknown escapes, absurd numbers."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

from ..model.kind import Kind
from .expression_tokens import RefusedError, Slip, Token

_DIGITS = 18
"""Most digits before and after the point."""
_LARGEST_WHOLE = 2**63 - 1
"""What a 64-bit integer holds."""
_LONGEST_SPAN = 1_000_000
"""Days or months: longer than all of history, short enough that no date arithmetic overflows an integer."""
_ESCAPES = {'"': '"', "'": "'", "\\": "\\", "n": "\n", "t": "\t"}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_UNITS = {"day": (Kind.DAYS, 1), "week": (Kind.DAYS, 7), "month": (Kind.MONTHS, 1), "year": (Kind.MONTHS, 12)}
_ISO_DURATION = re.compile(r"(-?)P(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)W)?(?:([0-9]+)D)?")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def number(token: Token) -> Decimal | int:
    """`12` and `1_000` are int; with a decimal point it is an exact Decimal."""
    digits = token.text.replace("_", "")
    whole, _, places = digits.partition(".")
    length = len(whole.lstrip("0"))
    if not places and length == _DIGITS + 1 and int(whole) <= _LARGEST_WHOLE:
        return int(whole)
    if length > _DIGITS or len(places) > _DIGITS:
        raise _refused(
            token,
            "SS161",
            "this number has too many digits",
            f"whole numbers up to {_LARGEST_WHOLE}; otherwise at most {_DIGITS} digits before and {_DIGITS} after the decimal point",
        )
    return Decimal(digits) if places else int(digits)


def percent(token: Token) -> Decimal:
    """`5%` is exactly 0.05."""
    value = Decimal(number(token._replace(text=token.text[:-1])))
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    return Decimal((sign, digits, exponent - 2))


def text(token: Token) -> str:
    """The text between the quotes, with its escapes undone."""
    inner = token.text[1:-1]
    if "\\" not in inner:
        return inner

    def undo(match: re.Match[str]) -> str:
        if (char := _ESCAPES.get(match[1])) is not None:
            return char
        start = token.start + 1 + match.start()
        raise RefusedError(
            Slip(
                "SS178",
                f"'{match[0]}' has no meaning in a text",
                "a backslash stands only before a quote, another backslash, n (new line) or t (tab); for a backslash itself write \\\\",
                start,
                start + 2,
            )
        )

    return _ESCAPE.sub(undo, inner)


def date(token: Token, written: str) -> datetime.date:
    """The date of `2026-11-22`; `written` is the part of the token that holds it."""
    try:
        return datetime.date.fromisoformat(written)
    except ValueError:
        raise _refused(token, "SS164", f"the date {written} does not exist", "write year-month-day, such as 2026-11-30") from None


def duration(token: Token) -> tuple[int, Kind]:
    """`3 weeks` is 21 days, `2 years` are 24 months."""
    count, unit = token.text.split()
    kind, factor = _UNITS[unit.removesuffix("s")]
    if "." in count:
        raise _refused(
            token, "SS163", f"'{token.text}' is not a whole number of {unit}", "write whole numbers: 45 days, 18 months, 2 years"
        )
    return _span(token, count, factor), kind


def feel_duration(token: Token) -> tuple[int, Kind]:
    """FEEL's `P90D`, `P12M`, `P1Y6M` between the quotes of the token."""
    written = text(token)
    match = _ISO_DURATION.fullmatch(written)
    if match is None or not any(match.groups()[1:]):
        raise _refused(
            token, "SS180", f"'{written}' cannot be read as a duration", 'write 90 days or 12 months (or FEEL\'s "P90D", "P12M")'
        )
    sign, years, months, weeks, days = match.groups()
    if (years or months) and (weeks or days):
        raise _refused(
            token, "SS180", f"'{written}' mixes months and days", "a duration is either months (P1Y6M) or days (P90D), never both"
        )
    factor = -1 if sign else 1
    if years or months:
        return factor * (_span(token, years or "0", 12) + _span(token, months or "0", 1)), Kind.MONTHS
    return factor * (_span(token, weeks or "0", 7) + _span(token, days or "0", 1)), Kind.DAYS


def at_literal(token: Token) -> tuple[datetime.date | int, Kind]:
    """FEEL's `@"2026-11-22"` and `@"P90D"`: the token is the text after `@`. A date comes with kind UNKNOWN, as all constants do."""
    written = text(token)
    if _ISO_DATE.fullmatch(written):
        return date(token, written), Kind.UNKNOWN
    if not written.lstrip("-").startswith("P"):
        raise _refused(token, "SS180", f"'{written}' is neither a date nor a duration", 'after @ stands "2026-11-22", "P90D" or "P12M"')
    return feel_duration(token)


def _span(token: Token, count: str, factor: int) -> int:
    digits = count.replace("_", "").lstrip("0") or "0"
    if len(digits) > 9 or int(digits) * factor > _LONGEST_SPAN:
        raise _refused(token, "SS163", f"'{token.text}' is longer than any duration can be", f"at most {_LONGEST_SPAN} days or months")
    return int(digits) * factor


def _refused(token: Token, code: str, message: str, help: str) -> RefusedError:
    return RefusedError(Slip(code, message, help, token.start, token.end))
