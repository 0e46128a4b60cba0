"""Numbers in, what stands beside them out: the right form of a noun, and large numbers in short."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from .cleaning import clean
from .numbers import locale

_PLACES = {"one": 0, "few": 1, "many": 2}
_FEW_PEOPLE = 4


def plural(number: int, forms: Sequence[str], language: str, *, people: bool = False) -> str:
    """The form of a noun for that many: `forms` are for one and for others, or (Polish) for one, a few, many.

    `people`: the noun names men or people, who are a few only as 2, 3 and 4: 22 of them take the form of many, in Polish.

    >>> [plural(n, ("fakt", "fakty", "faktów"), "pl") for n in (1, 2, 5, 12, 22)]
    ['fakt', 'fakty', 'faktów', 'faktów', 'fakty']
    >>> [plural(n, ("klient", "klienci", "klientów"), "pl", people=True) for n in (1, 2, 5, 12, 22)]
    ['klient', 'klienci', 'klientów', 'klientów', 'klientów']
    """
    category = locale(language).plural_form(abs(number))
    if people and category == "few" and abs(number) > _FEW_PEOPLE:
        category = "many"
    return forms[min(_PLACES.get(category, len(forms) - 1), len(forms) - 1)]


def compact(number: Decimal, language: str) -> str:
    """A number in short, as it stands at an axis: `1.2M`, `1,2 mln`."""
    from babel.numbers import format_compact_decimal

    if abs(number) >= 1000:  # rounded first: 999,999 is 1M, not 1000K
        tenth = Decimal(1).scaleb(number.adjusted() // 3 * 3 - 1)
        number = (number / tenth).to_integral_value(ROUND_HALF_UP) * tenth
    said = format_compact_decimal(number, locale=locale(language), fraction_digits=1 if abs(number) >= 1000 else 2)
    return clean(said).replace(" ", "\u00a0")
