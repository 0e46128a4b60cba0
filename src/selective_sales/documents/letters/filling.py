"""How a client's data come into a letter: as marks first, as text last.

While a body is rendered, every value that it prints is put on a list, and a mark of one character stands in the text for it. What is
then read as Markdown and turned into HTML and the like is the author's text with marks: a value can be no markup in any format, and
letters that differ by values only share the work. Marks are private-use characters; those in data are taken out first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import pass_context
from jinja2.exceptions import SecurityError, TemplateRuntimeError
from jinja2.runtime import Context

from ..environment import printable

SOURCES = "in all values"
"""Where the list of values stands in a template's context; a name with spaces cannot be written in a template."""
Path = tuple[str | int, ...]
"""Where a value stands in a view: `("contact", "email")`, `("reasons", 0)`."""
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


class Tagged(str):
    """A text of a view that knows where it stands there."""

    __slots__ = ("path",)
    path: Path

    @staticmethod
    def at(text: str, path: Path) -> Tagged:
        """The text, standing at that path."""
        made = Tagged(text)
        made.path = path
        return made


@pass_context
def noted(context: Context, value: Any) -> str:
    """Puts a value on the list, by where it stands in the view or as it is, and gives its mark. Raises for what cannot be printed."""
    value = printable(value)
    if isinstance(value, bool):
        raise TemplateRuntimeError("a yes or no cannot be printed: ask for it with {% if ... %}")
    text = str(value)
    if not text or text.isspace():
        raise TemplateRuntimeError("there is nothing to print here (it is blank): ask first with {% if ... %}")
    known = isinstance(value, Tagged)
    if not known and has_marks(text):
        raise SecurityError("a part of the letter that is rendered already cannot be printed again")
    sources: list[Path | str] = context[SOURCES]
    if len(sources) >= MOST_VALUES:
        raise SecurityError(f"a letter prints at most {MOST_VALUES} values")
    sources.append(value.path if isinstance(value, Tagged) else text)
    return chr(_FIRST_MARK + len(sources) - 1)


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

    def settled(self, values: Mapping[int, str]) -> Filling:
        """The text with these values in, by their number; those that are left are counted anew, in their order."""
        left = {place: number for number, place in enumerate(sorted(set(self.places) - set(values)))}
        parts, places = [self.parts[0]], []
        for number, place in enumerate(self.places):
            after = self.parts[2 * number + 2]
            if place in values:
                parts[-1] += values[place] + after
            else:
                parts += ["", after]
                places.append(left[place])
        return Filling(tuple(parts), tuple(places))


def filling(text: str, literal: Callable[[str], str] = str) -> Filling:
    """The text taken apart at its marks; `literal` is applied to what stands between them."""
    pieces = _MARK.split(text)
    places = tuple(ord(mark) - _FIRST_MARK for mark in pieces[1::2])
    return Filling(tuple(literal(piece) if number % 2 == 0 else "" for number, piece in enumerate(pieces)), places)
