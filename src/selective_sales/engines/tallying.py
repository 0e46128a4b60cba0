"""decisions.parquet in, counts out: clients and money by decision and rule, reasons of the undetermined, what exceptions changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..model.sql import quote_name, quote_value

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Summed:
    """A column to sum: of the decisions, or of a SELECT that has the key's columns too."""

    column: str
    select: str | None = None


Tally = list[tuple[str, int, object]]


def tallies(
    connection: duckdb.DuckDBPyConnection, decisions: Path, key: Sequence[str], amount: Summed | None, by: Sequence[str]
) -> dict[str, Tally]:
    """For each of some columns of the decisions (value, clients, sum of the amount) per value, in one pass over them."""
    source = f"read_parquet({quote_value(str(decisions))}) AS d"
    total = "NULL" if amount is None else f"{'d' if amount.select is None else 'f'}.{quote_name(amount.column)}"
    if amount is not None and amount.select is not None:
        on = " AND ".join(f"f.{quote_name(k)} = d.{quote_name(k)}" for k in key)
        source += f" JOIN ({amount.select}) AS f ON {on}"
    columns = [f"d.{quote_name(name)}" for name in by]
    sets = ", ".join(f"({column})" for column in columns)
    select = f"SELECT {', '.join(columns)}, count(*) AS n, sum({total}), GROUPING({', '.join(columns)}) FROM {source}"
    rows = connection.execute(f"{select} GROUP BY GROUPING SETS ({sets}) ORDER BY n DESC, {', '.join(columns)}").fetchall()
    # Of the columns, the first is the highest bit; a bit is set where the row is not grouped by it.
    own = {name: (1 << len(by)) - 1 - (1 << len(by) - 1 - i) for i, name in enumerate(by)}
    return {name: [(row[i], row[-3], row[-2]) for row in rows if row[-1] == own[name]] for i, name in enumerate(by)}


def reason_tally(connection: duckdb.DuckDBPyConnection, decisions: Path) -> Tally:
    """(reason, clients, None) per reason of `missing_because` of the undetermined: whom an exception decided waits for nothing."""
    source = f"SELECT unnest(missing_because) AS v FROM read_parquet({quote_value(str(decisions))}) WHERE decision = 'undetermined'"
    return connection.execute(f"SELECT v, count(*), NULL FROM ({source}) GROUP BY v ORDER BY count(*) DESC, v").fetchall()


def deciders(connection: duckdb.DuckDBPyConnection, decisions: Path, of: Sequence[str]) -> list[tuple[str, int]]:
    """(what decided, clients) of the clients with those decisions, most clients first."""
    wanted = ", ".join(map(quote_value, of))
    source = f"read_parquet({quote_value(str(decisions))}) WHERE decision IN ({wanted})"
    return connection.execute(f"SELECT decided_by, count(*) FROM {source} GROUP BY ALL ORDER BY count(*) DESC, decided_by").fetchall()


def exception_effects(connection: duckdb.DuckDBPyConnection, decisions: Path, key: Sequence[str]) -> list[tuple[tuple[str, ...], str, str]]:
    """(client, the policy's decision, the exception's) of every client whom an exception decided."""
    keys = ", ".join(f"CAST({quote_name(k)} AS VARCHAR)" for k in key)
    rows = connection.execute(
        f"SELECT policy_decision, decision, {keys} FROM read_parquet(?) WHERE decided_by = 'exception'", [str(decisions)]
    ).fetchall()
    return [(tuple(row[2:]), row[0], row[1]) for row in rows]
