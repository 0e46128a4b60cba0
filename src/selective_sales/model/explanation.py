"""Why a client was decided as it was: what explain prints and a memo shows."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum

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
    """A field, parameter, metric, child aggregate or operand with this client's value (None: missing). `text` is how the policy names it."""

    text: str
    kind: Kind
    value: Scalar | None
    title: Texts | None = None
    format: str = ""
    from_: tuple[NamedValue, ...] = ()
    """The values it came from (for a metric: what its expression reads)."""


@dataclass(frozen=True, slots=True)
class LeafOutcome:
    """One leaf condition. `distance` is value minus threshold (kind `distance_kind`), None where the leaf has no threshold or a value is missing.

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
    source: str
    place: Place


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
