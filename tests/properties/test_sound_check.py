"""What `check` claims of rules holds for every client: made policies and clients, decided by the oracle.

The claims are about states: the atom of every column in which a client lies. So the test is twofold: the boxes of a rule
are exactly where the oracle finds it true, false or unknown, and a claim about all boxes is never broken by a client.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, reject, settings
from hypothesis import strategies as st

from selective_sales.checking.boxes import TooMuchWorkError
from selective_sales.checking.logic import Mode, Narrowed, both
from selective_sales.checking.rule_analysis import QUICK, THOROUGH, Look, look
from selective_sales.checking.value_ranges import Known, known_of
from selective_sales.model.checked import CheckedPolicy
from selective_sales.model.expression import And
from selective_sales.model.kind import Kind
from tests.making.choices import Drawn, Seeded
from tests.making.policies import WHOLE, MadeClient, Size, client, policy
from tests.making.schema import AS_OF, CLIENTS, ORDERS
from tests.oracle import Client, Evaluator, decide_all
from tests.properties.harness import checked_policy

LIMITS: dict[str, tuple[Any, Any]] = {
    "m1": (Decimal(0), None),
    "n1": (0.0, 1.0),
    "i1": (0, 100),
    "y1": (0, 365),
    "d1": (datetime.date(2000, 1, 1), None),
    "amount": (Decimal(0), Decimal(1000)),
    "quantity": (0, None),
}
"""Limits that some fields declare, so that there is something to prove."""
MODES: tuple[Mode, ...] = ("true", "false", "not true", "not false")
SCALES = {Kind.MONEY: 10**4, Kind.NUMBER: 10**9}


def limited(text: str) -> str:
    """The policy with the limits declared."""
    for column in (*CLIENTS, *ORDERS):
        low, high = LIMITS.get(column.name, (None, None))
        if low is not None:
            bounds = f"minimum: {_written(low)}" + (f", maximum: {_written(high)}" if high is not None else "")
            text = text.replace(
                f"      {column.name}: {column.kind.value}\n", f"      {column.name}: {{type: {column.kind.value}, {bounds}}}\n"
            )
    return text


def _written(value: Any) -> str:
    return f'"{value}"' if isinstance(value, datetime.date) else str(value)


def within(made: MadeClient) -> MadeClient:
    """The client with every value within its field's limits."""

    def cut(row: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value if value is None else _cut(value, *LIMITS.get(name, (None, None))) for name, value in row.items()}

    return MadeClient(cut(made.row), tuple(cut(order) for order in made.orders))


def _cut(value: Any, low: Any, high: Any) -> Any:
    value = value if low is None else max(value, low)
    return value if high is None else min(value, high)


def evaluators(checked: CheckedPolicy, clients: Mapping[str, MadeClient]) -> dict[str, Evaluator]:
    portfolio: list[Evaluator] = []
    for made in clients.values():
        portfolio.append(Evaluator(checked, AS_OF, Client(made.row, {"orders": made.orders}), portfolio=portfolio))
    return dict(zip(clients, portfolio, strict=True))


def state(looked: Look, evaluator: Evaluator) -> dict[int, int]:
    """The client's atom in every column, as a bit."""
    found = {}
    for key, number in looked.reader.drafts.items():
        column = looked.reader.columns[number]
        if isinstance(key, tuple):
            how, left, right = key
            one, other = evaluator.compared(left), evaluator.compared(right)
            if how == "the same":
                one, other = evaluator.value(left), evaluator.value(right)
            found[number] = 0b1000 if one is None or other is None else 0b010 if one == other else 0b001 if _less(one, other) else 0b100
        else:
            value = evaluator.compared(key)
            found[number] = column.missing if value is None else _atom(value, column)
        assert found[number], f"{column.text} has no atom for {key}: it is beyond the limits that were proved"
    return found


def _less(one: Any, other: Any) -> bool:
    return one.encode() < other.encode() if isinstance(one, str) else bool(one < other)


def _atom(value: Any, column: Any) -> int:
    if column.kind in (Kind.BOOLEAN, Kind.TEXT):
        return 1 << column.atoms.index(value) if value in column.atoms else 1 << column.atoms.index(None)
    exact = value.toordinal() if isinstance(value, datetime.date) else Fraction(value) * SCALES.get(column.kind, 1)
    point = round(exact)
    return sum(1 << i for i, (low, high) in enumerate(column.atoms) if (low is None or low <= point) and (high is None or point <= high))


def lies_in(at: Mapping[int, int], boxes: list[Narrowed]) -> bool:
    return any(all(at[column] & atoms for column, atoms in box.items()) for box in boxes)


def check_claims(text: str, seed: int, clients: int) -> None:
    checked = checked_policy(limited(text))
    if checked is None:
        reject()
    choices = Seeded(seed)
    made = {f"c{number:03}": within(client(choices)) for number in range(clients)}
    known = known_of(checked)
    looked = look(checked, known, AS_OF, THOROUGH)
    found = evaluators(checked, made)
    for evaluator in found.values():
        _ranges_hold(checked, known, evaluator)
        _boxes_are_exact(looked, evaluator)
    _verdicts_hold(checked, looked, made)


