"""Scorecards as read."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from .decision_tables import Cell
from .expression import NOWHERE, Expression
from .place import Place
from .text import Texts


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor of a score: `of` between `worst` and `best` (both given), or the first matching of `points` (0..1). `missing`: 0..1."""

    id: str
    of: Expression
    weight: Expression
    place: Place = field(default=NOWHERE, compare=False)
    worst: Expression | None = None
    best: Expression | None = None
    points: tuple[tuple[Cell, Decimal], ...] = ()
    missing: Decimal | None = None
    title: Texts | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """A scorecard from `low` to `high`. `reweigh`: a missing factor is left out and the others weigh more."""

    name: str
    factors: tuple[Factor, ...]
    place: Place = field(default=NOWHERE, compare=False)
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(100)
    reweigh: bool = False
    title: Texts | None = None
    format: str = ""
    tell_client: bool = False
