"""For random policies over random clients: a letter tells exactly the reasons of rules that explain says fired for its decision."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
import yaml
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from selective_sales import compiling, explaining
from selective_sales.compiling.letters import Wanted, letters_query
from selective_sales.model.checked import CheckedPolicy
from selective_sales.model.explanation import Explanation, LeafOutcome, Outcome, RuleOutcome
from selective_sales.model.expression import And, AtLeast, Expression, Not, Or
from selective_sales.model.letter import UNDETERMINED
from selective_sales.model.queries import reason_column
from tests.making.choices import Drawn, Seeded
from tests.making.policies import WHOLE, MadeClient, Size, client, policy
from tests.making.schema import AS_OF
from tests.properties.harness import checked_policy, fill_tables

CLIENTS = 20


def with_letters(text: str) -> str:
    """The policy with a letter for every decision, and a reason that names a value for every rule."""
    document = yaml.safe_load(text)
    fields = document["data"]["clients"]["fields"]
    named = ["m1", "n1", "i2", "t2", "b1", "d1", "y1"]
    for name in named:
        fields[name] = {"type": fields[name], "tell_client": True, "label": name}
    for name, value in list(document.get("metrics", {}).items())[:1]:
        document["metrics"][name] = {"is": value, "tell_client": True}
        named.append(name)
    document["letters"] = {"address": ["t1"], "undetermined": "missing-information"}
    for name, decision in document["decisions"].items():
        decision["letter"] = name
    for number, rule in enumerate(document["rules"]):
        rule["letter_reason"] = "none" if number % 7 == 6 else f"Because of {{{named[number % len(named)]}}}." if number % 3 else "Because."
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True)


def rows(connection: duckdb.DuckDBPyConnection, select: str) -> Iterator[dict[str, Any]]:
    found = connection.execute(select)
    names = [column[0] for column in found.description or []]
    return (dict(zip(names, row, strict=True)) for row in found.fetchall())


def both(checked: CheckedPolicy, clients: dict[str, MadeClient]) -> Iterator[tuple[Explanation, dict[str, Any] | None, tuple[str, ...]]]:
    """Each client's explanation, his row of the query for letters, and the rules of that query's reasons."""
    query, explain = compiling.compile_policy(checked, AS_OF), compiling.explain_query(checked, AS_OF)
    decisions = (*(d.id for d in checked.policy.decisions), UNDETERMINED)
    letters = letters_query(checked, AS_OF, Wanted(decisions, frozenset(), ("m1", "n1"), "en", None, ("en",), "en"))
    explainer = explaining.Explainer(checked, explain, run_id="r", as_of=AS_OF)
    with duckdb.connect() as connection:
        fill_tables(connection, clients)
        for statement in query.prelude:
            connection.execute(statement)
        connection.execute("CREATE SCHEMA run")
        connection.execute(f"CREATE TABLE run.facts AS {query.facts}")
        connection.execute(f"CREATE TABLE run.decisions AS {query.decide}")
        decided = {row["id"]: row for row in rows(connection, "SELECT * FROM run.decisions")}
        told = {row["id"]: row for row in rows(connection, letters.relation)}
        for row in rows(connection, explain.sql):
            yield explainer.explain(row, decided[row["id"]]), told.get(row["id"]), letters.reasons


def outcomes(node: Expression, leaves: Iterator[LeafOutcome], holds: Outcome) -> Iterator[float | None]:
    """The distances of those conditions that help the rule to fire."""
    match node:
        case And(items) | Or(items) | AtLeast(_, items):
            for item in items:
                yield from outcomes(item, leaves, holds)
        case Not(operand):
            yield from outcomes(operand, leaves, Outcome.FALSE if holds is Outcome.TRUE else Outcome.TRUE)
        case _:
            leaf = next(leaves)
            yield leaf.relative_distance if leaf.outcome is holds else None


def farthest(checked: CheckedPolicy, rule: RuleOutcome) -> float:
    tree = next(one.when for one in checked.rules if one.id == rule.id)
    found = outcomes(tree, (leaf for leaf in rule.leaves if not leaf.of_unless), Outcome.TRUE)
    return max((distance for distance in found if distance is not None), default=-1.0)


def agree(text: str, seed: int, clients: int) -> int:
    """Holds the two against each other; gives how many reasons may be told."""
    checked = checked_policy(with_letters(text))
    if checked is None:
        return -1
    choices, seen = Seeded(seed), 0
    for explanation, row, reasons in both(checked, {f"c{n:03}": client(choices) for n in range(clients)}):
        assert row is not None
        assert row["#decision"] == explanation.decision
        by_id = {rule.id: rule for rule in explanation.rules}
        for number, id in enumerate(reasons):
            rule, distance = by_id[id], row[reason_column(number)]
            assert rule.letter_reason is not None
            names = [p.name for _, template in rule.letter_reason.by_language for p in template.placeholders]
            values = [explanation.values[name].value for name in names]
            # A list without an item reads "-" in an explanation: a letter has nothing to say of it.
            lists = [name in checked.by_name and checked.metric(name).is_list for name in names]
            said = all(value is not None and not (of_list and value == "-") for value, of_list in zip(values, lists, strict=True))
            fired = rule.outcome is Outcome.TRUE and not rule.applied and rule.decision == explanation.decision
            assert (distance is not None) is (fired and said), f"{explanation.client} {id}\n{text}"
            if distance is not None:
                seen += 1
                far = farthest(checked, rule)
                assert distance == pytest.approx(far, rel=1e-9, abs=1e-12), f"{explanation.client} {id}: {distance}, {far}\n{text}"
    return seen


@st.composite
def policies(draw: st.DrawFn) -> str:
    return policy(Drawn(draw), Size())


@settings(max_examples=max(20, settings().max_examples // 2))
@given(text=policies(), seed=st.integers(0, 2**32))
def test_reasons_are_those_of_rules_that_fired(text: str, seed: int) -> None:
    if agree(text, seed, CLIENTS) < 0:
        reject()


@st.composite
def whole_policies(draw: st.DrawFn) -> str:
    return policy(Drawn(draw), WHOLE)


@settings(max_examples=max(20, settings().max_examples // 4))
@given(text=whole_policies(), seed=st.integers(0, 2**32))
def test_also_with_scores_tables_and_the_portfolio(text: str, seed: int) -> None:
    if agree(text, seed, CLIENTS) < 0:
        reject()


def test_the_made_policies_have_reasons_to_tell() -> None:
    assert sum(max(0, agree(policy(Seeded(seed), Size()), seed, CLIENTS)) for seed in range(20)) > 50
