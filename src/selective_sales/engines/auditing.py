"""The queries of a fairness audit over a run and its clients' table; counts out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ..model.audit import Cell, Moments
from ..model.plan import Query
from ..model.queries import AuditQuery
from ..model.sql import quote_name
from .duckdb_engine import all_of, open_facts

if TYPE_CHECKING:
    import duckdb


def open_audit(connection: duckdb.DuckDBPyConnection, query: AuditQuery, folder: Path) -> list[int]:
    """Makes `run.audit` of the run in the folder and the loaded clients; gives the row of sizes."""
    for statement in query.prelude:
        connection.execute(statement)
    open_facts(connection, folder / "facts.parquet")
    connection.execute(f"CREATE OR REPLACE VIEW run.decisions AS {all_of(folder / 'decisions.parquet')}")
    connection.execute(f"CREATE OR REPLACE TABLE run.audit AS {query.relation}")
    row = connection.execute(query.sizes).fetchone()
    assert row is not None
    return [int(value) for value in row]


def cells(connection: duckdb.DuckDBPyConnection, select: str) -> tuple[Cell, ...]:
    return tuple(Cell(*row) for row in connection.execute(select).fetchall())


def moments(connection: duckdb.DuckDBPyConnection, select: str) -> list[Moments]:
    return [Moments(int(n), float(mean), float(variance)) for n, mean, variance in connection.execute(select).fetchall()]


def contingency(connection: duckdb.DuckDBPyConnection, select: str) -> tuple[int, int, int, float]:
    """Clients, values, groups, chi-squared by clients."""
    row = connection.execute(select).fetchone()
    assert row is not None
    return int(row[0]), int(row[1] or 0), int(row[2] or 0), float(row[3] or 0)


def moving_rules(connection: duckdb.DuckDBPyConnection, query: AuditQuery) -> set[str]:
    return {row[0] for row in connection.execute(query.moving).fetchall()}


def decide_without(connection: duckdb.DuckDBPyConnection, query: Query, audit: AuditQuery) -> tuple[int, Iterator[tuple[Cell, ...]]]:
    """Decides everybody by the query; gives how many are decided otherwise than in the run, and the counts of every division."""
    for statement in query.prelude:
        connection.execute(statement)
    columns = ", ".join([*map(quote_name, query.key), "CAST(decision AS VARCHAR) AS decision"])
    connection.execute(f"CREATE OR REPLACE TABLE run.without AS SELECT {columns} FROM ({query.decide})")
    row = connection.execute(audit.moved).fetchone()
    return (int(row[0]) if row else 0), (cells(connection, select) for select in audit.without)
