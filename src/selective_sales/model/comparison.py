"""What differs between two policies, and what that does to clients: changes, moves, gates. Values only."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from .expression import NOWHERE, Expression
from .place import Place
from .results import Client
from .text import Texts

Path = tuple[str, ...]
"""Where in a policy something stands: `("rules", "thin-margin", "when")`, `("tables", "orders", "fields", "amount", "minimum")`."""


class How(StrEnum):
    """What became of the thing at a path."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


class Effect(StrEnum):
    """What a change can do. SUPPORTS: nothing alone, but others need it (a parameter that a new rule uses)."""

    DECIDES = "decisions"
    SUPPORTS = "supports"
    WHOLE = "whole"
    """Only what is said of the result as a whole: figures, limits, guarantees, allocations, fairness."""
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class LeafEdit:
    """One edit in a condition. `at` leads from item to item of the old tree.

    `old` None: `new` joins the items of the node there; `new` None: the node is taken out. `count`: the number of an `at_least` alone.
    """

    at: tuple[int, ...]
    old: Expression | None
    new: Expression | None
    joined: Literal["", "and", "or", "at_least"] = ""
    count: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One atomic change. `old` and `new` are as the authors wrote it ("" where there is nothing); `title` is what people call the thing."""

    path: Path
    how: How
    effect: Effect
    old: str
    new: str
    old_place: Place = field(default=NOWHERE, compare=False)
    new_place: Place = field(default=NOWHERE, compare=False)
    title: Texts | None = field(default=None, compare=False)
    edit: LeafEdit | None = None
    detail: str = ""
    """Where in a table's row: the input or output; where a rule moved to: the rule before it."""


@dataclass(frozen=True, slots=True)
class Code:
    """A piece of a policy in a sentence, as written: whoever prints it says how code looks."""

    text: str


Sentence = tuple[str | Code, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A change that decides, with those that it cannot do without: what may be responsible. Numbers are places in the list of changes."""

    change: int
    needs: tuple[int, ...] = ()

    @property
    def whole(self) -> frozenset[int]:
        return frozenset((self.change, *self.needs))


@dataclass(frozen=True, slots=True)
class Passage:
    """Clients who went from one decision to another (the same: who stayed). None: the data of that side does not have them."""

    old: str | None
    new: str | None
    clients: int
    money: Decimal | None


@dataclass(frozen=True, slots=True)
class Cause:
    """Sets of candidates each of which suffices alone to move a client; a set of several suffices only together.

    `sets` empty: no cause could be verified, `why` says so. `through` is the rule by which it acted ("" where none did).
    """

    sets: tuple[tuple[int, ...], ...]
    through: str = ""
    why: Literal["", "data", "both", "untold", "exception"] = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """A client whose decision differs. `missing` is what the new side lacks where it is undetermined there (the old, where only there)."""

    client: Client
    name: str | None
    old: str
    new: str
    decided_by_old: str
    decided_by_new: str
    money: Decimal | None
    missing: tuple[str, ...]
    cause: Cause


@dataclass(frozen=True, slots=True)
class CauseTotal:
    """The clients of one cause who went the same way."""

    cause: Cause
    old: str
    new: str
    clients: int
    money: Decimal | None


@dataclass(frozen=True, slots=True)
class Promise:
    """A limit, guarantee or allocation on either side: "held", "breached", "unknown", "" where that side does not have it."""

    id: str
    old: str
    new: str
    title: Texts | None = None

    @property
    def is_new_breach(self) -> bool:
        return self.new in ("breached", "unknown") and self.old in ("held", "")

    @property
    def is_healed(self) -> bool:
        return self.old in ("breached", "unknown") and self.new == "held"


@dataclass(frozen=True, slots=True)
class GateLine:
    """A gate as its author wrote it: by a name (`keep_to_decline_at_most`), or as an entry of `moves` (`name` is then "")."""

    name: str
    at_most: Decimal
    is_share: bool
    text: str
    place: Place = field(default=NOWHERE, compare=False)
    old: tuple[str, Place] | None = None
    new: tuple[str, Place] | None = None
    of: tuple[str, Place] | None = None


@dataclass(frozen=True, slots=True)
class ExpectFile:
    """A file of gates as read."""

    path: str
    lines: tuple[GateLine, ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """What may change at most. `subject`: changed, undetermined, newly_undetermined, new_breaches, or moves (`old`, `new` None: any other).

    `at_most` is a number of clients (of `money`, where that is named), or a part of all where `is_share`; `text` is as written.
    """

    name: str
    subject: Literal["changed", "undetermined", "newly_undetermined", "new_breaches", "moves"]
    at_most: Decimal
    is_share: bool
    text: str
    place: Place = field(default=NOWHERE, compare=False)
    old: str | None = None
    new: str | None = None
    money: str | None = None


@dataclass(frozen=True, slots=True)
class GateResult:
    """A gate held against what happened: `actual` in the gate's unit, `share` of all (None where there is no all). `examples`: who.

    `unknown`: of how many of the clients the measure is missing; then a gate on it cannot be judged, which counts as a breach.
    """

    gate: Gate
    kept: bool
    actual: Decimal
    share: Decimal | None
    clients: int
    examples: tuple[str, ...] = ()
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that are compared."""

    label: str
    policy_id: str
    version: str
    run_id: str = ""
    as_of: datetime.date | None = None
    """Of a run."""


@dataclass(frozen=True, slots=True)
class Movement:
    """What the difference does to clients. `passages` has every pair of decisions that occurs, who stays included."""

    as_of: datetime.date
    clients: int
    decisions: tuple[str, ...]
    """Most severe first, the new policy's order; those that only the old one has behind, undetermined last."""
    passages: tuple[Passage, ...]
    moved: tuple[Moved, ...]
    """Largest money first; the first so many of each cause, or all."""
    totals: tuple[CauseTotal, ...]
    promises: tuple[Promise, ...]
    money: str | None
    other_money: str | None
    """The old side's money, where that is another."""
    currency: str
    other_reason: int
    """Clients with the same decision for another rule."""
    missing: tuple[tuple[str, int], ...]
    """What the newly undetermined miss, with the number of clients."""
    tried: int
    """How many policies between the two were evaluated."""

    @property
    def changed(self) -> int:
        return sum(p.clients for p in self.passages if p.old is not None and p.new is not None and p.old != p.new)

    @property
    def both(self) -> int:
        return sum(p.clients for p in self.passages if p.old is not None and p.new is not None)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two policies (or runs) held beside each other. `candidates` may be responsible for moves; `titles` are what policies call things."""

    old: Side
    new: Side
    languages: tuple[str, ...]
    titles: tuple[tuple[str, Texts], ...]
    changes: tuple[Change, ...]
    candidates: tuple[Candidate, ...] = ()
    movement: Movement | None = None
    gates: tuple[GateResult, ...] = ()
    same_data: bool | None = None
    """Of two runs: whether they read the same data on the same date."""
