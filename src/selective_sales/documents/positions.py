"""Where in a template a name stands: Jinja's tree knows lines, its tokens know the columns."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass

from jinja2 import Environment

from ..model.place import Place


@dataclass(frozen=True, slots=True)
class Positions:
    """The columns at which each word of each line stands, to be taken from left to right."""

    file: str
    columns: dict[tuple[int, str], deque[int]]

    def take(self, line: int, word: str) -> Place:
        """The place of the next occurrence of the word on that line; the line's start where there is none left."""
        found = self.columns.get((line, word))
        if not found:
            return Place(self.file, line, 1, line, 2)
        column = found.popleft() if len(found) > 1 else found[0]
        return Place(self.file, line, column, line, column + len(word))


def positions(environment: Environment, source: str, file: str) -> Positions:
    """The words within `{{ }}` and `{% %}` of a template that Jinja can read."""
    columns: dict[tuple[int, str], deque[int]] = defaultdict(deque)
    starts = [0]
    for text in source.split("\n"):
        starts.append(starts[-1] + len(text) + 1)
    position = 0
    for line, kind, value in environment.lex(source):
        at = source.find(value, position)
        if at < 0:
            continue
        position = at + len(value)
        if kind in ("name", "operator"):
            columns[(line, value)].append(at - starts[line - 1] + 1)
    return Positions(file, dict(columns))
