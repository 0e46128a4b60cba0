"""The comments and blank lines of a YAML text, with where they stand.

In: the text and the spans that its values take up. What lies between is white space, signs of YAML, and comments: a `#` there begins one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from .tree import Comment


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment in the text: its offset, line and column (all from 0), and whether it has its line to itself."""

    offset: int
    line: int
    column: int
    text: str
    alone: bool


@dataclass(slots=True)
class Remarks:
    """Hands the comments out in their order, each once."""

    text: str
    found: list[Remark]
    blank: frozenset[int]
    """The lines that are blank, other than those that are a part of a value."""
    starts: list[int]
    _next: int = field(default=0)

    def line_of(self, offset: int) -> int:
        return bisect_right(self.starts, offset) - 1

    def column_of(self, offset: int) -> int:
        return offset - self.starts[self.line_of(offset)]

    def blank_above(self, line: int) -> bool:
        return line - 1 in self.blank

    def peek(self, until: int) -> Remark | None:
        """The next comment, if it begins before that offset."""
        return self.found[self._next] if self._next < len(self.found) and self.found[self._next].offset < until else None

    def take(self) -> Remark:
        self._next += 1
        return self.found[self._next - 1]

    def own_lines(self, until: int, least_column: int = 0) -> tuple[Comment, ...]:
        """The comments before that offset; from the first one on that stands further left than `least_column`, they are left."""
        taken = []
        while (remark := self.peek(until)) is not None and (remark.column >= least_column or not remark.alone):
            taken.append(self._comment(self.take()))
        return tuple(taken)

    def behind(self, end: int, until: int) -> Comment | None:
        """The comment on the line on which the value ends, with what goes on below it in the same column."""
        remark = self.peek(until)
        if remark is None or remark.alone or remark.line != self.line_of(end):
            return None
        lines = [self.take().text]
        while (
            (more := self.peek(until)) is not None and more.alone and (more.line, more.column) == (remark.line + len(lines), remark.column)
        ):
            lines.append(self.take().text)
        return Comment(tuple(lines))

    def right_below(self, until: int, column: int) -> tuple[Comment, ...]:
        """The paragraph of comments in that column right below the last line, where a blank line or the file's end closes it."""
        count, line = 0, 0
        for remark in islice(self.found, self._next, None):
            if remark.offset >= until or (count and remark.line != line + 1):
                break
            if remark.column < column or not remark.alone or (not count and self.blank_above(remark.line)):
                return ()
            count, line = count + 1, remark.line
        closed = line + 1 in self.blank or line + 2 >= len(self.starts)
        return tuple(self._comment(self.take()) for _ in range(count)) if closed else ()

    def _comment(self, remark: Remark) -> Comment:
        return Comment((remark.text,), remark.alone and self.blank_above(remark.line))


def remarks(text: str, values: Iterable[tuple[int, int]]) -> Remarks:
    """The comments of the text; `values` are the spans of what is no comment, in their order."""
    starts = [0, *(at + 1 for at, character in enumerate(text) if character == "\n")]
    found: list[Remark] = []
    blank: set[int] = set()
    at, line = 0, 0
    for start, end in (*values, (len(text), len(text))):
        while at < start:
            while line + 1 < len(starts) and starts[line + 1] <= at:
                line += 1
            stop = text.find("\n", at, start)
            stop = start if stop < 0 else stop
            sign = text.find("#", at, stop)
            if sign >= 0:
                stop = len(text) if (stop := text.find("\n", sign)) < 0 else stop
                begin = starts[line]
                found.append(Remark(sign, line, sign - begin, text[sign:stop].rstrip(), not text[begin:sign].strip()))
            elif at == starts[line] and text[stop : stop + 1] == "\n" and not text[at:stop].strip():
                blank.add(line)
            at = stop + 1
        at = max(at, end)
    return Remarks(text, found, frozenset(blank), starts)
