"""A policy as read: what the author wrote, in the language's own terms, each thing with its place.

Decision tables, scores and the sections about the whole result have modules of their own.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from .decision_tables import DecisionTable
from .expression import NOWHERE, Expression, Scalar
from .kind import Kind
from .place import Place
from .promises import Allocation, Fairness, Figure, Guarantee, Limit
from .scores import Score
from .text import Texts


class WithoutClient(StrEnum):
    """What a child row does whose client is blank or unknown."""

    STOP = "stop"
    SET_ASIDE = "set_aside"
    IGNORE = "ignore"


class WhenUnknown(StrEnum):
    """What an unknown rule does to the decision."""

    HOLD = "hold"
    APPLY = "apply"
    SKIP = "skip"


class Strategy(StrEnum):
    """How the base decision is found among the rules that fired."""

    MOST_SEVERE = "most_severe"
    FIRST = "first"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it was read: its path as given, its bytes' sha256 (hex) and its text."""

    path: str
    sha256: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CsvDialect:
    """What a table's `csv:` declares; None means: detect, and say what was found."""

    delimiter: str | None = None
    quote: str | None = None
    decimal: Literal[".", ","] | None = None
    thousands: str | None = None
    encoding: Literal["utf-8", "windows-1250"] | None = None
    header: bool = True
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a table, with its contract. `place` is the field's name in the policy.

    `type` is MONEY ... MONTHS (INTEGER where declared `integer`). `minimum`, `maximum`, `missing` and `one_of` are values of that type
    (days and months as int, money and number as Decimal). `column` is the name in the data (default: the field's). `format` is a
    strptime-like date format. `pattern` is an RE2 pattern that the whole cell matches.
    """

    name: str
    type: Kind
    place: Place = field(default=NOWHERE, compare=False)
    label: Texts | None = None
    description: str = ""
    column: str | None = None
    format: str | None = None
    minimum: Scalar | None = None
    maximum: Scalar | None = None
    one_of: tuple[Scalar, ...] = ()
    labels: tuple[tuple[str, tuple[str, ...]], ...] = ()
    pattern: str | None = None
    unique: bool = False
    missing: Scalar | None = None
    missing_tokens: tuple[str, ...] = ()
    required: bool = False
    protected: bool = False
    said_open: bool = field(default=False, compare=False)
    """The author wrote `protected: false`: whatever it is called, it says nothing that the law protects."""
    tell_client: bool = False
    can_change: bool = False
    true_words: tuple[str, ...] = ()
    false_words: tuple[str, ...] = ()
    calculation: Expression | None = None

    @property
    def header(self) -> str:
        """The column's name in the data."""
        return self.column or self.name


@dataclass(frozen=True, slots=True)
class Table:
    """`clients`, or a child table (`belongs_to` set). `key` names the fields that identify the client."""

    name: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    place: Place = field(default=NOWHERE, compare=False)
    key_place: Place = field(default=NOWHERE, compare=False)
    belongs_to: str | None = None
    without_client: WithoutClient = WithoutClient.STOP
    missing_tokens: tuple[str, ...] = ()
    csv: CsvDialect = CsvDialect()
    source: str | None = None
    source_place: Place = field(default=NOWHERE, compare=False)
    fresh_within: int | None = None
    """Days."""
    date_field: str | None = None
    when_stale: Literal["warn", "fail"] = "warn"
    freshness_place: Place = field(default=NOWHERE, compare=False)
    display: str | None = None
    """Of clients: the field with the name that people call a client by."""
    display_place: Place = field(default=NOWHERE, compare=False)
    built_in: bool = False
    """True for `history`, which no policy declares."""

    def field(self, name: str) -> Field | None:
        """The field of that name."""
        return next((f for f in self.fields if f.name == name), None)


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A parameter's value from a date on."""

    since: datetime.date
    value: Scalar | tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named threshold. `value` is a scalar or a list (for `in`), or None where `dated` holds values by start date, ascending."""

    name: str
    kind: Kind
    value: Scalar | tuple[Scalar, ...] | None
    place: Place = field(default=NOWHERE, compare=False)
    title: Texts | None = None
    dated: tuple[DatedValue, ...] = ()
    adapts: bool = False
    """True for a plain number without `kind`: like a literal it takes the kind (money or number) that its place asks for."""
    format: str = ""
    """How it is shown in texts; `percent` where it is written with a percent sign and says nothing else."""
    places: tuple[Place, ...] = field(default=(), compare=False)
    """Where its values stand, one by one: of a list each item, of a dated parameter each value in the order of the dates."""
    source: Texts | None = None
    """Where the value comes from, in the author's words."""

    def value_at(self, as_of: datetime.date) -> Scalar | tuple[Scalar, ...] | None:
        """The value on that date: the latest start not after it; None where a dated parameter has not started yet."""
        if not self.dated:
            return self.value
        return next((d.value for d in reversed(self.dated) if d.since <= as_of), None)


@dataclass(frozen=True, slots=True)
class Metric:
    """A named row expression."""

    name: str
    expression: Expression
    place: Place = field(default=NOWHERE, compare=False)
    title: Texts | None = None
    format: str = ""
    tell_client: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """One of the decisions; the policy's order is their severity, most severe first."""

    id: str
    place: Place = field(default=NOWHERE, compare=False)
    title: Texts | None = None
    when_unknown: WhenUnknown = WhenUnknown.HOLD
    approval_required: bool = False
    letter: str | None = None
    default: bool = False
    tell_change: bool = False
    """A letter with this decision says what alone would have led to another one."""


@dataclass(frozen=True, slots=True)
class Justification:
    """Why a rule may weigh more on one group than on another: a legitimate aim, why the rule serves it, why nothing milder does."""

    aim: Texts
    appropriate: Texts
    necessary: Texts
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """`when` (and not `unless`) then `then`. `no_letter_reason` is the author's `letter_reason: none`."""

    id: str
    when: Expression
    then: str
    place: Place = field(default=NOWHERE, compare=False)
    then_place: Place = field(default=NOWHERE, compare=False)
    unless: Expression | None = None
    title: Texts | None = None
    reason: Texts | None = None
    letter_reason: Texts | None = None
    no_letter_reason: bool = False
    source: Texts | None = None
    valid_from: datetime.date | None = None
    valid_until: datetime.date | None = None
    justification: Justification | None = None


class MeasureName(StrEnum):
    """What a measure says about a client, in money or in time."""

    REVENUE = "revenue"
    COST_TO_SERVE = "cost_to_serve"
    AVOIDABLE_COST = "avoidable_cost"
    """What of the client's whole cost (revenue - profit) ends with the client."""
    PROFIT = "profit"
    SERVICE_HOURS = "service_hours"
    CONFLICTS = "conflicts"

    @property
    def kind(self) -> Kind:
        """The kind that the measure must have (NUMBER: a whole number too)."""
        return Kind.NUMBER if self in (MeasureName.SERVICE_HOURS, MeasureName.CONFLICTS) else Kind.MONEY


@dataclass(frozen=True, slots=True)
class Measure:
    """Which value of a client has that meaning."""

    name: MeasureName
    expression: Expression
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class RecipientField:
    """A field of the clients, where `letters` names it."""

    name: str
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Given:
    """A name, or a number, as an author wrote it in the section `report`."""

    text: str
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Letters:
    """To whom letters go: which of the clients' fields hold the name, the salutation, the address (a line each) and the language.

    `undetermined` is the body of the letter that asks undetermined clients for what is missing; None: they get none.
    """

    name: RecipientField | None = None
    salutation: RecipientField | None = None
    address: tuple[RecipientField, ...] = ()
    language: RecipientField | None = None
    undetermined: str | None = None
    place: Place = field(default=NOWHERE, compare=False)
    undetermined_place: Place = field(default=NOWHERE, compare=False)

    @property
    def fields(self) -> tuple[RecipientField, ...]:
        """Every field that it names, as often as it is named."""
        single = (self.name, self.salutation, *self.address, self.language)
        return tuple(named for named in single if named is not None)


@dataclass(frozen=True, slots=True)
class ReportSection:
    """What a report shows of the clients beside money: names of values; `ours_from` and `theirs_from` are numbers or parameters."""

    burden: Given | None = None
    segments: tuple[Given, ...] = ()
    ours: Given | None = None
    ours_from: Given | None = None
    theirs: Given | None = None
    theirs_from: Given | None = None
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole policy. `decisions` and `rules` are in the author's order; `tables` has `clients` first.

    `sources` are its files, the main one first, then those that it uses in the order of their use; paths as given on the command line and,
    of used files, relative to the main one's folder as written (`..` resolved).
    """

    id: str
    version: str
    languages: tuple[str, ...]
    currency: str
    strategy: Strategy
    tables: tuple[Table, ...]
    parameters: tuple[Parameter, ...]
    metrics: tuple[Metric, ...]
    decisions: tuple[Decision, ...]
    rules: tuple[Rule, ...]
    place: Place = field(default=NOWHERE, compare=False)
    title: Texts | None = None
    owner: str = ""
    valid_from: datetime.date | None = None
    valid_until: datetime.date | None = None
    sources: tuple[SourceFile, ...] = ()
    scores: tuple[Score, ...] = ()
    decision_tables: tuple[DecisionTable, ...] = ()
    figures: tuple[Figure, ...] = ()
    limits: tuple[Limit, ...] = ()
    guarantees: tuple[Guarantee, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    fairness: Fairness | None = None
    measures: tuple[Measure, ...] = ()
    letters: Letters | None = None
    report: ReportSection | None = None

    @property
    def clients(self) -> Table:
        """The table of clients."""
        return self.tables[0]

    @property
    def delivered(self) -> tuple[Table, ...]:
        """The tables whose data somebody delivers: all but `history`."""
        return tuple(t for t in self.tables if not t.built_in)

    def table(self, name: str) -> Table | None:
        return next((t for t in self.tables if t.name == name), None)

    def parameter(self, name: str) -> Parameter | None:
        return next((p for p in self.parameters if p.name == name), None)

    def decision(self, name: str) -> Decision | None:
        return next((d for d in self.decisions if d.id == name), None)

    @property
    def writes_letters(self) -> bool:
        """Whether any client can get a letter."""
        return any(d.letter for d in self.decisions) or (self.letters is not None and self.letters.undetermined is not None)

    @property
    def default_decision(self) -> Decision:
        """The decision marked `default: true` (the checker has made sure there is exactly one)."""
        return next(d for d in self.decisions if d.default)


def money(value: int | str | Decimal) -> Decimal:
    """A money value on its four places."""
    return Decimal(value).quantize(Decimal("0.0001"))
