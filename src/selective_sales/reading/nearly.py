"""A value's text in, what was most likely meant out: `6 mths` is nearly a duration, `5 procent` a percentage, `10 000` a number.

Only texts that begin with a digit (or a sign and a digit) are looked at; a text that merely has a number in it means nothing here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from ..model.dates import days_meant
from ..model.kind import Kind
from .number_words import CURRENCIES, PERCENT, SCALES, UNITS

_PARTED = re.compile(r"([-+−]?)([0-9][0-9 .,'’_\u00a0\u202f]*)(.*)")
_LONGEST = 40
_SPACES = " '’_\u00a0\u202f"
_GROUPED = re.compile(rf"[0-9]{{1,3}}(?:[{_SPACES}][0-9]{{3}})+(?:[.,][0-9]+)?|[0-9]+(?:[.,][0-9]+)?")
_MARKED = re.compile(r"([0-9]{1,3}(?:([.,])[0-9]{3})(?:\2[0-9]{3})*)((?!\2)[.,][0-9]+)?")


@dataclass(frozen=True, slots=True)
class Nearly:
    """What a text is nearly, and how that is written; `other` where it could mean a second number."""

    what: str
    kinds: frozenset[Kind]
    written: str
    other: str = ""

    @property
    def help(self) -> str:
        return f"write {self.written}" + (f" (or {self.other}, if the comma was a decimal one)" if self.other else "")


_NUMBERS = frozenset({Kind.MONEY, Kind.NUMBER, Kind.INTEGER})


def nearly(text: str) -> Nearly | None:
    """What the text most likely means, where that is no text."""
    if len(text) > _LONGEST:
        return None
    days = days_meant(text)
    if days is not None:
        return Nearly("a date", frozenset({Kind.DATE}), " or ".join(f'"{day.isoformat()}"' for day in days)) if days else None
    parts = _PARTED.fullmatch(text)
    if parts is None:
        return None
    sign = "-" if parts[1] in ("-", "−") else ""
    number, other = _number(parts[2].rstrip(_SPACES))
    if not number:
        return None
    return _with_word(sign + number, sign + other if other else "", parts[3].strip(), text)


def _with_word(number: str, other: str, word: str, text: str) -> Nearly | None:
    unit = word.lower().rstrip(".")
    if len(word) == 1 and word.isupper():
        return None  # a code, such as 2D
    if unit in UNITS and "." not in number:
        factor, name = UNITS[unit]
        count = int(number) * factor
        kind = Kind.DAYS if name in ("days", "weeks") else Kind.MONTHS
        return Nearly("a duration", frozenset({kind}), f"{count} {name}")
    if unit == "%" or unit in PERCENT:
        return Nearly("a percentage", _NUMBERS, f"{number}%", f"{other}%" if other else "")
    if unit in SCALES:
        return Nearly("a number", _NUMBERS, format((Decimal(number) * SCALES[unit]).normalize(), "f"))
    if unit in CURRENCIES or (not word and number != text):
        return Nearly("a number", _NUMBERS, number, other)
    return None


def _number(written: str) -> tuple[str, str]:
    """The digits with a decimal point at most, and a second reading where a comma may part thousands; empty where it is no number."""
    marked = _MARKED.fullmatch(written)
    if marked is not None:
        whole, mark, fraction = marked[1], marked[2], marked[3] or ""
        if mark == "." and whole.count(".") == 1 and not fraction:
            return written, ""  # a decimal point as it should be
        digits = re.sub("[.,]", "", whole) + fraction.replace(",", ".")
        alone = mark == "," and whole.count(",") == 1 and not fraction
        if whole.startswith("0"):
            return (whole.replace(",", "."), "") if alone else ("", "")
        return digits, whole.replace(",", ".") if alone else ""
    if _GROUPED.fullmatch(written) is None or (written.startswith("0") and written[1:2] not in ("", ".", ",")):
        return "", ""
    return re.sub(f"[{_SPACES}]", "", written).replace(",", "."), ""
