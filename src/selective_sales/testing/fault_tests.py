"""The tests of a list or a cell in; the same tests with one small fault, once for each fault, out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ..model.expression import OpTest, RangeTest, Test, ValueTest
from ..model.kind import Kind
from ..model.mutant import Edit
from ..model.place import Place
from .fault_places import after, before, between, end_of, removed_text, start_of
from .fault_steps import SPANS, is_literal, neighbours

NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}
LOOSENED = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
WHOLE = (Kind.INTEGER, Kind.DATE, *SPANS)


def test_faults(tests: tuple[Test, ...], kind: Kind) -> Iterator[tuple[tuple[Test, ...], str, tuple[Edit, ...]]]:
    """The faults of the tests of a list or a cell, whose input is of that kind."""
    for i, test in enumerate(tests):
        for new, what, edits in of_test(test, kind):
            yield (*tests[:i], new, *tests[i + 1 :]), what, edits
        if len(tests) > 1:
            yield (*tests[:i], *tests[i + 1 :]), "an item removed", removed_text([place_of(t) for t in tests], i)


def of_test(test: Test, kind: Kind) -> Iterator[tuple[Test, str, tuple[Edit, ...]]]:
    match test:
        case ValueTest(value):
            if is_literal(value):
                for new, word, edit in neighbours(value, kind):
                    yield ValueTest(new), f"value just {word}", (edit,)
        case OpTest(op, value):
            if is_literal(value):
                for new, word, edit in neighbours(value, kind):
                    yield OpTest(op, new), f"threshold just {word}", (edit,)
            gap = before(value.place)
            yield OpTest(NEGATED[op], value), "comparison turned round", (Edit(gap, re.escape(op), NEGATED[op]),)  # type: ignore[arg-type]
            if op in LOOSENED and not (is_literal(value) and kind in WHOLE):
                yield OpTest(LOOSENED[op], value), "threshold itself", (Edit(gap, re.escape(op), LOOSENED[op]),)  # type: ignore[arg-type]
        case RangeTest():
            yield from of_range(test, kind)


def of_range(test: RangeTest, kind: Kind) -> Iterator[tuple[Test, str, tuple[Edit, ...]]]:
    for name, end, closed in (("low", test.low, test.low_closed), ("high", test.high, test.high_closed)):
        if is_literal(end):
            for new, word, edit in neighbours(end, kind):
                moved = replace(test, low=new) if name == "low" else replace(test, high=new)
                yield moved, f"threshold just {word}", (edit,)
        if not is_literal(end) or kind not in WHOLE:
            other = replace(test, low_closed=not closed) if name == "low" else replace(test, high_closed=not closed)
            if name == "low":
                yield other, "interval's end", (Edit(before(end.place), r"\[" if closed else r"\(", "(" if closed else "["),)
            else:
                yield other, "interval's end", (Edit(after(end.place), r"\]" if closed else r"\)", ")" if closed else "]"),)


def place_of(test: Test) -> Place:
    match test:
        case RangeTest(low, high):
            return replace(between(start_of(low.place), end_of(high.place)))
        case ValueTest(value) | OpTest(_, value):
            return value.place


def first_place(tests: tuple[Test, ...]) -> Place | None:
    return place_of(tests[0]) if tests else None
