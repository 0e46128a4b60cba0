"""What a YAML document is made of: scalars, sequences, mappings, each with where it stands.

These are filled while the parser's events come in and not changed afterwards (hence not frozen; there are thousands in a file, and
nobody compares or prints them: the class is made without what would only cost time at start-up).
An alias is the very node it names, so that trees share parts; `size`, `height` and `length` count them as if they were written out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ..model.place import Place


class Mark(Protocol):
    """A point in the text as the parser gives it: offset, line and column, all counted from 0."""

    @property
    def index(self) -> int: ...
    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


@dataclass(slots=True, eq=False, repr=False)
class Span:
    """From one mark to another (exclusive). `start` and `end` are character offsets; lines and columns count from 1."""

    first: Mark
    last: Mark

    @property
    def start(self) -> int:
        return self.first.index

    @property
    def end(self) -> int:
        return self.last.index

    @property
    def line(self) -> int:
        return self.first.line + 1

    @property
    def column(self) -> int:
        return self.first.column + 1

    @property
    def end_line(self) -> int:
        return self.last.line + 1

    def place(self, file: str) -> Place:
        first, last = self.first, self.last
        return Place(file, first.line + 1, first.column + 1, last.line + 1, last.column + 1)


@dataclass(slots=True, eq=False, repr=False)
class ScalarNode:
    """A text as decoded. `style` is one of '' (plain), ', \", |, >."""

    value: str
    style: str
    span: Span
    broken: bool = False
    """True where a finding already says that this is only a piece of what was meant."""
    size: int = 1
    height: int = 1

    @property
    def plain(self) -> bool:
        return not self.style

    @property
    def length(self) -> int:
        return len(self.value)


@dataclass(slots=True, eq=False, repr=False)
class SequenceNode:
    items: list[Node]
    span: Span
    flow: bool
    broken: bool = False
    size: int = 1
    height: int = 1
    length: int = 0
    """Characters of all texts in it."""


@dataclass(slots=True, eq=False, repr=False)
class Entry:
    """A key with its value."""

    key: ScalarNode
    value: Node


@dataclass(slots=True, eq=False, repr=False)
class MappingNode:
    entries: dict[str, Entry]
    span: Span
    flow: bool
    broken: bool = False
    """True where a finding took keys out."""
    size: int = 1
    height: int = 1
    length: int = 0

    def get(self, key: str) -> Node | None:
        """The value of that key."""
        entry = self.entries.get(key)
        return None if entry is None else entry.value


Node = ScalarNode | SequenceNode | MappingNode
