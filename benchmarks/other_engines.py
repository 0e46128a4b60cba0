"""A million made clients by DuckDB, by a Spark of this machine and by a PostgreSQL server of this process's own, with one digest.

An engine that is not installed is said to be so.
"""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks import on_postgres, on_spark
from benchmarks.report import Section, table
from tests.postgres import server

CLIENTS, RULES = 1_000_000, 20


def section(folder: Path, rounds: int) -> Section:
    """Once each, whatever the rounds: Spark's start alone takes longer than all else."""
    lines = [f"{CLIENTS:,} clients x {RULES} rules; the digests are the same.", ""]
    return Section("Other engines", (*lines, *spark(folder), "", *postgres(folder)))


def spark(folder: Path) -> Iterator[str]:
    """Whole commands."""
    if shutil.which("java") is None or importlib.util.find_spec("pyspark") is None:
        yield "Spark is not installed here."
        return
    point = on_spark.compared(folder, CLIENTS, RULES)
    first = point.duckdb.processor
    rows = [
        ("`evaluate`", point.duckdb.seconds, point.duckdb.processor, 1.0),
        (
            f"`evaluate --engine spark --master {on_spark.MASTER}`",
            point.spark.seconds,
            point.spark.processor,
            point.spark.processor / first,
        ),
    ]
    yield from table(("whole commands", "seconds", "of the processor", "by processor time"), rows)


def postgres(folder: Path) -> Iterator[str]:
    """`evaluate` in this process, and the one SELECT over the same typed tables."""
    if server.programs() is None:
        yield "PostgreSQL's server is not installed here."
        return
    with server.started() as address:
        found = on_postgres.compared(folder, address, CLIENTS, RULES)
    rows = [(row.name, row.seconds, row.processor, row.processor / found[0].processor) for row in found]
    yield from table(("without start", "seconds", "of the processor", "by processor time"), rows)
