"""For DuckDB the model is another text than the query of `evaluate`; random policies over random clients are decided the same by both."""

from __future__ import annotations

import re

import duckdb
import jinja2
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from selective_sales import compiling
from selective_sales.compiling.dbt_model import dbt_model
from tests.making.choices import Seeded
from tests.making.policies import client
from tests.making.schema import AS_OF
from tests.postgres.test_property import policies
from tests.properties.harness import checked_policy, fill_tables


@settings(max_examples=30)
@given(text=policies(), seed=st.integers(0, 2**32), clients=st.sampled_from((12, 0, 1, 30)))
def test_the_same_rows(text: str, seed: int, clients: int) -> None:
    checked = checked_policy(text)
    if checked is None:
        reject()
    model = dbt_model(checked, AS_OF, "duckdb", "made", None)
    words = {"source": lambda _, table: f'"{table}"', "made_as_of": AS_OF.isoformat}
    select, *functions = (jinja2.Template(part).render(words) for part in (model.select, *model.functions))
    query = compiling.compile_policy(checked, AS_OF)
    choices = Seeded(seed)
    with duckdb.connect() as connection:
        fill_tables(connection, {f"c{number:03}": client(choices) for number in range(clients)})
        for statement in (*functions, *query.prelude):
            connection.execute(statement)
        connection.execute("CREATE SCHEMA run")
        connection.execute(f"CREATE TABLE run.facts AS {query.facts}")
        expected = connection.execute(query.decide).fetchall()
        assert connection.execute(select).fetchall() == expected, re.sub(r"\n+", "\n", text)
