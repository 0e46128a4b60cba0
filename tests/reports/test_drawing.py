"""Pictures: bars begin at zero, curves stay in their frame, a waterfall joins, the matrix puts clients into the right quarter."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from selective_sales.documents.report import drawing
from selective_sales.documents.report.pictures import CurvePicture

AMOUNTS = st.lists(st.floats(-1e9, 1e9, allow_nan=False), min_size=1, max_size=30)


def pairs(path: str) -> list[tuple[float, float]]:
    points = (part.split(",") for part in path.strip("MZ").split("L"))
    return [(float(x), float(y)) for x, y in points]


@given(AMOUNTS)
def test_bars_begin_at_zero_and_stay_in_the_picture(lengths: list[float]) -> None:
    picture = drawing.bars([("one", [(n, "x", "d0") for n in lengths])])
    zero = float(picture.zero)
    for length, bar in zip(lengths, picture.groups[0].bars, strict=True):
        start, end = float(bar.x), float(bar.x) + float(bar.width)
        assert start >= 0 and end <= picture.width
        assert abs((end if length < 0 else start) - zero) <= 1.02
        assert float(bar.label_at) < picture.width - 40


def test_a_bar_of_twice_the_length_is_twice_as_wide() -> None:
    one, two = drawing.bars([("a", [(1, "", "d0"), (2, "", "d0")])]).groups[0].bars
    assert float(two.width) == 2 * float(one.width)


def cumulated(amounts: list[float]) -> list[tuple[float, float]]:
    total, points = 0.0, [(0.0, 0.0)]
    for n, amount in enumerate(sorted(amounts, reverse=True), 1):
        total += amount
        points.append((float(n), total))
    return points


def drawn(points: list[tuple[float, float]]) -> CurvePicture:
    return drawing.curve(points, [(*points[-1], "end", False)], str, str, drop=True)


@given(AMOUNTS)
def test_a_curve_stays_in_its_frame(amounts: list[float]) -> None:
    picture = drawn(cumulated(amounts))
    for x, y in pairs(picture.line):
        assert float(picture.left) - 0.01 <= x <= float(picture.right) + 0.01
        assert float(picture.top) - 0.01 <= y <= float(picture.bottom) + 0.01
    for tick in picture.y_ticks:
        assert float(picture.top) - 0.1 <= float(tick.at) <= float(picture.bottom) + 0.1


def test_only_a_curve_that_falls_has_a_way_down() -> None:
    assert drawn(cumulated([3, 2, 1])).drop is None
    assert drawn(cumulated([3, 2, -1])).drop is not None


def test_a_curve_below_zero_has_its_zero_above_it() -> None:
    picture = drawn(cumulated([-1, -2]))
    assert float(picture.zero) == float(picture.top)
    assert all(y >= float(picture.zero) for _, y in pairs(picture.line))


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=6))
def test_a_waterfall_goes_on_where_it_stopped(amounts: list[int]) -> None:
    total = 1000
    steps = [("before", Decimal(total), True, "")]
    for amount in amounts:
        steps.append(("saved", Decimal(amount), False, ""))
        total += amount
    picture = drawing.waterfall([*steps, ("after", Decimal(total), True, "")])
    assert picture.steps[-2].level == picture.steps[-1].level
    for step in picture.steps:
        assert float(step.y) >= 20 and float(step.y) + float(step.height) <= float(picture.bottom) + 1.01


def test_the_matrix_puts_each_client_into_its_quarter() -> None:
    marks = [(80.0, 90.0, "decline"), (10.0, 20.0, "keep")]
    picture = drawing.matrix(4, [(0, 0, 5), (3, 3, 1)], (0, 100, 50), (0, 100, 60), marks, (1, 2, 3, 4), (str, str))
    first, second = picture.marks
    assert float(first.x) > float(picture.split_x) and float(first.y) < float(picture.split_y)
    assert float(second.x) < float(picture.split_x) and float(second.y) > float(picture.split_y)
    low, high = picture.cells
    assert float(low.x) < float(high.x) and float(low.y) > float(high.y) and (low.shade, high.shade) == (8, 1)
    assert [c.clients for c in picture.corners] == [1, 2, 3, 4]
    assert [c.anchor for c in picture.corners] == ["end", "end", "start", "start"]


def test_pieces_of_a_bar_fill_it_and_nobody_is_drawn_as_nothing() -> None:
    picture = drawing.stacked([("a", "3", [(1, "d0"), (0, "d1"), (2, "d2")]), ("b", "0", [(0, "d0")])], [("d0", "x")])
    first, second = picture.rows
    assert [p.sort for p in first.pieces] == ["d0", "d2"] and second.pieces == ()
    assert abs(sum(float(p.width) for p in first.pieces) - (float(picture.right) - float(picture.left))) < 0.05
