"""A table in a file of DuckDB or SQLite in, its Source out: the columns that the contract names, copied into a staging file.

The file is opened for reading only, by a connection that can reach nothing else. Refuses a file that another program is writing, and
tables that are not there.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from ..model.data import file_of, part_of
from ..model.finding import Finding, has_errors
from ..model.place import Place
from ..model.policy import Table
from ..model.sql import parquet_copy, quote_name, quote_plain, quote_value
from .dialect import normal
from .forms import Column, Form, Source
from .lines import LINE_LIMIT
from .matching import match_columns
from .relations import Relation, relation_named
from .sources import first_line, open_typed

if TYPE_CHECKING:
    import duckdb

MAGIC = {"sqlite": (0, b"SQLite format 3\0"), "duckdb": (8, b"DUCK")}
"""What stands at which byte of a file."""
NAMES = {"sqlite": "SQLite", "duckdb": "DuckDB"}
_TEXTS = frozenset({"HUGEINT", "UHUGEINT"})
"""Types of which Parquet holds only the first sixteen digits: they are handed on as texts."""
_ENGINES = "Name a database file of SQLite or DuckDB"


def database_kind(path: Path) -> str | None:
    """`sqlite` or `duckdb`, by the file's first bytes; None for any other file. OSError as it comes."""
    with path.open("rb") as file:
        head = file.read(16)
    return next((kind for kind, (at, magic) in MAGIC.items() if head[at : at + len(magic)] == magic), None)


def open_database(
    connection: duckdb.DuckDBPyConnection, table: Table, given: Path, sha256: str, staging: Path
) -> tuple[Source | None, tuple[Finding, ...]]:
    """The source of a table; `connection` reads the staging file."""
    path = file_of(given)
    kind = database_kind(path)
    if kind is None:
        return None, (Finding("SS509", f"'{path}' is no database file", Place(str(path)), _ENGINES),)
    log = path.with_name(f"{path.name}-wal" if kind == "sqlite" else f"{path.name}.wal")
    if log.exists() and log.stat().st_size:
        message = f"'{path}' is open in another program: its last changes stand in '{log.name}' only"
        return None, (Finding("SS999", message, Place(str(path)), "Close that program, so that the file is whole"),)
    opened = _open_sqlite if kind == "sqlite" else _open_duckdb
    return opened(connection, table, given, sha256, staging)


def _open_duckdb(
    connection: duckdb.DuckDBPyConnection, table: Table, given: Path, sha256: str, staging: Path
) -> tuple[Source | None, tuple[Finding, ...]]:
    import duckdb

    place = Place(str(given))
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "python_enable_replacements": "false",
    }
    try:
        with duckdb.connect(str(file_of(given)), read_only=True, config=config) as own:
            own.execute(f"SET allowed_paths = [{quote_plain(str(staging))}]")
            own.execute("SET enable_external_access = false")
            own.execute("SET lock_configuration = true")
            rows = own.execute("SELECT table_schema, table_name FROM information_schema.tables").fetchall()
            found, findings = relation_named(
                [Relation(schema, name, schema == "main") for schema, name in rows], asked(given, table), place
            )
            if found is None:
                return None, findings
            names = [str(d[0]) for d in own.execute(f"SELECT * FROM {found.sql} LIMIT 0").description or []]
            chosen, findings = _chosen(table, names, place)
            if has_errors(findings):
                return None, findings
            described = own.execute(f"DESCRIBE SELECT * FROM {found.sql}").fetchall()
            huge = frozenset(str(name) for name, kind, *_ in described if name in chosen and kind in _TEXTS)
            cells = [f"CAST({quote_name(c)} AS VARCHAR) AS {quote_name(c)}" if c in huge else quote_name(c) for c in chosen]
            own.execute(parquet_copy(f"SELECT {', '.join(cells) or '1'} FROM {found.sql}", str(staging)))
    except duckdb.Error as error:
        message = f"'{given}' cannot be read: {first_line(error)}"
        return None, (Finding("SS509", message, place, "Check that it is complete, and that no other program has it open"),)
    opened = open_typed(connection, table, f"read_parquet({quote_value(str(staging))})", str(given), "duckdb", sha256, huge)
    return opened.source, (*findings, *opened.findings)


