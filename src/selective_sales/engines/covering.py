"""A batch of decided test cases on a locked connection in; out comes how much of a policy they show, by the compiler's own query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..model.coverage import Mark, Part, Seen, Way
from ..model.queries import CoverageQuery
from ..model.sql import quote_name, quote_value
from .duckdb_engine import named_rows

if TYPE_CHECKING:
    import duckdb

AT_ONCE = 1_000
"""Rows in one statement."""


def marks_seen(
    connection: duckdb.DuckDBPyConnection, query: CoverageQuery, decisions: Path, shown: Sequence[tuple[int, ...]]
) -> dict[Mark, Seen]:
    """The marks that were seen.

    `shown` has the clients that count: the place among the decisions (from 1), then a number per group of `query.groups`.
    """
    for statement in query.prelude:
        connection.execute(statement)
    connection.execute(f"CREATE OR REPLACE VIEW run.decisions AS SELECT * FROM read_parquet({quote_value(str(decisions))})")
    columns = ", ".join(f"{quote_name(name)} BIGINT" for name in ("#row", *(column for _, column in query.groups)))
    connection.execute(f"CREATE OR REPLACE TABLE run.shown ({columns})")
    for start in range(0, len(shown), AT_ONCE):
        rows = ", ".join(f"({', '.join(map(quote_value, row))})" for row in shown[start : start + AT_ONCE])
        connection.execute(f"INSERT INTO run.shown VALUES {rows}")
    (row,) = named_rows(connection, query.marks)
    found = {mark: Seen(seen) for mark, column in query.columns if isinstance(seen := row[column], int)}
    for part, of, column in query.hits:
        for mark, seen in hits(part, of, row[column]):
            found[mark] = max(seen, found.get(mark, Seen.NEVER))
    decided = ((r["policy_decision"], r["seen"]) for r in named_rows(connection, query.decisions))
    return found | {Mark(Part.DECISION, str(decision), Way.REACHED): Seen(seen) for decision, seen in decided if isinstance(seen, int)}


def hits(part: Part, of: str, combinations: object) -> Iterator[tuple[Mark, Seen]]:
    """The rows of a table or factor that were hit, from the combinations of them that occur."""
    for one in combinations if isinstance(combinations, list) else ():
        for number in one["rows"]:
            if number is not None:
                yield Mark(part, of, Way.HIT, int(number)), Seen(one["seen"])
