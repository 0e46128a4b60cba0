"""The desk on which a file is read: its source, the findings so far, and ways to take nodes as what they should be.

What a node should be is the schema's to say, and it has spoken before: here a node of another kind is simply not there (None), so that the
rest of the file can still be read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from ..model.finding import Finding, Severity
from ..model.place import Place
from ..model.policy import SourceFile
from .nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from .scalars import resolve
from .source import Source

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(slots=True, eq=False, repr=False)
class Desk:
    """Collects findings while a file is turned into the vocabulary of `model`."""

    source: Source
    findings: list[Finding] = field(default_factory=list)
    root: str = ""
    """The main policy's folder: nothing outside of it is read."""
    files: list[SourceFile] = field(default_factory=list)
    """Other files that this one named, as they were read."""

    def __post_init__(self) -> None:
        self.root = self.root or os.path.dirname(self.source.path) or "."

    def place(self, node: Node) -> Place:
        return node.span.place(self.source.path)

    def error(self, code: str, message: str, at: Node | Place, help: str = "") -> None:
        self.findings.append(Finding(code, message, at if isinstance(at, Place) else self.place(at), help))

    def warning(self, code: str, message: str, at: Node | Place, help: str = "") -> None:
        self.findings.append(Finding(code, message, at if isinstance(at, Place) else self.place(at), help, Severity.WARNING))


def member(node: Node | None, key: str) -> Node | None:
    """The value of that key, where the node is a mapping that has it."""
    return node.get(key) if isinstance(node, MappingNode) else None


def entries(node: Node | None) -> Iterator[Entry]:
    """The keys with their values, where the node is a mapping."""
    if isinstance(node, MappingNode):
        yield from node.entries.values()


def items(node: Node | None) -> list[Node]:
    """The items, where the node is a list."""
    return node.items if isinstance(node, SequenceNode) else []


def text(node: Node | None) -> str | None:
    """The text as written, where the node is a scalar and not blank."""
    if not isinstance(node, ScalarNode) or node.broken or resolve(node) is None:
        return None
    return node.value


def truth(node: Node | None, default: bool = False) -> bool:
    """true or false, where that is written without quotes."""
    value = resolve(node) if isinstance(node, ScalarNode) else None
    return value if isinstance(value, bool) else default


def texts_of(node: Node | None) -> tuple[str, ...]:
    """A list's texts."""
    return tuple(found for item in items(node) if (found := text(item)) is not None)


def one_or_more(node: Node | None) -> tuple[str, ...]:
    """A text alone, or a list's texts."""
    single = text(node)
    return (single,) if single is not None else texts_of(node)


def choice(node: Node | None, default: Choice) -> Choice:
    """One of an enumeration's words; the default where another stands there (the schema has said so)."""
    written = text(node)
    return next((word for word in type(default) if word.value == written), default)
