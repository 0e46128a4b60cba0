"""The plan between a policy and SQL: ordered layers of typed columns. A renderer turns it into a dialect.

sources -> child aggregates -> portfolio functions -> row metrics -> (again, as the graph asks) -> facts -> rules -> decision.
"""

from __future__ import annotations

from dataclasses import dataclass

from .coverage import Mark, Part
from .expression import Aggregate, Expression, Portfolio
from .kind import Kind
from .policy import MeasureName


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
    aggregates: tuple[tuple[Aggregate | Portfolio, str], ...]
    metrics: tuple[tuple[str, Kind, str], ...]
    rules: tuple[RuleColumns, ...]


@dataclass(frozen=True, slots=True)
class MeasuresQuery:
    """The row-level query over a relation named `run.facts`: the key, then `columns`, each measure with its column."""

    prelude: tuple[str, ...]
    sql: str
    key: tuple[str, ...]
    columns: tuple[tuple[MeasureName, str], ...]


@dataclass(frozen=True, slots=True)
class WaitingQuery:
    """The row-level query over `run.facts` for what undetermined clients wait for: the key, and `missing_because`."""

    prelude: tuple[str, ...]
    sql: str
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SimulationQuery:
    """What an engine runs over `run.decisions` and the facts as `run.given`, in order: `prelude`, `decided` as `run.facts`, `measured` (a
    row per client with its measures today and on other terms) as the table `run.measured`.

    `groups` yields a row per decision; `curves` over `run.measured` have one row each: revenue and profit of everybody today, and of those
    who stay on other terms (None: no such measure).
    """

    prelude: tuple[str, ...]
    decided: str
    measured: str
    groups: str
    curves: tuple[tuple[str, str | None], tuple[str, str | None]]
    revenue: str
    """The column of `run.measured` with today's revenue."""


@dataclass(frozen=True, slots=True)
class FigureQuery:
    """A figure split by values: yields the values, then the figure (after the partition's value, where there is one)."""

    figure: str
    by: tuple[tuple[str, Kind], ...]
    sql: str


@dataclass(frozen=True, slots=True)
class LimitColumns:
    """A limit in the query over the whole: its column (true, false, NULL), and the sides of its conditions with their columns."""

    limit: str
    column: str
    sides: tuple[tuple[Expression, str], ...]
    clients: str | None
    """A condition on one client: whom the limit counts; None where it counts nobody in particular."""


@dataclass(frozen=True, slots=True)
class GuaranteeColumns:
    """A guarantee in the query over the whole: columns with the numbers of clients for whom it fails and is unknown."""

    guarantee: str
    breached: str
    unknown: str
    condition: str


@dataclass(frozen=True, slots=True)
class GroupColumns:
    """A group of an allocation in the query over the whole."""

    group: str
    clients: str
    measure: str
    share: str
    factor: str
    result: str


@dataclass(frozen=True, slots=True)
class AllocationColumns:
    """An allocation in the query over the whole. `group_of` is a client's group as SQL: a number from 1, 0 for none, NULL unallocated;
    `measure_of` what the client measures in it."""

    allocation: str
    groups: tuple[GroupColumns, ...]
    rest: str
    unallocated: str
    fit_two: str
    others: str
    group_of: str
    measure_of: str


@dataclass(frozen=True, slots=True)
class ConflictColumns:
    """A table whose rows promised not to meet: per row its condition as SQL, and the condition that more than one counts."""

    table: str
    conflict: str
    rows: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class ResultsQuery:
    """What an engine runs after the decisions: `relation` is a SELECT over `run.facts` and `run.decisions` (with a row per client), to be
    known as `run.results`; `whole` a SELECT of one row over it (or one per value of the partition, which then comes first).
    """

    prelude: tuple[str, ...]
    relation: str
    whole: str | None
    figures: tuple[tuple[str, str], ...]
    """A figure that is not split, with its column."""
    split: tuple[FigureQuery, ...]
    limits: tuple[LimitColumns, ...]
    guarantees: tuple[GuaranteeColumns, ...]
    allocations: tuple[AllocationColumns, ...]
    conflicts: tuple[ConflictColumns, ...]
    left_out: tuple[tuple[Portfolio, str], ...]
    """A portfolio function with the column that counts the clients it left out."""
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CoverageQuery:
    """What an engine runs over a batch of test cases: `groups` are the columns of `run.shown` (a group of marks, its column). `marks` gives
    one row: a column per mark with 2, 1, or NULL where nothing shows it, and for the `hits` of a table or factor a list of {rows: numbers
    (NULL: none), seen: 2 or 1}. `decisions` gives a row per policy's decision.
    """

    prelude: tuple[str, ...]
    groups: tuple[tuple[str, str], ...]
    marks: str
    decisions: str
    columns: tuple[tuple[Mark, str], ...]
    hits: tuple[tuple[Part, str, str], ...]


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


@dataclass(frozen=True, slots=True)
class AssociationQuery:
    """What the association of a value with groups is made of, both by their number: the divisions', then those of protected fields.

    Of texts, and of yes or no: one row of clients, values, groups, chi-squared by clients. Else a row per group: clients, mean, variance.
    """

    groups: int
    value: int
    of_texts: bool
    sql: str


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """The queries of a fairness audit. `relation`, over the typed clients, `run.facts` and `run.decisions`, is kept as `run.audit`.

    `sizes` gives one row: clients, those whose protected fields were not found, and how many groups each division, each
    business field and each of `protected` has: the protected fields that are no division themselves (numbers and dates in fifths, marked).
    The queries of `counts` and `strata` give rows of group, decision, clients (and stratum). `moving` names the rules without which
    somebody might be decided otherwise; `moved` counts over `run.without` who is.
    """

    prelude: tuple[str, ...]
    relation: str
    sizes: str
    counts: tuple[str, ...]
    strata: tuple[tuple[str, ...], ...]
    associations: tuple[AssociationQuery, ...]
    protected: tuple[tuple[str, bool], ...]
    moving: str
    without: tuple[str, ...]
    """As `counts`, with the decisions of `run.without`."""
    moved: str


@dataclass(frozen=True, slots=True)
class LettersQuery:
    """A SELECT over `run.facts` and `run.decisions`, with a row for each client whose decision sends a letter.

    `relation` yields the columns of `key`, then DECISION, DECIDED_BY, FIRED, MISSING (lists), LANGUAGE and WHY ("" where the client gets
    a letter, else why not) under the names that `LETTER_COLUMNS` has, then `values` under their names, then of each of `reasons` a DOUBLE
    in its column `reason_column`: NULL where the rule's reason must not be told, else how far the client is past the rule's threshold, in
    parts of it (-1: that cannot be measured).
    """

    prelude: tuple[str, ...]
    relation: str
    key: tuple[str, ...]
    values: tuple[tuple[str, Kind], ...]
    reasons: tuple[str, ...]
    """Rules with a letter_reason for a decision with a letter, in policy order."""


LETTER_COLUMNS = ("#decision", "#decided_by", "#fired", "#missing", "#language", "#why")
"""What a letter must know of the decision: no author can declare these names."""


def reason_column(number: int) -> str:
    """The column of the number-th of a LettersQuery's `reasons`."""
    return f"#reason {number}"


@dataclass(frozen=True, slots=True)
class ReportQuery:
    """A row per client over `run.facts` and `run.decisions`, for a report: `key 0` ..., `segment 0` ..., and what a client comes to."""

    prelude: tuple[str, ...]
    clients: str
    width: int
    segments: int
