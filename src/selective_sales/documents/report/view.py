"""What the templates of a report read: words, counts and pictures, section by section. A section that is None says in `why` what is missing."""

from __future__ import annotations

from dataclasses import dataclass

from .pictures import BarsPicture, CurvePicture, MatrixPicture, StackedPicture, WaterfallPicture


@dataclass(frozen=True, slots=True)
class TableView:
    """A table of the data: rows that were used, and rows that were set aside or ignored."""

    name: str
    used: int
    left: int


@dataclass(frozen=True, slots=True)
class HeadView:
    """What the report is about. `assumed` are measures that the policy does not declare: (measure, what stands for it)."""

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
    """3 x 3: rows by the first value, columns by the second, A to C. `small_but_heavy` are C by the first and A by the second, and so on."""

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
    """A missing fact: clients who wait for it, and those who wait for nothing else, whom it would settle."""

    called: str
    label: str
    clients: int
    money: str | None
    alone: int
    alone_money: str | None
    sort_money: str
    sort_alone: str


@dataclass(frozen=True, slots=True)
class UndeterminedView:
    """Clients who could not be decided, and the facts that would settle them."""

    clients: int
    share: str
    money: str | None
    lacks: tuple[LackView, ...]
    further: int


@dataclass(frozen=True, slots=True)
class PromiseView:
    """A limit or a guarantee. `kept`: held, breached, unknown; `sides`: what its figures came to."""

    title: str
    id: str
    text: str
    kept: str
    warns: bool
    sides: tuple[tuple[str, str], ...]
    clients: int
    unknown: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure of the policy; split ones have a row for each group."""

    title: str
    rows: tuple[tuple[str, str], ...]
    further: int


@dataclass(frozen=True, slots=True)
class PromisesView:
    """What the policy promises of the whole, and its figures."""

    limits: tuple[PromiseView, ...]
    guarantees: tuple[PromiseView, ...]
    figures: tuple[FigureView, ...]
    broken: int


@dataclass(frozen=True, slots=True)
class RateView:
    """The rate of a decision in a group; `verdict` None: the group is nowhere worse off."""

    group: str
    clients: int
    decided: int
    rate: str
    ratio: str
    p: str
    verdict: str | None
    lacking: str | None


@dataclass(frozen=True, slots=True)
class FairDecisionView:
    """A compared decision in the groups of a division."""

    title: str
    harmful: bool
    rates: tuple[RateView, ...]


@dataclass(frozen=True, slots=True)
class FairDivisionView:
    """A way to divide the clients; `too_many` groups are not compared."""

    title: str
    verdict: str
    too_many: int | None
    decisions: tuple[FairDecisionView, ...]


@dataclass(frozen=True, slots=True)
class FairnessView:
    """The fairness audit's verdicts."""

    verdict: str
    minimum_ratio: str
    significance: str
    smallest: int
    tests: int
    fails: bool
    divisions: tuple[FairDivisionView, ...]
    not_audited: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PassageView:
    """Clients who went from one decision to another."""

    before: str
    after: str
    clients: int
    money: str | None
    sort_money: str


@dataclass(frozen=True, slots=True)
class MovedView:
    """A client who is named among those who moved. `why`: policy, data, both, exception, untold."""

    called: str
    before: str
    after: str
    money: str | None
    why: str
    sort_money: str


@dataclass(frozen=True, slots=True)
class NetView:
    """A decision on both sides: how many had it, how many have it; `change` with its sign in words."""

    title: str
    before: int
    after: int
    change: int
    size: int


@dataclass(frozen=True, slots=True)
class ChangesView:
    """What changed since the earlier run."""

    old_run: str
    old_version: str
    old_as_of: str
    same_data: bool
    policy_changes: int
    clients: int
    changed: int
    changed_share: str
    came: int
    went: int
    other_reason: int
    nets: tuple[NetView, ...]
    passages: tuple[PassageView, ...]
    moved: tuple[MovedView, ...]
    new_breaches: tuple[str, ...]
    healed: tuple[str, ...]
    picture: BarsPicture


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group of a time plan."""

    title: str
    clients: int
    share: str
    factor: str
    result: str
    hours: str | None


@dataclass(frozen=True, slots=True)
class AllocationView:
    """How time is shared out. `over`: more than there is is given away."""

    title: str
    groups: tuple[GroupView, ...]
    rest: str
    rest_share: str
    rest_hours: str | None
    others: int
    over: bool
    unallocated: int
    fit_two: int
    picture: BarsPicture


@dataclass(frozen=True, slots=True)
class WhatIfView:
    """The portfolio without those who leave. `declared`: the policy says what of their cost ends with them; else all is taken to end."""

    decisions: str
    clients: int
    uncounted: int
    before: str
    lost: str
    saved: str
    change: str
    after: str
    better: bool
    declared: bool
    cost: str
    if_nothing: str
    if_everything: str
    break_even: str | None
    pays_never: bool
    hours: str | None
    conflicts: str | None
    picture: WaterfallPicture


@dataclass(frozen=True, slots=True)
class PageView:
    """A report. `why` has, for each section that is None, the word for what is missing; `detail` what a person should read about it."""

    language: str
    head: HeadView
    decisions: DecisionsView
    who: WhoView
    whale: CurveView | None
    pareto: CurveView | None
    burden: CurveView | None
    overlap: OverlapView | None
    matrix: MatrixView | None
    divisions: tuple[DivisionView, ...]
    divisions_assumed: bool
    undetermined: UndeterminedView | None
    promises: PromisesView | None
    fairness: FairnessView | None
    changes: ChangesView | None
    allocations: tuple[AllocationView, ...]
    what_if: WhatIfView | None
    why: dict[str, str]
    detail: dict[str, str]
    sorts: tuple[tuple[str, str], ...]
    """Every decision's fill."""
    style: str
    script: str
    policy_for_content: str
    """What the page may load: nothing but its own style and script, by their hashes."""
