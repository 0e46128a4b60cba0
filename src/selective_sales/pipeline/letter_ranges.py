"""A policy and what its letters may try in, the fields of which a letter may say "at least" out: those with a line that holds.

Values are tried, not all of them. What lies between is certain only where the policy does nothing with a field but hold it against
fixed values that are all tried: then nothing changes between two of them. Where it calculates with the field, anything may.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ..model.checked import CheckedPolicy
from ..model.expression import (
    Between,
    Compare,
    Constant,
    Expression,
    FieldValue,
    In,
    IsMissing,
    MetricValue,
    ParameterValue,
    children,
    test_values,
    walk,
)
from ..model.grid import SCALES
from ..model.kind import Kind
from ..model.policy import Field
from .changes import Ground


def with_lines(ground: Ground) -> frozenset[str]:
    """The names of the fields that the rules only hold against values that are tried."""
    reached = tuple(_reached(ground.checked))
    fields = (f for f in ground.fields if f.type in SCALES and not f.one_of)
    return frozenset(f.name for f in fields if _Use(ground, f).only_held_against(reached))


def _reached(checked: CheckedPolicy) -> Iterator[Expression]:
    """The conditions of the rules, and every definition that they reach."""
    seen: set[FieldValue | MetricValue] = set()
    todo = [rule.condition for rule in checked.rules]
    while todo:
        yield (whole := todo.pop())
        for node in walk(whole):
            if isinstance(node, FieldValue | MetricValue) and node not in seen:
                seen.add(node)
                definition = _definition(checked, node)
                todo += [] if definition is None else [definition]


def _definition(checked: CheckedPolicy, node: FieldValue | MetricValue) -> Expression | None:
    match node:
        case MetricValue(name):
            return checked.metric(name).expression
        case FieldValue(table, name):
            calculation = checked.calculation(table, name)
            return None if calculation is None else calculation.expression


@dataclass(frozen=True, slots=True)
class _Use:
    """How the policy uses one field."""

    ground: Ground
    field: Field

    def only_held_against(self, reached: tuple[Expression, ...]) -> bool:
        """Whether every condition and definition only compares the field. (A definition that is the field itself is a name for it.)"""
        todo = [whole for whole in reached if not self._is_field(whole)]
        while todo:
            node = todo.pop()
            levels = self._levels(node)
            if self._is_field(node) or (levels is not None and not all(map(self._is_tried, levels))):
                return False
            todo += children(node) if levels is None else ()
        return True

    def _is_field(self, node: Expression) -> bool:
        """Whether it is the field, or another name for it."""
        while isinstance(node, FieldValue | MetricValue) and node.kind is self.field.type:
            if isinstance(node, FieldValue) and (node.table, node.name) == ("clients", self.field.name):
                return True
            definition = _definition(self.ground.checked, node)
            if definition is None:
                return False
            node = definition
        return isinstance(node, FieldValue) and (node.table, node.name) == ("clients", self.field.name)

    def _levels(self, node: Expression) -> tuple[Expression, ...] | None:
        """What the field is held against; None where the node is no comparison of the field."""
        match node:
            case Compare(left, _, right) if self._is_field(left):
                return (right,)
            case Compare(left, _, right) if self._is_field(right):
                return (left,)
            case Between(operand, low, high) if self._is_field(operand):
                return (low, high)
            case In(operand, tests) if self._is_field(operand):
                return tuple(value for test in tests for value in test_values(test))
            case IsMissing(operand) if self._is_field(operand):
                return ()
            case _:
                return None

    def _is_tried(self, level: Expression) -> bool:
        """Whether it is one value, which is tried with its neighbours."""
        match level:
            case Constant(value):
                pass
            case ParameterValue(name):
                declared = self.ground.checked.policy.parameter(name)
                value = None if declared is None or isinstance(declared.value, tuple) else declared.value
            case _:
                return False
        tried = self.ground.thresholds[self.field.type]
        match value:
            case datetime.date():
                return self.field.type is Kind.DATE and value.toordinal() in tried
            case bool():
                return False
            case int() | Decimal():
                return self.field.type is not Kind.DATE and int(Decimal(value) * SCALES[self.field.type]) in tried
            case _:
                return False
