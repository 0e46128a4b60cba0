"""Fisher's exact test against SciPy's and against fractions; Holm's order."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from selective_sales.auditing.fisher import fisher, holm

COUNT = st.integers(0, 40)


def exactly(a: int, n: int, b: int, m: int) -> Fraction:
    """The sum over all tables that are no likelier, in whole numbers."""
    drawn = a + b
    tables = {k: comb(n, k) * comb(m, drawn - k) for k in range(max(0, drawn - m), min(n, drawn) + 1)}
    return Fraction(sum(weight for weight in tables.values() if weight <= tables[a]), comb(n + m, drawn))


def least(n: int, m: int, drawn: int) -> Fraction:
    return min(exactly(k, n, drawn - k, m) for k in range(max(0, drawn - m), min(n, drawn) + 1))


@given(st.tuples(COUNT, COUNT, COUNT, COUNT))
def test_it_is_the_exact_sum(counts: tuple[int, int, int, int]) -> None:
    a, not_a, b, not_b = counts
    found = fisher(a, a + not_a, b, b + not_b)
    assert found.p == pytest.approx(float(exactly(a, a + not_a, b, b + not_b)), rel=1e-12)
    assert found.least == pytest.approx(float(least(a + not_a, b + not_b, a + b)), rel=1e-12)


@given(st.tuples(COUNT, COUNT, COUNT, COUNT))
def test_neither_order_nor_complement_matters(counts: tuple[int, int, int, int]) -> None:
    a, not_a, b, not_b = counts
    n, m = a + not_a, b + not_b
    assert fisher(a, n, b, m).p == pytest.approx(fisher(b, m, a, n).p, rel=1e-12)
    assert fisher(a, n, b, m).p == pytest.approx(fisher(not_a, n, not_b, m).p, rel=1e-12)


@pytest.mark.parametrize(
    ("a", "n", "b", "m"),
    [
        (201, 310, 499, 690),
        (110, 190, 590, 810),
        (667, 963, 33, 37),
        (4, 37, 296, 963),
        (499_000, 1_000_000, 500_000, 1_000_000),
        (300, 1_000_000, 400, 1_000_000),
        (9, 12, 700_000, 1_000_000),
        (1_000, 1_000_000, 0, 50),
        (0, 30, 3, 1_000_000),
        (2_345, 3_000, 756_789, 999_999),
    ],
)
def test_scipy_says_the_same_also_of_millions(a: int, n: int, b: int, m: int) -> None:
    assert fisher(a, n, b, m).p == pytest.approx(fisher_exact([[a, n - a], [b, m - b]]).pvalue, rel=1e-8)


def test_what_no_double_holds_is_nothing() -> None:
    assert fisher(0, 1_000_000, 1_000_000, 1_000_000).p == 0
    assert fisher(200_000, 1_000_000, 500_000, 1_000_000).p == 0


@pytest.mark.parametrize(("a", "n", "b", "m"), [(0, 0, 0, 0), (0, 50, 0, 70), (50, 50, 70, 70), (0, 0, 3, 9), (1, 1, 0, 0)])
def test_where_only_one_table_is_possible_nothing_is_told_apart(a: int, n: int, b: int, m: int) -> None:
    assert (fisher(a, n, b, m).p, fisher(a, n, b, m).least) == (1, 1)


def test_one_decision_among_forty_can_never_be_significant() -> None:
    assert fisher(1, 20, 0, 20).least == 1
    assert fisher(1, 10, 0, 1000).least == pytest.approx(10 / 1010)


def test_holm_by_hand() -> None:
    assert holm([0.0206, 0.0001, 0.0094]) == pytest.approx((0.0206, 0.0003, 0.0188))


def test_holm_never_falls_below_an_earlier_one_nor_rises_above_one() -> None:
    assert holm([0.01, 0.011, 0.9, 0.012]) == pytest.approx((0.04, 0.04, 0.9, 0.04))
    assert holm([0.6, 0.7]) == (1.0, 1.0)
    assert holm([]) == ()


@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm_keeps_the_order_and_is_between_p_and_bonferroni(ps: list[float]) -> None:
    adjusted = holm(ps)
    assert all(p <= a <= min(1.0, p * len(ps)) or a == pytest.approx(max(adjusted[i] for i, q in enumerate(ps) if q <= p))
               for p, a in zip(ps, adjusted, strict=True))  # fmt: skip
    assert all(adjusted[i] <= adjusted[j] for i, p in enumerate(ps) for j, q in enumerate(ps) if p < q)
