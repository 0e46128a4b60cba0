"""A tree -> its canonical text: two spaces a level, lists deeper than their key, one blank line where sections and rules part.

Braces and brackets stay where the author wrote them and the line has room; else their content goes on lines of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from .scalars import anchored, key_text, on_lines, on_one_line
from .shapes import Shape
from .tree import Alias, Collection, Comment, Document, Entry, Node, Scalar, apart, has_comments

WIDTH = 140
"""Columns, as in the shipped policies: a rule's sentence in two languages still stands on one line, and no review tool cuts it."""
STEP = 2


class Spacing(Enum):
    """Which blank lines the layout itself asks for."""

    SECTIONS = auto()
    """Between all sections, once one of them has taken several lines."""
    RULES = auto()
    """Between two rules, one of which takes several lines."""
    AS_WRITTEN = auto()


@dataclass(frozen=True, slots=True)
class _Written:
    """An entry as lines, and the comments that go above it."""

    above: tuple[Comment, ...]
    lines: list[str]


def printed(document: Document, shape: Shape) -> str:
    """The text of the document, its last line ended."""
    lines = _comments([], document.top, 0)
    written = _entries(document.root, shape, 0, Spacing.SECTIONS)
    _part(lines, document.parted)
    lines = _comments(lines, written.above, 0)
    return "\n".join([*lines, *written.lines]) + "\n"


def _entries(node: Collection, shape: Shape, indent: int, spacing: Spacing = Spacing.AS_WRITTEN) -> _Written:
    """The entries of a map or list on lines of their own, then its last comments. What goes above the first is left to the caller."""
    lines: list[str] = []
    above_all: tuple[Comment, ...] = ()
    members = shape.of_map([entry.name for entry in node.entries])
    item = shape.item()
    long = long_before = False
    for number, entry in enumerate(node.entries):
        member = item if node.is_list else members.member(entry.name)
        written = _entry(entry, member, indent, _spacing_below(entry, spacing))
        long_before = long
        long = len(written.lines) > 1 or (spacing is Spacing.SECTIONS and long)
        asked = (spacing is Spacing.SECTIONS and long_before) or (spacing is Spacing.RULES and (long or long_before))
        if number == 0:
            above_all = written.above
            lines = _comments(written.lines, entry.after, indent)
            continue
        after = bool(node.entries[number - 1].after)
        _part(lines, asked or after or (written.above[0].blank_before if written.above else entry.blank_before))
        lines = _comments(lines, written.above, indent)
        if written.above:
            _part(lines, entry.blank_before)
        lines += written.lines
        lines = _comments(lines, entry.after, indent)
    return _Written(above_all, _comments(lines, node.tail, indent))


def _spacing_below(entry: Entry, spacing: Spacing) -> Spacing:
    return Spacing.RULES if spacing is Spacing.SECTIONS and entry.name == "rules" else Spacing.AS_WRITTEN


def _part(lines: list[str], wanted: bool) -> None:
    """A blank line, where there is none yet and something stands above."""
    if wanted and lines and lines[-1]:
        lines.append("")


def _comments(lines: list[str], comments: Sequence[Comment], indent: int) -> list[str]:
    for comment in comments:
        _part(lines, comment.blank_before)
        lines += [" " * indent + line for line in comment.lines]
    return lines


def _behind(line: str, comment: Comment | None) -> list[str]:
    """The line with the comment behind it, which may go on below."""
    if comment is None:
        return [line.rstrip()]
    start = f"{line.rstrip()} "
    return [start + comment.lines[0], *(" " * len(start) + more for more in comment.lines[1:])]


def _entry(entry: Entry, shape: Shape, indent: int, spacing: Spacing) -> _Written:
    """A key with its value, or an item behind its dash."""
    value = entry.value
    margin = " " * indent
    key = "-" if entry.key is None else _key(entry.key)
    if not isinstance(value, Collection):
        above, head, trailing = entry.leading, entry.head, entry.trailing
        if isinstance(value, Scalar) and value.style in ("|", ">"):
            return _Written(above, _block_scalar(f"{margin}{key}", value, head, indent))
        lines = _value_lines(f"{margin}{key}", value, shape, indent)
        return _with_comments(above, lines, head, trailing)
    line = _flow_line(f"{margin}{key}", entry, shape)
    if line is not None:
        return _with_comments(entry.leading, [line], entry.head, entry.trailing)
    return _opened(entry, value, shape, indent, spacing)


