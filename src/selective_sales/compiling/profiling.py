"""A checked policy in, out the statements that measure what each of its parts costs: the run's own SQL with one part, and without it.

The rounds follow the run's layers. Each round's relation is stored, so that the next measures nothing but its own parts. What list or
portfolio functions share (a table's rows by client, a curve) is in each of them that stands alone: their costs may add up to more.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ..model.checked import CheckedPolicy
from ..model.expression import Aggregate, Expression, FieldValue, MetricValue, Portfolio, children
from ..model.kind import Kind
from ..model.plan import AggregateColumn, ChildLayer, Layer, PortfolioLayer, RowLayer
from ..model.profile import Probe, Round, Sort, Together
from ..model.sql import parquet_copy, quote_name
from .decide import LISTS, DecideSelect, client_renderer, result_columns
from .facts import CLIENT, FactsSelect, fact_columns, stored
from .plan import Plan, Setting, plan
from .render import Columned


def profile_rounds(
    checked: CheckedPolicy, as_of: datetime.date, *, exceptions: bool, history: bool, repeat: int, scratch: str
) -> tuple[Round, ...]:
    """Rounds over the typed tables, for the query that `compile_policy` gives with the same arguments.

    In the facts, and above them, every client stands `repeat` times: few clients would not take long enough to be timed. `scratch` is the
    path of a file to write decisions to, over and over.
    """
    layers = plan(checked, Setting(absent=frozenset() if history else frozenset({"history"})))
    return tuple(Rounds(checked, layers, as_of, exceptions, repeat, scratch).all())


def width(checked: CheckedPolicy) -> int:
    """How many columns the widest relation has."""
    layers = plan(checked)
    return len(fact_columns(checked, layers)) + len(checked.metrics)


@dataclass(slots=True)
class Rounds:
    """Makes the rounds one after the other; `stage` is the relation with a row per client that stands by then."""

    checked: CheckedPolicy
    plan: Plan
    as_of: datetime.date
    exceptions: bool
    repeat: int
    scratch: str
    stage: str = ""
    number: int = 0

    def all(self) -> Iterator[Round]:
        yield self.fields()
        for layer in self.plan.fact_layers:
            yield self.facts(layer)
        chosen = ", ".join(quote_name(c.name) for c in fact_columns(self.checked, self.plan))
        yield replace(self.round((), f"SELECT {chosen} FROM {self.stage}, range({self.repeat})"), facts=True)
        yield self.together()
        for metrics in self.plan.metric_layers:
            yield self.metrics(metrics)
        yield Round(tuple(self.rules()), "", "")

    def round(self, probes: Iterable[Probe], select: str) -> Round:
        """The round; what follows reads its relation."""
        made = tuple(probes)
        self.number += 1
        self.stage = f"run.{quote_name(f'#profile {self.number}')}"
        return Round(made, self.stage, select)

    def fields(self) -> Round:
        """The clients with their calculated fields."""
        clients = self.checked.policy.clients
        select = FactsSelect(self.checked, self.plan, self.as_of)
        relation = select.calculated(quote_name(clients.name), clients, select.client_renderer(), "clients")
        probes = []
        for item in self.checked.calculations:
            if item.table == CLIENT:
                read = columns_read(item.expression, select)
                base = with_parts(select.parts, reading(read or select.key, relation))
                full = with_parts(select.parts, reading([quote_name(item.field)], relation))
                probes.append(Probe(Sort.FIELD, item.field, full, base, CLIENT, item.expression))
        return self.round(probes, with_parts(select.parts, f"SELECT * FROM {relation}"))

    def facts(self, layer: Layer) -> Round:
        match layer:
            case ChildLayer(table) if table in self.plan.setting.absent:
                probes: list[Probe] = []
            case ChildLayer(table, columns):
                counted = AggregateColumn("#rows", Aggregate("count", table, kind=Kind.INTEGER), ())
                base = self.with_layer(ChildLayer(table, (counted,)), [counted.name])
                probes = [Probe(Sort.TABLE, table, base, self.read_key(), table)]
                for column in columns:
                    full = self.with_layer(ChildLayer(table, (counted, column)), [counted.name, column.name])
                    probes.append(Probe(Sort.LIST, column.name, full, base, table, column.aggregate))
            case PortfolioLayer(columns):
                alone = [(c, self.with_layer(PortfolioLayer((c,)), [c.name])) for c in columns]
                probes = [Probe(Sort.PORTFOLIO, c.name, full, self.read_key(), CLIENT, c.portfolio) for c, full in alone]
            case RowLayer():
                probes = []
        select = self.layered(layer)
        return self.round(probes, with_parts(select.parts, f"SELECT * FROM {select.stage}"))

    def layered(self, layer: Layer) -> FactsSelect:
        """The run's own SQL for the layer, over what stands by now."""
        select = FactsSelect(self.checked, self.plan, self.as_of, stage=self.stage)
        select.add_layer(layer, self.number)
        return select

    def with_layer(self, layer: Layer, columns: Sequence[str]) -> str:
        select = self.layered(layer)
        return with_parts(select.parts, reading(list(map(quote_name, columns)), select.stage))

    def read_key(self) -> str:
        return reading(list(map(quote_name, self.checked.policy.clients.key)), self.stage)

    def together(self) -> Round:
        """The deciding query over the facts: how long it is planned, and what its lists and reasons add to it."""
        columns = result_columns(self.checked)
        all_of_them = [quote_name(c.name) for c in columns]
        no_lists = [quote_name(c.name) for c in columns if c.name not in LISTS]
        whole, brief = (DecideSelect(self.checked, self.plan, self.as_of, self.exceptions, reasons).build() for reasons in (True, False))
        reasons, lists, rest = reading(all_of_them, f"({whole})"), reading(all_of_them, f"({brief})"), reading(no_lists, f"({brief})")
        # Nothing is sorted where nobody could see it: the engine leaves the order out of all but the copy.
        probes = (
            Probe(Sort.DECIDING, Together.PLANNING, prepared(whole), "SELECT 1", ""),
            Probe(Sort.DECIDING, Together.LISTS, lists, rest, CLIENT, large=True),
            Probe(Sort.DECIDING, Together.REASONS, reasons, lists, CLIENT, large=True),
            Probe(Sort.DECIDING, Together.WRITING, parquet_copy(whole, self.scratch), reasons, CLIENT),
        )
        return Round(probes, "", "")

    def metrics(self, layer: RowLayer) -> Round:
        """The metrics of a layer; one that is a list or portfolio function and no more costs what that costs."""
        renderer = client_renderer(self.checked, self.plan, self.as_of)
        below = {c.name for other in self.plan.fact_layers if isinstance(other, RowLayer) for c in other.columns}
        sql = {column.name: stored(column, renderer) for column in layer.columns}
        probes = [
            self.row_probe(Sort.METRIC, c.name, sql[c.name], c.expression, times=2 if c.name in below else 1)
            for c in layer.columns
            if not isinstance(c.expression, Aggregate | Portfolio)
        ]
        new = ",\n       ".join(["*", *(f"{text} AS {quote_name(name)}" for name, text in sql.items())])
        return self.round(probes, f"SELECT {new}\nFROM {self.stage}")

    def rules(self) -> Iterator[Probe]:
        renderer = client_renderer(self.checked, self.plan, self.as_of)
        for rule in self.checked.rules:
            condition = rule.counting(self.as_of)
            yield self.row_probe(Sort.RULE, rule.id, renderer.sql(condition), condition)

    def row_probe(self, sort: Sort, name: str, sql: str, node: Expression, times: int = 1) -> Probe:
        """An expression of one client, and only the columns that it looks at."""
        select = FactsSelect(self.checked, self.plan, self.as_of)
        read = columns_read(node, select)
        base = reading(read, self.stage) if read else self.read_key()
        return Probe(sort, name, reading([sql], self.stage), base, CLIENT, node, times)


def with_parts(parts: Sequence[tuple[str, str]], select: str) -> str:
    ctes = ",\n".join(f"{quote_name(name)} AS (\n{sql}\n)" for name, sql in parts)
    return f"WITH {ctes}\n{select}" if ctes else select


def prepared(select: str) -> str:
    """Plans the query, and does not run it."""
    return f'PREPARE "#planned" AS {select}'


def reading(columns: Sequence[str], relation: str) -> str:
    """Calculates the columns for every row and keeps next to nothing; unlike count and max, any_value is never answered from statistics."""
    return f"SELECT {', '.join(f'any_value({c})' for c in columns)}\nFROM {relation}"


def columns_read(node: Expression, select: FactsSelect) -> list[str]:
    """The columns of the client's row that the expression looks at."""
    return list(dict.fromkeys(select.client_column(n) for n in columned(node)))


def columned(node: Expression) -> Iterator[Columned]:
    """The outermost nodes that stand in columns of their own."""
    if isinstance(node, FieldValue | MetricValue | Aggregate | Portfolio):
        yield node
        return
    for child in children(node):
        yield from columned(child)
