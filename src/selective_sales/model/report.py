"""What a report says of a run, as plain numbers: counts and sums, points of curves, a grid. No client but the few that are named."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .audit import Audit
from .comparison import Comparison
from .kind import Kind
from .results import WholeResult
from .simulation import Meaning, Parting, Whale
from .text import Texts
from .worklist import Worklist

Labels = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
"""By language (`*`: all), a value with the word for it."""


@dataclass(frozen=True, slots=True)
class Called:
    """A field, metric, score, output or measure of the policy: its name, what people call it, how its values are written."""

    name: str
    kind: Kind
    title: Texts | None = None
    format: str = ""
    labels: Labels = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """Clients who share something, and what they come to. A sum is None where the policy has no such value, or nobody has it.

    `unknown` counts those whose money is not known; they are in no sum of money.
    """

    clients: int
    money: Decimal | None = None
    profit: Decimal | None = None
    burden: Decimal | None = None
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Decided:
    """What decided: a rule, `default`, `exception` or `unknown`, and for which decision."""

    by: str
    decision: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Curve:
    """Clients by a value, largest first, cumulated: (clients so far, their sum), thinned for drawing; the ends and the peak are among them.

    `unknown` counts the clients who are not in it. `eighty`: how many of the first clients hold four fifths of the total (None where it is
    not positive). `cuts`: the least value of class A (before the line of 80% of all that is above zero), and of A or B (95%). `firsts`:
    what the first 1%, 5%, 10%, 20%, 50% of the clients hold: (part, clients, sum).
    """

    of: Called
    whale: Whale
    points: tuple[tuple[int, Decimal], ...]
    unknown: int
    eighty: int | None
    cuts: tuple[Decimal | None, Decimal | None]
    firsts: tuple[tuple[Fraction, int, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class Overlap:
    """Clients by class of two values: `cells[i][j]` of class i by the first and j by the second; A, B, C each.

    A: whoever stands before the line of 80% of the sum of all positive values; B: before 95%; C: the others, and who has nothing.
    """

    first: Called
    second: Called
    cells: tuple[tuple[Tally, ...], ...]
    unknown: int


@dataclass(frozen=True, slots=True)
class Axis:
    """A side of the matrix: a mark, the ends of its scale, and the level from which it is attractive."""

    of: Called
    low: float
    high: float
    split: float


@dataclass(frozen=True, slots=True)
class Named:
    """A client whom the matrix names. `why`: `decline` (attractive both ways, and the decision is severe), `keep` (neither, and it is
    none), `exception` (decided by a named person's exception)."""

    client: tuple[str, ...]
    name: str | None
    ours: float
    theirs: float
    decision: str
    money: Decimal | None
    why: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """Clients by how attractive they are to us and we to them. `cells`: (column, row from below, clients) of a grid of `size` x `size`.

    `quadrants` stand for (attractive to us and we to them, to us only, we to them only, neither). `unknown`: clients without both marks.
    """

    ours: Axis
    theirs: Axis
    size: int
    cells: tuple[tuple[int, int, int], ...]
    quadrants: tuple[Tally, Tally, Tally, Tally]
    unknown: int
    named: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """Clients with one value (None: it is missing; `others`: of further values), and how many of them have which decision."""

    value: str | None
    tally: Tally
    decisions: tuple[tuple[str, int], ...]
    others: int = 0
    """Where not 0: how many further values stand together here."""


@dataclass(frozen=True, slots=True)
class Segments:
    """The clients by a value of theirs."""

    of: Called
    values: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """What the report is about."""

    policy_id: str
    policy_version: str
    title: Texts | None
    owner: str
    as_of: datetime.date
    run_id: str
    digest: str
    clients: int
    currency: str
    tables: tuple[tuple[str, int, int], ...]
    """(table, rows used, rows set aside or ignored)."""


@dataclass(frozen=True, slots=True)
class Absent:
    """Why a section has nothing to show, in a word that the template knows; `detail` is for people."""

    why: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything. What is None has its reason in `absent`, by the section's name."""

    head: Head
    decisions: tuple[tuple[str, Tally], ...]
    """In the order of severity, undetermined last (only where somebody is)."""
    decided: tuple[Decided, ...]
    titles: tuple[tuple[str, Texts], ...]
    money: Called | None
    profit: Called | None
    burden: Called | None
    meanings: tuple[Meaning, ...]
    whale: Curve | None
    pareto_money: Curve | None
    pareto_burden: Curve | None
    overlap: Overlap | None
    matrix: Matrix | None
    segments: tuple[Segments, ...]
    segments_assumed: bool
    undetermined: Tally
    worklist: Worklist | None
    """What to find out about them; None where nobody is undetermined."""
    whole: WholeResult
    audit: Audit | None
    comparison: Comparison | None
    parting: Parting | None
    hours: float | None
    """Of the time plan: how many hours there are to share out."""
    labels: tuple[tuple[str, Labels], ...] = ()
    """Of fields and outputs that list their values: the words for these, by name."""
    absent: tuple[tuple[str, Absent], ...] = ()
