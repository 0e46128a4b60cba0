"""Made-up clients in, what the policy says of each out: while searching every leaf of every question, at the end the whole result.

All clients that are tried at once are decided in one run of the production query's own facts and conditions, each world a portfolio of its
own, after the same loading as any data. A world that the loader refuses gives None.
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from .. import compiling, data, testing
from ..engines import duckdb_engine as engine
from ..model.cases import Case
from ..model.checked import CheckedPolicy
from ..model.plan import Query
from ..model.queries import ExplainQuery, LeafColumns
from ..testing.batch import Batch, ReadyCase
from ..testing.questions import Question
from ..testing.worlds import World, rows_of

if TYPE_CHECKING:
    import duckdb

_MOST = 4000
"""Worlds decided in one run."""
Row = Mapping[str, object]
Ask = Callable[["duckdb.DuckDBPyConnection"], Sequence[Row]]


@dataclass(frozen=True, slots=True)
class LeafTried:
    """A leaf in a world: its outcome, the question's were it the other way, and the values that it compares."""

    outcome: bool | None
    flipped: bool | None
    operands: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """A world with what came of it: the rules that fire and those that are unknown; `outcomes` and `leaves` by question, in order."""

    world: World
    fired: frozenset[str]
    unknown: frozenset[str]
    outcomes: tuple[bool | None, ...]
    leaves: tuple[tuple[LeafTried, ...], ...]

    def decides(self, question: int, leaf: int) -> bool:
        """Whether this leaf alone turns the question, or at least makes it certain."""
        one, outcome = self.leaves[question][leaf], self.outcomes[question]
        return outcome is not None and one.outcome is not None and one.flipped is not outcome


@dataclass(slots=True)
class Trial:
    """The queries of one policy, compiled once; what was tried is remembered."""

    checked: CheckedPolicy
    as_of: datetime.date
    asked: tuple[Question, ...]
    column: str = field(init=False)
    whole: CheckedPolicy = field(init=False)
    query: Query = field(init=False)
    asking: ExplainQuery = field(init=False)
    known: dict[tuple[object, ...], Tried | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.column = testing.case_column(self.checked.policy)
        self.whole = testing.with_case_column(self.checked, self.column)
        self.query = compiling.compile_policy(self.whole, self.as_of, partition=self.column)
        self.asking = compiling.question_query(self.whole, self.as_of, tuple(question.rule for question in self.asked))

    def of(self, worlds: Sequence[World]) -> list[Tried | None]:
        """What came of each world."""
        new = list({w.identity: w for w in worlds if w.identity not in self.known}.items())
        for start in range(0, len(new), _MOST):
            part = new[start : start + _MOST]
            rows = self._run([world for _, world in part], lambda connection: engine.asked_rows(connection, self.query, self.asking))
            self.known |= {identity: self._tried(world, rows[i]) if i in rows else None for i, (identity, world) in enumerate(part)}
        return [self.known[w.identity] for w in worlds]

    def results(self, worlds: Sequence[World]) -> list[Row | None]:
        """The result of each world's client, as a run would give it."""
        rows = self._run(worlds, lambda connection: engine.decided_rows(connection, self.query))
        return [rows.get(i) for i in range(len(worlds))]

    def _run(self, worlds: Sequence[World], ask: Ask) -> dict[int, Row]:
        """By the worlds' numbers the row of the client that is looked at; those that the loader refuses are left out."""
        ready: dict[int, ReadyCase] = {}
        for i, world in enumerate(worlds):
            rows = rows_of(self.checked.policy, world, named=True)
            if rows is not None:
                ready[i] = ReadyCase(f"{i:06}", Case("", {}, ()), rows, (), ())
        while ready:
            batch = Batch(self.checked.policy, False, self.as_of, self.column, tuple(ready.values()))
            with tempfile.TemporaryDirectory(prefix="selective-sales-suggest-") as folder:
                refused, found = self._loaded(batch, Path(folder), ask)
            if not refused:
                # Keys are made up in order, so the first client of a case is the one that is looked at.
                return {int(str(row[self.column])): row for row in reversed(found)}
            ready = {i: one for i, one in ready.items() if one.key not in refused}
        return {}

    def _loaded(self, batch: Batch, folder: Path, ask: Ask) -> tuple[frozenset[str], Sequence[Row]]:
        """The cases that the loader refuses; where there are none, what was asked."""
        for name in ("in", "temp"):
            (folder / name).mkdir()
        staged = testing.stage(batch, folder / "in")
        with engine.connected(staged.files.values(), [folder], folder / "temp", engine.Limits(threads=1)) as connection:
            policy = self.whole.policy
            loaded = data.load(
                connection, policy.tables, staged.files, currency=policy.currency, as_of=self.as_of, quarantine=None, staging=folder
            )
            refused = testing.broken(batch, staged, loaded)
            return (frozenset(refused), ()) if refused else (frozenset(), ask(connection))

    def _tried(self, world: World, row: Row) -> Tried:
        own, asked = self.asking.rules[: len(self.checked.rules)], self.asking.rules[len(self.checked.rules) :]
        fired = frozenset(rule.rule for rule in own if row[rule.column])
        unknown = frozenset(rule.rule for rule in own if row[rule.column] is None)
        leaves = tuple(tuple(_leaf(leaf, row) for leaf in rule.leaves) for rule in asked)
        return Tried(world, fired, unknown, tuple(_truth(row[rule.column]) for rule in asked), leaves)


def _leaf(columns: LeafColumns, row: Row) -> LeafTried:
    operands = tuple(row[column] for _, column in columns.operands)
    return LeafTried(_truth(row[columns.column]), _truth(row[columns.flipped]), operands)


def _truth(value: object) -> bool | None:
    return None if value is None else bool(value)
