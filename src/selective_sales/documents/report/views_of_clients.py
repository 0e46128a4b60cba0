"""What the templates read about clients: the head, decisions, curves, classes, the matrix, segments, who decides, missing facts."""

from __future__ import annotations

from dataclasses import dataclass

from .pictures import BarsPicture, CurvePicture, MatrixPicture, StackedPicture


@dataclass(frozen=True, slots=True)
class TableView:
    """A table of the data: rows that were used, and rows that were set aside or ignored."""

    name: str
    used: int
    left: int


@dataclass(frozen=True, slots=True)
class HeadView:
    """What the report is about. `assumed` are measures that the policy does not declare: (measure, what stands for it).

    `money_is_revenue`: the money is a measure; else nothing says what revenue is, and the first amount that there is stands for it.
    """

    title: str
    policy_id: str
    version: str
    owner: str | None
    as_of: str
    run: str
    digest: str
    clients: int
    currency: str
    tables: tuple[TableView, ...]
    assumed: tuple[tuple[str, str], ...]
    money: str | None
    money_is_revenue: bool
    profit: str | None
    money_total: str | None
    profit_total: str | None
    profit_is_loss: bool
    undetermined: int
    broken: int


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision. `sort` is its fill in every picture; `unknown` clients have no known money."""

    title: str
    id: str
    sort: str
    clients: int
    share: str
    money: str | None
    money_share: str
    profit: str | None
    burden: str | None
    unknown: int
    sort_money: str
    sort_profit: str
    sort_burden: str


@dataclass(frozen=True, slots=True)
class DecisionsView:
    """Who gets which decision. `money`, `profit` and `burden` are what the policy calls them (None: it has none)."""

    money: str | None
    profit: str | None
    burden: str | None
    rows: tuple[DecisionView, ...]
    largest: DecisionView
    most_money: DecisionView | None
    unknown: int
    picture: BarsPicture


@dataclass(frozen=True, slots=True)
class PartView:
    """What the first so many clients hold."""

    part: str
    clients: int
    amount: str
    share: str


@dataclass(frozen=True, slots=True)
class CurveView:
    """A whale curve or a Pareto curve. Shares are None where the total is not positive: a percentage of it would mean nothing."""

    of: str
    clients: int
    total: str
    positive: bool
    peak: str
    peak_share: str | None
    above: int
    below: int
    erosion: str
    eroded: bool
    best: int
    best_sum: str
    best_share: str | None
    eighty: int | None
    eighty_share: str
    unknown: int
    parts: tuple[PartView, ...]
    picture: CurvePicture


@dataclass(frozen=True, slots=True)
class OverlapCell:
    """Clients of a class by both values; `shade` from 0 (nobody) to 4."""

    clients: int
    share: str
    money: str
    burden: str
    shade: int


@dataclass(frozen=True, slots=True)
class OverlapView:
    """3 x 3: rows by the first value, columns by the second, A to C. `small_but_heavy` are C by the first, A by the second."""

    first: str
    second: str
    rows: tuple[tuple[str, tuple[OverlapCell, ...]], ...]
    both: OverlapCell
    large_but_light: int
    small_but_heavy: int
    unknown: int


@dataclass(frozen=True, slots=True)
class QuadrantView:
    """A quarter of the matrix."""

    key: str
    clients: int
    share: str
    money: str


@dataclass(frozen=True, slots=True)
class NamedView:
    """A client whom the matrix names. `why`: decline, keep or exception."""

    number: int
    called: str
    ours: str
    theirs: str
    decision: str
    money: str
    why: str
    sort_ours: str
    sort_theirs: str
    sort_money: str


@dataclass(frozen=True, slots=True)
class MatrixView:
    """The matrix of mutual attractiveness."""

    ours: str
    theirs: str
    ours_from: str
    theirs_from: str
    money: str | None
    quadrants: tuple[QuadrantView, ...]
    named: tuple[NamedView, ...]
    unknown: int
    picture: MatrixPicture


@dataclass(frozen=True, slots=True)
class SegmentView:
    """A value that clients share. `others`: so many further values together."""

    value: str
    others: int
    clients: int
    share: str
    money: str | None
    profit: str | None
    counts: tuple[int, ...]
    sort_money: str
    sort_profit: str


@dataclass(frozen=True, slots=True)
class DivisionView:
    """The clients by a value. `decisions` head the counts of every row."""

    of: str
    rows: tuple[SegmentView, ...]
    decisions: tuple[str, ...]
    largest: SegmentView
    picture: StackedPicture


@dataclass(frozen=True, slots=True)
class DecidedView:
    """What decided: a rule (with its id), the default, an exception, missing data."""

    title: str
    id: str | None
    decision: str
    sort: str
    clients: int
    share: str
    money: str | None
    sort_money: str


@dataclass(frozen=True, slots=True)
class WhoView:
    """Who decides."""

    rows: tuple[DecidedView, ...]
    by_rules: int
    by_rules_share: str
    by_default: int
    by_exception: int
    by_unknown: int
    first: DecidedView | None
    picture: BarsPicture


@dataclass(frozen=True, slots=True)
class LackView:
    """What is missing: clients whom it alone holds back, and all whom it holds back. `is_fact`: somebody can find it out."""

    called: str
    label: str
    is_fact: bool
    clients: int
    money: str | None
    alone: int
    alone_money: str | None
    sort_money: str
    sort_alone: str


@dataclass(frozen=True, slots=True)
class StepView:
    """Facts to collect next, whom that settles after the steps before, and who is left then."""

    facts: str
    settled: int
    money: str | None
    left: int


@dataclass(frozen=True, slots=True)
class UndeterminedView:
    """Clients who could not be decided, what is missing, and in which order to find it out. `beyond`: whom no fact settles."""

    clients: int
    share: str
    money: str | None
    lacks: tuple[LackView, ...]
    further: int
    steps: tuple[StepView, ...]
    further_steps: int
    beyond: int
