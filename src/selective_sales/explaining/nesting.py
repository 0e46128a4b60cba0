"""A rule's conditions and the outcomes of its leaves in; the same leaves as they are nested out, each group with its own outcome."""

from __future__ import annotations

from collections.abc import Iterator

from ..model.checked import CheckedRule
from ..model.explanation import ConditionGroup, ConditionPart, Form, LeafOutcome, Outcome
from ..model.expression import And, AtLeast, Expression, Not, Or, ParameterValue
from .values import Sources


def nested(rule: CheckedRule, leaves: tuple[LeafOutcome, ...], sources: Sources) -> tuple[ConditionPart, ...]:
    """The parts of `when`, then those of `unless`.

    At the top, the parts of an `all` need no heading, and of an `unless` those of an `any`: unless this, unless that.
    """
    left = iter(leaves)
    when = rule.when.items if isinstance(rule.when, And) else (rule.when,)
    unless: tuple[Expression, ...] = ()
    if rule.unless is not None:
        unless = rule.unless.items if isinstance(rule.unless, Or) else (rule.unless,)
    return (*(_part(node, left, False, sources) for node in when), *(_part(node, left, True, sources) for node in unless))


def _part(node: Expression, left: Iterator[LeafOutcome], of_unless: bool, sources: Sources) -> ConditionPart:
    def group(form: Form, items: tuple[Expression, ...], count: int | None = None) -> ConditionGroup:
        parts = tuple(_part(item, left, of_unless, sources) for item in items)
        return ConditionGroup(form, _outcome(form, parts, count), of_unless, parts, count)

    match node:
        case And(items):
            return group("all", items)
        case Or(items):
            return group("any", items)
        case AtLeast(count, items):
            return group("at_least", items, _count(count, sources))
        case Not(Or(items)):
            return group("none", items)
        case Not(operand):
            return group("not", (operand,))
        case _:
            return next(left)


def _count(node: Expression, sources: Sources) -> int | None:
    named = sources.parameters.get(node.name) if isinstance(node, ParameterValue) else None
    value = named.value if named is not None else getattr(node, "value", None)
    return value if isinstance(value, int) else None


def _outcome(form: Form, parts: tuple[ConditionPart, ...], count: int | None) -> Outcome:
    """Kleene's: what is unknown counts both ways."""
    held = sum(part.outcome is Outcome.TRUE for part in parts)
    unknown = sum(part.outcome is Outcome.UNKNOWN for part in parts)
    match form:
        case "all":
            return _reached(held, unknown, len(parts))
        case "any":
            return _reached(held, unknown, 1)
        case "none" | "not":
            return _opposite(_reached(held, unknown, 1))
        case "at_least":
            return Outcome.UNKNOWN if count is None else _reached(held, unknown, count)


def _reached(held: int, unknown: int, wanted: int) -> Outcome:
    if held >= wanted:
        return Outcome.TRUE
    return Outcome.UNKNOWN if held + unknown >= wanted else Outcome.FALSE


def _opposite(outcome: Outcome) -> Outcome:
    match outcome:
        case Outcome.TRUE:
            return Outcome.FALSE
        case Outcome.FALSE:
            return Outcome.TRUE
        case Outcome.UNKNOWN:
            return Outcome.UNKNOWN
