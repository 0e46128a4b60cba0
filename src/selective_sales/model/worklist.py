"""What to find out next about the clients who could not be decided, and what that would settle."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from .results import Client
from .text import Texts


@dataclass(frozen=True, slots=True, order=True)
class Lack:
    """What keeps a client undecided, as the run names it in `missing_because`.

    A blank cell of `field` (of a child `table`; "" for the clients' own), which somebody can fill in; or, where `cause` is not empty, a
    value of that name that cannot be computed from what is there.
    """

    label: str
    table: str = ""
    field: str = ""
    cause: str = ""

    @property
    def is_fact(self) -> bool:
        """Whether somebody can find it out and write it down."""
        return not self.cause


@dataclass(frozen=True, slots=True)
class Worth:
    """Some clients, and their money: `amount` over those whose money is known (None: of none), `unknown` counts the others."""

    clients: int = 0
    amount: Decimal | None = None
    unknown: int = 0

    def __add__(self, other: Worth) -> Worth:
        known = [a for a in (self.amount, other.amount) if a is not None]
        return Worth(self.clients + other.clients, sum(known, Decimal(0)) if known else None, self.unknown + other.unknown)

    def __sub__(self, other: Worth) -> Worth:
        """Without some of its own clients."""
        clients, unknown = self.clients - other.clients, self.unknown - other.unknown
        amount = None if clients == unknown else (self.amount or Decimal(0)) - (other.amount or Decimal(0))
        return Worth(clients, amount, unknown)


@dataclass(frozen=True, slots=True)
class LackWorth:
    """Whom a lack holds back: `alone`, nothing else does; `among`, it is one of several."""

    lack: Lack
    alone: Worth
    among: Worth

    @property
    def all(self) -> Worth:
        return self.alone + self.among


@dataclass(frozen=True, slots=True)
class Step:
    """Facts to collect next, together; whom that settles, after the steps before; who is left then."""

    facts: tuple[Lack, ...]
    settled: Worth
    left: Worth


@dataclass(frozen=True, slots=True)
class WaitingClient:
    """A client who is undetermined: by what, and what the decision could be. `amount` None: not known."""

    client: Client
    name: str | None
    amount: Decimal | None
    lacks: tuple[Lack, ...]
    possible: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Worklist:
    """What a run lacks, the most valuable first. `amount` names the money by which it is ordered (None: the policy has none).

    `facts` can be collected; `obstacles` are values that cannot be computed, which need a look at the data or at the policy. `steps` settle
    all whom facts alone can settle. `clients` are the first of the undetermined ones, by money.
    """

    policy_id: str
    policy_version: str
    run_id: str
    as_of: datetime.date
    currency: str
    languages: tuple[str, ...]
    amount: str | None
    titles: tuple[tuple[str, Texts], ...]
    decided: int
    undetermined: Worth
    facts: tuple[LackWorth, ...]
    obstacles: tuple[LackWorth, ...]
    steps: tuple[Step, ...]
    clients: tuple[WaitingClient, ...]

    @property
    def beyond_facts(self) -> Worth:
        """Whom no fact settles, as something cannot be computed."""
        return self.steps[-1].left if self.steps else self.undetermined
