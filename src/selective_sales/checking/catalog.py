"""What a policy defines, by name, and where an expression stands that may use it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from ..model.kind import Kind
from ..model.place import Place
from ..model.policy import Decision, Field, Metric, Parameter, Policy, Table
from .desk import Desk

CLIENTS = "clients"
Reader = Literal["rule", "metric", "calculation"]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything a policy defines, by name. Of a name defined twice the first one counts; the clash is reported once, elsewhere."""

    tables: Mapping[str, Table]
    fields: Mapping[str, Mapping[str, Field]]
    parameters: Mapping[str, Parameter]
    metrics: Mapping[str, Metric]
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
        metrics=_first((m.name, m) for m in policy.metrics),
        decisions=_first((d.id, d) for d in policy.decisions),
        rules=frozenset(r.id for r in policy.rules),
        listed=_first((v, f) for t in policy.tables for f in t.fields for v in f.one_of if isinstance(v, str)),
    )


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
    reported: set[tuple[str, Place]] = field(default_factory=set)

    def inside(self, table: str) -> Scope:
        """The same, within the brackets of a child table."""
        return Scope(self.catalog, self.desk, self.kinds, self.texts, self.reader, table, True, self.reported)


def is_list(parameter: Parameter) -> bool:
    """True where the parameter holds a list, at any time."""
    return isinstance(parameter.value, tuple) or any(isinstance(d.value, tuple) for d in parameter.dated)
