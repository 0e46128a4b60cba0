"""Allocations: groups of clients, each with a measure and a factor."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from ..model.checked import CheckedAllocation, CheckedGroup
from ..model.expression import Aggregate, Arithmetic, Constant, Decided, Expression, FieldValue, MetricValue, Negate, ParameterValue, walk
from ..model.kind import Kind
from ..model.promises import Allocation, Group
from .advice import describe
from .catalog import CLIENTS, Scope
from .kinds import elaborate, elaborate_condition
from .literals import Looseness, looseness, parameter_values
from .ranges import check_values
from .words import name_text, plain

_MEASURES = frozenset({Kind.MONEY, Kind.NUMBER, Kind.INTEGER, Kind.DAYS, Kind.MONTHS})
_MOST_WORTHS = 100
"""Values that a factor may take through dated parameters, as far as they are followed."""


def check_allocation(allocation: Allocation, scope: Scope) -> CheckedAllocation:
    """The allocation, every group with its measure."""
    shared = None if allocation.measure is None else _measure(allocation.measure, scope)
    groups = tuple(_group(group, shared, scope, last=group is allocation.groups[-1]) for group in allocation.groups)
    return CheckedAllocation(allocation.name, groups, allocation.place, allocation.rest, allocation.title)


def _group(group: Group, shared: Expression | None, scope: Scope, *, last: bool) -> CheckedGroup:
    who = elaborate_condition(group.who, scope)
    if not isinstance(who, Constant):
        check_values(who, scope)
    elif who.value is False or (who.value is True and not last):
        rest = "none of the groups below gets a client" if who.value else "no client is in it"
        help = "write which clients are meant; true belongs into the last group"
        scope.desk.warning("SS230", f"the group '{group.id}' is always {str(who.value).lower()}: {rest}", who.place, help)
    measure = shared if group.measure is None else _measure(group.measure, scope)
    if measure is None:
        help = f"add measure: {_example(scope)}, to the group or to the allocation"
        scope.desk.error("SS286", f"nothing says what the share of the group '{group.id}' is measured by", group.place, help)
        measure = Constant(None, place=group.place)
    return CheckedGroup(group.id, who, _factor(group, scope), measure, group.place, group.title)


def _measure(tree: Expression, scope: Scope) -> Expression:
    typed = elaborate(tree, scope)
    check_values(typed, scope)
    help = f"name an amount, a number or a span of time, for example {_example(scope)}; or write 1 to count clients"
    if looseness(typed, scope) is Looseness.ANY:
        scope.desk.error("SS219", "a measure of missing is always missing", typed.place, help)
    elif typed.kind is not Kind.UNKNOWN and typed.kind not in _MEASURES:
        scope.desk.error("SS286", f"a share is measured by an amount or a number: {describe(typed, scope)}", tree.place, help)
    return typed


def _example(scope: Scope) -> str:
    fitting = [f.name for f in scope.catalog.fields[CLIENTS].values() if f.type in _MEASURES and not f.protected]
    return name_text(fitting[0]) if fitting else "revenue"


def _factor(group: Group, scope: Scope) -> Expression:
    factor = elaborate(group.factor, scope)
    check_values(factor, scope)
    help = "write a number such as 0.5 or 50%, or the name of a parameter"
    if looseness(factor, scope) is Looseness.ANY:
        scope.desk.error("SS219", "a factor of missing gives nobody anything", factor.place, help)
    if factor.kind is Kind.UNKNOWN:
        return factor
    if factor.kind.family is not Kind.NUMBER or any(isinstance(n, FieldValue | MetricValue | Decided | Aggregate) for n in walk(factor)):
        scope.desk.error("SS287", f"a factor is one number for the whole group: {describe(factor, scope)}", factor.place, help)
        return factor
    for worth in _worths(factor, scope):
        if not 0 <= worth <= 1:
            wrong = f"the factor of the group '{group.id}' is {plain(worth)}: "
            wrong += "nobody can get less than nothing" if worth < 0 else "it gets more than its share"
            is_percent = isinstance(factor, Constant) and 2 <= worth <= 100
            help = f"write {plain(worth)}% for a part of the share" if is_percent else "0.5 or 50% gives the group half of its share"
            tell = scope.desk.error if worth < 0 else scope.desk.warning
            tell("SS287", wrong, factor.place, help)
            break
    return factor


def _worths(node: Expression, scope: Scope) -> Iterator[Decimal]:
    """The numbers that a factor can be, where written numbers and parameters alone make it up."""
    match node:
        case Constant(int() | Decimal() as value):
            yield Decimal(value)
        case ParameterValue(name):
            yield from (Decimal(v) for v in parameter_values(scope.catalog.parameters[name]) if isinstance(v, int | Decimal))
        case Negate(operand):
            yield from (-v for v in _worths(operand, scope))
        case Arithmetic(left, op, right):
            lefts, rights = list(_worths(left, scope)), list(_worths(right, scope))
            for a, b in [(a, b) for a in lefts for b in rights][:_MOST_WORTHS]:
                try:
                    match op:
                        case "+":
                            yield a + b
                        case "-":
                            yield a - b
                        case "*":
                            yield a * b
                        case "/":
                            yield a / b
                        case _:
                            pass
                except (InvalidOperation, ArithmeticError):
                    continue
        case _:
            pass
