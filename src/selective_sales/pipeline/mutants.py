"""Mutation testing: a policy with small faults planted into it; does at least one test notice each of them?

A watcher of a test run that gives every mutant of the policies with its fate. A mutant is decided by the production query, all mutants of
a batch of cases side by side; it is killed where a case that passes would fail with it. `missing_because` is not looked at.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from pathlib import Path

from .. import checking, reading, testing
from ..model import steps
from ..model.cases import CaseFile
from ..model.checked import CheckedPolicy
from ..model.mutant import Fate, Judged, JudgedPolicy, Mutant, Part, Retyped
from ..model.steps import Step
from ..testing.boundaries import interests
from .bench import Bench
from .cases import DecidedBatch
from .hunting import new_hunt
from .planting import try_mutants
from .policies import load_policy
from .prey import few
from .proving import proved

MOST_HUNTED = 100
"""Mutants for which clients are searched in one go."""
MOST_EXAMINED = 400
"""Mutants that are alive of which it is asked whether `check` lets them pass and whether anybody can tell them: each takes its time, and
where more are alive the policy wants cases first."""


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

    @property
    def unexamined(self) -> set[int]:
        return set(list(self.alive)[MOST_EXAMINED:])

    def refuse(self) -> None:
        """Takes out what `check` would not let pass as a whole: a row that meets another is no slip that tests are for."""
        for n, mutant in list(self.alive.items())[:MOST_EXAMINED]:
            if checking.check(mutant.policy)[0] is None:
                del self.mutants[n]

    def date_of(self, mutant: Mutant) -> datetime.date | None:
        """The date on which the mutant is looked at: that of most cases, unless it changes a value that holds on another date."""
        usual = self.as_of
        own, its = self.checked.policy.parameter(mutant.name), mutant.policy.parameter(mutant.name)
        if usual is None or mutant.of is not Part.PARAMETER or own is None or its is None or own.value_at(usual) != its.value_at(usual):
            return usual
        return next(d.since for d, new in zip(own.dated, its.dated, strict=True) if d != new)

    def looked_for(self, equivalent: set[int]) -> set[int]:
        """The mutants for which clients are searched: the first ones, where there are more than a person would write cases for at once."""
        own = [n for n, m in self.alive.items() if n not in equivalent and m.of not in (Part.FIGURE, Part.LIMIT, Part.GUARANTEE)]
        return set(own[:MOST_HUNTED])

    def by_date(self, left_out: Set[int]) -> Iterator[tuple[datetime.date, dict[int, Mutant]]]:
        """The mutants that are alive, by the date on which they are looked at."""
        found: dict[datetime.date, dict[int, Mutant]] = {}
        for n, mutant in self.alive.items():
            date = self.date_of(mutant)
            if date is not None and n not in left_out:
                found.setdefault(date, {})[n] = mutant
        yield from found.items()

    def equivalent(self) -> set[int]:
        """The mutants that no client can tell from the policy."""
        return {n for date, mutants in self.by_date(self.unexamined) for n in proved(self.checked, date, mutants, self.parts)}

    def hunted(self, equivalent: set[int]) -> dict[int, str]:
        """For the mutants that are alive, as far as they are found, a case that would kill them."""
        left_out = self.alive.keys() - self.looked_for(equivalent)
        return {n: text for date, mutants in self.by_date(left_out) for n, text in self.hunted_on(date, mutants).items()}

    def hunted_on(self, as_of: datetime.date, mutants: dict[int, Mutant]) -> dict[int, str]:
        where = interests(self.checked, as_of)
        cases = (case for _, _, cases in self.batches for case in cases)
        seeds = [world for case in cases for world in testing.worlds_of_case(self.checked.policy, case.rows, where)]
        hunt = new_hunt(self.checked, as_of, mutants, self.parts, where, seeds)
        file = self.file(as_of)
        writer = testing.KillingCases(self.checked, None if file.as_of == as_of else as_of, file.defaults)
        found: dict[int, str] = {}
        for catch in few(hunt.lab, hunt.run(), mutants):
            shown = self.mutants[min(catch.mutants)]
            name = f"{shown.name}, {shown.fault.replace(chr(39), '')}"
            found |= dict.fromkeys(catch.mutants, writer.text(name, catch.world, catch.today, catch.mutants.values()))
        return found

    def file(self, as_of: datetime.date) -> CaseFile:
        """The first test file with cases of that date, or the first of all."""
        path = next((path for path, date, _ in self.batches if date == as_of), self.batches[0][0])
        file, _ = reading.read_cases(path)
        assert file is not None
        return file


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
        with steps.as_a_whole(Step.PLANTING):
            return tuple(JudgedPolicy(path, tuple(judge(nursery))) for path, nursery in self.nurseries.items())


def judge(nursery: Nursery) -> Iterator[Judged]:
    nursery.refuse()
    equivalent = nursery.equivalent()
    looked_for = nursery.looked_for(equivalent)
    cases = nursery.hunted(equivalent)
    for n, mutant in nursery.mutants.items():
        if n in nursery.killed:
            yield Judged(mutant, Fate.KILLED, nursery.killed[n])
        else:
            before, after = testing.shown(nursery.checked.policy, mutant)
            fate = Fate.EQUIVALENT if n in equivalent else Fate.SURVIVED
            yield Judged(mutant, fate, "", cases.get(n, ""), before, after, n in looked_for)
