"""Made-up clients and mutants in; out comes what the policy says of each client, and what each mutant says where it says something else.

Every world is a portfolio of its own, loaded as any data and decided by the production query, the mutants side by side with the policy.
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .. import compiling, data, testing
from ..engines import duckdb_engine as engine
from ..engines.variants import differing_rows
from ..model.cases import Case
from ..model.checked import CheckedPolicy
from ..model.mutant import Mutant, Part, Retyped
from ..testing.batch import Batch, ReadyCase
from ..testing.worlds import World, rows_of
from .bench import LEFT_OUT, RULE_COLUMNS, Bench
from .cases import DecidedBatch, fetch_decided
from .planting import planted, ranked

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
    column: str = field(init=False)
    whole: CheckedPolicy = field(init=False)

    def __post_init__(self) -> None:
        self.column = testing.case_column(self.checked.policy)
        self.whole = testing.with_case_column(self.checked, self.column)

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
        ready: dict[str, ReadyCase] = {}
        for i, (group, world) in enumerate(worlds):
            cells = rows_of(self.checked.policy, world, named=True)
            if cells is not None:
                key = f"{group}-{i:06}"
                ready[key] = ReadyCase(key, Case("", {}, ()), cells, (), ())
        while ready:
            batch = Batch(self.checked.policy, False, self.as_of, self.column, tuple(ready.values()))
            with tempfile.TemporaryDirectory(prefix="selective-sales-mutants-") as folder:
                refused, told = self.run(batch, Path(folder), groups)
            if not refused:
                return told
            ready = {key: one for key, one in ready.items() if key not in refused}
        return Told({}, {})

    def run(self, batch: Batch, folder: Path, groups: Mapping[str, Sequence[int]]) -> tuple[frozenset[str], Told]:
        """The worlds that the loader refuses; where there are none, what came of all."""
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
                return frozenset(refused), Told({}, {})
            engine.create_exceptions(connection, [], len(policy.clients.key))
            query = compiling.compile_policy(self.whole, self.as_of, partition=self.column, reasons=False)
            engine.decide(connection, query, folder)
            rows = fetch_decided(connection, query, folder)
            decided = DecidedBatch(folder, connection, self.checked, self.whole, batch, rows, (), folder)
            firsts = self.firsts(rows)
            return frozenset(), Told(dict(firsts), self.otherwise(decided, groups, dict(firsts)))

    def firsts(self, rows: Sequence[Row]) -> list[tuple[int, Row]]:
        """Of each world the client that is looked at: keys are made up in order, so it is the first."""
        found: dict[int, Row] = {}
        for row in rows:
            found.setdefault(int(str(row[self.column]).rpartition("-")[2]), row)
        return list(found.items())

    def otherwise(self, batch: DecidedBatch, groups: Mapping[str, Sequence[int]], firsts: Mapping[int, Row]) -> dict[int, dict[int, Row]]:
        bench = Bench(batch, self.checked, {}, frozenset(), {})
        names = [name for name in next(iter(firsts.values()), {}) if name not in LEFT_OUT and name not in self.whole.policy.clients.key]
        found: dict[int, dict[int, Row]] = {}
        key = self.checked.policy.clients.key

        def take(number: int, row: Row) -> None:
            index = int(str(row[self.column]).rpartition("-")[2])
            if all(row[k] == firsts[index][k] for k in key):
                found.setdefault(number, {})[index] = row

        wanted = {n for numbers in groups.values() for n in numbers}
        of_rows = {n: m for n, m in self.mutants.items() if n in wanted and m.of is not Part.RANKING}
        if of_rows:
            with planted(bench, of_rows, self.parts, {g: [n for n in ns if n in of_rows] for g, ns in groups.items()}) as decided:
                for number, row in [] if decided is None else differing_rows(batch.connection, decided.query, names, self.column):
                    take(number, row)
        of_ranking = {n: m for n, m in self.mutants.items() if n in wanted and m.of is Part.RANKING}
        for number, rows in ranked(bench, of_ranking, sorted(RULE_COLUMNS)) if of_ranking else empty():
            for row in rows:
                take(number, row)
        return found


def empty() -> Iterator[tuple[int, list[dict[str, object]]]]:
    return iter(())
