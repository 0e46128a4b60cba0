"""A word processor's quotes, to which YAML pays no heed: `“Yes, {name}.”` is no quoted text."""

from __future__ import annotations

import re

from ..model.finding import Finding, Severity
from .nodes import ScalarNode
from .source import Source

OPENING = "„“”‟«»‚‘‹"
CLOSING = "”“‟»«’‘›"
_LONGEST = 1000
"""Characters before the stop in which the opening quote is looked for."""
_HELP = "use the straight quotes of the keyboard"
_BEGINS = re.compile(rf"(?:^|[:\[{{,-])\s*([{OPENING}])([^{CLOSING}]*)$")


def at(source: Source, start: int) -> Finding | None:
    """The finding where such a quote opens the value that begins at that offset, and YAML has torn the value apart."""
    if source.text[start : start + 1] not in tuple(OPENING):
        return None
    place = source.span(start, start + 1)
    return Finding("SS156", "these are a word processor's quotes: YAML does not read them as quotes", place, f'{_HELP}: "..."')


def before(source: Source, line_start: int, end: int) -> Finding | None:
    """The same where YAML stopped at `end`, within the value that such a quote opens on this line."""
    start = max(line_start, end - _LONGEST)
    found = _BEGINS.search(source.text[start:end])
    return None if found is None else at(source, start + found.start(1))


def around(source: Source, node: ScalarNode) -> Finding | None:
    """A warning where such quotes stand around a whole text: they would be printed with it."""
    text = node.value
    if not node.plain or len(text) < 2 or text[0] not in OPENING or text[-1] not in CLOSING:
        return None
    inner = text[1:-1]
    if any(char in inner for char in OPENING + CLOSING):
        return None
    straight = f'"{inner}"' if '"' not in inner else f"'{inner.replace(chr(39), chr(39) * 2)}'"
    message = "these are a word processor's quotes: they become a part of the text"
    return Finding("SS156", message, node.span.place(source.path), f"{_HELP}: {straight[:100]}", Severity.WARNING)
