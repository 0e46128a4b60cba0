"""A portfolio function: `share(revenue within rep)` becomes a Portfolio."""

from __future__ import annotations

from collections.abc import Callable

from ..model.expression import Call, Expression, FieldValue, MetricValue, Name, Portfolio
from ..model.kind import Kind
from .advice import describe
from .catalog import CLIENTS, Scope
from .functions import LIST_FUNCTIONS, PORTFOLIO_FUNCTIONS, PortfolioFunction, result
from .lists import RowsOf, rows_of
from .literals import Looseness, looseness
from .names import resolve_name
from .words import KIND_WORDS, name_text, one_of, show

Elaborate = Callable[[Expression, Scope], Expression]
GROUPS = frozenset({Kind.TEXT, Kind.BOOLEAN, Kind.INTEGER})
"""The kinds that divide clients into groups."""
_LIST_FUNCTIONS = {"total": "sum", "average": "mean", "median": "median"}
"""The list functions that do over a client's rows what these do over clients."""
_INSTEAD = {
    "sum": "write total({x})",
    "mean": "write average({x})",
    "count": "total(1) counts clients, total(1 within group) those of a group",
    "stddev": "rank({x}) and percentile({x}) say where a client stands",
    "distinct_count": "total(1) counts clients, total(1 within group) those of a group",
}
"""What is there over all clients for a list function that was given one value of the client."""


def is_portfolio_call(node: Call, scope: Scope) -> bool:
    """True where the call is the portfolio function; `median` of a child's list is the list function."""
    if node.function not in PORTFOLIO_FUNCTIONS:
        return False
    if node.function == "average" and len(node.arguments) == 1 and rows_of(node.arguments[0], scope) is not None:
        return False  # what other programs call the mean of a list
    return node.function not in LIST_FUNCTIONS or (len(node.arguments) == 1 and rows_of(node.arguments[0], scope) is None)


def portfolio_call(node: Call, scope: Scope, elaborate: Elaborate) -> Expression:
    """The Portfolio that the call stands for; the call itself (kind unknown) after a finding."""
    function = PORTFOLIO_FUNCTIONS[node.function]
    if _stands_wrongly(node, scope) or _called_wrongly(node, function, scope):
        return node
    value = elaborate(node.arguments[0], scope)
    within = tuple(_group(name, scope) for name in node.within)
    if looseness(value, scope) is Looseness.ANY:
        scope.desk.error("SS219", f"{node.function} of missing is always missing", node.place, "name a field or a metric")
        return node
    if value.kind is Kind.UNKNOWN or any(g.kind is Kind.UNKNOWN for g in within):
        return node
    if value.kind not in function.argument.kinds:
        message = f"{node.function} {function.does} {function.argument.words}: {describe(value, scope)}"
        scope.desk.error("SS216", message, value.place, _fitting_value(value))
        return node
    return Portfolio(node.function, value, within, place=node.place, kind=result(function.gives, value.kind))


def _fitting_value(value: Expression) -> str:
    """What a portfolio function can do about a value that is no amount."""
    match value.kind:
        case Kind.DATE:
            return "rank(x) and percentile(x) take a date"
        case Kind.BOOLEAN:
            return f"count the clients for whom it is true: total(if {show(value)} then 1 else 0)"
        case _:
            return "count clients with total(1), those of a group with total(1 within group)"


def _stands_wrongly(node: Call, scope: Scope) -> bool:
    if not scope.in_list and scope.reader in ("rule", "metric"):
        return False
    help = f"make it a metric, for example value: {show(node)}, and use its name here"
    if scope.in_list:
        where = "inside the brackets of a list"
    elif scope.reader == "calculation":
        where, help = "in a calculated field", "make it a metric"
    elif scope.reader == "whole":
        where = "in a figure or a limit"
        over_list = _LIST_FUNCTIONS.get(node.function)
        match node.arguments:
            case (Name(name),) if over_list and (scope.catalog.field(CLIENTS, name) or name in scope.catalog.metrics):
                help = f"over the list of clients write {over_list}(clients.{name_text(name)})"
            case _:
                pass
    elif scope.reader == "audit":
        where, help = "in the fairness audit", "divide clients by a field, or by a condition over fields"
    else:
        where = "here, where decided clients are looked at"
    scope.desk.error("SS281", f"a portfolio function cannot stand {where}: {show(node)}", node.place, help)
    return True


def _called_wrongly(node: Call, function: PortfolioFunction, scope: Scope) -> bool:
    if len(node.arguments) != 1:
        message = f"{node.function} takes one value, here it has {len(node.arguments)}"
        scope.desk.error("SS215", message, node.place, f"write {node.function}(x), or {node.function}(x within group)")
        return True
    rows = rows_of(node.arguments[0], scope)
    if rows is not None:
        scope.desk.error("SS282", f"{node.function} {function.does} one value of each client, not a list", node.place, _of_list(node, rows))
        return True
    if node.by is not None:
        help = f"write {node.function}({show(node.arguments[0])} within {show(node.by)})"
        scope.desk.error("SS226", f"{node.function} takes no 'by': the group stands after 'within'", node.by.place, help)
        return True
    return False


def _of_list(node: Call, rows: RowsOf) -> str:
    """What to write instead of `total(orders.amount)`."""
    if rows.table == CLIENTS:
        of_no_column = "1" if node.function == "total" else "x"
        value = of_no_column if rows.column is None else name_text(rows.column)
        return f"it looks at all clients by itself: write {node.function}({value})"
    if rows.column is None:
        return f"make it a metric first, for example value: count({show(node.arguments[0])}), and write {node.function}(value)"
    over_rows = f"{_LIST_FUNCTIONS.get(node.function, 'sum')}({show(node.arguments[0])})"
    of_own = f"over the client's own rows write {over_rows}; " if node.function in _LIST_FUNCTIONS else ""
    return f"{of_own}over all clients make it a metric first, for example value: {over_rows}, and write {node.function}(value)"


def _group(name: Name, scope: Scope) -> Expression:
    """What clients are grouped by: a field or a calculated value with few values."""
    found = resolve_name(name, scope)
    is_own = isinstance(found, FieldValue | MetricValue)
    if found.kind is Kind.UNKNOWN or (is_own and found.kind in GROUPS):
        return found
    what = KIND_WORDS[found.kind] if is_own else "the same for every client"
    message = f"clients are grouped by a text, a yes or no, or a whole number: {name_text(name.name)} is {what}"
    scope.desk.error("SS283", message, name.place, _fitting(name, scope) if is_own else f"name one of {groups(scope)}")
    return found


def _fitting(name: Name, scope: Scope) -> str:
    return f"name one of {groups(scope)}; or make a metric of it: if {name_text(name.name)} > ... then 'large' else 'small'"


def groups(scope: Scope) -> str:
    """The fields that group clients, in words."""
    key = scope.catalog.tables[CLIENTS].key
    fields = [f.name for f in scope.catalog.fields[CLIENTS].values() if f.type in GROUPS and not f.protected and f.name not in key]
    return one_of(map(name_text, fields[:6])) if fields else "a metric with few values"


def meant_portfolio(node: Call, scope: Scope) -> str | None:
    """What to write for a list function of one value of the client, such as `sum(revenue)`; None where that was not written."""
    if node.function not in _INSTEAD or len(node.arguments) != 1 or rows_of(node.arguments[0], scope) is not None:
        return None
    if scope.reader not in ("rule", "metric") or scope.in_list:
        return None
    return _INSTEAD[node.function].format(x=show(node.arguments[0]))
