"""Changes in, candidates out: each change that can move a client, with the others that it cannot do without.

A rule that uses a new parameter needs the parameter; a metric that is gone needs everything to change that used it. The names tell most of
it; where the checker still refuses the policy with only these changes, the fewest others that make it sound are sought.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from ..model.comparison import Candidate, Change, Effect, How
from ..model.decision_tables import DecisionTable
from ..model.expression import Member, Name, Rows
from ..model.policy import Field, Policy, Rule, Table
from ..model.text import Placeholder
from .hybrid import hybrid, named

Sound = Callable[[frozenset[int]], bool]
"""Whether the old policy with the changes of these numbers passes the checker."""


def candidates(old: Policy, new: Policy, changes: Sequence[Change], sound: Sound) -> tuple[Candidate, ...]:
    """A candidate for each change that decides; those whose needs are the same are one."""
    names = Names(old, new, changes)
    found: dict[frozenset[int], Candidate] = {}
    for number, change in enumerate(changes):
        if change.effect is not Effect.DECIDES:
            continue
        whole = closed(number, names, len(changes), sound)
        if whole is not None and whole not in found:
            found[whole] = Candidate(number, tuple(sorted(whole - {number})))
    return tuple(found.values())


def closed(number: int, names: Names, count: int, sound: Sound) -> frozenset[int] | None:
    """The change with what it needs; None where no set of changes that holds it is sound."""
    needed = names.closure(number)
    wanted = frozenset({number})
    if sound(needed):
        return fewest(needed, wanted, sound)
    everything = frozenset(range(count))
    if not sound(everything):
        return None
    return fewest(everything, wanted, sound)


def fewest(everything: frozenset[int], wanted: frozenset[int], sound: Sound) -> frozenset[int]:
    """A sound set that holds the wanted ones, from which nothing more can be left out; large pieces are tried first."""
    kept = everything
    size = max(1, len(everything - wanted) // 2)
    while True:
        others = sorted(kept - wanted)
        left_out = False
        for start in range(0, len(others), size):
            without = kept - frozenset(others[start : start + size])
            if without != kept and sound(without):
                kept, left_out = without, True
        if size == 1 and not left_out:
            return kept
        size = max(1, size // 2)


class Names:
    """Which names each change brings, takes away, begins to use and ceases to use."""

    def __init__(self, old: Policy, new: Policy, changes: Sequence[Change]) -> None:
        self.changes = changes
        self.before = [names_in(thing_at(old, new, change, "old")) for change in changes]
        self.after = [names_in(thing_at(new, old, change, "new")) for change in changes]
        self.brought = [defined(thing_at(new, old, c, "new")) if c.how is How.ADDED and c.edit is None else frozenset() for c in changes]
        self.taken = [defined(thing_at(old, new, c, "old")) if c.how is How.REMOVED and c.edit is None else frozenset() for c in changes]

    def closure(self, number: int) -> frozenset[int]:
        """The change, and over and over what brings a name that it uses or uses a name that it takes."""
        needed = {number}
        todo = [number]
        while todo:
            one = todo.pop()
            more = {i for i, brought in enumerate(self.brought) if brought & self.after[one]}
            more |= {i for i, used in enumerate(self.before) if self.taken[one] & (used - self.after[i])}
            todo += more - needed
            needed |= more
        return frozenset(needed)


def thing_at(policy: Policy, other: Policy, change: Change, side: str) -> Any:
    """What the change is about, in that policy: the edited piece of a condition, or the thing or part at the path."""
    if change.edit is not None:
        return change.edit.old if side == "old" else change.edit.new
    thing: Any = policy
    partner: Any = other
    path = list(change.path)
    while path:
        step = path.pop(0)
        if isinstance(thing, tuple):
            return thing[int(step)] if step.isdigit() and int(step) < len(thing) else None
        listing = getattr(thing, step, None) if is_dataclass(thing) else None
        if step in ("tables", "parameters", "metrics", "scores", "decision_tables", "decisions", "rules", "figures", "limits",
                    "guarantees", "allocations", "measures", "fields", "factors", "rows", "groups") and path:  # fmt: skip
            one, two = named(thing, partner, step) if side == "old" else reversed(named(partner, thing, step))
            name = path.pop(0)
            thing, partner = one.get(name), two.get(name, one.get(name))
            if thing is None:
                return None
            continue
        return listing if listing is not None else thing
    return thing


def defined(thing: Any) -> frozenset[str]:
    """The names that exist because the thing does."""
    match thing:
        case DecisionTable():
            return frozenset({thing.name, *(o.name for o in thing.outputs)})
        case Table():
            return frozenset({thing.name})
        case Rule():
            return frozenset()
        case Field():
            return frozenset({thing.name})
        case _:
            name = getattr(thing, "name", None) or getattr(thing, "id", None)
            return frozenset({name}) if isinstance(name, str) else frozenset()


def names_in(thing: Any) -> frozenset[str]:
    """Every name that is used somewhere in the thing."""
    return frozenset(_names(thing))


def _names(thing: Any) -> Iterator[str]:
    match thing:
        case str() | None:
            return
        case tuple():
            for item in thing:
                yield from _names(item)
            return
        case Name(name):
            yield name
        case Member(owner, name):
            yield from (owner, name)
        case Rows(table, column=column):
            yield table
            if column is not None:
                yield column
        case Placeholder(name):
            yield name
        case Rule():
            yield thing.then
        case _:
            pass
    if is_dataclass(thing):
        for field in fields(thing):
            if field.name not in ("place", "findings"):
                yield from _names(getattr(thing, field.name))


__all__ = ["candidates", "hybrid", "names_in"]
