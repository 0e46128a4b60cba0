"""A tree -> the same tree with the keys of every map in canonical order. Lists, and maps whose names the author chose, stay as they are."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from .shapes import Shape
from .tree import Collection, Document, Entry, marks


def ordered(document: Document, shape: Shape) -> Document:
    """The document in canonical order."""
    return replace(document, root=_ordered(document.root, shape))


def _ordered(node: Collection, shape: Shape) -> Collection:
    names = [entry.name for entry in node.entries]
    members, item = shape.of_map(names), shape.item()
    entries = [_below(entry, item if node.is_list else members.member(entry.name)) for entry in node.entries]
    if node.is_list:
        return replace(node, entries=tuple(entries))
    return replace(node, entries=tuple(_moved(entries, members.order(names))))


def _below(entry: Entry, shape: Shape) -> Entry:
    """The entry with its value in order."""
    return replace(entry, value=_ordered(entry.value, shape)) if isinstance(entry.value, Collection) else entry


def _moved(entries: list[Entry], order: list[str]) -> list[Entry]:
    """The entries in that order; as they are where that would change the order of anchors and what refers to them."""
    rank = {name: number for number, name in enumerate(order)}
    moved = sorted(range(len(entries)), key=lambda number: rank[entries[number].name])
    named = [{*marks(entry.value), *(marks(entry.key) if entry.key else ())} for entry in entries]
    shared = {name for name, count in Counter(name for names in named for name in names).items() if count > 1}
    bound = [number for number in moved if named[number] & shared]
    return entries if bound != sorted(bound) else [entries[number] for number in moved]
