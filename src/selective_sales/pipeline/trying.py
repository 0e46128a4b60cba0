"""Made-up clients in, what the policy says of each out: while searching every leaf of every question, at the end the whole result.

All clients that are tried at once are decided in one run of the production query's own facts and conditions. A world that the loader
refuses gives None.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .. import compiling
from ..engines import duckdb_engine as engine
from ..model.checked import CheckedPolicy
from ..model.plan import Query
from ..model.queries import ExplainQuery, LeafColumns
from ..testing.questions import Question
from ..testing.worlds import World
from .loaded_worlds import Loader

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
    loader: Loader = field(init=False)
    query: Query = field(init=False)
    asking: ExplainQuery = field(init=False)
    known: dict[tuple[object, ...], Tried | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.loader = Loader.of(self.checked, self.as_of)
        self.query = compiling.compile_policy(self.loader.whole, self.as_of, partition=self.loader.column)
        self.asking = compiling.question_query(self.loader.whole, self.as_of, tuple(question.rule for question in self.asked))

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
        found = self.loader.ask({f"{i:06}": world for i, world in enumerate(worlds)}, lambda connection, batch, folder: ask(connection))
        # Keys are made up in order, so the first client of a case is the one that is looked at.
        return {int(str(row[self.loader.column])): row for row in reversed(found or ())}

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
