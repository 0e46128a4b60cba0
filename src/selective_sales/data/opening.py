"""What a table is given as in, its Source out: a file of any kind, a table of a server, a table in memory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..model.data import Address, file_of
from ..model.finding import Finding
from ..model.place import Place
from ..model.policy import Table
from ..model.sql import quote_name, quote_value
from .inputs import BINARY, FORMATS, path_finding
from .scan import scan
from .sources import Opened, as_utf8, first_line, open_delimited, open_json_lines, open_typed

if TYPE_CHECKING:
    import duckdb


def open_file(connection: duckdb.DuckDBPyConnection, table: Table, path: Path, copy: Path) -> Opened:
    """The source of a table in a file; where that is not plain UTF-8, a transcoded copy is made, and of a workbook's sheet one in text."""
    finding = path_finding(path)
    if finding is not None:
        return Opened(None, (finding,))
    format_ = FORMATS[file_of(path).suffix.lower()]
    try:
        scanned = scan(file_of(path), table.csv.encoding, text=format_ not in BINARY)
        if format_ == "xlsx":
            from .sheets import open_sheet

            return Opened(*open_sheet(table, path, scanned.sha256, copy))
        if format_ == "database":
            from .databases import open_database

            return Opened(*open_database(connection, table, path, scanned.sha256, copy))
    except OSError as error:
        return Opened(
            None, (Finding("SS501", f"'{path}' cannot be read: {error.strerror}", Place(str(path)), "Check the rights to read it"),)
        )
    if format_ == "parquet":
        relation = f"read_parquet({quote_value(str(path))}, hive_partitioning = false)"
        return open_typed(connection, table, relation, str(path), "parquet", scanned.sha256)
    read_from, settled, wrong = as_utf8(path, scanned, copy)
    if wrong is not None:
        return Opened(None, (wrong,))
    if format_ == "jsonl":
        return open_json_lines(connection, table, path, read_from, scanned, settled)
    return open_delimited(table, path, read_from, format_, scanned, settled)


def open_address(connection: duckdb.DuckDBPyConnection, table: Table, address: Address, copy: Path) -> Opened:
    """The source of a table of a server, which is copied first."""
    from .server import open_server

    return Opened(*open_server(connection, table, address, copy))


def open_memory(connection: duckdb.DuckDBPyConnection, table: Table, data: object, registered: str) -> Opened:
    """The source of a table given in memory: an Arrow table, a pandas or polars DataFrame. It is registered under that name."""
    shown = f"{table.name} (in memory)"
    library = type(data).__module__.partition(".")[0]
    if library not in ("pandas", "polars", "pyarrow"):
        message = f"the data of '{table.name}' is a {type(data).__name__}, which cannot be read"
        return Opened(None, (Finding("SS502", message, Place(shown), "Give a file, an Arrow table, or a pandas or polars DataFrame"),))
    once = getattr(data, "read_all", None)
    # The engine registers nothing while a result is open of which not every row was asked for.
    connection.execute("SELECT 1").fetchall()
    try:
        # A record batch reader can be read only once; a table again and again.
        connection.register(registered, once() if callable(once) else data)
    except (ValueError, TypeError, RuntimeError) as error:
        message = f"the data of '{table.name}' cannot be read: {first_line(error)}"
        return Opened(None, (Finding("SS509", message, Place(shown), "Check that every column has one type"),))
    return open_typed(connection, table, quote_name(registered), shown, "memory", None)
