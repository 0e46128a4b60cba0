"""An expression as read in; the same expression with one small fault, once for each fault that is worth planting, out.

Faults are what an author may well type: a threshold a step off, `<` for `<=`, `and` for `or`, a condition forgotten. What is only another
way of writing the same is left out: `x <= 3` beside `x < 4` where x is whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from ..model.expression import (
    And,
    Arithmetic,
    AtLeast,
    Between,
    Call,
    Compare,
    Constant,
    Expression,
    If,
    In,
    IsMissing,
    Member,
    Name,
    Not,
    Or,
    RangeTest,
    Rows,
    children,
    with_children,
)
from ..model.kind import Kind
from ..model.mutant import Edit
from .fault_places import between, end_of, removed_item, start_of, starts_apart, swapped_texts
from .fault_steps import is_literal, neighbours, tenths
from .fault_tests import LOOSENED, NEGATED, WHOLE, first_place, test_faults

OTHER_OPERATION = {"+": "-", "-": "+", "*": "/", "/": "*"}
OTHER_FUNCTION = {
    "min": "max", "max": "min", "sum": "max", "mean": "max", "floor": "ceiling", "ceiling": "floor", "total": "average", "average": "total",
    "cumulative_share": "cumulative_share_before", "cumulative_share_before": "cumulative_share", "days_between": "", "months_between": "",
}  # fmt: skip
"""Functions that are taken for each other; "" where two arguments are."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An expression with a fault in it: what was done, and what an author would have typed."""

    tree: Expression
    what: str
    edits: tuple[Edit, ...] = ()


KindOf = Callable[[Expression], Kind]
"""The kind that a node as read turned out to have (UNKNOWN where that is not known)."""


def condition_faults(node: Expression, kind_of: KindOf) -> Iterator[Fault]:
    """The faults of a whole condition: where it is a bare yes or no, also its opposite."""
    if isinstance(node, Name | Member | Call):
        yield Fault(Not(node, place=node.place), "turned round", (Edit(start_of(node.place), "", "not "),))
    yield from faults(node, kind_of)


def faults(node: Expression, kind_of: KindOf) -> Iterator[Fault]:
    """Every fault in the node itself, then in the nodes below."""
    yield from own_faults(node, kind_of)
    parts = children(node)
    for i, child in enumerate(parts):
        for fault in faults(child, kind_of):
            yield replace(fault, tree=with_children(node, (*parts[:i], fault.tree, *parts[i + 1 :])))


def own_faults(node: Expression, kind_of: KindOf) -> Iterator[Fault]:
    match node:
        case Compare():
            yield from of_comparison(node, kind_of)
        case Between():
            yield from of_between(node, kind_of)
        case In():
            yield from of_membership(node, kind_of)
        case IsMissing(operand, negated):
            words = ("missing", "present")
            edit = Edit(between(operand.place, end_of(node.place)), words[negated], words[not negated])
            yield Fault(replace(node, negated=not negated), "turned round", (edit,))
        case Not(operand):
            yield Fault(
                operand, "'not' removed", (Edit(between(start_of(node.place), operand.place), r"\bnot\s*", ""),) if node.place.line else ()
            )
        case And(items) | Or(items):
            yield from of_junction(node, items)
        case AtLeast():
            yield from of_at_least(node)
        case If(condition, then, otherwise):
            yield Fault(If(condition, otherwise, then, place=node.place), "branches swapped", swapped_texts(then, otherwise))
            for i, branch in ((1, then), (2, otherwise)):
                yield from moved_child(node, i, branch, "a value")
        case Arithmetic():
            yield from of_arithmetic(node)
        case Rows():
            yield from of_rows(node)
        case Call():
            yield from of_call(node)
        case _:
            return


def of_comparison(node: Compare, kind_of: KindOf) -> Iterator[Fault]:
    left, right = kind_of(node.left), kind_of(node.right)
    whole = False
    for i, (side, other) in enumerate(((node.left, right), (node.right, left))):
        if is_literal(side):
            whole = whole or other in WHOLE
            for new, word, edit in neighbours(side, other):
                parts = (new, node.right) if i == 0 else (node.left, new)
                yield Fault(with_children(node, parts), f"threshold just {word}", (edit,))
    gap = between(node.left.place, node.right.place)
    yield Fault(replace(node, op=NEGATED[node.op]), "comparison turned round", (Edit(gap, re.escape(node.op), NEGATED[node.op]),))  # type: ignore[arg-type]
    if node.op in LOOSENED and not whole:
        yield Fault(replace(node, op=LOOSENED[node.op]), "threshold itself", (Edit(gap, re.escape(node.op), LOOSENED[node.op]),))  # type: ignore[arg-type]


