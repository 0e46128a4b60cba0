"""The sections of a policy about the whole result: figures, and what is promised of it (limits, guarantees, allocations, fairness)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from .expression import NOWHERE, Expression
from .place import Place
from .text import Texts


class OnBreach(StrEnum):
    """What a breach does to the run's exit code: FAIL makes it 1."""

    FAIL = "fail"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number about the whole result, split by the values of `by` (of the clients)."""

    name: str
    expression: Expression
    place: Place = field(default=NOWHERE, compare=False)
    by: tuple[Expression, ...] = ()
    title: Texts | None = None
    format: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """What must hold of the whole result."""

    id: str
    require: Expression
    on_breach: OnBreach = OnBreach.FAIL
    place: Place = field(default=NOWHERE, compare=False)
    title: Texts | None = None
    source: Texts | None = None


@dataclass(frozen=True, slots=True)
class Guarantee:
    """What must hold of every single client."""

    id: str
    always: Expression
    on_breach: OnBreach = OnBreach.FAIL
    place: Place = field(default=NOWHERE, compare=False)
    title: Texts | None = None
    source: Texts | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A group of an allocation: its clients get `factor` times their share of the measure (its own, or the allocation's)."""

    id: str
    who: Expression
    factor: Expression
    measure: Expression | None = None
    place: Place = field(default=NOWHERE, compare=False)
    title: Texts | None = None


@dataclass(frozen=True, slots=True)
class Allocation:
    """How time (or anything) is shared out: the first group whose `who` is true takes the client; `rest` says what is left is for."""

    name: str
    groups: tuple[Group, ...]
    measure: Expression | None = None
    place: Place = field(default=NOWHERE, compare=False)
    rest: Texts | None = None
    title: Texts | None = None


@dataclass(frozen=True, slots=True)
class Across:
    """A way to divide clients for the fairness audit: by a protected field's values, or by a condition over protected fields."""

    id: str
    expression: Expression
    place: Place = field(default=NOWHERE, compare=False)
    title: Texts | None = None


@dataclass(frozen=True, slots=True)
class Fairness:
    """What the fairness audit compares: the rates of these decisions `across` groups, and `within` the values of business fields."""

    compare: tuple[tuple[str, Place], ...]
    across: tuple[Across, ...]
    minimum_ratio: Decimal = Decimal("0.8")
    significance: Decimal = Decimal("0.05")
    smallest_group: int = 30
    on_breach: OnBreach = OnBreach.FAIL
    place: Place = field(default=NOWHERE, compare=False)
    within: tuple[Across, ...] = ()
    strong_association: Decimal = Decimal("0.3")
