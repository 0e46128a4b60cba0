"""A policy that makes sense: names resolved, kinds known, metrics in an order that can be computed."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from .expression import NOWHERE, And, Constant, Expression, FieldValue, HitPolicy, MetricValue, Not, walk
from .kind import Kind
from .place import Place
from .policy import MeasureName, Policy
from .promises import Fairness, OnBreach
from .text import Texts


class Made(StrEnum):
    """What a calculated value of a client is made as."""

    METRIC = "metric"
    SCORE = "score"
    OUTPUT = "output"
    PART = "part"
    """A step inside a score or a table: a factor's worth, an input, a row's condition. No result column; its name starts with #."""


@dataclass(frozen=True, slots=True)
class CheckedMetric:
    """A value that the policy calculates for every client, with its kind and its typed tree.

    Metrics, scores and table outputs are all of this sort: they share one namespace, stand in one graph, and any of them may use any other.
    `is_list`: a collected list of values of that kind. `of` is the score or table that it belongs to ("" for a metric).
    """

    name: str
    kind: Kind
    expression: Expression
    made: Made = Made.METRIC
    place: Place = field(default=NOWHERE, compare=False)
    title: Texts | None = None
    format: str = ""
    tell_client: bool = False
    is_list: bool = False
    of: str = ""
    labels: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    """Where an output lists its values: by language, the value with the word for it."""

    @property
    def is_part(self) -> bool:
        return self.made is Made.PART


@dataclass(frozen=True, slots=True)
class CheckedFactor:
    """A factor of a score. `part` names the calculated value with what it is worth (0..1); `of` is what it looks at, typed."""

    id: str
    part: str
    weight: Expression
    of: Expression
    place: Place
    title: Texts | None = None


@dataclass(frozen=True, slots=True)
class CheckedScore:
    """A score, for explanations: its value is the calculated value of the same name."""

    name: str
    low: Decimal
    high: Decimal
    reweigh: bool
    factors: tuple[CheckedFactor, ...]


@dataclass(frozen=True, slots=True)
class CheckedInput:
    """An input of a table: how the author wrote it, and the value that the cells test (a FieldValue, or a MetricValue: maybe of a part)."""

    text: str
    value: Expression


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row of a table. `cells`: per input the typed condition, None where it lets everything through. `part` names the row's condition.

    `number` counts from 1 as the author sees them. `outputs` are typed expressions, one per output.
    """

    number: int
    part: str
    cells: tuple[Expression | None, ...]
    outputs: tuple[Expression, ...]
    place: Place
    cell_texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedTable:
    """A decision table, for analysis and explanations: its outputs are calculated values of their own."""

    name: str
    hit_policy: HitPolicy
    inputs: tuple[CheckedInput, ...]
    outputs: tuple[str, ...]
    rows: tuple[CheckedRow, ...]
    otherwise: tuple[Expression, ...] | None
    place: Place


@dataclass(frozen=True, slots=True)
class CheckedFigure:
    """A figure: its expression has Aggregates over `clients` (their conditions and values are of one client, and may hold Decided)."""

    name: str
    kind: Kind
    expression: Expression
    by: tuple[Expression, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class CheckedLimit:
    """A limit: a condition over Aggregates of `clients`, figures' expressions put in their place."""

    id: str
    require: Expression
    on_breach: OnBreach
    place: Place
    title: Texts | None = None


@dataclass(frozen=True, slots=True)
class CheckedGuarantee:
    """A condition over one client's values and Decided."""

    id: str
    always: Expression
    on_breach: OnBreach
    place: Place
    title: Texts | None = None


@dataclass(frozen=True, slots=True)
class CheckedGroup:
    """A group of an allocation. `factor` is a number (a constant, a parameter, or arithmetic over them), `measure` a client's amount."""

    id: str
    who: Expression
    factor: Expression
    measure: Expression
    place: Place
    title: Texts | None = None


@dataclass(frozen=True, slots=True)
class CheckedAllocation:
    """An allocation; every group has its measure."""

    name: str
    groups: tuple[CheckedGroup, ...]
    place: Place
    rest: Texts | None = None
    title: Texts | None = None


@dataclass(frozen=True, slots=True)
class CheckedAcross:
    """A way to divide clients for the fairness audit: an expression over protected fields."""

    id: str
    expression: Expression
    place: Place


@dataclass(frozen=True, slots=True)
class CheckedFairness:
    """What the fairness audit compares; the numbers are the policy's."""

    declared: Fairness
    across: tuple[CheckedAcross, ...]
    within: tuple[CheckedAcross, ...] = ()
    """The business fields, which might explain a gap."""


