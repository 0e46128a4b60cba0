"""Scales, ticks, paths and shades: whatever the numbers, what is drawn lies within the picture and says what they are."""

from __future__ import annotations

import itertools
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selective_sales.documents.report.scales import Scale, area, at, line, shade, shortened, ticks

NUMBERS = st.floats(min_value=-1e13, max_value=1e13, allow_nan=False)


@given(NUMBERS, NUMBERS, st.floats(0, 1))
def test_a_value_between_the_ends_is_drawn_between_them(one: float, other: float, part: float) -> None:
    low, high = sorted((one, other))
    value = low + (high - low) * part
    place = Scale(low, high, 10, 400)(min(max(value, low), high))
    assert 10 - 1e-6 <= place <= 400 + 1e-6


def test_a_scale_may_run_backwards_and_stand_still() -> None:
    assert [Scale(0, 10, 200, 100)(v) for v in (0, 5, 10)] == [200, 150, 100]
    assert Scale(7, 7, 0, 100)(7) == 50


@given(NUMBERS, NUMBERS, st.integers(3, 9))
def test_ticks_lie_between_the_ends_evenly_and_are_few(one: float, other: float, most: int) -> None:
    low, high = sorted((one, other))
    found = ticks(low, high, most)
    assert 1 <= len(found) <= most
    slack = (high - low) * 1e-6 + 1e-9
    assert all(low - slack <= t <= high + slack for t in found)
    steps = [b - a for a, b in itertools.pairwise(found)]
    assert all(math.isclose(s, steps[0], rel_tol=1e-6) for s in steps)


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [
        (0, 100, (0, 25, 50, 75, 100)),
        (0, 1, (0, 0.25, 0.5, 0.75, 1)),
        (-2300, 8300, (0, 2500, 5000, 7500)),
        (0, 4372, (0, 1000, 2000, 3000, 4000)),
        (3, 3, (3,)),
        (0, math.inf, (0,)),
        (0, 5e-324, (0,)),
    ],
)
def test_ticks_are_round(low: float, high: float, found: tuple[float, ...]) -> None:
    assert ticks(low, high) == found


@given(st.floats(min_value=-1e9, max_value=1e9, allow_nan=False))
def test_a_coordinate_has_at_most_two_decimals_and_no_exponent(number: float) -> None:
    assert re.fullmatch(r"-?\d+(\.\d{1,2})?", at(number)) and at(number) != "-0"
    assert abs(float(at(number)) - number) <= 0.005 + abs(number) * 1e-12


def test_a_line_leaves_out_points_on_points() -> None:
    assert line([(0, 0), (0.001, 0), (10, 5.5)]) == "M0,0L10,5.5"
    assert line([]) == "" and area([], 0) == ""
    assert area([(0, 1), (2, 3)], 9) == "M0,9L0,1L2,3L2,9Z"


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_a_shade_says_nobody_one_and_the_most(count: int, most: int) -> None:
    found = shade(min(count, most), most, 8)
    assert 0 <= found <= 8 and (found == 0) == (count == 0)
    assert shade(most, most, 8) == 8


def test_more_clients_are_never_lighter() -> None:
    shades = [shade(n, 500, 8) for n in range(501)]
    assert shades == sorted(shades) and set(shades) == set(range(9))


@given(st.text(max_size=60), st.integers(2, 20))
def test_a_text_is_shortened_to_so_many_letters(text: str, most: int) -> None:
    found = shortened(text, most)
    assert len(found) <= most and (found == text or found.endswith("…"))
