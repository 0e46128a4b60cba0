"""The sections about the whole result -> Figure, Limit, Guarantee, Allocation, Fairness."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ..model.kind import Kind
from ..model.promises import Across, Allocation, Fairness, Figure, Group, Guarantee, Limit, OnBreach
from .conditions import condition, expression
from .desk import Desk, choice, entries, items, member, text
from .names import check_identifier, check_name
from .nodes import Entry, MappingNode, Node, SequenceNode
from .texts import texts
from .values import typed


def read_figures(desk: Desk, section: Node | None) -> tuple[Figure, ...]:
    return tuple(_figure(desk, entry) for entry in entries(section))


def _figure(desk: Desk, entry: Entry) -> Figure:
    name, node, place = entry.key.value, entry.value, desk.place(entry.key)
    check_name(desk, entry.key, name, "a figure")
    if not isinstance(node, MappingNode):
        return Figure(name, expression(desk, node), place)
    by = node.get("by")
    names = items(by) if isinstance(by, SequenceNode) else [by] if by is not None else []
    return Figure(
        name,
        expression(desk, node.get("is")),
        place,
        tuple(expression(desk, item) for item in names),
        texts(desk, node.get("title")),
        text(node.get("format")) or "",
    )


def read_limits(desk: Desk, section: Node | None) -> tuple[Limit, ...]:
    return tuple(
        Limit(
            _id(desk, node, "a limit"),
            condition(desk, node.get("require")),
            choice(node.get("on_breach"), OnBreach.FAIL),
            desk.place(node.get("id") or node),
            texts(desk, node.get("title")),
            texts(desk, node.get("source")),
        )
        for node in _mappings(section)
    )


def read_guarantees(desk: Desk, section: Node | None) -> tuple[Guarantee, ...]:
    return tuple(
        Guarantee(
            _id(desk, node, "a guarantee"),
            condition(desk, node.get("always")),
            choice(node.get("on_breach"), OnBreach.FAIL),
            desk.place(node.get("id") or node),
            texts(desk, node.get("title")),
            texts(desk, node.get("source")),
        )
        for node in _mappings(section)
    )


def _mappings(section: Node | None) -> Iterator[MappingNode]:
    for item in items(section):
        if isinstance(item, MappingNode):
            yield item


def _id(desk: Desk, node: MappingNode, what: str) -> str:
    id_node = node.get("id")
    id = text(id_node)
    if id_node is not None and id is not None:
        check_identifier(desk, id_node, id, what)
    return id or ""


def read_allocations(desk: Desk, section: Node | None) -> tuple[Allocation, ...]:
    return tuple(_allocation(desk, entry) for entry in entries(section))


def _allocation(desk: Desk, entry: Entry) -> Allocation:
    node = entry.value
    check_name(desk, entry.key, entry.key.value, "an allocation")
    measure = member(node, "measure")
    return Allocation(
        entry.key.value,
        tuple(_group(desk, item) for item in _mappings(member(node, "groups"))),
        None if measure is None else expression(desk, measure),
        desk.place(entry.key),
        texts(desk, member(node, "rest")),
        texts(desk, member(node, "title")),
    )


def _group(desk: Desk, node: MappingNode) -> Group:
    return Group(
        _id(desk, node, "a group"),
        condition(desk, node.get("who")),
        expression(desk, node.get("factor")),
        expression(desk, node.get("measure")) if "measure" in node.entries else None,
        desk.place(node.get("id") or node),
        texts(desk, node.get("title")),
    )


def read_fairness(desk: Desk, root: Node | None) -> Fairness | None:
    """The section `fairness` of the document."""
    node = member(root, "fairness")
    if not isinstance(node, MappingNode) or not isinstance(root, MappingNode):
        return None
    compare = tuple((written, desk.place(item)) for item in items(node.get("compare")) if (written := text(item)) is not None)
    ratio, significance = _decimal(desk, node.get("minimum_ratio")), _decimal(desk, node.get("significance"))
    smallest = typed(desk, node.get("smallest_group"), Kind.INTEGER)
    declared = Fairness(compare, tuple(_across(desk, item) for item in items(node.get("across"))))
    association = _decimal(desk, node.get("strong_association"))
    return Fairness(
        compare,
        declared.across,
        declared.minimum_ratio if ratio is None else ratio,
        declared.significance if significance is None else significance,
        smallest if isinstance(smallest, int) else declared.smallest_group,
        choice(node.get("on_breach"), OnBreach.FAIL),
        desk.place(root.entries["fairness"].key),
        tuple(_across(desk, item) for item in items(node.get("within"))),
        declared.strong_association if association is None else association,
    )


def _decimal(desk: Desk, node: Node | None) -> Decimal | None:
    value = typed(desk, node, Kind.NUMBER)
    return value if isinstance(value, Decimal) else None


def _across(desk: Desk, node: Node) -> Across:
    if isinstance(node, MappingNode):
        title = texts(desk, node.get("title"))
        return Across(_id(desk, node, "a division"), expression(desk, node.get("is")), desk.place(node.get("id") or node), title)
    return Across(text(node) or "", expression(desk, node), desk.place(node))
