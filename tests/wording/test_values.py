"""Values in words: what a Polish and an English reader must see."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selective_sales import wording
from selective_sales.model.expression import Scalar
from selective_sales.model.kind import Kind

NB = "\u00a0"


def pl(value: Scalar | float | None, kind: Kind, format: str = "") -> str:
    return wording.value(value, kind, "pl", "PLN", format)


def en(value: Scalar | float | None, kind: Kind, format: str = "") -> str:
    return wording.value(value, kind, "en", "PLN", format)


@pytest.mark.parametrize(
    ("value", "polish", "english"),
    [
        ("1234.5", f"1{NB}234,50{NB}zł", f"PLN{NB}1,234.50"),
        ("-1234.5", f"-1{NB}234,50{NB}zł", f"-PLN{NB}1,234.50"),
        ("0", f"0,00{NB}zł", f"PLN{NB}0.00"),
        ("2.665", f"2,67{NB}zł", f"PLN{NB}2.67"),
        ("-2.665", f"-2,67{NB}zł", f"-PLN{NB}2.67"),
        ("-0.0049", f"0,00{NB}zł", f"PLN{NB}0.00"),
        ("12345678.9999", f"12{NB}345{NB}679,00{NB}zł", f"PLN{NB}12,345,679.00"),
    ],
)
def test_money_has_two_places_rounded_half_up_once(value: str, polish: str, english: str) -> None:
    assert pl(Decimal(value), Kind.MONEY) == polish
    assert en(Decimal(value), Kind.MONEY) == english


def test_a_currency_sign_touches_the_digits_but_a_code_does_not() -> None:
    assert wording.value(Decimal("5"), Kind.MONEY, "en", "USD") == "$5.00"
    assert wording.value(Decimal("5"), Kind.MONEY, "en", "CHF") == f"CHF{NB}5.00"
    assert wording.value(Decimal("5"), Kind.MONEY, "de", "EUR") == f"5,00{NB}€"


@pytest.mark.parametrize(
    ("value", "polish", "english"),
    [
        (Decimal("0.05"), "5,0%", "5.0%"),
        (Decimal("0.0525"), "5,3%", "5.3%"),
        (0.0525, "5,3%", "5.3%"),
        (Decimal("-0.0005"), "-0,1%", "-0.1%"),
        (12, f"1{NB}200,0%", "1,200.0%"),
    ],
)
def test_percent_has_one_place(value: Scalar | float, polish: str, english: str) -> None:
    assert pl(value, Kind.NUMBER, "percent") == polish
    assert en(value, Kind.NUMBER, "percent") == english


@pytest.mark.parametrize(
    ("value", "polish"),
    [
        (Decimal("0.4000"), "0,4"),
        (0.1, "0,1"),
        (1 / 3, "0,3333"),
        (Decimal("0.0000123"), "0,0000123"),
        (Decimal(10), "10"),
        (1e16, f"10{NB}000{NB}000{NB}000{NB}000{NB}000"),
    ],
)
def test_a_number_has_the_places_it_needs(value: Scalar | float, polish: str) -> None:
    assert pl(value, Kind.NUMBER) == polish


@pytest.mark.parametrize(
    ("count", "days", "months"),
    [
        (0, "0 dni", "0 miesięcy"),
        (1, "1 dzień", "1 miesiąc"),
        (2, "2 dni", "2 miesiące"),
        (5, "5 dni", "5 miesięcy"),
        (12, "12 dni", "12 miesięcy"),
        (22, "22 dni", "22 miesiące"),
        (112, "112 dni", "112 miesięcy"),
        (-2, "-2 dni", "-2 miesiące"),
    ],
)
def test_polish_spans_have_their_plurals(count: int, days: str, months: str) -> None:
    assert pl(count, Kind.DAYS).replace(NB, " ") == days
    assert pl(count, Kind.MONTHS).replace(NB, " ") == months


def test_english_spans() -> None:
    assert [en(n, Kind.DAYS).replace(NB, " ") for n in (1, 2)] == ["1 day", "2 days"]
    assert [en(n, Kind.MONTHS).replace(NB, " ") for n in (1, 2)] == ["1 month", "2 months"]


def test_dates_are_long_and_never_mean_two_things() -> None:
    day = datetime.date(2026, 11, 5)
    assert pl(day, Kind.DATE).replace(NB, " ") == "5 listopada 2026"
    assert en(day, Kind.DATE).replace(NB, " ") == "November 5, 2026"
    assert wording.value(day, Kind.DATE, "en-GB", "GBP").replace(NB, " ") == "5 November 2026"
    assert en(day, Kind.DATE, "plain") == "2026-11-05"


def test_yes_no_and_missing() -> None:
    assert [pl(True, Kind.BOOLEAN), pl(False, Kind.BOOLEAN), pl(None, Kind.MONEY)] == ["tak", "nie", "brak danych"]
    assert [en(True, Kind.BOOLEAN), en(False, Kind.BOOLEAN), en(None, Kind.DATE)] == ["yes", "no", "no data"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity")])
def test_what_is_not_a_number_reads_as_missing(value: Scalar | float) -> None:
    assert pl(value, Kind.NUMBER) == "brak danych"


@pytest.mark.parametrize(
    ("format", "shown"),
    [
        ("number", "1,234.5"),
        ("integer", "1,235"),
        ("money", f"PLN{NB}1,234.50"),
        ("percent", "123,450.0%"),
        ("plain", "1234.5000"),
        ("date", f"PLN{NB}1,234.50"),
    ],
)
def test_formats_of_an_amount(format: str, shown: str) -> None:
    assert en(Decimal("1234.5000"), Kind.MONEY, format) == shown


def test_a_format_never_changes_a_text_or_a_span() -> None:
    assert en("it", Kind.TEXT, "percent") == "it"
    assert en(90, Kind.DAYS, "percent") == f"90{NB}days"


@pytest.mark.parametrize("language", ["de", "fr", "uk", "ja", "ar", "hi", "pt-BR", "cs"])
def test_any_language_of_babel_works(language: str) -> None:
    assert "1" in wording.value(Decimal("1234.5"), Kind.MONEY, language, "EUR")
    assert "duration" not in wording.value(5, Kind.MONTHS, language, "EUR")
    assert wording.value(datetime.date(2026, 1, 2), Kind.DATE, language, "EUR")
    assert wording.value(None, Kind.DATE, language, "EUR") == "—"


def test_indian_groups() -> None:
    assert wording.value(Decimal("12345678"), Kind.NUMBER, "hi", "INR") == "1,23,45,678"


def test_a_language_that_nobody_knows_still_gives_words() -> None:
    assert wording.value(Decimal("1.5"), Kind.NUMBER, "xx-invented", "PLN") == "1.5"


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**14), max_value=10**14, places=4))
def test_polish_and_english_show_the_same_amount(amount: Decimal) -> None:
    polish = pl(amount, Kind.MONEY).removesuffix(f"{NB}zł").replace(NB, "").replace(",", ".")
    english = en(amount, Kind.MONEY).replace(f"PLN{NB}", "").replace(",", "")
    assert Decimal(polish) == Decimal(english)
    assert abs(Decimal(polish) - amount) <= Decimal("0.005")
