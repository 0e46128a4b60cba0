"""How a client's data come into a letter: as marks first, as text last.

While a body is rendered, every value that it prints is put on a list, and a mark of one character stands in the text for it. What is
then read as Markdown and turned into HTML and the like is the author's text with marks: a value can be no markup in any format, and
letters that differ by values only share the work. Marks are private-use characters; those in data are taken out first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import pass_context
from jinja2.exceptions import SecurityError, TemplateRuntimeError
from jinja2.runtime import Context

from ..environment import printable

VALUES = "in all values"
"""Where the list of values stands in a template's context; a name with spaces cannot be written in a template."""
_FIRST_MARK = 0xE000
MOST_VALUES = 0xF8FF - _FIRST_MARK
_MARK = re.compile("([\ue000-\uf8ff])")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")


def without_marks(text: str) -> str:
    """The text without private-use characters: they have no agreed meaning, and could be taken for marks."""
    return text if text.isascii() else _PRIVATE.sub("", text)


def has_marks(text: str) -> bool:
    """Whether the text holds a character that could be taken for a mark."""
    return _MARK.search(text) is not None


@pass_context
def noted(context: Context, value: Any) -> str:
    """Puts a value on the list and gives its mark. Raises for what cannot be printed in a letter."""
    value = printable(value)
    if isinstance(value, bool):
        raise TemplateRuntimeError("a yes or no cannot be printed: ask for it with {% if ... %}")
    text = str(value)
    if not text.strip():
        raise TemplateRuntimeError("there is nothing to print here (it is blank): ask first with {% if ... %}")
    if has_marks(text):
        raise SecurityError("a part of the letter that is rendered already cannot be printed again")
    values: list[str] = context[VALUES]
    if len(values) >= MOST_VALUES:
        raise SecurityError(f"a letter prints at most {MOST_VALUES} values")
    values.append(text)
    return chr(_FIRST_MARK + len(values) - 1)


@dataclass(frozen=True, slots=True)
class Filling:
    """A text with the places of values: literal parts in between, and which value stands where."""

    parts: tuple[str, ...]
    places: tuple[int, ...]

    def filled(self, values: Sequence[str]) -> str:
        """The text with these values, which are escaped already for its format."""
        if not self.places:
            return self.parts[0]
        pieces = list(self.parts)
        pieces[1::2] = [values[place] for place in self.places]
        return "".join(pieces)


def filling(text: str, literal: Callable[[str], str] = str) -> Filling:
    """The text taken apart at its marks; `literal` is applied to what stands between them."""
    pieces = _MARK.split(text)
    places = tuple(ord(mark) - _FIRST_MARK for mark in pieces[1::2])
    return Filling(tuple(literal(piece) if number % 2 == 0 else "" for number, piece in enumerate(pieces)), places)
