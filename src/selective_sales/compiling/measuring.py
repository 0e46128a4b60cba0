"""CheckedPolicy in, out the query for what each client means in money and time, over a run's facts, as they are or on other terms."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from ..model.checked import CheckedMeasure, CheckedPolicy
from ..model.expression import Aggregate, Arithmetic, Constant, Expression, FieldValue, MetricValue, Portfolio, children
from ..model.kind import Kind
from ..model.policy import MeasureName
from ..model.queries import MeasuresQuery
from ..model.simulation import How, TermChange
from ..model.sql import quote_name, quote_value
from .decide import FACTS, client_renderer, metric_layers
from .facts import CLIENT, FactsSelect, of_facts, replacing
from .macros import macro_statements
from .plan import Plan, plan
from .render import DECISION, Renderer

MONEY = (MeasureName.REVENUE, MeasureName.COST_TO_SERVE)
"""The measures that move a profit which is delivered and not calculated from them."""


def measures_query(checked: CheckedPolicy, as_of: datetime.date, changes: Sequence[TermChange] = ()) -> MeasuresQuery:
    """Over `run.facts`: the key, and a column for each measure that the policy has or that is assumed.

    With `changes`, `run.facts` has the column `"#decision"` too; list and portfolio functions stay what they are.
    """
    checked = of_facts(checked)
    made = Measured(checked, plan(checked), as_of, tuple(changes))
    return MeasuresQuery(macro_statements(), made.sql(), checked.policy.clients.key, made.columns())


def measure_column(name: MeasureName) -> str:
    """No author can declare a name with #."""
    return f"#{name}"


@dataclass(slots=True)
class Measured:
    """Builds the query: fields on other terms, what is calculated from them, the metrics, the measures."""

    checked: CheckedPolicy
    plan: Plan
    as_of: datetime.date
    changes: tuple[TermChange, ...]
    parts: list[tuple[str, str]] = field(default_factory=list)

    @property
    def renderer(self) -> Renderer:
        return client_renderer(self.checked, self.plan, self.as_of)

    def columns(self) -> tuple[tuple[MeasureName, str], ...]:
        return tuple((m.name, measure_column(m.name)) for m in self.checked.measures)

    def sql(self) -> str:
        clients, terms = self.checked.policy.clients, terms_of(self.checked, self.changes, self.renderer)
        relation = FACTS
        if terms.delivered:
            self.parts.append(("terms", replacing(terms.delivered, relation)))
            relation = quote_name("terms")
        if (terms.delivered or terms.calculated) and terms.again:
            facts = FactsSelect(self.checked, self.plan, self.as_of, parts=self.parts, replaced=terms.calculated)
            bare = f"(SELECT * EXCLUDE ({', '.join(map(quote_name, terms.again))}) FROM {relation})"
            relation = facts.calculated(bare, clients, facts.client_renderer(), "clients")
        relation = metric_layers(self.checked, self.plan, self.as_of, self.parts, relation, terms.metrics)
        relation = self.measured(relation)
        text = ",\n       ".join(map(quote_name, (*clients.key, *(column for _, column in self.columns()))))
        ctes = ",\n".join(f"{quote_name(name)} AS NOT MATERIALIZED (\n{sql}\n)" for name, sql in self.parts)
        return f"WITH {ctes}\nSELECT {text}\nFROM {relation}"

    def measured(self, relation: str) -> str:
        """The relation with the measures: first those that are calculated from fields and metrics alone, then an assumed profit."""
        profit = self.checked.measure(MeasureName.PROFIT)
        last = profit if profit is not None and is_difference(profit) else None
        columns = [self.measure(m) for m in self.checked.measures if m is not last]
        self.parts.append(("measures", "SELECT " + ",\n       ".join(["*", *columns]) + f"\nFROM {relation}"))
        if last is not None:
            revenue, cost = (quote_name(measure_column(name)) for name in MONEY)
            column = f"money({revenue} - {cost}) AS {quote_name(measure_column(MeasureName.PROFIT))}"
            self.parts.append(("profit", f'SELECT *, {column}\nFROM "measures"'))
            return quote_name("profit")
        return quote_name("measures")

    def measure(self, measure: CheckedMeasure) -> str:
        sql = self.renderer.comparable(measure.expression)
        changes = [c for c in self.changes if target(self.checked, c) is None and c.name == measure.name]
        return f"{on_terms(sql, measure.kind, changes, self.renderer)} AS {quote_name(measure_column(measure.name))}"


@dataclass(frozen=True, slots=True)
class Terms:
    """SQL for what changes: fields that are delivered, fields that are calculated (`again`: all of these), metrics."""

    delivered: Mapping[str, str]
    calculated: Mapping[str, str]
    metrics: Mapping[str, str]
    again: tuple[str, ...]


def terms_of(checked: CheckedPolicy, changes: Sequence[TermChange], renderer: Renderer) -> Terms:
    """What the changes make of the clients' fields and metrics; each SQL reads the value that it replaces."""
    again = tuple(c.field for c in checked.calculations if c.table == CLIENT)
    kinds = {f.name: f.type for f in checked.policy.clients.fields}
    metrics = {m.name: m.kind for m in checked.results if not m.is_list}
    found: dict[str, str] = {}
    for name, kind in (kinds | metrics).items():
        own = [c for c in changes if target(checked, c) == name]
        if own:
            found[name] = on_terms(quote_name(name), kind, own, renderer)
    return Terms(
        {name: sql for name, sql in found.items() if name in kinds and name not in again},
        {name: sql for name, sql in found.items() if name in again},
        {name: sql for name, sql in found.items() if name in metrics},
        again,
    )


