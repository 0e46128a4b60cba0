"""The oracle itself against sentences of the language's text: a judge that nobody has judged proves nothing."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from selective_sales.model import expression as e
from selective_sales.model.checked import CheckedPolicy
from selective_sales.model.kind import Kind
from selective_sales.model.policy import Policy, Strategy
from tests.oracle import Client, Evaluator, aggregates, arithmetic, dates
from tests.oracle.expressions import all_of, any_of, compare, fitted, inverse
from tests.oracle.numbers import exact, grid, half_away, nine_places

NO_POLICY = CheckedPolicy(Policy("none", "1", ("en",), "EUR", Strategy.FIRST, (), (), (), (), ()), (), (), (), ())
N, M, W, D = Kind.NUMBER, Kind.MONEY, Kind.INTEGER, Kind.DAYS


def operation(left_kind: Kind, left: Any, op: e.ArithmeticOp, right_kind: Kind, right: Any, kind: Kind) -> Any:
    """`left op right` between two fields of these kinds."""
    node = e.Arithmetic(e.FieldValue("clients", "a", kind=left_kind), op, e.FieldValue("clients", "b", kind=right_kind), kind=kind)
    return fitted(arithmetic.calculate(node, left, op, right), kind)


def number(value: str) -> e.Constant:
    return e.Constant(Decimal(value), kind=N)


@pytest.mark.parametrize(
    ("left", "op", "right", "compared", "bound"),
    [("0.21", "/", "3", ">=", "0.07"), ("0.1", "+", "0.2", "<=", "0.3"), ("0.3", "/", "0.1", ">=", "3"), ("0.1", "+", "0.2", "=", "0.3")],
)
def test_calculated_numbers_are_compared_on_the_grid(left: str, op: e.ArithmeticOp, right: str, compared: e.CompareOp, bound: str) -> None:
    calculated = e.Arithmetic(number(left), op, number(right), kind=N)
    nobody = Evaluator(NO_POLICY, datetime.date(2026, 11, 22), Client({}, {}))
    assert nobody.condition(e.Compare(calculated, compared, number(bound), kind=Kind.BOOLEAN)) is True


@pytest.mark.parametrize(
    ("value", "expected"), [(0.0, 0.0), (-0.0, 0.0), (0.1 + 0.2, 0.3), (-0.0000000005, -0.000000001), (1e300, float("inf"))]
)
def test_the_grid(value: float, expected: float) -> None:
    assert grid(value) == expected or expected == float("inf")


@pytest.mark.parametrize(("value", "expected"), [("0.5", 1), ("-0.5", -1), ("1.4999", 1), ("-2.5", -3), ("0", 0)])
def test_halves_go_away_from_zero(value: str, expected: int) -> None:
    assert half_away(exact(Decimal(value))) == expected


def test_nine_places_count_billionths() -> None:
    assert nine_places(-0.333333333) == -333333333


@pytest.mark.parametrize(
    ("op", "amount", "number", "expected"),
    [
        ("*", "33.3333", 0.5, "16.6667"),
        ("*", "-33.3333", 0.5, "-16.6667"),
        ("/", "100", 3.0, "33.3333"),
        ("/", "0.0001", 2.0, "0.0001"),
        ("*", "50000000000000", 2.0, None),
        ("/", "1", 0.0, None),
    ],
)
def test_money_by_a_number_is_rounded_half_away(op: e.ArithmeticOp, amount: str, number: float, expected: str | None) -> None:
    found = operation(M, Decimal(amount), op, N, number, M)
    assert found == (None if expected is None else Decimal(expected))


def test_a_quotient_of_money_is_the_double_nearest_to_the_exact_quotient() -> None:
    assert operation(M, Decimal("0.3"), "/", M, Decimal("0.1"), N) == 3.0
    assert operation(M, Decimal("99999999999999.9999"), "/", M, Decimal("0.0003"), N) == 333333333333333333.0


@pytest.mark.parametrize("op", ["+", "-", "*", "/"])
def test_arithmetic_with_a_missing_value_is_missing(op: e.ArithmeticOp) -> None:
    assert operation(N, None, op, N, 1.0, N) is None
    assert operation(N, 1.0, op, N, None, N) is None


def test_integers_overflow_to_missing() -> None:
    assert operation(W, 2**63 - 1, "+", W, 1, W) is None
    assert operation(W, -(2**63), "+", W, 0, W) == -(2**63)


def test_days_by_a_number_round_half_away() -> None:
    assert operation(D, 30, "*", N, 0.35, D) == 11
    assert operation(D, -30, "*", N, 0.35, D) == -11


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2026-01-31", "2026-02-28", 1),
        ("2026-02-28", "2026-01-31", -1),
        ("2024-02-29", "2025-02-28", 12),
        ("2026-01-15", "2026-02-14", 0),
        ("2026-01-15", "2026-01-15", 0),
        ("2026-02-28", "2026-03-31", 1),
    ],
)
def test_whole_months_between_two_dates(start: str, end: str, months: int) -> None:
    assert dates.months_between(datetime.date.fromisoformat(start), datetime.date.fromisoformat(end)) == months


def test_adding_months_clamps_to_the_end_of_the_month() -> None:
    assert dates.add_months(datetime.date(2024, 1, 31), 1) == datetime.date(2024, 2, 29)
    assert dates.add_months(datetime.date(9999, 12, 1), 1) is None


def test_kleene() -> None:
    assert all_of([False, None]) is False
    assert all_of([True, None]) is None
    assert any_of([True, None]) is True
    assert any_of([False, None]) is None
    assert inverse(None) is None
    assert compare(None, "=", None) is None


@pytest.mark.parametrize(
    ("function", "values", "expected"),
    [
        ("sum", [], Decimal(0)),
        ("sum", [Decimal("0.1"), Decimal("0.2")], Decimal("0.3")),
        ("mean", [], None),
        ("mean", [Decimal("0.0001"), Decimal("0.0002")], Decimal("0.0002")),
        ("median", [Decimal(5), Decimal(1), Decimal(2), Decimal(4)], Decimal(3)),
        ("median", [Decimal("-0.0001"), Decimal("-0.0002")], Decimal("-0.0002")),
        ("min", [Decimal(2), Decimal(1)], Decimal(1)),
        ("max", [], None),
    ],
)
def test_lists_of_money(function: str, values: list[Decimal], expected: Decimal | None) -> None:
    node = e.Aggregate(function, "orders", None, e.FieldValue("orders", "amount", kind=M), kind=M)
    assert aggregates.listed(node, values) == expected


def test_sums_of_numbers_are_exact() -> None:
    node = e.Aggregate("sum", "orders", None, e.FieldValue("orders", "price", kind=N), kind=N)
    assert aggregates.listed(node, [0.1] * 10) == 1.0
