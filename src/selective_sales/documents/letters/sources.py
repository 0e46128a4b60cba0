"""A body's template in, what its author wrote in it out: its text for people, apart from what Jinja reads, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from jinja2 import TemplateNotFound, TemplateSyntaxError, nodes

from ...model.place import Place
from ..environment import DocumentEnvironment, Folder


class Part(Enum):
    """What a stretch of a template is."""

    TEXT = auto()
    VALUE = auto()
    TAG = auto()


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a template's source; offsets in characters, the end exclusive."""

    part: Part
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class LiteralText:
    """Text of a template up to the next tag. A value in it is a placeholder in braces, as long as it is in the file."""

    text: str
    file: str
    line: int
    column: int

    def place(self, start: int, end: int) -> Place:
        """Where these characters of the text stand."""
        line, column = _at(self.text, start, self.line, self.column)
        end_line, end_column = _at(self.text, end, self.line, self.column)
        return Place(self.file, line, column, end_line, end_column)


@dataclass(frozen=True, slots=True)
class Source:
    """A template's file and text."""

    name: str
    file: str
    text: str


def sources(environment: DocumentEnvironment, name: str) -> tuple[Source, ...]:
    """The template of that name and all that it includes, each once; what cannot be read is left out (the lint tells)."""
    loader = environment.loader
    assert isinstance(loader, Folder)
    found: dict[str, Source] = {}
    todo = [name]
    while todo:
        template = todo.pop(0)
        if template in found:
            continue
        try:
            text, _, _ = loader.get_source(environment, template)
            tree = environment.parse(text, template)
        except (TemplateNotFound, TemplateSyntaxError, UnicodeDecodeError, OSError, RecursionError, ValueError):
            continue
        found[template] = Source(template, loader.shown(template), text)
        for include in tree.find_all(nodes.Include):
            if isinstance(include.template, nodes.Const) and isinstance(include.template.value, str):
                todo.append(include.template.value)
    return tuple(found.values())


def stretches(environment: DocumentEnvironment, source: str) -> Iterator[Stretch]:
    """The source cut into text, values `{{ }}` and tags `{% %}` (comments among them). It must be one that Jinja can read."""
    position, begun, written = 0, 0, 0
    for _, kind, value in environment.lex(source):
        at = source.find(value, position)
        if at < 0:
            continue
        position = at + len(value)
        if kind in _BEGINS:
            if at > written:
                yield Stretch(Part.TEXT, written, at)
            begun = written = at
        if kind in _ENDS:
            written = _bracket(source, position)
            yield Stretch(Part.VALUE if kind == "variable_end" else Part.TAG, begun, written)
    if written < len(source):
        yield Stretch(Part.TEXT, written, len(source))


_BEGINS = frozenset({"variable_begin", "block_begin", "comment_begin", "raw_begin", "raw_end"})
_ENDS = frozenset({"variable_end", "block_end", "comment_end", "raw_begin", "raw_end"})


def _bracket(source: str, end: int) -> int:
    """The end of the bracket before `end`: Jinja counts the blanks that it takes away after a tag as the tag's own."""
    return source.rfind("}", 0, end) + 1


def literal_texts(environment: DocumentEnvironment, name: str) -> tuple[LiteralText, ...]:
    """The text that the author of the template, and of those it includes, wrote for the client."""
    return tuple(text for source in sources(environment, name) for text in _literal(environment, source))


def _literal(environment: DocumentEnvironment, source: Source) -> Iterator[LiteralText]:
    start, parts = 0, []
    for stretch in (*stretches(environment, source.text), Stretch(Part.TAG, len(source.text), len(source.text))):
        match stretch.part:
            case Part.TEXT:
                parts.append(source.text[stretch.start : stretch.end])
            case Part.VALUE:
                parts.append("{" + "_" * (stretch.end - stretch.start - 2) + "}")
            case Part.TAG:
                text = "".join(parts)
                if text.strip():
                    line, column = _at(source.text, start, 1, 1)
                    yield LiteralText(text, source.file, line, column)
                start, parts = stretch.end, []


def _at(text: str, offset: int, line: int, column: int) -> tuple[int, int]:
    """Line and column of an offset in a text that begins at that line and column."""
    before = text[:offset]
    lines = before.count("\n")
    return line + lines, (len(before) - before.rfind("\n")) if lines else column + offset
