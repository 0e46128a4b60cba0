"""A body's template in, findings on its Markdown out: what a letter cannot hold is told before a letter is made, at its line.

The template is read as if every way through it were taken at once, with a mark for each value.
"""

from __future__ import annotations

from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ...model.finding import Finding
from ...model.place import Place
from ..environment import DocumentEnvironment
from .filling import has_marks
from .shape import MARKDOWN, PRIVATE, REFUSED, NotALetterError, checked_target, private_entity
from .sources import Part, Source, stretches

_MARK = "\ue000"


def markdown_findings(environment: DocumentEnvironment, source: Source, *, whole: bool) -> Iterator[Finding]:
    """The findings on one template's Markdown. `whole`: a body with its subject, not a part that bodies include."""
    if has_marks(source.text):
        line = next(number for number, text in enumerate(source.text.split("\n"), 1) if has_marks(text))
        yield _finding(source, line, *PRIVATE)
        return
    if (entity := private_entity(source.text)) is not None:
        yield _finding(source, entity, *PRIVATE)
        return
    lines, numbers = _skeleton(environment, source.text)
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if whole and (first is None or not lines[first].startswith("# ")):
        line = numbers[first] if first is not None and lines[first].startswith("#") else 1
        help = "begin the body with a line such as `# Our cooperation`"
        yield Finding("SS967", "the first line is no subject", Place(source.file, line, 1, line, 2), help)
    for token in _all(MARKDOWN, "\n".join(lines)):
        line = numbers[token.map[0]] if token.map else 0
        yield from _refused(source, token, line)


def _all(markdown: MarkdownIt, text: str) -> Iterator[Token]:
    """Every token, those within a line with the line of what they stand in."""
    for token in markdown.parse(text):
        yield token
        for child in token.children or ():
            child.map = token.map
            yield child


def _refused(source: Source, token: Token, line: int) -> Iterator[Finding]:
    kind = token.type.removesuffix("_open")
    if kind in REFUSED:
        yield _finding(source, line, *REFUSED[kind])
    elif kind == "link":
        try:
            checked_target(str(token.attrs.get("href", "")), line)
        except NotALetterError as error:
            yield _finding(source, line, error.message, error.help)


def _skeleton(environment: DocumentEnvironment, source: str) -> tuple[list[str], list[int]]:
    """The lines of the template without its tags, and the number of each in the file; a line of tags only is none."""
    parts = []
    for stretch in stretches(environment, source):
        text = source[stretch.start : stretch.end]
        match stretch.part:
            case Part.TEXT:
                parts.append(text)
            case Part.VALUE:
                parts.append(_MARK)
            case Part.TAG:
                parts.append(_TAG + "\n" * text.count("\n"))
    lines, numbers = [], []
    for number, line in enumerate("".join(parts).split("\n"), 1):
        if _TAG not in line or line.replace(_TAG, "").strip():
            lines.append(line.lstrip(" \t" if line.lstrip(" \t").startswith(_TAG) else "").replace(_TAG, ""))
            numbers.append(number)
    return lines, numbers


_TAG = "\x00"


def _finding(source: Source, line: int, message: str, help: str) -> Finding:
    return Finding("SS964", message, Place(source.file, line, 1, line, 2), help)
