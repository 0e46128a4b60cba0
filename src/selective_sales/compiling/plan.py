"""CheckedPolicy in, the ordered layers of its columns out: which list functions and metrics can be computed when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..model.checked import CheckedPolicy
from ..model.expression import Aggregate, Expression, FieldValue, MetricValue, children, walk
from ..model.plan import AggregateColumn, ChildLayer, Column, Layer, RowLayer


@dataclass(frozen=True, slots=True)
class Plan:
    """Layers up to the facts (each may read the columns of those before), and the metrics as row layers above the facts."""

    fact_layers: tuple[Layer, ...]
    aggregates: tuple[AggregateColumn, ...]
    metric_layers: tuple[RowLayer, ...]

    def aggregate_column(self, aggregate: Aggregate) -> AggregateColumn:
        return next(c for c in self.aggregates if c.aggregate == aggregate)


def plan(checked: CheckedPolicy) -> Plan:
    """The policy's layers: child aggregates, then the metrics that later aggregates read, as often as the graph asks."""
    levels = Levels(checked)
    aggregates = tuple(name_aggregates(checked, all_aggregates(checked)))
    needed = metrics_read_by_aggregates(checked, aggregates)
    layers: list[Layer] = []
    for level in range(1 + max((levels.aggregate(c.aggregate) for c in aggregates), default=0)):
        for table in checked.policy.tables[1:]:
            columns = tuple(c for c in aggregates if c.aggregate.table == table.name and levels.aggregate(c.aggregate) == level)
            if columns:
                layers.append(ChildLayer(table.name, columns))
        layers.extend(row_layers(checked, [n for n in checked.metric_order if n in needed and levels.metric(n) == level]))
    return Plan(tuple(layers), aggregates, tuple(row_layers(checked, list(checked.metric_order))))


@dataclass(slots=True)
class Levels:
    """How many rounds of aggregation stand below a metric or an aggregate."""

    checked: CheckedPolicy
    metrics: dict[str, int]

    def __init__(self, checked: CheckedPolicy) -> None:
        self.checked = checked
        self.metrics = {}
        for name in checked.metric_order:
            self.metrics[name] = self.expression(checked.metric(name).expression)

    def metric(self, name: str) -> int:
        return self.metrics[name]

    def aggregate(self, node: Aggregate) -> int:
        """0 where it reads fields only, else one more than the metrics it reads."""
        read = [n for child in children(node) for n in walk(child) if isinstance(n, MetricValue)]
        return max((self.metrics[n.name] + 1 for n in read), default=0)

    def expression(self, node: Expression) -> int:
        match node:
            case MetricValue(name):
                return self.metrics[name]
            case Aggregate():
                return self.aggregate(node)
            case _:
                return max((self.expression(child) for child in children(node)), default=0)


def all_expressions(checked: CheckedPolicy) -> Iterator[Expression]:
    for metric in checked.metrics:
        yield metric.expression
    for rule in checked.rules:
        yield rule.condition


def all_aggregates(checked: CheckedPolicy) -> list[Aggregate]:
    """Each list function once, in the policy's order."""
    found = (n for e in all_expressions(checked) for n in walk(e) if isinstance(n, Aggregate))
    return list(dict.fromkeys(found))


def name_aggregates(checked: CheckedPolicy, aggregates: Iterable[Aggregate]) -> Iterator[AggregateColumn]:
    """A name that no author can declare (it starts with #), and a flag column for each child field that can leave the result missing."""
    for number, aggregate in enumerate(aggregates, 1):
        name = f"#{number} {aggregate.function} of {aggregate.table}"
        fields = blank_fields(checked, aggregate)
        yield AggregateColumn(name, aggregate, tuple((field, f"{name}, {field} blank") for field in fields))


def blank_fields(checked: CheckedPolicy, aggregate: Aggregate) -> list[str]:
    """The child's own fields under the aggregate, calculated ones followed down to what they are calculated from."""
    found: dict[str, None] = {}
    for child in children(aggregate):
        for table, field in sorted(checked.reads(child)):
            if table == aggregate.table and checked.calculation(table, field) is None:
                found[field] = None
    return list(found)


def metrics_read_by_aggregates(checked: CheckedPolicy, aggregates: Iterable[AggregateColumn]) -> set[str]:
    """Every metric that some aggregate reads inside its brackets, through other metrics too."""
    todo = [child for column in aggregates for child in children(column.aggregate)]
    found: set[str] = set()
    while todo:
        for node in walk(todo.pop()):
            if isinstance(node, MetricValue) and node.name not in found:
                found.add(node.name)
                todo.append(checked.metric(node.name).expression)
    return found


def row_layers(checked: CheckedPolicy, names: list[str]) -> Iterator[RowLayer]:
    """The metrics in as few layers as their references among each other allow."""
    depth: dict[str, int] = {}
    for name in names:
        read = [n.name for n in walk(checked.metric(name).expression) if isinstance(n, MetricValue) and n.name in depth]
        depth[name] = 1 + max((depth[n] for n in read), default=-1)
    for level in range(1 + max(depth.values(), default=-1)):
        metrics = [checked.metric(name) for name in names if depth[name] == level]
        yield RowLayer(tuple(Column(m.name, m.kind, m.expression) for m in metrics))


def fields_in(node: Expression, table: str) -> set[str]:
    """The fields of one table that stand directly in the expression."""
    return {n.name for n in walk(node) if isinstance(n, FieldValue) and n.table == table}
