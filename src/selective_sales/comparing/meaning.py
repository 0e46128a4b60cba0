"""Something of a policy in, its meaning as a value that can be compared out: what differs in layout only has one meaning.

No change of meaning: places and how a value is written (`0.40`, `40%`); the order of what is joined by `and`, `or`, `at_least`, of a
list's items and of a product; nesting that says nothing (`all` within `all`, `not not`); a comparison with its sides swapped; `between`
for its two comparisons; a mapping's order of keys.
"""

from __future__ import annotations

import datetime
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any

from ..model.decision_tables import Cell, CellItem, Output
from ..model.expression import (
    And,
    Arithmetic,
    AtLeast,
    Between,
    Compare,
    Constant,
    Expression,
    In,
    Not,
    Or,
)
from ..model.place import Place
from ..model.policy import Field
from ..model.text import Texts

_SWAPPED = {">": "<", ">=": "<="}


def same(one: object, other: object) -> bool:
    """Whether the two mean the same."""
    return one is other or bool(meaning(one) == meaning(other))


def meaning(thing: object) -> Any:
    """Nested tuples that are equal where the things mean the same; they can be hashed."""
    match thing:
        case bool():
            return ("yes" if thing else "no",)
        case int() | Decimal():
            return ("number", Decimal(thing))
        case None | str() | datetime.date():
            return thing
        case Enum():
            return thing.value
        case Place():
            return ()
        case tuple() | list():
            return tuple(map(meaning, thing))
        case Constant() | Compare() | Between() | In() | Not() | And() | Or() | AtLeast() | Arithmetic():
            return _expression(thing)
        case Cell():
            return ("cell", thing.negated, _in_any_order(thing.items))
        case CellItem():
            return ("item", _in_any_order(thing.tests) if thing.tests else thing.text.strip())
        case Field():
            return (_plain(thing), thing.header, _in_any_order(thing.labels))
        case Output():
            return (_plain(thing), _in_any_order(thing.labels))
        case Texts():
            return ("texts", _in_any_order(thing.by_language))
        case _:
            return _plain(thing)


def _plain(thing: object) -> Any:
    assert is_dataclass(thing) and not isinstance(thing, type), type(thing)
    return (type(thing).__name__, *(meaning(getattr(thing, name)) for name in _compared(type(thing))))


@lru_cache
def _compared(sort: type) -> tuple[str, ...]:
    """The attributes that count; `text` of an expression's parts is only how it is written, and a header is compared as such."""
    assert is_dataclass(sort)
    apart = ("column", "labels") if sort in (Field, Output) else ()
    return tuple(f.name for f in fields(sort) if f.compare and f.name not in apart)


def _expression(node: Expression) -> Any:
    match node:
        case Constant(value, kind=kind):
            return ("constant", meaning(value), kind.family.value)
        case Compare(left, op, right):
            if op in ("=", "!="):
                return (op, _in_any_order((left, right)))
            return (_SWAPPED[op], meaning(right), meaning(left)) if op in _SWAPPED else (op, meaning(left), meaning(right))
        case Between(operand, low, high):
            return _expression(And((Compare(low, "<=", operand), Compare(operand, "<=", high))))
        case In(operand, tests, negated):
            held = ("in", meaning(operand), _in_any_order(tests))
            return ("not", held) if negated else held
        case Not(Not(inner)):
            return meaning(inner)
        case Not(operand):
            return ("not", meaning(operand))
        case And() | Or():
            items = flat_items(node)
            return meaning(items[0]) if len(items) == 1 else (type(node).__name__, _in_any_order(items))
        case AtLeast(count, items):
            return ("at least", meaning(count), _in_any_order(items))
        case Arithmetic(left, "*", right):
            return ("*", _in_any_order((left, right)))
        case _:
            return _plain(node)


def flat_items(node: And | Or) -> tuple[Expression, ...]:
    """The items, those of a nested node of the same sort among them; `between` within `and` as its two comparisons."""
    found: list[Expression] = []
    for item in node.items:
        if isinstance(item, type(node)):
            found.extend(flat_items(item))
        elif isinstance(node, And) and isinstance(item, Between):
            found += [Compare(item.low, "<=", item.operand), Compare(item.operand, "<=", item.high)]
        else:
            found.append(item)
    return tuple(found)


def _in_any_order(items: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(sorted(map(meaning, items), key=repr))
