"""CheckedPolicy in, the queries over the decided clients out: figures, limits, guarantees, allocations, what the run must say of itself.

One pass over `run.results` (facts, calculated values and the final decision of every client) gives everything that is one number; a figure
that is split takes one more.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..model.checked import CheckedAllocation, CheckedFigure, CheckedPolicy
from ..model.expression import Aggregate, Expression, FieldValue, Hit, HitPolicy, MetricValue, Portfolio, Variants, leaves, walk
from ..model.kind import Kind
from ..model.plan import AggregateColumn, ChildLayer
from ..model.queries import AllocationColumns, ConflictColumns, FigureQuery, GroupColumns, GuaranteeColumns, LimitColumns, ResultsQuery
from ..model.sql import in_order, quote_name
from .aggregates import ChildSelect, can_be_unknown, finish
from .arithmetic import on_grid
from .decide import client_renderer, metric_layers
from .explain import shown_operands
from .hits import rows_of, trues
from .macros import macro_statements
from .plan import CLIENTS, Plan, Setting, found, plan
from .portfolio import part, summed
from .render import DECISION, Columned, Renderer

RESULTS = "run.results"
DECISIONS = "run.decisions"


def results_query(checked: CheckedPolicy, as_of: datetime.date, *, partition: str | None = None) -> ResultsQuery:
    """The queries over a run's facts and decisions; where `partition` is a field of the clients, per value of it."""
    layers = plan(checked, Setting(partition))
    return Results(checked, as_of, layers, client_renderer(checked, layers, as_of)).build()


