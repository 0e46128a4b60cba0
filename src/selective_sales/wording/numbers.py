"""Numbers in a locale's form. Rounded once, half away from zero, before any pattern sees them.

Babel says what a locale's affixes and marks are; the digits are then set by Python, which is ten times faster than
applying the pattern anew for every value of every letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from .cleaning import clean

if TYPE_CHECKING:
    from babel import Locale
    from babel.numbers import NumberPattern

_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)


def exact(value: Decimal | int | float) -> Decimal | None:
    """The number as a decimal (a double as its shortest text); None for NaN and infinity."""
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return number if number.is_finite() else None


def rounded(value: Decimal, places: int) -> Decimal:
    """Half away from zero; minus zero is zero. A number too large to have that many places is left as it is."""
    if value.adjusted() + places > 50:
        return value
    result = value.quantize(Decimal(1).scaleb(-places), context=_WIDE)
    return abs(result) if result.is_zero() else result


def places_needed(value: Decimal, most: int, least: int = 0) -> int:
    """How many places show the value when rounded to `most`, without zeros at the end, but at least `least`."""
    exponent = rounded(value, most).normalize(_WIDE).as_tuple().exponent
    assert isinstance(exponent, int)
    return max(least, -exponent)


@lru_cache(maxsize=64)
def locale(language: str) -> Locale:
    """The Babel locale of `pl`, `en-GB`, `pt_BR`; the root English one where nobody knows the language."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


@dataclass(frozen=True, slots=True)
class Shape:
    """What stands around the digits, the marks in them, and how many digits the first and the further groups have."""

    before: str
    after: str
    group: str
    decimal: str
    groups: tuple[int, int]

    def of(self, number: Decimal, places: int) -> str:
        """The number with exactly that many places."""
        digits = self._digits(abs(number), places)
        return f"{'-' if number < 0 else ''}{self.before}{digits}{self.after}"

    def _digits(self, number: Decimal, places: int) -> str:
        if self.groups == (3, 3):
            digits = f"{number:,.{places}f}"
            if self.group == "," and self.decimal == ".":
                return digits
            return digits.replace(",", "\0").replace(".", self.decimal).replace("\0", self.group)
        whole, _, fraction = f"{number:.{places}f}".partition(".")
        first, further = self.groups
        parts = [whole[-first:]]
        whole = whole[:-first]
        while whole:
            parts.insert(0, whole[-further:])
            whole = whole[:-further]
        return self.group.join(parts) + (self.decimal + fraction if fraction else "")


@lru_cache(maxsize=64)
def decimal_shape(language: str) -> Shape:
    """A bare number."""
    return _shape(language, locale(language).decimal_formats[None], "")


@lru_cache(maxsize=64)
def percent_shape(language: str) -> Shape:
    """`5.2%`, `5,2 %`: the locale's own place for the sign. The number given is already times 100."""
    return _shape(language, locale(language).percent_formats[None], "")


@lru_cache(maxsize=256)
def money_shape(language: str, currency: str) -> Shape:
    """`PLN 1,234.50`, `1 234,50 zł`: a currency written in letters never touches a digit (CLDR's rule, which Babel leaves out)."""
    from babel.numbers import get_currency_symbol

    here = locale(language)
    return _shape(language, here.currency_formats["standard"], get_currency_symbol(currency, here))


def _shape(language: str, pattern: NumberPattern, symbol: str) -> Shape:
    from babel.numbers import get_decimal_symbol, get_group_symbol

    here = locale(language)
    # Marks of direction in a pattern are the page's business: here they would stand in the middle of a sentence of another direction.
    before, after = (clean(part).replace("'", "") for part in (pattern.prefix[0], pattern.suffix[0]))
    if before.endswith("¤") and symbol[-1:].isalpha():
        before += "\u00a0"
    if after.startswith("¤") and symbol[:1].isalpha():
        after = "\u00a0" + after
    marks = get_group_symbol(here), get_decimal_symbol(here)
    return Shape(before.replace("¤", symbol), after.replace("¤", symbol), *marks, pattern.grouping)
