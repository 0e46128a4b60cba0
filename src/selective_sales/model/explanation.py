"""Why a client was decided as it was: what explain prints and a memo shows."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from .exceptions import PolicyException
from .expression import Scalar
from .kind import Kind
from .place import Place
from .text import Texts


class Outcome(StrEnum):
    """What became of a rule or a condition for one client."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class NamedValue:
    """A field, parameter, metric, child aggregate or operand with this client's value (None: missing).

    `text` is how the policy names it.
    """

    text: str
    kind: Kind
    value: Scalar | None
    title: Texts | None = None
    format: str = ""
    labels: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    """Where the field lists its values: by language, the value with the word for it."""
    from_: tuple[NamedValue, ...] = ()
    """The values it came from (for a metric: what its expression reads)."""
    literal: bool = False
    """True for a value written in the policy's text itself (`5%`): it has no name."""
    exact: bool = False
    """True for a value that the policy's author wrote: a percentage shows the places written, 15%, not 15.0%; an amount all its places."""
    needs: Texts | None = None
    """Of what a list function gives: what to call it where data for it is missing (the metric it is, or the fields it reads)."""
    beside: tuple[Decimal, ...] = ()
    """The numbers that it is held against: it is shown with as many decimals as it takes to see that it differs from each of them."""


@dataclass(frozen=True, slots=True)
class LeafOutcome:
    """One leaf condition.

    `distance` is value minus threshold (kind `distance_kind`), None where the leaf has no threshold or a value is missing.
    `flips` is True where the other outcome of this leaf alone would change the rule's outcome.
    """

    text: str
    place: Place
    outcome: Outcome
    of_unless: bool
    operands: tuple[NamedValue, ...]
    distance: Scalar | None = None
    distance_kind: Kind = Kind.UNKNOWN
    relative_distance: float | None = None
    """|distance| / |threshold|: what near misses are sorted by; None where the threshold is zero or there is none."""
    value: NamedValue | None = None
    """The side that is measured, where the leaf has a threshold."""
    threshold: NamedValue | None = None
    """What it is measured against: the other side, or the nearest end of an interval."""
    flips: bool = False


@dataclass(frozen=True, slots=True)
class ConditionGroup:
    """Conditions joined by `all`, `any`, `none`, `not` (of one) or `at_least`; its outcome follows from theirs."""

    form: Form
    outcome: Outcome
    of_unless: bool
    parts: tuple[ConditionPart, ...]
    count: int | None = None
    """Of `at_least`: how many."""

    @property
    def held(self) -> int:
        return sum(part.outcome is Outcome.TRUE for part in self.parts)

    @property
    def unknown(self) -> int:
        return sum(part.outcome is Outcome.UNKNOWN for part in self.parts)


Form = Literal["all", "any", "none", "not", "at_least"]
ConditionPart = LeafOutcome | ConditionGroup


@dataclass(frozen=True, slots=True)
class Threshold:
    """A parameter with its value on the run's date, and where that comes from in its author's words."""

    value: NamedValue
    source: Texts | None


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """One rule. `applied`: unknown but counted as fired; `matters`: unknown and able to change the decision."""

    id: str
    title: Texts | None
    decision: str
    outcome: Outcome
    applied: bool
    decides: bool
    matters: bool
    near_miss: bool
    leaves: tuple[LeafOutcome, ...]
    reason: Texts | None
    letter_reason: Texts | None
    source: Texts | None
    place: Place
    in_force: bool = True
    """False where the run's date lies outside of the rule's dates: it did not count."""
    thresholds: tuple[Threshold, ...] = ()
    """Of the rule that decides: the parameters that say where its lines are drawn."""
    parts: tuple[ConditionPart, ...] = ()
    """The same leaves as they are nested. At the top stand the parts of `all` and, of the rule's `unless`, those of `any`."""

    @property
    def is_nested(self) -> bool:
        """True where the leaves alone do not say what the rule asks for."""
        return any(isinstance(part, ConditionGroup) for part in self.parts)

    @property
    def held_back_by(self) -> tuple[LeafOutcome, ...]:
        """Of a near miss: the conditions of its `unless` but for which it would have fired."""
        return tuple(leaf for leaf in self.leaves if leaf.of_unless and leaf.flips) if self.near_miss else ()

    @property
    def nearest(self) -> LeafOutcome | None:
        """Of the leaves that alone would have changed the rule's outcome, the nearest to its threshold (one without a distance: last)."""
        flipping = [leaf for leaf in self.leaves if leaf.flips and leaf.outcome is not Outcome.UNKNOWN]
        return min(flipping, key=_remoteness, default=None)

    @property
    def blanks(self) -> tuple[NamedValue, ...]:
        """What is missing under the unknown leaves: the deepest values without a value, each once, in the order of the leaves."""
        found: dict[str, NamedValue] = {}
        seen: set[str] = set()
        todo = [operand for leaf in self.leaves if leaf.outcome is Outcome.UNKNOWN for operand in leaf.operands][::-1]
        while todo:
            named = todo.pop()
            if named.value is not None or named.text in seen:
                continue
            seen.add(named.text)
            below = [part for part in named.from_ if part.value is None]
            if below:
                todo.extend(below[::-1])
            else:
                found[named.text] = named
        return tuple(found.values())


