"""Whatever the expression, check answers: a finding, or a tree that is typed through and through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from selective_sales import checking, reading
from selective_sales.model.expression import (
    NOWHERE,
    Aggregate,
    Constant,
    Decided,
    Expression,
    FieldValue,
    MetricValue,
    Name,
    children,
    walk,
)
from selective_sales.model.finding import has_errors
from selective_sales.model.kind import Kind
from selective_sales.model.place import Place
from selective_sales.model.policy import Measure, MeasureName, Metric, Policy
from selective_sales.model.promises import Across, Allocation, Fairness, Figure, Group, Guarantee, Limit
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
    3 12 days 0.00001 decision history clients clients.revenue clients.profit client.decision history.decision lost lost_by
    "keep" """.replace("3 12 days", "90 days").split()
)
_FUNCTIONS = (
    "abs round min max coalesce lower length substring matches number date year months_between sum mean count latest nothing "
    "total average median share rank percentile cumulative_share".split()
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
        one.map(lambda t: f"count(clients[{t}])"),
        one.map(lambda t: f"sum(clients[{t}].revenue)"),
        one.map(lambda t: f"latest(history[{t}].decision by as_of)"),
        st.tuples(one, st.sampled_from(["industry", "profit, city", "gender", "decision"])).map(lambda t: f"share({t[0]} within {t[1]})"),
        st.tuples(st.sampled_from(_FUNCTIONS), st.lists(one, max_size=3)).map(lambda t: f"{t[0]}({', '.join(t[1])})"),
    )


def _placed(start: int, end: int) -> Place:
    return Place("p", 1, start + 1, 1, end + 1)


@given(st.recursive(_ATOMS, _grown, max_leaves=8), st.recursive(_ATOMS, _grown, max_leaves=8))
def test_any_expression_gets_an_answer(metric: str, condition: str) -> None:
    trees = [parse(text, _placed)[0] for text in (metric, condition)]
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


_LOST = "sum(clients[decision = 'decline'].revenue)"
_TRUE = Constant(True, "true")
_NOUGHT = Constant(0, "0")


def _with(section: str, tree: Expression, lost: Expression) -> Policy:
    """The policy with the expression in one of the sections about decided clients."""
    group = Group("a", _TRUE, _NOUGHT, _NOUGHT)
    match section:
        case "figure":
            return replace(_POLICY, figures=(Figure("lost", lost), Figure("lost_by", lost, by=(Name("city"),)), Figure("tried", tree)))
        case "by":
            return replace(_POLICY, figures=(Figure("lost", lost, by=(tree,)),))
        case "limit":
            return replace(_POLICY, figures=(Figure("lost", lost),), limits=(Limit("a", tree),))
        case "guarantee":
            return replace(_POLICY, guarantees=(Guarantee("a", tree),))
        case "revenue" | "conflicts":
            return replace(_POLICY, measures=(Measure(MeasureName(section), tree),))
        case "across":
            return replace(_POLICY, fairness=Fairness((("decline", NOWHERE),), (Across("a", tree, NOWHERE),)))
        case _:
            return replace(_POLICY, allocations=(Allocation("a", (replace(group, **{section: tree}),)),))


_SECTIONS = st.sampled_from(["figure", "by", "limit", "guarantee", "across", "who", "factor", "measure", "revenue", "conflicts"])


@given(_SECTIONS, st.recursive(_ATOMS, _grown, max_leaves=8))
def test_any_expression_gets_an_answer_about_decided_clients(section: str, text: str) -> None:
    tree, lost = parse(text, _placed)[0], parse(_LOST, _placed)[0]
    assert lost is not None
    if tree is None:
        return
    checked, findings = checking.check(_with(section, tree, lost))
    assert (checked is None) is has_errors(findings)
    if checked is None:
        return
    whole = [f.expression for f in checked.figures] + [limit.require for limit in checked.limits]
    assert not [n for t in whole for n in _outside(t) if isinstance(n, FieldValue | MetricValue | Decided)]
    trees = [*whole, *(g.always for g in checked.guarantees), *(by for f in checked.figures for by in f.by)]
    trees += [t for a in checked.allocations for g in a.groups for t in (g.who, g.factor, g.measure)]
    trees += [m.expression for m in checked.measures]
    trees += [a.expression for a in (checked.fairness.across if checked.fairness is not None else ())]
    assert all(node.kind is not Kind.UNKNOWN for t in trees for node in walk(t))


def _outside(tree: Expression) -> Iterator[Expression]:
    """The nodes of a figure or limit that stand in no brackets of a list: they are of no single client."""
    yield tree
    if not isinstance(tree, Aggregate):
        for child in children(tree):
            yield from _outside(child)
