"""decisions.parquet and facts.parquet in; out, the undetermined clients: counted by what they wait for, and one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from ..model.kind import Kind
from ..model.plan import ResultColumn
from ..model.queries import WaitingQuery
from ..model.sql import quote_name, quote_plain, quote_value
from .duckdb_engine import all_of, as_cell
from .outcomes import meeting
from .tallying import Summed

if TYPE_CHECKING:
    import duckdb

Labels = tuple[str, ...]
BATCH = 10_000


def open_undetermined(connection: duckdb.DuckDBPyConnection, key: Sequence[str], folder: Path) -> int:
    """Makes `run.facts`, those of the undetermined clients alone; gives how many clients the run has."""
    decisions = f"read_parquet({quote_value(str(folder / 'decisions.parquet'))})"
    connection.execute(f"CREATE OR REPLACE VIEW run.undetermined AS SELECT * FROM {decisions} WHERE decision = 'undetermined'")
    source = f"({all_of(folder / 'facts.parquet')}) AS f SEMI JOIN run.undetermined AS d ON {meeting(key, 'f', 'd')}"
    connection.execute(f"CREATE OR REPLACE TABLE run.facts AS SELECT f.* FROM {source}")
    counted = connection.execute(f"SELECT count(*) FROM {decisions}").fetchone()
    return int(counted[0]) if counted else 0


def open_waiting(
    connection: duckdb.DuckDBPyConnection, key: Sequence[str], amount: Summed | None, display: str | None, labels: WaitingQuery | None
) -> None:
    """Makes `run.waiting`, a row per undetermined client: what it waits for by that query, or by its `missing_because`."""
    source = f"run.undetermined AS d JOIN run.facts AS f ON {meeting(key, 'f', 'd')}"
    money = "NULL::DECIMAL(38, 4)"
    if amount is not None:
        money = f"{'d' if amount.select is None else 'a'}.{quote_name(amount.column)}"
        if amount.select is not None:
            source += f" JOIN ({amount.select}) AS a ON {meeting(key, 'a', 'd')}"
    name = "NULL" if display is None else f"CAST(f.{quote_name(display)} AS VARCHAR)"
    if labels is not None:
        for statement in labels.prelude:
            connection.execute(statement)
        source += f" JOIN ({labels.sql}) AS w ON {meeting(key, 'w', 'd')}"
    keys = ", ".join(f"d.{quote_name(k)}" for k in key)
    # A list of the engine's ENUM is compared by the order of its items: as texts it means the same everywhere.
    because = f"list_sort({'d' if labels is None else 'w'}.missing_because::VARCHAR[])"
    columns = f'{keys}, {name} AS "#name", {money} AS "#amount", {because} AS "#labels", d.possible_decisions::VARCHAR[] AS "#possible"'
    connection.execute(f"CREATE OR REPLACE TABLE run.waiting AS SELECT {columns} FROM {source}")


def waiting_sets(connection: duckdb.DuckDBPyConnection) -> list[tuple[Labels, int, Decimal | None, int]]:
    """(labels, clients, their money, clients without it) for each set of labels that some clients wait for together."""
    unknown = 'count(*) FILTER (WHERE "#amount" IS NULL)'
    rows = connection.execute(f'SELECT "#labels", count(*), sum("#amount"), {unknown} FROM run.waiting GROUP BY ALL ORDER BY 1').fetchall()
    return [(tuple(labels or ()), int(clients), money, int(unknown)) for labels, clients, money, unknown in rows]


def waiting_clients(
    connection: duckdb.DuckDBPyConnection, key: Sequence[str], most: int | None = None
) -> Iterator[tuple[Labels, str | None, Decimal | None, Labels, Labels]]:
    """(key, name, money, labels, possible decisions) of each, the most money first, then by key."""
    keys = ", ".join(f"CAST({quote_name(k)} AS VARCHAR)" for k in key)
    order = ", ".join(['"#amount" DESC NULLS LAST', *map(quote_name, key)])
    limit = "" if most is None else f" LIMIT {int(most)}"
    found = connection.execute(f'SELECT "#name", "#amount", "#labels", "#possible", {keys} FROM run.waiting ORDER BY {order}{limit}')
    while rows := found.fetchmany(BATCH):
        for name, money, labels, possible, *client in rows:
            yield tuple(client), name, money, tuple(labels or ()), tuple(possible or ())


def write_waiting(
    connection: duckdb.DuckDBPyConnection, key: Sequence[str], amount: str | None, path: Path, most: int | None = None
) -> None:
    """`run.waiting` as CSV, in the order of `waiting_clients`."""
    wanted = [(k, ResultColumn(k, Kind.TEXT)) for k in key]
    wanted += [("name", ResultColumn("#name", Kind.TEXT)), (amount or "money", ResultColumn("#amount", Kind.MONEY))]
    wanted += [("missing", ResultColumn("#labels", Kind.TEXT, is_list=True))]
    wanted += [("possible_decisions", ResultColumn("#possible", Kind.TEXT, is_list=True))]
    keys = ", ".join(f"CAST({quote_name(k)} AS VARCHAR) AS {quote_name(k)}" for k in key)
    order = ", ".join(['"#amount" DESC NULLS LAST', *map(quote_name, key)])
    limit = "" if most is None else f" LIMIT {int(most)}"
    chosen = f"SELECT * REPLACE ({keys}) FROM (SELECT * FROM run.waiting ORDER BY {order}{limit})"
    taken: set[str] = set()
    cells = []
    for heading, column in wanted:
        while heading.lower() in taken:
            heading += "_"
        taken.add(heading.lower())
        cells.append(f"{as_cell(column)} AS {quote_name(heading)}")
    connection.execute(f"COPY (SELECT {', '.join(cells)} FROM ({chosen})) TO {quote_plain(str(path))} (FORMAT csv, HEADER)")
