"""A failed case and the explanations of its clients in; out comes the case with the rules that say why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..model.explanation import Explanation, LeafOutcome, NamedValue, RuleOutcome
from ..model.tested import CaseResult, ColumnResult, ConditionShown, RuleShown
from .values import written_as

_RULES_SHOWN = 3
_RULE_COLUMNS = frozenset({"decided_by", "fired", "applied", "unknown"})
Client = tuple[str, ...]


def with_reasons(result: CaseResult, explanations: Mapping[Client, Explanation]) -> CaseResult:
    """The result with, for each client that differs, the deciding rule and the rules that were expected to decide."""
    of_the_rules = {client for client, _ in result.decided_by}
    differing = {c.client: [one for one in result.columns if one.client == c.client] for c in result.columns if c.client in of_the_rules}
    shown = [
        _shown(client, rule)
        for client, columns in differing.items()
        if (explanation := explanations.get(client)) is not None
        for rule in _telling(explanation, columns)
    ]
    return replace(result, rules=tuple(shown))


def _telling(explanation: Explanation, columns: list[ColumnResult]) -> list[RuleOutcome]:
    """What decided, what matters because it is unknown, and the rules that were named, or else meant by the expected decision."""
    named = {name for column in columns if column.name in _RULE_COLUMNS and not column.matches for name in _differing(column)}
    meant = {column.expected for column in columns if column.name == "decision" and not column.matches}
    telling = [rule for rule in explanation.rules if rule.decides or rule.matters]
    others = [rule for rule in explanation.rules if rule.id in named] or [r for r in explanation.rules if r.decision in meant]
    return list({rule.id: rule for rule in (*telling, *others[:_RULES_SHOWN])}.values())


def _differing(column: ColumnResult) -> set[str]:
    return set(column.expected.strip("[]").split(", ")) ^ set(column.actual.strip("[]").split(", "))


def _shown(client: Client, rule: RuleOutcome) -> RuleShown:
    return RuleShown(client, rule.id, rule.decision, rule.outcome, rule.decides, tuple(_condition(leaf) for leaf in rule.leaves))


def _condition(leaf: LeafOutcome) -> ConditionShown:
    values = tuple(_value(operand) for operand in leaf.operands if not operand.literal)
    return ConditionShown(leaf.text, leaf.outcome, leaf.of_unless, values)


def _value(operand: NamedValue) -> tuple[str, str]:
    return operand.text, written_as(operand.value, operand.kind)
