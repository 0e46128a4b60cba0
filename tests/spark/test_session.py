"""A session leaves nothing behind, computes by its own settings, and says in plain words why there is none."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from selective_sales.engines import spark_session
from selective_sales.model.errors import EngineError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def test_a_session_that_is_there_is_used_with_its_own_settings_and_stays(spark: SparkSession) -> None:
    spark.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")
    with spark_session.session() as other:
        assert other.conf.get("spark.sql.session.timeZone") == "UTC"
        assert other.sql("SELECT TIMESTAMP '2026-01-01 00:00:00Z' AS t").collect()[0].t is not None
    assert spark.conf.get("spark.sql.session.timeZone") == "Asia/Tokyo"
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    assert spark.sql("SELECT 1").collect()[0][0] == 1


def test_nothing_of_it_stands_where_the_user_stands(spark: SparkSession) -> None:
    warehouse = Path(spark.conf.get("spark.sql.warehouse.dir").removeprefix("file:"))
    assert not warehouse.is_relative_to(Path.cwd())
    assert spark.sparkContext.getConf().get("spark.driver.host") == "127.0.0.1"
    assert not [name for name in ("spark-warehouse", "metastore_db", "derby.log") if Path(name).exists()]


def test_what_spark_raises_is_one_line(spark: SparkSession) -> None:
    with pytest.raises(EngineError, match="TABLE_OR_VIEW_NOT_FOUND") as found, spark_session.in_plain_words():
        spark.sql("SELECT * FROM nowhere")
    assert "\n" not in str(found.value)
    with pytest.raises(EngineError, match=r"DIVIDE_BY_ZERO|Division by zero") as found, spark_session.in_plain_words():
        spark.sql("SELECT 1 / id FROM range(1)").collect()
    assert "\n" not in str(found.value)


@pytest.mark.parametrize("master", ["", "foo", "spark://", "spark://host", "spark://localhost:1", "spark://localhost:99999"])
def test_a_master_that_does_not_answer(master: str) -> None:
    with pytest.raises(EngineError, match=r"no Spark master|does not answer|no host and port") as found:
        spark_session.require_answer(master)
    assert found.value.help


def test_no_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(spark_session.MissingDriverError, match="needs Java"):
        spark_session.require_java()


@pytest.mark.parametrize("odd", ["", "a, b", "it's"])
def test_rows_that_do_not_fit_go_where_the_run_says(odd: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """But for a path that Spark or Java would cut in two."""
    asked: dict[str, str] = {}
    scratch = tmp_path / "scratch" / odd
    scratch.mkdir(parents=True)

    def start(master: str, folder: Path, settings: dict[str, str]) -> None:
        asked.update(settings, folder=str(folder))

    monkeypatch.setattr("pyspark.SparkContext._active_spark_context", None)
    monkeypatch.setattr(spark_session, "start", start)
    monkeypatch.setattr(spark_session, "stop", lambda _: None)
    with spark_session.session("local[2]", memory="700m", scratch=scratch):
        assert Path(asked["folder"]).is_dir()
    assert Path(asked["folder"]).is_relative_to(scratch) == (not odd)
    assert asked["spark.driver.memory"] == "700m" and not Path(asked["folder"]).exists()


def test_the_memory_of_a_cluster_is_its_own_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, str] = {}
    monkeypatch.setattr("pyspark.SparkContext._active_spark_context", None)
    monkeypatch.setattr(spark_session, "start", lambda master, folder, settings: asked.update(settings))
    monkeypatch.setattr(spark_session, "stop", lambda _: None)
    with spark_session.session("yarn", memory="700m"):
        assert "spark.driver.memory" not in asked


@pytest.mark.parametrize("name", ["JAVA_HOME", "SPARK_HOME"])
def test_a_folder_that_holds_neither_java_nor_spark(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv(name, str(tmp_path))
    with pytest.raises(spark_session.MissingDriverError, match=f"which {name} names") as found:
        spark_session.require_java()
    assert found.value.help


@pytest.mark.parametrize("given", [{"LC_ALL": "C"}, {"LC_ALL": "POSIX", "LANG": "pl_PL.UTF-8"}, {}])
def test_java_is_started_with_names_in_utf8(given: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with spark_session.names_in_utf8():
        assert os.environ["LC_ALL"] == "C.UTF-8"
    assert os.environ.get("LC_ALL") == given.get("LC_ALL")
    monkeypatch.setenv("LC_ALL", "pl_PL.utf8")
    with spark_session.names_in_utf8():
        assert os.environ["LC_ALL"] == "pl_PL.utf8"


def test_traces_of_answers_that_were_broken_off_are_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    with spark_session.without_words_of_py4j():
        logging.getLogger("py4j.clientserver").error("Exception occurred while shutting down connection")
    assert not caplog.records
    logging.getLogger("py4j.clientserver").error("as before")
    assert [record.message for record in caplog.records] == ["as before"]
