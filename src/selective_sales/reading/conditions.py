"""Expressions and nested conditions -> expression trees.

`all`, `any`, `none` and `at_least` become And, Or, Not(Or) and AtLeast, so that every later stage meets trees only. What cannot be
read becomes `UNREADABLE` (a constant without text): the finding is made, and nobody needs to complain about it again.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ..model.expression import And, AtLeast, Constant, Expression, Name, Not, Or
from . import cuts
from .desk import Desk, items
from .nodes import MappingNode, Node, ScalarNode
from .positions import locator
from .scalars import resolve

UNREADABLE = Constant(None)


def expression(desk: Desk, node: Node | None) -> Expression:
    """The expression that is written in that scalar."""
    from .expression import parse

    if not isinstance(node, ScalarNode):
        return UNREADABLE
    unreadable = replace(UNREADABLE, place=desk.place(node))
    value = resolve(node)
    if node.broken or value is None or not node.value.strip():
        return unreadable
    if isinstance(value, bool):
        return Constant(value, node.value.lower(), place=desk.place(node))
    tree, findings = parse(node.value, locator(desk.source, node))
    if findings:
        cut = cuts.at_hash(desk.source, node)
        desk.findings.extend(findings if cut is None else (cut,))
    return unreadable if tree is None else tree


def condition(desk: Desk, node: Node | None) -> Expression:
    """An expression, or a nesting of conditions."""
    if not isinstance(node, MappingNode):
        return expression(desk, node)
    if "at_least" in node.entries:
        return _at_least(desk, node)
    for word in ("all", "any", "none"):
        entry = node.entries.get(word)
        if entry is None:
            continue
        parts = tuple(condition(desk, item) for item in items(entry.value))
        place = desk.place(entry.key)
        if not parts:
            return replace(UNREADABLE, place=place)
        if word == "none":
            return Not(parts[0] if len(parts) == 1 else Or(parts, place=place), place=place)
        if len(parts) == 1:
            return parts[0]
        return And(parts, place=place) if word == "all" else Or(parts, place=place)
    return replace(UNREADABLE, place=desk.place(node))


def _at_least(desk: Desk, node: MappingNode) -> Expression:
    entry = node.entries["at_least"]
    parts = tuple(condition(desk, item) for item in items(node.get("of")))
    place = desk.place(entry.key)
    if not parts:
        return replace(UNREADABLE, place=place)
    count = expression(desk, entry.value)
    help = f"write a whole number from 1 to {len(parts)}, or the name of a parameter"
    match count:
        case Name():
            pass
        case Constant(None, ""):
            return replace(UNREADABLE, place=place)
        case Constant(bool() | Decimal()):
            pass  # the schema has said so
        case Constant(int() as number):
            if number > len(parts):
                desk.error("SS121", f"at least {number} of {len(parts)} can never be true", entry.value, help)
        case _:
            desk.error("SS121", "here the number of conditions is expected", entry.value, help)
    return AtLeast(count, parts, place=place)
