"""The typed tables of a run, many times over: a copy of every row for each variant of the policy, decided by one query.

The copies are temporary tables with the tables' own names, which hide them from the query; afterwards everything is as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ..model.expression import Scalar
from ..model.kind import Kind
from ..model.plan import Query
from ..model.policy import Table
from ..model.queries import ResultsQuery
from ..model.sql import quote_name, quote_value
from .duckdb_engine import named_rows, open_facts
from .outcomes import make_results, open_results

if TYPE_CHECKING:
    import duckdb

FACTS, DECISIONS = "run.variant_facts", "run.variant_decisions"


@dataclass(frozen=True, slots=True)
class Copies:
    """How the tables are copied: once for variant 0 and each of the `numbers`, which stand in the column `variant` (its name quoted).

    The partition's value gets `:number` after it. `filled`: for a table, the name of one like it whose blanks are still blank, and the SQL
    of the columns that variants fill differently. `groups`: where the partition's values begin with `group-`, the variants that each group
    is for (all, where there are no groups).
    """

    numbers: Sequence[int]
    partition: str
    variant: str
    filled: Mapping[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)
    groups: Mapping[str, Sequence[int]] | None = None

    def select(self, table: Table) -> str:
        own = quote_name(self.partition)
        source, columns = self.filled.get(table.name, (table.name, {}))
        copied = f"SELECT t.* REPLACE (t.{own} || ':' || v.n AS {own}), v.n AS {self.variant}"
        copied += f" FROM memory.main.{quote_name(source)} AS t, ({self.variants()}) AS v"
        copied += "" if self.groups is None else f" WHERE v.g = split_part(t.{own}, '-', 1)"
        if not columns:
            return copied
        return f"SELECT * REPLACE ({', '.join(f'{sql} AS {quote_name(name)}' for name, sql in columns.items())}) FROM ({copied})"

    def variants(self) -> str:
        if self.groups is None:
            return f"SELECT unnest([{', '.join(str(int(n)) for n in (0, *self.numbers))}])::INTEGER AS n"
        pairs = [f"({quote_value(group)}, {int(n)})" for group, numbers in self.groups.items() for n in (0, *numbers)]
        return f"SELECT g, n::INTEGER AS n FROM (VALUES {', '.join(pairs)}) AS pairs(g, n)"


@contextmanager
def copied(connection: duckdb.DuckDBPyConnection, tables: Sequence[Table], copies: Copies, folder: Path) -> Iterator[None]:
    """Within: each table has its rows as often as there are variants."""
    names = [quote_name(table.name) for table in tables]
    listed = ", ".join(str(int(n)) for n in (0, *copies.numbers))
    try:
        for name, table in zip(names, tables, strict=True):
            connection.execute(f"CREATE TEMP TABLE {name} AS {copies.select(table)}")
        with exceptions_for(connection, listed):
            yield
    finally:
        for name in names:
            connection.execute(f"DROP TABLE IF EXISTS temp.{name}")
        as_before(connection, folder)


def as_before(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """`run.facts` and `run.decisions` are those of the run in the folder again."""
    open_facts(connection, folder / "facts.parquet")
    source = quote_value(str(folder / "decisions.parquet"))
    connection.execute(f"CREATE OR REPLACE VIEW run.decisions AS SELECT * FROM read_parquet({source})")


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


@contextmanager
def outcomes(connection: duckdb.DuckDBPyConnection, prelude: Sequence[str], select: str, folder: Path) -> Iterator[None]:
    """Within: `run.facts` are the rules' outcomes for the clients of the run in the folder."""
    as_before(connection, folder)
    for statement in prelude:
        connection.execute(statement)
    connection.execute(f"CREATE OR REPLACE TABLE run.rule_outcomes AS {select}")
    connection.execute("CREATE OR REPLACE VIEW run.facts AS SELECT * FROM run.rule_outcomes")
    try:
        yield
    finally:
        as_before(connection, folder)


