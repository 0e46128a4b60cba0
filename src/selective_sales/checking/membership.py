"""`in`, `between` and intervals: each value is compared with the operand, by the rules of a comparison."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeGuard, assert_never

from ..model.expression import Between, Expression, In, MetricValue, OpTest, ParameterValue, RangeTest, Test, ValueTest, test_values
from ..model.kind import Kind
from .catalog import Scope, is_list
from .literals import Looseness, looseness
from .operators import Clash, comparable, unify
from .words import name_text, show


def between(node: Between, scope: Scope) -> Expression:
    """`x between low and high`, all three elaborated."""
    operand, low, high = node.operand, node.low, node.high
    found = unify((operand, low, high), scope)
    if isinstance(found, Clash) or _hopeless((operand, low, high), scope) or found.kind is Kind.BOOLEAN:
        comparable(operand, ">=", low, node.place, scope)
        if not _same_trouble(low, high):
            comparable(operand, "<=", high, node.place, scope)
    else:
        operand, low, high = found.nodes
    return replace(node, operand=operand, low=low, high=high, kind=Kind.BOOLEAN)


def _same_trouble(low: Expression, high: Expression) -> bool:
    """Both ends of one kind are wrong in the same way: one finding says it."""
    return low.kind.family is high.kind.family


def _hopeless(nodes: tuple[Expression, ...], scope: Scope) -> bool:
    return any(looseness(n, scope) is Looseness.ANY for n in nodes)


def membership(node: In, scope: Scope) -> Expression:
    """`x in [...]`, operand and tests elaborated."""
    lists = [v for t in node.tests for v in test_values(t) if _is_list(v, scope)]
    if lists and (len(node.tests) > 1 or not isinstance(node.tests[0], ValueTest)):
        shown = show(node.operand)
        help = f"write {shown} in {name_text(lists[0].name)}, joined by 'or' to the rest"
        scope.desk.error("SS209", f"'{lists[0].name}' is a list of values, and stands alone after 'in'", lists[0].place, help)
        return replace(node, kind=Kind.BOOLEAN)
    operand = _operand(node, scope)
    tests = tuple(_tests(operand, node.tests, scope))
    return replace(node, operand=operand, tests=tests, kind=Kind.BOOLEAN)


def _is_list(node: Expression, scope: Scope) -> TypeGuard[ParameterValue | MetricValue]:
    match node:
        case ParameterValue(name):
            return is_list(scope.catalog.parameters[name])
        case MetricValue(name):
            return name in scope.lists
        case _:
            return False


def _tests(operand: Expression, tests: tuple[Test, ...], scope: Scope) -> Iterator[Test]:
    """Each test, settled; of several values of one wrong kind the first is told."""
    told: set[Kind] = set()
    for test in tests:
        kinds = {value.kind.family for value in test_values(test)}
        before = len(scope.desk.findings)
        yield test if kinds <= told else _test(operand, test, scope)
        if len(scope.desk.findings) > before:
            told |= kinds


def _operand(node: In, scope: Scope) -> Expression:
    """The operand, settled by the values where it is itself a literal."""
    if looseness(node.operand, scope) is Looseness.FIXED:
        return node.operand
    found = unify((node.operand, *(v for t in node.tests for v in test_values(t))), scope)
    return node.operand if isinstance(found, Clash) else found.nodes[0]


def _test(operand: Expression, test: Test, scope: Scope) -> Test:
    match test:
        case ValueTest(value):
            return ValueTest(comparable(operand, "=", value, value.place, scope)[1])
        case OpTest(op, value):
            return OpTest(op, comparable(operand, op, value, value.place, scope)[1])
        case RangeTest(low, high, low_closed, high_closed):
            low = comparable(operand, ">=", low, low.place, scope)[1]
            if low.kind.family is not high.kind.family or low.kind.family is operand.kind.family:
                high = comparable(operand, "<=", high, high.place, scope)[1]
            return RangeTest(low, high, low_closed, high_closed)
        case _:
            assert_never(test)
