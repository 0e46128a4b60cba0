"""Made-up clients and mutants in; out comes what the policy says of each client, and what each mutant says where it says something else.

All worlds are decided by the production query, the mutants side by side with the policy.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from .. import compiling
from ..engines import duckdb_engine as engine
from ..engines.variants import differing_rows
from ..model.checked import CheckedPolicy
from ..model.mutant import Mutant, Part, Retyped
from ..testing.batch import Batch
from ..testing.worlds import World
from .bench import LEFT_OUT, RULE_COLUMNS, Bench
from .cases import DecidedBatch, fetch_decided
from .loaded_worlds import Loader
from .planting import planted, ranked

if TYPE_CHECKING:
    import duckdb

Row = Mapping[str, object]
MOST = 20_000
"""Worlds decided in one run."""


@dataclass(frozen=True, slots=True)
class Told:
    """What came of worlds: the policy's row of each (by its number), and of each mutant the rows that are otherwise."""

    rows: Mapping[int, Row]
    otherwise: Mapping[int, Mapping[int, Row]]


@dataclass(slots=True)
class Lab:
    """One policy on one date, with the mutants that are still alive."""

    checked: CheckedPolicy
    as_of: datetime.date
    mutants: dict[int, Mutant]
    parts: Mapping[int, Retyped]
    loader: Loader = field(init=False)

    def __post_init__(self) -> None:
        self.loader = Loader.of(self.checked, self.as_of)

    def tell(self, worlds: Sequence[tuple[str, World]], groups: Mapping[str, Sequence[int]]) -> Told:
        """Each world with its group; `groups` says which mutants are tried on the worlds of a group."""
        rows: dict[int, Row] = {}
        otherwise: dict[int, dict[int, Row]] = {}
        for start in range(0, len(worlds), MOST):
            part = worlds[start : start + MOST]
            told = self.decided(part, {g: groups.get(g, ()) for g in {group for group, _ in part}})
            rows |= {start + i: row for i, row in told.rows.items()}
            for n, found in told.otherwise.items():
                otherwise.setdefault(n, {}).update({start + i: row for i, row in found.items()})
        return Told(rows, otherwise)

    def decided(self, worlds: Sequence[tuple[str, World]], groups: Mapping[str, Sequence[int]]) -> Told:
        keyed = {f"{group}-{i:06}": world for i, (group, world) in enumerate(worlds)}
        told = self.loader.ask(keyed, lambda connection, batch, folder: self.told(connection, batch, folder, groups))
        return Told({}, {}) if told is None else told

    def told(self, connection: duckdb.DuckDBPyConnection, batch: Batch, folder: Path, groups: Mapping[str, Sequence[int]]) -> Told:
        whole = self.loader.whole
        engine.create_exceptions(connection, [], len(whole.policy.clients.key))
        query = compiling.compile_policy(whole, self.as_of, partition=self.loader.column, reasons=False)
        engine.decide(connection, query, folder)
        rows = fetch_decided(connection, query, folder)
        decided = DecidedBatch(folder, connection, self.checked, whole, batch, rows, (), folder)
        firsts = self.firsts(rows)
        return Told(dict(firsts), self.otherwise(decided, groups, dict(firsts)))

    def firsts(self, rows: Sequence[Row]) -> list[tuple[int, Row]]:
        """Of each world the client that is looked at: keys are made up in order, so it is the first."""
        found: dict[int, Row] = {}
        for row in rows:
            found.setdefault(int(str(row[self.loader.column]).rpartition("-")[2]), row)
        return list(found.items())

    def otherwise(self, batch: DecidedBatch, groups: Mapping[str, Sequence[int]], firsts: Mapping[int, Row]) -> dict[int, dict[int, Row]]:
        bench = Bench(batch, self.checked, {}, frozenset(), {})
        left_out = (*LEFT_OUT, *self.loader.whole.policy.clients.key)
        names = [name for name in next(iter(firsts.values()), {}) if name not in left_out]
        found: dict[int, dict[int, Row]] = {}
        key = self.checked.policy.clients.key

        def take(number: int, row: Row) -> None:
            index = int(str(row[self.loader.column]).rpartition("-")[2])
            if all(row[k] == firsts[index][k] for k in key):
                found.setdefault(number, {})[index] = row

        wanted = {n for numbers in groups.values() for n in numbers}
        of_rows = {n: m for n, m in self.mutants.items() if n in wanted and m.of is not Part.RANKING}
        if of_rows:
            with planted(bench, of_rows, self.parts, {g: [n for n in ns if n in of_rows] for g, ns in groups.items()}) as decided:
                for number, row in [] if decided is None else differing_rows(batch.connection, decided.query, names, self.loader.column):
                    take(number, row)
        of_ranking = {n: m for n, m in self.mutants.items() if n in wanted and m.of is Part.RANKING}
        for number, rows in ranked(bench, of_ranking, sorted(RULE_COLUMNS)) if of_ranking else empty():
            for row in rows:
                take(number, row)
        return found


def empty() -> Iterator[tuple[int, list[dict[str, object]]]]:
    return iter(())
