"""What a run cost: its steps as they were timed, and its rules, metrics and functions as they were measured anew afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .expression import Expression
from .place import Place
from .steps import Step


class Sort(StrEnum):
    """What a cost is of."""

    RULE = "rule"
    METRIC = "metric"
    FIELD = "field"
    """A field of the clients that is calculated."""
    TABLE = "table"
    """Reading a child table's rows and bringing them to their clients: what all its list functions share."""
    LIST = "list function"
    PORTFOLIO = "portfolio function"
    DECIDING = "deciding"
    """What is done with all rules together: see Together."""


class Together(StrEnum):
    """The parts of deciding that belong to no rule alone."""

    PLANNING = "planning"
    """What the engine thinks before it begins: it does not grow with the clients."""
    LISTS = "lists of rules"
    REASONS = "missing_because"
    WRITING = "sorting, writing"


@dataclass(frozen=True, slots=True)
class Phase:
    """A step of the run, and the seconds from its beginning to the next one's."""

    step: Step
    about: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Probe:
    """A statement that calculates one thing of the policy (`node`; None: a table as such), and one that does all but that. The difference
    is its cost, over the rows of the table `rows` ("": however many there are); the run calculates it `times` over. `large`: the statements
    take long to plan, which is no part of the cost."""

    sort: Sort
    name: str
    full: str
    base: str
    rows: str
    node: Expression | None = None
    times: int = 1
    large: bool = False


@dataclass(frozen=True, slots=True)
class Round:
    """Probes over a relation, then the relation that the next round needs (its name and SELECT). `facts`: these are the facts, from which
    everything is decided; every client stands there several times, and in the rounds after it too."""

    probes: tuple[Probe, ...]
    name: str
    select: str
    facts: bool = False


@dataclass(frozen=True, slots=True)
class Timed:
    """What a probe cost: seconds for all rows of the run, counted up from those that were measured; None: the engine could not.
    `per_million` is None too for what does not grow with the rows."""

    probe: Probe
    seconds: float | None
    per_million: float | None


@dataclass(frozen=True, slots=True)
class Measured:
    """All probes of a run. `sample` is the number of clients they were measured on, each of them `repeated` times; `peak_memory` are the
    bytes that the process held at most until then (None: this system does not tell)."""

    timed: tuple[Timed, ...]
    sample: int
    repeated: int
    peak_memory: int | None


@dataclass(frozen=True, slots=True)
class Cost:
    """A cost in the policy's own words: `name` is its id, `text` the expression as it was written, `place` where."""

    sort: Sort
    name: str
    text: str
    place: Place
    seconds: float | None
    per_million: float | None


@dataclass(frozen=True, slots=True)
class Profile:
    """What a run cost. `total` are its seconds without the `measuring`; what the phases leave of it is start and rest."""

    total: float
    phases: tuple[Phase, ...]
    costs: tuple[Cost, ...]
    clients: int
    sample: int
    repeated: int
    measuring: float
    peak_memory: int | None

    @property
    def rest(self) -> float:
        return max(self.total - sum(phase.seconds for phase in self.phases), 0.0)

    def of(self, *sorts: Sort) -> tuple[Cost, ...]:
        """The costs of those sorts, the dearest first."""
        chosen = [cost for cost in self.costs if cost.sort in sorts]
        return tuple(sorted(chosen, key=lambda cost: -(cost.seconds if cost.seconds is not None else -1.0)))
