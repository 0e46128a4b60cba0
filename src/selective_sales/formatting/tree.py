"""A YAML text as its author laid it out: values, and the comments and blank lines that belong to each. Places are gone.

What in a text is neither value, comment nor blank line (indentation, commas, brackets) is what the layout decides anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment's lines, each with its `#`. Only one that stands behind a value may have several: those that go on straight below it."""

    lines: tuple[str, ...]
    blank_before: bool = False


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text. `raw` is how it stands in the file (with its quotes), `value` what it says; `style` one of '' (plain), ', \", |, >."""

    raw: str
    value: str
    style: str
    anchor: str = ""
    content_indent: int = 0
    """Of a block scalar (| or >): how far its lines are indented in the file."""


@dataclass(frozen=True, slots=True)
class Alias:
    """`*name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with its value, or (without key) an item of a list.

    `leading` stand on lines of their own above, `head` behind the key or dash of a value that begins below, `trailing` behind the value,
    `after` on lines of their own below it, with a blank line before what follows.
    """

    key: Scalar | Alias | None
    value: Node
    leading: tuple[Comment, ...] = ()
    head: Comment | None = None
    trailing: Comment | None = None
    after: tuple[Comment, ...] = ()
    blank_before: bool = False

    @property
    def name(self) -> str:
        """The key's text; nothing for an item or an alias."""
        return self.key.value if isinstance(self.key, Scalar) else ""


@dataclass(frozen=True, slots=True)
class Collection:
    """A map, or (`is_list`) a list. `flow`: in braces or brackets, `broken` over several lines. `tail`: comments after its last entry."""

    entries: tuple[Entry, ...]
    is_list: bool
    flow: bool
    broken: bool = False
    anchor: str = ""
    tail: tuple[Comment, ...] = ()


Node = Scalar | Alias | Collection


@dataclass(frozen=True, slots=True)
class Document:
    """A file: the comments about all of it in its first lines, its sections, and whether a blank line parts the two."""

    top: tuple[Comment, ...]
    root: Collection
    parted: bool = False


def apart(comment: Comment | None) -> tuple[Comment, ...]:
    """The lines of a comment as comments of their own."""
    return () if comment is None else tuple(Comment((line,)) for line in comment.lines)


def has_comments(node: Node) -> bool:
    """Whether a comment stands anywhere inside."""
    match node:
        case Scalar() | Alias():
            return False
        case Collection():
            own = (e.leading or e.head or e.trailing or e.after or has_comments(e.value) for e in node.entries)
            return bool(node.tail) or any(own)
        case _:
            assert_never(node)


def marks(node: Node) -> Iterator[str]:
    """The names of the anchors and aliases inside, itself included."""
    match node:
        case Alias():
            yield node.name
        case Scalar():
            if node.anchor:
                yield node.anchor
        case Collection():
            if node.anchor:
                yield node.anchor
            for entry in node.entries:
                if entry.key is not None:
                    yield from marks(entry.key)
                yield from marks(entry.value)
        case _:
            assert_never(node)
