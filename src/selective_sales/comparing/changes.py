"""Two policies in, their atomic changes out: by meaning, each with the place on both sides and as its authors wrote it.

Refuses nothing: two policies always differ in something or in nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ..model.comparison import Change, Effect, How, LeafEdit, Path
from ..model.decision_tables import DecisionTable, TableRow
from ..model.expression import NOWHERE, Expression
from ..model.place import Place
from ..model.policy import Policy, Strategy
from ..model.text import Texts
from .arranging import misplaced, pairs_of_rows, rows_in_order
from .conditions import leaf_edits
from .meaning import meaning, same
from .structure import CONDITIONS, LISTS, UNORDERED, WHOLES, Order, effect, listing_key, parts
from .written import Written, condition_words

Text = Callable[[Expression], str]


def changes(old: Policy, new: Policy, old_text: Text, new_text: Text) -> tuple[Change, ...]:
    """Every atomic change, in the order of the policy's sections. The texts say how each side's author wrote an expression."""
    comparer = Comparer(old, new, Written(old, old_text), Written(new, new_text))
    return tuple(comparer.of(old, new, (), NOWHERE, NOWHERE))


@dataclass(frozen=True, slots=True)
class Comparer:
    """Goes down both policies side by side."""

    old: Policy
    new: Policy
    old_words: Written
    new_words: Written

    def of(self, old: Any, new: Any, path: Path, old_place: Place, new_place: Place) -> Iterator[Change]:
        """The changes of two things of one sort."""
        sort = type(old)
        at, to = getattr(old, "place", old_place), getattr(new, "place", new_place)
        called = title_of(new) or title_of(old)
        if isinstance(old, DecisionTable) and not same_columns(old, new):
            yield self.change(old, new, (*path, "columns"), at, to, called)
            return
        for part, attributes in parts(sort).items():
            before = tuple(getattr(old, a) for a in attributes)
            after = tuple(getattr(new, a) for a in attributes)
            if (part == "column" and old.header == new.header) or (part == "labels" and set(old.labels) == set(new.labels)):
                continue
            if (sort, part) in UNORDERED and same(sorted_items(before), sorted_items(after)):
                continue
            if not same(before, after):
                yield from self.of_part(old, new, (*path, part), before, after, at, to, called)
        if isinstance(old, Policy) and (old_default := default(old)) != (new_default := default(new)):
            yield Change(("decisions", "", "default"), How.CHANGED, Effect.DECIDES, old_default, new_default, *default_places(old, new))
        for attribute in LISTS.get(sort, {}):
            yield from self.of_list(old, new, attribute, path, at, to)

    def of_part(
        self, old: Any, new: Any, path: Path, before: tuple[Any, ...], after: tuple[Any, ...], at: Place, to: Place, title: Texts | None
    ) -> Iterator[Change]:
        """One part: a condition leaf by leaf, anything else as a whole."""
        sort, part = type(old), path[-1]
        one, other = before[0], after[0]
        if isinstance(one, WHOLES) and isinstance(other, WHOLES):
            yield from self.of(one, other, path, at, to)
        elif (sort, part) in CONDITIONS and one is not None and other is not None:
            found = effect(sort, path)
            for edit in leaf_edits(one, other):
                yield self.of_leaf(edit, path, found, one, other, title)
        elif sort is TableRow:
            yield from self.of_row(old, new, path, title)
        else:
            yield self.change(old, new, path, at, to, title)

    def of_leaf(self, edit: LeafEdit, path: Path, found: Effect, one: Expression, other: Expression, title: Texts | None) -> Change:
        how = How.CHANGED if edit.old is not None and edit.new is not None else How.ADDED if edit.old is None else How.REMOVED
        old = "" if edit.old is None else condition_words(edit.old, self.old_words.text)
        new = "" if edit.new is None else condition_words(edit.new, self.new_words.text)
        old_place = one.place if edit.old is None else edit.old.place
        new_place = other.place if edit.new is None else edit.new.place
        return Change(path, how, found, old, new, old_place, new_place, title, edit)

    def of_row(self, old: TableRow, new: TableRow, path: Path, title: Texts | None) -> Iterator[Change]:
        """A row of a table cell by cell, so that each is a change of its own."""
        table = next(t for t in self.new.decision_tables if t.name == path[1])
        columns = (*table.input_texts, *(o.name for o in table.outputs))
        shift = 0 if path[-1] == "cells" else len(table.input_texts)
        for number, (one, other) in enumerate(zip(getattr(old, path[-1]), getattr(new, path[-1]), strict=True)):
            if not same(one, other):
                written = (self.old_words.cell(one), self.new_words.cell(other))
                where = (*path, str(number))
                yield Change(where, How.CHANGED, Effect.DECIDES, *written, one.place, other.place, title, detail=columns[shift + number])

    def change(self, old: Any, new: Any, path: Path, at: Place, to: Place, title: Texts | None) -> Change:
        """A part as a whole."""
        one, other = self.old_words.part(old, path[-1]), self.new_words.part(new, path[-1])
        how = How.ADDED if not one else How.REMOVED if not other else How.CHANGED
        return Change(path, how, effect(type(old), path), one, other, *self.places(old, new, path[-1], at, to), title)

    def places(self, old: Any, new: Any, part: str, at: Place, to: Place) -> tuple[Place, Place]:
        """Where the part itself stands, where that is known; else the thing."""
        return place_of(old, part) or at, place_of(new, part) or to

    def of_list(self, old: Any, new: Any, attribute: str, path: Path, at: Place, to: Place) -> Iterator[Change]:
        """The changes of a list of named things: who came, who went, who moved, and of each that stayed its own."""
        listing = LISTS[type(old)][attribute]
        befores, afters = self.named(old, new, attribute)
        where = (*path, attribute)
        for name, thing in befores.items():
            if name not in afters:
                found = effect(type(thing), (*where, name), whole_thing=True)
                words = self.old_words.thing(thing)
                called = title_of(thing)
                yield Change((*where, name), How.REMOVED, found, words, "", thing.place, NOWHERE, called)
        for name, thing in afters.items():
            if name not in befores:
                found = effect(type(thing), (*where, name), whole_thing=True)
                called = title_of(thing)
                yield Change((*where, name), How.ADDED, found, "", self.new_words.thing(thing), NOWHERE, thing.place, called)
        for name, thing in afters.items():
            if name in befores:
                yield from self.of(befores[name], thing, (*where, name), at, to)
        for name, before, behind in misplaced(old, new, listing.order, list(befores), afters, self.old, self.new):
            yield Change(
                (*where, name, "order"), How.MOVED, moved_effect(self.old, self.new, listing.order), "", before or behind,
                befores[name].place, afters[name].place, title_of(afters[name]), detail=before,
            )  # fmt: skip

    def named(self, old: Any, new: Any, attribute: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """The things of a list by name; the rows of a table by the number that pairs them."""
        one, other = getattr(old, attribute), getattr(new, attribute)
        if attribute == "rows":
            return pairs_of_rows(one, other, in_order=rows_in_order(old, new))
        if attribute == "tables":
            one, other = old.delivered, new.delivered
        key = {name: listing_key(type(x)) for name, x in (("old", one[0] if one else None), ("new", other[0] if other else None)) if x}
        name = next(iter(key.values()), "")
        return {getattr(x, name): x for x in one}, {getattr(x, name): x for x in other}


def sorted_items(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """The values, lists among them in one order."""
    return tuple(tuple(sorted(v, key=lambda item: repr(meaning(item)))) if isinstance(v, tuple) else v for v in values)


def title_of(thing: Any) -> Texts | None:
    """What people call the thing."""
    found = getattr(thing, "title", None) or getattr(thing, "label", None)
    return found if isinstance(found, Texts) else None


def same_columns(old: DecisionTable, new: DecisionTable) -> bool:
    """Whether rows of the two can be compared cell by cell."""
    return same(old.inputs, new.inputs) and [o.name for o in old.outputs] == [o.name for o in new.outputs]


def default(policy: Policy) -> str:
    return policy.default_decision.id


def default_places(old: Policy, new: Policy) -> tuple[Place, Place]:
    return old.default_decision.place, new.default_decision.place


def moved_effect(old: Policy, new: Policy, order: Order) -> Effect:
    """Among rules of one decision the order only says which of them is named."""
    only_named = order is Order.RULES and Strategy.FIRST not in (old.strategy, new.strategy)
    return Effect.WORDS if only_named else Effect.DECIDES


def place_of(thing: Any, part: str) -> Place | None:
    """The place of a part that has one."""
    own = {"then": "then_place", "hit_policy": "hit_policy_place", "otherwise": "otherwise_place", "key": "key_place"}.get(part)
    if own is not None and hasattr(thing, own):
        found: Place = getattr(thing, own)
        return found
    value = getattr(thing, {"is": "expression"}.get(part, part), None)
    place = getattr(value, "place", None)
    return place if isinstance(place, Place) and place.line else None
