"""The section `scores` -> Score: factors with their weights, between worst and best or by points."""

from __future__ import annotations

from decimal import Decimal

from ..model.decision_tables import Cell
from ..model.expression import Expression
from ..model.kind import Kind
from ..model.scores import Factor, Score
from .cells import read_cell
from .conditions import expression
from .desk import Desk, entries, items, member, text, truth
from .names import check_identifier, check_name
from .nodes import Entry, MappingNode, Node, SequenceNode
from .texts import texts
from .values import typed

_SCALE = (Decimal(0), Decimal(100))


def read_scores(desk: Desk, section: Node | None) -> tuple[Score, ...]:
    """All scores, in the author's order."""
    return tuple(_score(desk, entry) for entry in entries(section))


def _score(desk: Desk, entry: Entry) -> Score:
    name, node = entry.key.value, entry.value
    check_name(desk, entry.key, name, "a score")
    low, high = _scale(desk, member(node, "scale"))
    return Score(
        name,
        tuple(factor for item in items(member(node, "factors")) if (factor := _factor(desk, item)) is not None),
        desk.place(entry.key),
        low,
        high,
        text(member(node, "missing")) == "reweigh",
        texts(desk, member(node, "title")),
        text(member(node, "format")) or "",
        truth(member(node, "tell_client")),
    )


def _scale(desk: Desk, node: Node | None) -> tuple[Decimal, Decimal]:
    ends = [typed(desk, item, Kind.NUMBER) for item in items(node)]
    if node is None or len(ends) != 2 or not isinstance(ends[0], Decimal) or not isinstance(ends[1], Decimal):
        return _SCALE
    if ends[0] >= ends[1]:
        desk.error("SS135", "the scale's low end must be below its high end", node, "write for example [0, 100]")
        return _SCALE
    return ends[0], ends[1]


def _factor(desk: Desk, node: Node) -> Factor | None:
    if not isinstance(node, MappingNode):
        return None
    id_node = node.get("id")
    id = text(id_node) or ""
    if id_node is not None and id:
        check_identifier(desk, id_node, id, "a factor")
    linear = [key for key in ("worst", "best") if key in node.entries]
    if "points" in node.entries and linear:
        message = f"the factor '{id}' has both 'points' and '{linear[0]}'"
        desk.error("SS136", message, node.entries[linear[0]].key, "keep one of them: points for steps, worst and best for a straight line")
    elif "points" not in node.entries and len(linear) < 2:
        lacking = "best" if linear == ["worst"] else "worst" if linear == ["best"] else "worst and best, or points"
        help = "write worst: and best: (what is worth 0 and 1), or points: [['0', 0], ['[1..3]', 0.5], ['> 3', 1]]"
        desk.error("SS136", f"the factor '{id}' needs {lacking}", id_node or node, help)
    return Factor(
        id,
        expression(desk, node.get("of")),
        expression(desk, node.get("weight")),
        desk.place(id_node or node),
        _end(desk, node, "worst"),
        _end(desk, node, "best"),
        tuple(point for item in items(node.get("points")) if (point := _point(desk, item)) is not None),
        _worth(desk, node.get("missing")),
        texts(desk, node.get("title")),
    )


def _end(desk: Desk, node: MappingNode, key: str) -> Expression | None:
    return expression(desk, node.get(key)) if key in node.entries else None


def _point(desk: Desk, node: Node) -> tuple[Cell, Decimal] | None:
    if not isinstance(node, SequenceNode) or len(node.items) != 2:
        return None  # the schema has said so
    worth = _worth(desk, node.items[1])
    return None if worth is None else (read_cell(desk, node.items[0]), worth)


def _worth(desk: Desk, node: Node | None) -> Decimal | None:
    """What something is worth, 0..1."""
    value = typed(desk, node, Kind.NUMBER)
    if node is None or not isinstance(value, Decimal):
        return None
    if not 0 <= value <= 1:
        desk.error("SS137", f"a factor is worth something from 0 to 1, not {value}", node, "the weight says how much it counts")
        return None
    return value
