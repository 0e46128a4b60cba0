"""A number as a workbook holds it and the format of its cell in, what a person sees there out: a number, a date, a time.

Excel shows fifteen digits: 33.330000000000005 is 33.33. Dates are days since 1900 (with a 29th of February 1900 that never was) or 1904.
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from enum import Enum


class Shape(Enum):
    """What the numbers of a style are shown as."""

    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    PADDED = "padded"
    """A whole number with zeros before it, up to so many digits: 7 as 007."""
    DRESSED = "dressed"
    """A number with zeros before it and other signs: 7 as 00-007 or K-007."""


_DATES, _TIMES = (14, 15, 16, 17, 22, *range(27, 32), 34, 35, 36, *range(50, 59)), (18, 19, 20, 21, 32, 33, 45, 46, 47)
BUILT_IN = {str(n): Shape.DATE for n in _DATES} | {str(n): Shape.TIME for n in _TIMES}
"""The numbers of the formats that every program knows."""
_LITERAL = re.compile(r'"[^"]*"|\\.|[_*].|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE | re.DOTALL)
"""Text in quotes, a single character, room for one, colours and languages in brackets."""
_UNSEEN = re.compile(r"\[(?!h+\]|m+\]|s+\])[^\]]*\]", re.IGNORECASE)
"""Colours and languages: nobody sees them as signs."""
_PLAIN = re.compile(r"-?[1-9][0-9]{0,14}|0|-?(?:0|[1-9][0-9]{0,8})\.[0-9]{0,5}[1-9]").fullmatch
"""A number of so few digits as to be shown as it is written."""
_EXACT = 2**53
_DAY = 86_400
_LAST = 2_958_465
"""The 31st of December 9999."""


def shape_of(code: str) -> Shape:
    """What a format code shows a positive number as."""
    letters = set(_LITERAL.sub("", code).partition(";")[0].lower())
    if letters & set("yd") or ("m" in letters and not letters & set("hs")):
        return Shape.DATE
    if letters & set("hs") and not letters & set("0#?") - {"0"}:
        return Shape.TIME
    shown = _UNSEEN.sub("", code).partition(";")[0]
    if width_of(code):
        return Shape.PADDED
    whole = _LITERAL.sub("", shown).partition(".")[0].lower()
    return Shape.DRESSED if whole.count("0") > 1 and "e" not in whole else Shape.NUMBER


def width_of(code: str) -> int:
    """Of a format of nothing but zeros, how many they are; 0 for any other."""
    shown = _UNSEEN.sub("", code).partition(";")[0]
    return len(shown) if len(shown) > 1 and shown.strip("0") == "" else 0


def number(written: str) -> str | None:
    """The number as people see it: fifteen digits, without exponent; a whole one below 2^53 with all of its digits. None: it is none."""
    if _PLAIN(written):
        return written
    try:
        value = float(written)
    except ValueError:
        return None
    if value - value != 0:  # infinite, or no number
        return None
    if value == int(value) and abs(value) < _EXACT:
        return str(int(value))
    shown = f"{value:.15g}"
    return shown if "e" not in shown else f"{Decimal(shown):f}"


def date(written: str, *, from_1904: bool) -> str | None:
    """The day, with its time where it has one, in ISO's form; a day that no calendar has as Excel shows it. None: it is no date."""
    value = float(written)
    if not 0 <= value <= _LAST + 1:
        return None
    seconds = round(value * _DAY)
    days, rest = divmod(seconds, _DAY)
    if from_1904:
        day = datetime.date(1904, 1, 1) + datetime.timedelta(days=days)
    elif days in (0, 60):
        return "1900-01-00" if days == 0 else "1900-02-29"
    elif days > _LAST:
        return None
    else:
        day = datetime.date(1899, 12, 31 if days < 60 else 30) + datetime.timedelta(days=days)
    return day.isoformat() if rest == 0 else f"{day.isoformat()} {clock(rest)}"


def time(written: str) -> str | None:
    """Hours, minutes, seconds: of a day, or of a span. None: it is negative, or no number."""
    value = float(written)
    if not 0 <= value <= _LAST:
        return None
    return clock(round(value * _DAY))


def clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
