"""A run's facts and decisions in; out, the few numbers that a report shows: counts, sums, points of curves, a grid.

Everything is added up here: of the clients only those that a report names ever leave the engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from ..model.queries import ReportQuery
from ..model.sql import quote_name, quote_value
from .duckdb_engine import all_of

if TYPE_CHECKING:
    import duckdb

Row = tuple[object, ...]
CLIENTS = "run.reported"
SUMS = "count(*), sum(money), sum(profit), sum(burden), count(*) FILTER (money IS NULL)"
"""What `Tally` is made of."""
CURVED = "run.curve"


def open_report(connection: duckdb.DuckDBPyConnection, query: ReportQuery, folder: Path) -> None:
    """Makes `run.reported` from the facts and decisions in the folder: a narrow row per client."""
    for statement in query.prelude:
        connection.execute(statement)
    for name, file in (("facts", "facts.parquet"), ("decisions", "decisions.parquet")):
        connection.execute(f"CREATE OR REPLACE VIEW run.{name} AS {all_of(folder / file)}")
    connection.execute(f"CREATE OR REPLACE TABLE {CLIENTS} AS {query.clients}")


def by_decision(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """(decision, what decided, the sums) of every pair that occurs."""
    return connection.execute(f"SELECT decision, decided_by, {SUMS} FROM {CLIENTS} GROUP BY ALL ORDER BY ALL").fetchall()


def open_curve(connection: duckdb.DuckDBPyConnection, column: str, *, known: bool) -> Row:
    """Makes `run.curve`, the clients by that column, largest first: n, x, its rank (ties share one), and the sum up to there.

    `known`: only clients whose money is all known. Gives (clients, total, sum above zero, clients above, below, the best fifth: clients
    and sum; how many first clients hold 80% of a positive total; the least value of class A, and of A or B: whose holders come before
    the line of 80% or 95% of all that is above zero, ties on one side together).
    """
    where = "known" if known else f"{column} IS NOT NULL"
    connection.execute(f"""
        CREATE OR REPLACE TABLE {CURVED} AS
        SELECT row_number() OVER w AS n, x, rank() OVER w AS place, sum(x) OVER w AS so_far
        FROM (SELECT {column} AS x FROM {CLIENTS} WHERE {where})
        WINDOW w AS (ORDER BY x DESC ROWS UNBOUNDED PRECEDING)
    """)
    row = connection.execute(f"""
        SELECT count(*), coalesce(any_value(total), 0), coalesce(sum(x) FILTER (x > 0), 0), count(*) FILTER (x > 0),
               count(*) FILTER (x < 0), count(*) FILTER (place * 5 <= clients), coalesce(sum(x) FILTER (place * 5 <= clients), 0),
               min(n) FILTER (total > 0 AND so_far >= total * 0.8),
               min(x) FILTER (x > 0 AND n = place AND so_far - x < above * 0.8),
               min(x) FILTER (x > 0 AND n = place AND so_far - x < above * 0.95)
        FROM {CURVED}, (SELECT count(*) AS clients, sum(x) AS total, sum(x) FILTER (x > 0) AS above FROM {CURVED})
    """).fetchone()
    assert row is not None
    return row


def points(connection: duckdb.DuckDBPyConnection, numbers: Sequence[int]) -> list[tuple[int, Decimal]]:
    """The points of `run.curve` at these numbers of clients."""
    wanted = ", ".join(str(int(n)) for n in numbers) or "0"
    return connection.execute(f"SELECT n, so_far FROM {CURVED} WHERE n IN ({wanted}) ORDER BY n").fetchall()


Cuts = tuple[Decimal | None, Decimal | None]
"""The least values of class A, and of A or B; None where nobody is in it."""


def classes(connection: duckdb.DuckDBPyConnection, money: Cuts, burden: Cuts, *, known: bool) -> list[Row]:
    """(class by money, class by burden, the sums) of clients who have both; `known`: only those whose money is all known."""

    def letter(column: str, cuts: Cuts) -> str:
        tests = [f"WHEN {column} >= {cut} THEN '{name}'" for name, cut in zip("AB", cuts, strict=True) if cut is not None]
        return f"CASE {' '.join(tests)} ELSE 'C' END" if tests else "'C'"

    where = f"{'known' if known else 'money IS NOT NULL'} AND burden IS NOT NULL"
    select = f"SELECT {letter('money', money)}, {letter('burden', burden)}, {SUMS} FROM {CLIENTS} WHERE {where}"
    return connection.execute(f"{select} GROUP BY 1, 2 ORDER BY 1, 2").fetchall()


MARKED = "ours IS NOT NULL AND theirs IS NOT NULL"


def mark_range(connection: duckdb.DuckDBPyConnection, column: str) -> tuple[float, float] | None:
    """The least and the greatest of a mark; None where nobody has it."""
    row = connection.execute(f"SELECT min({quote_name(column)}), max({quote_name(column)}) FROM {CLIENTS} WHERE {MARKED}").fetchone()
    return None if row is None or row[0] is None else (row[0], row[1])


def grid(
    connection: duckdb.DuckDBPyConnection, ours: tuple[float, float], theirs: tuple[float, float], size: int
) -> list[tuple[int, int, int]]:
    """(column, row from below, clients) of a grid over both scales; who lies beyond a scale's end stands at the end."""

    def cell(column: str, ends: tuple[float, float]) -> str:
        low, width = ends[0], (ends[1] - ends[0]) or 1.0
        return f"least({size - 1}, greatest(0, floor(({column} - ({low!r})) / ({width!r}) * {size})))::INTEGER"

    select = f"SELECT {cell('ours', ours)}, {cell('theirs', theirs)}, count(*) FROM {CLIENTS} WHERE {MARKED}"
    return connection.execute(f"{select} GROUP BY 1, 2 ORDER BY 1, 2").fetchall()


