"""How near a world is to one in which a leaf alone decides, and which worlds to try next. Pure: what came of a world is handed in.

The cost of a world is the classic one of search-based testing: conditions that stand wrong, each by how far its values are apart.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from ..model.checked import CheckedRule
from ..model.expression import And, AtLeast, Expression, Not, Or, Scalar
from ..model.grid import SCALES, is_value, steps_of, value_at
from ..model.kind import Kind
from ..model.policy import Field
from .boundaries import Interest, allows, sensible_step
from .worlds import ALL, CLIENTS, Spot, Values, World

MOST_ROWS = 60
"""Rows that a client is given in a child table: nobody reviews more."""
_WRONG = 0.1
"""What a condition costs that stands wrong, beside how far its values are apart."""
_UNKNOWN = 2.0
_JUMPS = tuple(k * 10**e for e in range(8) for k in (1, 3))
Known = tuple[bool | None, tuple[object, ...]]
"""A leaf's outcome, and the values that it compares."""


@dataclass(slots=True)
class Dice:
    """The same numbers in every run, on every machine."""

    state: int = 20_261_122

    def below(self, count: int) -> int:
        self.state = (self.state * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407) % 2**64
        return (self.state >> 33) % count


@dataclass(frozen=True, slots=True)
class Lever:
    """One thing of a world that can be moved in steps: a value on its grid, or (without a field) how many rows a table has."""

    table: str
    number: int = 0
    field: Field | None = None
    template: tuple[tuple[str, Scalar | None], ...] = ()

    @property
    def spot(self) -> Spot | None:
        return None if self.field is None else (self.table, self.number, self.field.name)

    def position(self, world: World) -> int | None:
        """Where the lever stands; None where the cell is blank."""
        if self.field is None:
            return len(world.rows.get(self.table, ()))
        value = world.value((self.table, self.number, self.field.name))
        return None if value is None else steps_of(value, self.field.type)

    def at(self, world: World, position: int) -> World | None:
        """The world with the lever there; None where the contract does not allow it."""
        if self.field is not None:
            if not is_value(position, self.field.type):
                return None
            value = value_at(position, self.field.type)
            return world.moved((self.table, self.number, self.field.name), value) if allows(self.field, value) else None
        if not 0 <= position <= MOST_ROWS:
            return None
        rows = world.rows.get(self.table, ())
        template: Values = rows[-1] if rows else dict(self.template)
        return world.with_rows(self.table, (*rows[:position], *(numbered(template, n) for n in range(len(rows), position))))

    def unit(self, thresholds: Sequence[Scalar] = ()) -> int:
        """The step to a neighbour."""
        return 1 if self.field is None else min((sensible_step(self.field, t) for t in (*thresholds, Decimal(0))), default=1)


def numbered(template: Values, number: int) -> Values:
    """A further row like the template: its free texts differ, so that what counts distinct values counts it."""
    return {name: _numbered(value, number) for name, value in template.items()}


def _numbered(value: Scalar | None, number: int) -> Scalar | None:
    free = isinstance(value, str) and value.startswith("other")
    return f"other{number + 1}" if free else value


def first_pool(interests: Sequence[Interest], base: World, seeds: Sequence[World], count: int) -> list[World]:
    """The base, the seeds, each of them with one thing moved, and mixtures."""
    dice = Dice()
    homes = [base, *seeds]
    pool = [*homes, *(moved for home in homes[:12] for moved in single_moves(home, base, interests))]
    while len(pool) < count and interests:
        world = homes[dice.below(len(homes))]
        for _ in range(1 + dice.below(8)):
            world = _any_move(world, base, interests[dice.below(len(interests))], dice)
        pool.append(world)
    return pool[: max(count, len(homes))]


def _any_move(world: World, base: World, one: Interest, dice: Dice) -> World:
    rows = world.rows.get(one.table, ())
    if one.table != CLIENTS and (not rows or dice.below(4) == 0):
        lever = Lever(one.table, template=tuple(base.template(one.table).items()))
        return lever.at(world, dice.below(5)) or world
    values = [*one.values, *_magnitudes(one.field)]
    return world.moved((one.table, dice.below(len(rows)), one.field.name), values[dice.below(len(values))]) if values else world


def _magnitudes(field: Field) -> list[Scalar]:
    """Figures of every size that the contract allows."""
    if field.type not in SCALES or field.type is Kind.DATE or field.one_of:
        return []
    scale = SCALES[field.type]
    figures = (value_at(sign * k * scale, field.type) for k in _JUMPS[:13] for sign in (1, -1) if is_value(sign * k * scale, field.type))
    return [value for value in figures if allows(field, value)]


