"""The query for letters and a run's folder in, rows of clients out, as they are asked for.

Refuses nothing: what the run's files hold was vouched for when the run was opened.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..model.queries import LETTER_COLUMNS, LettersQuery
from ..model.sql import quote_name
from .duckdb_engine import all_of

if TYPE_CHECKING:
    import duckdb

AT_ONCE = 5_000
"""Rows that are taken from the engine at a time."""
SHOWN = 5
"""Clients that are named of many."""


def open_letters(
    connection: duckdb.DuckDBPyConnection, query: LettersQuery, folder: Path, clients: Sequence[tuple[str, ...]] | None
) -> None:
    """Makes `run.letters` from the run in the folder, for the clients asked for (None: all)."""
    for statement in query.prelude:
        connection.execute(statement)
    for name in ("facts", "decisions"):
        connection.execute(f"CREATE OR REPLACE VIEW run.{name} AS {all_of(folder / f'{name}.parquet')}")
    relation = query.relation
    if clients is not None:
        columns = ", ".join(f"unnest(CAST(? AS VARCHAR[])) AS k{i}" for i in range(len(query.key)))
        lists = [[key[i] for key in clients] for i in range(len(query.key))]
        connection.execute(f"CREATE OR REPLACE TABLE run.asked AS SELECT {columns}", lists)
        same = " AND ".join(f"CAST({quote_name(k)} AS VARCHAR) = a.k{i}" for i, k in enumerate(query.key))
        relation = f"SELECT l.* FROM ({relation}) AS l SEMI JOIN run.asked AS a ON {same}"
    connection.execute(f"CREATE OR REPLACE VIEW run.letters AS {relation}")


def letters_left_out(connection: duckdb.DuckDBPyConnection, query: LettersQuery) -> list[tuple[str, str, int, list[str]]]:
    """Why ("" for those who get a letter), the decision, how many clients, and the first of their keys, joined by `|`."""
    why, decision = quote_name(LETTER_COLUMNS[-1]), quote_name(LETTER_COLUMNS[0])
    key = " || '|' || ".join(f"CAST({quote_name(k)} AS VARCHAR)" for k in query.key)
    first = f"min({key}, {SHOWN}) FILTER ({why} <> '')"
    found = connection.execute(f"SELECT {why}, {decision}, count(*), {first} FROM run.letters GROUP BY 1, 2 ORDER BY 2, 1")
    return found.fetchall()


def letters_without(connection: duckdb.DuckDBPyConnection, column: str) -> int:
    """How many of those who get a letter have a blank in that column."""
    why = quote_name(LETTER_COLUMNS[-1])
    row = connection.execute(f"SELECT count(*) FROM run.letters WHERE {why} = '' AND {quote_name(column)} IS NULL").fetchone()
    return int(row[0]) if row else 0


def letter_rows(connection: duckdb.DuckDBPyConnection, query: LettersQuery, columns: Sequence[str]) -> Iterator[tuple[object, ...]]:
    """These columns of every client who gets a letter, in the order of the key."""
    chosen = ", ".join(map(quote_name, columns))
    order = ", ".join(map(quote_name, query.key))
    found = connection.execute(f"SELECT {chosen} FROM run.letters WHERE {quote_name(LETTER_COLUMNS[-1])} = '' ORDER BY {order}")
    while rows := found.fetchmany(AT_ONCE):
        yield from rows