def on_terms(sql: str, kind: Kind, changes: Sequence[TermChange], renderer: Renderer) -> str:
    """A value on other terms, one change after the other, each for the clients whom it is for; a missing value stays missing."""
    value = replace(renderer, column=lambda _: sql)
    decisions = dict.fromkeys(c.decision for c in changes if c.decision is not None)
    others = value_on(sql, kind, [c for c in changes if c.decision is None], value)
    if not decisions:
        return others
    cases = [
        f"WHEN {quote_value(decision)} THEN {value_on(sql, kind, [c for c in changes if c.decision in (None, decision)], value)}"
        for decision in decisions
    ]
    return f"CASE {DECISION} {' '.join(cases)} ELSE {others} END"


def value_on(sql: str, kind: Kind, changes: Sequence[TermChange], renderer: Renderer) -> str:
    """The value after all of the changes, calculated as the language does."""
    tree: Expression = FieldValue(CLIENT, "", kind=kind)
    for change in changes:
        tree = altered(tree, change)
    text = renderer.sql(tree)
    if isinstance(tree, Constant) or any(c.how is How.SET for c in changes):
        text = f"CASE WHEN {sql} IS NOT NULL THEN {text} END"
    return f"grid({text})" if kind is Kind.NUMBER and changes else text


def altered(value: Expression, change: TermChange) -> Expression:
    """The value after a change."""
    kind = value.kind
    whole = kind in (Kind.INTEGER, Kind.DAYS, Kind.MONTHS)
    amount = int(change.amount) if whole and change.how is not How.RELATIVE else change.amount
    match change.how:
        case How.RELATIVE:
            # A whole value by a number that is not whole is rounded, as spans of time are.
            return Arithmetic(value, "*", Constant(1 + change.amount, kind=Kind.NUMBER), kind=Kind.DAYS if whole else kind)
        case How.ADD:
            return Arithmetic(value, "+", Constant(amount, kind=kind), kind=kind)
        case How.SET:
            return Constant(amount, kind=kind)
        case _:
            assert_never(change.how)


def target(checked: CheckedPolicy, change: TermChange) -> str | None:
    """The field or metric that the change is about: of that name, or what the measure of that name simply is."""
    name = change.name
    if checked.policy.clients.field(name) is not None or any(m.name == name for m in checked.results):
        return name
    return next((m.column for m in checked.measures if m.name == name), None)


def moved_by(checked: CheckedPolicy, measure: CheckedMeasure, changes: Sequence[TermChange]) -> frozenset[TermChange]:
    """The changes that the measure is calculated from, through any number of steps."""
    names = values_under(checked, measure.expression, windows=False)
    own = {measure.name}
    if measure.name is MeasureName.PROFIT and is_difference(measure):
        own |= set(MONEY)
    return frozenset(c for c in changes if (name := target(checked, c)) in names or (name is None and c.name in own))


def moves(checked: CheckedPolicy, change: TermChange) -> bool:
    """Whether some measure is calculated from what changes."""
    return any(moved_by(checked, measure, (change,)) for measure in checked.measures)


def is_difference(measure: CheckedMeasure) -> bool:
    """True for a profit that is assumed to be revenue - cost_to_serve."""
    return measure.assumed and measure.column is None


def held(checked: CheckedPolicy, changes: Sequence[TermChange]) -> tuple[Aggregate | Portfolio, ...]:
    """The list and portfolio functions below the measures that look at what changes: a run's facts hold them as they were."""
    below = dict.fromkeys(n for m in checked.measures for n in nodes_under(checked, m.expression, windows=True))
    return tuple(w for w in below if isinstance(w, Aggregate | Portfolio) and looks_at(checked, w, changes))


def looks_at(checked: CheckedPolicy, window: Aggregate | Portfolio, changes: Sequence[TermChange]) -> bool:
    """Whether something within the function's brackets changes."""
    names = {target(checked, c) for c in changes}
    return any(names & values_under(checked, part, windows=True) for part in children(window))


def values_under(checked: CheckedPolicy, tree: Expression, *, windows: bool) -> frozenset[str]:
    """The client's fields and metrics below a value, through any number of steps; `windows`: also within list and portfolio functions."""
    nodes = nodes_under(checked, tree, windows=windows)
    return frozenset(n.name for n in nodes if isinstance(n, MetricValue) or (isinstance(n, FieldValue) and n.table == CLIENT))


def nodes_under(checked: CheckedPolicy, tree: Expression, *, windows: bool) -> Iterator[Expression]:
    """The nodes of the tree, and those of what it names."""
    seen: set[tuple[str, str]] = set()
    todo = [tree]
    while todo:
        node = todo.pop()
        yield node
        match node:
            case MetricValue(name) if ("", name) not in seen:
                seen.add(("", name))
                todo.append(checked.metric(name).expression)
            case FieldValue(table, name) if (table, name) not in seen:
                seen.add((table, name))
                calculation = checked.calculation(table, name)
                if calculation is not None:
                    todo.append(calculation.expression)
            case Aggregate() | Portfolio() if not windows:
                pass
            case _:
                todo.extend(children(node))
