"""A policy in, readers of values out: for every node that an explanation shows, how one client's row gives its named value.

All that does not depend on the client (names, titles, the written text, what reads what) is worked out once.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ..model.checked import CheckedPolicy
from ..model.explanation import NamedValue
from ..model.expression import (
    Aggregate,
    AsOf,
    Constant,
    Expression,
    FieldValue,
    MetricValue,
    Negate,
    ParameterValue,
    Portfolio,
    Scalar,
    children,
    walk,
)
from ..model.kind import Kind
from ..model.policy import Field
from ..model.queries import ExplainQuery
from ..model.text import Template, Texts
from .beside import held_against
from .source import expression_text

_GRID = Decimal("0.000000001")
_NUMBERS = (Kind.NUMBER, Kind.INTEGER)


def scalar(value: object, kind: Kind) -> Scalar | None:
    """A fetched value as the vocabulary has it: a double on the nine-decimal grid, money on its four places, NaN as missing."""
    match value:
        case None | bool() | str():
            return value
        case float() if not math.isfinite(value):
            return None
        case float():
            number = Decimal(repr(value))
            return number.quantize(_GRID).normalize() if abs(number) < 10**15 else number
        case int() if kind is Kind.MONEY:
            return Decimal(value)
        case int() | Decimal():
            return value
        case datetime.datetime():
            return value.date()
        case datetime.date():
            return value
        case list():
            # What a table collects, as people write a list.
            return ", ".join(str(scalar(item, kind)) for item in value) or "-"
        case _:
            return str(value)


@dataclass(slots=True)
class Client:
    """The values of one client, as far as they are made; those of list functions by their columns."""

    row: Mapping[str, object]
    fields: dict[str, NamedValue] = field(default_factory=dict)
    metrics: dict[str, NamedValue] = field(default_factory=dict)
    lists: dict[str, NamedValue] = field(default_factory=dict)


Get = Callable[[Client], NamedValue | None]


@dataclass(slots=True)
class Sources:
    """How the values of this policy's clients are read. Protected fields are left out: nothing that a person reads shows them."""

    checked: CheckedPolicy
    query: ExplainQuery
    as_of: datetime.date
    parameters: dict[str, NamedValue] = field(init=False)
    _fields: dict[str, tuple[str, Kind, NamedValue]] = field(init=False)
    _lists: dict[Aggregate | Portfolio, str] = field(init=False)
    _calculated: list[tuple[str, tuple[Get, ...]]] = field(init=False)
    _metrics: list[tuple[str, str, NamedValue, tuple[Get, ...]]] = field(init=False)
    _whole: dict[Aggregate | Portfolio, Texts | None] = field(init=False)
    _beside: Mapping[str, tuple[Decimal, ...]] = field(init=False)

    def __post_init__(self) -> None:
        policy = self.checked.policy
        self._beside = held_against(self.checked, self.as_of)
        self._fields = {}
        for name, kind, column in self.query.fields:
            declared = policy.clients.field(name)
            if declared is None or not declared.protected:
                label = None if declared is None else declared.label
                bare = NamedValue(name, kind, None, label, labels=_labels(declared), beside=self._beside.get(name, ()))
                self._fields[name] = (column, kind, bare)
        self._lists = dict(reversed(self.query.aggregates))
        trees = ((m.name, m.expression) for m in self.checked.metrics)
        self._whole = {tree: _titled(name, self._title(name)) for name, tree in trees if isinstance(tree, Aggregate | Portfolio)}
        self.parameters = {p.name: self.parameter(p.name, p.kind) for p in policy.parameters}
        calculations = [c for c in self.checked.calculations if c.table == "clients" and c.field in self._fields]
        self._calculated = [(c.field, self.direct(c.expression)) for c in calculations]
        self._metrics = list(self._read_metrics())

    def _title(self, metric: str) -> Texts | None:
        return self.checked.metric(metric).title

    def _read_metrics(self) -> Iterator[tuple[str, str, NamedValue, tuple[Get, ...]]]:
        """In their order of computation: each finds what it came from among those before it, without recursion."""
        columns = {name: (kind, column) for name, kind, column in self.query.metrics}
        for name in self.checked.metric_order:
            if name in columns:
                kind, column = columns[name]
                metric = self.checked.metric(name)
                bare = NamedValue(name, kind, None, metric.title, metric.format, metric.labels, beside=self._beside.get(name, ()))
                yield name, column, bare, self.direct(metric.expression)

    def client(self, row: Mapping[str, object]) -> Client:
        """The client's fields and metrics, each with what it came from."""
        made = Client(row)
        for name, (column, kind, bare) in self._fields.items():
            made.fields[name] = _valued(bare, scalar(row[column], kind))
        for name, parts in self._calculated:
            made.fields[name] = replace(made.fields[name], from_=_parts(parts, made))
        for name, column, bare, parts in self._metrics:
            made.metrics[name] = _valued(bare, scalar(row[column], bare.kind), _parts(parts, made))
        return made

    def get(self, node: Expression, column: str | None = None) -> Get | None:
        """How the node's value is read: by its name where it has one, else from the column; None where the row does not hold it."""
        match node:
            case FieldValue("clients", name) if name in self._fields:
                return lambda client: client.fields[name]
            case MetricValue(name) if any(name == known for known, _, _ in self.query.metrics):
                return lambda client: client.metrics.get(name)
            case Aggregate() | Portfolio():
                return self._list(node, column)
            case ParameterValue(name):
                return _always(self.parameter(name, node.kind))
            case AsOf():
                return _always(NamedValue("as_of", Kind.DATE, self.as_of))
            case Constant(value):
                return _always(self._literal(node, value))
            case Negate(Constant(Decimal() | int() as value)) if not isinstance(value, bool):
                return _always(self._literal(node, -value))
            case _ if column is None:
                return None
            case _:
                return self._calculation(node, column)

    def _literal(self, node: Expression, value: Scalar | None) -> NamedValue:
        written = expression_text(self.checked, node)
        return NamedValue(written, node.kind, value, format="percent" if written.endswith("%") else "", literal=True, exact=True)

    def _calculation(self, node: Expression, column: str) -> Get:
        bare, parts, kind = NamedValue(expression_text(self.checked, node), node.kind, None), self.direct(node), node.kind
        return lambda client: _valued(bare, scalar(client.row[column], kind), _parts(parts, client))

    def _list(self, node: Aggregate | Portfolio, column: str | None) -> Get | None:
        found = self._lists.get(node, column)
        if found is None:
            return None
        # Of what stands in the brackets only the client's own values are shown: a row's field has no single value.
        parts, known, kind = self.direct(*children(node)), found, node.kind
        bare = NamedValue(expression_text(self.checked, node), kind, None, needs=self._whole.get(node) or self._fields_of(node))

        def get(client: Client) -> NamedValue:
            made = client.lists.get(known)
            if made is None:
                made = client.lists[known] = _valued(bare, scalar(client.row[known], kind), _parts(parts, client))
            return made

        return get

    def _fields_of(self, node: Aggregate | Portfolio) -> Texts | None:
        """The columns whose blanks leave the list function without a result: by their labels, else `table.column`."""
        if isinstance(node, Portfolio):
            return None
        read = (n.name for child in children(node) for n in walk(child) if isinstance(n, FieldValue) and n.table == node.table)
        table = self.checked.policy.table(node.table)
        fields = [f for name in dict.fromkeys(read) if table is not None and (f := table.field(name)) is not None]
        if not fields:
            return None

        def named(found: Field, language: str) -> str:
            label = found.label.get(language) if found.label is not None else None
            return f"{node.table}.{found.name}" if label is None else f"{_plain(label)} ({node.table})"

        by_language = ((language, ", ".join(named(f, language) for f in fields)) for language in self.checked.policy.languages)
        return Texts(tuple((language, Template((words,))) for language, words in by_language))

    def parameter(self, name: str, kind: Kind) -> NamedValue:
        """A parameter at the run's date; a list reads as its items, divided by commas."""
        parameter = self.checked.policy.parameter(name)
        value = None if parameter is None else parameter.value_at(self.as_of)
        title, format = (None, "") if parameter is None else (parameter.title, parameter.format)
        if isinstance(value, tuple):
            return NamedValue(name, Kind.TEXT, ", ".join(_item(item, format) for item in value), title)
        if format == "percent" and kind not in _NUMBERS:
            format = ""
        return NamedValue(name, kind, value, title, format, exact=True)

    def items(self, node: ParameterValue) -> tuple[NamedValue, ...]:
        """Each item of a parameter that is a list; none of any other."""
        parameter = self.checked.policy.parameter(node.name)
        value = None if parameter is None else parameter.value_at(self.as_of)
        if parameter is None or not isinstance(value, tuple):
            return ()
        return tuple(NamedValue(node.name, node.kind, item, parameter.title, parameter.format, exact=True) for item in value)

    def _read(self, expression: Expression) -> Iterator[FieldValue | ParameterValue | MetricValue | Aggregate | Portfolio]:
        """What the expression reads; a part of a score or table has no name of its own, so what the part reads."""
        for node in _reads(expression):
            made = self.checked.by_name.get(node.name) if isinstance(node, MetricValue) else None
            if made is not None and made.is_part:
                yield from self._read(made.expression)
            else:
                yield node

    def direct(self, *expressions: Expression) -> tuple[Get, ...]:
        """What the expressions read themselves, each once, left to right: client fields, parameters, metrics, list functions."""
        found: dict[str, Get] = {}
        for node in (node for expression in expressions for node in self._read(expression)):
            text = node.name if isinstance(node, FieldValue | ParameterValue | MetricValue) else expression_text(self.checked, node)
            get = None if text in found else self.get(node)
            if get is not None:
                found[text] = get
        return tuple(found.values())


