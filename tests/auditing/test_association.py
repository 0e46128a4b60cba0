"""How far a value tells groups apart: against SciPy, and at the ends."""

from __future__ import annotations

from math import sqrt
from statistics import fmean, pvariance

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, f_oneway
from scipy.stats.contingency import association

from selective_sales.auditing.association import cramers_v, ratio_of_correlation
from selective_sales.model.audit import Moments


def of_table(table: list[list[int]]) -> float | None:
    clients = sum(map(sum, table))
    chi = chi2_contingency(table, correction=False).statistic / clients
    return cramers_v(clients, len(table), len(table[0]), chi)


def test_a_large_table_is_hardly_corrected() -> None:
    table = [[3000, 1000], [1000, 3000], [500, 700]]
    assert of_table(table) == pytest.approx(association(table, method="cramer"), abs=1e-3)


def test_bergsma_by_hand() -> None:
    phi = chi2_contingency([[20, 10], [10, 20]], correction=False).statistic / 60
    corrected = phi - 1 / 59
    assert of_table([[20, 10], [10, 20]]) == pytest.approx(sqrt(corrected / (2 - 1 / 59 - 1)))


def test_fully_and_not_at_all() -> None:
    assert of_table([[500, 0], [0, 500]]) == pytest.approx(1, abs=2e-3)
    assert of_table([[250, 250], [250, 250]]) == 0


def test_a_value_that_nobody_shares_tells_nothing() -> None:
    table = [[1, 0] if i % 2 else [0, 1] for i in range(200)]
    assert of_table(table) is None or of_table(table) == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize(("clients", "values", "groups"), [(0, 0, 0), (1, 1, 1), (100, 1, 2), (100, 2, 1)])
def test_nothing_to_tell_apart(clients: int, values: int, groups: int) -> None:
    assert cramers_v(clients, values, groups, 0.0) is None


def moments(*groups: list[float]) -> list[Moments]:
    return [Moments(len(g), fmean(g), pvariance(g)) if g else Moments(0, 0.0, 0.0) for g in groups]


@given(st.lists(st.lists(st.integers(-50, 50).map(float), min_size=2, max_size=10), min_size=2, max_size=4))
def test_the_correlation_ratio_is_what_an_analysis_of_variance_says(groups: list[list[float]]) -> None:
    if len({x for g in groups for x in g}) == 1 or all(len(set(g)) == 1 for g in groups):
        return
    found = ratio_of_correlation(moments(*groups))
    between, within = len(groups) - 1, sum(map(len, groups)) - len(groups)
    f = f_oneway(*groups).statistic
    assert found is not None and found**2 == pytest.approx(f * between / (f * between + within), abs=1e-9)


def test_groups_without_spread_are_told_apart_fully() -> None:
    assert ratio_of_correlation(moments([1.0, 1.0], [2.0])) == 1


@pytest.mark.parametrize("groups", [[], [[1.0, 2.0]], [[1.0, 2.0], []], [[3.0, 3.0], [3.0]]])
def test_one_group_or_one_value_tells_nothing(groups: list[list[float]]) -> None:
    assert ratio_of_correlation(moments(*groups)) is None