@dataclass(slots=True)
class Results:
    """Collects the columns of the one pass: aggregates over clients, then expressions over those."""

    checked: CheckedPolicy
    as_of: datetime.date
    plan: Plan
    renderer: Renderer
    counted: dict[str, str] = field(default_factory=dict)
    """SQL of an aggregate -> its column in the pass."""
    lists: dict[Aggregate, str] = field(default_factory=dict)
    """A list function over `clients` -> its column in the pass."""
    outer: list[tuple[str, str]] = field(default_factory=list)
    """SQL over the pass, with the name of the result's column."""

    @property
    def partition(self) -> list[str]:
        return [] if self.plan.setting.partition is None else [quote_name(self.plan.setting.partition)]

    def build(self) -> ResultsQuery:
        checked = self.checked
        whole = [f for f in checked.figures if not f.by]
        figures = tuple((f.name, self.column(self.over(f.expression))) for f in whole)
        limits = tuple(self.limit(limit.id, limit.require) for limit in checked.limits)
        guarantees = tuple(self.guarantee(g.id, g.always) for g in checked.guarantees)
        allocations = tuple(map(self.allocation, checked.allocations))
        left_out = tuple(
            (p, self.column(self.count(f"WHERE {self.renderer.sql(p)} IS NULL AND {self.lacks(p)}"))) for p in self.portfolios()
        )
        return ResultsQuery(
            prelude=macro_statements(),
            relation=self.relation(),
            whole=self.whole() if self.outer else None,
            figures=figures,
            split=tuple(self.split(f) for f in checked.figures if f.by),
            limits=limits,
            guarantees=guarantees,
            allocations=allocations,
            conflicts=tuple(self.conflicts()),
            left_out=left_out,
            key=checked.policy.clients.key,
        )

    def relation(self) -> str:
        parts: list[tuple[str, str]] = []
        last = metric_layers(self.checked, self.plan, self.as_of, parts)
        ctes = ",\n".join(f"{quote_name(name)} AS NOT MATERIALIZED (\n{sql}\n)" for name, sql in parts)
        on = " AND ".join(f'"#c".{quote_name(k)} = "#d".{quote_name(k)}' for k in self.checked.policy.clients.key)
        select = f'SELECT "#c".*, "#d".decision AS {DECISION}\nFROM {last} AS "#c"\nJOIN {DECISIONS} AS "#d" ON {on}'
        return f"WITH {ctes}\n{select}" if ctes else select

    def column(self, sql: str) -> str:
        """A column of the result with that SQL over the pass."""
        name = f"#{len(self.outer) + 1}"
        self.outer.append((sql, name))
        return name

    def count(self, condition: str = "") -> str:
        """How many clients; gives the column of the pass."""
        return self.aggregate(f"count(*) FILTER ({condition})" if condition else "count(*)")

    def aggregate(self, sql: str) -> str:
        return quote_name(self.counted.setdefault(sql, f"#a{len(self.counted) + 1}"))

    def over(self, node: Expression) -> str:
        """An expression over lists of clients as SQL over the pass, a calculated number on its grid."""
        text = self.whole_renderer().sql(node)
        return text if on_grid(node) else f"grid({text})"

    def whole_renderer(self) -> Renderer:
        def column(node: Columned) -> str:
            assert isinstance(node, Aggregate), "the checker lets only lists of clients stand outside of brackets"
            return quote_name(self.lists.setdefault(node, f"#list {len(self.lists) + 1}"))

        return Renderer(self.checked.policy, self.as_of, column)

    def limit(self, name: str, require: Expression) -> LimitColumns:
        sides = tuple((side, self.column(self.over(side))) for leaf in leaves(require) for side in shown_operands(leaf))
        conditions = [n.condition for n in walk(require) if isinstance(n, Aggregate) and n.condition is not None]
        counted = self.renderer.sql(conditions[0]) if conditions else None
        return LimitColumns(name, self.column(self.over(require)), sides, counted, self.lacking(require))

    def lacking(self, require: Expression) -> str | None:
        """Which clients leave one of its lists unknown: the condition or the value is missing there."""
        rows = ChildSelect(self.checked, ChildLayer(CLIENTS, ()), self.renderer)
        parts = []
        for node in dict.fromkeys(n for n in walk(require) if isinstance(n, Aggregate) and n.table == CLIENTS and can_be_unknown(n)):
            condition = None if node.condition is None else self.renderer.sql(node.condition)
            value = None if node.value is None else f"({rows.summand(node)})"
            by = None if node.by is None else self.renderer.sql(node.by)
            parts.append(rows.unknown(condition, value, by))
        return " OR ".join(f"({part})" for part in parts) or None

    def guarantee(self, name: str, always: Expression) -> GuaranteeColumns:
        condition = self.renderer.sql(always)
        breached, unknown = self.count(f"WHERE NOT {condition}"), self.count(f"WHERE {condition} IS NULL")
        return GuaranteeColumns(name, self.column(breached), self.column(unknown), condition)

    def allocation(self, allocation: CheckedAllocation) -> AllocationColumns:
        who = [self.renderer.sql(g.who) for g in allocation.groups]
        measures = [self.renderer.comparable(g.measure) for g in allocation.groups]
        numbers = [str(i) for i in range(1, len(who) + 1)]
        first = f"first_certain({rows_of([*who, 'TRUE'], [*numbers, '0'])})"
        lacking = " ".join(f"WHEN {first} = {i} AND {m} IS NULL THEN NULL" for i, m in zip(numbers, measures, strict=True))
        group_of = f"CASE {lacking} ELSE {first} END"
        measure_of = f"CASE {group_of} " + " ".join(f"WHEN {i} THEN {m}" for i, m in zip(numbers, measures, strict=True)) + " END"
        groups, results = [], []
        for i, (group, measure) in enumerate(zip(allocation.groups, measures, strict=True), 1):
            kind = group.measure.kind
            summand = f"TRY_CAST({measure} AS DECIMAL(38, 9))" if kind is Kind.NUMBER else measure
            own = self.aggregate(f"sum({summand}) FILTER (WHERE {group_of} = {i})")
            share = part(kind, f"coalesce({own}, 0)", self.aggregate(f"sum({summand})"))
            factor = self.whole_renderer().comparable(group.factor)
            result = f"grid(({factor})::DOUBLE * ({share}))"
            results.append(result)
            groups.append(
                GroupColumns(
                    group.id,
                    self.column(self.count(f"WHERE {group_of} = {i}")),
                    self.column(summed(kind, f"coalesce({own}, 0)")),
                    self.column(f"grid({share})"),
                    self.column(f"({factor})::DOUBLE"),
                    self.column(result),
                )
            )
        return AllocationColumns(
            allocation.name,
            tuple(groups),
            self.column(f"grid(1e0 - ({in_order(results)}))"),
            self.column(self.count(f"WHERE {group_of} IS NULL")),
            self.column(self.count(f"WHERE {trues(who)} > 1")),
            self.column(self.count(f"WHERE {group_of} = 0")),
            group_of,
            measure_of,
        )

    def portfolios(self) -> list[Portfolio]:
        """One portfolio function per measure and groups: the others leave out the same clients."""
        shown: dict[tuple[Expression, tuple[Expression, ...]], Portfolio] = {}
        for node in found(self.checked, Portfolio):
            shown.setdefault((node.value, node.within), node)
        return list(shown.values())

    def lacks(self, node: Portfolio) -> str:
        return "(" + " OR ".join(f"{self.renderer.sql(part)} IS NULL" for part in (node.value, *node.within)) + ")"

    def conflicts(self) -> Iterator[ConflictColumns]:
        """The tables whose rows promised not to meet, or to agree where they do."""
        for table in self.checked.tables:
            if table.hit_policy not in (HitPolicy.UNIQUE, HitPolicy.ANY):
                continue
            rows = [(row.number, quote_name(row.part)) for row in table.rows]
            more = f"{trues([c for _, c in rows])} > 1"
            if table.hit_policy is HitPolicy.ANY:
                more += f" AND ({' OR '.join(map(self.disagreeing, table.outputs))})"
            yield ConflictColumns(table.name, more, tuple(rows))

    def disagreeing(self, output: str) -> str:
        """The true rows of a table do not give one value for the output."""
        tree = self.checked.metric(output).expression
        if isinstance(tree, Variants):
            tree = tree.default
        assert isinstance(tree, Hit)
        conditions = [self.renderer.sql(row.condition) for row in tree.rows]
        values = [self.renderer.value(row.value, tree.kind) for row in tree.rows]
        different = f'list_distinct(list_transform(chosen({rows_of(conditions, values)}), lambda "#x": {{\'is\': "#x"}}))'
        return f"len({different}) > 1"

    def whole(self) -> str:
        return self.select(self.partition, list(self.outer), self.lists, self.counted)

    def split(self, figure: CheckedFigure) -> FigureQuery:
        """The figure per combination of values, in their order."""
        inner = Results(self.checked, self.as_of, self.plan, self.renderer)
        value = inner.over(figure.expression)
        by = [(f"#by {i}", self.renderer.comparable(part)) for i, part in enumerate(figure.by, 1)]
        keys = [*self.partition, *(quote_name(name) for name, _ in by)]
        source = ", ".join(["*", *(f"{sql} AS {quote_name(name)}" for name, sql in by)])
        sql = self.select(keys, [(value, "#figure")], inner.lists, inner.counted, f"(SELECT {source} FROM {RESULTS})")
        order = ", ".join(f"{k} NULLS LAST" for k in keys)
        names = tuple((words(part), part.kind) for part in figure.by)
        return FigureQuery(figure.name, names, f"{sql}\nORDER BY {order}")

    def select(
        self,
        keys: list[str],
        outer: Sequence[tuple[str, str]],
        lists: dict[Aggregate, str],
        counted: dict[str, str],
        source: str = RESULTS,
    ) -> str:
        """The pass over the clients, its list functions finished, and the expressions over them."""
        columns = tuple(AggregateColumn(name, aggregate, ()) for aggregate, name in lists.items())
        child = ChildSelect(self.checked, ChildLayer(CLIENTS, columns), self.renderer)
        for column in columns:
            child.add(column)
        child.outer |= {name: sql for sql, name in counted.items()}
        if not child.outer:
            child.outer["#clients"] = "count(*)"
        wide = [f"{sql} AS {quote_name(name)}" for sql, name in child.inner.items()]
        inner = ",\n             ".join([*keys, *wide]) if not counted else ",\n             ".join(["*", *wide])
        passed = ",\n           ".join([*keys, *(f"{sql} AS {quote_name(name)}" for name, sql in child.outer.items())])
        grouped = f"\n      GROUP BY {', '.join(keys)}" if keys else ""
        finished = ",\n         ".join(
            [*keys, *(quote_name(n) for n in counted.values()), *(f"{finish(c)} AS {quote_name(c.name)}" for c in columns)]
        )
        shown = ",\n       ".join([*keys, *(f"{sql} AS {quote_name(name)}" for sql, name in outer)])
        select_pass = f"SELECT {passed}\n      FROM (SELECT {inner or '1'}\n            FROM {source}){grouped}"
        return f"SELECT {shown}\nFROM (SELECT {finished or '*'}\n  FROM ({select_pass}))"


def words(node: Expression) -> str:
    """What a figure is split by, as a heading."""
    return node.name if isinstance(node, FieldValue | MetricValue) else "decision"
