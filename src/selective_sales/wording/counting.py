"""Numbers in, what stands beside them out: the right form of a noun, and large numbers in short."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from .cleaning import clean
from .numbers import locale

_PLACES = {"one": 0, "few": 1, "many": 2}


def plural(number: int, forms: Sequence[str], language: str) -> str:
    """The form of a noun for that many: `forms` are for one and for others, or (Polish) for one, a few, many.

    >>> [plural(n, ("klient", "klienci", "klientów"), "pl") for n in (1, 2, 5, 12, 22)]
    ['klient', 'klienci', 'klientów', 'klientów', 'klienci']
    """
    category = locale(language).plural_form(abs(number))
    return forms[min(_PLACES.get(category, len(forms) - 1), len(forms) - 1)]


def compact(number: Decimal, language: str) -> str:
    """A number in short, as it stands at an axis: `1.2M`, `1,2 mln`."""
    from babel.numbers import format_compact_decimal

    said = format_compact_decimal(number, locale=locale(language), fraction_digits=1 if abs(number) >= 1000 else 2)
    return clean(said).replace(" ", "\u00a0")
