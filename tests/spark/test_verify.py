"""`verify-engine spark`, and the printed script, on a real Spark: one that decides the same, one that does not, and none."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from selective_sales.cli.app import main
from selective_sales.cli.exits import Exit
from selective_sales.engines import spark_engine
from selective_sales.model.plan import PortableQuery
from tests.engines import examples

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

WHOLE = Path(__file__).parents[2] / "tests" / "cases" / "whole"


def verify(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["verify-engine", *map(str, words)], catch_exceptions=False)


@pytest.fixture
def odd_spark(spark: SparkSession, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Spark whose amounts lose their fractions."""
    run = spark_engine.run

    def cut(session: SparkSession, query: PortableQuery) -> list[dict[str, object]]:
        views = tuple(text.replace("AS DECIMAL(18, 4))", "AS DECIMAL(18, 0))") for text in query.prelude)
        return run(session, replace(query, prelude=views))

    monkeypatch.setattr(spark_engine, "run", cut)


def test_a_spark_that_decides_the_same(spark: SparkSession) -> None:
    done = verify("spark", WHOLE / "services-portfolio.test.yaml")
    assert done.exit_code == Exit.FINE, done.output
    assert done.stdout.rstrip().endswith("in 1 files: all the same") and done.stdout.startswith(str(WHOLE))
    assert spark.sql("SHOW VIEWS").collect() == []


def test_a_spark_that_does_not(odd_spark: None) -> None:
    told = json.loads(verify("spark", WHOLE / "services-portfolio.test.yaml", "--format", "json").stdout)
    (file,) = told["files"]
    assert told["agrees"] is False and file["differences"]


def test_no_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("pyspark.SparkContext._active_spark_context", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    done = verify("spark", WHOLE)
    assert (done.exit_code, done.stdout) == (Exit.USAGE, "")
    assert "Spark does not start: Spark needs Java, and there is none (install Java 17" in done.stderr


@pytest.mark.parametrize("master", ["", "nowhere", "spark://localhost:1"])
def test_no_master(master: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyspark.SparkContext._active_spark_context", None)
    done = verify("spark", "--master", master, WHOLE)
    assert (done.exit_code, done.stdout) == (Exit.USAGE, "") and "Spark does not start: " in done.stderr and "Traceback" not in done.output


def test_the_printed_script_runs_as_it_is(spark: SparkSession, tmp_path: Path) -> None:
    """Statement by statement, in a session with Spark's own settings."""
    printed = examples.small_script(tmp_path, "--dialect", "spark")
    session = spark.newSession()
    session.sql(f"CREATE TEMPORARY VIEW clients AS SELECT * FROM VALUES {examples.SMALL_CLIENTS} AS t(client_id, revenue, cost, more)")
    for statement in printed.split(";\n"):
        if statement.strip():
            last = session.sql(statement)
    assert [row[:2] for row in last.collect()] == examples.SMALL_DECIDED
