"""How the commands speak for themselves in English and Polish: their own words, and numbers as people write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import ClassVar


@dataclass(frozen=True)
class Speech:
    """A language. What speaks of something is a class of its own: it names its Polish words and says what it speaks of.

    (No slots: what is grouped once for a language is kept.)
    """

    language: str
    words: ClassVar[Mapping[str, str]] = {}
    """English to Polish. Any other language hears English."""

    @property
    def polish(self) -> bool:
        return self.language.split("-")[0].lower() == "pl"

    def say(self, words: str) -> str:
        return self.words.get(words, words) if self.polish else words

    def either(self, english: str, polish: str) -> str:
        return polish if self.polish else english

    def localized(self, text: str) -> str:
        """A number as Python writes it, with the signs of the language."""
        return text.replace(",", "\u00a0").replace(".", ",") if self.polish else text

    def number(self, value: int | float | Decimal | Fraction, places: int = 0, *, signed: bool = False) -> str:
        """With that many places, half up; `signed` for a difference."""
        exact = Decimal(value.numerator) / Decimal(value.denominator) if isinstance(value, Fraction) else Decimal(value)
        rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        sign = "+" if signed and rounded > 0 else ""
        return self.localized(f"{sign}{rounded or abs(rounded):,.{places}f}")

    def percent(self, value: Fraction | Decimal | None, places: int = 1) -> str:
        """A share; a sign that it means nothing where there is none."""
        return "-" if value is None else f"{self.number(value * 100, places)}%"

    def counted(self, count: int, english: tuple[str, str], polish: tuple[str, str, str]) -> str:
        """That many of something that is no person: the words are for one and for others, in Polish for one, a few and many."""
        if not self.polish:
            return f"{self.number(count)} {english[count != 1]}"
        from ..pipeline.summary import plural

        return f"{self.number(count)} {plural(count, polish, 'pl')}"

    def people(self, count: int) -> str:
        if not self.polish:
            return f"{self.number(count)} {'client' if count == 1 else 'clients'}"
        return f"{self.number(count)} {'klient' if count == 1 else 'klienci' if are_few(count) else 'klientów'}"

    def of_people(self, count: int) -> str:
        """`of 5 clients`: as they stand after a preposition."""
        if not self.polish:
            return self.people(count)
        return f"{self.number(count)} {'klienta' if count == 1 else 'klientów'}"


def are_few(people: int) -> bool:
    """Two to four people, as Polish counts them: 22 clients are many already."""
    return people in (2, 3, 4)
