"""DuckDB and PostgreSQL give the same rows for random policies over random clients."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engines import made
from tests.postgres.beside import Server

QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@QUIET
@given(text=made.policies(), seed=made.SEEDS, clients=st.sampled_from((12, 0, 1, 2, 30)))
def test_the_same_rows(postgres: str, text: str, seed: int, clients: int) -> None:
    made.assert_the_same_rows(text, seed, clients, Server(postgres))
