"""Clients of a finished run, each with one field changed, decided anew: many tries in one query.

`run.base` holds the run's facts. A try is a copy of its client (or, where the portfolio counts, of all clients) with the other value.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from ..model.expression import Scalar
from ..model.kind import Kind
from ..model.plan import Query
from ..model.sql import quote_name, quote_value
from .variants import TYPES

if TYPE_CHECKING:
    import duckdb


def decide_tries(
    connection: duckdb.DuckDBPyConnection,
    query: Query,
    column: str,
    key: Sequence[str],
    kinds: Mapping[str, Kind],
    tries: Sequence[tuple[tuple[str, ...], str, Scalar]],
    *,
    whole: bool,
) -> list[tuple[str, str]]:
    """(decision, decided_by) of each (client, field, value), in order.

    `kinds` are the fields'; `whole`: every other client takes part, unchanged. Clients are known by their keys as texts; `column` tells
    the tries apart in the query.
    """
    keep_tries(connection, tries, len(key))
    own = " AND ".join(f"CAST(b.{quote_name(k)} AS VARCHAR) = t.k{i}" for i, k in enumerate(key))
    parts = []
    for field in dict.fromkeys(name for _, name, _ in tries):
        changed = f"CASE WHEN {own} THEN CAST(t.v AS {TYPES[kinds[field]]}) ELSE b.{quote_name(field)} END"
        chosen = f"SELECT t.n AS {quote_name(column)}, b.* REPLACE ({changed} AS {quote_name(field)})"
        of_field = f"(SELECT * FROM run.tries WHERE f = {quote_value(field)}) AS t"
        parts.append(f"{chosen} FROM run.base AS b CROSS JOIN {of_field}" + ("" if whole else f" WHERE {own}"))
    connection.execute("CREATE OR REPLACE TABLE run.scenarios AS " + " UNION ALL BY NAME ".join(parts))
    connection.execute(f"CREATE OR REPLACE TABLE run.facts AS {query.facts}")
    same = " AND ".join(f"CAST(d.{quote_name(k)} AS VARCHAR) = t.k{i}" for i, k in enumerate(key))
    decided = f"SELECT d.decision, d.decided_by FROM ({query.decide}) AS d JOIN run.tries AS t ON d.{quote_name(column)} = t.n AND {same}"
    return connection.execute(f"{decided} ORDER BY CAST(t.n AS INTEGER)").fetchall()


def keep_tries(connection: duckdb.DuckDBPyConnection, tries: Sequence[tuple[tuple[str, ...], str, Scalar]], width: int) -> None:
    """The table `run.tries`: number, field and value as texts, and the client's key as k0, k1, ..."""
    columns = [[client[i] for client, _, _ in tries] for i in range(width)]
    lists = [[str(n) for n in range(len(tries))], [name for _, name, _ in tries], [as_text(value) for *_, value in tries], *columns]
    names = ["n", "f", "v", *(f"k{i}" for i in range(width))]
    unnested = ", ".join(f"unnest(CAST(? AS VARCHAR[])) AS {name}" for name in names)
    connection.execute(f"CREATE OR REPLACE TABLE run.tries AS SELECT {unnested}", lists)


def as_text(value: Scalar) -> str:
    """A value as the engine reads it back."""
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"
        case datetime.date():
            return value.isoformat()
        case _:
            return str(value)