def _key(key: Scalar | Alias) -> str:
    return f"*{key.name} :" if isinstance(key, Alias) else f"{key_text(key)}:"


def _with_comments(above: tuple[Comment, ...], lines: list[str], head: Comment | None, trailing: Comment | None) -> _Written:
    """A value beside its key: one comment can stand behind it; where there are two, or it takes lines, the first goes above."""
    if head is not None and (trailing is not None or len(lines) > 1):
        above, head = (*above, *apart(head)), None
    return _Written(above, [*lines[:-1], *_behind(lines[-1], head or trailing)])


def _value_lines(start: str, value: Scalar | Alias, shape: Shape, indent: int) -> list[str]:
    """A scalar behind its key or dash."""
    text = on_one_line(value, flow=False, expression=shape.expression)
    joined = isinstance(value, Scalar) and "\n" in value.raw
    if text is not None and (not joined or len(start) + 1 + len(text) <= WIDTH):
        return [f"{start} {text}".rstrip()]
    assert isinstance(value, Scalar)
    first, *others = on_lines(value, indent + STEP)
    return [f"{start} {first}", *others]


def _block_scalar(start: str, value: Scalar, head: Comment | None, indent: int) -> list[str]:
    first, *others = on_lines(value, indent + STEP)
    return [*_behind(f"{start} {first}", head), *others]


def _flow_line(start: str, entry: Entry, shape: Shape) -> str | None:
    """The entry with its value in braces or brackets; None where it does not fit, or the author wrote it without."""
    value = entry.value
    assert isinstance(value, Collection)
    if has_comments(value) or (value.entries and not value.flow):
        return None
    text = _flow(value, shape)
    if text is None:
        return None
    line = f"{start} {text}"
    a_row = entry.key is None and value.is_list  # the cells of a row stay beside each other
    fits = len(line) <= WIDTH and not value.broken
    return line if fits or a_row or not value.entries else None


def _flow(node: Node, shape: Shape) -> str | None:
    """The value on one line, inside braces or brackets; None where a scalar needs several lines."""
    if not isinstance(node, Collection):
        return on_one_line(node, flow=True, expression=shape.expression)
    members = shape.of_map([entry.name for entry in node.entries])
    item = shape.item()
    parts = []
    for entry in node.entries:
        text = _flow(entry.value, item if node.is_list else members.member(entry.name))
        if text is None:
            return None
        parts.append(text if entry.key is None else f"{_key(entry.key)} {text}")
    inside = ", ".join(parts)
    return anchored(node.anchor, f"[{inside}]" if node.is_list else f"{{{inside}}}")


def _opened(entry: Entry, value: Collection, shape: Shape, indent: int, spacing: Spacing) -> _Written:
    """The entry with its value on lines of its own: below the key; in a list, from the line of the dash on."""
    margin = " " * indent
    if not value.entries:
        return _emptied(entry, value, indent)
    head, value = _heading(entry, value)
    if entry.key is not None or value.anchor:
        key = "-" if entry.key is None else _key(entry.key)
        opening = _behind(f"{margin}{key} {anchored(value.anchor, '')}", head)
        written = _entries(value, shape, indent + STEP, spacing)
        return _Written(entry.leading, opening + _comments([], written.above, indent + STEP) + written.lines)
    first, *others = value.entries
    value = replace(value, entries=(replace(first, blank_before=False), *others))
    written = _entries(value, shape, indent + STEP)
    above = (*entry.leading, *apart(head), *written.above)
    return _Written(above, [f"{margin}- {written.lines[0][indent + STEP :]}", *written.lines[1:]])


def _heading(entry: Entry, value: Collection) -> tuple[Comment | None, Collection]:
    """What stood behind the closing brace goes behind the key; where other comments stand before it, to the end."""
    if entry.trailing is None:
        return entry.head, value
    if entry.head is None and not has_comments(value):
        return entry.trailing, value
    return entry.head, replace(value, tail=(*value.tail, *apart(entry.trailing)))


def _emptied(entry: Entry, value: Collection, indent: int) -> _Written:
    """`{}` or `[]` with comments inside: they go above it."""
    key = "-" if entry.key is None else _key(entry.key)
    empty = anchored(value.anchor, "[]" if value.is_list else "{}")
    above = (*entry.leading, *apart(entry.head), *value.tail)
    return _Written(above, _behind(f"{' ' * indent}{key} {empty}", entry.trailing))