def single_moves(world: World, base: World, interests: Sequence[Interest]) -> Iterator[World]:
    """The world with one value moved to one of interest, to a figure of another size, or some steps away; or with more or fewer rows."""
    for table in dict.fromkeys(one.table for one in interests if one.table != CLIENTS):
        lever = Lever(table, template=tuple(base.template(table).items()))
        count = len(world.rows.get(table, ()))
        yield from filter(None, (lever.at(world, n) for n in {0, 1, 2, 3, count - 1, count + 1, 2 * count, 5 * count} - {count}))
    for one in interests:
        rows = world.rows.get(one.table, ())
        for number in (*range(min(3, len(rows))), *((ALL,) if len(rows) > 1 else ())):
            spot = (one.table, number, one.field.name)
            if one.field.name in rows[max(number, 0)]:
                now = world.value(spot)
                values = dict.fromkeys((*one.values, *_magnitudes(one.field), *_away(one.field, now)))
                yield from (world.moved(spot, value) for value in values if value != now)


def _away(field: Field, now: Scalar | None) -> list[Scalar]:
    """Values some steps away from the present one."""
    if now is None or field.type not in SCALES or field.one_of:
        return []
    at, unit = steps_of(now, field.type), sensible_step(field, Decimal(0))
    steps = (at + sign * k * unit for k in _JUMPS[:10] for sign in (1, -1))
    found = (value_at(n, field.type) for n in steps if is_value(n, field.type))
    return [value for value in found if allows(field, value)]


@dataclass(frozen=True, slots=True)
class _Cost:
    """What it costs to make a part true, to make it false, and (where the leaf is in it) to let the leaf decide it."""

    true: float
    false: float
    decide: float | None = None


def cost(rule: CheckedRule, aim: tuple[int, bool], known: Sequence[Known], counts: Mapping[Expression, int]) -> float:
    """How far the world is from one in which that leaf alone decides, and holds (or does not). `counts`: the number of each `at_least`."""
    leaf, side = aim
    true, false = _leaf_cost(*known[leaf])
    return _deciding(rule, leaf, known, counts) + (true if side else false)


def _deciding(rule: CheckedRule, leaf: int, known: Sequence[Known], counts: Mapping[Expression, int]) -> float:
    numbers = iter(range(len(known)))
    when = _cost(rule.when, leaf, known, numbers, counts)
    if rule.unless is None:
        return when.decide or 0.0
    unless = _cost(rule.unless, leaf, known, numbers, counts)
    if when.decide is not None:
        return when.decide + unless.false
    return (unless.decide or 0.0) + when.true


def _cost(node: Expression, leaf: int, known: Sequence[Known], numbers: Iterator[int], counts: Mapping[Expression, int]) -> _Cost:
    match node:
        case And(items):
            parts = [_cost(item, leaf, known, numbers, counts) for item in items]
            return _Cost(sum(p.true for p in parts), min(p.false for p in parts), _beside(parts, [p.true for p in parts]))
        case Or(items):
            parts = [_cost(item, leaf, known, numbers, counts) for item in items]
            return _Cost(min(p.true for p in parts), sum(p.false for p in parts), _beside(parts, [p.false for p in parts]))
        case Not(operand):
            part = _cost(operand, leaf, known, numbers, counts)
            return _Cost(part.false, part.true, part.decide)
        case AtLeast(number, items):
            parts = [_cost(item, leaf, known, numbers, counts) for item in items]
            return _at_least(parts, counts.get(number, 1))
        case _:
            index = next(numbers)
            true, false = _leaf_cost(*known[index])
            return _Cost(true, false, 0.0 if index == leaf else None)


def _beside(parts: Sequence[_Cost], others: Sequence[float]) -> float | None:
    """The leaf's own part decides, and every other stands so that it may."""
    for part, own in zip(parts, others, strict=True):
        if part.decide is not None:
            return part.decide + sum(others) - own
    return None


def _at_least(parts: Sequence[_Cost], count: int) -> _Cost:
    trues, falses = sorted(p.true for p in parts), sorted(p.false for p in parts)
    whole = _Cost(sum(trues[:count]), sum(falses[: max(0, len(parts) - count + 1)]))
    mine = next((p for p in parts if p.decide is not None), None)
    if mine is None or mine.decide is None:
        return whole
    others = [p for p in parts if p is not mine]
    dearer = sorted(p.true - p.false for p in others)
    return replace(whole, decide=mine.decide + sum(p.false for p in others) + sum(dearer[: count - 1]))


def _leaf_cost(outcome: bool | None, operands: tuple[object, ...]) -> tuple[float, float]:
    if outcome is None:
        return _UNKNOWN, _UNKNOWN
    apart = difference(operands)
    far = 0.5 if apart is None else float(abs(apart) / (abs(apart) + _size(operands)))
    return (0.0, _WRONG + far) if outcome else (_WRONG + far, 0.0)


def _size(operands: tuple[object, ...]) -> Decimal:
    sizes = [abs(n) for value in operands if (n := figure(value)) is not None]
    return max([Decimal(1), *(n for n in sizes if n < 10**9)])


def difference(operands: tuple[object, ...]) -> Decimal | None:
    """Left minus right, where a leaf compares two figures or two dates."""
    if len(operands) != 2:
        return None
    left, right = map(figure, operands)
    return None if left is None or right is None else left - right


