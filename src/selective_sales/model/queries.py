"""What an engine runs over decided clients, one form of query for each question: why, what it comes to, who is told what.

Most read `run.facts` and `run.decisions`, the relations that a run has left. The queries that decide are in `plan`.
"""

from __future__ import annotations

from dataclasses import dataclass

from .coverage import Mark, Part
from .expression import Aggregate, Expression, Portfolio
from .kind import Kind
from .policy import MeasureName


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
    lacking: str | None = None
    """A condition on one client: whose missing value leaves one of the limit's lists unknown; None where none can."""


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
