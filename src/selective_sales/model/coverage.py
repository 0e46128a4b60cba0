"""Coverage of policy tests: what there is to show in a policy, and what of it the passed cases have shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from enum import IntEnum, StrEnum

from .expression import NOWHERE
from .place import Place


class Part(StrEnum):
    """A part of a policy that cases can show at work, by the word that a summary counts it under."""

    RULE = "rules"
    CONDITION = "conditions"
    ROW = "table rows"
    POINTS = "points"
    DECISION = "decisions"
    LIMIT = "limits"
    GUARANTEE = "guarantees"

    @property
    def one(self) -> str:
        """`rule`."""
        return self.value.removesuffix("s") if self is not Part.POINTS else self.value


class Way(StrEnum):
    """How a part is shown: a rule fires (TRUE), does not fire (FALSE) or is unknown, and so does a condition; a row is HIT; and so on."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"
    HIT = "hit"
    REACHED = "reached"
    HELD = "held"
    BREACHED = "breached"


class Seen(IntEnum):
    """NEVER: no passed case has it. UNASKED: one has, but expects nothing of that client that depends on it. SHOWN: it counts."""

    NEVER = 0
    UNASKED = 1
    SHOWN = 2


OTHERWISE = 0
"""The number of a table's `otherwise`, and of what a blank is worth to a factor: rows and points count from 1."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a case can show. `of` is the id of a rule, decision, limit or guarantee, the name of a table, or `score.factor`; `number` the
    condition in the rule (from 1, those of `unless` last), the row in the table, the points in the factor.
    """

    part: Part
    of: str
    way: Way
    number: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """A mark of one policy, and whether it was seen. `text` is the condition, the row's cells or the points, as written.

    `counts` is False for what is told but need not be shown: that something is unknown. `hint` says how a case may come to it.
    """

    mark: Mark
    place: Place = field(default=NOWHERE, compare=False)
    text: str = ""
    counts: bool = True
    of_unless: bool = False
    hint: str = ""
    seen: Seen = Seen.NEVER
    words: str = ""
    """Where it counts and is not shown: which case is wanting."""


@dataclass(frozen=True, slots=True)
class Exempt:
    """What no case can show (on the dates that the cases have), and why; it does not count."""

    part: Part
    of: str
    why: str
    place: Place

    @property
    def words(self) -> str:
        return f"{Part.RULE.one if self.part is Part.CONDITION else self.part.one} '{self.of}': {self.why}"


@dataclass(frozen=True, slots=True)
class PolicyCoverage:
    """All that the test files of one policy show of it. `cases` are the cases that count: those that passed."""

    policy: str
    items: tuple[Item, ...]
    exempt: tuple[Exempt, ...] = ()
    cases: int = 0
    files: tuple[str, ...] = ()
    broken: bool = False
    """True where the policy has errors: then nothing is known of it, and nothing of it is shown."""

    @property
    def counted(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.counts)

    @property
    def open(self) -> tuple[Item, ...]:
        """What counts and is not shown, by place."""
        return tuple(sorted((item for item in self.counted if item.seen is not Seen.SHOWN), key=lambda item: item.place))

    @property
    def covered(self) -> int:
        return shown(self.counted)

    def whole(self, part: Part) -> tuple[int, int]:
        """How many rules, conditions, rows, ... are shown in every way that counts, and how many there are."""
        ways: dict[tuple[str, int], list[Seen]] = {}
        for item in self.counted:
            if item.mark.part is part:
                ways.setdefault((item.mark.of, item.mark.number), []).append(item.seen)
        return sum(min(seen) is Seen.SHOWN for seen in ways.values()), len(ways)

    @property
    def ratio(self) -> Decimal:
        """From 0 to 1; a policy with errors, or with nothing to show, has nothing covered."""
        return Decimal(self.covered) / len(self.counted) if self.counted else Decimal(0)

    @property
    def percent(self) -> str:
        """`93%`: rounded down, so that 100% means all of it."""
        return f"{(self.ratio * 100).to_integral_value(ROUND_FLOOR)}%"


def shown(items: Iterable[Item]) -> int:
    return sum(item.seen is Seen.SHOWN for item in items)