def _remoteness(leaf: LeafOutcome) -> tuple[bool, float, bool]:
    """Sorts by relative distance; then what has only an absolute one; then what has none."""
    relative = leaf.relative_distance
    return (relative is None, relative or 0.0, leaf.distance is None)


@dataclass(frozen=True, slots=True)
class FactorShown:
    """A factor of a score for one client: what it looks at, what that is worth (0..1), and the points it brings and loses.

    `worth`, `points` and `lost` are None where the factor is missing.
    """

    id: str
    title: Texts | None
    of: tuple[NamedValue, ...]
    weight: Scalar | None
    worth: Scalar | None
    points: Scalar | None
    lost: Scalar | None


@dataclass(frozen=True, slots=True)
class ScoreShown:
    """A score with its factors as reason codes: by points lost, largest first; missing ones last."""

    value: NamedValue
    low: Scalar
    high: Scalar
    factors: tuple[FactorShown, ...]


@dataclass(frozen=True, slots=True)
class TableShown:
    """A decision table: its outputs, and the rows that are true or unknown for the client (number and cells, as written)."""

    name: str
    outputs: tuple[NamedValue, ...]
    true: tuple[tuple[int, str], ...]
    unknown: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A single field that, changed so, gives another decision: verified by deciding the changed client."""

    field: NamedValue
    to: NamedValue
    decision: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A client's whole decision. `values` holds every name a reason may show (fields, parameters, metrics) of this client."""

    client: tuple[str, ...]
    decision: str
    policy_decision: str
    decided_by: str
    rules: tuple[RuleOutcome, ...]
    metrics: tuple[NamedValue, ...]
    values: dict[str, NamedValue]
    missing_because: tuple[str, ...]
    possible_decisions: tuple[str, ...]
    exception: PolicyException | None
    policy_id: str
    policy_version: str
    run_id: str
    as_of: datetime.date
    name: str | None = None
    """What people call the client: the field that the policy names by `display`."""
    scores: tuple[ScoreShown, ...] = ()
    tables: tuple[TableShown, ...] = ()
    changes: tuple[Change, ...] | None = None
    """The smallest single changes that lead to milder decisions; None where they were not looked for."""

    @property
    def key(self) -> str:
        """The key as one text."""
        return "|".join(self.client)

    @property
    def called(self) -> str:
        """`Name (key)`, or the key alone."""
        return self.key if self.name is None or self.name == self.key else f"{self.name} ({self.key})"

    def awaited(self, rule: RuleOutcome) -> tuple[tuple[NamedValue, str], ...]:
        """What an unknown rule lacks: each value with the cause as `name: cause` ("" where its data is blank)."""
        return tuple((blank, self._cause(blank)) for blank in rule.blanks)

    def _cause(self, blank: NamedValue) -> str:
        if not blank.from_ or any(part.value is None for part in blank.from_):
            return ""
        said = (label for label in self.missing_because if label.startswith(f"{blank.text}: "))
        return next(said, f"{blank.text}: not computable")

    @property
    def in_display_order(self) -> tuple[RuleOutcome, ...]:
        """The deciding rule, others that fired, applied ones, unknown ones that matter, near misses (nearest first), the rest."""
        return tuple(sorted(self.rules, key=_display_rank))


def _display_rank(rule: RuleOutcome) -> tuple[int, tuple[bool, float, bool]]:
    """Policy order among equals: sorting is stable."""
    nowhere = (False, 0.0, False)
    if rule.decides:
        return (0, nowhere)
    if rule.outcome is Outcome.TRUE:
        return (1, nowhere)
    if rule.applied:
        return (2, nowhere)
    if rule.matters:
        return (3, nowhere)
    if rule.near_miss and rule.nearest is not None:
        return (4, _remoteness(rule.nearest))
    return (5, nowhere)
