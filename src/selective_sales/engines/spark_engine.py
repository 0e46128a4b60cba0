"""Typed tables on a DuckDB connection and a portable query in, the rows that Spark decides out.

The rows go through the driver, as the connection may write no file: for tables of tests. They are views of the session while it decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..model.plan import PortableQuery, PortableTable
from ..model.sql import quote_name
from . import spark_views
from .spark_session import in_plain_words, quoted

if TYPE_CHECKING:
    import duckdb
    from pyspark.sql import SparkSession
    from pyspark.sql.types import StructType


def decided_rows(session: SparkSession, connection: duckdb.DuckDBPyConnection, query: PortableQuery) -> list[dict[str, object]]:
    """What Spark decides of the tables of that connection, as `duckdb_engine.decided_rows` gives it."""
    with in_plain_words():
        for table in query.tables:
            fill(session, connection, table)
        return run(session, query)


def run(session: SparkSession, query: PortableQuery) -> list[dict[str, object]]:
    """The rows, of tables that are views of the session; no view stays."""
    names = [c.name for c in query.result_columns]
    try:
        spark_views.define(session, query.prelude)
        return [dict(zip(names, row, strict=True)) for row in session.sql(query.select).collect()]
    finally:
        spark_views.drop(session, query.prelude)
        for table in query.tables:
            session.catalog.dropTempView(table.name)


def fill(session: SparkSession, connection: duckdb.DuckDBPyConnection, table: PortableTable) -> None:
    names = ", ".join(quote_name(name) for name, _ in table.columns)
    rows = connection.execute(f"SELECT {names} FROM {quote_name(table.name)}").fetchall()
    session.createDataFrame(rows, schema_of(table), verifySchema=False).createOrReplaceTempView(quoted(table.name))


def schema_of(table: PortableTable) -> StructType:
    """Built by parts: a name may hold what a text of types cannot."""
    from pyspark.sql.types import BooleanType, DateType, DecimalType, DoubleType, LongType, StringType, StructField, StructType

    types = {
        "DECIMAL(18, 4)": DecimalType(18, 4),
        "DOUBLE": DoubleType(),
        "BIGINT": LongType(),
        "STRING": StringType(),
        "BOOLEAN": BooleanType(),
        "DATE": DateType(),
    }
    return StructType([StructField(name, types[kind]) for name, kind in table.columns])
