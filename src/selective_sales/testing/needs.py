"""CheckedPolicy in; out come the result columns, their kinds, and what each of them reads: fields, and whether the date."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ..model.checked import CheckedPolicy
from ..model.expression import AsOf, Expression, ParameterValue
from ..model.kind import Kind

TEXT_COLUMNS = ("decision", "policy_decision", "decided_by")
LIST_COLUMNS = ("fired", "applied", "unknown", "missing_because", "possible_decisions")


@dataclass(frozen=True)
class Needs:
    """What can be expected of a policy, and what that depends on. What the rules decide depends on every rule."""

    checked: CheckedPolicy

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """The result columns in their order, with their kinds (of lists: TEXT)."""
        clients = self.checked.policy.clients
        keys = {name: field.type for name in clients.key if (field := clients.field(name)) is not None}
        fixed = dict.fromkeys((*TEXT_COLUMNS, *LIST_COLUMNS), Kind.TEXT)
        return keys | fixed | {metric.name: metric.kind for metric in self.checked.results}

    @cached_property
    def lists(self) -> frozenset[str]:
        """The columns that hold lists: the run's own, and the collected outputs of decision tables."""
        return frozenset({*LIST_COLUMNS, *(metric.name for metric in self.checked.results if metric.is_list)})

    def fields(self, columns: frozenset[str]) -> frozenset[tuple[str, str]]:
        """Every (table, field) read from the data for these columns; calculated fields count by what they read."""
        read = frozenset[tuple[str, str]]().union(*(self._reads[column] for column in columns if column in self._reads))
        return frozenset(pair for pair in read if self.checked.calculation(*pair) is None)

    def dated(self, columns: frozenset[str]) -> bool:
        """True where one of these columns reads `as_of` or a parameter that changes with the date."""
        return any(column in self._dated for column in columns)

    @cached_property
    def _reads(self) -> dict[str, frozenset[tuple[str, str]]]:
        rules = frozenset[tuple[str, str]]().union(*(self.checked.reads(rule.condition) for rule in self.checked.rules))
        metrics = {metric.name: self.checked.reads(metric.expression) for metric in self.checked.metrics}
        return dict.fromkeys((*TEXT_COLUMNS, *LIST_COLUMNS), rules) | metrics

    @cached_property
    def _dated(self) -> frozenset[str]:
        found = {metric.name for metric in self.checked.metrics if self._is_dated(metric.expression)}
        if any(self._is_dated(rule.condition) for rule in self.checked.rules):
            found |= {*TEXT_COLUMNS, *LIST_COLUMNS}
        return frozenset(found)

    def _is_dated(self, expression: Expression) -> bool:
        return any(self._node_is_dated(node) for node in self.checked.reached(expression))

    def _node_is_dated(self, node: Expression) -> bool:
        match node:
            case AsOf():
                return True
            case ParameterValue(name):
                parameter = self.checked.policy.parameter(name)
                return parameter is not None and bool(parameter.dated)
            case _:
                return False
