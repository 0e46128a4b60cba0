"""The plan between a policy and SQL: ordered layers of typed columns; and the queries that decide, into which a renderer turns it.

sources -> child aggregates -> portfolio functions -> row metrics -> (again, as the graph asks) -> facts -> rules -> decision.
"""

from __future__ import annotations

from dataclasses import dataclass

from .expression import Aggregate, Expression, Portfolio
from .kind import Kind


@dataclass(frozen=True, slots=True)
class Column:
    """A typed column that a layer adds: its name in SQL, its kind, and the checked expression it holds."""

    name: str
    kind: Kind
    expression: Expression


@dataclass(frozen=True, slots=True)
class AggregateColumn:
    """A list function's result per client. `blanks`: for each child field that can leave it missing, the flag column's name."""

    name: str
    aggregate: Aggregate
    blanks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ChildLayer:
    """Aggregates over the rows of one child table, grouped by client. They may read columns of earlier layers."""

    table: str
    columns: tuple[AggregateColumn, ...]


@dataclass(frozen=True, slots=True)
class PortfolioColumn:
    """A portfolio function's result per client."""

    name: str
    portfolio: Portfolio


@dataclass(frozen=True, slots=True)
class PortfolioLayer:
    """Portfolio functions over all clients. They may read columns of earlier layers."""

    columns: tuple[PortfolioColumn, ...]


@dataclass(frozen=True, slots=True)
class RowLayer:
    """Row expressions over the columns of earlier layers."""

    columns: tuple[Column, ...]


Layer = ChildLayer | PortfolioLayer | RowLayer


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """A column of decisions.parquet or facts.parquet, for readers: name and kind (`is_list`: a list of texts)."""

    name: str
    kind: Kind
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What an engine runs, in order: `prelude` (macros, session variables), then `facts` over the typed tables, then `decide` over `facts`.

    `facts` and `decide` are SELECTs; `decide` reads a relation named `facts` and yields rows in the order of the key.
    """

    prelude: tuple[str, ...]
    facts: str
    decide: str
    fact_columns: tuple[ResultColumn, ...]
    result_columns: tuple[ResultColumn, ...]
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PortableTable:
    """A table that a portable query reads: its columns' names, each with its type there."""

    name: str
    columns: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PortableQuery:
    """What another engine runs: `prelude` (its functions), then one SELECT over tables that are named, and have columns, as in the policy.

    It yields `result_columns` in the order of the key.
    """

    dialect: str
    prelude: tuple[str, ...]
    select: str
    tables: tuple[PortableTable, ...]
    result_columns: tuple[ResultColumn, ...]
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunQuery:
    """What an engine beside DuckDB runs for a run folder: the facts from the tables, then the decision from the facts, each with the views
    that it stands on. Exceptions are not in it where nobody has one.
    """

    facts_views: tuple[str, ...]
    facts: str
    decide_views: tuple[str, ...]
    decide: str
    fact_columns: tuple[ResultColumn, ...]
    result_columns: tuple[ResultColumn, ...]
    key: tuple[str, ...]

    def as_query(self) -> Query:
        return Query((*self.facts_views, *self.decide_views), self.facts, self.decide, self.fact_columns, self.result_columns, self.key)


@dataclass(frozen=True, slots=True)
class MaskColumns:
    """Some rules in a prepared query: the columns with the bits of those that fired and of those that are unknown, the rules' ids in the
    order of the bits, and the bits of those that apply where they are unknown.
    """

    fired: str
    unknown: str
    rules: tuple[str, ...]
    applied: int

    def ids(self, bits: int) -> list[str]:
        return [rule for bit, rule in enumerate(self.rules) if bits >> bit & 1]


@dataclass(frozen=True, slots=True)
class PreparedQuery:
    """One client or a few in one statement, from the values given (a parameter per table) to the decision.

    `decide` yields the key, the decision and who decided, the masks and the metrics; it fails where a row breaks the contract. `why` yields
    `missing_because` and `possible_decisions` too, and takes half as long again: it is for those whom `decide` leaves undetermined.
    """

    prelude: tuple[str, ...]
    decide: str
    why: str
    key: tuple[str, ...]
    metrics: tuple[str, ...]
    masks: tuple[MaskColumns, ...]
