"""From the outcomes of the rules to the decision of one client: section "From rules to a decision" of the language."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from selective_sales.model.checked import CheckedPolicy, CheckedRule
from selective_sales.model.policy import Strategy, WhenUnknown
from tests.oracle.blame import labels_at_least, labels_at_most
from tests.oracle.expressions import Client, Evaluator, Value, all_of


@dataclass(frozen=True)
class Decided:
    """One client's result, in the result columns' own words. `matters` holds the unknown rules that could change the decision.

    `because_at_least` and `because_at_most` bound the fields that `missing_because` names.
    """

    decision: str
    decided_by: str
    fired: tuple[str, ...]
    applied: tuple[str, ...]
    unknown: tuple[str, ...]
    possible_decisions: tuple[str, ...]
    matters: tuple[str, ...]
    metrics: dict[str, Value]
    because_at_least: frozenset[str]
    because_at_most: frozenset[str]


def decide(checked: CheckedPolicy, as_of: datetime.date, client: Client) -> Decided:
    """The decision of the policy for a client who is the whole portfolio, before exceptions."""
    return decided(checked, Evaluator(checked, as_of, client))


def decide_all(checked: CheckedPolicy, as_of: datetime.date, clients: Mapping[str, Client]) -> dict[str, Decided]:
    """The decisions for all clients of a run: each is seen among the others."""
    portfolio: list[Evaluator] = []
    for client in clients.values():
        portfolio.append(Evaluator(checked, as_of, client, portfolio=portfolio))
    return {key: decided(checked, evaluator) for key, evaluator in zip(clients, portfolio, strict=True)}


def whole(checked: CheckedPolicy, as_of: datetime.date, clients: Mapping[str, Client]) -> dict[str, Value]:
    """The figures that are not split, the limits and the guarantees (False: broken for somebody, None: not known for somebody)."""
    portfolio: list[Evaluator] = []
    for client in clients.values():
        portfolio.append(Evaluator(checked, as_of, client, portfolio=portfolio))
    for evaluator in portfolio:
        evaluator.final = decided(checked, evaluator).decision
    anybody = portfolio[0]
    found = {f"figure {f.name}": anybody.compared(f.expression) for f in checked.figures if not f.by}
    found |= {f"limit {x.id}": anybody.condition(x.require) for x in checked.limits}
    for guarantee in checked.guarantees:
        found[f"guarantee {guarantee.id}"] = all_of([evaluator.condition(guarantee.always) for evaluator in portfolio])
    return found


def decided(checked: CheckedPolicy, evaluator: Evaluator) -> Decided:
    outcomes = {rule.id: _outcome(rule, evaluator) for rule in checked.rules}
    metrics = {metric.name: evaluator.metric(metric.name) for metric in checked.metrics if not metric.is_part}
    unknown = [rule for rule in checked.rules if outcomes[rule.id] is None]
    fired = [rule for rule in checked.rules if outcomes[rule.id]]
    applied = [rule for rule in unknown if _when_unknown(checked, rule) is WhenUnknown.APPLY]
    held = [rule for rule in unknown if _when_unknown(checked, rule) is WhenUnknown.HOLD]
    deciding = min([*fired, *applied], key=lambda rule: _rank(checked, rule), default=None)
    base = deciding.decision if deciding else checked.policy.default_decision.id
    matters = [rule for rule in held if rule.decision != base and _comes_first(checked, rule, deciding)]
    open_ = {base, *(rule.decision for rule in matters)}
    return Decided(
        decision="undetermined" if matters else base,
        decided_by="unknown" if matters else deciding.id if deciding else "default",
        fired=_ids(fired),
        applied=_ids(applied),
        unknown=_ids([rule for rule in unknown if rule not in applied]),
        possible_decisions=tuple(d.id for d in checked.policy.decisions if d.id in open_) if matters else (),
        matters=_ids(matters),
        metrics=metrics,
        because_at_least=labels_at_least(evaluator, [rule.condition for rule in matters]),
        because_at_most=labels_at_most(evaluator, [rule.condition for rule in matters]),
    )


def _outcome(rule: CheckedRule, evaluator: Evaluator) -> bool | None:
    """Outside of its dates a rule is not fired, whatever the client."""
    begun = rule.valid_from is None or rule.valid_from <= evaluator.as_of
    over = rule.valid_until is not None and evaluator.as_of > rule.valid_until
    return evaluator.condition(rule.condition) if begun and not over else False


def _when_unknown(checked: CheckedPolicy, rule: CheckedRule) -> WhenUnknown:
    return next(d.when_unknown for d in checked.policy.decisions if d.id == rule.decision)


def _rank(checked: CheckedPolicy, rule: CheckedRule) -> tuple[int, int]:
    """What stands earlier decides: by severity and then by place, or (strategy `first`) by place alone."""
    severity = [d.id for d in checked.policy.decisions].index(rule.decision)
    place = [r.id for r in checked.rules].index(rule.id)
    return (severity, place) if checked.policy.strategy is Strategy.MOST_SEVERE else (0, place)


def _comes_first(checked: CheckedPolicy, rule: CheckedRule, deciding: CheckedRule | None) -> bool:
    return deciding is None or _rank(checked, rule) < _rank(checked, deciding)


def _ids(rules: list[CheckedRule]) -> tuple[str, ...]:
    return tuple(rule.id for rule in rules)
