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
    if all(box):
        rows = [b for b in by if meet(box, b) is not None]
        yield from _Search(box, work, _keeps(box, rows), _asks(box, rows)).open(0, (1 << len(rows)) - 1, ())


def _keeps(box: Box, rows: Sequence[Box]) -> list[list[tuple[int, int]]]:
    """Per column each atom of the box, with the rows that it leaves true."""
    found = []
    for column, atoms in enumerate(box):
        free, kept = 0, dict.fromkeys(bits(atoms), 0)
        for i, row in enumerate(rows):
            if not atoms & ~row[column]:
                free |= 1 << i
                continue
            for atom in bits(atoms & row[column]):
                kept[atom] |= 1 << i
        found.append([(1 << atom, free | some) for atom, some in kept.items()])
    return found


def _asks(box: Box, rows: Sequence[Box]) -> list[int]:
    """Per column the rows that ask something of it, or of a later one."""
    found = [0] * (len(box) + 1)
    for column in reversed(range(len(box))):
        asking = sum(1 << i for i, row in enumerate(rows) if box[column] & ~row[column])
        found[column] = found[column + 1] | asking
    return found


@dataclass(slots=True)
class _Search:
    box: Box
    work: Work
    keeps: list[list[tuple[int, int]]]
    asks: list[int]
    full: set[tuple[int, int]] = field(default_factory=set)
    """States (column, rows still true) known to be covered."""

    def open(self, column: int, live: int, before: Box) -> Iterator[Box]:
        """The uncovered boxes below a state."""
        if (column, live) in self.full:
            return
        self.work.spend()
        if not live:
            yield (*before, *self.box[column:])
            return
        if live & ~self.asks[column]:  # some row that is still true asks nothing more
            self.full.add((column, live))
            return
        groups: dict[int, int] = {}
        for atom, kept in self.keeps[column]:
            groups[live & kept] = groups.get(live & kept, 0) | atom
        found = False
        for still, atoms in groups.items():
            for gap in self.open(column + 1, still, (*before, atoms)):
                found = True
                yield gap
        if not found:
            self.full.add((column, live))


def bits(number: int) -> Iterator[int]:
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
