"""A Spark session as an engine beside DuckDB."""

from __future__ import annotations

import datetime
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import duckdb

from selective_sales import compiling
from selective_sales.engines import spark_engine
from selective_sales.model.checked import CheckedPolicy
from selective_sales.model.sql import parquet_copy, quote_name
from tests.engines.beside import Rows

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass(frozen=True)
class Session:
    spark: SparkSession
    name: ClassVar[str] = "Spark"
    operators: ClassVar[tuple[str, ...]] = ("+", "-", "*", "/")
    """The last digits of Java's powers are not C's."""

    def decide(self, checked: CheckedPolicy, connection: duckdb.DuckDBPyConnection, as_of: datetime.date, *, history: bool) -> Rows:
        """Over views of Parquet files, read within."""
        assert compiling.spark_findings(checked) == ()
        portable = compiling.spark_query(checked, as_of, history=history)
        with tempfile.TemporaryDirectory() as folder:
            for number, table in enumerate(portable.tables):
                path = Path(folder) / f"{number}.parquet"
                columns = ", ".join(quote_name(name) for name, _ in table.columns)
                connection.execute(parquet_copy(f"SELECT {columns} FROM {quote_name(table.name)}", str(path)))
                self.spark.read.parquet(str(path)).createOrReplaceTempView(table.name)
            rows = spark_engine.run(self.spark, portable)
        return [tuple(row.values()) for row in rows]
