"""Mutation testing: a policy with small faults planted into it; does at least one test notice each of them?

Test files in, every mutant of their policies with its fate out. A mutant is decided by the production query, all mutants of a batch of cases
side by side; it is killed where a case that passes would fail with it. `missing_because` is not looked at.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from .. import checking, compiling, testing
from ..compiling.render import VARIANT
from ..engines import variants as engine
from ..model.checked import CheckedPolicy
from ..model.mutant import Fate, Judged, JudgedPolicy, Mutant, Part, Retyped
from ..model.policy import Parameter
from ..model.tested import TestReport
from .cases import DecidedBatch, run_tests
from .policies import load_policy

LEFT_OUT = frozenset({"missing_because"})


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
    def alive(self) -> list[int]:
        return [n for n in self.mutants if n not in self.killed]


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
        try_rows(nursery, batch)


def try_rows(nursery: Nursery, batch: DecidedBatch) -> None:
    """The mutants that stand in a client's own values or in a rule's condition."""
    chosen = [variant for n in nursery.alive if (variant := variant_of(nursery, n, batch.checked)) is not None]
    if not chosen:
        return
    whole = compiling.varied(batch.whole, chosen)
    column = batch.batch.case_column
    exceptions = any(exception.holds(batch.batch.as_of) for exception in batch.batch.exceptions)
    query = compiling.compile_policy(whole, batch.batch.as_of, exceptions=exceptions, partition=column, reasons=False)
    ready = {case.key: (case, result) for case, result in zip(batch.batch.cases, batch.results, strict=True) if result.passed}
    expected = {c.name for case, _ in ready.values() for one in case.expect for c in one.columns} - LEFT_OUT
    kinds = testing.Needs(batch.checked).kinds
    numbers = [variant.number for variant in chosen]
    with engine.copied(batch.connection, whole.policy.tables, numbers, column, VARIANT, batch.folder):
        engine.decide_variants(batch.connection, query)
        for number, row in engine.differing_rows(batch.connection, query, sorted(expected), column):
            case = ready.get(str(row[column]))
            if number not in nursery.killed and case is not None and testing.case_notices(batch.batch, case[0], kinds, row, LEFT_OUT):
                nursery.killed[number] = case[1].name


def variant_of(nursery: Nursery, number: int, checked: CheckedPolicy) -> compiling.Variant | None:
    """The mutant as a variant of the batch's policy; None where it stands elsewhere, or the batch gives the parameter another value."""
    mutant, parts = nursery.mutants[number], nursery.parts[number]
    match mutant.of:
        case Part.PARAMETER:
            parameter = mutant.policy.parameter(mutant.name)
            same = checked.policy.parameter(mutant.name) == nursery.checked.policy.parameter(mutant.name)
            return compiling.Variant(number, parts, parameter) if same and isinstance(parameter, Parameter) else None
        case Part.RANKING | Part.FIGURE | Part.LIMIT | Part.GUARANTEE:
            return None
        case _:
            return compiling.Variant(number, parts) if parts != Retyped() else None


@dataclass(frozen=True, slots=True)
class MutantReport:
    """What came of the tests, and of the mutants of every policy that they are about."""

    tests: TestReport
    policies: tuple[JudgedPolicy, ...]
    seconds: float


def run_mutants(paths: tuple[Path, ...], only: str = "") -> MutantReport:
    """The tests at these paths, and what they make of every mutant of their policies."""
    start = time.perf_counter()
    planter = Planter()
    tests = run_tests(paths, only, [planter])
    policies = tuple(JudgedPolicy(path, judged(nursery)) for path, nursery in planter.nurseries.items())
    return MutantReport(tests, policies, time.perf_counter() - start)


def judged(nursery: Nursery) -> tuple[Judged, ...]:
    return tuple(
        Judged(mutant, Fate.KILLED if n in nursery.killed else Fate.SURVIVED, nursery.killed.get(n, "")) for n, mutant in nursery.mutants.items()
    )


