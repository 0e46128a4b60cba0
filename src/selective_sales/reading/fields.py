"""A column's declaration -> Field, its contract's values typed.

Found here: values that are not of the field's type, bounds that cross, a `missing`, `one_of` or label that does not fit the rest,
patterns and date formats that cannot work, and keys that make no sense for the type or for a calculated field.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from ..model.expression import Scalar
from ..model.kind import Kind
from ..model.patterns import pattern_problem
from ..model.policy import Field
from .conditions import expression
from .desk import Desk, entries, items, member, text, texts_of, truth
from .names import RESERVED, RESERVED_IN_CHILDREN, check_name
from .nodes import Entry, MappingNode, Node, ScalarNode
from .texts import texts
from .values import typed

_KINDS = {kind.value: kind for kind in Kind if kind is not Kind.UNKNOWN}
_ORDERED = frozenset({Kind.MONEY, Kind.NUMBER, Kind.INTEGER, Kind.DATE, Kind.DAYS, Kind.MONTHS})
_FITS: dict[str, frozenset[Kind]] = {
    "format": frozenset({Kind.DATE}),
    "minimum": _ORDERED,
    "maximum": _ORDERED,
    "one_of": frozenset(Kind) - {Kind.BOOLEAN},
    "labels": frozenset(Kind) - {Kind.BOOLEAN},
    "pattern": frozenset({Kind.TEXT}),
    "true_words": frozenset({Kind.BOOLEAN}),
    "false_words": frozenset({Kind.BOOLEAN}),
}
_FOR_DATA = (
    "column", "format", "minimum", "maximum", "one_of", "labels", "pattern", "unique", "missing", "missing_tokens", "required",
    "true_words", "false_words",
)  # fmt: skip
_DIRECTIVE = re.compile(r"%(.?)", re.DOTALL)
_DIRECTIVES = frozenset("dmYybBHMSIpjaAfzZ%-")


def read_field(desk: Desk, entry: Entry, of_child: bool) -> Field:
    """The field of that key: a type alone, or a group of keys. (Long, because a field has that many keys.)"""
    name = entry.key.value
    check_name(desk, entry.key, name, "a field", RESERVED_IN_CHILDREN if of_child else RESERVED)
    place = desk.place(entry.key)
    node = entry.value
    if isinstance(node, ScalarNode):
        return Field(name, _KINDS.get(node.value, Kind.UNKNOWN), place)
    if not isinstance(node, MappingNode):
        return Field(name, Kind.UNKNOWN, place)
    kind = _KINDS.get(text(node.get("type")) or "", Kind.UNKNOWN)
    field = Field(
        name,
        kind,
        place,
        label=texts(desk, node.get("label")),
        description=text(node.get("description")) or "",
        column=text(node.get("column")),
        format=_date_format(desk, node.get("format")),
        minimum=typed(desk, node.get("minimum"), kind),
        maximum=typed(desk, node.get("maximum"), kind),
        one_of=tuple(value for item in items(node.get("one_of")) if (value := typed(desk, item, kind)) is not None),
        labels=tuple((label.key.value, texts_of(label.value)) for label in entries(node.get("labels"))),
        pattern=_pattern(desk, node.get("pattern")),
        unique=truth(node.get("unique")),
        missing=typed(desk, node.get("missing"), kind),
        missing_tokens=texts_of(node.get("missing_tokens")),
        required=truth(node.get("required")),
        protected=truth(node.get("protected")),
        said_open="protected" in node.entries and not truth(node.get("protected")),
        tell_client=truth(node.get("tell_client")),
        can_change=truth(node.get("can_change")),
        true_words=texts_of(node.get("true_words")),
        false_words=texts_of(node.get("false_words")),
        calculation=expression(desk, node.get("is")) if "is" in node.entries else None,
    )
    _check_keys(desk, node, field)
    _check_contract(desk, node, field)
    return field


def _check_keys(desk: Desk, node: MappingNode, field: Field) -> None:
    for key, entry in node.entries.items():
        fitting = _FITS.get(key)
        if field.calculation is not None and key in _FOR_DATA:
            desk.error("SS120", f"'{key}' says something about data, but this field is calculated", entry.key, f"delete '{key}' or 'is'")
        elif fitting is not None and field.type is not Kind.UNKNOWN and field.type not in fitting:
            meant = ", ".join(sorted(kind.value for kind in fitting if kind is not Kind.UNKNOWN))
            desk.error("SS120", f"'{key}' means nothing for a field of type {field.type}", entry.key, f"it is for fields of type {meant}")
    if field.required and field.missing is not None:
        key_node = node.entries["missing"].key
        desk.error("SS120", "a required field has no blank cells, so 'missing' never counts", key_node, "delete 'missing' or 'required'")
    common = {word.casefold() for word in field.true_words} & {word.casefold() for word in field.false_words}
    if common:
        desk.error(
            "SS120", f"'{min(common)}' cannot mean both true and false", node.entries["false_words"].key, "delete it from one of the lists"
        )


def _check_contract(desk: Desk, node: MappingNode, field: Field) -> None:
    if field.minimum is not None and field.maximum is not None and _less(field.maximum, field.minimum):
        desk.error("SS115", "the maximum is less than the minimum: no value is allowed", node.entries["maximum"].value, "exchange the two")
        return
    missing = member(node, "missing")
    if field.missing is not None and missing is not None:
        if field.one_of and field.missing not in field.one_of:
            desk.error(
                "SS116", "a blank would become a value that 'one_of' does not allow", missing, "take one of its values, or add this one"
            )
        else:
            _check_bounds(desk, missing, field.missing, field)
    for item, value in zip(items(node.get("one_of")), field.one_of, strict=False):
        _check_bounds(desk, item, value, field)
    for label in entries(node.get("labels")):
        given, needed = len(texts_of(label.value)), len(items(node.get("one_of")))
        if given != needed:
            message = f"there are {given} labels in '{label.key.value}' for {needed} values of 'one_of'"
            desk.error("SS119", message, label.key, "write one label for each value of 'one_of', in the same order")


def _check_bounds(desk: Desk, node: Node, value: Scalar, field: Field) -> None:
    if field.minimum is not None and _less(value, field.minimum):
        desk.error("SS116", "this value is below the field's minimum", node, "change it, or lower the minimum")
    elif field.maximum is not None and _less(field.maximum, value):
        desk.error("SS116", "this value is above the field's maximum", node, "change it, or raise the maximum")


def _less(left: Scalar, right: Scalar) -> bool:
    """left < right, for two values of one ordered kind."""
    match left, right:
        case (int() | Decimal(), int() | Decimal()):
            return left < right
        case (date(), date()):
            return left < right
        case _:
            return False


def _pattern(desk: Desk, node: Node | None) -> str | None:
    pattern = text(node)
    if node is None or pattern is None:
        return None
    problem = pattern_problem(pattern)
    if problem is not None:
        desk.error(
            "SS117", f"this pattern cannot be used: {problem}", node, "patterns are those of RE2: no look-around, no back-references"
        )
        return None
    return pattern


def _date_format(desk: Desk, node: Node | None) -> str | None:
    format = text(node)
    if node is None or format is None:
        return None
    found = [match.group(1) for match in _DIRECTIVE.finditer(format)]
    unknown = [f"%{directive}" for directive in found if directive not in _DIRECTIVES or not directive]
    lacking = [word for word, ways in (("day", "dj"), ("month", "mbBj"), ("year", "yY")) if not set(ways) & set(found)]
    help = "write for example %d.%m.%Y or %Y-%m-%d: %d is the day, %m the month, %Y the year"
    if unknown:
        desk.error("SS118", f"'{unknown[0]}' is no part of a date format", node, help)
        return None
    if lacking:
        desk.error("SS118", f"this date format has no {lacking[0]}", node, help)
        return None
    return format
