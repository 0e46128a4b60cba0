"""For DuckDB the model is another text than the query of `evaluate`; random policies over random clients are decided the same by both."""

from __future__ import annotations

import re

import duckdb
import jinja2
from hypothesis import given, settings
from hypothesis import strategies as st

from selective_sales import compiling
from selective_sales.compiling.dbt_model import dbt_model
from tests.engines import made
from tests.engines.beside import by_duckdb
from tests.making.schema import AS_OF
from tests.properties.harness import fill_tables


@settings(max_examples=30)
@given(text=made.policies(), seed=made.SEEDS, clients=st.sampled_from((12, 0, 1, 30)))
def test_the_same_rows(text: str, seed: int, clients: int) -> None:
    checked = made.sensible(text)
    model = dbt_model(checked, AS_OF, "duckdb", "made", None)
    words = {"source": lambda _, table: f'"{table}"', "made_as_of": AS_OF.isoformat}
    select, *functions = (jinja2.Template(part).render(words) for part in (model.select, *model.functions))
    query = compiling.compile_policy(checked, AS_OF)
    with duckdb.connect() as connection:
        fill_tables(connection, made.made_clients(seed, clients))
        for statement in functions:
            connection.execute(statement)
        expected = by_duckdb(query, connection)
        assert connection.execute(select).fetchall() == expected, re.sub(r"\n+", "\n", text)
