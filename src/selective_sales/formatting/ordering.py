"""A tree -> the same tree with the keys of every map in canonical order. Lists, and maps whose names the author chose, stay as they are."""

from __future__ import annotations

from dataclasses import replace

from .shapes import Shape
from .tree import Collection, Document, Entry, Node, marks


def ordered(document: Document, shape: Shape) -> Document:
    """The document in canonical order."""
    return replace(document, root=_ordered(document.root, shape))


def _ordered(node: Node, shape: Shape) -> Node:
    if not isinstance(node, Collection):
        return node
    if node.is_list:
        item = shape.item()
        return replace(node, entries=tuple(replace(entry, value=_ordered(entry.value, item)) for entry in node.entries))
    names = [entry.name for entry in node.entries]
    entries = [replace(entry, value=_ordered(entry.value, shape.member(names, entry.name))) for entry in node.entries]
    return replace(node, entries=_moved(entries, shape.order(names)))


def _moved(entries: list[Entry], order: list[str]) -> tuple[Entry, ...]:
    """The entries in that order; as they are where one would come to stand before the anchor that it refers to."""
    rank = {name: number for number, name in enumerate(order)}
    moved = sorted(entries, key=lambda entry: rank.get(entry.name, len(rank)))
    before = {entry.name: number for number, entry in enumerate(entries)}
    named = {entry.name: set(marks(entry.value)) for entry in entries}
    for number, entry in enumerate(moved):
        for later in moved[number + 1 :]:
            if before[later.name] < before[entry.name] and named[later.name] & named[entry.name]:
                return tuple(entries)
    return tuple(moved)
