"""`evaluate` from Python in Spark: DataFrames of a session, paths and tables under the same contract; the session stays as it was."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import selective_sales as ss
from tests.spark.test_runs import ORDERS, SMALL

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

AS_OF = datetime.date(2026, 11, 22)
CLIENTS = [("a", "10.5", "2024-02-01"), ("b", "1.25", "2025-12-31"), ("c", None, None), ("d", "7", None)]


@pytest.fixture
def policy(tmp_path: Path) -> ss.LoadedPolicy:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return ss.read(path)


def frames(spark: SparkSession) -> dict[str, DataFrame]:
    return {
        "clients": spark.createDataFrame(CLIENTS, "id STRING, cost STRING, since STRING"),
        "orders": spark.createDataFrame(ORDERS, "id STRING, amount STRING"),
    }


def files(folder: Path) -> dict[str, str]:
    rows = {"clients": ["id,cost,since", *(",".join(cell or "" for cell in row) for row in CLIENTS)]}
    rows["orders"] = ["id,amount", *(",".join(row) for row in ORDERS)]
    for name, lines in rows.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {name: str(folder / f"{name}.csv") for name in rows}


def left(spark: SparkSession) -> list[str]:
    """Views of ours."""
    shown = (*spark.sql("SHOW VIEWS").collect(), *spark.sql("SHOW VIEWS IN global_temp").collect())
    return [row.viewName for row in shown if row.viewName.startswith(("selective_sales", "#", "clients", "orders"))]


def decided(policy: ss.LoadedPolicy, data: Mapping[str, Any], **more: Any) -> tuple[str, list[dict[str, Any]]]:
    with ss.evaluate(policy, data, as_of=AS_OF, **more) as result:
        return result.digest, result.rows()


def test_frames_and_files_are_decided_as_by_duckdb(spark: SparkSession, policy: ss.LoadedPolicy, tmp_path: Path) -> None:
    named, given = files(tmp_path), frames(spark)
    spark.conf.set("spark.sql.shuffle.partitions", "3")
    here = decided(policy, named)
    assert decided(policy, given) == decided(policy, named, spark="local[2]") == here
    assert decided(policy, {"clients": given["clients"], "orders": Path(named["orders"])}) == here
    assert spark.conf.get("spark.sql.shuffle.partitions") == "3"
    spark.conf.set("spark.sql.shuffle.partitions", "2")
    assert not left(spark)
    assert not spark._jsparkSession.sharedState().cacheManager().numCachedEntries()


def test_the_manifest_says_frame_and_no_passing_name(spark: SparkSession, policy: ss.LoadedPolicy, tmp_path: Path) -> None:
    decided(policy, frames(spark), out=tmp_path / "run")
    written = (tmp_path / "run" / "manifest.json").read_text(encoding="utf-8")
    assert '"clients (a DataFrame of Spark)"' in written and "global_temp" not in written


def test_broken_frames_are_findings(spark: SparkSession, policy: ss.LoadedPolicy) -> None:
    given = frames(spark)
    broken = given["clients"].replace({"1.25": "a lot"}, subset=["cost"])
    with pytest.raises(ss.BrokenData) as told:
        decided(policy, {**given, "clients": broken})
    (finding,) = (f for f in told.value.findings if f.code == "SS521")
    assert "in the row with id 'b'" in finding.message and "global_temp" not in str(told.value)
    with pytest.raises(ss.BrokenData, match="SS510"):
        decided(policy, {**given, "clients": given["clients"].drop("cost")})
    assert not left(spark)


def test_tables_that_the_policy_does_not_have_or_that_are_not_given(spark: SparkSession, policy: ss.LoadedPolicy) -> None:
    given = frames(spark)
    for data, code in (({**given, "order": given["orders"]}, "SS506"), ({"clients": given["clients"]}, "SS505")):
        with pytest.raises(ss.NotDecided, match=code):
            decided(policy, data)
    assert not left(spark)


def test_what_spark_cannot_be_given(policy: ss.LoadedPolicy) -> None:
    for value in (None, [{"id": "a"}], 5):
        with pytest.raises(TypeError, match="in Spark, clients is a path, table:NAME of the catalog, or a DataFrame of Spark"):
            decided(policy, {"clients": value, "orders": "orders.csv"}, spark="local[2]")
