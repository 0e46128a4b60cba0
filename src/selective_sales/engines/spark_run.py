"""A session with a run's tables and its two SELECTs in; facts.parquet and decisions.parquet out, each one file, in the run folder.

Spark writes parts. The driver makes one file of them, as every command that reads a run expects it: in the order of the parts, with the
types that DuckDB writes. Refuses parts that do not hold what was decided, as executors that write where the driver cannot see.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..model import steps
from ..model.errors import EngineError
from ..model.kind import Kind
from ..model.plan import ResultColumn, RunQuery
from ..model.policy import Table
from ..model.spark_files import file_address
from ..model.sql import parquet_copy, quote_name, quote_value
from ..model.steps import Step
from . import spark_views
from .spark_session import in_plain_words, quoted

if TYPE_CHECKING:
    import duckdb
    from pyspark.sql import DataFrame, SparkSession

_TYPES = {Kind.MONEY: "DECIMAL(18, 4)", Kind.NUMBER: "DOUBLE", Kind.TEXT: "VARCHAR", Kind.BOOLEAN: "BOOLEAN", Kind.DATE: "DATE"}
SHARED = "give --out, and --temp-directory if it is given, on a file system that the driver and all executors see under the same path"


def decide(
    session: SparkSession, connection: duckdb.DuckDBPyConnection, query: RunQuery, folder: Path, scratch: Path, clients: int
) -> None:
    """Writes facts.parquet and decisions.parquet into the folder; `clients` is how many rows each must have."""
    steps.begin(Step.GATHERING)
    facts = write_parts(session, session_select(session, query.facts, query.facts_views), scratch / "facts")
    merge(connection, facts, query.fact_columns, folder / "facts.parquet", clients)
    view(session, session.read.parquet(file_address(facts)), "#run facts")
    steps.begin(Step.DECIDING)
    # To sort by ranges Spark reads the rows twice: kept, they are decided once.
    rows = session_select(session, query.decide, query.decide_views).persist()
    decided = write_parts(session, rows.orderBy(*(rows[quoted(name)] for name in query.key)), scratch / "decisions")
    rows.unpersist()
    merge(connection, decided, query.result_columns, folder / "decisions.parquet", clients)
    for parts in (facts, decided):
        shutil.rmtree(parts)


def session_select(session: SparkSession, select: str, views: Sequence[str] = ()) -> DataFrame:
    with in_plain_words():
        spark_views.define(session, views)
        return session.sql(select)


def write_parts(session: SparkSession, frame: DataFrame, folder: Path) -> Path:
    with in_plain_words():
        frame.write.parquet(f"file://{folder}")
    return folder


def view(session: SparkSession, frame: DataFrame, name: str) -> None:
    with in_plain_words():
        # Of this session only: `DROP VIEW` would take the catalog's.
        session.catalog.dropTempView(name)
        frame.createOrReplaceTempView(quoted(name))


def merge(connection: duckdb.DuckDBPyConnection, parts: Path, columns: Sequence[ResultColumn], target: Path, rows: int | None) -> None:
    """One file of all parts, in their order; `rows` is how many there must be."""
    files = sorted(parts.glob("part-*.parquet"))
    if not files and rows != 0:
        raise EngineError("what Spark wrote is not to be seen from here", SHARED)
    chosen = ", ".join(f"CAST({quote_name(c.name)} AS {type_of(c)}) AS {quote_name(c.name)}" for c in columns)
    source = f"read_parquet([{', '.join(quote_value(str(file)) for file in files)}])"
    connection.execute(parquet_copy(f"SELECT {chosen} FROM {source}", str(target)))
    found = connection.execute("SELECT count(*) FROM read_parquet(?)", [str(target)]).fetchone()
    if rows is not None and (found is None or found[0] != rows):
        raise EngineError(f"of {rows} rows that Spark wrote, {found[0] if found else 0} are to be seen from here", SHARED)


def type_of(column: ResultColumn) -> str:
    return _TYPES.get(column.kind, "BIGINT") + ("[]" if column.is_list else "")


def keep_tables(session: SparkSession, connection: duckdb.DuckDBPyConnection, tables: Sequence[Table], folder: Path, scratch: Path) -> None:
    """Writes every typed table into the folder, as `duckdb_engine.keep_tables` does."""
    for number, table in enumerate(tables):
        columns = [ResultColumn(f.name, f.type) for f in table.fields if f.calculation is None]
        names = ", ".join("`" + c.name.replace("`", "``") + "`" for c in columns)
        quoted = "`" + table.name.replace("`", "``") + "`"
        parts = write_parts(session, session_select(session, f"SELECT {names} FROM {quoted}"), scratch / f"kept{number}")
        merge(connection, parts, columns, folder / f"{number}.parquet", None)
        shutil.rmtree(parts)


def create_history(session: SparkSession, connection: duckdb.DuckDBPyConnection, table: Table, scratch: Path) -> None:
    """The table of earlier decisions, as DuckDB has it, as a view of the session."""
    path = scratch / "history.parquet"
    connection.execute(parquet_copy(f"SELECT * FROM {quote_name(table.name)}", str(path)))
    with in_plain_words():
        frame = session.read.parquet(file_address(path))
    view(session, frame, table.name)


def create_exceptions(session: SparkSession, entries: Sequence[tuple[tuple[str, ...], str]], width: int) -> None:
    schema = ", ".join([*(f"`key {i}` STRING" for i in range(width)), "decision STRING"])
    with in_plain_words():
        frame = session.createDataFrame([(*key, decision) for key, decision in entries], schema)
    view(session, frame, "#run exceptions")
