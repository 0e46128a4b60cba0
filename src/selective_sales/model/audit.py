"""A fairness audit: what was counted, each group beside the best and the largest, what explains and what carries a gap, and proxies.

A rate is the share of a group's clients who have a decision. Of a decision that harms, low is good; of any other, high.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from .policy import Justification
from .text import Texts

GroupName = str | None
"""The value that the clients of a group share; None for those whose field is blank."""


class Verdict(StrEnum):
    """What is said of a comparison, the worst first."""

    FAIL = "fail"
    """The ratio is below the minimum, and not by chance."""
    WATCH = "watch"
    """One of the two."""
    FINE = "pass"
    INSUFFICIENT = "insufficient"
    """Too few clients to say anything."""


class Lacking(StrEnum):
    """Why nothing can be said."""

    SMALL = "small"
    """The group has fewer clients than the policy compares."""
    ALONE = "alone"
    """No other group is large enough to stand beside it."""
    RARE = "rare"
    """So few (or all but so few) clients have the decision that even the most uneven split could be chance."""


@dataclass(frozen=True, slots=True)
class Cell:
    """How many clients of a group (and of a stratum) have a decision."""

    group: GroupName
    decision: str
    clients: int
    stratum: GroupName = None


@dataclass(frozen=True, slots=True)
class Counted:
    """The clients by the groups of a division, whose values are of a kind of its own; `too_many` groups are not counted."""

    division: str
    cells: tuple[Cell, ...]
    is_condition: bool = False
    """Whether the groups are those for whom a condition holds and for whom it does not."""
    too_many: int | None = None
    strata: tuple[tuple[str, tuple[Cell, ...]], ...] = ()
    """For each business field, the same clients by its values too."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of how many clients."""

    clients: int
    decided: int

    @property
    def value(self) -> Fraction | None:
        return Fraction(self.decided, self.clients) if self.clients else None


@dataclass(frozen=True, slots=True)
class Stratum:
    """The two groups of a comparison among the clients with one value of a business field."""

    value: GroupName
    group: Rate
    reference: Rate


class Explains(StrEnum):
    """What a business field does to a gap once only clients with the same value of it are compared."""

    ALL = "all"
    """The gap is gone."""
    PARTLY = "partly"
    NOTHING = "nothing"
    REVERSED = "reversed"
    """It is the other group that is worse off."""
    HIDES = "hides"
    """There was none, and now there is one."""
    NO_GAP = "no gap"
    TOO_FEW = "too few"
    """Too few clients of both groups share a value."""


@dataclass(frozen=True, slots=True)
class Stratified:
    """A comparison within the values of a business field: the Mantel-Haenszel ratio of rates, and the test of Cochran, Mantel, Haenszel.

    `ratio` is None where it is not defined; `p` where no stratum says anything.
    """

    field: str
    strata: tuple[Stratum, ...]
    ratio: float | None
    p: float | None
    compared: Rate
    """The clients of both groups in strata that have both (`decided`), of all clients of both groups."""
    explains: Explains


