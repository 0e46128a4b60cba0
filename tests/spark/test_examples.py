"""A ready policy, one with history, the policy with the whole language and the real retail data: the same rows and digest.

test_runs.py has the other ready policies and the retail example, as whole runs. Each is evaluated as a user would, with its typed tables
kept; the same tables are then decided in Spark.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from selective_sales.engines import duckdb_engine, spark_session
from selective_sales.pipeline.runs import Request, evaluate
from tests.real_data import real_file
from tests.spark.beside import both
from tests.whole import test_whole_example as whole

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ROOT = Path(__file__).parents[2]
AS_OF = datetime.date(2026, 11, 22)
REVIEWS = ("2025-09-30", "2025-12-31", "2026-03-31", "2026-06-30")


def agree(
    spark: SparkSession, policy: Path, inputs: dict[str, Path], as_of: datetime.date, folder: Path, history: Path | None = None
) -> int:
    """Decides by both; how many clients there were."""
    outcome = evaluate(policy, Request(inputs, as_of, folder / "run", keep_data=True, history=history))
    assert outcome.summary is not None and outcome.checked is not None, outcome.findings
    tables = [t for t in outcome.checked.policy.tables if history is not None or not t.built_in]
    with duckdb.connect() as connection:
        duckdb_engine.restore_tables(connection, tables, folder / "run" / "data")
        found = both(outcome.checked, connection, spark, as_of, history=history is not None)
    differences = found.differences()
    assert not differences, "\n".join(differences[:10])
    assert found.digests(folder) == (outcome.summary.digest, outcome.summary.digest)
    return len(found.spark)


def tables_in(folder: Path) -> dict[str, Path]:
    return {file.stem: file for file in sorted(folder.iterdir()) if file.is_file()}


def test_key_accounts(spark: SparkSession, tmp_path: Path) -> None:
    data = tables_in(ROOT / "examples" / "key-accounts" / "data")
    assert agree(spark, ROOT / "policies" / "key-accounts.yaml", data, AS_OF, tmp_path) > 10


def test_services_agency(spark: SparkSession, tmp_path: Path) -> None:
    example = ROOT / "examples" / "services-agency"
    assert agree(spark, example / "services-agency.yaml", tables_in(example / "data"), AS_OF, tmp_path) > 10


def test_selective_sales_with_the_history_of_earlier_reviews(spark: SparkSession, tmp_path: Path) -> None:
    policy, data = ROOT / "policies" / "selective-sales.yaml", ROOT / "examples" / "selective-sales" / "data"
    history = tmp_path / "reviews"
    history.mkdir()
    for day in REVIEWS:
        request = Request(tables_in(data / "earlier" / day), datetime.date.fromisoformat(day), history / day, history=history)
        outcome = evaluate(policy, request)
        assert outcome.summary is not None, outcome.findings
    assert agree(spark, policy, tables_in(data), datetime.date(2026, 9, 30), tmp_path, history) > 10


COMPILED = {
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.codegen.wholeStage": "true",
    "spark.sql.codegen.factoryMode": "CODEGEN_ONLY",
    "spark.sql.codegen.fallback": "false",
}


@pytest.mark.parametrize("settings", [{}, COMPILED], ids=["interpreted", "compiled"])
def test_the_policy_with_the_whole_language(spark: SparkSession, settings: dict[str, str], tmp_path: Path) -> None:
    """Interpreted as in most tests, and compiled as in a run."""
    files = {"clients": tmp_path / "clients.csv", "orders": tmp_path / "orders.csv"}
    files["clients"].write_text(whole.CLIENTS, encoding="utf-8")
    files["orders"].write_text(whole.ORDERS, encoding="utf-8")
    session = spark.newSession()
    for name, value in {**spark_session.QUERY_SETTINGS, **spark_session.FEW_ROWS, **settings}.items():
        session.conf.set(name, value)
    assert agree(session, whole.POLICY, files, whole.AS_OF, tmp_path) == 6


RETAIL = {
    "benchmarks/online_retail.yaml": ("orders", "CustomerID AS client_id"),
}


@pytest.mark.parametrize("policy", RETAIL)
def test_online_retail(spark: SparkSession, policy: str, tmp_path: Path) -> None:
    lines = real_file("online_retail_uci.parquet")
    table, columns = RETAIL[policy]
    files = {table: lines, "clients": tmp_path / "clients.parquet"}
    select = f"SELECT {columns} FROM '{lines}' WHERE CustomerID IS NOT NULL GROUP BY CustomerID"
    duckdb.connect().execute(f"COPY ({select}) TO '{files['clients']}'")
    assert agree(spark, ROOT / policy, files, datetime.date(2011, 12, 10), tmp_path) > 4000