def asked(given: Path, table: Table) -> str:
    """The name after `#`, else the policy's own."""
    return part_of(given) or table.name


def _chosen(table: Table, names: Sequence[str], place: Place) -> tuple[list[str], tuple[Finding, ...]]:
    """The columns that the contract names."""
    found, findings = match_columns(table, [normal(name) for name in names], place, header=True)
    return [names[index] for index in found.values()], tuple(findings)


def _open_sqlite(
    connection: duckdb.DuckDBPyConnection, table: Table, given: Path, sha256: str, staging: Path
) -> tuple[Source | None, tuple[Finding, ...]]:
    """SQLite holds a number, a text or bytes in any cell of any column: each is written down as JSON says it."""
    place = Place(str(given))
    try:
        with closing(sqlite3.connect(f"{file_of(given).absolute().as_uri()}?mode=ro", uri=True)) as own:
            own.execute("PRAGMA query_only = ON")
            own.execute("PRAGMA trusted_schema = OFF")
            rows = own.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')").fetchall()
            found, findings = relation_named([Relation("", str(row[0])) for row in rows], asked(given, table), place)
            if found is None:
                return None, findings
            names = [str(d[0]) for d in own.execute(f"SELECT * FROM {found.sql} LIMIT 0").description]
            chosen, findings = _chosen(table, names, place)
            if has_errors(findings):
                return None, findings
            cells = own.execute(f"SELECT {', '.join(map(quote_name, chosen))} FROM {found.sql}")
            longest = _Longest()
            with staging.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows(longest.of(_as_json(cells)))
    except (sqlite3.Error, UnicodeError) as error:
        return None, (
            Finding("SS509", f"'{given}' cannot be read: {error}", place, "Check that it is complete, and that its texts are UTF-8"),
        )
    return _staged_json(table, str(given), chosen, sha256, staging, longest.size), findings


class _Longest:
    """How many bytes the longest row may take, at most."""

    def __init__(self) -> None:
        self.size = LINE_LIMIT

    def of(self, rows: Iterator[list[str | None]]) -> Iterator[list[str | None]]:
        for row in rows:
            # Every sign may be a quote, written twice, or have four bytes.
            self.size = max(self.size, 4 * sum(len(cell) + 3 for cell in row if cell is not None))
            yield row


def _as_json(rows: Iterator[tuple[object, ...]]) -> Iterator[list[str | None]]:
    for row in rows:
        yield [None if cell is None else json.dumps(_said(cell), ensure_ascii=False) for cell in row]


def _said(cell: object) -> object:
    """Bytes are no text, and an infinite number is none of JSON: both as a text that no contract takes for a value."""
    if isinstance(cell, bytes):
        return f"{len(cell)} bytes"
    return str(cell) if isinstance(cell, float) and cell - cell != 0 else cell


def _staged_json(table: Table, shown: str, names: Sequence[str], sha256: str, staging: Path, longest: int) -> Source:
    types = ", ".join(f"'raw{index}': 'VARCHAR'" for index in range(len(names)))
    pinned = f"auto_detect = false, header = false, delim = ',', quote = '\"', escape = '\"', columns = {{{types}}}"
    relation = f"read_csv({quote_value(str(staging))}, {pinned}, max_line_size = {longest}, buffer_size = {4 * longest})"
    by_header = {normal(field.header): field for field in table.fields if field.calculation is None}
    columns = tuple(Column(by_header[normal(name)], f"raw{n}", Form.JSON, normal(name)) for n, name in enumerate(names))
    return Source(table, shown, "sqlite", relation, relation, columns, sha256, ())