def _valued(bare: NamedValue, value: Scalar | None, parts: tuple[NamedValue, ...] = ()) -> NamedValue:
    """The same name with a value. Written out: `dataclasses.replace` takes several times as long."""
    b = bare
    return NamedValue(b.text, b.kind, value, b.title, b.format, b.labels, parts, b.literal, b.exact, b.needs, b.beside)


def _parts(gets: Iterable[Get], client: Client) -> tuple[NamedValue, ...]:
    return tuple(named for get in gets if (named := get(client)) is not None)


def _always(named: NamedValue) -> Get:
    return lambda client: named


def _item(item: Scalar, format: str) -> str:
    if format == "percent" and isinstance(item, Decimal | int):
        return f"{(Decimal(item) * 100).normalize():f}%"
    return str(item)


def _titled(name: str, title: Texts | None) -> Texts:
    return title if title is not None else Texts((("*", Template((name,))),))


def _plain(template: Template) -> str:
    return "".join(part for part in template.parts if isinstance(part, str))


def _reads(node: Expression) -> Iterator[FieldValue | ParameterValue | MetricValue | Aggregate | Portfolio]:
    match node:
        case FieldValue("clients", _) | ParameterValue() | MetricValue() | Aggregate() | Portfolio():
            yield node
        case FieldValue():
            return
        case _:
            for below in children(node):
                yield from _reads(below)


def _labels(declared: Field | None) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    if declared is None:
        return ()
    values = [str(value) for value in declared.one_of]
    return tuple((language, tuple(zip(values, labels, strict=False))) for language, labels in declared.labels)
