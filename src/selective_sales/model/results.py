"""What a whole run came to beyond single decisions: figures, limits, guarantees, allocations."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .expression import CompareOp, Scalar
from .kind import Kind
from .promises import OnBreach
from .text import Texts

Client = tuple[str, ...]
"""A client's key, each part as text."""


class Kept(StrEnum):
    """What became of a limit or a guarantee."""

    HELD = "held"
    BREACHED = "breached"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure's value (None: missing), and the values of what it is split by, in the order of `by`."""

    by: tuple[Scalar | None, ...]
    value: Scalar | None


@dataclass(frozen=True, slots=True)
class FigureResult:
    """A figure: one row, or one per combination of the values it is split by, in their order (missing last)."""

    name: str
    kind: Kind
    rows: tuple[FigureRow, ...]
    by: tuple[tuple[str, Kind], ...] = ()
    title: Texts | None = None
    format: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """A side of a comparison in a limit: how the author wrote it, and what it came to.

    `title` and `format` are those of the figure or parameter that it is; `exact`: the author wrote the value.
    """

    text: str
    kind: Kind
    value: Scalar | None
    literal: bool = False
    title: Texts | None = None
    format: str = ""
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Bound:
    """What a limit asks for in words: what is measured, and how it must stand to what is allowed."""

    measured: Measured
    sign: CompareOp
    allowed: Measured


@dataclass(frozen=True, slots=True)
class LimitResult:
    """A limit. `sides` are the values that its conditions compare; `clients` are those its lists count, `examples` the first of them.

    Of one that cannot be judged they are those whose missing value is why. `bounds` say the same as the condition, where it is a
    comparison, or several that must all hold; else there are none.
    """

    id: str
    kept: Kept
    on_breach: OnBreach
    text: str
    sides: tuple[Measured, ...]
    clients: int = 0
    examples: tuple[Client, ...] = ()
    title: Texts | None = None
    bounds: tuple[Bound, ...] = ()


@dataclass(frozen=True, slots=True)
class GuaranteeResult:
    """A guarantee: for how many clients it does not hold, and for how many that is unknown; the first of both."""

    id: str
    kept: Kept
    on_breach: OnBreach
    text: str
    breached: int
    unknown: int
    examples: tuple[Client, ...] = ()
    title: Texts | None = None


@dataclass(frozen=True, slots=True)
class GroupResult:
    """A group of an allocation: its clients, what they measure, their share of all, and what the group gets (factor x share).

    `share` and `result` are None where all clients together measure nothing.
    """

    id: str
    clients: int
    measure: Scalar | None
    measure_kind: Kind
    share: float | None
    factor: float
    result: float | None
    title: Texts | None = None


@dataclass(frozen=True, slots=True)
class AllocationResult:
    """An allocation. `rest` is 1 less the groups' results (None where one is unknown; negative: too much is given away).

    `unallocated` clients have an unknown condition or measure; `fit_two` fit more than one group, and the first one took them.
    """

    name: str
    groups: tuple[GroupResult, ...]
    rest: float | None
    unallocated: int
    fit_two: int
    others: int
    unallocated_examples: tuple[Client, ...] = ()
    rest_title: Texts | None = None
    title: Texts | None = None

    @property
    def kept(self) -> Kept:
        """Breached where more than everything is given away."""
        if self.rest is None:
            return Kept.UNKNOWN
        return Kept.BREACHED if self.rest < 0 else Kept.HELD


@dataclass(frozen=True, slots=True)
class TableConflict:
    """Rows of a decision table that promised not to meet, and did: for how many clients, and the first of them."""

    table: str
    rows: tuple[int, ...]
    clients: int
    examples: tuple[Client, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Clients that a portfolio function left out, as they have no value (or no group): how many of how many."""

    text: str
    clients: int


@dataclass(frozen=True, slots=True)
class WholeResult:
    """Everything about the run as a whole."""

    figures: tuple[FigureResult, ...] = ()
    limits: tuple[LimitResult, ...] = ()
    guarantees: tuple[GuaranteeResult, ...] = ()
    allocations: tuple[AllocationResult, ...] = ()
    conflicts: tuple[TableConflict, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def promises(self) -> tuple[LimitResult | GuaranteeResult, ...]:
        return (*self.limits, *self.guarantees)

    @property
    def failed(self) -> bool:
        """True where a breach makes the run fail: one of a limit, a guarantee or an allocation, known or unknown."""
        broken = any(p.kept is not Kept.HELD and p.on_breach is OnBreach.FAIL for p in self.promises)
        return broken or any(a.kept is Kept.BREACHED for a in self.allocations)

    @property
    def breaches(self) -> tuple[str, ...]:
        """The ids of the limits, guarantees and allocations that were not kept."""
        broken = [p.id for p in self.promises if p.kept is not Kept.HELD]
        return (*broken, *(a.name for a in self.allocations if a.kept is Kept.BREACHED))