def _ranges_hold(checked: CheckedPolicy, known: Known, evaluator: Evaluator) -> None:
    for name, (low, high) in known.found.items():
        if isinstance(name, str) and (value := evaluator.metric(name)) is not None and not isinstance(value, str | bool | list | tuple):
            exact = Fraction(value.toordinal() if isinstance(value, datetime.date) else value)
            slack = Fraction(1, 10**10) + abs(exact) / 2**50 if checked.metric(name).kind is Kind.NUMBER else 0
            assert low is None or exact >= low - slack, f"{name} = {value} is below {float(low)}"
            assert high is None or exact <= high + slack, f"{name} = {value} is above {float(high)}"


def _boxes_are_exact(looked: Look, evaluator: Evaluator) -> None:
    at = state(looked, evaluator)
    for number, rule in enumerate(looked.rules):
        outcome = evaluator.condition(rule.condition)
        holds = {"true": outcome is True, "false": outcome is False, "not true": outcome is not True, "not false": outcome is not False}
        for mode in MODES:
            try:
                boxes = looked.boxes(number, mode)
            except TooMuchWorkError:
                continue
            assert lies_in(at, boxes) is holds[mode], f"{rule.id} is {outcome}, and its boxes for {mode} are {boxes}; the client is {at}"


def _verdicts_hold(checked: CheckedPolicy, looked: Look, made: Mapping[str, MadeClient]) -> None:
    decided = decide_all(checked, AS_OF, {key: Client(m.row, {"orders": m.orders}) for key, m in made.items()}).values()
    for number, verdict in looked.decides():
        rule = looked.rules[number]
        if verdict is not None and verdict.left is None:
            assert all(d.decided_by != rule.id for d in decided), f"{rule.id} was said never to decide"
            others = {looked.rules[i].id for i in verdict.by}
            for d in decided:
                if rule.id in (*d.fired, *d.applied):
                    assert others & {*d.fired, *d.applied, *d.unknown}, f"{rule.id} counts, and none of {others} does"
        for other, another in enumerate(looked.rules):
            if other != number:
                _pairs_hold(looked, number, other, [(rule.id in d.fired, another.id in d.fired) for d in decided])
        alone = looked.alone(number)
        if alone is not None and alone.left is None:
            assert all((*d.fired, *d.applied) != (rule.id,) for d in decided), f"{rule.id} was said never to stand alone"


def _pairs_hold(looked: Look, one: int, other: int, fired: list[tuple[bool, bool]]) -> None:
    try:
        implies, excludes = looked.implies(one, other), not both(looked.boxes(one, "true"), looked.boxes(other, "true"))
    except TooMuchWorkError:
        return
    assert not implies or all(second for first, second in fired if first), "a rule fired without the one that it was said to imply"
    assert not excludes or (True, True) not in fired, "two rules fired that were said to exclude each other"


@st.composite
def policies(draw: st.DrawFn) -> str:
    return policy(Drawn(draw), Size(rules=8))


@settings(max_examples=2 * settings().max_examples)
@given(text=policies(), seed=st.integers(0, 2**32))
def test_no_client_breaks_a_claim(text: str, seed: int) -> None:
    check_claims(text, seed, 30)


@st.composite
def whole_policies(draw: st.DrawFn) -> str:
    return policy(Drawn(draw), WHOLE)


@given(text=whole_policies(), seed=st.integers(0, 2**32), clients=st.sampled_from((12, 1, 2, 5, 30)))
def test_nor_with_scores_tables_and_portfolios(text: str, seed: int, clients: int) -> None:
    check_claims(text, seed, clients)


@given(text=policies(), seed=st.integers(0, 2**32))
def test_a_planted_shadow_is_found(text: str, seed: int) -> None:
    """A rule narrowed by one more part, put behind the one that it was made from: it never decides, and a quick look finds it."""
    checked = checked_policy(limited(text))
    if checked is None:
        reject()
    choices = Seeded(seed)
    original = choices.one(checked.rules)
    part = choices.one(checked.rules).when
    planted = replace(original, id="planted", when=And((original.when, part), kind=Kind.BOOLEAN))
    grown = replace(checked, rules=(*checked.rules, planted))
    looked = look(grown, known_of(grown), AS_OF, QUICK)
    number = looked.numbers["planted"]
    try:
        own, blocking = looked.boxes(number, looked.counts(number)), looked.boxes(looked.numbers[original.id], looked.counts(number))
    except TooMuchWorkError:
        reject()
    verdict = dict(looked.decides())[number]
    if len(own) <= 4 and len(blocking) <= 4:  # of a more intricate condition a quick look says nothing
        assert verdict is not None, "it was given up"
    assert verdict is None or verdict.left is None, f"a client was said to be left for it: {verdict}"
