"""Random policies over random clients, missing values and their causes included."""

from __future__ import annotations

import duckdb
from hypothesis import reject
from hypothesis import strategies as st

from selective_sales.model.checked import CheckedPolicy
from tests.engines.beside import Engine, both
from tests.making.choices import Drawn, Seeded
from tests.making.policies import WHOLE, MadeClient, Size, client, policy
from tests.properties.harness import checked_policy, fill_tables

SEEDS = st.integers(0, 2**32)


@st.composite
def policies(draw: st.DrawFn) -> str:
    return policy(Drawn(draw), draw(st.sampled_from((Size(), WHOLE))))


def sensible(text: str) -> CheckedPolicy:
    """The policy; an example that makes no sense is none."""
    checked = checked_policy(text)
    if checked is None:
        reject()
    return checked


def made_clients(seed: int, count: int) -> dict[str, MadeClient]:
    choices = Seeded(seed)
    return {f"c{number:03}": client(choices) for number in range(count)}


def assert_the_same_rows(text: str, seed: int, clients: int, *engines: Engine) -> None:
    checked = sensible(text)
    with duckdb.connect() as connection:
        fill_tables(connection, made_clients(seed, clients))
        found = [said for engine in engines for said in both(engine, checked, connection).differences()]
    assert not found, "\n".join(found[:10]) + f"\n{text}"
