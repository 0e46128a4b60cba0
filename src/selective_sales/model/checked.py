"""A policy that makes sense: names resolved, kinds known, metrics in an order that can be computed."""

from __future__ import annotations

from dataclasses import dataclass

from .expression import And, Expression, FieldValue, MetricValue, Not, walk
from .kind import Kind
from .policy import Policy


@dataclass(frozen=True, slots=True)
class CheckedMetric:
    """A metric with its kind and its typed tree."""

    name: str
    kind: Kind
    expression: Expression


@dataclass(frozen=True, slots=True)
class CheckedRule:
    """A rule's typed condition. `when` and `unless` stay apart, so that an explanation shows them apart."""

    id: str
    decision: str
    when: Expression
    unless: Expression | None

    @property
    def condition(self) -> Expression:
        """`when and not unless`."""
        if self.unless is None:
            return self.when
        return And((self.when, Not(self.unless, kind=Kind.BOOLEAN)), kind=Kind.BOOLEAN, place=self.when.place)


@dataclass(frozen=True, slots=True)
class Calculation:
    """A calculated field of a child table or of clients: `is:`."""

    table: str
    field: str
    kind: Kind
    expression: Expression


@dataclass(frozen=True, slots=True)
class CheckedPolicy:
    """`metrics` are in the policy's order; `metric_order` is an order in which each comes after all it uses."""

    policy: Policy
    calculations: tuple[Calculation, ...]
    metrics: tuple[CheckedMetric, ...]
    metric_order: tuple[str, ...]
    rules: tuple[CheckedRule, ...]

    def metric(self, name: str) -> CheckedMetric:
        return next(m for m in self.metrics if m.name == name)

    def calculation(self, table: str, field: str) -> Calculation | None:
        return next((c for c in self.calculations if (c.table, c.field) == (table, field)), None)

    def reads(self, expression: Expression) -> frozenset[tuple[str, str]]:
        """Every (table, field) that the expression reaches, through metrics, calculations and lists."""
        found: set[tuple[str, str]] = set()
        metrics_seen: set[str] = set()
        todo = [expression]
        while todo:
            for node in walk(todo.pop()):
                match node:
                    case FieldValue(table, name):
                        calculation = None if (table, name) in found else self.calculation(table, name)
                        found.add((table, name))
                        if calculation is not None:
                            todo.append(calculation.expression)
                    case MetricValue(name) if name not in metrics_seen:
                        metrics_seen.add(name)
                        todo.append(self.metric(name).expression)
                    case _:
                        pass
        return frozenset(found)
