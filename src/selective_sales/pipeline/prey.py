"""Clients whom mutants decide otherwise in; out, which of them show it best, and as few as show all mutants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..model.mutant import Mutant
from ..testing.seeking import differences
from ..testing.worlds import World
from .lab import Lab, Row


@dataclass(frozen=True, slots=True)
class Prey:
    """A client whom the mutant decides otherwise: the seed that it was made of, its row by the policy and by the mutant."""

    world: World
    seed: World
    today: Row
    mutated: Row

    @property
    def columns(self) -> list[str]:
        """The columns in which the two differ."""
        return [
            name for name, value in self.today.items() if name in self.mutated and self.mutated[name] != value and name != "missing_because"
        ]


@dataclass(frozen=True, slots=True)
class Catch:
    """A client to show: whom some mutants decide otherwise, each in the columns that are named."""

    world: World
    today: Row
    mutants: Mapping[int, tuple[str, ...]]


def few(lab: Lab, found: Mapping[int, Prey], mutants: Mapping[int, Mutant]) -> list[Catch]:
    """As few of the clients as tell all mutants that are found: the one that tells most first."""
    worlds = list({prey.world.identity: prey for prey in found.values()}.values())
    lab.mutants = {n: mutants[n] for n in found}
    told = lab.tell([("s", prey.world) for prey in worlds], {"s": list(found)})
    tells: dict[int, dict[int, tuple[str, ...]]] = {}
    for n, rows in told.otherwise.items():
        for i, row in rows.items():
            columns = Prey(worlds[i].world, worlds[i].seed, told.rows[i], row).columns
            if columns and rank(columns) <= rank(found[n].columns):
                tells.setdefault(i, {})[n] = tuple(columns)
    catches: list[Catch] = []
    left = set(found)
    while left:
        best = max(tells, key=lambda i: (len(left & tells[i].keys()), -size(worlds[i].world)), default=None)
        if best is None or not left & tells[best].keys():
            return catches
        own = {n: columns for n, columns in tells.pop(best).items() if n in left}
        catches.append(Catch(worlds[best].world, told.rows[best], own))
        left -= own.keys()
    return catches


def rank(columns: Sequence[str]) -> int:
    """A decision before what decided, before a value, before the rules that fired."""
    order = ("decision", "decided_by")
    lists = ("fired", "applied", "unknown", "possible_decisions", "policy_decision")
    return min(order.index(c) if c in order else 3 if c in lists else 2 for c in columns)


def merit(prey: Prey) -> tuple[int, int]:
    """The smaller, the better it shows: a decision before a column that few look at, then few differences from the seed."""
    return rank(prey.columns), differences(prey.world, prey.seed) + size(prey.world) // 4


def size(world: World) -> int:
    """How many rows there are to read."""
    return sum(map(len, world.rows.values())) + sum(map(size, world.others))
