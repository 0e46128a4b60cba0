"""One value in, its words out: by kind, format, language and currency."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Literal, assert_never

from ..model.expression import Scalar
from ..model.kind import Kind
from .cleaning import clean
from .numbers import decimal_shape, exact, locale, money_shape, percent_shape, places_needed, rounded
from .words import words

_SIGNIFICANT = 3
"""A small number keeps this many significant digits: 0.0000123 does not read 0."""


def value(
    value: Scalar | float | None,
    kind: Kind,
    language: str,
    currency: str,
    format: str = "",
    *,
    places: int | None = None,
    beside: Sequence[Decimal] = (),
) -> str:
    """The value in the language's words.

    `format`: percent, number, integer, money, date, plain, or "" for what suits the kind; one that does not suit the value is ignored.
    `places` asks for at least that many decimal places where two values must be told apart; with `beside` the value has as many as it takes
    to be told from each of those numbers: 999.996 beside 1000 does not read 1,000.00. NaN and infinity read as missing.

    money: two places, with the currency · number: up to four places, more where it is small · percent: one place · date: long form ·
    days and months: with the right plural · boolean: yes and no · text: cleaned of invisible characters.

    >>> value(Decimal("0.052"), Kind.NUMBER, "pl", "PLN", "percent")
    '5,2%'
    >>> value(5, Kind.MONTHS, "pl", "PLN")
    '5 miesięcy'
    """
    match value:
        case None:
            return words(language).no_data
        case bool():
            return _boolean(value, language, format)
        case str():
            return clean(value)
        case datetime.datetime():
            return _date(value.date(), language, format)
        case datetime.date():
            return _date(value, language, format)
        case Decimal() | int() | float():
            number = exact(value)
            return words(language).no_data if number is None else _number(number, _form(kind, format), language, currency, places, beside)
        case _:
            assert_never(value)


def points(value: Decimal, language: str, places: int = 1) -> str:
    """A difference of two percentages in percentage points: 0.002 is `0.2 percentage points`."""
    number = rounded(value.scaleb(2), places)
    shown = decimal_shape(language).of(number, places_needed(number, places))
    forms = words(language).points
    # The category of a number depends on the places shown (1 is "one", 1.5 is "other").
    category = locale(language).plural_form(number.normalize())
    return f"{shown}\u00a0{forms.get(category, forms['other'])}"


def short_percent(value: Scalar | None, language: str) -> str | None:
    """A written 5% reads 5%, not 5.0%; None for what is no number."""
    if not isinstance(value, Decimal | int) or isinstance(value, bool):
        return None
    percent = rounded(Decimal(value).scaleb(2), 7)
    return percent_shape(language).of(percent, places_needed(percent, 7))


def _form(kind: Kind, format: str) -> str:
    if format == "plain":
        return "plain"
    if kind in (Kind.DAYS, Kind.MONTHS):
        return str(kind)
    if format in ("percent", "number", "integer", "money"):
        return format
    return str(kind) if kind in (Kind.MONEY, Kind.INTEGER) else "number"


def _number(number: Decimal, form: str, language: str, currency: str, places: int | None, beside: Sequence[Decimal]) -> str:
    wanted = max(places or 0, *(_places_beside(number, other, form) for other in beside)) if beside else places or 0
    match form:
        case "plain":
            return f"{number:f}"
        case "money":
            shown = max(2, wanted)
            return money_shape(language, currency).of(rounded(number, shown), shown)
        case "percent":
            shown = max(1, wanted)
            return percent_shape(language).of(rounded(number.scaleb(2), shown), shown)
        case "integer":
            return decimal_shape(language).of(rounded(number, wanted), wanted)
        case "days" | "months":
            return _span(int(rounded(number, 0)), form, language)
        case _:
            most = max(wanted, 4, _SIGNIFICANT - 1 - number.adjusted() if number else 0)
            shown = places_needed(number, most)
            return decimal_shape(language).of(rounded(number, most), shown)


_USUAL = {"money": 2, "percent": 1, "integer": 0, "number": 4}
_MOST_PLACES = 12


def _places_beside(number: Decimal, other: Decimal, form: str) -> int:
    """0 where the usual places show the number itself, or that the two differ (or they are equal); else the fewest that do."""
    usual = _USUAL.get(form)
    if usual is None or number == other:
        return 0
    if form == "percent":
        number, other = number.scaleb(2), other.scaleb(2)
    if abs(number - other) > 1 or number == rounded(number, usual):
        return 0
    differing = (n for n in range(usual, _MOST_PLACES) if rounded(number, n) != rounded(other, n))
    places = places_needed(number, next(differing, _MOST_PLACES), usual)
    return places if places > usual else 0


def _boolean(value: bool, language: str, format: str) -> str:
    if format == "plain":
        return "true" if value else "false"
    return words(language).yes if value else words(language).no


@lru_cache(maxsize=4096)
def _date(value: datetime.date, language: str, format: str) -> str:
    if format == "plain":
        return value.isoformat()
    from babel.dates import format_date

    # A day and its month stay on one line.
    return clean(format_date(value, "long", locale=locale(language))).replace(" ", "\u00a0", 1)


@lru_cache(maxsize=4096)
def _span(count: int, unit: str, language: str) -> str:
    """`5 dni`, `2 months`. Not every locale spells a unit out: then the longest form it has."""
    from babel.units import format_unit

    name = f"duration-{unit[:-1]}"
    here = locale(language)
    lengths: tuple[Literal["long", "short", "narrow"], ...] = ("long", "short", "narrow")
    spoken = [format_unit(count, name, length=length, locale=here) for length in lengths]
    # A locale without the form gives the unit's code instead.
    return clean(next((text for text in spoken if name not in text), spoken[0])).replace(" ", "\u00a0")
