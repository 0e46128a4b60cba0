"""The words that stand beside numbers: Polish has three forms, English two; large numbers in short."""

from __future__ import annotations

from decimal import Decimal

import pytest

from selective_sales import wording

POLISH = {
    0: "klientów",
    1: "klient",
    2: "klienci",
    4: "klienci",
    5: "klientów",
    12: "klientów",
    22: "klientów",
    25: "klientów",
    112: "klientów",
    123: "klientów",
}
FACTS = {1: "fakt", 2: "fakty", 5: "faktów", 12: "faktów", 22: "fakty"}


@pytest.mark.parametrize("number", POLISH)
def test_polish_forms(number: int) -> None:
    assert wording.speaker("pl", "PLN").plural(number, ("klient", "klienci", "klientów"), people=True) == POLISH[number]


@pytest.mark.parametrize("number", FACTS)
def test_polish_counts_things_otherwise_than_people(number: int) -> None:
    assert wording.speaker("pl", "PLN").plural(number, ("fakt", "fakty", "faktów")) == FACTS[number]


@pytest.mark.parametrize(("number", "word"), [(0, "clients"), (1, "client"), (2, "clients"), (22, "clients"), (101, "clients")])
def test_english_forms(number: int, word: str) -> None:
    assert wording.speaker("en", "PLN").plural(number, ("client", "clients")) == word


@pytest.mark.parametrize(
    ("number", "polish", "english"),
    [
        ("0", "0", "0"),
        ("999", "999", "999"),
        ("1234", "1,2\u00a0tys.", "1.2K"),
        ("999999", "1\u00a0mln", "1M"),
        ("8214194.90", "8,2\u00a0mln", "8.2M"),
        ("-1230000", "-1,2\u00a0mln", "-1.2M"),
        ("2500000000", "2,5\u00a0mld", "2.5B"),
        ("0.25", "0,25", "0.25"),
    ],
)
def test_large_numbers_in_short(number: str, polish: str, english: str) -> None:
    assert [wording.speaker(code, "PLN").compact(Decimal(number)) for code in ("pl", "en")] == [polish, english]
