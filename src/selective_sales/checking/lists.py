"""A list function over the rows of a child table: `sum(orders[condition].amount)` becomes an Aggregate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ..model.expression import (
    Aggregate,
    And,
    Between,
    Call,
    Compare,
    Expression,
    FieldValue,
    In,
    IsMissing,
    Member,
    MetricValue,
    Name,
    Not,
    Or,
    Rows,
)
from ..model.kind import Kind
from ..model.place import Place
from .calls import example_list
from .catalog import CLIENTS, Scope
from .functions import LIST_FUNCTIONS, ROW_FUNCTIONS, ListFunction, result
from .strangers import many_rows, member_place, owner_place, unknown_field, unknown_name, unknown_table
from .words import KIND_WORDS, name_text, one_of, show

Elaborate = Callable[[Expression, Scope], Expression]
"""A condition's tree in its scope -> the checked boolean tree."""


@dataclass(frozen=True, slots=True)
class RowsOf:
    """The argument of a list function: which rows, and which of their columns."""

    table: str
    condition: Expression | None
    column: str | None
    place: Place
    table_place: Place
    column_place: Place


def rows_of(node: Expression, scope: Scope) -> RowsOf | None:
    """The rows that an expression stands for, or None where it is one value."""
    known = scope.catalog
    match node:
        case Rows(table, condition, column):
            table_place = node.table_place if node.table_place.line else node.place
            return RowsOf(table, condition, column, node.place, table_place, node.column_place if node.column_place.line else node.place)
        case Name(name) if name in known.tables and not _is_value(name, scope):
            return RowsOf(name, None, None, node.place, node.place, node.place)
        case Member(owner, name) if owner != "client" and owner != scope.table and not _is_value(owner, scope):
            return RowsOf(owner, None, name, node.place, owner_place(node), member_place(node))
        case _:
            return None


def _is_value(name: str, scope: Scope) -> bool:
    known = scope.catalog
    here = known.place_of(name, scope.table)
    return here is not None


def is_list_call(node: Call, scope: Scope) -> bool:
    """True where the call is the list function: by its name alone, or by its arguments where a row function has the name too."""
    if node.function not in LIST_FUNCTIONS:
        return False
    of_whole = scope.reader == "whole" and not scope.in_list and len(node.arguments) == 1
    return of_whole or node.function not in ROW_FUNCTIONS or any(rows_of(a, scope) is not None for a in node.arguments)


def list_call(node: Call, scope: Scope, condition_of: Elaborate) -> Expression:
    """The Aggregate that the call stands for; the call itself (kind unknown) after a finding."""
    function = LIST_FUNCTIONS[node.function]
    if scope.in_list or scope.reader == "calculation":
        _refuse_here(node, function, scope)
        return node
    rows = rows_of(node.arguments[0], scope) if len(node.arguments) == 1 else None
    if rows is None:
        _refuse_arguments(node, function, scope)
        return node
    if (rows.table == CLIENTS) is not (scope.reader == "whole"):
        _refuse_list(node, rows, scope)
        return node
    if rows.table not in scope.catalog.tables:
        unknown_table(rows.table, rows.table_place, scope)
        return node
    return _aggregate(node, function, rows, scope, condition_of)


def _aggregate(node: Call, function: ListFunction, rows: RowsOf, scope: Scope, condition_of: Elaborate) -> Expression:
    inside = scope.inside(rows.table)
    condition = None if rows.condition is None else condition_of(rows.condition, inside)
    value = _column(function, rows, scope)
    by = _by(node, function, rows, scope)
    broken = value is False or by is False or (condition is not None and condition.kind is Kind.UNKNOWN)
    if broken or isinstance(value, bool) or isinstance(by, bool):
        return replace(node, kind=function.gives if isinstance(function.gives, Kind) else Kind.UNKNOWN)
    kind = result(function.gives, Kind.UNKNOWN if value is None else value.kind)
    return Aggregate(node.function, rows.table, condition, value, by, place=node.place, kind=kind)


