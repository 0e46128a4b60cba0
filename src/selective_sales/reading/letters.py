"""The section `letters` -> Letters: which fields of the clients say to whom a letter goes. Whether they exist is the checker's to ask."""

from __future__ import annotations

from ..model.expression import NOWHERE
from ..model.policy import Letters, RecipientField
from .desk import Desk, items, member, text
from .nodes import MappingNode, Node


def read_letters(desk: Desk, root: Node | None) -> Letters | None:
    """The section `letters` of the document."""
    node = member(root, "letters")
    if not isinstance(node, MappingNode) or not isinstance(root, MappingNode):
        return None
    undetermined = node.get("undetermined")
    named = (_field(desk, item) for item in items(node.get("address")))
    return Letters(
        _field(desk, node.get("name")),
        _field(desk, node.get("salutation")),
        tuple(line for line in named if line is not None),
        _field(desk, node.get("language")),
        text(undetermined),
        desk.place(root.entries["letters"].key),
        NOWHERE if undetermined is None else desk.place(undetermined),
    )


def _field(desk: Desk, node: Node | None) -> RecipientField | None:
    name = text(node)
    return None if node is None or name is None else RecipientField(name, desk.place(node))
