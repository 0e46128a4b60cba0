"""DuckDB, PostgreSQL and Spark give the same rows for random policies over random clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engines import made
from tests.postgres.beside import Server
from tests.spark.beside import Session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
FEW = max(3, settings().max_examples // 20)
"""Spark takes seconds to plan what another engine plans in milliseconds."""


@settings(QUIET, max_examples=FEW)
@given(text=made.policies(), seed=made.SEEDS, clients=st.sampled_from((30, 0, 1, 100)))
def test_the_same_rows(spark: SparkSession, postgres: str, text: str, seed: int, clients: int) -> None:
    made.assert_the_same_rows(text, seed, clients, Server(postgres), Session(spark))
