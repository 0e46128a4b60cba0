"""A cell of a decision table, or of a factor's points -> Cell: alternatives divided by commas, each with its tests.

Which kind the input has is not known here. In a text input an item without operator is the text itself (`it, north-west`); so an item that
cannot be read as a test keeps its findings, and the checker makes them known only where a test was needed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from ..model.decision_tables import Cell, CellItem
from ..model.expression import Constant, ValueTest
from ..model.finding import Finding
from ..model.place import Place
from .desk import Desk
from .nodes import Node, ScalarNode
from .positions import locator
from .scalars import resolve

Locate = Callable[[int, int], Place]
_NOT = re.compile(r"not\s*\(")
_ANYTHING = ("", "-")
_OPENERS, _CLOSERS = "([", ")]"
_QUOTES = "\"'`"


def read_cell(desk: Desk, node: Node | None) -> Cell:
    """The cell in that scalar; one that is no scalar has an item without tests (the schema has said so)."""
    if not isinstance(node, ScalarNode):
        place = desk.place(node) if node is not None else Place(desk.source.path)
        return Cell("", (CellItem("", (), place),), place=place)
    value = resolve(node)
    place = desk.place(node)
    if value is None:
        return Cell("", place=place)
    if isinstance(value, bool | int | Decimal):
        written = node.value.lower() if isinstance(value, bool) else node.value
        return Cell(node.value, (CellItem(node.value, (ValueTest(Constant(value, written, place=place)),), place),), place=place)
    return cell_of(node.value, locator(desk.source, node), place)


def cell_of(text: str, locate: Locate, place: Place) -> Cell:
    """The cell with that text; `locate` maps its offsets to places in the file."""
    start, end = _trimmed(text, 0, len(text))
    if text[start:end] in _ANYTHING:
        return Cell(text, place=place)
    opening = _NOT.match(text, start, end)
    negated = opening is not None and _closing(text, opening.end() - 1, end) == end - 1
    if opening is not None and negated:
        start, end = _trimmed(text, opening.end(), end - 1)
    return Cell(text, tuple(_item(text, *span, locate) for span in _parts(text, start, end)), negated, place)


def _item(text: str, start: int, end: int, locate: Locate) -> CellItem:
    from .expression import parse_tests

    written, place = text[start:end], locate(start, max(end, start + 1))
    if not written:
        finding = Finding("SS140", "a test is missing between two commas", place, "write a test, or delete the comma")
        return CellItem("", (), place, (finding,))
    tests, findings = parse_tests(written, lambda first, last: locate(start + first, start + last))
    return CellItem(written, tests or (), place, findings)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space around it."""
    inner = text[start:end]
    return start + len(inner) - len(inner.lstrip()), max(end - (len(inner) - len(inner.rstrip())), start)


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The spans that the commas outside of brackets and quotes divide."""
    depth, first, at = 0, start, start
    while at < end:
        character = text[at]
        if character in _QUOTES and (at == first or not text[at - 1].isalnum()):
            close = text.find(character, at + 1, end)
            at = close if close > 0 else at
        elif character in _OPENERS:
            depth += 1
        elif character in _CLOSERS:
            depth = max(0, depth - 1)
        elif character == "," and depth == 0:
            yield _trimmed(text, first, at)
            first = at + 1
        at += 1
    yield _trimmed(text, first, end)


def _closing(text: str, opening: int, end: int) -> int:
    """Where the bracket that opens there is closed; -1 where it is not."""
    depth, at = 0, opening
    while at < end:
        character = text[at]
        if character in _QUOTES and not text[at - 1].isalnum():
            close = text.find(character, at + 1, end)
            at = close if close > 0 else at
        elif character in _OPENERS:
            depth += 1
        elif character in _CLOSERS:
            depth -= 1
            if depth == 0:
                return at
        at += 1
    return -1