@dataclass(frozen=True, slots=True)
class Carrier:
    """What becomes of a gap without a rule: both rates, and the part of the gap that goes (None where there was none)."""

    rule: str
    group: Rate
    reference: Rate
    part: Fraction | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A group beside one that is better off. `ratio` is None where nobody of the reference has the decision.

    `p` is Fisher's exact test of both rates, `adjusted` the same after Holm (None where it was not tested).
    """

    reference: GroupName
    ratio: Fraction | None
    below: bool
    """The ratio is below the minimum; of a harm, above 1 / minimum."""
    p: float
    adjusted: float | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class GroupAudit:
    """A group's rate of a decision, and the comparisons in which it is the one that is worse off; the decisive one first.

    `verdict` is None for a group that is nowhere worse off. `explained` and `carriers` are of the decisive comparison.
    """

    group: GroupName
    rate: Rate
    is_best: bool
    is_largest: bool
    to_best: Fraction | None
    to_largest: Fraction | None
    verdict: Verdict | None
    lacking: Lacking | None = None
    comparisons: tuple[Comparison, ...] = ()
    explained: tuple[Stratified, ...] = ()
    carriers: tuple[Carrier, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionAudit:
    """The rates of a decision in the groups of a division, largest group first."""

    decision: str
    harmful: bool
    groups: tuple[GroupAudit, ...]

    @property
    def verdict(self) -> Verdict:
        return worst(g.verdict for g in self.groups)


@dataclass(frozen=True, slots=True)
class DivisionAudit:
    """A way to divide the clients, with the compared decisions."""

    id: str
    is_condition: bool
    decisions: tuple[DecisionAudit, ...]
    too_many: int | None = None

    @property
    def verdict(self) -> Verdict:
        return worst(d.verdict for d in self.decisions)


@dataclass(frozen=True, slots=True)
class Moments:
    """The clients of a group who have the value, its mean among them, and its variance (of the whole group, not estimated)."""

    clients: int
    mean: float
    variance: float


class Measured(StrEnum):
    """How an association was measured."""

    CRAMERS_V = "cramers_v"
    CORRELATION_RATIO = "correlation_ratio"


@dataclass(frozen=True, slots=True)
class Association:
    """How far a value that rules use tells groups apart: 0 not at all, 1 fully, None where it cannot be told.

    The groups are those of a division, or of a protected field that is none (numbers and dates `in_fifths`).
    """

    value_used: str
    division: str
    measure: Measured
    strength: float | None
    clients: int
    rules: tuple[str, ...]
    strong: bool
    in_fifths: bool = False


@dataclass(frozen=True, slots=True)
class RuleWithout:
    """A rule that moved somebody: how many clients would be decided otherwise without it, and all clients' groups then."""

    rule: str
    moved: int
    counted: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class RuleNote:
    """A rule as a page speaks of it."""

    id: str
    title: Texts | None
    justification: Justification | None
    moved: int | None = None
    """How many clients would be decided otherwise without it (None: it was not tried, as nothing is to be carried)."""


@dataclass(frozen=True, slots=True)
class Standard:
    """What the policy asks of the rates."""

    minimum_ratio: Decimal
    significance: Decimal
    smallest_group: int
    strong_association: Decimal
    fails: bool
    """Whether a breach fails (else it is only told)."""


@dataclass(frozen=True, slots=True)
class Audit:
    """A run's audit. `tests` is the number of tests that Holm's method allowed for."""

    policy_id: str
    policy_version: str
    run_id: str
    as_of: datetime.date
    languages: tuple[str, ...]
    standard: Standard
    clients: int
    divisions: tuple[DivisionAudit, ...]
    tests: int
    associations: tuple[Association, ...] = ()
    rules: tuple[RuleNote, ...] = ()
    not_audited: tuple[str, ...] = ()
    """Protected fields that no division looks at."""
    titles: tuple[tuple[str, Texts], ...] = ()
    """What decisions are called."""
    names: tuple[tuple[str, Texts], ...] = ()
    """What divisions, business fields and the values that rules use are called."""
    labels: tuple[tuple[str, tuple[tuple[str, tuple[tuple[str, str], ...]], ...]], ...] = ()
    """For each division that is a field with labels: what its values are called, by language."""

    @property
    def verdict(self) -> Verdict:
        return worst(d.verdict for d in self.divisions)

    @property
    def fails(self) -> bool:
        """Whether the policy's standard is missed, and that is more than to be told."""
        return self.verdict is Verdict.FAIL and self.standard.fails

    def rule(self, id: str) -> RuleNote | None:
        return next((r for r in self.rules if r.id == id), None)


ORDER = tuple(Verdict)


def worst(verdicts: Iterator[Verdict | None]) -> Verdict:
    """The worst of them; INSUFFICIENT where nothing could be said of anything."""
    return min((v for v in verdicts if v is not None), key=ORDER.index, default=Verdict.INSUFFICIENT)
