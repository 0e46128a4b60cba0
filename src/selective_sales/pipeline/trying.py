"""Made-up clients in, what the policy says of each out: the decision, the results, and every leaf of every question with its values.

All clients that are tried at once are decided in one run of the production query, each world a portfolio of its own, after the same
loading as any data. A world that the loader refuses gives None.
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .. import compiling, data, testing
from ..engines import duckdb_engine as engine
from ..model.cases import Case
from ..model.checked import CheckedPolicy
from ..model.plan import ExplainQuery, LeafColumns, Query
from ..testing.batch import Batch, ReadyCase
from ..testing.questions import Question, with_questions
from ..testing.worlds import World, rows_of

_MOST = 4000
"""Worlds decided in one run."""


@dataclass(frozen=True, slots=True)
class LeafTried:
    """A leaf in a world: its outcome, the question's were it the other way, and the values that it compares."""

    outcome: bool | None
    flipped: bool | None
    operands: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """A world with what came of it; `outcomes` and `leaves` by question, in their order."""

    world: World
    results: Mapping[str, object]
    outcomes: tuple[bool | None, ...]
    leaves: tuple[tuple[LeafTried, ...], ...]

    def decides(self, question: int, leaf: int) -> bool:
        """Whether this leaf alone turns the question."""
        one, outcome = self.leaves[question][leaf], self.outcomes[question]
        return outcome is not None and one.outcome is not None and one.flipped is not None and one.flipped is not outcome


@dataclass(slots=True)
class Trial:
    """The queries of one policy, compiled once. `tried` counts the worlds that were decided."""

    checked: CheckedPolicy
    as_of: datetime.date
    asked: tuple[Question, ...]
    column: str = field(init=False)
    whole: CheckedPolicy = field(init=False)
    query: Query = field(init=False)
    explaining: ExplainQuery = field(init=False)
    known: dict[tuple[object, ...], Tried | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.column = testing.case_column(self.checked.policy)
        self.whole = testing.with_case_column(self.checked, self.column)
        self.query = compiling.compile_policy(self.whole, self.as_of, partition=self.column)
        self.explaining = compiling.explain_query(with_questions(self.whole, self.asked), self.as_of)

    def of(self, worlds: Sequence[World]) -> list[Tried | None]:
        """What came of each world; what was tried before is remembered."""
        todo = {w.identity: w for w in worlds if w.identity not in self.known}
        new = list(todo.items())
        for start in range(0, len(new), _MOST):
            part = new[start : start + _MOST]
            found = self._decide([world for _, world in part])
            self.known |= {identity: found.get(i) for i, (identity, _) in enumerate(part)}
        return [self.known[w.identity] for w in worlds]

    def _decide(self, worlds: Sequence[World]) -> dict[int, Tried]:
        ready: dict[int, ReadyCase] = {}
        for i, world in enumerate(worlds):
            rows = rows_of(self.checked.policy, world, named=True)
            if rows is not None:
                ready[i] = ReadyCase(f"{i:06}", Case("", {}, ()), rows, (), ())
        while ready:
            batch = Batch(self.checked.policy, False, self.as_of, self.column, tuple(ready.values()))
            with tempfile.TemporaryDirectory(prefix="selective-sales-suggest-") as folder:
                refused, decided = self._run(batch, Path(folder))
            if not refused:
                return {int(key): self._tried(worlds[int(key)], *rows) for key, rows in decided}
            ready = {i: one for i, one in ready.items() if one.key not in refused}
        return {}

    def _run(
        self, batch: Batch, folder: Path
    ) -> tuple[frozenset[str], list[tuple[str, tuple[Mapping[str, object], Mapping[str, object]]]]]:
        """The cases that the loader refuses; where there are none, by case the explaining row and the result of its first client."""
        for name in ("in", "temp"):
            (folder / name).mkdir()
        staged = testing.stage(batch, folder / "in")
        with engine.connected(staged.files.values(), [folder], folder / "temp", engine.Limits(threads=1)) as connection:
            policy = self.whole.policy
            loaded = data.load(
                connection, policy.tables, staged.files, currency=policy.currency, as_of=self.as_of, quarantine=None, staging=folder
            )
            refused = testing.broken(batch, staged, loaded)
            if refused:
                return frozenset(refused), []
            engine.create_exceptions(connection, [], len(policy.clients.key))
            engine.decide(connection, self.query, folder)
            return frozenset(), list(self._firsts(engine.client_rows(connection, self.explaining, folder, None, None)))

    def _firsts(
        self, rows: Iterator[tuple[Mapping[str, object], Mapping[str, object]]]
    ) -> Iterator[tuple[str, tuple[Mapping[str, object], Mapping[str, object]]]]:
        """Of each case the client that is looked at: keys are made up in order, so it is the first."""
        seen: set[str] = set()
        for explained, decided in rows:
            key = str(explained[self.column])
            if key not in seen:
                seen.add(key)
                yield key, (explained, decided)

    def _tried(self, world: World, explained: Mapping[str, object], decided: Mapping[str, object]) -> Tried:
        rules = self.explaining.rules[len(self.checked.rules) :]
        leaves = tuple(tuple(_leaf(leaf, explained) for leaf in rule.leaves) for rule in rules)
        return Tried(world, decided, tuple(_truth(explained[rule.column]) for rule in rules), leaves)


def _leaf(columns: LeafColumns, row: Mapping[str, object]) -> LeafTried:
    operands = tuple(row[column] for _, column in columns.operands)
    return LeafTried(_truth(row[columns.column]), _truth(row[columns.flipped]), operands)


def _truth(value: object) -> bool | None:
    return None if value is None else bool(value)
