"""CheckedPolicy in, the ordered layers of its columns out: which list and portfolio functions and metrics can be computed when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar, TypeVar

from ..model.checked import CheckedPolicy
from ..model.expression import Aggregate, Expression, FieldValue, MetricValue, Portfolio, children, walk
from ..model.plan import AggregateColumn, ChildLayer, Column, Layer, PortfolioColumn, PortfolioLayer, RowLayer

CLIENTS = "clients"
Window = TypeVar("Window", Aggregate, Portfolio)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a query is made for beside the policy and the date.

    `partition`: a field of the clients whose values keep portfolios apart (policy tests: the cases of a batch). `absent`: child tables
    that were not given, so that every list over them is missing.
    """

    partition: str | None = None
    absent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    """Layers up to the facts (each may read the columns of those before), and the metrics as row layers above the facts."""

    fact_layers: tuple[Layer, ...]
    aggregates: tuple[AggregateColumn, ...]
    portfolios: tuple[PortfolioColumn, ...]
    metric_layers: tuple[RowLayer, ...]
    setting: Setting = Setting()
    names: dict[Aggregate | Portfolio, str] = field(default_factory=dict, compare=False)

    def aggregate_column(self, aggregate: Aggregate) -> AggregateColumn:
        return next(c for c in self.aggregates if c.aggregate == aggregate)

    def window(self, node: Aggregate | Portfolio) -> str:
        """The column of a list or portfolio function."""
        return self.names[node]


def plan(checked: CheckedPolicy, setting: Setting = Setting()) -> Plan:
    """The policy's layers: list functions, portfolio functions, the metrics that later ones read; as often as the graph asks."""
    levels = Levels(checked)
    aggregates = tuple(name_aggregates(checked, found(checked, Aggregate)))
    portfolios = tuple(PortfolioColumn(f"#p{i} {portfolio_words(p)}", p) for i, p in enumerate(found(checked, Portfolio), 1))
    windows: list[Aggregate | Portfolio] = [*(c.aggregate for c in aggregates), *(c.portfolio for c in portfolios)]
    needed = metrics_read_by_windows(checked, windows)
    highest = max(map(levels.window, windows), default=0)
    layers: list[Layer] = list(row_layers(checked, [n for n in checked.metric_order if n in needed and levels.metric(n) == Levels.ROW]))
    for level in range(1 + highest):
        for table in checked.policy.tables[1:]:
            columns = tuple(c for c in aggregates if c.aggregate.table == table.name and levels.window(c.aggregate) == level)
            if columns:
                layers.append(ChildLayer(table.name, columns))
        over_clients = tuple(c for c in portfolios if levels.window(c.portfolio) == level)
        if over_clients:
            layers.append(PortfolioLayer(over_clients))
        layers.extend(row_layers(checked, [n for n in checked.metric_order if n in needed and levels.metric(n) == level]))
    names: dict[Aggregate | Portfolio, str] = {c.aggregate: c.name for c in aggregates}
    names |= {c.portfolio: c.name for c in portfolios}
    return Plan(tuple(layers), aggregates, portfolios, tuple(row_layers(checked, list(checked.metric_order))), setting, names)


@dataclass(slots=True)
class Levels:
    """How many rounds of list and portfolio functions stand below a metric or such a function: ROW for a metric without any."""

    ROW: ClassVar[int] = -1
    checked: CheckedPolicy
    metrics: dict[str, int]

    def __init__(self, checked: CheckedPolicy) -> None:
        self.checked = checked
        self.metrics = {}
        for name in checked.metric_order:
            self.metrics[name] = self.expression(checked.metric(name).expression)

    def metric(self, name: str) -> int:
        return self.metrics[name]

    def window(self, node: Aggregate | Portfolio) -> int:
        """0 where it reads fields and row metrics only, else one more than the metrics and portfolio functions it reads.

        In a round list functions come first: a portfolio function may stand in the round of the lists that it reads.
        """
        level = 0
        for part in (n for child in children(node) for n in walk(child)):
            match part:
                case MetricValue(name):
                    level = max(level, self.metrics[name] + 1)
                case Portfolio():
                    level = max(level, self.window(part) + 1)
                case Aggregate():
                    level = max(level, self.window(part))
                case _:
                    pass
        return level

    def expression(self, node: Expression) -> int:
        match node:
            case MetricValue(name):
                return self.metrics[name]
            case Aggregate() | Portfolio():
                return self.window(node)
            case _:
                return max((self.expression(child) for child in children(node)), default=self.ROW)


def all_expressions(checked: CheckedPolicy) -> Iterator[Expression]:
    """Every expression that is of one client: metrics, rules, what looks at single clients once they are decided, and measures."""
    for metric in checked.metrics:
        yield metric.expression
    for rule in checked.rules:
        yield rule.condition
    for guarantee in checked.guarantees:
        yield guarantee.always
    for allocation in checked.allocations:
        for group in allocation.groups:
            yield group.who
            yield group.measure
    for measure in checked.measures:
        yield measure.expression


def found(checked: CheckedPolicy, sort: type[Window]) -> list[Window]:
    """Each list or portfolio function once, in the policy's order; those over `clients` as a whole are no columns of a client."""
    nodes = (n for e in all_expressions(checked) for n in walk(e) if isinstance(n, sort))
    return list(dict.fromkeys(n for n in nodes if not (isinstance(n, Aggregate) and n.table == CLIENTS)))


def name_aggregates(checked: CheckedPolicy, aggregates: Iterable[Aggregate]) -> Iterator[AggregateColumn]:
    """A name that no author can declare (it starts with #), and a flag column for each child field that can leave the result missing."""
    for number, aggregate in enumerate(aggregates, 1):
        name = f"#{number} {aggregate.function} of {aggregate.table}"
        fields = blank_fields(checked, aggregate)
        yield AggregateColumn(name, aggregate, tuple((field, f"{name}, {field} blank") for field in fields))


def portfolio_words(node: Portfolio) -> str:
    """What a portfolio function's column is called: the function, and its value where that has a name."""
    value = f" of {node.value.name}" if isinstance(node.value, FieldValue | MetricValue) else ""
    groups = ", ".join(g.name for g in node.within if isinstance(g, FieldValue | MetricValue))
    return f"{node.function}{value}" + (f" within {groups}" if groups else "")


def blank_fields(checked: CheckedPolicy, aggregate: Aggregate) -> list[str]:
    """The child's own fields under the aggregate, calculated ones followed down to what they are calculated from."""
    read: dict[str, None] = {}
    for child in children(aggregate):
        for table, name in sorted(checked.reads(child)):
            if table == aggregate.table and checked.calculation(table, name) is None:
                read[name] = None
    return list(read)


def metrics_read_by_windows(checked: CheckedPolicy, windows: Iterable[Aggregate | Portfolio]) -> set[str]:
    """Every metric that some list or portfolio function reads inside, through other metrics too."""
    todo = [child for window in windows for child in children(window)]
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