def _column(function: ListFunction, rows: RowsOf, scope: Scope) -> FieldValue | MetricValue | bool | None:
    """The column's value; None where rows are counted; False after a finding."""
    table = name_text(rows.table)
    if function.column is None:
        if rows.column is None:
            return None
        name = name_text(rows.column)
        help = f"write count({table}), count({table}[{name} is present]) or distinct_count({table}.{name})"
        scope.desk.error("SS223", "count counts rows, not a column", rows.column_place, help)
        return False
    if rows.column is None:
        column = next((f.name for f in scope.catalog.fields[rows.table].values() if f.type in function.column.kinds), "column")
        help = f"write {function.usage.format(t=table, c=name_text(column)).replace('[condition]', '')}"
        scope.desk.error("SS223", f"{function.name} {function.does} a column, and none is named", rows.place, help)
        return False
    return _child_field(rows.table, rows.column, rows.column_place, function.column.kinds, function, scope)


def _by(node: Call, function: ListFunction, rows: RowsOf, scope: Scope) -> FieldValue | MetricValue | bool | None:
    if function.by is None:
        if node.by is None:
            return None
        scope.desk.error("SS226", f"{function.name} has no order: 'by' belongs to latest", node.by.place, "leave 'by ...' out")
        return False
    dates = [f.name for f in scope.catalog.fields[rows.table].values() if f.type is Kind.DATE]
    if node.by is None:
        column, date = name_text(rows.column or "column"), name_text(dates[0]) if dates else "date_column"
        help = f"write latest({name_text(rows.table)}.{column} by {date})"
        scope.desk.error("SS226", "latest needs to know by which column: the rows have no order of their own", node.place, help)
        return False
    match node.by:
        case Name(name) | Member(rows.table, name):
            return _child_field(rows.table, name, node.by.place, function.by.kinds, function, scope, by=True)
        case _:
            scope.desk.error(
                "SS226", "after 'by' stands a column of the table", node.by.place, f"for example by {dates[0] if dates else 'date_column'}"
            )
            return False


def _child_field(
    table: str, name: str, place: Place, kinds: frozenset[Kind], function: ListFunction, scope: Scope, *, by: bool = False
) -> FieldValue | MetricValue | bool:
    found = scope.catalog.field(table, name)
    if found is None and table == CLIENTS and name in scope.catalog.metrics:
        return _client_value(name, place, kinds, function, scope, by=by)
    if found is None and table == CLIENTS and name == "decision":
        help = 'count(clients[decision = "..."]) counts those of one decision, by: decision splits a figure by all of them'
        scope.desk.error("SS280", "the decision is no column to work with: it stands within brackets", place, help)
        return False
    if found is None:
        unknown_field(table, name, place, scope)
        return False
    if found.type not in kinds:
        wanted = function.by if by else function.column
        subject = "after 'by' latest takes" if by else f"{function.name} {function.does}"
        message = f"{subject} {wanted.words if wanted else 'rows'}: {name_text(name)} is {KIND_WORDS[found.type]}"
        fitting = [f.name for f in scope.catalog.fields[table].values() if f.type in kinds]
        help = f"columns of {table} that fit: {one_of(fitting, 'and')}" if fitting else f"{table} has no such column"
        scope.desk.error("SS216", message, place, help)
        return False
    return FieldValue(table, name, place=place, kind=found.type)


def _client_value(name: str, place: Place, kinds: frozenset[Kind], function: ListFunction, scope: Scope, *, by: bool) -> MetricValue | bool:
    """A calculated value of each client."""
    kind = scope.kinds.get(name, Kind.UNKNOWN)
    if kind is Kind.UNKNOWN:
        return False
    if name in scope.lists or kind not in kinds:
        wanted = function.by if by else function.column
        what = "a list of values" if name in scope.lists else KIND_WORDS[kind]
        message = f"{function.name} {function.does} {wanted.words if wanted else 'rows'}: {name_text(name)} is {what}"
        scope.desk.error("SS216", message, place, "name a field or metric of such a kind")
        return False
    return MetricValue(name, place=place, kind=kind)


