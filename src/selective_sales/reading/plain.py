"""Nodes -> plain values (dict, list, text, int, Decimal, bool, None), as JSON Schema sees a document."""

from __future__ import annotations

from typing import Any

from .nodes import MappingNode, Node, ScalarNode, SequenceNode
from .scalars import resolve


def plain(node: Node) -> Any:
    """The document below that node. Pieces of a cut text appear as text: their finding is made already."""
    match node:
        case ScalarNode():
            return node.value if node.broken else resolve(node)
        case SequenceNode():
            return [plain(item) for item in node.items]
        case MappingNode():
            return {key: plain(entry.value) for key, entry in node.entries.items()}
