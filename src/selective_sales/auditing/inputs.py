"""CheckedPolicy in, the values that its rules stand on out: fields of clients, and what list functions give, each with its rules."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from ..model.checked import CheckedPolicy
from ..model.expression import Aggregate, Expression, FieldValue, MetricValue, children

CLIENTS = "clients"
Origin = FieldValue | Aggregate


@dataclass(frozen=True, slots=True)
class Input:
    """A value that comes from the data, and the rules that reach it through any number of steps."""

    value: Origin
    rules: tuple[str, ...]


def inputs_of(checked: CheckedPolicy, as_of: datetime.date) -> tuple[Input, ...]:
    """What the rules in force on that date read, in the order in which they come to it."""
    found: dict[Origin, dict[str, None]] = {}
    for rule in (r for r in checked.rules if r.in_force(as_of)):
        for origin in origins(checked, rule.condition):
            found.setdefault(origin, {})[rule.id] = None
    return tuple(Input(value, tuple(rules)) for value, rules in found.items())


def origins(checked: CheckedPolicy, tree: Expression) -> Iterator[Origin]:
    """What the tree comes from: a metric or calculated field is followed down, a list function stands for itself."""
    seen: set[object] = set()
    todo = [tree]
    while todo:
        node = todo.pop()
        match node:
            case MetricValue(name):
                if name not in seen:
                    seen.add(name)
                    todo.append(checked.metric(name).expression)
            case FieldValue(table, name):
                calculation = checked.calculation(table, name)
                if calculation is not None and (table, name) not in seen:
                    seen.add((table, name))
                    todo.append(calculation.expression)
                elif calculation is None and table == CLIENTS:
                    yield FieldValue(table, name, kind=node.kind)
            case Aggregate():
                yield node
                todo.extend(reversed(children(node)))
            case _:
                todo.extend(reversed(children(node)))
