"""What the templates of pictures draw: places and words, nothing left to reckon. A picture says its size; its words stand in the page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid: its place, and what stands at it."""

    at: str
    label: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from the left: `sort` says which fill, `value` stands behind it at `label_at`."""

    y: str
    x: str
    width: str
    sort: str
    value: str
    label_at: str
    text_y: str


@dataclass(frozen=True, slots=True)
class BarGroup:
    """A few bars under one heading; the line at zero runs from `top` to `bottom`."""

    label: tuple[tuple[str, str], ...]
    """Its lines, each with where it stands."""
    top: str
    bottom: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class BarsPicture:
    """Groups of bars, one below the other; `zero` is where they begin."""

    width: int
    height: int
    bar: int
    zero: str
    groups: tuple[BarGroup, ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """A field between two axes: its edges, and the lines of its grid."""

    width: int
    height: int
    left: str
    right: str
    top: str
    bottom: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of a curve that is named. `anchor`: start, middle or end of its words."""

    x: str
    y: str
    label: str
    label_x: str
    label_y: str
    anchor: str


@dataclass(frozen=True, slots=True)
class CurvePicture(Plot):
    """A curve with its area over zero. `even` is the line of equal parts, `drop` leads from the peak to the end; None: not drawn."""

    zero: str
    line: str
    area: str
    dots: tuple[Dot, ...]
    even: str | None = None
    drop: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a stacked bar."""

    x: str
    width: str
    sort: str


@dataclass(frozen=True, slots=True)
class StackedRow:
    """A bar that is whole, in pieces."""

    label: tuple[tuple[str, str], ...]
    """Its lines, each with where it stands; the value stands at the last."""
    value: str
    y: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class StackedPicture:
    """Bars of one length, each parted. `legend`: the fills in use, and what they stand for."""

    width: int
    height: int
    bar: int
    left: str
    right: str
    rows: tuple[StackedRow, ...]
    legend: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the density grid: `shade` from 1 (one client) to 8 (the most)."""

    x: str
    y: str
    shade: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A client who is named in the table beside: the number there, and the shape by why."""

    x: str
    y: str
    number: int
    why: str


@dataclass(frozen=True, slots=True)
class Corner:
    """A quadrant: where its words stand."""

    x: str
    y: str
    anchor: str
    clients: int


@dataclass(frozen=True, slots=True)
class MatrixPicture(Plot):
    """The density grid with its four quadrants and the clients who are named."""

    cell_width: str
    cell_height: str
    cells: tuple[Cell, ...]
    split_x: str
    split_y: str
    marks: tuple[Mark, ...]
    corners: tuple[Corner, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A column of a waterfall: `key` says in the template what it is, `sort` is total, less or more."""

    key: str
    x: str
    y: str
    width: str
    height: str
    sort: str
    value: str
    middle: str
    label_y: str
    level: str


@dataclass(frozen=True, slots=True)
class WaterfallPicture:
    """Columns of which each begins where the one before ends; `joints` are the lines between them."""

    width: int
    height: int
    left: str
    right: str
    zero: str
    bottom: str
    steps: tuple[Step, ...]
    joints: tuple[tuple[str, str, str], ...]
