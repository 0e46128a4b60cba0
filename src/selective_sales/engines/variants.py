"""The typed tables of a run, many times over: a copy of every row for each variant of the policy, decided by one query.

The copies are temporary tables with the tables' own names, which hide them from the query; afterwards everything is as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..model.plan import Query
from ..model.policy import Table
from ..model.sql import quote_name
from .duckdb_engine import named_rows, open_facts

if TYPE_CHECKING:
    import duckdb

FACTS, DECISIONS = "run.variant_facts", "run.variant_decisions"


@contextmanager
def copied(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[Table], numbers: Sequence[int], partition: str, variant: str, folder: Path
) -> Iterator[None]:
    """Within: each table has every row once for variant 0 and each of the numbers, the partition's value with `:number` after it."""
    listed = ", ".join(str(int(n)) for n in (0, *numbers))
    own = quote_name(partition)
    names = [quote_name(table.name) for table in tables]
    try:
        for name in names:
            select = f"SELECT t.* REPLACE (t.{own} || ':' || v.n AS {own}), v.n AS {variant} FROM memory.main.{name} AS t, variants AS v"
            connection.execute(f"CREATE TEMP TABLE {name} AS WITH variants AS (SELECT unnest([{listed}])::INTEGER AS n) {select}")
        with exceptions_for(connection, listed):
            yield
    finally:
        for name in names:
            connection.execute(f"DROP TABLE IF EXISTS temp.{name}")
        open_facts(connection, folder / "facts.parquet")


@contextmanager
def exceptions_for(connection: duckdb.DuckDBPyConnection, listed: str) -> Iterator[None]:
    """Within: every exception holds in each variant."""
    connection.execute("CREATE OR REPLACE TABLE run.exceptions_before AS SELECT * FROM run.exceptions")
    select = """SELECT e.* REPLACE (e."key 0" || ':' || v.n AS "key 0") FROM run.exceptions_before AS e, variants AS v"""
    connection.execute(f"CREATE OR REPLACE TABLE run.exceptions AS WITH variants AS (SELECT unnest([{listed}]) AS n) {select}")
    try:
        yield
    finally:
        connection.execute("CREATE OR REPLACE TABLE run.exceptions AS SELECT * FROM run.exceptions_before")


def decide_variants(connection: duckdb.DuckDBPyConnection, query: Query) -> None:
    """Decides the tables as they are now."""
    for statement in query.prelude:
        connection.execute(statement)
    connection.execute(f"CREATE OR REPLACE TABLE {FACTS} AS {query.facts}")
    connection.execute(f"CREATE OR REPLACE VIEW run.facts AS SELECT * FROM {FACTS}")
    connection.execute(f"CREATE OR REPLACE TABLE {DECISIONS} AS {query.decide}")


def differing_rows(
    connection: duckdb.DuckDBPyConnection, query: Query, columns: Sequence[str], partition: str
) -> Iterator[tuple[int, dict[str, object]]]:
    """(variant, row) where one of the columns is not what it is in variant 0; the partition's value is that of the run again."""
    own = quote_name(partition)
    split = f"SELECT * REPLACE (split_part({own}, ':', 1) AS {own}), split_part({own}, ':', 2)::INTEGER AS \"#n\" FROM {DECISIONS}"
    on = " AND ".join(f"m.{quote_name(k)} = b.{quote_name(k)}" for k in query.key)
    differs = " OR ".join(f"m.{quote_name(c)} IS DISTINCT FROM b.{quote_name(c)}" for c in columns) or "FALSE"
    select = f'WITH split AS ({split}) SELECT m.* FROM split AS m JOIN split AS b ON {on} WHERE m."#n" <> 0 AND b."#n" = 0 AND ({differs})'
    for row in named_rows(connection, f'{select} ORDER BY "#n"'):
        yield int(str(row.pop("#n"))), row


