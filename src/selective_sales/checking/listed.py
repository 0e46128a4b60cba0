"""Equality with a value that the tested side can never have: a slip of the pen, found before any data is read."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ..model.expression import Aggregate, Constant, Decided, Expression, FieldValue, Hit, If, MetricValue, Negate, ParameterValue, Scalar
from ..model.kind import Kind
from .catalog import Scope
from .literals import parameter_values
from .words import one_of, show, value_text


def check_listed(side: Expression, other: Expression, scope: Scope) -> None:
    """A finding for each written value of `other` that `side` does not know."""
    allowed = _possible(side, scope)
    if allowed is None:
        return
    for value in values_of(other, scope):
        if value in allowed:
            continue
        texts = {v if isinstance(v, str) else value_text(v): v for v in allowed}
        near = scope.desk.closest(value, texts) if isinstance(value, str) else None
        rest = f"its values are {one_of(sorted(map(value_text, texts.values())), 'and')}"
        help = f"did you mean {value_text(texts[near])}?" if near is not None else rest
        place = scope.catalog.parameters[other.name].place if isinstance(other, ParameterValue) else other.place
        scope.desk.error("SS217", f"{show(side)} is never {value_text(value)}", place, help)


def values_of(node: Expression, scope: Scope) -> Iterator[Scalar]:
    """The value of a literal or of a parameter, or of each item where that is a list."""
    match node:
        case Constant(value) if value is not None:
            yield value
        case Negate(Constant(value)) if isinstance(value, (int, Decimal)):
            yield -value
        case ParameterValue(name):
            yield from parameter_values(scope.catalog.parameters[name])
        case _:
            pass


def _possible(side: Expression, scope: Scope) -> frozenset[Scalar] | None:
    match side:
        case Constant():
            return None
        case FieldValue(table, name):
            found = scope.catalog.field(table, name)
            if found is not None and found.one_of:
                return frozenset(found.one_of)
        case _:
            pass
    texts = possible_texts(side, scope)
    return frozenset[Scalar](texts) if texts else None


def possible_texts(node: Expression, scope: Scope) -> frozenset[str] | None:
    """The only texts that the checked tree can be, or None where it can be any."""
    match node:
        case Constant(str() as value):
            return frozenset({value})
        case Constant(None) if node.kind is Kind.TEXT:
            return frozenset()
        case FieldValue(table, name) if node.kind is Kind.TEXT:
            found = scope.catalog.field(table, name)
            if found is not None and found.calculation is not None:
                return scope.texts.get((table, name))
            return frozenset(v for v in found.one_of if isinstance(v, str)) or None if found is not None else None
        case MetricValue(name):
            return scope.texts.get(name)
        case Aggregate("latest" | "min" | "max", _, _, value) if value is not None:
            return possible_texts(value, scope)
        case Decided():
            return frozenset({*scope.catalog.decisions, "undetermined"})
        case Hit(_, rows, last) if node.kind is Kind.TEXT:
            each = [possible_texts(value, scope) for value in (*(row.value for row in rows), *(() if last is None else (last,)))]
            return None if any(texts is None for texts in each) else frozenset[str]().union(*(texts for texts in each if texts))
        case If(_, then, otherwise):
            first, second = possible_texts(then, scope), possible_texts(otherwise, scope)
            return None if first is None or second is None else first | second
        case _:
            return None
