"""A simulated portfolio: what clients bring and cost today, without some of them, and on other terms."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from .policy import MeasureName
from .text import Texts

UNDETERMINED = "undetermined"


class How(StrEnum):
    """How a change works: RELATIVE by a part of the value, ADD by an amount, SET to an amount."""

    RELATIVE = "relative"
    ADD = "add"
    SET = "set"


@dataclass(frozen=True, slots=True)
class TermChange:
    """Other terms: the client's field, metric or measure `name` changes, for the clients of `decision` (None: for all).

    `amount` is a part (0.05 for +5%) where RELATIVE, else in the unit of the value. `text` is what the user wrote.
    """

    name: str
    how: How
    amount: Decimal
    text: str
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """What a group of clients comes to; what two moments differ by, where it was made by subtraction.

    Money is summed over `counted`, the clients whose revenue and profit are both known, hours and conflicts over those who have them:
    `hours_missing` and `conflicts_missing` count the others. None: the policy has no such measure.
    """

    clients: int = 0
    counted: int = 0
    revenue: Decimal = Decimal(0)
    profit: Decimal | None = Decimal(0)
    hours: Decimal | None = Decimal(0)
    hours_missing: int = 0
    conflicts: Decimal | None = Decimal(0)
    conflicts_missing: int = 0

    def __add__(self, other: Sums) -> Sums:
        return self._with(other, 1)

    def __sub__(self, other: Sums) -> Sums:
        return self._with(other, -1)

    def _with(self, other: Sums, sign: int) -> Sums:
        return Sums(
            self.clients + sign * other.clients,
            self.counted + sign * other.counted,
            self.revenue + sign * other.revenue,
            _both(self.profit, other.profit, sign),
            _both(self.hours, other.hours, sign),
            self.hours_missing + sign * other.hours_missing,
            _both(self.conflicts, other.conflicts, sign),
            self.conflicts_missing + sign * other.conflicts_missing,
        )

    @property
    def cost(self) -> Decimal | None:
        """The whole cost: what the revenue is more than the profit."""
        return None if self.profit is None else self.revenue - self.profit

    @property
    def margin(self) -> Fraction | None:
        """profit / revenue; None where the revenue is not positive."""
        return None if self.profit is None or self.revenue <= 0 else Fraction(self.profit) / Fraction(self.revenue)

    @property
    def uncounted(self) -> int:
        return self.clients - self.counted


def _both(left: Decimal | None, right: Decimal | None, sign: int) -> Decimal | None:
    return None if left is None or right is None else left + sign * right


@dataclass(frozen=True, slots=True)
class Avoidable:
    """What of a group's cost would end with its clients, as far as the policy says it.

    `open_clients` are counted clients without an avoidable cost, `open_cost` their whole cost. `above`: clients whose avoidable cost
    exceeds their whole cost.
    """

    known: Decimal = Decimal(0)
    open_clients: int = 0
    open_cost: Decimal = Decimal(0)
    above: int = 0

    def __add__(self, other: Avoidable) -> Avoidable:
        return Avoidable(
            self.known + other.known, self.open_clients + other.open_clients, self.open_cost + other.open_cost, self.above + other.above
        )


@dataclass(frozen=True, slots=True)
class Steps:
    """A group, or the portfolio, from step to step: `today`; `without` those who leave; `after` the terms have changed too."""

    today: Sums
    without: Sums
    after: Sums

    def __add__(self, other: Steps) -> Steps:
        return Steps(self.today + other.today, self.without + other.without, self.after + other.after)

    @property
    def leaving(self) -> Sums:
        return self.without - self.today

    @property
    def terms(self) -> Sums:
        return self.after - self.without


@dataclass(frozen=True, slots=True)
class Group:
    """The clients of a decision."""

    decision: str
    leaves: bool
    steps: Steps
    held: int = 0
    """Clients for whom the changed terms give no value: they count as they are today."""


@dataclass(frozen=True, slots=True)
class Departure:
    """Those who leave: what they pay and what they cost. `declared`: the policy says what of the cost ends with them.

    Where it does not, `avoidable.known` is the whole cost: as much as can be saved at best.
    """

    sums: Sums
    avoidable: Avoidable
    declared: bool

    @property
    def lost(self) -> Decimal:
        """The revenue."""
        return self.sums.revenue

    @property
    def cost(self) -> Decimal:
        return self.sums.cost or Decimal(0)

    @property
    def saved(self) -> Decimal:
        return self.avoidable.known

    @property
    def net(self) -> Decimal:
        """What the profit changes by."""
        return self.saved - self.lost

    @property
    def net_at_most(self) -> Decimal:
        """The same, were all cost saved of those whose avoidable cost is not known."""
        return self.net + self.avoidable.open_cost

    @property
    def net_if_nothing(self) -> Decimal:
        return -self.lost

    @property
    def net_if_everything(self) -> Decimal:
        return self.cost - self.lost

    @property
    def break_even(self) -> Fraction | None:
        """The part of their cost that must end with them for the profit to stay as it is; None where they cost nothing."""
        return Fraction(self.lost) / Fraction(self.cost) if self.cost > 0 else None

    @property
    def part(self) -> Fraction | None:
        """The part of their cost that ends with them."""
        return Fraction(self.saved) / Fraction(self.cost) if self.cost > 0 else None


@dataclass(frozen=True, slots=True)
class Ground:
    """Clients who leave by the same rule (or the default, an exception). `money`: what the rule says comes from an amount of money."""

    by: str
    clients: int
    money: bool


@dataclass(frozen=True, slots=True)
class Parting:
    """The portfolio today, and those who leave where nobody says otherwise: whose decision needs approval, else the most severe one."""

    without: tuple[str, ...]
    today: Sums
    departure: Departure
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, slots=True)
class Whale:
    """A whale curve: clients by the measure, best first, cumulated. `clients` have the measure.

    `peak` is its highest point, `above` the clients there (all above zero), `below` those below zero, `erosion` what they take away again.
    `best` are the clients whose rank is within the first fifth (ties share a rank), `best_sum` what they hold.
    """

    clients: int
    total: Decimal
    peak: Decimal
    above: int
    below: int
    best: int
    best_sum: Decimal

    @property
    def erosion(self) -> Decimal:
        return self.peak - self.total

    @property
    def peak_share(self) -> Fraction | None:
        """The peak as a part of the total; None where the total is not positive."""
        return self._of_total(self.peak)

    @property
    def best_share(self) -> Fraction | None:
        return self._of_total(self.best_sum)

    def _of_total(self, amount: Decimal) -> Fraction | None:
        return Fraction(amount) / Fraction(self.total) if self.total > 0 else None


@dataclass(frozen=True, slots=True)
class Curves:
    """The curves of revenue and of profit (None: the policy has no profit)."""

    revenue: Whale
    profit: Whale | None


@dataclass(frozen=True, slots=True)
class Meaning:
    """Where a measure comes from: the field, metric or expression, and whether it was assumed. `others`: what would have fitted too."""

    name: MeasureName
    source: str
    assumed: bool
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """Clients whom the policy decided so in the run, and so on other terms; `revenue` is theirs today."""

    before: str
    after: str
    clients: int
    revenue: Decimal


@dataclass(frozen=True, slots=True)
class Simulation:
    """A simulated portfolio. `without` are the decisions whose clients leave; `groups` stand in the order of severity, undetermined last.

    `fixed` are the values that look at the portfolio or at rows and stayed as they were, though a change reaches them; `follows` the
    measures by whose movement the profit moved because it is delivered and not calculated. `titles`: the decisions' names.
    """

    policy_id: str
    policy_version: str
    run_id: str
    as_of: datetime.date
    currency: str
    languages: tuple[str, ...]
    without: tuple[str, ...]
    changes: tuple[TermChange, ...]
    groups: tuple[Group, ...]
    departure: Departure
    today: Curves
    after: Curves
    meanings: tuple[Meaning, ...]
    fixed: tuple[str, ...] = ()
    follows: tuple[MeasureName, ...] = ()
    titles: tuple[tuple[str, Texts], ...] = field(default=(), repr=False)
    grounds: tuple[Ground, ...] = ()
    """By what those who leave were decided."""
    again: tuple[Move, ...] | None = None
    """Everybody decided again on other terms; None where that was not asked for."""

    @property
    def whole(self) -> Steps:
        first, *rest = (group.steps for group in self.groups)
        for steps in rest:
            first = first + steps
        return first

    @property
    def profit_known(self) -> bool:
        """Whether the policy says what clients cost, or what is left of their revenue."""
        return self.whole.today.profit is not None

    def has(self, name: MeasureName) -> bool:
        return any(meaning.name is name for meaning in self.meanings)
