"""A tree as read in its scope -> the same tree with every name resolved and every kind known.

What is in error keeps the kind UNKNOWN, and nothing that follows from it is said again.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import assert_never

from ..model.expression import (
    Aggregate,
    And,
    Arithmetic,
    AsOf,
    AtLeast,
    Between,
    Call,
    Clamp,
    Compare,
    Constant,
    Decided,
    Expression,
    FieldValue,
    Hit,
    If,
    In,
    IsMissing,
    Member,
    MetricValue,
    Name,
    Negate,
    Not,
    OpTest,
    Or,
    ParameterValue,
    Portfolio,
    RangeTest,
    Rows,
    Size,
    Test,
    ValueTest,
    Variants,
    Weighted,
)
from ..model.kind import Kind
from .calls import row_call, unknown_function
from .catalog import Scope
from .conditions import at_least, condition, if_, is_missing, run_date_meant, same_name_twice
from .functions import PORTFOLIO_FUNCTIONS, ROW_FUNCTIONS
from .lists import is_list_call, list_call, rows_of, stray_rows
from .literals import is_plain_number, written
from .membership import between, membership
from .names import resolve_date, resolve_member, resolve_name
from .operators import arithmetic, compare, negate
from .portfolio import is_portfolio_call, meant_portfolio, portfolio_call
from .words import show


def elaborate(node: Expression, scope: Scope) -> Expression:
    """The checked tree; findings go to the scope's desk."""
    match node:
        case Constant():
            return _constant(node, scope)
        case Name():
            return resolve_name(node, scope)
        case Member():
            return resolve_member(node, scope)
        case Rows():
            stray_rows(node, scope)
            return node
        case Call():
            return _call(node, scope)
        case Negate(operand):
            return negate(replace(node, operand=elaborate(operand, scope)), scope)
        case Arithmetic(left, _, right):
            return arithmetic(replace(node, left=elaborate(left, scope), right=elaborate(right, scope)), scope)
        case Compare(left, _, right):
            if same_name_twice(node, scope) or run_date_meant(node, scope):
                return node
            return compare(replace(node, left=elaborate(left, scope), right=elaborate(right, scope)), scope)
        case Between() | In() if run_date_meant(node, scope):
            return node
        case Between(operand, low, high):
            operand, low, high = (elaborate(x, scope) for x in (operand, low, high))
            return between(replace(node, operand=operand, low=low, high=high), scope)
        case In(operand, tests):
            return membership(replace(node, operand=elaborate(operand, scope), tests=tuple(_test(t, scope) for t in tests)), scope)
        case IsMissing(operand):
            return is_missing(replace(node, operand=elaborate(operand, scope)), scope)
        case Not(operand):
            return replace(node, operand=elaborate_condition(operand, scope), kind=Kind.BOOLEAN)
        case And(items) | Or(items):
            return _junction(node, items, scope)
        case AtLeast(count, items):
            checked = tuple(elaborate_condition(item, scope) for item in items)
            return at_least(replace(node, count=elaborate(count, scope), items=checked), scope)
        case If(test, then, otherwise):
            test, then, otherwise = elaborate_condition(test, scope), elaborate(then, scope), elaborate(otherwise, scope)
            return if_(replace(node, condition=test, then=then, otherwise=otherwise), scope)
        case AsOf():
            return resolve_date(node, scope)
        case (
            FieldValue()
            | ParameterValue()
            | MetricValue()
            | Aggregate()
            | Decided()
            | Portfolio()
            | Clamp()
            | Weighted()
            | Hit()
            | Size()
            | Variants()
        ):
            return node
        case _:
            assert_never(node)


def elaborate_condition(node: Expression, scope: Scope) -> Expression:
    """The checked tree of what must be true or false."""
    return condition(elaborate(node, scope), scope)


