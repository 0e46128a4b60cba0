"""A plan in, the SELECT of facts out: a row per client with its fields and the results of its list functions.

Common table expressions follow the plan's layers: clients, then per layer one pass over a child table, and the client with its results.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ..model.checked import Calculation, CheckedPolicy
from ..model.expression import Expression, FieldValue, Hit, HitPolicy, MetricValue, children, walk
from ..model.kind import Kind
from ..model.plan import ChildLayer, Column, Layer, PortfolioLayer, ResultColumn, RowLayer
from ..model.policy import Table
from ..model.sql import quote_name
from .aggregates import ROWS, ChildSelect, finish, flags
from .arithmetic import on_grid
from .dialect import DUCKDB, Dialect
from .plan import Plan
from .portfolio import PortfolioSelect
from .render import Columned, Renderer, constant

CLIENT = "clients"
CLIENT_ROW = '"#client"'
"""Names with # cannot be an author's: no field, however named, is taken for one of ours."""


@dataclass(slots=True)
class FactsSelect:
    """Builds the common table expressions one after the other; `stage` is the latest relation with a row per client."""

    checked: CheckedPolicy
    plan: Plan
    as_of: datetime.date
    parts: list[tuple[str, str]] = field(default_factory=list)
    stage: str = ""
    given: str = ""
    """A relation with the fields and the results of list functions, instead of the tables."""
    replaced: Mapping[str, str] = field(default_factory=dict)
    """SQL for calculated fields of the clients and for metrics that are to be something else than they are calculated to be: it may read
    that value."""
    alone: bool = False
    """There is one client, and every row is that client's: nothing is grouped or joined by key."""
    dialect: Dialect = DUCKDB

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(map(quote_name, self.checked.policy.clients.key))

    def client_renderer(self) -> Renderer:
        lists = frozenset(m.name for m in self.checked.metrics if m.is_list)
        return Renderer(self.checked.policy, self.as_of, self.client_column, lists, self.dialect)

    def client_column(self, node: Columned) -> str:
        """In the client's row everything stands under its own name."""
        return quote_name(node.name if isinstance(node, FieldValue | MetricValue) else self.plan.window(node))

    def child_column(self, node: Columned) -> str:
        """In a child's row its own fields stand under their names, the client's behind `client.`."""
        assert isinstance(node, FieldValue | MetricValue)
        own = isinstance(node, FieldValue) and node.table != CLIENT
        return quote_name(node.name if own else f"client.{node.name}")

    def add(self, name: str, sql: str) -> str:
        """A common table expression; gives its quoted name."""
        self.parts.append((name, sql + self.dialect.fence))
        return quote_name(name)

    def source(self, table: Table) -> str:
        """The relation with the table's rows in the language's types."""
        typed = self.dialect.source(table)
        if typed is None:
            return quote_name(table.name)
        name = f"{table.name} typed"
        return quote_name(name) if any(name == known for known, _ in self.parts) else self.add(name, typed)

    def build(self) -> str:
        select = self.build_select()
        ctes = ",\n".join(f"{quote_name(name)} AS (\n{sql}\n)" for name, sql in self.parts)
        return (f"WITH {ctes}\n" if ctes else "") + select

    def build_select(self) -> str:
        """Fills `parts`; gives the SELECT of the facts over them."""
        clients = self.checked.policy.clients
        self.stage = self.calculated(self.given or self.source(clients), clients, self.client_renderer(), "clients")
        for number, layer in enumerate(self.plan.fact_layers, 1):
            self.add_layer(layer, number)
        chosen = ",\n       ".join(quote_name(c.name) for c in fact_columns(self.checked, self.plan))
        return f"SELECT {chosen}\nFROM {self.stage}"

    def add_layer(self, layer: Layer, number: int) -> None:
        """The layer's common table expressions, over `stage`."""
        match layer:
            case ChildLayer() if self.given:
                pass
            case ChildLayer(table) if table in self.plan.setting.absent:
                self.absent_layer(layer, number)
            case ChildLayer():
                self.child_layer(layer, number)
            case PortfolioLayer(columns):
                select = PortfolioSelect(self.client_renderer(), self.plan, number)
                for name, sql in select.parts(self.stage, columns):
                    self.stage = self.add(name, sql)
            case RowLayer(columns):
                renderer = self.client_renderer()
                new = ",\n       ".join(["*", *(named(c, renderer) for c in columns)])
                self.stage = self.add(f"clients {number}", f"SELECT {new}\nFROM {self.stage}")
                other = {c.name: self.replaced[c.name] for c in columns if c.name in self.replaced}
                if other:
                    self.stage = self.add(f"clients {number} replaced", replacing(other, self.stage))

    def calculated(self, relation: str, table: Table, renderer: Renderer, name: str) -> str:
        """The relation with the table's calculated fields, in as few steps as they need each other."""
        todo = [c for c in self.checked.calculations if c.table == table.name]
        step = 0
        while todo:
            waiting = {c.field for c in todo}
            ready = [c for c in todo if not waiting & fields_read(c, table.name)]
            assert ready, "the checker lets no cycle pass"
            step += 1
            new = ",\n       ".join(["*", *(calculation(c, table, renderer) for c in ready)])
            relation = self.add(f"{name} calculated {step}", f"SELECT {new}\nFROM {relation}")
            other = {c.field: self.replaced[c.field] for c in ready if table.name == CLIENT and c.field in self.replaced}
            if other:
                relation = self.add(f"{name} replaced {step}", replacing(other, relation))
            todo = [c for c in todo if c not in ready]
        return relation

    def child_layer(self, layer: ChildLayer, number: int) -> None:
        table = self.checked.policy.table(layer.table)
        assert table is not None
        renderer = Renderer(self.checked.policy, self.as_of, self.child_column, dialect=self.dialect)
        name = f"{table.name} {number}"
        source = self.calculated(self.child_source(layer, table, name), table, renderer, name)
        select = ChildSelect(self.checked, layer, renderer)
        for column in layer.columns:
            select.add(column)
        keys = tuple(map(quote_name, table.key))
        grouped = self.add(f"{name} by client", select.sql(source, keys, alone=self.alone))
        results = [f"{finish(c, self.dialect, f'{ROWS}.')} AS {quote_name(c.name)}" for c in layer.columns]
        blanks = [flag for c in layer.columns for flag in flags(c)]
        join = self.same_key(table)
        new = ",\n       ".join([f"{CLIENT_ROW}.*", *results, *blanks])
        relations = f"{self.stage} AS {CLIENT_ROW}\nLEFT JOIN {grouped} AS {ROWS}"
        self.stage = self.add(f"clients {number}", f"SELECT {new}\nFROM {relations} ON {join}")

    def absent_layer(self, layer: ChildLayer, number: int) -> None:
        """A table that was not given: every list over it is missing, and no blank cell is the cause."""
        results = [f"{constant(None, c.aggregate.kind, self.dialect)} AS {quote_name(c.name)}" for c in layer.columns]
        blanks = [f"FALSE AS {quote_name(flag)}" for c in layer.columns for _, flag in c.blanks]
        new = ",\n       ".join(["*", *results, *blanks])
        self.stage = self.add(f"clients {number}", f"SELECT {new}\nFROM {self.stage}")

    def child_source(self, layer: ChildLayer, table: Table, name: str) -> str:
        """The child table, with the client's columns that its brackets or calculated fields read."""
        read = sorted(client_names(self.checked, layer, table))
        relation = self.source(table)
        if not read:
            return relation
        columns = ", ".join([f"{ROWS}.*", *(f"{CLIENT_ROW}.{quote_name(n)} AS {quote_name(f'client.{n}')}" for n in read)])
        join = self.same_key(table)
        relations = f"{relation} AS {ROWS}\nLEFT JOIN {self.stage} AS {CLIENT_ROW}"
        return self.add(f"{name} with client", f"SELECT {columns}\nFROM {relations} ON {join}")

    def same_key(self, table: Table) -> str:
        """When a row is the client's."""
        if self.alone:
            return "TRUE"
        return " AND ".join(f"{ROWS}.{quote_name(child)} = {CLIENT_ROW}.{key}" for child, key in zip(table.key, self.key, strict=True))


