"""Typed tables on a DuckDB connection and a portable query in, the rows that Spark decides out.

The tables go as Parquet files, which Spark reads as views of its session: for tables of tests, where Spark's workers read this machine's
files.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..model.plan import PortableQuery
from ..model.sql import parquet_copy, quote_name
from .spark_session import in_plain_words

if TYPE_CHECKING:
    import duckdb
    from pyspark.sql import SparkSession


def decided_rows(session: SparkSession, connection: duckdb.DuckDBPyConnection, query: PortableQuery) -> list[dict[str, object]]:
    """What Spark decides of the tables of that connection, as `duckdb_engine.decided_rows` gives it."""
    names = [c.name for c in query.result_columns]
    with views(session, connection, query), in_plain_words():
        for statement in query.prelude:
            session.sql(statement)
        return [dict(zip(names, row, strict=True)) for row in session.sql(query.select).collect()]


@contextmanager
def views(session: SparkSession, connection: duckdb.DuckDBPyConnection, query: PortableQuery) -> Iterator[None]:
    """The connection's tables under their names in the session."""
    with tempfile.TemporaryDirectory(prefix="selective-sales-", ignore_cleanup_errors=True) as folder:
        try:
            for number, table in enumerate(query.tables):
                path = Path(folder) / f"{number}.parquet"
                columns = ", ".join(quote_name(name) for name, _ in table.columns)
                connection.execute(parquet_copy(f"SELECT {columns} FROM {quote_name(table.name)}", str(path)))
                read(session, path, table.name)
            yield
        finally:
            for table in query.tables:
                session.catalog.dropTempView(table.name)


def read(session: SparkSession, path: Path, name: str) -> Any:
    """A Parquet file as a view."""
    with in_plain_words():
        frame = session.read.parquet(str(path))
        frame.createOrReplaceTempView(name)
    return frame
