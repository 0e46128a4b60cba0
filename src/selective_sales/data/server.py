"""A table of a PostgreSQL server in, its Source out: the columns that the contract names, copied into a staging file in one transaction.

The transaction only reads. Credentials come from the environment (PGPASSWORD, ~/.pgpass, a service file), never from the address. Refuses
a server that does not answer, tables that are not there, and what must not be read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..model.data import SERVER, Address
from ..model.finding import Finding, has_errors
from ..model.place import Place
from ..model.policy import Table
from ..model.server_words import advice, reason, with_limits
from ..model.sql import for_postgres, parquet_copy, quote_name, quote_plain, quote_value
from .dialect import normal
from .forms import Source
from .matching import match_columns
from .relations import Relation, relation_named
from .sources import open_typed

if TYPE_CHECKING:
    import duckdb

HANDLE = "_server"
_ONLY_READS = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
_RELATIONS = """\
SELECT n.nspname::text AS s, c.relname::text AS r, pg_table_is_visible(c.oid) AS v,
       has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT') AS p
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"""
_COLUMNS = """\
WITH RECURSIVE base AS (
  SELECT oid AS own, oid, typname, typbasetype FROM pg_type
  UNION ALL SELECT base.own, t.oid, t.typname, t.typbasetype FROM base JOIN pg_type AS t ON t.oid = base.typbasetype)
SELECT a.attname::text AS c, t.typname::text AS t
FROM pg_attribute AS a JOIN base AS t ON t.own = a.atttypid AND t.typbasetype = 0
WHERE a.attrelid = {}::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"""
_AS_THEY_ARE = frozenset({"bool", "int2", "int4", "int8", "float4", "float8", "text", "varchar", "date", "timestamp", "timestamptz"})
_MACHINE = "numeric"


def open_server(
    connection: duckdb.DuckDBPyConnection, table: Table, address: Address, staging: Path
) -> tuple[Source | None, tuple[Finding, ...]]:
    """The source of a table; `connection` writes the staging file, and reads it."""
    place = Place(address.shown)
    try:
        from adbc_driver_manager import Error
        from adbc_driver_postgresql import dbapi  # type: ignore[import-untyped]
    except ImportError:
        message = "reading from PostgreSQL needs the extra 'sources'"
        return None, (Finding("SS644", message, place, "pip install 'selective-sales[sources]'"),)
    try:
        with dbapi.connect(with_limits(address.url)) as server, server.cursor() as cursor:
            cursor.execute(_ONLY_READS)
            # A cursor of its own: a connection that holds an open result takes no new relation.
            with connection.cursor() as own:
                return _read(own, cursor, table, address, staging)
    except Error as error:
        return None, (Finding("SS997", f"the server does not give it: {reason(str(error))}", place, advice(str(error))),)


def _read(
    connection: duckdb.DuckDBPyConnection, cursor: Any, table: Table, address: Address, staging: Path
) -> tuple[Source | None, tuple[Finding, ...]]:
    place = Place(address.shown)
    relations = [Relation(*row) for row in _rows(connection, cursor, _RELATIONS)]
    found, findings = relation_named(relations, address.table or table.name, place)
    if found is None:
        return None, findings
    columns = [(str(name), str(kind)) for name, kind in _rows(connection, cursor, _COLUMNS.format(for_postgres(quote_plain(found.sql))))]
    matched, said = match_columns(table, [normal(name) for name, _ in columns], place, header=True)
    if has_errors(said):
        return None, tuple(said)
    chosen = [columns[index] for index in matched.values()]
    cursor.execute(f"SELECT {', '.join(_column(name, kind) for name, kind in chosen) or '1'} FROM {found.sql}")
    connection.register(HANDLE, cursor.fetch_arrow())
    try:
        connection.execute(parquet_copy(f"SELECT * FROM {HANDLE}", str(staging)))
    finally:
        connection.unregister(HANDLE)
    relation = f"read_parquet({quote_value(str(staging))})"
    machine = frozenset(name for name, kind in chosen if kind == _MACHINE)
    opened = open_typed(connection, table, relation, address.shown, SERVER, _digest(connection, relation, chosen), machine)
    return opened.source, (*said, *opened.findings)


def _column(name: str, kind: str) -> str:
    """A column as something that Arrow holds: exact decimals, and all other types, as their text."""
    quoted = quote_name(name)
    return quoted if kind in _AS_THEY_ARE else f"{quoted}::text AS {quoted}"


def _rows(connection: duckdb.DuckDBPyConnection, cursor: Any, select: str) -> list[tuple[Any, ...]]:
    """A short answer of the server."""
    cursor.execute(select)
    connection.register(HANDLE, cursor.fetch_arrow())
    try:
        return connection.execute(f"SELECT * FROM {HANDLE}").fetchall()
    finally:
        connection.unregister(HANDLE)


def _digest(connection: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[tuple[str, str]]) -> str:
    """The sha256 of what the table held, whatever the order in which the rows came: the names, and the rows' own digests, added up."""
    cells = ", ".join(f"coalesce(CAST({quote_name(name)} AS VARCHAR), chr(26))" for name, _ in columns)
    row = f"concat_ws(chr(31), {cells})" if columns else "''"
    select = f"SELECT count(*), coalesce(sum(md5_number_upper({row})::HUGEINT), 0), coalesce(sum(md5_number_lower({row})::HUGEINT), 0)"
    totals = connection.execute(f"{select} FROM {relation}").fetchone()
    return hashlib.sha256(repr((columns, totals)).encode()).hexdigest()