def figure(value: object) -> Decimal | None:
    """A value of the engine as an exact figure, a date as its day."""
    match value:
        case bool():
            return None
        case float():
            found = Decimal(repr(value))
            return found if found.is_finite() else None
        case int() | Decimal():
            return Decimal(value)
        case datetime.date():
            return Decimal(value.toordinal())
        case _:
            return None


def differences(world: World, base: World) -> int:
    """In how many things the world is another than the base; to need other clients beside it counts for several."""
    count = 4 * len(world.others)
    for table in {*world.rows, *base.rows}:
        mine, theirs = world.rows.get(table, ()), base.rows.get(table, ())
        count += abs(len(mine) - len(theirs))
        for row, other in zip(mine, theirs, strict=False):
            count += sum(row[name] != other.get(name) for name in row)
        template = base.template(table)
        count += sum(value != template.get(name) for row in mine[len(theirs) :] for name, value in row.items())
    return count


def below_zero(world: World) -> int:
    """How many figures are negative: a revenue or a count below zero is a client whom nobody has seen."""
    values = (value for rows in world.rows.values() for row in rows for value in row.values())
    return sum(isinstance(value, int | Decimal) and value < 0 for value in values)


def length(world: World) -> int:
    """How long its values are to read: of two worlds that serve alike, the one with rounder figures is shown."""
    return sum(len(str(value)) for rows in world.rows.values() for row in rows for value in row.values())


def resets(world: World, base: World) -> Iterator[World]:
    """The world with one of its differences from the base undone."""
    for table in sorted({*world.rows, *base.rows}):
        mine, theirs = world.rows.get(table, ()), base.rows.get(table, ())
        if mine == theirs:
            continue
        if table != CLIENTS:
            yield world.with_rows(table, theirs)
            yield from (world.with_rows(table, (*mine[:n], *mine[n + 1 :])) for n in range(min(len(mine), 6)))
        template = base.template(table)
        for number, row in enumerate(mine[:6]):
            other = theirs[number] if number < len(theirs) else template
            yield from (world.moved((table, number, name), other[name]) for name in row if name in other and row[name] != other[name])


@dataclass(slots=True)
class Closing:
    """A lever pulled until a leaf's difference changes its sign from one step to the next; `points`: position -> difference."""

    world: World
    lever: Lever
    unit: int
    points: dict[int, Decimal | None]

    def next_positions(self) -> list[int]:
        """Positions worth trying: between points whose signs differ, where the line through them meets zero, beyond where none differs."""
        known = sorted((n, d) for n, d in self.points.items() if d is not None)
        gaps = [(a, b) for a, b in pairwise(known) if sign(a[1]) != sign(b[1]) and b[0] - a[0] > self.unit]
        found: dict[int, None] = {}
        for (low, at_low), (high, at_high) in gaps[:4]:
            if sign(at_low) * sign(at_high) < 0:
                found |= self._around(low + int((high - low) * (at_low / (at_low - at_high))))
            width = (high - low) // self.unit
            found |= dict.fromkeys(low + self.unit * (width * i // 8) for i in range(1, 8))
            found |= dict.fromkeys((low + self.unit, high - self.unit))
        if not gaps and len({sign(d) for _, d in known}) == 1:
            for (low, at_low), (high, at_high) in pairwise(known):
                if at_low != at_high:
                    found |= self._around(low + int((high - low) * (at_low / (at_low - at_high))))
        for position, apart in known:
            if apart == 0:
                found |= dict.fromkeys((position - self.unit, position + self.unit))
        return [n for n in found if n not in self.points][:24]

    def _around(self, position: int) -> dict[int, None]:
        at = position // self.unit * self.unit
        return dict.fromkeys((at, at + self.unit, at - self.unit, at + 2 * self.unit))

    def boundary(self) -> tuple[int, ...]:
        """The positions nearest to the threshold on each side, and on it where one is: ascending differences; () where none turns."""
        known = sorted((n, d) for n, d in self.points.items() if d is not None)
        turns = [i for i, (a, b) in enumerate(pairwise(known)) if sign(a[1]) != sign(b[1]) and b[0] - a[0] <= self.unit]
        if not turns:
            return ()
        start = self.lever.position(self.world) or 0
        exact = [i for i in turns if known[i][1] == 0 or known[i + 1][1] == 0]
        turn = min(exact or turns, key=lambda i: (abs(known[i][0] - start), i))
        if not exact:
            return tuple(n for n, _ in sorted(known[turn : turn + 2], key=lambda one: one[1]))
        zero = turn if known[turn][1] == 0 else turn + 1
        found = {0: known[zero][0]}
        for step in (-1, 1):
            end = zero
            while 0 <= end < len(known) and known[end][1] == 0:
                end += step
            if 0 <= end < len(known) and abs(known[end][0] - known[end - step][0]) <= self.unit:
                found.setdefault(sign(known[end][1] or Decimal(0)), known[end][0])
        return tuple(found[s] for s in sorted(found))


def sign(value: Decimal) -> int:
    return (value > 0) - (value < 0)
