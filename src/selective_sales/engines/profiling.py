"""The compiler's probes in, seconds out: each statement runs several times, with and without the part that is measured.

Works on stored samples of the run's tables, in the run's own connection, after everything is decided. What the engine cannot measure (for
want of memory) has no seconds; that is no reason to lose a run.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..model import steps
from ..model.policy import Table
from ..model.profile import Probe, Round, Timed
from ..model.sql import quote_name
from ..model.steps import Step

if TYPE_CHECKING:
    import duckdb

MOST = 1_000_000
"""Rows of a table that are measured on at most."""
CELLS = 20_000_000
"""Rows times columns: what is stored for the measuring stays far below a gigabyte."""
ENOUGH = 250_000
"""Clients that take long enough to be timed; fewer are repeated."""
ROUNDS, LONG = 3, 0.2
"""A probe runs so often, but at most twice where it takes so many seconds."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows of the run and rows that are measured on, by table; nothing is measured on where no sample could be taken."""

    rows: Mapping[str, int]
    sampled: Mapping[str, int]
    repeat: int


@contextmanager
def sampled(connection: duckdb.DuckDBPyConnection, tables: Sequence[Table], width: int) -> Iterator[Sample]:
    """While it lasts, the tables' names stand for samples: some clients by chance, and all rows that belong to them."""
    import duckdb

    try:
        yield take_sample(connection, tables, width)
    finally:
        with contextlib.suppress(duckdb.Error):
            for table in tables:
                connection.execute(f"DROP TABLE IF EXISTS temp.{quote_name(table.name)}")


def take_sample(connection: duckdb.DuckDBPyConnection, tables: Sequence[Table], width: int) -> Sample:
    """The sample; an empty one where there is no room for it."""
    import duckdb

    rows: dict[str, int] = {}
    try:
        rows |= {table.name: count(connection, f"memory.main.{quote_name(table.name)}") for table in tables}
        clients, most = rows[tables[0].name], max(1, min(MOST, CELLS // max(width, 1)))
        part = min(1.0, most / max(clients, 1), MOST / max(1, *rows.values()))
        for table in tables if part < 1 else ():
            connection.execute(sample_statement(tables[0], table, part, most))
        taken = {table.name: count(connection, quote_name(table.name)) for table in tables}
    except duckdb.Error:
        return Sample(rows, {}, 1)
    return Sample(rows, taken, max(1, min(ENOUGH, most) // max(taken[tables[0].name], 1)))


def sample_statement(clients: Table, table: Table, part: float, most: int) -> str:
    """A temporary table is found before one of the same name that is not."""
    name = quote_name(table.name)
    made = f"CREATE TEMP TABLE {name} AS SELECT * FROM memory.main.{name}"
    if table is clients:
        return f"{made} USING SAMPLE {part * 100:.9f} PERCENT (bernoulli, 1) LIMIT {most}"
    on = " AND ".join(f'"#row".{quote_name(own)} = "#client".{quote_name(key)}' for own, key in zip(table.key, clients.key, strict=True))
    return f'{made} AS "#row" SEMI JOIN temp.{quote_name(clients.name)} AS "#client" ON {on} LIMIT {MOST}'


def count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {relation}").fetchone()
    return int(row[0]) if row else 0


def measure(connection: duckdb.DuckDBPyConnection, sample: Sample, rounds: Sequence[Round]) -> tuple[Timed, ...]:
    """Every probe's cost, counted up from the sample to the run."""
    import duckdb

    timed: list[Timed] = []
    stage, repeat, lost = "", 1, not sample.sampled
    for one in rounds:
        for probe in one.probes:
            steps.begin(Step.MEASURING, f"{probe.sort}: {probe.name.removeprefix('#')}")
            seconds = None if lost else difference(connection, probe)
            timed.append(counted_up(probe, seconds, sample, repeat))
        if one.select and not lost:
            try:
                connection.execute(f"CREATE OR REPLACE TABLE {one.name} AS {one.select}")
                if one.facts:
                    connection.execute(f"CREATE OR REPLACE VIEW run.facts AS SELECT * FROM {one.name}")
                if stage:
                    connection.execute(f"DROP TABLE {stage}")
            except duckdb.Error:
                lost = True
            stage = one.name
        repeat = sample.repeat if one.facts else repeat
    return tuple(timed)


def difference(connection: duckdb.DuckDBPyConnection, probe: Probe) -> float | None:
    """Seconds of the quickest run with the part, less those of the quickest without it; None where the engine gives up."""
    import duckdb

    full, base = [], []
    try:
        for _ in range(ROUNDS):
            full.append(seconds(connection, probe.full) - planning(connection, probe.full, probe))
            base.append(seconds(connection, probe.base) - planning(connection, probe.base, probe))
            if len(full) > 1 and full[-1] + base[-1] > LONG:
                break
    except duckdb.Error:
        return None
    return max(min(full) - min(base), 0.0)


def seconds(connection: duckdb.DuckDBPyConnection, sql: str) -> float:
    start = time.perf_counter()
    connection.execute(sql).fetchall()
    return time.perf_counter() - start


def planning(connection: duckdb.DuckDBPyConnection, sql: str, probe: Probe) -> float:
    """What a large query takes before it begins, which does not grow with the rows; of small ones it does not count."""
    return seconds(connection, f'PREPARE "#planned" AS {sql}') if probe.large else 0.0


def counted_up(probe: Probe, seconds: float | None, sample: Sample, repeat: int) -> Timed:
    if seconds is not None and not probe.rows:
        return Timed(probe, seconds, None)
    measured = sample.sampled.get(probe.rows, 0) * repeat
    if seconds is None or not measured:
        return Timed(probe, None, None)
    a_row = seconds / measured
    return Timed(probe, a_row * sample.rows[probe.rows] * probe.times, a_row * 1_000_000)