def rank_again(connection: duckdb.DuckDBPyConnection, query: Query, columns: Sequence[str], known: set[str]) -> None:
    """Decides the outcomes as they are now; of the result only these columns. `known` are the statements that still hold."""
    for statement in query.prelude:
        if statement not in known:
            variable = statement.partition(" = ")[0]
            known.difference_update({one for one in known if one.partition(" = ")[0] == variable})
            known.add(statement)
            connection.execute(statement)
    chosen = ", ".join(map(quote_name, (*query.key, *columns)))
    connection.execute(f"CREATE OR REPLACE TABLE {DECISIONS} AS SELECT {chosen} FROM ({query.decide})")


def ranked_rows(connection: duckdb.DuckDBPyConnection, key: Sequence[str], columns: Sequence[str]) -> list[dict[str, object]]:
    """The rows that are decided otherwise than in the run, in one of the columns."""
    on = " AND ".join(f"m.{quote_name(k)} = b.{quote_name(k)}" for k in key)
    differs = " OR ".join(f"m.{quote_name(c)} IS DISTINCT FROM b.{quote_name(c)}" for c in columns) or "FALSE"
    return named_rows(connection, f"SELECT m.* FROM {DECISIONS} AS m JOIN run.decisions AS b ON {on} WHERE {differs}")


@contextmanager
def results_again(connection: duckdb.DuckDBPyConnection, query: ResultsQuery, folder: Path) -> Iterator[None]:
    """Within: `run.results` are the run's facts with the decisions made last; afterwards `run.facts` is what it was before."""
    open_facts(connection, folder / "facts.parquet")
    open_variant_results(connection, query)
    try:
        yield
    finally:
        as_before(connection, folder)
        connection.execute("CREATE OR REPLACE VIEW run.facts AS SELECT * FROM run.rule_outcomes")


def open_variant_results(connection: duckdb.DuckDBPyConnection, query: ResultsQuery) -> None:
    """Makes `run.results` from what was decided last, over `run.facts`."""
    for statement in query.prelude:
        connection.execute(statement)
    connection.execute(f"CREATE OR REPLACE VIEW run.decisions AS SELECT * FROM {DECISIONS}")
    make_results(connection, query)


def agree_everywhere(
    connection: duckdb.DuckDBPyConnection,
    query: Query,
    key: str,
    columns: Mapping[str, tuple[Kind, Sequence[Scalar | None]]],
    names: tuple[str, str],
) -> bool:
    """Whether two columns of the result are the same for a client for every combination of the columns' values."""
    lists = []
    for name, (kind, values) in columns.items():
        listed = ", ".join(f"({cast(value, kind)})" for value in values)
        lists.append(f"(VALUES {listed}) AS {quote_name(f't{name}')}({quote_name(name)})")
    for statement in query.prelude:
        connection.execute(statement)
    source = " CROSS JOIN ".join(lists)
    connection.execute(f"CREATE OR REPLACE TABLE clients AS SELECT row_number() OVER () AS {quote_name(key)}, * FROM {source}")
    connection.execute(f"CREATE OR REPLACE TABLE run.facts AS {query.facts}")
    one, other = map(quote_name, names)
    found = connection.execute(f"SELECT count(*) FROM ({query.decide}) WHERE {one} IS DISTINCT FROM {other}").fetchone()
    return found is not None and found[0] == 0


def cast(value: Scalar | None, kind: Kind) -> str:
    return f"CAST({quote_value(value)} AS {TYPES[kind]})"


TYPES = {
    Kind.MONEY: "DECIMAL(18, 4)", Kind.NUMBER: "DOUBLE", Kind.INTEGER: "BIGINT", Kind.TEXT: "VARCHAR", Kind.BOOLEAN: "BOOLEAN",
    Kind.DATE: "DATE", Kind.DAYS: "BIGINT", Kind.MONTHS: "BIGINT",
}  # fmt: skip


__all__ = [
    "Copies",
    "agree_everywhere",
    "copied",
    "decide_variants",
    "differing_rows",
    "open_results",
    "open_variant_results",
    "outcomes",
    "rank_again",
    "ranked_rows",
    "results_again",
]