def _constant(node: Constant, scope: Scope) -> Expression:
    match node.value:
        case None:
            return replace(node, kind=Kind.UNKNOWN)
        case bool():
            return replace(node, kind=Kind.BOOLEAN)
        case str():
            return replace(node, kind=Kind.TEXT)
        case int() | Decimal():
            return written(node, scope) if is_plain_number(node.value, node.kind) else node
        case _:
            return replace(node, kind=Kind.DATE)


def _junction(node: And | Or, items: tuple[Expression, ...], scope: Scope) -> Expression:
    before: Expression | None = None
    checked = []
    for item in items:
        checked.append(condition(elaborate(item, scope), scope, after=before, of_or=isinstance(node, Or)))
        before = item
    return replace(node, items=tuple(checked), kind=Kind.BOOLEAN)


def _test(test: Test, scope: Scope) -> Test:
    match test:
        case ValueTest(Name() as name):
            return ValueTest(resolve_name(name, scope, list_allowed=True))
        case ValueTest(Member() as member):
            return ValueTest(resolve_member(member, scope, list_allowed=True))
        case ValueTest(value):
            return ValueTest(elaborate(value, scope))
        case OpTest(op, value):
            return OpTest(op, elaborate(value, scope))
        case RangeTest(low, high, low_closed, high_closed):
            return RangeTest(elaborate(low, scope), elaborate(high, scope), low_closed, high_closed)
        case _:
            assert_never(test)


def _collected(node: Expression, scope: Scope) -> MetricValue | None:
    """The collected list of a decision table that the expression names."""
    name = (
        node.name
        if isinstance(node, Name)
        else node.name
        if isinstance(node, Member) and node.owner in scope.catalog.decision_tables
        else ""
    )
    of_whole = scope.reader == "whole" and not scope.in_list
    if (
        of_whole
        or name not in scope.lists
        or (isinstance(node, Name) and scope.table is not None and scope.catalog.field(scope.table, name) is not None)
    ):
        return None
    return MetricValue(name, place=node.place, kind=scope.kinds.get(name, Kind.UNKNOWN))


def _misspelt(node: Expression, scope: Scope) -> bool:
    """A bare name that nothing has: its own finding says what was meant."""
    return isinstance(node, Name) and scope.catalog.place_of(node.name, scope.table) is None


def _call(node: Call, scope: Scope) -> Expression:
    if node.function == "count" and len(node.arguments) == 1:
        collected = _collected(node.arguments[0], scope)
        if collected is not None:
            return Size(collected, place=node.place, kind=Kind.INTEGER)
    if is_portfolio_call(node, scope):
        return portfolio_call(node, scope, elaborate)
    meant = meant_portfolio(node, scope)
    if meant is not None and not _misspelt(node.arguments[0], scope):
        rows = "table[condition]" if node.function == "count" else "table.column"
        help = f"over all clients {meant}; over a client's own rows a list: {node.function}({rows})"
        scope.desk.error("SS282", f"{node.function} of one value of the client: {show(node.arguments[0])}", node.place, help)
        return node
    if is_list_call(node, scope):
        if node.within:
            help = f"'within' belongs to {', '.join(PORTFOLIO_FUNCTIONS)}; rows are chosen in brackets: table[condition]"
            if scope.reader == "whole":
                help = "a figure is split by its own 'by': {is: ..., by: industry}"
            scope.desk.error("SS226", f"{node.function} takes no 'within'", node.within[0].place, help)
        return list_call(node, scope, elaborate_condition)
    if node.function not in ROW_FUNCTIONS:
        unknown_function(node, scope)
        for argument in node.arguments:
            if rows_of(argument, scope) is None:
                elaborate(argument, scope)
        return node
    for word, stray in (("within", node.within), ("by", (node.by,) if node.by else ())):
        for extra in stray[:1]:
            scope.desk.error("SS226", f"{node.function} takes no '{word}'", extra.place, f"leave '{word} ...' out")
    return row_call(replace(node, arguments=tuple(elaborate(a, scope) for a in node.arguments), within=(), by=None), scope)
