"""The section `parameters` -> Parameter: a value, a list, a value with its kind, or values by date.

Without `kind`, a number, true and false are what they are in YAML; a text that reads as a date, a span of time or a percentage is that;
any other is text.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..model.expression import Scalar
from ..model.kind import Kind
from ..model.place import Place
from ..model.policy import DatedValue, Parameter
from .desk import Desk, entries, text
from .names import check_name
from .nodes import Entry, MappingNode, Node, SequenceNode
from .texts import texts
from .values import date_of, has_date_form, suggested, typed

Value = Scalar | tuple[Scalar, ...]
_KINDS = {kind.value: kind for kind in Kind if kind is not Kind.UNKNOWN}
_NUMBERS = frozenset({Kind.INTEGER, Kind.NUMBER})


@dataclass(frozen=True, slots=True)
class _Read:
    value: Value
    kind: Kind
    adapts: bool
    percent: bool = False
    """Written with a percent sign."""
    places: tuple[Place, ...] = ()

    @property
    def format(self) -> str:
        return "percent" if self.percent else ""


def read_parameters(desk: Desk, section: Node | None) -> tuple[Parameter, ...]:
    """All parameters, in the author's order. One whose value cannot be read has kind UNKNOWN and no value."""
    return tuple(_parameter(desk, entry) for entry in entries(section))


def read_value(desk: Desk, node: Node | None) -> tuple[Value, Kind] | None:
    """A value or a list of values, with the kind that its text suggests."""
    read = _read(desk, node, None)
    return None if read is None else (read.value, read.kind)


def _parameter(desk: Desk, entry: Entry) -> Parameter:
    """The parameter, and in its author's words where its value comes from."""
    read = _value_of(desk, entry)
    source = texts(desk, entry.value.get("source")) if isinstance(entry.value, MappingNode) else None
    return read if source is None else replace(read, source=source)


def _value_of(desk: Desk, entry: Entry) -> Parameter:
    name, node, place = entry.key.value, entry.value, desk.place(entry.key)
    check_name(desk, entry.key, name, "a parameter")
    title, kind, format = None, None, ""
    if isinstance(node, MappingNode):
        title = texts(desk, node.get("title"))
        kind = _KINDS.get(text(node.get("kind")) or "")
        format = text(node.get("format")) or ""
        if "values" in node.entries:
            return _dated(desk, Parameter(name, Kind.UNKNOWN, None, place, title, format=format), node.get("values"), kind)
        node = node.get("value") or node
    read = _read(desk, node, kind)
    if read is None:
        return Parameter(name, kind or Kind.UNKNOWN, None, place, title, format=format)
    return Parameter(name, read.kind, read.value, place, title, adapts=read.adapts, format=format or read.format, places=read.places)


def _dated(desk: Desk, bare: Parameter, values: Node | None, kind: Kind | None) -> Parameter:
    found: list[tuple[DatedValue, _Read]] = []
    for entry in entries(values):
        since = date_of(desk, entry.key) if has_date_form(entry.key) else None
        read = _read(desk, entry.value, kind)
        if since is None or read is None:
            continue
        first = found[0][1] if found else read
        both_numbers = {first.kind, read.kind} <= _NUMBERS
        if (first.kind is not read.kind and not both_numbers) or isinstance(first.value, tuple) is not isinstance(read.value, tuple):
            message = f"this value is {_called(read)}, the first one is {_called(first)}"
            desk.error("SS125", message, entry.value, "all values of one parameter are of the same kind")
            continue
        found.append((DatedValue(since, read.value), read))
    if not found:
        return Parameter(bare.name, kind or Kind.UNKNOWN, None, bare.place, bare.title, format=bare.format)
    kinds = {read.kind for _, read in found}
    found.sort(key=lambda one: one[0].since)
    dated = tuple(value for value, _ in found)
    places = tuple(place for _, read in found for place in read.places)
    shared = kinds.pop() if len(kinds) == 1 else Kind.NUMBER
    format = bare.format or found[0][1].format
    adapts = all(read.adapts for _, read in found)
    return Parameter(bare.name, shared, None, bare.place, bare.title, dated, adapts=adapts, format=format, places=places)


def _called(read: _Read) -> str:
    return f"a list ({read.kind.family})" if isinstance(read.value, tuple) else read.kind.family.value


def _read(desk: Desk, node: Node | None, kind: Kind | None) -> _Read | None:
    if isinstance(node, SequenceNode):
        return _list(desk, node, kind)
    if kind is not None:
        value = typed(desk, node, kind)
        return None if value is None else _Read(value, kind, adapts=False, percent=_in_percent(node, kind), places=_places(desk, node))
    found = suggested(desk, node)
    if found is None:
        return None
    return _Read(found.value, found.kind, found.adapts, percent=_in_percent(node, found.kind), places=_places(desk, node))


def _places(desk: Desk, node: Node | None) -> tuple[Place, ...]:
    return () if node is None else (desk.place(node),)


def _in_percent(node: Node | None, kind: Kind) -> bool:
    return kind in _NUMBERS and (text(node) or "").rstrip().endswith("%")


def _list(desk: Desk, node: SequenceNode, kind: Kind | None) -> _Read | None:
    """A list's kind is its items', which must agree; whole and other numbers are numbers together."""
    read = [(item, _read(desk, item, kind)) for item in node.items if not isinstance(item, SequenceNode)]
    known = [(item, one) for item, one in read if one is not None]
    if not known or len(known) < len(node.items):
        return None
    first = known[0][1]
    for item, one in known:
        if one.kind is not first.kind and not {one.kind, first.kind} <= _NUMBERS:
            message = f"this is {one.kind.family}, the list's first value is {first.kind.family}"
            desk.error("SS124", message, item, "a list holds values of one kind; a number that is meant as text needs quotes")
            return None
    kinds = {one.kind for _, one in known}
    values = tuple(one.value for _, one in known if not isinstance(one.value, tuple))
    kind = first.kind if len(kinds) == 1 else Kind.NUMBER
    return _Read(values, kind, first.adapts, all(one.percent for _, one in known), tuple(place for _, one in known for place in one.places))
