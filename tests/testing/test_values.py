"""Figures compare at the places written, everything else exactly."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from selective_sales.model.kind import Kind
from selective_sales.testing.values import matches, read_wanted, written, written_as


@pytest.mark.parametrize(
    ("expected", "kind", "actual", "same"),
    [
        ("0.33", Kind.NUMBER, 0.3333, True),
        ("0.33", Kind.NUMBER, 0.335, False),
        ("0.34", Kind.NUMBER, 0.335, True),
        ("-0.34", Kind.NUMBER, -0.335, True),
        ("0.333", Kind.NUMBER, 0.33, False),
        ("0.330", Kind.NUMBER, 0.33, True),
        ("33%", Kind.NUMBER, 0.3349, True),
        ("33.3%", Kind.NUMBER, 0.3333, True),
        ("33.3%", Kind.NUMBER, 0.33, False),
        ("1", Kind.NUMBER, 0.5, True),
        ("0", Kind.NUMBER, 0.499999999, True),
        ("1000", Kind.MONEY, Decimal("999.5000"), True),
        ("999.5", Kind.MONEY, Decimal("999.5000"), True),
        ("999.50001", Kind.MONEY, Decimal("999.5000"), False),
        ("1_000", Kind.MONEY, Decimal("1000.0000"), True),
        ("1e3", Kind.NUMBER, 1000.0, True),
        ("-5", Kind.INTEGER, -5, True),
        ("+5", Kind.INTEGER, 5, True),
        ("9223372036854775807", Kind.INTEGER, 2**63 - 1, True),
        ("99999999999999.9999", Kind.MONEY, Decimal("99999999999999.9999"), True),
        ("1", Kind.NUMBER, 1e300, False),
        ("3", Kind.INTEGER, None, False),
        ("90 days", Kind.DAYS, 90, True),
        ("1 day", Kind.DAYS, 1, True),
        ("2 weeks", Kind.DAYS, 14, True),
        ("90", Kind.DAYS, 90, True),
        ("2 years", Kind.MONTHS, 24, True),
        ("-3 months", Kind.MONTHS, -3, True),
        ("true", Kind.BOOLEAN, True, True),
        ("true", Kind.BOOLEAN, False, False),
        ("2026-11-22", Kind.DATE, datetime.date(2026, 11, 22), True),
        ("2026-11-23", Kind.DATE, datetime.date(2026, 11, 22), False),
        ("key", Kind.TEXT, "key", True),
        ("Key", Kind.TEXT, "key", False),
        ("5", Kind.TEXT, "5.0", False),
    ],
)
def test_an_expected_value_against_an_actual_one(expected: str, kind: Kind, actual: object, same: bool) -> None:
    wanted = read_wanted(expected, kind)
    assert wanted is not None
    assert matches(wanted, actual) is same  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("many", Kind.NUMBER),
        ("", Kind.MONEY),
        ("1,5", Kind.NUMBER),
        ("nan", Kind.NUMBER),
        ("Infinity", Kind.NUMBER),
        ("1e999", Kind.NUMBER),
        ("1" * 50_000, Kind.NUMBER),
        ("0." + "1" * 50_000, Kind.NUMBER),
        ("yes", Kind.BOOLEAN),
        ("22.11.2026", Kind.DATE),
        ("2026-02-30", Kind.DATE),
        ("3 months", Kind.DAYS),
        ("90 days", Kind.MONTHS),
        ("90days", Kind.DAYS),
    ],
)
def test_a_text_that_is_no_value_of_the_kind(text: str, kind: Kind) -> None:
    assert read_wanted(text, kind) is None


def test_infinite_and_not_a_number_match_no_figure() -> None:
    wanted = read_wanted("1", Kind.NUMBER)
    assert wanted is not None
    assert not matches(wanted, float("inf"))
    assert not matches(wanted, float("nan"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "missing"),
        (True, "true"),
        (0.1, "0.1"),
        (100.0, "100"),
        (1e-9, "0.000000001"),
        (Decimal("1500.0000"), "1500"),
        (Decimal("0.0000"), "0"),
        (Decimal("-0.5000"), "-0.5"),
        (["a", "b"], "[a, b]"),
        ((), "[]"),
        (datetime.date(2026, 1, 2), "2026-01-02"),
    ],
)
def test_a_value_is_shown_as_an_author_writes_it(value: object, text: str) -> None:
    assert written(value) == text


def test_a_duration_is_shown_with_its_unit() -> None:
    assert written_as(90, Kind.DAYS) == "90 days"
    assert written_as(12, Kind.MONTHS) == "12 months"
    assert written_as(12, Kind.INTEGER) == "12"
