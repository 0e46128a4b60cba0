"""Typed tables of a DuckDB connection in, the decisions by the PostgreSQL query over the same tables out, and both digests."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pyarrow

from selective_sales import compiling
from selective_sales.engines import digesting
from selective_sales.model.checked import CheckedPolicy
from selective_sales.model.kind import Kind
from selective_sales.model.plan import PortableQuery, ResultColumn
from selective_sales.model.policy import Table
from selective_sales.model.sql import parquet_copy, quote_name

POSTGRES_TYPES = {Kind.MONEY: "numeric(18, 4)", Kind.NUMBER: "float8", Kind.TEXT: "text", Kind.BOOLEAN: "boolean", Kind.DATE: "date"}
DUCKDB_TYPES = {Kind.MONEY: "DECIMAL(18, 4)", Kind.NUMBER: "DOUBLE", Kind.TEXT: "VARCHAR", Kind.BOOLEAN: "BOOLEAN", Kind.DATE: "DATE"}


@dataclass(frozen=True)
class Both:
    """The rows of both engines, by column."""

    columns: tuple[ResultColumn, ...]
    duckdb: list[tuple[Any, ...]]
    postgres: list[tuple[Any, ...]]

    def differences(self) -> list[str]:
        """In words, cell by cell, as far as the rows are of the same clients."""
        if len(self.duckdb) != len(self.postgres):
            return [f"DuckDB has {len(self.duckdb)} rows, PostgreSQL {len(self.postgres)}"]
        return [
            f"{ours[0]}: {column.name}: DuckDB {left!r}, PostgreSQL {right!r}"
            for ours, theirs in zip(self.duckdb, self.postgres, strict=True)
            for column, left, right in zip(self.columns, ours, theirs, strict=True)
            if left != right or (left is None) is not (right is None)
        ]

    def digests(self, folder: Path) -> tuple[str, str]:
        """Of both results, put into the same form."""
        return digest_of(self.columns, self.duckdb, folder / "a.parquet"), digest_of(self.columns, self.postgres, folder / "b.parquet")


def digest_of(columns: Sequence[ResultColumn], rows: Sequence[tuple[Any, ...]], path: Path) -> str:
    declared = ", ".join(f"{quote_name(c.name)} {DUCKDB_TYPES.get(c.kind, 'BIGINT')}{'[]' if c.is_list else ''}" for c in columns)
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE result ({declared})")
        if rows:
            # As a whole: row by row an engine of columns takes a millisecond for each.
            connection.register("given", pyarrow.table([list(cells) for cells in zip(*rows, strict=True)], [c.name for c in columns]))
            connection.execute("INSERT INTO result SELECT * FROM given")
        connection.execute(parquet_copy("SELECT * FROM result", str(path)))
        return digesting.digest(connection, columns, path)


def both(
    checked: CheckedPolicy, connection: duckdb.DuckDBPyConnection, address: str, as_of: datetime.date, *, history: bool = True
) -> Both:
    """`connection` has the typed tables; they are copied into temporary tables of PostgreSQL."""
    query = compiling.compile_policy(checked, as_of, history=history)
    for statement in query.prelude:
        connection.execute(statement)
    connection.execute("CREATE SCHEMA IF NOT EXISTS run")
    connection.execute(f"CREATE OR REPLACE TABLE run.facts AS {query.facts}")
    found = connection.execute(query.decide).fetchall()
    assert compiling.postgres_findings(checked) == ()
    portable = compiling.postgres_query(checked, as_of, history=history)
    tables = [t for t in checked.policy.tables if history or not t.built_in]
    with psycopg.connect(address) as server:
        for table in tables:
            copy_table(connection, server, table)
        return Both(query.result_columns, found, run(server, portable))


def run(server: psycopg.Connection[Any], query: PortableQuery) -> list[tuple[Any, ...]]:
    """The query's rows; its functions live as long as the session."""
    for statement in query.prelude:
        server.execute(statement)  # type: ignore[call-overload]  # a text that is no literal: the compiler's
    found = server.execute(query.select)  # type: ignore[call-overload]
    names = [column.name for column in found.description or []]
    assert names == [c.name for c in query.result_columns]
    return found.fetchall()


def copy_table(connection: duckdb.DuckDBPyConnection, server: psycopg.Connection[Any], table: Table) -> None:
    fields = [f for f in table.fields if f.calculation is None]
    declared = ", ".join(f"{quote_name(f.name)} {POSTGRES_TYPES.get(f.type, 'bigint')}" for f in fields)
    names = ", ".join(quote_name(f.name) for f in fields)
    server.execute(f"CREATE TEMP TABLE {quote_name(table.name)} ({declared})")  # type: ignore[call-overload]
    rows = connection.execute(f"SELECT {names} FROM {quote_name(table.name)}")
    with server.cursor() as cursor, cursor.copy(f"COPY {quote_name(table.name)} ({names}) FROM STDIN") as copy:  # type: ignore[call-overload]
        while part := rows.fetchmany(10_000):
            for row in part:
                copy.write_row(row)
    server.execute(f"ANALYZE {quote_name(table.name)}")  # type: ignore[call-overload]
