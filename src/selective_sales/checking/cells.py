"""A cell in its place -> the condition on its input, typed; findings where it cannot be one.

In a text input an item without operator is the text itself; everywhere else items are tests, by the rules of a comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

from ..model.decision_tables import Cell, CellItem
from ..model.expression import And as AndNode
from ..model.expression import Constant, Expression, In, IsMissing, Not, OpTest, Or, Scalar, Test, ValueTest
from ..model.kind import Kind
from .catalog import Scope
from .words import show

Elaborate = Callable[[Expression, Scope], Expression]
_OPERATORS = ("=", "!", "<", ">", "[", "(", '"', "'", "`", "@")


def is_plain_text(item: CellItem) -> bool:
    """True where, in a text input, the item is the text itself: it begins with no operator, bracket or quote."""
    return bool(item.text) and not item.text.startswith(_OPERATORS) and item.text != "missing"


def cell_condition(cell: Cell, operand: Expression, scope: Scope, elaborate: Elaborate) -> Expression | None:
    """The condition that the cell is; None where it lets everything through."""
    if not cell.items:
        return None
    before = len(scope.desk.findings)
    parts = list(_parts(cell, operand, scope, elaborate))
    if len(scope.desk.findings) == before:
        _check_everything(cell, operand, parts, scope)
    if not parts:
        return Constant(None, place=cell.place)
    whole = parts[0] if len(parts) == 1 else Or(tuple(parts), place=cell.place, kind=Kind.BOOLEAN)
    return Not(whole, place=cell.place, kind=Kind.BOOLEAN) if cell.negated else whole


def _parts(cell: Cell, operand: Expression, scope: Scope, elaborate: Elaborate) -> Iterator[Expression]:
    """The alternatives; tests that stand alone are gathered into one `in`."""
    gathered: list[Test] = []
    others: list[Expression] = []
    for item in cell.items:
        tests = _tests(item, operand, scope)
        if len(tests) == 1 and not _asks_missing(tests[0]) and not _is_truth(tests[0], operand):
            gathered.append(tests[0])
        elif tests:
            joined = tuple(_single(t, item, operand, scope, elaborate) for t in tests)
            others.append(joined[0] if len(joined) == 1 else AndNode(joined, place=item.place, kind=Kind.BOOLEAN))
    if gathered:
        yield elaborate(In(operand, tuple(gathered), place=cell.place), scope)
    yield from others


def _tests(item: CellItem, operand: Expression, scope: Scope) -> tuple[Test, ...]:
    if operand.kind is Kind.TEXT and is_plain_text(item):
        return (ValueTest(Constant(item.text, f'"{item.text}"', place=item.place)),)
    if not item.tests and operand.kind is not Kind.UNKNOWN:
        scope.desk.findings.extend(item.findings)
    return item.tests


def _asks_missing(test: Test) -> bool:
    return isinstance(test, ValueTest) and isinstance(test.value, Constant) and test.value.value is None


def _is_truth(test: Test, operand: Expression) -> bool:
    return (
        operand.kind is Kind.BOOLEAN
        and isinstance(test, ValueTest)
        and isinstance(test.value, Constant)
        and isinstance(test.value.value, bool)
    )


def _single(test: Test, item: CellItem, operand: Expression, scope: Scope, elaborate: Elaborate) -> Expression:
    match test:
        case ValueTest(Constant(None)):
            return IsMissing(operand, place=item.place, kind=Kind.BOOLEAN)
        case ValueTest(Constant(bool() as wanted)) if operand.kind is Kind.BOOLEAN:
            return replace(operand, place=item.place) if wanted else Not(operand, place=item.place, kind=Kind.BOOLEAN)
        case _:
            return elaborate(In(operand, (test,), place=item.place), scope)


def _check_everything(cell: Cell, operand: Expression, parts: list[Expression], scope: Scope) -> None:
    """A list of tests that together let everything through: an author meant `and`."""
    tests = [t for part in parts if isinstance(part, In) for t in part.tests]
    lows = [(v, t.op == ">=", t) for t in tests if isinstance(t, OpTest) and t.op in (">", ">=") and (v := _number(t.value)) is not None]
    highs = [(v, t.op == "<=", t) for t in tests if isinstance(t, OpTest) and t.op in ("<", "<=") and (v := _number(t.value)) is not None]
    for low, low_closed, above in lows:
        for high, high_closed, below in highs:
            if low < high or (low == high and (low_closed or high_closed)):  # type: ignore[operator]
                ends = ("[" if low_closed else "(", show(above.value), show(below.value), "]" if high_closed else ")")
                help = f"a comma means 'or'; write {ends[0]}{ends[1]}..{ends[2]}{ends[3]} for both at once, or - for anything"
                message = f"these tests together let every {show(operand) if not show(operand).startswith('`#') else 'value'} through"
                scope.desk.error("SS262", message, cell.place, help)
                return


def _number(node: Expression) -> Scalar | None:
    return node.value if isinstance(node, Constant) and isinstance(node.value, int | Decimal) and not isinstance(node.value, bool) else None
