"""What the templates read about a run as a whole: promises, figures, fairness, changes, time plans, the portfolio without some."""

from __future__ import annotations

from dataclasses import dataclass

from .pictures import BarsPicture, WaterfallPicture


@dataclass(frozen=True, slots=True)
class BoundView:
    """What was measured, and how it must stand to what is allowed; `of` and `allowed_of` are their titles, "" where there are none."""

    of: str
    measured: str
    sign: str
    allowed: str
    allowed_of: str


@dataclass(frozen=True, slots=True)
class PromiseView:
    """A limit or a guarantee. `kept`: held, breached, unknown; `bounds` say it in words, `sides` are the figures where they cannot."""

    title: str
    id: str
    text: str
    kept: str
    warns: bool
    bounds: tuple[BoundView, ...]
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
    not_money: int
    grounds: tuple[tuple[str, int], ...]
    """What decides about those who leave for something else than money, and how many they are; `not_money` in all."""
    picture: WaterfallPicture