def replacing(other: Mapping[str, str], relation: str) -> str:
    """The relation with other values in columns of those names."""
    columns = ",\n       ".join(f"{sql} AS {quote_name(name)}" for name, sql in other.items())
    return f"SELECT * REPLACE ({columns})\nFROM {relation}"


def fields_read(calculation: Calculation, table: str) -> set[str]:
    return {n.name for n in walk(calculation.expression) if isinstance(n, FieldValue) and n.table == table}


def client_names(checked: CheckedPolicy, layer: ChildLayer, table: Table) -> set[str]:
    """The client's fields and metrics that stand inside the layer's brackets or the child's calculated fields."""
    roots: list[Expression] = [child for c in layer.columns for child in children(c.aggregate)]
    roots += [c.expression for c in checked.calculations if c.table == table.name]
    nodes = [n for root in roots for n in walk(root)]
    return {n.name for n in nodes if isinstance(n, MetricValue) or (isinstance(n, FieldValue) and n.table == CLIENT)}


def calculation(item: Calculation, table: Table, renderer: Renderer) -> str:
    declared = table.field(item.field)
    assert declared is not None
    return named(Column(item.field, declared.type, item.expression), renderer)


def named(column: Column, renderer: Renderer) -> str:
    """`expression AS name`, a calculated number on its grid, an integer as the number that the column promises."""
    return f"{stored(column, renderer)} AS {quote_name(column.name)}"


def stored(column: Column, renderer: Renderer) -> str:
    node = column.expression
    text = renderer.sql(node)
    if node.kind is Kind.NUMBER and not on_grid(node) and not (isinstance(node, Hit) and node.policy is HitPolicy.COLLECT):
        return f"grid({text})"
    if node.kind is not column.kind:
        return f"CAST({text} AS {renderer.dialect.types[column.kind]})"
    return text


def of_facts(checked: CheckedPolicy) -> CheckedPolicy:
    """The policy as far as a run's facts can tell: they hold no protected field, nor what could be calculated from one."""
    protected = {(t.name, f.name) for t in checked.policy.tables for f in t.fields if f.protected}
    kept = tuple(c for c in checked.calculations if (c.table, c.field) not in protected)
    return checked if kept == checked.calculations else replace(checked, calculations=kept)


def fact_columns(checked: CheckedPolicy, plan: Plan) -> tuple[ResultColumn, ...]:
    """The client's fields (never protected ones), every list function's result with its flags, every portfolio function's result."""
    fields = [ResultColumn(f.name, f.type) for f in checked.policy.clients.fields if not f.protected]
    results: list[ResultColumn] = []
    for column in plan.aggregates:
        results.append(ResultColumn(column.name, column.aggregate.kind))
        results.extend(ResultColumn(flag, Kind.BOOLEAN) for _, flag in column.blanks)
    results += [ResultColumn(column.name, column.portfolio.kind) for column in plan.portfolios]
    return (*fields, *results)
