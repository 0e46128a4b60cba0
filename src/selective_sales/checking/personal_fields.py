"""Fields that are called like what the law protects, and are not declared so; and rules that decide by what may stand for it.

A field whose author writes `protected: false` is not asked about again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from ..model.checked import CheckedPolicy
from ..model.personal import STANDS_FOR, protected_trait, watched
from ..model.place import Place
from ..model.policy import Field, Policy
from .desk import Desk
from .graph import Node
from .protected import node_words, onward_to, reads_of, reads_of_rule, way_from
from .words import one_of, path

_MOST_RULES = 3
"""Rules that a finding names."""
_MOST_FIELDS = 50
"""Fields whose readers are looked for; so many findings are shown."""


class _InQuestion(NamedTuple):
    """A field, the trait that its name speaks of, and whether only a rule that reads it makes it worth a word."""

    node: Node
    field: Field
    trait: str
    only_watched: bool


class _Reading(NamedTuple):
    """A rule that reads a field: its way there in words, and where the rule takes it."""

    rule: str
    way: str
    place: Place


def check_personal_fields(checked: CheckedPolicy, desk: Desk) -> None:
    """A warning for each field that is called like a protected trait; a note for each that is only watched, where a rule reads it."""
    asked = _in_question(checked.policy)
    if not asked:
        return
    readings = _readings(checked, [one.node for one in asked[:_MOST_FIELDS]])
    for one in asked:
        by = readings.get(one.node, [])
        if not one.only_watched:
            _ask(one, by, desk)
        elif by:
            _watch(one, by, desk)


def _in_question(policy: Policy) -> list[_InQuestion]:
    """A field that names the client (key, display, what letters are addressed by) must be there whatever it shows: it is only watched."""
    recipient = () if policy.letters is None else {named.name for named in policy.letters.fields}
    found = []
    for table in policy.delivered:
        for field in table.fields:
            if field.protected or field.said_open:
                continue
            trait, near = _called(field, protected_trait), _called(field, watched)
            if trait is not None:
                names = field.name in table.key or field.name == table.display or field.name in recipient
                found.append(_InQuestion((table.name, field.name), field, trait, names))
            elif near is not None:
                found.append(_InQuestion((table.name, field.name), field, near, True))
    return found


def _called(field: Field, asked: Callable[[str], str | None]) -> str | None:
    """By its name in the policy, else by its column's."""
    return asked(field.name) or (asked(field.column) if field.column else None)


def _readings(checked: CheckedPolicy, wanted: Iterable[Node]) -> dict[Node, list[_Reading]]:
    """For each field the rules that read it, themselves or through what they use."""
    reads = reads_of(checked)
    rules = [(rule.id, reads_of_rule(rule)) for rule in checked.rules]
    found: dict[Node, list[_Reading]] = {}
    for node in wanted:
        onward = onward_to(reads, {node})
        for rule, named in rules:
            first = next((one for one in named if one in onward), None)
            if first is not None:
                steps = [f"rule '{rule}'", *(node_words(step, checked) for step in way_from(first, onward))]
                found.setdefault(node, []).append(_Reading(rule, path(dict.fromkeys(steps)), named[first]))
    return found


def _ask(one: _InQuestion, by: list[_Reading], desk: Desk) -> None:
    name = one.field.name
    message = f"'{name}' is called like a protected trait ({one.trait}), and is not declared protected"
    if by:
        message += f", while {_rules(by)} by it: {by[0].way}"
    help = "add protected: true: then the fairness audit can use it and no rule can; or protected: false, if it says nothing of a person"
    desk.warning("SS940", message, one.field.place, help)


def _watch(one: _InQuestion, by: list[_Reading], desk: Desk) -> None:
    stands_for = STANDS_FOR.get(one.trait, one.trait)
    message = f"{_rules(by)} by '{one.field.name}', which may stand for a protected trait ({stands_for}): {by[0].way}"
    help = "see that there is a business reason, and write it down as the rule's source; protected: false says that it was looked at"
    desk.note("SS941", message, by[0].place, help)


def _rules(by: list[_Reading]) -> str:
    """`the rule 'a' decides`, `the rules 'a', 'b', 'c' and 4 more decide`."""
    names = [f"'{reading.rule}'" for reading in by[:_MOST_RULES]]
    if len(by) > _MOST_RULES:
        names.append(f"{len(by) - _MOST_RULES} more")
    return f"the rule {names[0]} decides" if len(by) == 1 else f"the rules {one_of(names, 'and')} decide"
