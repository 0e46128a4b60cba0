"""A client in; out come clients that differ from it in one or two things, and positions along a field at which an answer may turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise, product

from ..model.expression import Scalar
from ..model.grid import SCALES, steps_of
from ..model.kind import Kind
from .boundaries import Interest
from .seeking import Lever
from .worlds import World

PIECES = 6
"""Into how many pieces a stretch is cut in which the answer turns."""
JUMPS = (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)


@dataclass(slots=True)
class Line:
    """A seed and a field of it that is moved: what the policy said at each position so far. `mutants` are tried on it."""

    seed: World
    lever: Lever
    one: Interest
    unit: int
    mutants: list[int]
    said: dict[int, object] = field(default_factory=dict)

    def gaps(self) -> list[int]:
        """Positions between two at which the policy says different things, while there is room between them."""
        found: dict[int, None] = {}
        known = sorted((n, said) for n, said in self.said.items() if said is not None)
        turning = [(a, b) for (a, x), (b, y) in pairwise(known) if x != y and b - a > 1]
        for low, high in turning[:4]:
            if high - low <= self.unit:
                found[(low + high) // 2] = None
                continue
            width = (high - low) // self.unit
            found |= dict.fromkeys(low + self.unit * max(1, width * i // PIECES) for i in range(1, PIECES))
            found |= dict.fromkeys((low + self.unit, high - self.unit))
        return [n for n in found if n not in self.said]

    def first_positions(self) -> list[int]:
        """Values of interest, near and far."""
        at, scale, kind = self.lever.position(self.seed) or 0, SCALES[self.one.field.type], self.one.field.type
        near = [at + sign * jump * self.unit for jump in JUMPS for sign in (1, -1)]
        sizes = [sign * jump * scale for jump in JUMPS[:6] for sign in (1, -1)] if kind is not Kind.DATE else []
        return list(dict.fromkeys([at, *near, *sizes, *(steps_of(v, kind) for v in self.one.values if v is not None)]))


def moved(seed: World, one: Interest) -> Iterator[World]:
    """The seed with one value of interest there."""
    for number in range(min(2, len(seed.rows.get(one.table, ())))):
        if one.field.name in seed.rows[one.table][number]:
            spot = (one.table, number, one.field.name)
            yield from (seed.moved(spot, value) for value in one.values if value != seed.value(spot))


def recounted(seed: World, table: str, template: tuple[tuple[str, object], ...]) -> Iterator[World]:
    """The seed with another number of rows."""
    lever = Lever(table, template=template)  # type: ignore[arg-type]
    count = len(seed.rows.get(table, ()))
    yield from filter(None, (lever.at(seed, n) for n in sorted({0, 1, 2, 3, count - 1, count + 1, 12} - {count})))


Two = tuple[World, Interest, Scalar | None, Interest, Scalar | None]


def two_moved(seeds: Iterable[World], fields: Sequence[Interest]) -> Iterator[Two]:
    for seed in seeds:
        for one, other in combinations(fields, 2):
            if has(seed, one) and has(seed, other):
                yield from ((seed, one, first, other, second) for first, second in product(some_values(one), some_values(other)))


def made(seed: World, one: Interest, first: Scalar | None, other: Interest, second: Scalar | None) -> World:
    return seed.moved((one.table, 0, one.field.name), first).moved((other.table, 0, other.field.name), second)


def some_values(one: Interest) -> list[Scalar | None]:
    return list(one.values)[:: max(1, len(one.values) // 8)]


def has(seed: World, one: Interest) -> bool:
    rows = seed.rows.get(one.table, ())
    return bool(rows) and one.field.name in rows[0]
