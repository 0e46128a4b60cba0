"""A call of a row function: the number and kinds of its arguments, its literal arguments, and its result's kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..model.expression import Call, Constant, Expression, Negate
from ..model.kind import Kind
from ..model.place import Place
from .advice import describe
from .catalog import CLIENTS, Scope
from .functions import LIST_FUNCTIONS, OTHER_WORDS, PORTFOLIO_FUNCTIONS, ROW_FUNCTIONS, RowFunction, result
from .literals import Looseness, looseness, settle
from .operators import Clash, unify
from .patterns import check_pattern
from .words import one_of, show

_LARGEST_ROUNDING = 9
_OF_ALL = "; or a list: {f}(table.column); among all clients there are rank(x), total(x), average(x)"
"""What `min` and `max` of one value may have been meant for."""


def row_call(node: Call, scope: Scope) -> Expression:
    """The call with its kind; its arguments are elaborated already."""
    function = ROW_FUNCTIONS[node.function]
    if not _counted(node, function, scope):
        return node
    if function.many:
        return _of_one_kind(node, function, scope)
    arguments = tuple(_argument(node, i, function, scope) for i in range(len(node.arguments)))
    node = replace(node, arguments=arguments)
    if any(a.kind is Kind.UNKNOWN for a in arguments):
        return node if function.gives not in tuple(Kind) else replace(node, kind=result(function.gives, Kind.UNKNOWN))
    _literal_arguments(node, scope)
    return replace(node, kind=result(function.gives, arguments[0].kind))


def _counted(node: Call, function: RowFunction, scope: Scope) -> bool:
    given = len(node.arguments)
    if given >= function.least and (function.most is None or given <= function.most):
        return True
    if function.many and given == 1:
        message = f"{node.function} of one value is that value"
        help = f"give two or more: {function.usage}" + (_OF_ALL.format(f=node.function) if node.function in LIST_FUNCTIONS else "")
    else:
        takes = "two or more" if function.many else one_of(map(str, range(function.least, (function.most or 0) + 1)))
        message = f"{node.function} takes {takes} {'value' if takes == '1' else 'values'}, here it has {given}"
        help = f"write {function.usage}"
    scope.desk.error("SS215", message, node.place, help)
    return False


def _of_one_kind(node: Call, function: RowFunction, scope: Scope) -> Expression:
    found = unify(node.arguments, scope)
    if isinstance(found, Clash):
        message = f"the values of {node.function} are of different kinds: {describe(found.first, scope)}, {describe(found.second, scope)}"
        scope.desk.error("SS213", message, found.second.place, "give values of one kind")
        return node
    if found.kind is Kind.UNKNOWN:
        return node
    wanted = function.arguments[0]
    if found.kind not in wanted.kinds:
        message = f"{node.function} takes {wanted.words}: {describe(found.nodes[0], scope)}"
        scope.desk.error("SS216", message, node.place, f"write {function.usage}")
        return node
    return replace(node, arguments=found.nodes, kind=found.kind)


def _argument(node: Call, index: int, function: RowFunction, scope: Scope) -> Expression:
    """The argument, settled; a finding (and an unknown kind) where it is of the wrong kind."""
    argument, wanted = node.arguments[index], function.arguments[index]
    if looseness(argument, scope) is Looseness.ANY:
        scope.desk.error(
            "SS219", f"{node.function} of missing is always missing", argument.place, "write missing on its own, or use coalesce"
        )
        return argument
    if argument.kind is Kind.UNKNOWN or argument.kind in wanted.kinds:
        return argument
    if argument.kind is Kind.NUMBER and looseness(argument, scope) is Looseness.NUMBER and wanted.kinds == {Kind.MONEY}:
        return settle(argument, Kind.MONEY, scope)
    message = f"{node.function} takes {wanted.words} here: {describe(argument, scope)}"
    scope.desk.error("SS216", message, argument.place, _instead(node, argument, wanted.kinds) or f"write {function.usage}")
    return replace(argument, kind=Kind.UNKNOWN)


def _instead(node: Call, argument: Expression, wanted: frozenset[Kind]) -> str:
    match node.function, argument.kind, argument:
        case _, _, Constant(str() as text) if Kind.DATE in wanted:
            return f"write the date without quotes: {text}"
        case "number", Kind.MONEY, _:
            return "an amount divided by an amount is a number: x / y"
        case "number", _, _:
            return "number(x) reads a text; this needs no reading"
        case "date", Kind.DATE, _:
            return "date(x) reads a text; this is a date already"
        case _, Kind.NUMBER, _ if wanted == {Kind.INTEGER}:
            return "declare the field as type: integer, or write a whole number"
        case _, Kind.DAYS | Kind.MONTHS, _ if Kind.NUMBER in wanted:
            return f"{show(argument)} / 1 {argument.kind.value[:-1]} is a plain number"
        case _:
            return ""


def _literal_arguments(node: Call, scope: Scope) -> None:
    match node.function, node.arguments:
        case "matches", (_, Constant(str() as pattern) as argument):
            check_pattern(pattern, argument.place, scope.desk)
        case "matches", (_, argument):
            help = 'write the pattern itself in quotes: matches(x, "^PL")'
            scope.desk.error("SS220", f"the pattern of matches must be written out: {show(argument)} is not", argument.place, help)
        case "round", (_, argument):
            digits = _literal(argument)
            if digits is None or not -_LARGEST_ROUNDING <= digits <= _LARGEST_ROUNDING:
                help = "write the number itself: round(x, 2)"
                scope.desk.error("SS220", "the digits of round are a written number from -9 to 9", argument.place, help)
        case "substring", (_, start, *_) if _literal(start) == 0:
            scope.desk.error("SS220", "substring counts from 1", start.place, "the first letter is substring(x, 1, 1)")
        case _:
            pass


def _literal(node: Expression) -> int | None:
    match node:
        case Constant(int() as value):
            return value
        case Negate(Constant(int() as value)):
            return -value
        case _:
            return None


def unknown_function(node: Call, scope: Scope) -> None:
    """The finding for a function that does not exist."""
    table, column = example_list(scope)
    name = node.function.casefold()
    near = None if name in OTHER_WORDS else scope.desk.closest(name, [*ROW_FUNCTIONS, *LIST_FUNCTIONS, *PORTFOLIO_FUNCTIONS])
    if name in OTHER_WORDS:
        help = f"write {OTHER_WORDS[name].format(t=table, c=column)}" if "is written" not in OTHER_WORDS[name] else OTHER_WORDS[name]
    elif near is not None:
        help = f"did you mean {_usage(near, table, column)}?"
    elif node.function in scope.catalog.tables:
        help = f"the rows of a table stand in square brackets: {node.function}[condition]"
    else:
        help = f"the functions are {_all(ROW_FUNCTIONS)}; over rows: {_all(LIST_FUNCTIONS)}; over all clients: {_all(PORTFOLIO_FUNCTIONS)}"
    scope.desk.error("SS206", f"unknown function '{node.function}'", _name_place(node), help)


def _usage(name: str, table: str, column: str) -> str:
    if name in ROW_FUNCTIONS:
        return ROW_FUNCTIONS[name].usage
    return LIST_FUNCTIONS[name].usage.format(t=table, c=column) if name in LIST_FUNCTIONS else f"{name}(x)"


def _all(names: Iterable[str]) -> str:
    return ", ".join(names)


def _name_place(node: Call) -> Place:
    return node.function_place if node.function_place.line else node.place


def example_list(scope: Scope) -> tuple[str, str]:
    """A child table and one of its columns of this policy (in figures and limits: of the clients), for examples in a help."""
    of_whole = scope.reader == "whole"
    for name, fields in scope.catalog.fields.items():
        if (name == CLIENTS) is of_whole:
            columns = [f.name for f in fields.values() if f.type.is_numeric] or list(fields)
            return name, columns[0] if columns else "amount"
    return "orders", "amount"
