"""Mutation testing: a policy with small faults planted into it; does at least one test notice each of them?

A watcher of a test run that gives every mutant of the policies with its fate. A mutant is decided by the production query, all mutants of
a batch of cases side by side; it is killed where a case that passes would fail with it. `missing_because` is not looked at.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .. import checking, reading, testing
from ..model.cases import Row
from ..model.checked import CheckedPolicy
from ..model.mutant import Fate, Judged, JudgedPolicy, Mutant, Retyped
from ..testing.boundaries import Interest, interests
from ..testing.worlds import World
from .cases import DecidedBatch
from .hunting import few, new_hunt
from .planting import Bench, try_mutants
from .policies import load_policy
from .proving import proved


@dataclass(slots=True)
class Nursery:
    """The mutants of one policy: their typed parts by number (from 1), the cases that killed them, and the cases' clients by date."""

    checked: CheckedPolicy
    mutants: dict[int, Mutant]
    parts: dict[int, Retyped]
    killed: dict[int, str] = field(default_factory=dict)
    batches: list[tuple[Path, datetime.date, tuple[testing.ReadyCase, ...]]] = field(default_factory=list)

    @classmethod
    def of(cls, checked: CheckedPolicy) -> Nursery:
        again = checking.Again.of(checked)
        found = ((mutant, again.retyped(mutant)) for mutant in testing.mutants(checked))
        kept = [(mutant, parts) for mutant, parts in found if parts is not None]
        return cls(checked, {n: m for n, (m, _) in enumerate(kept, 1)}, {n: parts for n, (_, parts) in enumerate(kept, 1)})

    @property
    def alive(self) -> dict[int, Mutant]:
        return {n: mutant for n, mutant in self.mutants.items() if n not in self.killed}

    def decided(self, batch: DecidedBatch) -> None:
        """Tries the mutants that are still alive on the batch, and keeps its clients for the search."""
        alive = self.alive
        self.killed |= try_mutants(Bench.of(batch, self.checked), alive, {n: self.parts[n] for n in alive})
        if not batch.batch.changed:
            passed = [case for case, result in zip(batch.batch.cases, batch.results, strict=True) if result.passed]
            self.batches.append((batch.path, batch.batch.as_of, tuple(passed)))

    @property
    def as_of(self) -> datetime.date | None:
        """The date of most cases."""
        dates = Counter({as_of: 0 for _, as_of, _ in self.batches})
        for _, as_of, cases in self.batches:
            dates[as_of] += len(cases)
        return dates.most_common(1)[0][0] if dates else None

    def equivalent(self) -> set[int]:
        """The mutants that no client can tell from the policy."""
        return set() if self.as_of is None else proved(self.checked, self.as_of, self.alive, self.parts)

    def hunted(self, equivalent: set[int]) -> dict[int, str]:
        """For the mutants that are alive, as far as they are found, a case that would kill them."""
        as_of, alive = self.as_of, {n: mutant for n, mutant in self.alive.items() if n not in equivalent}
        if as_of is None or not alive:
            return {}
        where = interests(self.checked, as_of)
        seeds = [world for _, _, cases in self.batches for case in cases for world in worlds_of(self.checked, case, where)]
        hunt = new_hunt(self.checked, as_of, alive, {n: self.parts[n] for n in alive}, where, seeds)
        writer = testing.KillingCases(self.checked, as_of, self.defaults(as_of))
        found: dict[int, str] = {}
        for catch in few(hunt.lab, hunt.run(), alive):
            shown = self.mutants[min(catch.mutants)]
            name = f"{shown.name}, {shown.fault.replace(chr(39), '')}"
            text = writer.text(name, catch.world, catch.today, catch.mutants.values())
            found |= dict.fromkeys(catch.mutants, text)
        return found

    def defaults(self, as_of: datetime.date) -> Mapping[str, Row]:
        """Those of the first test file whose cases are of that date."""
        path = next(path for path, date, _ in self.batches if date == as_of)
        file, _ = reading.read_cases(path)
        return {} if file is None else file.defaults


def worlds_of(checked: CheckedPolicy, case: testing.ReadyCase, where: tuple[Interest, ...]) -> Iterator[World]:
    """The case's clients, each as the one that is looked at with the others beside it; fields that were left out are blank."""
    yield from testing.worlds_of_case(checked.policy, case.rows, where)


@dataclass(slots=True)
class Planter:
    """Watches the batches of a test run, and tries the mutants that are still alive on each."""

    nurseries: dict[str, Nursery] = field(default_factory=dict)

    def decided(self, batch: DecidedBatch) -> None:
        path = batch.checked.policy.sources[0].path
        if path not in self.nurseries:
            checked, _ = load_policy(Path(path))
            assert checked is not None
            self.nurseries[path] = Nursery.of(checked)
        self.nurseries[path].decided(batch)

    def judged(self) -> tuple[JudgedPolicy, ...]:
        """Every mutant of every policy with its fate."""
        return tuple(JudgedPolicy(path, tuple(judge(nursery))) for path, nursery in self.nurseries.items())


def judge(nursery: Nursery) -> Iterator[Judged]:
    equivalent = nursery.equivalent()
    cases = nursery.hunted(equivalent)
    for n, mutant in nursery.mutants.items():
        if n in nursery.killed:
            yield Judged(mutant, Fate.KILLED, nursery.killed[n])
        else:
            before, after = testing.shown(nursery.checked.policy, mutant)
            fate = Fate.EQUIVALENT if n in equivalent else Fate.SURVIVED
            yield Judged(mutant, fate, case=cases.get(n, ""), before=before, after=after)


