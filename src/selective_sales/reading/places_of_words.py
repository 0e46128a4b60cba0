"""A text that was read, and characters of it, in; their place in the file out. Asked for findings only, so it may look twice."""

from __future__ import annotations

from dataclasses import dataclass

from ..model.place import Place
from ..model.policy import SourceFile
from ..model.text import Template
from .nodes import ScalarNode, Span
from .positions import after_properties, locator
from .source import Source

_STYLES = frozenset("'\"|>")


@dataclass(frozen=True, slots=True)
class _At:
    """A point in the text, counted from 0."""

    index: int
    line: int
    column: int


def place_of(files: tuple[SourceFile, ...], text: Template, start: int, end: int) -> Place:
    """The place of the characters from `start` to `end` of `text.written`; that of the whole text where its file is not among these."""
    whole = text.place
    file = next((f for f in files if f.path == whole.file), None)
    if file is None or not whole.line or not text.written:
        return whole
    source = Source(file.path, file.text)
    span = Span(_at(source, whole.line, whole.column), _at(source, whole.end_line, whole.end_column))
    first = source.text[after_properties(source.text, span.start, span.end) :][:1]
    return locator(source, ScalarNode(text.written, first if first in _STYLES else "", span))(start, end)


def _at(source: Source, line: int, column: int) -> _At:
    return _At(source.line_starts[line - 1] + column - 1, line - 1, column - 1)
