"""Two conditions in, the smallest edits that lead from one to the other out; an old condition and some of its edits in, the condition
between the two out.

Conditions of one shape differ leaf by leaf; items that joined or left an `and`, `or` or `at_least` are edits of their own. Where the
shapes have nothing in common the whole node is one edit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Literal

from ..model.comparison import LeafEdit
from ..model.expression import And, AtLeast, Expression, Not, Or
from .meaning import meaning, same

Joined = And | Or | AtLeast


def flat(node: Expression) -> Expression:
    """The same condition without nesting that says nothing."""
    match node:
        case Not(Not(inner)):
            return flat(inner)
        case Not(operand):
            return replace(node, operand=flat(operand))
        case And() | Or():
            items: list[Expression] = []
            for item in map(flat, node.items):
                items.extend(item.items if isinstance(item, type(node)) else (item,))
            return items[0] if len(items) == 1 else replace(node, items=tuple(items))
        case AtLeast():
            return replace(node, items=tuple(map(flat, node.items)))
        case _:
            return node


def leaf_edits(old: Expression, new: Expression) -> list[LeafEdit]:
    """The edits, in the order of the old tree; none where both mean the same."""
    return list(_edits(flat(old), flat(new), ()))


def _edits(old: Expression, new: Expression, at: tuple[int, ...]) -> Iterator[LeafEdit]:
    if same(old, new):
        return
    match old, new:
        case Not(a), Not(b):
            yield from _edits(a, b, (*at, 0))
        case (And(), And()) | (Or(), Or()):
            yield from _of_items(old, new, at)  # type: ignore[arg-type]
        case AtLeast(count, _), AtLeast(other, _):
            if not same(count, other):
                yield LeafEdit(at, count, other, "at_least", count=True)
            yield from _of_items(old, new, at)
        case _, (And() | Or()) if not isinstance(old, Joined) and any(same(old, item) for item in new.items):
            mine = next(i for i, item in enumerate(new.items) if same(old, item))
            yield from (LeafEdit(at, None, item, joined(new)) for i, item in enumerate(new.items) if i != mine)
        case ((And() | Or()), _) if not isinstance(new, Joined) and any(same(item, new) for item in old.items):
            mine = next(i for i, item in enumerate(old.items) if same(item, new))
            yield from (LeafEdit((*at, i), item, None, joined(old)) for i, item in enumerate(old.items) if i != mine)
        case _:
            yield LeafEdit(at, old, new)


def _of_items(old: Joined, new: Joined, at: tuple[int, ...]) -> Iterator[LeafEdit]:
    """Equal items first, wherever they stand; what is left over is paired in order, the most alike first."""
    others = list(new.items)
    left: list[tuple[int, Expression]] = []
    for number, item in enumerate(old.items):
        twin = next((i for i, other in enumerate(others) if same(item, other)), None)
        if twin is None:
            left.append((number, item))
        else:
            del others[twin]
    if len(left) == len(old.items) and len(others) != len(left):
        yield LeafEdit(at, old, new)  # nothing in common, not even their number
        return
    paired: list[tuple[int, Expression, Expression]] = []
    for number, item in list(left):
        like = next((i for i, other in enumerate(others) if alike(item, other)), None)
        if like is not None:
            paired.append((number, item, others.pop(like)))
            left.remove((number, item))
    while left and others:
        number, item = left.pop(0)
        paired.append((number, item, others.pop(0)))
    for number, item, other in sorted(paired, key=lambda pair: pair[0]):
        yield from _edits(item, other, (*at, number))
    yield from (LeafEdit((*at, number), item, None, joined(old)) for number, item in left)
    yield from (LeafEdit(at, None, other, joined(old)) for other in others)


def alike(one: Expression, other: Expression) -> bool:
    """Whether the two speak of the same thing: they differ in their thresholds only."""
    return bool(_spoken(meaning(one)) == _spoken(meaning(other)))


def _spoken(found: Any) -> Any:
    """The meaning without its written values and signs of comparison."""
    if not isinstance(found, tuple):
        return found
    if found and found[0] == "constant":
        return ("constant",)
    if found and found[0] in ("<", "<=", "=", "!="):
        return ("compared", *sorted(map(_spoken, found[1:]), key=repr))
    return tuple(map(_spoken, found))


def joined(node: Joined) -> Literal["and", "or", "at_least"]:
    match node:
        case And():
            return "and"
        case Or():
            return "or"
        case AtLeast():
            return "at_least"


def edited(old: Expression, edits: Sequence[LeafEdit]) -> Expression | None:
    """The old condition with these of its edits; None where nothing would be left of it."""
    return _edited(flat(old), edits, ())


def _edited(node: Expression, edits: Sequence[LeafEdit], at: tuple[int, ...]) -> Expression | None:
    below = [e for e in edits if e.at[: len(at)] == at]
    if not below:
        return node
    for edit in below:
        if edit.at == at and edit.old is not None and not edit.count:
            return edit.new
    added = tuple(e.new for e in below if e.at == at and e.old is None and e.new is not None)
    count = next((e.new for e in below if e.at == at and e.count), None)
    match node:
        case And() | Or() | AtLeast():
            kept = tuple(e for i, item in enumerate(node.items) if (e := _edited(item, edits, (*at, i))) is not None)
            items = (*kept, *added)
            if not items:
                return None
            if isinstance(node, AtLeast):
                return replace(node, items=items, count=count or node.count)
            return items[0] if len(items) == 1 else replace(node, items=items)
        case Not(operand):
            inner = _edited(operand, edits, (*at, 0))
            return None if inner is None else replace(node, operand=inner)
        case _:
            how = next((e.joined for e in below if e.at == at and e.old is None), "")
            return Or((node, *added)) if how == "or" else And((node, *added))
