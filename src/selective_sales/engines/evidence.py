"""A run's evidence as other policies are decided on it, and what it tells of clients who moved for other reasons than a policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..model.plan import Query
from ..model.sql import quote_name, quote_plain, quote_value
from .moves import meeting

if TYPE_CHECKING:
    import duckdb


def keep_only(connection: duckdb.DuckDBPyConnection, tables: Sequence[tuple[str, Sequence[str]]], moved: Path) -> None:
    """Takes all rows of other clients out of the typed tables (name, key): nobody else's decision is asked for any more."""
    source = f"read_parquet({quote_value(str(moved))})"
    for table, key in tables:
        on = " AND ".join(f'CAST(m."key {i}" AS VARCHAR) = CAST(t.{quote_name(k)} AS VARCHAR)' for i, k in enumerate(key))
        connection.execute(f"DELETE FROM {quote_name(table)} AS t WHERE NOT EXISTS (SELECT 1 FROM {source} AS m WHERE {on})")


def open_scenario(
    connection: duckdb.DuckDBPyConnection,
    facts: Path,
    columns: Mapping[str, str | None],
    scenario: str,
    key: Sequence[str],
    moved: Path | None,
) -> None:
    """Makes `run.scenarios` of a run's facts, each column under the name by which another policy reads it (None: calculated anew)."""
    chosen = [f"'' AS {quote_name(scenario)}"]
    chosen += [f"{'NULL' if held is None else f'd.{quote_name(held)}'} AS {quote_name(name)}" for name, held in columns.items()]
    source = f"SELECT {', '.join(chosen)} FROM read_parquet({quote_value(str(facts))}) AS d"
    if moved is not None:
        source += f" WHERE EXISTS (SELECT 1 FROM read_parquet({quote_value(str(moved))}) AS m WHERE {meeting(key)})"
    connection.execute(f"CREATE OR REPLACE VIEW run.scenarios AS {source}")


def decide_briefly(connection: duckdb.DuckDBPyConnection, query: Query, path: Path) -> None:
    """Writes who is decided how, by what, and which rules are unknown; nothing else is computed, and nothing sorted."""
    for statement in query.prelude:
        connection.execute(statement)
    for kind in ("VIEW", "TABLE"):
        drop_facts(connection, kind)
    connection.execute(f"CREATE TABLE run.facts AS {query.facts}")
    columns = ", ".join([*map(quote_name, query.key), "decision", "decided_by", "unknown"])
    connection.execute(f"COPY (SELECT {columns} FROM ({query.decide})) TO {quote_plain(str(path))} (FORMAT parquet)")
    drop_facts(connection, "TABLE")


def drop_facts(connection: duckdb.DuckDBPyConnection, kind: str) -> None:
    """Takes `run.facts` away where it is of that kind: a view on a file, or a table."""
    found = connection.execute(
        "SELECT table_type FROM information_schema.tables WHERE table_schema = 'run' AND table_name = 'facts'"
    ).fetchone()
    if found is not None and (found[0] == "VIEW") is (kind == "VIEW"):
        connection.execute(f"DROP {kind} run.facts")


def keep_exceptions(connection: duckdb.DuckDBPyConnection, folder: Path, run: Path, key: Sequence[str]) -> None:
    """Lets the exceptions of a run decide in the folder's decisions.parquet too."""
    path, final = folder / "decisions.parquet", folder / "final.parquet"
    on = " AND ".join(f"d.{quote_name(k)} = e.{quote_name(k)}" for k in key)
    exceptions = f"SELECT * FROM read_parquet({quote_value(str(run))}) WHERE decided_by = 'exception'"
    connection.execute(
        "COPY (SELECT d.* REPLACE (coalesce(e.decision, d.decision) AS decision, coalesce(e.decided_by, d.decided_by) AS decided_by) "
        f"FROM read_parquet({quote_value(str(path))}) AS d LEFT JOIN ({exceptions}) AS e ON {on}) "
        f"TO {quote_plain(str(final))} (FORMAT parquet)"
    )
    final.replace(path)


def note_exceptions(connection: duckdb.DuckDBPyConnection, number: int) -> None:
    """Notes that cause for those who moved as an exception began or ended."""
    connection.execute(
        f"INSERT INTO run.causes SELECT id, {int(number)}, NULL FROM run.moved WHERE old_by = 'exception' OR new_by = 'exception'"
    )


def note_data(
    connection: duckdb.DuckDBPyConnection, by_policy: Path | None, by_data: Path | None, key: Sequence[str], numbers: tuple[int, int, int]
) -> None:
    """Notes for those whom the policy alone does not move: the data do, only both do, or it cannot be told (no decisions: None)."""
    data, both, untold = numbers
    reached = []
    for path in (by_policy, by_data):
        if path is None:
            reached.append("NULL::BOOLEAN")
        else:
            source = f"read_parquet({quote_value(str(path))})"
            reached.append(f"EXISTS (SELECT 1 FROM {source} AS d WHERE {meeting(key)} AND d.decision = m.new)")
    alone, without = reached
    cause = (
        f"CASE WHEN {alone} THEN NULL WHEN NOT {alone} AND {without} THEN {data} WHEN NOT {alone} AND NOT {without} THEN {both} "
        f"ELSE {untold} END"
    )
    connection.execute(
        f"INSERT INTO run.causes SELECT id, number, NULL FROM (SELECT m.id, {cause} AS number FROM run.moved AS m "
        "WHERE NOT EXISTS (SELECT 1 FROM run.causes AS c WHERE c.id = m.id)) WHERE number IS NOT NULL"
    )
