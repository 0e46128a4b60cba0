"""Two policies in, the old one with the new one's names for what was only renamed out, and a change for each such name.

A parameter, metric, score or rule was renamed where exactly one that went means the same as exactly one that came. A name that a child
table's field has too is left alone: within brackets it may mean the field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from ..model.comparison import Change, Effect, How
from ..model.expression import Name
from ..model.policy import Policy
from ..model.text import Placeholder
from .meaning import meaning
from .structure import WORDS, parts

SECTIONS = ("parameters", "metrics", "scores", "rules")
"""In an order in which each may use those before."""


def renamed(old: Policy, new: Policy) -> tuple[Policy, tuple[Change, ...]]:
    """The old policy in the new one's names."""
    found: list[Change] = []
    taken = {field.name for table in (*old.tables[1:], *new.tables[1:]) for field in table.fields}
    for section in SECTIONS:
        names = {} if same_names(old, new, section) else pairs(old, new, section)
        names = {before: after for before, after in names.items() if section == "rules" or not {before, after} & taken}
        if not names:
            continue
        places = {named(x): x.place for x in getattr(old, section)}
        if section == "rules":
            old = replace(old, rules=tuple(replace(r, id=names.get(r.id, r.id)) for r in old.rules))
        else:
            old = with_names(old, names)
            changed: dict[str, Any] = {section: tuple(replace(x, name=names.get(x.name, x.name)) for x in getattr(old, section))}
            old = replace(old, **changed)
        for thing in getattr(new, section):
            before = next((b for b, after in names.items() if after == named(thing)), None)
            if before is not None:
                path = (section, named(thing), "name")
                found.append(Change(path, How.CHANGED, Effect.WORDS, before, named(thing), places[before], thing.place, thing.title))
    return old, tuple(found)


def named(thing: Any) -> str:
    name = getattr(thing, "name", None) or getattr(thing, "id", "")
    assert isinstance(name, str)
    return name


def same_names(old: Policy, new: Policy, section: str) -> bool:
    return {named(x) for x in getattr(old, section)} == {named(x) for x in getattr(new, section)}


def pairs(old: Policy, new: Policy, section: str) -> dict[str, str]:
    """Who went and who came with one meaning, where no other of either has it."""
    before, after = getattr(old, section), getattr(new, section)
    gone = [x for x in before if named(x) not in {named(y) for y in after}]
    come = [x for x in after if named(x) not in {named(y) for y in before}]
    went, came = ([(named(x), nameless(x)) for x in things] for things in (gone, come))
    found = {}
    for name, sense in went:
        twins = [other for other, there in came if there == sense]
        if len(twins) == 1 and sum(there == sense for _, there in went) == 1:
            found[name] = twins[0]
    return found


def nameless(thing: Any) -> Any:
    """What the thing means, whatever it and its texts are called."""
    own = {part: attributes for part, attributes in parts(type(thing)).items() if part not in WORDS}
    lists = tuple(meaning(factor) for factor in getattr(thing, "factors", ()))
    return (tuple(meaning(tuple(getattr(thing, a) for a in attributes)) for attributes in own.values()), lists)


def with_names(thing: Any, names: Mapping[str, str]) -> Any:
    """The thing with other names wherever it uses these."""
    match thing:
        case Name(name) | Placeholder(name) if name in names:
            return replace(thing, name=names[name])
        case tuple():
            return tuple(with_names(item, names) for item in thing)
        case _ if is_dataclass(thing) and not isinstance(thing, type):
            changed = {f.name: with_names(getattr(thing, f.name), names) for f in fields(thing) if f.name not in ("place", "sources")}
            different = {name: value for name, value in changed.items() if value is not getattr(thing, name)}
            return replace(thing, **different) if different else thing
        case _:
            return thing
