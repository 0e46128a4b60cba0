"""The compiled query and the oracle agree on every rule, metric and decision, for random policies over random clients."""

from __future__ import annotations

from hypothesis import given, reject, settings
from hypothesis import strategies as st

from tests.making.choices import Drawn, Seeded
from tests.making.policies import WHOLE, Size, client, policy
from tests.properties.harness import checked_policy, disagreements, engine_whole, oracle_whole, same

CLIENTS_PER_POLICY = 40


@st.composite
def policies(draw: st.DrawFn) -> str:
    return policy(Drawn(draw), Size())


@settings(max_examples=2 * settings().max_examples)
@given(text=policies(), seed=st.integers(0, 2**32))
def test_engine_and_oracle_agree(text: str, seed: int) -> None:
    checked = checked_policy(text)
    if checked is None:
        reject()
    choices = Seeded(seed)
    made = {f"c{number:03}": client(choices) for number in range(CLIENTS_PER_POLICY)}
    found = disagreements(checked, made)
    assert not found, f"{len(found)} clients differ, the first:\n{found[0]}\n{text}"


@st.composite
def whole_policies(draw: st.DrawFn) -> str:
    return policy(Drawn(draw), WHOLE)


@settings(max_examples=2 * settings().max_examples)
@given(text=whole_policies(), seed=st.integers(0, 2**32), clients=st.sampled_from((12, 1, 2, 5, 30)))
def test_they_agree_on_scores_tables_and_portfolios(text: str, seed: int, clients: int) -> None:
    checked = checked_policy(text)
    if checked is None:
        reject()
    choices = Seeded(seed)
    made = {f"c{number:03}": client(choices) for number in range(clients)}
    found = disagreements(checked, made)
    assert not found, f"{len(found)} clients differ, the first:\n{found[0]}\n{text}"


@st.composite
def policies_with_outcomes(draw: st.DrawFn) -> str:
    return policy(Drawn(draw), Size(rules=4, metrics=3, scores=1, tables=1, portfolio=True, outcomes=True))


@given(text=policies_with_outcomes(), seed=st.integers(0, 2**32), clients=st.sampled_from((8, 1, 3, 20)))
def test_they_agree_on_figures_limits_and_guarantees(text: str, seed: int, clients: int) -> None:
    checked = checked_policy(text)
    if checked is None:
        reject()
    choices = Seeded(seed)
    made = {f"c{number:03}": client(choices) for number in range(clients)}
    engine, oracle = engine_whole(checked, made), oracle_whole(checked, made)
    differing = {name: (engine[name], oracle[name]) for name in oracle if not same(engine[name], oracle[name])}
    assert not differing, f"(engine, oracle): {differing}\n{text}"
