"""A PostgreSQL server as an engine beside DuckDB."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, ClassVar

import duckdb
import psycopg

from selective_sales import compiling
from selective_sales.model.checked import CheckedPolicy
from selective_sales.model.kind import Kind
from selective_sales.model.plan import PortableQuery
from selective_sales.model.policy import Table
from selective_sales.model.sql import quote_name
from tests.engines.beside import Rows

TYPES = {Kind.MONEY: "numeric(18, 4)", Kind.NUMBER: "float8", Kind.TEXT: "text", Kind.BOOLEAN: "boolean", Kind.DATE: "date"}


@dataclass(frozen=True)
class Server:
    """At an address, which may have settings of the session."""

    address: str
    name: ClassVar[str] = "PostgreSQL"
    operators: ClassVar[tuple[str, ...]] = ("+", "-", "*", "/", "**")

    def decide(self, checked: CheckedPolicy, connection: duckdb.DuckDBPyConnection, as_of: datetime.date, *, history: bool) -> Rows:
        """Over temporary tables."""
        assert compiling.postgres_findings(checked) == ()
        portable = compiling.postgres_query(checked, as_of, history=history)
        with psycopg.connect(self.address) as server:
            for table in checked.policy.tables:
                if history or not table.built_in:
                    copy_table(connection, server, table)
            return run(server, portable)


def run(server: psycopg.Connection[Any], query: PortableQuery) -> Rows:
    """The query's rows; its functions live as long as the session."""
    for statement in query.prelude:
        server.execute(statement)  # type: ignore[call-overload]  # a text that is no literal: the compiler's
    found = server.execute(query.select)  # type: ignore[call-overload]
    names = [column.name for column in found.description or []]
    assert names == [c.name for c in query.result_columns]
    return found.fetchall()


def declared(table: Table) -> str:
    """The table with its columns, as CREATE TABLE takes them, in PostgreSQL and in DuckDB."""
    columns = ", ".join(f"{quote_name(f.name)} {TYPES.get(f.type, 'bigint')}" for f in table.fields if f.calculation is None)
    return f"{quote_name(table.name)} ({columns})"


def copy_table(connection: duckdb.DuckDBPyConnection, server: psycopg.Connection[Any], table: Table) -> None:
    names = ", ".join(quote_name(f.name) for f in table.fields if f.calculation is None)
    server.execute(f"CREATE TEMP TABLE {declared(table)}")  # type: ignore[call-overload]
    rows = connection.execute(f"SELECT {names} FROM {quote_name(table.name)}")
    with server.cursor() as cursor, cursor.copy(f"COPY {quote_name(table.name)} ({names}) FROM STDIN") as copy:  # type: ignore[call-overload]
        while part := rows.fetchmany(10_000):
            for row in part:
                copy.write_row(row)
    server.execute(f"ANALYZE {quote_name(table.name)}")  # type: ignore[call-overload]
