"""Mutation testing: a policy with small faults planted into it; does at least one test notice each of them?

Test files in, every mutant of their policies with its fate out. A mutant is decided by the production query, all mutants of a batch of cases
side by side; it is killed where a case that passes would fail with it. `missing_because` is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .. import checking, testing
from ..model.checked import CheckedPolicy
from ..model.mutant import Fate, Judged, JudgedPolicy, Mutant, Retyped
from .cases import DecidedBatch
from .policies import load_policy
from .planting import Bench, try_mutants


@dataclass(slots=True)
class Nursery:
    """The mutants of one policy: their typed parts by number (from 1), and the cases that killed them."""

    checked: CheckedPolicy
    mutants: dict[int, Mutant]
    parts: dict[int, Retyped]
    killed: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, checked: CheckedPolicy) -> Nursery:
        again = checking.Again.of(checked)
        found = ((mutant, again.retyped(mutant)) for mutant in testing.mutants(checked))
        kept = [(mutant, parts) for mutant, parts in found if parts is not None]
        return cls(checked, {n: m for n, (m, _) in enumerate(kept, 1)}, {n: parts for n, (_, parts) in enumerate(kept, 1)})

    @property
    def alive(self) -> dict[int, Mutant]:
        return {n: mutant for n, mutant in self.mutants.items() if n not in self.killed}


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
        nursery = self.nurseries[path]
        alive = nursery.alive
        nursery.killed |= try_mutants(Bench.of(batch, nursery.checked), alive, {n: nursery.parts[n] for n in alive})


    def judged(self) -> tuple[JudgedPolicy, ...]:
        """Every mutant of every policy with its fate."""
        return tuple(JudgedPolicy(path, tuple(judge(nursery))) for path, nursery in self.nurseries.items())


def judge(nursery: Nursery) -> Iterator[Judged]:
    for n, mutant in nursery.mutants.items():
        if n in nursery.killed:
            yield Judged(mutant, Fate.KILLED, nursery.killed[n])
        else:
            before, after = testing.shown(nursery.checked.policy, mutant)
            yield Judged(mutant, Fate.SURVIVED, before=before, after=after)