@dataclass(frozen=True, slots=True)
class CheckedMeasure:
    """What a client's value means in money or time, typed. Where the policy does not declare it, it is `assumed` from the names of fields
    and metrics (profit also from revenue and cost to serve); `others` are the names that would have fitted too."""

    name: MeasureName
    kind: Kind
    expression: Expression
    assumed: bool = False
    others: tuple[str, ...] = ()
    place: Place = field(default=NOWHERE, compare=False)

    @property
    def column(self) -> str | None:
        """The field or metric that the measure simply is; None where it is calculated here."""
        return self.expression.name if isinstance(self.expression, FieldValue | MetricValue) else None


@dataclass(frozen=True, slots=True)
class Level:
    """From where a mark is attractive: a number, or a parameter."""

    number: Decimal | None = None
    parameter: str = ""


@dataclass(frozen=True, slots=True)
class CheckedReport:
    """What a report shows, its names resolved. None or empty: the policy does not say."""

    burden: FieldValue | MetricValue | MeasureName | None = None
    segments: tuple[FieldValue | MetricValue, ...] = ()
    ours: FieldValue | MetricValue | None = None
    ours_from: Level | None = None
    theirs: FieldValue | MetricValue | None = None
    theirs_from: Level | None = None


@dataclass(frozen=True, slots=True)
class CheckedRule:
    """A rule's typed condition. `when` and `unless` stay apart, so that an explanation shows them apart."""

    id: str
    decision: str
    when: Expression
    unless: Expression | None
    valid_from: datetime.date | None = None
    valid_until: datetime.date | None = None

    def in_force(self, as_of: datetime.date) -> bool:
        """Whether the rule counts on that date (both ends included)."""
        return not (
            (self.valid_from is not None and as_of < self.valid_from) or (self.valid_until is not None and as_of > self.valid_until)
        )

    def counting(self, as_of: datetime.date) -> Expression:
        """The condition on that date: outside its dates a rule is false, whatever the client."""
        return self.condition if self.in_force(as_of) else Constant(False, "false", kind=Kind.BOOLEAN, place=self.when.place)

    @property
    def condition(self) -> Expression:
        """`when and not unless`."""
        if self.unless is None:
            return self.when
        return And((self.when, Not(self.unless, kind=Kind.BOOLEAN)), kind=Kind.BOOLEAN, place=self.when.place)


@dataclass(frozen=True, slots=True)
class Calculation:
    """A calculated field of a child table or of clients: `is:`."""

    table: str
    field: str
    kind: Kind
    expression: Expression


@dataclass(frozen=True, slots=True)
class CheckedPolicy:
    """`metrics` are all calculated values: scores, table outputs and metrics in the policy's order, then the parts; `metric_order` is an
    order in which each comes after all it uses. `policy.tables` has `history` where the policy looks at it.
    """

    policy: Policy
    calculations: tuple[Calculation, ...]
    metrics: tuple[CheckedMetric, ...]
    metric_order: tuple[str, ...]
    rules: tuple[CheckedRule, ...]
    scores: tuple[CheckedScore, ...] = ()
    tables: tuple[CheckedTable, ...] = ()
    figures: tuple[CheckedFigure, ...] = ()
    limits: tuple[CheckedLimit, ...] = ()
    guarantees: tuple[CheckedGuarantee, ...] = ()
    allocations: tuple[CheckedAllocation, ...] = ()
    fairness: CheckedFairness | None = None
    measures: tuple[CheckedMeasure, ...] = ()
    """Those that are declared or can be assumed, in the order of MeasureName."""
    report: CheckedReport = CheckedReport()
    by_name: dict[str, CheckedMetric] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {m.name: m for m in self.metrics})

    @property
    def results(self) -> tuple[CheckedMetric, ...]:
        """The calculated values that people see: every score, table output and metric, in the order of the result's columns."""
        return tuple(m for m in self.metrics if not m.is_part)

    def metric(self, name: str) -> CheckedMetric:
        return self.by_name[name]

    def measure(self, name: MeasureName) -> CheckedMeasure | None:
        """The measure of that meaning, where there is one."""
        return next((m for m in self.measures if m.name is name), None)

    def calculation(self, table: str, field: str) -> Calculation | None:
        return next((c for c in self.calculations if (c.table, c.field) == (table, field)), None)

    def reached(self, expression: Expression) -> Iterator[Expression]:
        """Every node of the expression, and of the calculated values and fields that it reads."""
        seen: set[tuple[str, str]] = set()
        todo = [expression]
        while todo:
            for node in walk(todo.pop()):
                yield node
                match node:
                    case MetricValue(name) if ("", name) not in seen:
                        seen.add(("", name))
                        todo.append(self.metric(name).expression)
                    case FieldValue(table, name) if (table, name) not in seen:
                        seen.add((table, name))
                        calculation = self.calculation(table, name)
                        todo += [] if calculation is None else [calculation.expression]
                    case _:
                        pass

    def reads(self, expression: Expression) -> frozenset[tuple[str, str]]:
        """Every (table, field) that the expression reaches, through metrics, calculations and lists."""
        return frozenset((node.table, node.name) for node in self.reached(expression) if isinstance(node, FieldValue))
