"""The plan between a policy and SQL: ordered layers of typed columns. A renderer turns it into a dialect.

sources -> child aggregates -> row metrics -> (again, as the graph asks) -> facts -> rules -> decision.
"""

from __future__ import annotations

from dataclasses import dataclass

from .expression import Aggregate, Expression
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
class RowLayer:
    """Row expressions over the columns of earlier layers."""

    columns: tuple[Column, ...]


Layer = ChildLayer | RowLayer


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
class LeafColumns:
    """One leaf condition in an explain query: its column, its operands' columns, and the rule's outcome were this leaf the other way."""

    leaf: Expression
    of_unless: bool
    column: str
    operands: tuple[tuple[Expression, str], ...]
    flipped: str


@dataclass(frozen=True, slots=True)
class RuleColumns:
    """One rule in an explain query: the column with its outcome (true, false, NULL: unknown), and its leaves."""

    rule: str
    column: str
    leaves: tuple[LeafColumns, ...]


@dataclass(frozen=True, slots=True)
class ExplainQuery:
    """The row-level query over a relation named `facts`, with every leaf and operand as a column.

    `sql` yields the key columns, then `fields`, `aggregates`, `metrics` (each name or expression with its column), then the rules' columns.
    """

    prelude: tuple[str, ...]
    sql: str
    key: tuple[str, ...]
    fields: tuple[tuple[str, Kind, str], ...]
    aggregates: tuple[tuple[Aggregate, str], ...]
    metrics: tuple[tuple[str, Kind, str], ...]
    rules: tuple[RuleColumns, ...]
