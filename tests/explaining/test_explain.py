"""What an explanation must say of a client, worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from selective_sales import explaining
from selective_sales.model.explanation import Explanation, Outcome, RuleOutcome
from selective_sales.model.kind import Kind
from tests.explaining import world


def rule(explanation: Explanation, name: str) -> RuleOutcome:
    return next(r for r in explanation.rules if r.id == name)


def test_every_rule_comes_in_policy_order_and_the_deciding_one_is_shown_first() -> None:
    explained = world.explanation(cost="10400")
    assert [r.id for r in explained.rules] == ["unprofitable", "thin-margin", "difficult"]
    assert [r.decides for r in explained.rules] == [True, False, False]
    assert [r.id for r in explained.in_display_order] == ["unprofitable", "thin-margin", "difficult"]
    assert (explained.decision, explained.decided_by) == ("decline", "unprofitable")


def test_near_misses_come_nearest_first() -> None:
    explained = world.explanation()
    assert [r.id for r in explained.in_display_order] == ["thin-margin", "unprofitable", "difficult"]
    assert all(r.near_miss for r in explained.rules)
    thin = rule(explained, "thin-margin").leaves[0]
    assert (thin.distance, thin.distance_kind, thin.relative_distance) == (Decimal("0.002"), Kind.NUMBER, pytest.approx(0.04))
    costs = rule(explained, "unprofitable").leaves[0]
    assert (costs.distance, costs.distance_kind, costs.relative_distance) == (Decimal(-520), Kind.MONEY, pytest.approx(0.052))


def test_the_nearest_of_several_conditions_counts() -> None:
    nearest = rule(world.explanation(conflicts=2), "difficult").nearest
    assert nearest is not None
    assert nearest.text == "conflicts >= most_conflicts"
    assert (nearest.distance, nearest.distance_kind) == (-1, Kind.INTEGER)


def test_an_exclusion_that_alone_held_the_rule_back_is_a_near_miss() -> None:
    explained = world.explanation(cost="10400", strategic=True)
    held = rule(explained, "unprofitable")
    assert held.near_miss and held.outcome is Outcome.FALSE
    assert [(leaf.of_unless, leaf.flips) for leaf in held.leaves] == [(False, False), (True, True)]


def test_a_rule_that_needs_two_changes_is_no_near_miss() -> None:
    assert not rule(world.explanation(strategic=True), "unprofitable").near_miss


def test_a_client_key_is_a_tuple_of_texts() -> None:
    assert world.explanation(client="łódź-1").client == ("łódź-1",)


def test_metrics_carry_what_they_came_from() -> None:
    explained = world.explanation()
    by_name = {metric.text: metric for metric in explained.metrics}
    assert [metric.text for metric in explained.metrics] == ["profit", "margin", "ordered"]
    assert [(part.text, part.value) for part in by_name["margin"].from_] == [
        ("profit", Decimal("520.0000")),
        ("revenue", Decimal("10000.0000")),
    ]
    assert [part.text for part in by_name["margin"].from_[0].from_] == ["revenue", "cost_to_serve"]
    assert [(part.text, part.value) for part in by_name["ordered"].from_] == [("sum(orders.amount)", Decimal("120.5000"))]
    assert by_name["margin"].value == Decimal("0.052")


def test_an_unknown_rule_says_which_blank_would_settle_it() -> None:
    explained = world.explanation(cost=None)
    thin = rule(explained, "thin-margin")
    assert (thin.outcome, thin.matters) == (Outcome.UNKNOWN, True)
    assert [blank.text for blank in thin.blanks] == ["cost_to_serve"]
    assert explained.decision == "undetermined"
    assert explained.missing_because == ("cost_to_serve",)
    assert explained.possible_decisions == ("decline", "renegotiate", "keep")
    assert not any(r.decides for r in explained.rules)


def test_where_no_field_is_blank_the_value_that_cannot_be_computed_is_named() -> None:
    thin = rule(world.explanation(revenue="0", cost="0"), "thin-margin")
    assert [blank.text for blank in thin.blanks] == ["margin"]


def test_an_unknown_rule_that_cannot_change_the_decision_does_not_matter() -> None:
    explained = world.explanation(cost="9700", delay=None)
    assert rule(explained, "difficult").outcome is Outcome.UNKNOWN
    assert not rule(explained, "difficult").matters
    assert explained.decided_by == "thin-margin"


def test_an_unknown_rule_that_counts_as_fired_may_decide() -> None:
    explained = world.explanation(delay=None, hold=False)
    assert rule(explained, "difficult").applied and rule(explained, "difficult").decides
    assert explained.decision == "flag"


def test_an_exception_keeps_what_the_policy_said() -> None:
    explained = world.explanation(cost="10400", exception=world.exception())
    assert (explained.decision, explained.policy_decision, explained.decided_by) == ("keep", "decline", "exception")
    assert rule(explained, "unprofitable").decides


def test_every_name_a_reason_may_show_is_there_and_no_protected_field() -> None:
    values = world.explanation().values
    assert {"revenue", "cost_to_serve", "most_conflicts", "profit", "margin", "ordered"} <= set(values)
    assert "gender" not in values


def test_protected_fields_stay_out_even_where_the_row_holds_them() -> None:
    import dataclasses

    query = world.query()
    query = dataclasses.replace(query, fields=(*query.fields, ("gender", Kind.TEXT, "f9")))
    row, decided = world.rows()
    explained = explaining.explain(world.checked(), query, {**row, "f9": "F"}, decided, run_id="r", as_of=world.AS_OF, exception=None)
    assert "gender" not in explained.values


def test_values_are_exact() -> None:
    explained = world.explanation(revenue="0.3", cost="0.2")
    assert explained.values["margin"].value == Decimal("0.333333333")
    assert explained.values["profit"].value == Decimal("0.1000")


def test_a_deep_chain_of_metrics_is_no_trouble() -> None:
    """Metrics that each read the two before them: a naive walk would take 2^600 steps or overflow the stack."""
    import dataclasses

    from selective_sales.model.checked import CheckedMetric
    from selective_sales.model.expression import Arithmetic, MetricValue
    from selective_sales.model.policy import Metric

    names = ["profit", "margin", *(f"m{i}" for i in range(600))]
    trees = {
        name: Arithmetic(MetricValue(names[i], kind=Kind.MONEY), "+", MetricValue(names[i + 1], kind=Kind.MONEY))
        for i, name in enumerate(names[2:])
    }
    checked = world.checked()
    policy = dataclasses.replace(checked.policy, metrics=(*checked.policy.metrics, *(Metric(n, t) for n, t in trees.items())))
    checked = dataclasses.replace(
        checked,
        policy=policy,
        metrics=(*checked.metrics, *(CheckedMetric(n, Kind.MONEY, t) for n, t in trees.items())),
        metric_order=(*checked.metric_order, *trees),
    )
    query = world.query()
    query = dataclasses.replace(query, metrics=(*query.metrics, *((n, Kind.MONEY, n) for n in trees)))
    row, decided = world.rows(cost=None)
    explained = explaining.explain(checked, query, {**row, **dict.fromkeys(trees)}, decided, run_id="r", as_of=world.AS_OF, exception=None)
    assert len(explained.metrics) == 603
    assert len(explaining.as_json(explained)["metrics"]) == 603  # type: ignore[arg-type]
