"""Typed tables of a DuckDB connection in, the decisions by the Spark query over the same tables out, and both digests."""

from __future__ import annotations

import datetime
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from selective_sales import compiling
from selective_sales.engines import spark_engine
from selective_sales.model.checked import CheckedPolicy
from selective_sales.model.plan import ResultColumn
from selective_sales.model.sql import parquet_copy, quote_name
from tests.postgres.beside import digest_of

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass(frozen=True)
class Both:
    """The rows of both engines, by column."""

    columns: tuple[ResultColumn, ...]
    duckdb: list[tuple[Any, ...]]
    spark: list[tuple[Any, ...]]

    def differences(self) -> list[str]:
        """In words, cell by cell, as far as the rows are of the same clients."""
        if len(self.duckdb) != len(self.spark):
            return [f"DuckDB has {len(self.duckdb)} rows, Spark {len(self.spark)}"]
        return [
            f"{ours[0]}: {column.name}: DuckDB {left!r}, Spark {right!r}"
            for ours, theirs in zip(self.duckdb, self.spark, strict=True)
            for column, left, right in zip(self.columns, ours, theirs, strict=True)
            if left != right or (left is None) is not (right is None)
        ]

    def digests(self, folder: Path) -> tuple[str, str]:
        """Of both results, put into the same form."""
        return digest_of(self.columns, self.duckdb, folder / "a.parquet"), digest_of(self.columns, self.spark, folder / "b.parquet")


def both(
    checked: CheckedPolicy, connection: duckdb.DuckDBPyConnection, spark: SparkSession, as_of: datetime.date, *, history: bool = True
) -> Both:
    """`connection` has the typed tables."""
    query = compiling.compile_policy(checked, as_of, history=history)
    for statement in query.prelude:
        connection.execute(statement)
    connection.execute("CREATE SCHEMA IF NOT EXISTS run")
    connection.execute(f"CREATE OR REPLACE TABLE run.facts AS {query.facts}")
    found = connection.execute(query.decide).fetchall()
    assert compiling.spark_findings(checked) == ()
    portable = compiling.spark_query(checked, as_of, history=history)
    with tempfile.TemporaryDirectory() as folder:
        for number, table in enumerate(portable.tables):
            path = Path(folder) / f"{number}.parquet"
            columns = ", ".join(quote_name(name) for name, _ in table.columns)
            connection.execute(parquet_copy(f"SELECT {columns} FROM {quote_name(table.name)}", str(path)))
            spark.read.parquet(str(path)).createOrReplaceTempView(table.name)
        rows = spark_engine.run(spark, portable)
    return Both(query.result_columns, found, [tuple(row.values()) for row in rows])