def _refuse_list(node: Call, rows: RowsOf, scope: Scope) -> None:
    """A rule or metric sees one client and its rows, a figure or a limit the list of all clients."""
    if rows.table == CLIENTS:
        help = "see the client among all by total(x), share(x), rank(x); lists of clients are for figures and limits"
        scope.desk.error("SS204", "the list of all clients cannot stand here: this sees one client", rows.place, help)
    else:
        help = f"make it a metric of the client, for example value: {show(node)}, and write sum(clients.value)"
        scope.desk.error("SS280", f"the rows of {rows.table} belong to one client, and this looks at all of them", rows.place, help)


def _refuse_here(node: Call, function: ListFunction, scope: Scope) -> None:
    if scope.in_list:
        message = f"a list function cannot stand inside the brackets of another: {show(node)}"
        help = "make it a metric, and use the metric's name here"
        match function.name, node.arguments:
            case "count", (Name("clients"),):
                help = "make a metric of it: total(1), and use the metric's name here"
            case ("sum" | "mean" | "median") as name, (Member("clients", column),):
                over_all = {"sum": "total", "mean": "average"}.get(name, name)
                help = f"make a metric of it: {over_all}({name_text(column)}), and use the metric's name here"
            case _:
                pass
    else:
        message = f"a calculated field cannot use a list function: {show(node)}"
        help = "make it a metric"
    scope.desk.error("SS224", message, node.place, help)


def _refuse_arguments(node: Call, function: ListFunction, scope: Scope) -> None:
    """The finding where a list function did not get exactly one list."""
    match node.arguments:
        case (Name(name) as stranger,) if name not in scope.catalog.decisions and not _is_value(name, scope):
            if scope.catalog.children_with(name):
                unknown_name(stranger, scope)
            else:
                unknown_table(name, stranger.place, scope)
            return
        case _:
            pass
    if scope.reader == "whole" and len(node.arguments) == 1:
        _refuse_one_value(node, function, scope)
        return
    table, column = example_list(scope)
    usage = function.usage.format(t=name_text(table), c=name_text(column))
    if any(rows_of(a, scope) is not None for a in node.arguments):
        message = f"{node.function} takes one list alone"
    elif len(node.arguments) == 1:
        message = f"{node.function} {function.does} the rows of a child table, and {show(node.arguments[0])} is one value"
    else:
        message = f"{node.function} takes the rows of a child table"
    scope.desk.error("SS223", message, node.place, f"write {usage}")


def _refuse_one_value(node: Call, function: ListFunction, scope: Scope) -> None:
    """`sum(revenue)` and `count(revenue > 5)` in a figure: the list of clients was left out."""
    argument, table = node.arguments[0], name_text(CLIENTS)
    match argument:
        case Name(name) | Member(_, name) if name in scope.lists:
            written = f'count({table}["..." in {name_text(name)}])'
        case Name(name) | Member("client", name) if scope.catalog.field(CLIENTS, name) or name in scope.catalog.metrics:
            written = f"count({table})" if function.column is None else f"{node.function}({table}.{name_text(name)})"
        case Compare() | In() | Between() | And() | Or() | Not() | IsMissing() if function.column is None:
            written = f"count({table}[{show(argument)}])"
        case _:
            written = function.usage.format(t=table, c=example_list(scope)[1])
    message = f"{node.function} {function.does} a list of clients, and {show(argument)} is one value"
    scope.desk.error("SS280", message, node.place, f"write {written}")


def stray_rows(node: Rows, scope: Scope) -> None:
    """The finding for `orders[...]` where one value is needed."""
    if node.table in scope.catalog.tables:
        many_rows(show(node), node.table, node.column, node.place, scope)
    else:
        unknown_table(node.table, node.table_place if node.table_place.line else node.place, scope)
