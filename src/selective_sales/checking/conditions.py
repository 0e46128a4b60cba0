"""What must be true or false: conditions, `if`, `is missing`, `at_least`."""

from __future__ import annotations

from dataclasses import replace

from ..model.expression import AsOf, AtLeast, Between, Compare, Constant, Expression, If, In, IsMissing, Member, Name, ParameterValue, walk
from ..model.kind import Kind
from .advice import describe
from .catalog import CLIENTS, Scope, is_list
from .literals import Looseness, looseness, parameter_values, settle
from .names import HISTORY
from .operators import Clash, unify
from .words import name_text, show


def condition(node: Expression, scope: Scope, after: Expression | None = None, of_or: bool = False) -> Expression:
    """The elaborated tree, with a finding where it is not true or false. `after` is the item before it in an `and` or `or`."""
    if looseness(node, scope) is Looseness.ANY:
        scope.desk.error("SS219", "missing is no condition: it would never be known", node.place, "write x is missing")
    elif node.kind not in (Kind.BOOLEAN, Kind.UNKNOWN):
        scope.desk.error("SS212", f"this is not a condition: {describe(node, scope)}", node.place, _to_condition(node, after, of_or, scope))
        return replace(node, kind=Kind.UNKNOWN)
    return node


def _to_condition(node: Expression, after: Expression | None, of_or: bool, scope: Scope) -> str:
    match after, node:
        case Compare(left, "=", right), Constant() if of_or:
            return f"write {show(left)} in [{show(right)}, {show(node)}]"
        case Compare(left, op, _), Constant():
            return f"repeat the left side: {show(left)} {op} {show(node)}"
        case _, Constant(str()):
            return f"compare it: x = {show(node)}"
        case _:
            return f"compare it: {show(node)} {_example(node.kind)}"


def _example(kind: Kind) -> str:
    match kind:
        case Kind.TEXT:
            return '= "..."'
        case Kind.DATE:
            return "< as_of"
        case Kind.DAYS:
            return "> 30 days"
        case Kind.MONTHS:
            return "> 12 months"
        case _:
            return "> 0"


def if_(node: If, scope: Scope) -> Expression:
    """`if`, all three parts elaborated: both branches are of one kind."""
    found = unify((node.then, node.otherwise), scope)
    if isinstance(found, Clash):
        message = f"the two branches are of different kinds: {describe(found.first, scope)}, {describe(found.second, scope)}"
        scope.desk.error("SS213", message, node.place, "give both branches one kind; 'missing' fits every kind")
        return node
    return replace(node, then=found.nodes[0], otherwise=found.nodes[1], kind=found.kind)


def is_missing(node: IsMissing, scope: Scope) -> Expression:
    """`x is missing`, the operand elaborated."""
    operand = node.operand
    if looseness(operand, scope) is Looseness.ANY:
        operand = settle(operand, Kind.TEXT, scope)
    return replace(node, operand=operand, kind=Kind.BOOLEAN)


def at_least(node: AtLeast, scope: Scope) -> Expression:
    """`at_least: N`: a parameter's values are whole numbers from 1 to the number of conditions (a literal was judged when it was read)."""
    most = len(node.items)
    problem = _count_problem(node.count, most, scope)
    if problem is not None:
        scope.desk.error(
            "SS222", problem, node.count.place, f"write a whole number from 1 to {most}, or the name of a parameter that holds one"
        )
    return replace(node, kind=Kind.BOOLEAN)


def _count_problem(count: Expression, most: int, scope: Scope) -> str | None:
    match count:
        case Constant() | Name():
            return None
        case ParameterValue(name):
            parameter = scope.catalog.parameters[name]
            if not is_list(parameter) and all(not isinstance(v, bool) and v in range(1, most + 1) for v in parameter_values(parameter)):
                return None
            return f"at_least is the parameter '{name}', which is not a whole number from 1 to {most}"
        case _:
            return None if count.kind is Kind.UNKNOWN else f"at_least is a number written out or a parameter, not {show(count)}"


def same_name_twice(node: Compare, scope: Scope) -> bool:
    """True, after a finding, for `country = country` within a child's brackets where the client has a country too."""
    match node.left, node.right:
        case Name(left), Name(right) if left == right and scope.table is not None:
            pass
        case _:
            return False
    known = scope.catalog
    if known.field(scope.table, left) is None or known.field(CLIENTS, left) is None:
        return False
    own = name_text(left)
    message = f"both sides are the {scope.table} row's own '{left}'"
    scope.desk.error("SS207", message, node.place, f"write {own} {node.op} client.{own} to compare with the client's")
    return True


def run_date_meant(node: Compare | Between | In, scope: Scope) -> bool:
    """True, after a finding, for `as_of > as_of - 12 months` within the brackets of history, where both are the earlier run's date."""
    if scope.table != HISTORY:
        return False
    dates = [n for n in walk(node) if n in (AsOf(), Name("as_of"), Member(HISTORY, "as_of"))]
    if len(dates) < 2:
        return False
    message = "within the brackets of history as_of is the date of that earlier run, not of this one: both are the same here"
    help = "make a metric of this run's date, for example a_year_ago: as_of - 12 months, and write as_of >= a_year_ago"
    scope.desk.error("SS291", message, node.place, help)
    return True
