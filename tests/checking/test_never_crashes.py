"""Whatever the expression, check answers: a finding, or a tree that is typed through and through."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from selective_sales import checking, reading
from selective_sales.model.expression import NOWHERE, walk
from selective_sales.model.finding import has_errors
from selective_sales.model.kind import Kind
from selective_sales.model.place import Place
from selective_sales.model.policy import Metric, Policy
from selective_sales.reading.expression import parse

from .casefile import FOLDER


def _base() -> Policy:
    policy, findings = reading.read(Path(FOLDER / "_base.yaml"))
    assert policy is not None and not findings
    return policy


_POLICY = _base()
_ATOMS = st.sampled_from(
    """revenue cost_to_serve growth referrals industry city strategic client_since payment_delay contract gender profit margin limit enough
    key_industries orders orders.amount client.city decline nonsense as_of missing true 5 0.5 -3 5% "it" "2026-01-01" 2026-01-01
    3 12 days 0.00001""".replace("3 12 days", "90 days").split()
)
_FUNCTIONS = (
    "abs round min max coalesce lower length substring matches number date year months_between sum mean count latest nothing".split()
)


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    one, two = inner, st.tuples(inner, inner)
    operators = st.sampled_from(["+", "-", "*", "/", "**", "=", "!=", "<", ">=", "and", "or"])
    return st.one_of(
        st.tuples(one, operators, one).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        two.map(lambda t: f"(if {t[0]} then {t[1]} else missing)"),
        two.map(lambda t: f"({t[0]} in [{t[1]}, 3])"),
        two.map(lambda t: f"({t[0]} in ({t[1]}..9])"),
        two.map(lambda t: f"({t[0]} between {t[1]} and 7)"),
        one.map(lambda t: f"({t} is missing)"),
        one.map(lambda t: f"(not {t})"),
        one.map(lambda t: f"(-{t})"),
        one.map(lambda t: f"count(orders[{t}])"),
        one.map(lambda t: f"latest(orders[{t}].status by ordered_on)"),
        st.tuples(st.sampled_from(_FUNCTIONS), st.lists(one, max_size=3)).map(lambda t: f"{t[0]}({', '.join(t[1])})"),
    )


@given(st.recursive(_ATOMS, _grown, max_leaves=8), st.recursive(_ATOMS, _grown, max_leaves=8))
def test_any_expression_gets_an_answer(metric: str, condition: str) -> None:
    trees = [parse(text, lambda start, end: Place("p", 1, start + 1, 1, end + 1))[0] for text in (metric, condition)]
    if trees[0] is None or trees[1] is None:
        return
    rule = replace(_POLICY.rules[0], id="tried", when=trees[1])
    policy = replace(_POLICY, metrics=(*_POLICY.metrics, Metric("tried", trees[0], NOWHERE)), rules=(*_POLICY.rules, rule))
    checked, findings = checking.check(policy)
    assert (checked is None) is has_errors(findings)
    if checked is not None:
        for tree in [m.expression for m in checked.metrics] + [r.condition for r in checked.rules]:
            assert all(node.kind is not Kind.UNKNOWN for node in walk(tree))
        assert checked.rules[-1].when.kind is Kind.BOOLEAN
