"""A portfolio function: `share(revenue within rep)` becomes a Portfolio."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..model.expression import Call, Expression, Name, Portfolio
from ..model.kind import Kind
from .advice import describe
from .catalog import Scope
from .functions import LIST_FUNCTIONS, ROW_FUNCTIONS, Gives, result
from .lists import rows_of
from .literals import Looseness, looseness
from .names import resolve_name
from .words import KIND_WORDS, name_text, show

Elaborate = Callable[[Expression, Scope], Expression]
_AMOUNTS = frozenset({Kind.MONEY, Kind.NUMBER, Kind.INTEGER, Kind.DAYS, Kind.MONTHS})
_ORDERED = _AMOUNTS | {Kind.DATE}
_GROUPS = frozenset({Kind.TEXT, Kind.BOOLEAN, Kind.INTEGER})


@dataclass(frozen=True, slots=True)
class PortfolioFunction:
    """What it takes and gives, and its meaning in a few words."""

    name: str
    does: str
    kinds: frozenset[Kind]
    gives: Kind | Gives


PORTFOLIO_FUNCTIONS = {
    f.name: f
    for f in (
        PortfolioFunction("total", "adds up", _AMOUNTS, Gives.SAME),
        PortfolioFunction("average", "averages", _AMOUNTS, Gives.MEAN),
        PortfolioFunction("median", "takes the middle of", _AMOUNTS, Gives.MEAN),
        PortfolioFunction("share", "divides by the total of", _AMOUNTS, Kind.NUMBER),
        PortfolioFunction("rank", "ranks", _ORDERED, Kind.INTEGER),
        PortfolioFunction("percentile", "ranks", _ORDERED, Kind.NUMBER),
        PortfolioFunction("cumulative_share", "cumulates", _AMOUNTS, Kind.NUMBER),
        PortfolioFunction("cumulative_share_before", "cumulates", _AMOUNTS, Kind.NUMBER),
    )
}
_INSTEAD = {"sum": "total", "mean": "average"}
"""List functions that an author writes where a portfolio function is meant."""


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
    if scope.in_list or scope.reader not in ("rule", "metric"):
        where = "inside the brackets of a list" if scope.in_list else _where(scope)
        scope.desk.error(
            "SS281", f"a portfolio function cannot stand {where}: {show(node)}", node.place, "make it a metric, and use its name"
        )
        return node
    if len(node.arguments) != 1:
        message = f"{node.function} takes one value, here it has {len(node.arguments)}"
        scope.desk.error("SS215", message, node.place, f"write {node.function}(x), or {node.function}(x within group)")
        return node
    if rows_of(node.arguments[0], scope) is not None:
        help = f"over the client's own rows write {_list_function(node.function)}; over all clients make the list a metric first"
        scope.desk.error("SS282", f"{node.function} {function.does} one value of each client, not a list", node.place, help)
        return node
    value = elaborate(node.arguments[0], scope)
    within = tuple(_group(name, node, scope) for name in node.within)
    if looseness(value, scope) is Looseness.ANY:
        scope.desk.error("SS219", f"{node.function} of missing is always missing", node.place, "name a field or a metric")
        return node
    if value.kind is Kind.UNKNOWN or any(g.kind is Kind.UNKNOWN for g in within):
        return node
    if value.kind not in function.kinds:
        message = f"{node.function} {function.does} amounts and numbers: {describe(value, scope)}"
        help = "count clients with total(1 within ...)" if value.kind in (Kind.TEXT, Kind.BOOLEAN) else "name an amount or a number"
        scope.desk.error("SS216", message, value.place, help)
        return node
    return Portfolio(node.function, value, within, place=node.place, kind=result(function.gives, value.kind))


def _where(scope: Scope) -> str:
    match scope.reader:
        case "calculation":
            return "in a calculated field"
        case "whole":
            return "in a figure or a limit"
        case _:
            return "here, where decided clients are looked at"


def _list_function(name: str) -> str:
    return (
        {"total": "sum(...)", "average": "mean(...)"}.get(name, f"{name}(...)")
        if name in LIST_FUNCTIONS
        or name
        in (
            "total",
            "average",
        )
        else "sum(...)"
    )


def _group(name: Name, node: Call, scope: Scope) -> Expression:
    found = resolve_name(name, scope)
    if found.kind is Kind.UNKNOWN or found.kind in _GROUPS:
        return found
    message = f"clients are grouped by a text, a yes or no, or a whole number: {name_text(name.name)} is {KIND_WORDS[found.kind]}"
    scope.desk.error("SS283", message, name.place, "make a metric of it: if x > 100 then 'large' else 'small'")
    return found


def meant_portfolio(node: Call, scope: Scope) -> str | None:
    """The portfolio function that was meant by a list function of one row expression; None where it was not."""
    if (
        node.function not in _INSTEAD
        or len(node.arguments) != 1
        or (node.function in ROW_FUNCTIONS and node.function not in LIST_FUNCTIONS)
    ):
        return None
    argument = node.arguments[0]
    if rows_of(argument, scope) is not None or scope.reader not in ("rule", "metric") or scope.in_list:
        return None
    return _INSTEAD[node.function]
