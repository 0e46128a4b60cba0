"""The facts and decisions of a run in; out, what looks at all of it together: limits, guarantees, tables, allocations, breaches.csv."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..model.kind import Kind
from ..model.plan import ResultColumn
from ..model.queries import ResultsQuery
from ..model.sql import quote_name, quote_plain, quote_value
from .duckdb_engine import as_cell, open_facts
from .tallying import Summed

if TYPE_CHECKING:
    import duckdb

ROWS = 5_000
"""Rows that are fetched at once."""
KEPT_CLIENTS = 20_000
"""Of so many clients at most every value is kept while questions are asked; of more, a question calculates what it needs."""


def open_results(connection: duckdb.DuckDBPyConnection, query: ResultsQuery, folder: Path) -> None:
    """Makes `run.results` from the facts and decisions in the folder: a row per client, decided."""
    for statement in query.prelude:
        connection.execute(statement)
    open_facts(connection, folder / "facts.parquet")
    source = quote_value(str(folder / "decisions.parquet"))
    connection.execute(f"CREATE OR REPLACE VIEW run.decisions AS SELECT * FROM read_parquet({source})")
    make_results(connection, query)


def make_results(connection: duckdb.DuckDBPyConnection, query: ResultsQuery) -> None:
    """Makes `run.results` from `run.facts` and `run.decisions`."""
    found = connection.execute("SELECT count(*) FROM run.decisions").fetchone()
    if found is not None and found[0] <= KEPT_CLIENTS:
        # What is asked of it is planned each time with all that it is made of. Of few clients that takes longer than the answer.
        connection.execute(f"CREATE OR REPLACE TABLE run.calculated AS {query.relation}")
        connection.execute("CREATE OR REPLACE VIEW run.results AS SELECT * FROM run.calculated")
    else:
        connection.execute(f"CREATE OR REPLACE VIEW run.results AS {query.relation}")


def clients_where(
    connection: duckdb.DuckDBPyConnection, key: Sequence[str], condition: str, most: int | None = None
) -> tuple[int, list[tuple[str, ...]]]:
    """How many clients of `run.results` a condition of the compiler holds for, and the keys of the first of them."""
    keys = ", ".join(f"CAST({quote_name(k)} AS VARCHAR)" for k in key)
    counted = connection.execute(f"SELECT count(*) FROM run.results WHERE {condition}").fetchone()
    order = ", ".join(map(quote_name, key))
    limit = "" if most is None else f" LIMIT {int(most)}"
    rows = connection.execute(f"SELECT {keys} FROM run.results WHERE {condition} ORDER BY {order}{limit}").fetchall()
    return (int(counted[0]) if counted else 0), [tuple(row) for row in rows]


def write_breaches(connection: duckdb.DuckDBPyConnection, key: Sequence[str], parts: Sequence[tuple[str, str, str]], path: Path) -> None:
    """breaches.csv: for each (kind, id, condition) the clients of `run.results` it holds for, with their decision."""
    keys = ", ".join(f"{as_cell(ResultColumn(k, Kind.TEXT)).replace(quote_name(k), text_of(k))} AS {quote_name(k)}" for k in key)
    order = ", ".join(map(quote_name, key))
    selects = [
        f'SELECT {i} AS part, {quote_value(kind)} AS kind, {quote_value(name)} AS id, {keys}, "#decision" AS decision'
        f" FROM run.results WHERE {condition}"
        for i, (kind, name, condition) in enumerate(parts)
    ]
    source = " UNION ALL ".join(selects)
    connection.execute(
        f"COPY (SELECT * EXCLUDE (part) FROM ({source}) ORDER BY part, {order}) TO {quote_plain(str(path))} (FORMAT csv, HEADER)"
    )


def text_of(name: str) -> str:
    return f"CAST({quote_name(name)} AS VARCHAR)"


def rows_true(connection: duckdb.DuckDBPyConnection, conditions: Sequence[str], where: str, key: Sequence[str]) -> list[bool]:
    """Which of the compiler's conditions are true for the first client of `run.results` for whom `where` holds."""
    order = ", ".join(map(quote_name, key))
    columns = ", ".join(f"({c}) IS TRUE" for c in conditions)
    row = connection.execute(f"SELECT {columns} FROM run.results WHERE {where} ORDER BY {order} LIMIT 1").fetchone()
    return [bool(hit) for hit in row] if row else [False] * len(conditions)


def allocated_clients(
    connection: duckdb.DuckDBPyConnection, key: Sequence[str], group_of: str, measure_of: str, display: str | None
) -> list[tuple[int, tuple[str, ...], str | None, object]]:
    """(group's number, client, its name, its measure) of every client of `run.results` in a group: largest measure first, then by key."""
    keys = ", ".join(f"CAST({quote_name(k)} AS VARCHAR)" for k in key)
    name = "NULL" if display is None else quote_name(display)
    order = ", ".join(map(quote_name, key))
    select = f'SELECT {group_of} AS "#g", {measure_of} AS "#m", {name}, {keys} FROM run.results WHERE {group_of} > 0'
    rows = connection.execute(f'{select} ORDER BY "#g", "#m" DESC, {order}').fetchall()
    return [(int(row[0]), tuple(row[3:]), row[2], row[1]) for row in rows]


def decided_clients(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    key: Sequence[str],
    fields: Sequence[str],
    amount: Summed | None,
    metrics: Sequence[str],
) -> Iterator[tuple[object, ...]]:
    """In key order: the key, some fields, decision, policy_decision, decided_by, fired, missing_because, possible_decisions, the amount (or
    None), some metrics."""
    own = ("decision", "policy_decision", "decided_by", "fired", "missing_because", "possible_decisions")
    source = f"read_parquet({quote_value(str(folder / 'decisions.parquet'))}) AS d"
    if fields:
        source += f" JOIN run.facts AS f ON {meeting(key, 'f', 'd')}"
    money = "NULL"
    if amount is not None:
        money = f"{'d' if amount.select is None else 'a'}.{quote_name(amount.column)}"
        source += f" JOIN ({amount.select}) AS a ON {meeting(key, 'a', 'd')}" if amount.select is not None else ""
    columns = [*(f"d.{quote_name(k)}" for k in key), *(f"f.{quote_name(name)}" for name in fields), *(f"d.{name}" for name in own), money]
    columns += [f"d.{quote_name(name)}" for name in metrics]
    found = connection.execute(f"SELECT {', '.join(columns)} FROM {source} ORDER BY {', '.join(f'd.{quote_name(k)}' for k in key)}")
    while rows := found.fetchmany(ROWS):
        yield from rows


def meeting(key: Sequence[str], left: str, right: str) -> str:
    return " AND ".join(f"{left}.{quote_name(k)} = {right}.{quote_name(k)}" for k in key)
