"""Typed tables on a DuckDB connection and a portable query in, the rows that a PostgreSQL server decides out.

The tables are copied into temporary ones of the session; the transaction is never committed. For tables of tests: rows go as literals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..model.errors import EngineError
from ..model.expression import Scalar
from ..model.kind import Kind
from ..model.plan import PortableQuery, PortableTable, ResultColumn
from ..model.server_words import reason, with_limits
from ..model.sql import for_postgres, quote_name, quote_value

if TYPE_CHECKING:
    import duckdb

HANDLE = "_answer"
LITERAL = re.compile(r"'(?:[^']|'')*'")
ROWS = 500
"""Rows of one INSERT."""
_TYPES = {Kind.MONEY: "DECIMAL(18, 4)", Kind.NUMBER: "DOUBLE", Kind.TEXT: "VARCHAR", Kind.BOOLEAN: "BOOLEAN", Kind.DATE: "DATE"}


class MissingDriverError(EngineError):
    """The extra with the driver is not installed."""


@contextmanager
def connected(url: str) -> Iterator[Any]:
    """A cursor of the server. Raises EngineError, with the server's words, wherever it fails."""
    try:
        from adbc_driver_manager import Error
        from adbc_driver_postgresql import dbapi  # type: ignore[import-untyped]
    except ImportError as error:
        raise MissingDriverError("it needs the extra 'sources'") from error
    try:
        with dbapi.connect(with_limits(url)) as server, server.cursor() as cursor:
            yield cursor
    except Error as error:
        raise EngineError(reason(str(error))) from error


def decided_rows(cursor: Any, connection: duckdb.DuckDBPyConnection, query: PortableQuery) -> list[dict[str, object]]:
    """What the server decides of the tables of that connection, as `duckdb_engine.decided_rows` gives it."""
    for table in query.tables:
        create(cursor, table)
        fill(cursor, connection, table)
    for statement in query.prelude:
        cursor.execute(statement)
    cursor.execute(query.select)
    # A cursor of its own: a connection that holds an open result takes no new relation.
    with connection.cursor() as own:
        own.register(HANDLE, cursor.fetch_arrow())
        columns = ", ".join(f"CAST({quote_name(c.name)} AS {type_of(c)}) AS {quote_name(c.name)}" for c in query.result_columns)
        rows = own.execute(f"SELECT {columns} FROM {HANDLE}").fetchall()
        own.unregister(HANDLE)
    names = [c.name for c in query.result_columns]
    return [dict(zip(names, row, strict=True)) for row in rows]


def type_of(column: ResultColumn) -> str:
    return _TYPES.get(column.kind, "BIGINT") + ("[]" if column.is_list else "")


def create(cursor: Any, table: PortableTable) -> None:
    columns = ", ".join(f"{quote_name(name)} {kind}" for name, kind in table.columns)
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{quote_name(table.name)}")
    cursor.execute(f"CREATE TEMP TABLE {quote_name(table.name)} ({columns})")


def fill(cursor: Any, connection: duckdb.DuckDBPyConnection, table: PortableTable) -> None:
    names = ", ".join(quote_name(name) for name, _ in table.columns)
    rows = connection.execute(f"SELECT {names} FROM {quote_name(table.name)}").fetchall()
    for start in range(0, len(rows), ROWS):
        lines = [literals(row, table.columns) for row in rows[start : start + ROWS]]
        cursor.execute(f"INSERT INTO pg_temp.{quote_name(table.name)} ({names}) VALUES {', '.join(lines)}")


def literals(row: Sequence[object], columns: Sequence[tuple[str, str]]) -> str:
    return "(" + ", ".join(f"{literal(value)}::{kind}" for value, (_, kind) in zip(row, columns, strict=True)) + ")"


def literal(value: object) -> str:
    """A number with its sign and all its digits, as a text: `-5::BIGINT` would bind the other way."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        return f"'{value!r}'"
    scalar: Scalar | None = value  # type: ignore[assignment]  # the cells of typed tables
    text = quote_value(scalar)
    if isinstance(value, str):
        # A text with signs that cannot be printed is several literals.
        return f"({LITERAL.sub(lambda found: for_postgres(found[0]), text)})"
    return f"({text})" if text.startswith("-") else text
