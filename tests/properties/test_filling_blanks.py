"""`undetermined` is honest: however the blanks are filled in, the decision is one of those that were called possible."""

from __future__ import annotations

from hypothesis import given, reject
from hypothesis import strategies as st

from tests.making.choices import Choices, Drawn, Seeded
from tests.making.policies import MadeClient, Size, client, policy
from tests.making.schema import CLIENTS, ORDERS, Column, Value, typical
from tests.properties.harness import checked_policy, engine_rows

CLIENTS_PER_POLICY = 20
COMPLETIONS = 4


@st.composite
def monotone_policies(draw: st.DrawFn) -> str:
    """Policies in which every decision holds and no blank has a meaning of its own (`is missing`, `coalesce`)."""
    return policy(Drawn(draw), Size(rules=5, metrics=2), monotone=True)


@st.composite
def monotone_values(draw: st.DrawFn) -> str:
    """The same with scores and tables. (A client without a value leaves the portfolio: functions over it are another matter.)"""
    return policy(Drawn(draw), Size(rules=4, metrics=2, scores=2, tables=2), monotone=True)


def filled(choices: Choices, made: MadeClient) -> MadeClient:
    """The client with every blank cell filled."""

    def fill(row: dict[str, Value], columns: tuple[Column, ...]) -> dict[str, Value]:
        return {c.name: typical(choices, c.kind) if row[c.name] is None else row[c.name] for c in columns}

    return MadeClient(fill(made.row, CLIENTS), tuple(fill(order, ORDERS) for order in made.orders))


@given(text=monotone_policies(), seed=st.integers(0, 2**32))
def test_no_filling_of_blanks_leaves_the_possible_decisions(text: str, seed: int) -> None:
    checked = checked_policy(text)
    if checked is None:
        reject()
    choices = Seeded(seed)
    blank = {f"c{number}": client(choices) for number in range(CLIENTS_PER_POLICY)}
    whole = {f"{key}/{number}": filled(choices, made) for key, made in blank.items() for number in range(COMPLETIONS)}
    rows = engine_rows(checked, blank | whole)
    for key in whole:
        before, after = rows[key.split("/")[0]], rows[key]
        assert possible(after) <= possible(before), f"{key}: {possible(after)} after filling, {possible(before)} before\n{text}"


@given(text=monotone_values(), seed=st.integers(0, 2**32))
def test_what_a_blank_leaves_known_no_filling_changes(text: str, seed: int) -> None:
    """Scores, outputs of tables and metrics that are there although a cell is blank stay what they are; so does the decision."""
    checked = checked_policy(text)
    if checked is None:
        reject()
    choices = Seeded(seed)
    blank = {f"c{number}": client(choices, rare=False) for number in range(CLIENTS_PER_POLICY)}
    whole = {f"{key}/{number}": filled(choices, made) for key, made in blank.items() for number in range(COMPLETIONS)}
    rows = engine_rows(checked, blank | whole)
    for key in whole:
        before, after = rows[key.split("/")[0]], rows[key]
        assert possible(after) <= possible(before), f"{key}: {possible(after)} after filling, {possible(before)} before\n{text}"
        for made in checked.results:
            known = before[made.name]
            assert known is None or after[made.name] == known, f"{key}: {made.name} was {known}, is {after[made.name]}\n{text}"


def possible(row: dict[str, object]) -> set[str]:
    """The decisions that the row leaves open: its own, or the possible ones where it is undetermined."""
    if row["decision"] != "undetermined":
        return {str(row["decision"])}
    several = row["possible_decisions"]
    assert isinstance(several, list)
    return set(several)
