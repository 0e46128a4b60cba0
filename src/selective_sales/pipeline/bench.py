"""A decided batch of test cases in; out, which of its cases would fail with a row, or with what its clients come to, of a mutant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .. import testing
from ..model.checked import CheckedPolicy
from ..model.kind import Kind
from ..model.mutant import Mutant
from ..model.tested import CaseResult
from .cases import DecidedBatch

LEFT_OUT = frozenset({"missing_because"})
RULE_COLUMNS = frozenset({"decision", "policy_decision", "decided_by", "fired", "applied", "unknown", "possible_decisions"})
Killed = dict[int, str]
Mutants = Mapping[int, Mutant]


@dataclass(frozen=True, slots=True)
class Bench:
    """The cases of a batch that pass, by key, and what they expect of their clients. `own` is the policy without the batch's parameters."""

    batch: DecidedBatch
    own: CheckedPolicy
    ready: Mapping[str, tuple[testing.ReadyCase, CaseResult]]
    columns: frozenset[str]
    kinds: Mapping[str, Kind]

    @classmethod
    def of(cls, batch: DecidedBatch, own: CheckedPolicy) -> Bench:
        pairs = zip(batch.batch.cases, batch.results, strict=True)
        ready = {case.key: (case, result) for case, result in pairs if result.passed}
        columns = frozenset(c.name for case, _ in ready.values() for one in case.expect for c in one.columns) - LEFT_OUT
        return cls(batch, own, ready, columns, testing.Needs(batch.checked).kinds)

    @property
    def column(self) -> str:
        return self.batch.batch.case_column

    @property
    def exceptions(self) -> bool:
        return any(exception.holds(self.batch.batch.as_of) for exception in self.batch.batch.exceptions)

    @property
    def expects_of_the_run(self) -> bool:
        return any(case.case.expect_run for case, _ in self.ready.values())

    def notice(self, row: Mapping[str, object]) -> str:
        """The name of the case that fails with this row for one of its clients; "" where none does."""
        case = self.ready.get(str(row[self.column]))
        noticed = case is not None and testing.case_notices(self.batch.batch, case[0], self.kinds, row, LEFT_OUT)
        return case[1].name if case is not None and noticed else ""

    def notice_of_the_run(self, key: str, whole: testing.Whole) -> str:
        """The name of the case that fails where its clients come to this together; "" where it does not."""
        case = self.ready.get(key)
        return case[1].name if case is not None and testing.run_notices(case[0], whole) else ""
