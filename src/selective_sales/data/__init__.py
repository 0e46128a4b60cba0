"""Files (and tables in memory) in, typed tables in the engine out, by the policy's data contract; bad rows are findings.

Whatever a file says passes the contract here; nothing behind this room reads a client's cell again. Light to import: duckdb is
needed only by `load`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ..model.data import Loaded
from ..model.policy import Table
from .given import Row, Rows, given_rows, write_lines
from .inputs import inputs_from
from .quick import Literals, literals, typed_select
from .unchanged import changed_finding, is_change

if TYPE_CHECKING:
    import duckdb

__all__ = [
    "Literals",
    "Row",
    "Rows",
    "changed_finding",
    "given_rows",
    "inputs_from",
    "is_change",
    "literals",
    "load",
    "typed_select",
    "write_lines",
]


def load(
    connection: duckdb.DuckDBPyConnection,
    tables: tuple[Table, ...],
    inputs: Mapping[str, Path | object],
    *,
    currency: str,
    as_of: datetime.date,
    quarantine: Path | None,
    staging: Path,
) -> Loaded:
    """Make one typed table per policy table in the connection.

    `inputs` maps a table's name to its file, or to an Arrow table, pandas or polars DataFrame. `staging` is an existing folder for
    transcoded copies. With `quarantine`, bad rows are written to that CSV file and set aside; without, they are errors. Where the
    result has an error among its findings, the tables are not to be used.
    """
    from .loading import load_tables

    return load_tables(connection, tables, inputs, currency=currency, as_of=as_of, quarantine=quarantine, staging=staging)
