"""A ready policy, one with history, the policy with the whole language and the real retail data: the same rows and digest.

test_runs.py has the other ready policies and the retail example, as whole runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from selective_sales.engines import spark_session
from tests.engines import examples
from tests.engines.beside import agree_on
from tests.spark.beside import Session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def test_key_accounts(spark: SparkSession, tmp_path: Path) -> None:
    assert agree_on(Session(spark), examples.ready("key-accounts"), tmp_path) > 10


def test_services_agency(spark: SparkSession, tmp_path: Path) -> None:
    assert agree_on(Session(spark), examples.services_agency(), tmp_path) > 10


def test_selective_sales_with_the_history_of_earlier_reviews(spark: SparkSession, tmp_path: Path) -> None:
    assert agree_on(Session(spark), examples.selective_sales(tmp_path), tmp_path) > 10


COMPILED = {
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.codegen.wholeStage": "true",
    "spark.sql.codegen.factoryMode": "CODEGEN_ONLY",
    "spark.sql.codegen.fallback": "false",
}


@pytest.mark.parametrize("settings", [{}, COMPILED], ids=["interpreted", "compiled"])
def test_the_policy_with_the_whole_language(spark: SparkSession, settings: dict[str, str], tmp_path: Path) -> None:
    """Interpreted as in most tests, and compiled as in a run."""
    session = spark.newSession()
    for name, value in {**spark_session.QUERY_SETTINGS, **spark_session.FEW_ROWS, **settings}.items():
        session.conf.set(name, value)
    assert agree_on(Session(session), examples.whole_language(tmp_path), tmp_path) == 6


@pytest.mark.parametrize("policy", ["benchmarks/online_retail.yaml"])
def test_online_retail(spark: SparkSession, policy: str, tmp_path: Path) -> None:
    assert agree_on(Session(spark), examples.online_retail(policy, tmp_path), tmp_path) > 4000
