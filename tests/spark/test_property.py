"""DuckDB, PostgreSQL and Spark give the same rows for random policies over random clients, missing values and their causes included."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from tests.making.choices import Drawn, Seeded
from tests.making.policies import WHOLE, Size, client, policy
from tests.making.schema import AS_OF
from tests.postgres.beside import both as on_postgres
from tests.properties.harness import checked_policy, fill_tables
from tests.spark.beside import both as on_spark

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
FEW = max(3, settings().max_examples // 20)
"""Spark takes seconds to plan what another engine plans in milliseconds."""


@st.composite
def policies(draw: st.DrawFn) -> str:
    return policy(Drawn(draw), draw(st.sampled_from((Size(), WHOLE))))


@settings(QUIET, max_examples=FEW)
@given(text=policies(), seed=st.integers(0, 2**32), clients=st.sampled_from((30, 0, 1, 100)))
def test_the_same_rows(spark: SparkSession, postgres: str, text: str, seed: int, clients: int) -> None:
    checked = checked_policy(text)
    if checked is None:
        reject()
    choices = Seeded(seed)
    made = {f"c{number:03}": client(choices) for number in range(clients)}
    with duckdb.connect() as connection:
        fill_tables(connection, made)
        there = on_postgres(checked, connection, postgres, AS_OF)
        found = [*there.differences(), *on_spark(checked, connection, spark, AS_OF).differences()]
    assert not found, "\n".join(found[:10]) + f"\n{text}"
