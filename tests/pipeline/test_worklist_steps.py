"""The order in which facts are collected, against a slow look at every choice; sums that add up."""

from __future__ import annotations

import itertools
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from selective_sales.model.worklist import Lack, Worth
from selective_sales.pipeline.worklist import held_back, lack, steps

FACTS = ("a", "b", "c", "orders.d", "e")
OBSTACLE = "margin: division by zero (revenue = 0)"


@st.composite
def waiting(draw: st.DrawFn) -> dict[frozenset[Lack], Worth]:
    """Some clients for some sets of what they wait for."""
    labels = st.frozensets(st.sampled_from((*FACTS, OBSTACLE)), min_size=1, max_size=4)
    found = draw(st.dictionaries(labels, st.tuples(st.integers(1, 9), st.integers(0, 10**6), st.integers(0, 9)), min_size=1, max_size=12))
    return {
        frozenset(map(lack, names)): Worth(clients, Decimal(cents) / 100 if unknown < clients else None, min(unknown, clients))
        for names, (clients, cents, unknown) in found.items()
    }


def settled(sets: dict[frozenset[Lack], Worth], collected: frozenset[Lack]) -> tuple[int, Decimal]:
    """Clients and money of all who wait for nothing else: one by one."""
    clients, money = 0, Decimal(0)
    for names, worth in sets.items():
        if all(one in collected for one in names):
            clients, money = clients + worth.clients, money + (worth.amount or 0)
    return clients, money


@given(sets=waiting())
def test_each_step_settles_most_for_each_fact_that_it_asks_for(sets: dict[frozenset[Lack], Worth]) -> None:
    collected: frozenset[Lack] = frozenset()
    whole = (sum(w.clients for w in sets.values()), sum((w.amount or 0 for w in sets.values()), Decimal(0)))
    for step in steps(sets):
        before = settled(sets, collected)
        gains = []
        for names in sets:
            more = names - collected
            if more and all(one.is_fact for one in more):
                after = settled(sets, collected | more)
                gains.append((Fraction(after[1] - before[1]) / len(more), Fraction(after[0] - before[0], len(more))))
        collected |= frozenset(step.facts)
        after = settled(sets, collected)
        count = len(step.facts)
        assert (Fraction(after[1] - before[1]) / count, Fraction(after[0] - before[0], count)) == max(gains)
        assert (step.settled.clients, step.settled.amount or 0) == (after[0] - before[0], after[1] - before[1])
        assert (step.left.clients, step.left.amount or 0) == (whole[0] - after[0], whole[1] - after[1])
    held = [names for names in sets if not all(one.is_fact for one in names)]
    assert settled(sets, collected)[0] == whole[0] - sum(sets[names].clients for names in held)


@given(sets=waiting())
def test_whom_a_lack_holds_back_is_counted_once(sets: dict[frozenset[Lack], Worth]) -> None:
    for one in held_back(sets):
        alone = [worth for names, worth in sets.items() if names == {one.lack}]
        among = [worth for names, worth in sets.items() if one.lack in names and len(names) > 1]
        assert (one.alone.clients, one.among.clients) == (sum(w.clients for w in alone), sum(w.clients for w in among))
        assert one.all.unknown == sum(w.unknown for w in itertools.chain(alone, among))
    assert {one.lack for one in held_back(sets)} == {name for names in sets for name in names}


def test_a_label_says_what_it_is() -> None:
    assert lack("revenue") == Lack("revenue", "", "revenue", "")
    assert lack("orders.amount") == Lack("orders.amount", "orders", "amount", "")
    assert lack(OBSTACLE) == Lack(OBSTACLE, "", "margin", "division by zero (revenue = 0)")
    assert [lack(x).is_fact for x in ("revenue", "orders.amount", OBSTACLE, "orders: not given")] == [True, True, False, False]
