"""Conditions as three-valued logic over columns, and for which boxes of atoms they are true, false, or not so.

A box here is sparse: the columns that it narrows, each with its atoms. Every leaf says exactly for which atoms of its column it is true and
for which false; elsewhere it is unknown. So each of the four questions has an exact answer: `and`, `or`, `not`, `at_least` and `if` follow
Kleene, and nothing is rounded to "maybe".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Literal, assert_never

from .boxes import TooMuchWorkError

Mode = Literal["true", "false", "not true", "not false"]
Narrowed = dict[int, int]
"""The atoms of each column that is narrowed; a column that is not named may be anything."""

_MOST_BOXES = 64
_OPPOSITE: dict[Mode, Mode] = {"true": "false", "false": "true", "not true": "not false", "not false": "not true"}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A test of one column: the number of the column, and of the test among those of that column."""

    column: int
    test: int


@dataclass(frozen=True, slots=True)
class Settled:
    """The same for every client; None: unknown."""

    value: bool | None


@dataclass(frozen=True, slots=True)
class Many:
    """At least `count` of the items: all of them for `and`, one for `or`."""

    count: int
    items: tuple[Logic, ...]


@dataclass(frozen=True, slots=True)
class Opposite:
    item: Logic


@dataclass(frozen=True, slots=True)
class Choice:
    """`if`: what is said of a value that is one thing or another. `agree`: whether both are the same value, which counts where the
    condition is unknown."""

    condition: Logic
    then: Logic
    otherwise: Logic
    agree: Logic


Logic = Leaf | Settled | Many | Opposite | Choice

Sets = Sequence[Sequence[tuple[int, int, int]]]
"""By column and test: the atoms for which the test is true, those for which it is false, and all atoms."""


def boxes(node: Logic, mode: Mode, sets: Sets) -> list[Narrowed]:
    """Where the condition is true, false, not true or not false. Refuses (TooMuchWorkError) what takes very many boxes."""
    match node:
        case Settled(value):
            held = {"true": value is True, "false": value is False, "not true": value is not True, "not false": value is not False}[mode]
            return [{}] if held else []
        case Leaf(column, test):
            true, false, everything = sets[column][test]
            atoms = {"true": true, "false": false, "not true": everything & ~true, "not false": everything & ~false}[mode]
            return [{column: atoms}] if atoms else []
        case Opposite(item):
            return boxes(item, _OPPOSITE[mode], sets)
        case Many(count, items):
            needed = count if mode in ("true", "not false") else len(items) - count + 1
            return _at_least(needed, [boxes(item, mode, sets) for item in items])
        case Choice():
            return _choice(node, mode, sets)
        case _:
            assert_never(node)


def holds_somewhere(node: Logic, mode: Mode, sets: Sets) -> bool:
    """Whether there is any box at all, without making all of them where that is not needed."""
    match node:
        case Opposite(item):
            return holds_somewhere(item, _OPPOSITE[mode], sets)
        case Many(count, items) if (count if mode in ("true", "not false") else len(items) - count + 1) == 1:
            return any(holds_somewhere(item, mode, sets) for item in items)
        case _:
            return bool(boxes(node, mode, sets))


def _choice(node: Choice, mode: Mode, sets: Sets) -> list[Narrowed]:
    condition, then, otherwise, agree = node.condition, node.then, node.otherwise, node.agree
    found = [
        *both(boxes(condition, "true", sets), boxes(then, mode, sets)),
        *both(boxes(condition, "false", sets), boxes(otherwise, mode, sets)),
    ]
    unknown = both(boxes(condition, "not true", sets), boxes(condition, "not false", sets))
    if not unknown:
        return found
    if mode in ("true", "false"):
        same = both(boxes(then, mode, sets), boxes(otherwise, mode, sets))
        rest = both(unknown, both(boxes(agree, "true", sets), same))
    else:
        either = [*boxes(agree, "not true", sets), *boxes(then, mode, sets), *boxes(otherwise, mode, sets)]
        rest = both(unknown, either)
    return few([*found, *rest])


def _at_least(count: int, items: list[list[Narrowed]]) -> list[Narrowed]:
    if count == 1:
        return few([box for item in items for box in item])
    if count == len(items):
        return all_of(items)
    if comb(len(items), count) > _MOST_BOXES:
        raise TooMuchWorkError
    return few([box for chosen in combinations(items, count) for box in all_of(chosen)])


def all_of(items: Iterable[list[Narrowed]]) -> list[Narrowed]:
    """Where every one of them holds."""
    found: list[Narrowed] = [{}]
    for item in items:
        found = both(found, item)
    return found


def both(one: list[Narrowed], other: list[Narrowed]) -> list[Narrowed]:
    """Where both hold."""
    return few([met for a in one for b in other if (met := meeting(a, b)) is not None])


def meeting(one: Narrowed, other: Narrowed) -> Narrowed | None:
    """The box in which both lie; None where there is none."""
    found = dict(one)
    for column, atoms in other.items():
        left = found.get(column, -1) & atoms
        if not left:
            return None
        found[column] = left
    return found


def few(found: list[Narrowed]) -> list[Narrowed]:
    """The same in fewer boxes where that is easily seen: those that narrow the same one column are one."""
    if len(found) < 2:
        return found
    single: Narrowed = {}
    rest: list[Narrowed] = []
    for box in found:
        if not box:
            return [{}]
        if len(box) == 1:
            ((column, atoms),) = box.items()
            single[column] = single.get(column, 0) | atoms
        elif box not in rest:
            rest.append(box)
            if len(rest) > _MOST_BOXES:
                raise TooMuchWorkError
    if len(rest) + len(single) > _MOST_BOXES:
        raise TooMuchWorkError
    return [*({column: atoms} for column, atoms in single.items()), *rest]
