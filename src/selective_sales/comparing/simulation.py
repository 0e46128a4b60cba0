"""Sums per decision in, a portfolio's steps out: today, without those who leave, on other terms; and what their leaving costs and saves.

Pure arithmetic on exact sums. A group that leaves keeps what of its cost does not end with it: that cost stays with the company.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..model.simulation import UNDETERMINED, Avoidable, Departure, Group, Steps, Sums


@dataclass(frozen=True, slots=True)
class Counted:
    """What the engine sums for the clients of a decision. `avoidable` is None where the policy does not say what of a cost ends."""

    decision: str
    today: Sums
    after: Sums
    held: int
    avoidable: Avoidable | None


def groups(counted: Iterable[Counted], order: Sequence[str], without: Collection[str], nothing: Sums) -> tuple[Group, ...]:
    """A group per decision in that order, then the undetermined where there are any. `nothing` is the sum over nobody."""
    by_name = {c.decision: c for c in counted}
    names = [*order, *(name for name in by_name if name not in order and name != UNDETERMINED)]
    names += [UNDETERMINED] if UNDETERMINED in by_name else []
    none = Avoidable() if any(c.avoidable is not None for c in by_name.values()) else None
    return tuple(_group(by_name.get(name, Counted(name, nothing, nothing, 0, none)), name in without, nothing) for name in names)


def _group(counted: Counted, leaves: bool, nothing: Sums) -> Group:
    if not leaves:
        return Group(counted.decision, False, Steps(counted.today, counted.today, counted.after), counted.held)
    gone = gone_with(counted, nothing)
    return Group(counted.decision, True, Steps(counted.today, gone, gone))


def gone_with(counted: Counted, nothing: Sums) -> Sums:
    """What is left of a group that leaves: nobody, and a loss as large as the cost that stays."""
    cost = counted.today.cost
    if cost is None:
        return nothing
    stays = cost - saved(counted).known
    return Sums(profit=-stays, hours=nothing.hours, conflicts=nothing.conflicts)


def saved(counted: Counted) -> Avoidable:
    """What ends with the group: as the policy says it, else the whole cost."""
    return counted.avoidable if counted.avoidable is not None else Avoidable(counted.today.cost or Decimal(0))


def departure(counted: Iterable[Counted], without: Collection[str], nothing: Sums) -> Departure:
    """Those who leave, together."""
    leaving = [c for c in counted if c.decision in without]
    sums, avoidable = nothing, Avoidable()
    for one in leaving:
        sums, avoidable = sums + one.today, avoidable + saved(one)
    return Departure(sums, avoidable, declared=bool(leaving) and all(c.avoidable is not None for c in leaving))
