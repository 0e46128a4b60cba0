"""Exact geometry of a decision table: which combinations of inputs each row is true for, as boxes over atoms.

An *atom* of an input is a set of values that no cell of the table tells apart: an interval, a listed text, all other texts, true, false,
missing. A row is, per input, a set of atoms (an integer with a bit for each): a box. Every ordered kind is a grid of whole numbers (money
of ten-thousandths, numbers of billionths, dates of days), so that `> 2` and `>= 3` of whole numbers are the same, and nothing is lost.

What is asked is decided column by column; a state is the set of rows that are still true. That is exact, and quick as long as states are
few: tables as people write them have hundreds, and `Work` stops what would take too long.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

Box = tuple[int, ...]
"""Per input a set of atoms."""


class TooMuchWorkError(Exception):
    """The table is too intricate to be decided within the limit."""


@dataclass(slots=True)
class Work:
    """How many states may still be looked at."""

    left: int = 400_000

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise TooMuchWorkError


def meet(one: Box, other: Box) -> Box | None:
    """The box in which both are true; None where there is none."""
    both = tuple(a & b for a, b in zip(one, other, strict=True))
    return both if all(both) else None


def covered(box: Box, by: Sequence[Box], work: Work) -> bool:
    """Whether every point of the box lies in one of the others."""
    return next(uncovered(box, by, work), None) is None


def uncovered(box: Box, by: Sequence[Box], work: Work) -> Iterator[Box]:
    """Boxes that together are what none of `by` covers; no two of them meet."""
    if not all(box):
        return
    rows = [b for b in by if meet(box, b) is not None]
    yield from _Search(box, rows, work).open(0, (1 << len(rows)) - 1, ())


@dataclass(slots=True)
class _Search:
    box: Box
    rows: Sequence[Box]
    work: Work
    full: set[tuple[int, int]] = field(default_factory=set)
    """States (column, rows still true) known to be covered."""

    def open(self, column: int, live: int, before: Box) -> Iterator[Box]:
        """The uncovered boxes below a state."""
        if (column, live) in self.full:
            return
        self.work.spend()
        if live and self._whole(column, live):
            self.full.add((column, live))
            return
        if not live:
            yield (*before, *self.box[column:])
            return
        if column == len(self.box):
            self.full.add((column, live))
            return
        found = False
        for atoms, still in self._groups(column, live):
            for gap in self.open(column + 1, still, (*before, atoms)):
                found = True
                yield gap
        if not found:
            self.full.add((column, live))

    def _whole(self, column: int, live: int) -> bool:
        """Some row that is still true asks nothing more."""
        for i in _bits(live):
            row = self.rows[i]
            if all(self.box[c] & ~row[c] == 0 for c in range(column, len(self.box))):
                return True
        return False

    def _groups(self, column: int, live: int) -> list[tuple[int, int]]:
        """The column's atoms by which of the live rows they leave true: (atoms, rows)."""
        groups: dict[int, int] = {}
        for atom in _bits(self.box[column]):
            bit = 1 << atom
            still = 0
            for i in _bits(live):
                if self.rows[i][column] & bit:
                    still |= 1 << i
            groups[still] = groups.get(still, 0) | bit
        return [(atoms, still) for still, atoms in groups.items()]


def _bits(number: int) -> Iterator[int]:
    while number:
        low = number & -number
        yield low.bit_length() - 1
        number ^= low


def merged(boxes: Sequence[Box]) -> list[Box]:
    """The same points in fewer boxes: two that differ in one column become one."""
    found = list(dict.fromkeys(boxes))
    again = True
    while again:
        again = False
        for i, one in enumerate(found):
            for j in range(i + 1, len(found)):
                differing = [c for c in range(len(one)) if one[c] != found[j][c]]
                if len(differing) == 1:
                    c = differing[0]
                    found[i] = (*one[:c], one[c] | found[j][c], *one[c + 1 :])
                    del found[j]
                    again = True
                    break
            if again:
                break
    return found