def quadrants(connection: duckdb.DuckDBPyConnection, ours_from: float, theirs_from: float) -> list[Row]:
    """(attractive to us, we to them, the sums)."""
    tests = f"ours >= {ours_from!r}, theirs >= {theirs_from!r}"
    return connection.execute(f"SELECT {tests}, {SUMS} FROM {CLIENTS} WHERE {MARKED} GROUP BY 1, 2").fetchall()


def unmarked(connection: duckdb.DuckDBPyConnection) -> int:
    row = connection.execute(f"SELECT count(*) FROM {CLIENTS} WHERE NOT ({MARKED})").fetchone()
    return int(row[0]) if row else 0


def named(
    connection: duckdb.DuckDBPyConnection,
    width: int,
    ours_from: float,
    theirs_from: float,
    severe: Sequence[str],
    mild: Sequence[str],
    most: int,
) -> list[Row]:
    """(why, name, ours, theirs, decision, money, key ...) of the clients who stand apart, the largest money of each sort first."""
    one_of = {word: ", ".join(map(quote_value, names)) or "NULL" for word, names in (("severe", severe), ("mild", mild))}
    sorts = {
        "exception": "decided_by = 'exception'",
        "decline": f"ours >= {ours_from!r} AND theirs >= {theirs_from!r} AND decision IN ({one_of['severe']})",
        "keep": f"ours < {ours_from!r} AND theirs < {theirs_from!r} AND decision IN ({one_of['mild']})",
    }
    why = "CASE " + " ".join(f"WHEN {test} THEN {quote_value(word)}" for word, test in sorts.items()) + " END"
    keys = ", ".join(f'"key {i}"' for i in range(width))
    order = f"why, money DESC NULLS LAST, {keys}"
    return connection.execute(
        f"SELECT why, name, ours, theirs, decision, money, {keys} FROM (SELECT *, {why} AS why FROM {CLIENTS} WHERE {MARKED}) "
        f"WHERE why IS NOT NULL QUALIFY row_number() OVER (PARTITION BY why ORDER BY money DESC NULLS LAST, {keys}) <= {int(most)} "
        f"ORDER BY {order}"
    ).fetchall()


def segments(connection: duckdb.DuckDBPyConnection, number: int, most: int) -> tuple[list[Row], int]:
    """(value, whether it is one of the further ones, decision, the sums) by a segment's value and decision; and how many further there are.

    The values that most clients have stand alone, all further ones together.
    """
    column = quote_name(f"segment {int(number)}")
    order = f"count(*) DESC, {column} NULLS LAST"
    connection.execute(
        f"CREATE OR REPLACE TABLE run.segment_values AS "
        f"SELECT {column} AS v, row_number() OVER (ORDER BY {order}) > {int(most)} AS further FROM {CLIENTS} GROUP BY {column}"
    )
    row = connection.execute("SELECT count(*) FILTER (further) FROM run.segment_values").fetchone()
    rows = connection.execute(
        f"SELECT CASE WHEN NOT further THEN v END, further, decision, {SUMS} "
        f"FROM {CLIENTS} AS c JOIN run.segment_values AS s ON c.{column} IS NOT DISTINCT FROM s.v GROUP BY 1, 2, 3"
    ).fetchall()
    return rows, int(row[0]) if row else 0
