"""Numbers and words in, pictures out: where every line, bar and word stands. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from .pictures import (
    Bar,
    BarGroup,
    BarsPicture,
    Cell,
    Corner,
    CurvePicture,
    Dot,
    Mark,
    MatrixPicture,
    Piece,
    StackedPicture,
    StackedRow,
    Step,
    Tick,
    WaterfallPicture,
)
from .scales import Scale, area, at, in_lines, line, shade, ticks

WIDTH = 440
"""So wide that words are readable on a telephone (three quarters of it) and not too large on paper."""
BAR, GAP = 15, 4
SHADES = 8
_LABEL = 46
"""Letters of a label that fit above a bar, in a line."""
_BESIDE = 34
"""The same, with a value at its right."""
_LINE = 16
Say = Callable[[float], str]


def bars(groups: Sequence[tuple[str, Sequence[tuple[float, str, str]]]]) -> BarsPicture:
    """Groups of bars: (heading, ((length, what stands behind it, which fill), ...)). A negative length points to the left."""
    lengths = [length for _, group in groups for length, _, _ in group]
    low, high = min([0.0, *lengths]), max([0.0, *lengths])
    scale = Scale(low, high if high > low else low + 1, 4, WIDTH - 150)
    zero, y = scale(0), 0.0
    made = []
    for label, group in groups:
        lines = in_lines(label, _LABEL)
        label_lines = tuple((text, at(y + 14 + i * _LINE)) for i, text in enumerate(lines))
        y += 20 + (len(lines) - 1) * _LINE
        top = y - 2
        own = []
        for length, value, sort in group:
            x, end = sorted((zero, scale(length)))
            width = max(end - x, 1.0 if length else 0.0)
            own.append(Bar(at(y), at(x), at(width), sort, value, at(max(x + width, zero) + 5), at(y + BAR - 3.5)))
            y += BAR + GAP
        made.append(BarGroup(label_lines, at(top), at(y - 1), tuple(own)))
        y += 8
    return BarsPicture(WIDTH, int(y) + 2, BAR, at(zero), tuple(made))


def curve(
    points: Sequence[tuple[float, float]],
    dots: Sequence[tuple[float, float, str, bool]],
    say_x: Say,
    say_y: Say,
    *,
    even: bool = False,
    drop: bool = False,
    height: int = 270,
) -> CurvePicture:
    """A cumulated curve. `dots` are its named points; the last of each says whether its words stand above.

    `even` draws the line of equal parts, `drop` the way down from the highest point.
    """
    xs, ys = [x for x, _ in points], [y for _, y in points]
    low, high = min([0.0, *ys]), max([0.0, *ys])
    high = high if high > low else low + 1
    left, right, top, bottom = 62.0, WIDTH - 22.0, 30.0, height - 34.0
    across, up = Scale(min(xs), max(xs), left, right), Scale(low, high, bottom, top)
    placed = [(across(x), up(y)) for x, y in points]
    peak = max(placed, key=lambda p: -p[1])
    end = placed[-1]
    return CurvePicture(
        width=WIDTH,
        height=height,
        left=at(left),
        right=at(right),
        top=at(top),
        bottom=at(bottom),
        x_ticks=tuple(Tick(at(across(t)), say_x(t)) for t in ticks(min(xs), max(xs), 5)),
        y_ticks=tuple(Tick(at(up(t)), say_y(t)) for t in ticks(low, high, 6)),
        zero=at(up(0)),
        line=line(placed),
        area=area(placed, up(0)),
        dots=tuple(_dot(across(x), up(y), label, (left, right, top), above=above) for x, y, label, above in dots),
        even=line([placed[0], end]) if even else None,
        drop=line([(peak[0], peak[1]), (end[0], peak[1]), end]) if drop and end[1] - peak[1] > 1 else None,
    )


def _dot(x: float, y: float, label: str, frame: tuple[float, float, float], *, above: bool) -> Dot:
    """Its words above it in the middle, or below it, where a rising curve leaves room: to the right, or at the right end to the left."""
    left, right, top = frame
    if not above:
        anchor = "end" if x > left + (right - left) * 0.75 else "start"
        return Dot(at(x), at(y), label, at(x - 8 if anchor == "end" else x + 8), at(y + 19), anchor)
    anchor = "start" if x < left + (right - left) * 0.2 else "end" if x > left + (right - left) * 0.85 else "middle"
    return Dot(at(x), at(y), label, at(min(x, right)), at(max(y - 10, top - 14)), anchor)


def stacked(rows: Sequence[tuple[str, str, Sequence[tuple[float, str]]]], legend: Sequence[tuple[str, str]]) -> StackedPicture:
    """Bars parted by decision: (heading, what stands at its right, ((part, which fill), ...))."""
    left, right, y = 4.0, WIDTH - 4.0, 0.0
    made = []
    for label, value, parts in rows:
        total, x, pieces = sum(part for part, _ in parts), left, []
        lines = in_lines(label, _BESIDE)
        label_lines = tuple((text, at(y + 14 + i * _LINE)) for i, text in enumerate(lines))
        y += (len(lines) - 1) * _LINE
        for part, sort in parts:
            width = (right - left) * part / total if total else 0.0
            pieces.append(Piece(at(x), at(width), sort))
            x += width
        made.append(StackedRow(label_lines, value, at(y + 20), tuple(p for p in pieces if p.width != "0")))
        y += 20 + BAR + 10
    return StackedPicture(WIDTH, int(y) + 2, BAR, at(left), at(right), tuple(made), tuple(legend))


def matrix(
    size: int,
    cells: Sequence[tuple[int, int, int]],
    across: tuple[float, float, float],
    up: tuple[float, float, float],
    marks: Sequence[tuple[float, float, str]],
    quadrants: tuple[int, int, int, int],
    say: tuple[Say, Say],
) -> MatrixPicture:
    """The density grid. `across` and `up` are (low, high, from where attractive); `marks` (x, y, why) are numbered from 1."""
    height = 460
    left, right, top, bottom = 52.0, WIDTH - 20.0, 14.0, height - 46.0
    horizontal, vertical = Scale(across[0], across[1], left, right), Scale(up[0], up[1], bottom, top)
    wide, high = (right - left) / size, (bottom - top) / size
    most = max([count for _, _, count in cells], default=0)
    both, ours, theirs, neither = quadrants
    corners = (
        Corner(at(right - 6), at(top + 16), "end", both),
        Corner(at(right - 6), at(bottom - 8), "end", ours),
        Corner(at(left + 6), at(top + 16), "start", theirs),
        Corner(at(left + 6), at(bottom - 8), "start", neither),
    )
    return MatrixPicture(
        width=WIDTH,
        height=height,
        left=at(left),
        right=at(right),
        top=at(top),
        bottom=at(bottom),
        cell_width=at(wide + 0.3),
        cell_height=at(high + 0.3),
        cells=tuple(Cell(at(left + i * wide), at(bottom - (j + 1) * high), shade(n, most, SHADES)) for i, j, n in cells),
        split_x=at(horizontal(across[2])),
        split_y=at(vertical(up[2])),
        x_ticks=tuple(Tick(at(horizontal(t)), say[0](t)) for t in ticks(across[0], across[1], 6)),
        y_ticks=tuple(Tick(at(vertical(t)), say[1](t)) for t in ticks(up[0], up[1], 6)),
        marks=tuple(
            Mark(at(_within(horizontal(x), left, right)), at(_within(vertical(y), top, bottom)), number, why)
            for number, (x, y, why) in enumerate(marks, 1)
        ),
        corners=corners,
    )


def _within(place: float, low: float, high: float) -> float:
    return min(max(place, low), high)


def waterfall(steps: Sequence[tuple[str, Decimal, bool, str]]) -> WaterfallPicture:
    """Columns: (what it is, amount, whether it is a total, in words). Totals stand on zero, others begin where the one before ends."""
    height = 270
    left, right, top, bottom = 8.0, WIDTH - 8.0, 34.0, height - 40.0
    spans, level = [], 0.0
    for _, amount, is_total, _ in steps:
        start = 0.0 if is_total else level
        level = float(amount) if is_total else level + float(amount)
        spans.append((start, level))
    values = [value for span in spans for value in span]
    low, high = min([0.0, *values]), max([0.0, *values])
    up = Scale(low, high if high > low else low + 1, bottom, top)
    each = (right - left) / max(1, len(steps))
    made, joints = [], []
    for number, ((key, amount, is_total, value), (start, end)) in enumerate(zip(steps, spans, strict=True)):
        x, width = left + number * each + each * 0.12, each * 0.76
        upper, lower = sorted((up(start), up(end)))
        sort = "total" if is_total else "less" if amount < 0 else "more"
        made.append(
            Step(key, at(x), at(upper), at(width), at(max(lower - upper, 1)), sort, value, at(x + width / 2), at(upper - 6), at(up(end)))
        )
        if number + 1 < len(steps):
            joints.append((at(x), at(x + each + width), at(up(end))))
    return WaterfallPicture(WIDTH, height, at(left), at(right), at(up(0)), at(bottom), tuple(made), tuple(joints))