def of_between(node: Between, kind_of: KindOf) -> Iterator[Fault]:
    kind = kind_of(node.operand)
    for i, end in ((1, node.low), (2, node.high)):
        parts = (node.operand, node.low, node.high)
        if is_literal(end):
            for new, word, edit in neighbours(end, kind):
                yield Fault(with_children(node, (*parts[:i], new, *parts[i + 1 :])), f"threshold just {word}", (edit,))
        if not is_literal(end) or kind not in WHOLE:
            test = RangeTest(node.low, node.high, low_closed=i != 1, high_closed=i != 2)
            edits = (
                Edit(between(node.operand.place, node.low.place), r"between\s+", "in " + "(["[i != 1]),
                Edit(between(node.low.place, node.high.place), r"\s+and\s+", ".."),
                Edit(end_of(node.high.place), "", ")]"[i != 2]),
            )
            yield Fault(In(node.operand, (test,), place=node.place), "interval's end", edits)


def of_membership(node: In, kind_of: KindOf) -> Iterator[Fault]:
    first = first_place(node.tests)
    old, new = ("not in", "in") if node.negated else ("in", "not in")
    edit = (Edit(between(node.operand.place, first), rf"\b{old}\b", new),) if first is not None else ()
    yield Fault(replace(node, negated=not node.negated), "'in' turned round", edit)
    for tests, what, edits in test_faults(node.tests, kind_of(node.operand)):
        yield Fault(replace(node, tests=tests), what, edits)


def of_junction(node: And | Or, items: tuple[Expression, ...]) -> Iterator[Fault]:
    places = [item.place for item in items]
    for i in range(len(items)):
        rest = (*items[:i], *items[i + 1 :])
        tree = rest[0] if len(rest) == 1 else replace(node, items=rest)
        yield Fault(tree, "a condition removed", removed_item(items, i))
    old, new, words = ("and", "or", ("all", "any")) if isinstance(node, And) else ("or", "and", ("any", "all"))
    swapped = Or(items, place=node.place) if isinstance(node, And) else And(items, place=node.place)
    spans = [between(one, other) for one, other in pairwise(places)]
    edits = tuple(Edit(span, rf"\b{old}\b", new) for span in spans)
    if node.place.line and starts_apart(node.place, places[0]):
        edits = (Edit(node.place, words[0], words[1]),)
    yield Fault(swapped, f"'{new}' for '{old}'", edits)


def of_at_least(node: AtLeast) -> Iterator[Fault]:
    match node.count:
        case Constant(value=int(count)):
            for new in (count + 1, count - 1):
                if 1 <= new <= len(node.items):
                    tree = replace(node, count=replace(node.count, value=new, text=str(new)))
                    yield Fault(tree, "one more" if new > count else "one fewer", (Edit(node.count.place, "", str(new)),))
        case _:
            count = 1
    for i in range(len(node.items)):
        if len(node.items) - 1 >= max(count, 1):
            rest = (*node.items[:i], *node.items[i + 1 :])
            yield Fault(replace(node, items=rest), "a condition removed", removed_item(node.items, i))


def of_arithmetic(node: Arithmetic) -> Iterator[Fault]:
    for i, side in enumerate((node.left, node.right)):
        yield from moved_child(node, i, side, "a number")
    other = OTHER_OPERATION.get(node.op)
    if other is not None:
        gap = between(node.left.place, node.right.place)
        yield Fault(replace(node, op=other), f"'{other}' for '{node.op}'", (Edit(gap, re.escape(node.op), other),))  # type: ignore[arg-type]


def moved_child(node: Expression, i: int, child: Expression, what: str) -> Iterator[Fault]:
    """The node with a written value below it moved by a tenth."""
    parts = children(node)
    if is_literal(child):
        for new, word, edit in tenths(child):
            yield Fault(with_children(node, (*parts[:i], new, *parts[i + 1 :])), f"{what} {word}", (edit,))


def of_rows(node: Rows) -> Iterator[Fault]:
    """The list without its brackets: all rows count."""
    if node.column is None:
        span = between(node.table_place, end_of(node.place))
        yield Fault(Name(node.table, place=node.table_place), "brackets removed", (Edit(span, "", ""),))
    else:
        place = replace(node.place, line=node.table_place.line, column=node.table_place.column)
        span = between(node.table_place, node.column_place)
        yield Fault(Member(node.table, node.column, place=place), "brackets removed", (Edit(span, "", "."),))


def of_call(node: Call) -> Iterator[Fault]:
    for i, argument in enumerate(node.arguments):
        yield from moved_child(node, i, argument, "a value")
    other = OTHER_FUNCTION.get(node.function)
    if other:
        what = f"'{other}' for '{node.function}'"
        yield Fault(replace(node, function=other), what, (Edit(start_of(node.place, len(node.function)), node.function, other),))
    elif other == "" and len(node.arguments) == 2:
        one, two = node.arguments
        yield Fault(replace(node, arguments=(two, one)), "arguments swapped", swapped_texts(one, two))
    if node.within:
        yield Fault(
            replace(node, within=()), "'within' removed", (Edit(between(node.arguments[0].place, end_of(node.within[-1].place)), "", ""),)
        )
    if node.function == "coalesce" and len(node.arguments) == 2:
        yield Fault(node.arguments[0], "the value for a blank removed")
    if node.function == "abs":
        yield Fault(node.arguments[0], "'abs' removed")
