"""What a policy defines, by name, and where an expression stands that may use it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from ..model.decision_tables import DecisionTable, Output
from ..model.expression import Expression, Name
from ..model.kind import Kind
from ..model.place import Place
from ..model.policy import Decision, Field, Metric, Parameter, Policy, Table
from ..model.promises import Figure
from ..model.scores import Score
from ..model.text import Texts
from .desk import Desk
from .value_ranges import Known

CLIENTS = "clients"
Reader = Literal["rule", "metric", "calculation", "whole", "guarantee", "audit"]
"""Who reads an expression. `whole`: a figure or a limit, which see the list of all clients; `guarantee`: what looks at one decided client
(a group of an allocation too); `audit`: the fairness audit."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class OutputOf:
    """An output of a decision table, as a value that can be named."""

    table: DecisionTable
    output: Output

    @property
    def name(self) -> str:
        return self.output.name

    @property
    def place(self) -> Place:
        return self.output.place

    @property
    def title(self) -> Texts | None:
        return self.output.title

    @property
    def format(self) -> str:
        return self.output.format

    @property
    def tell_client(self) -> bool:
        return self.output.tell_client

    @property
    def number(self) -> int:
        """Which of the table's outputs it is, from 0."""
        return self.table.outputs.index(self.output)


Value = Metric | Score | OutputOf
"""What the policy calculates for a client, under a name."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything a policy defines, by name. Of a name defined twice the first one counts; the clash is reported once, elsewhere."""

    tables: Mapping[str, Table]
    fields: Mapping[str, Mapping[str, Field]]
    parameters: Mapping[str, Parameter]
    metrics: Mapping[str, Value]
    """Every calculated value: scores, table outputs and metrics."""
    decision_tables: Mapping[str, DecisionTable]
    figures: Mapping[str, Figure]
    decisions: Mapping[str, Decision]
    rules: frozenset[str]
    listed: Mapping[str, Field]
    """A text that some field lists in its `one_of`, with that field: an author forgets the quotes."""

    def field(self, table: str, name: str) -> Field | None:
        return self.fields.get(table, {}).get(name)

    def children_with(self, name: str) -> list[Table]:
        """The child tables that have a field of this name."""
        return [t for t in self.tables.values() if t.name != CLIENTS and name in self.fields[t.name]]

    def place_of(self, name: str, table: str | None) -> Place | None:
        """Where a name that may stand in an expression is declared."""
        found = (self.field(table, name) if table else None) or self.field(CLIENTS, name)
        thing = found or self.parameters.get(name) or self.metrics.get(name)
        return thing.place if thing else None


def catalog(policy: Policy) -> Catalog:
    """The policy's definitions, indexed."""
    return Catalog(
        tables=_first((t.name, t) for t in policy.tables),
        fields=_first((t.name, _first((f.name, f) for f in t.fields)) for t in policy.tables),
        parameters=_first((p.name, p) for p in policy.parameters),
        metrics=_first((v.name, v) for v in values_of(policy)),
        decision_tables=_first((t.name, t) for t in policy.decision_tables),
        figures=_first((f.name, f) for f in policy.figures),
        decisions=_first((d.id, d) for d in policy.decisions),
        rules=frozenset(r.id for r in policy.rules),
        listed=_first((v, f) for t in policy.tables for f in t.fields for v in f.one_of if isinstance(v, str)),
    )


def values_of(policy: Policy) -> Iterator[Value]:
    """Every calculated value in the order of the result's columns."""
    yield from policy.scores
    yield from (OutputOf(table, output) for table in policy.decision_tables for output in table.outputs)
    yield from policy.metrics


def _first(pairs: Iterable[tuple[str, _T]]) -> dict[str, _T]:
    """By name, in the author's order; the first of equal names counts."""
    found: dict[str, _T] = {}
    for name, thing in pairs:
        found.setdefault(name, thing)
    return found


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: who reads it, and in which child table's row (`table`), if in any.

    `kinds` and `texts` hold what is known so far of metrics: their kind, and the only texts that they and calculated fields can be
    (None: any).
    """

    catalog: Catalog
    desk: Desk
    kinds: Mapping[str, Kind]
    texts: Mapping[str | tuple[str, str], frozenset[str] | None]
    reader: Reader
    table: str | None = None
    in_list: bool = False
    lists: set[str] = field(default_factory=set)
    """The outputs that are collected lists, as far as they are known."""
    reported: set[tuple[str, Place]] = field(default_factory=set)
    figure: Callable[[Name], Expression] | None = None
    """What a figure's name stands for, where figures can be named."""
    known: Known | None = None
    """Between which values the calculated values lie, as far as they are known."""

    def inside(self, table: str) -> Scope:
        """The same, within the brackets of a child table."""
        return Scope(self.catalog, self.desk, self.kinds, self.texts, self.reader, table, True, self.lists, self.reported, known=self.known)


def is_list(parameter: Parameter) -> bool:
    """True where the parameter holds a list, at any time."""
    return isinstance(parameter.value, tuple) or any(isinstance(d.value, tuple) for d in parameter.dated)
