"""What people write where a number, a duration, a percentage or a date is meant; and texts that are texts."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selective_sales.model.dates import days_meant
from selective_sales.reading.nearly import nearly


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("6 mths", "6 months"),
        ("-3 Months", "-3 months"),
        ("2 lata", "2 years"),
        ("1 kwartał", "3 months"),
        ("90d", "90 days"),
        ("3 mies.", "3 months"),
        ("5 %", "5%"),
        ("5,5 proc.", "5.5%"),
        ("10 000", "10000"),
        ("10\u00a0000,50", "10000.50"),
        ("1'000", "1000"),
        ("1.000.000", "1000000"),
        ("1,000,000.5", "1000000.5"),
        ("1.234,5", "1234.5"),
        ("0,4", "0.4"),
        ("\u22125", "-5"),
        ("2,5 tys.", "2500"),
        ("3 mln zł", ""),
        ("180 PLN", "180"),
        ("1,000", "1000"),
        ("1-2", ""),
        ("3rd", ""),
        ("2D", ""),
        ("00-950", ""),
        ("0123", ""),
        ("1 2 3", ""),
        ("12 angry men", ""),
        ("1.5 months", ""),
    ],
)
def test_what_is_meant(written: str, meant: str) -> None:
    found = nearly(written)
    assert (found.written if found is not None else "") == meant


def test_a_comma_between_three_digits_is_told_both_ways() -> None:
    found = nearly("1,250")
    assert found is not None
    assert found.help == "write 1250 (or 1.250, if the comma was a decimal one)"


@given(st.text(alphabet="0123456789 .,'-/%_dmy\u2212zł", max_size=45))
def test_any_text_may_be_asked(text: str) -> None:
    found = nearly(text)
    if found is not None and found.what == "a number":
        assert Decimal(found.written).is_finite()


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("22.11.2026", ["2026-11-22"]),
        ("2026/11/22", ["2026-11-22"]),
        ("1.2.2026", ["2026-02-01"]),
        ("05/06/2026", ["2026-06-05", "2026-05-06"]),
        ("11/22/2026", ["2026-11-22"]),
        ("2026-1-5", ["2026-01-05"]),
        ("30.02.2026", []),
        ("1.2.3", None),
        ("today", None),
    ],
)
def test_the_days_that_a_date_may_mean(written: str, days: list[str] | None) -> None:
    found = days_meant(written)
    assert found == (None if days is None else tuple(datetime.date.fromisoformat(day) for day in days))
