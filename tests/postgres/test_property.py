"""DuckDB and PostgreSQL give the same rows for random policies over random clients, missing values and their causes included."""

from __future__ import annotations

import duckdb
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from tests.making.choices import Drawn, Seeded
from tests.making.policies import WHOLE, Size, client, policy
from tests.making.schema import AS_OF
from tests.postgres.beside import both
from tests.properties.harness import checked_policy, fill_tables

QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@st.composite
def policies(draw: st.DrawFn) -> str:
    return policy(Drawn(draw), draw(st.sampled_from((Size(), WHOLE))))


@QUIET
@given(text=policies(), seed=st.integers(0, 2**32), clients=st.sampled_from((12, 0, 1, 2, 30)))
def test_the_same_rows(postgres: str, text: str, seed: int, clients: int) -> None:
    checked = checked_policy(text)
    if checked is None:
        reject()
    choices = Seeded(seed)
    made = {f"c{number:03}": client(choices) for number in range(clients)}
    with duckdb.connect() as connection:
        fill_tables(connection, made)
        found = both(checked, connection, postgres, AS_OF).differences()
    assert not found, "\n".join(found[:10]) + f"\n{text}"
