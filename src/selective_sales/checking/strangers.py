"""Names that nothing has, and names in the wrong place: what a finding says of them, and what was probably meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..model.expression import Member, Name
from ..model.kind import Kind
from ..model.place import Place
from .catalog import CLIENTS, Scope
from .desk import did_you_mean
from .words import name_text, one_of, value_text

_OTHER_WORDS = {
    **dict.fromkeys(("true", "yes"), "write true, in small letters"),
    **dict.fromkeys(("false", "no"), "write false, in small letters"),
    **dict.fromkeys(("tak", "prawda"), "write true"),
    **dict.fromkeys(("nie", "fałsz"), "write false"),
    **dict.fromkeys(
        ("missing", "null", "none", "nil", "na", "nan", "empty", "blank", "undefined"), "a blank is tested by x is missing, x is present"
    ),
    **dict.fromkeys(("today", "now", "current_date"), "the date of the run is as_of"),
}
"""Names that other languages have for what is written differently here."""
_RESULT_COLUMNS = frozenset("policy_decision decided_by fired applied unknown missing_because possible_decisions".split())


def owner_place(node: Member) -> Place:
    """The place of `orders` in `orders.amount`; of the whole where it cannot be told (backquotes, escapes)."""
    place = node.place
    if place.line == 0 or place.width != len(node.owner) + 1 + len(node.name):
        return place
    return replace(place, end_column=place.column + len(node.owner))


def member_place(node: Member) -> Place:
    """The place of `amount` in `orders.amount`, likewise."""
    place = node.place
    if place.line == 0 or place.width != len(node.owner) + 1 + len(node.name):
        return place
    return replace(place, column=place.end_column - len(node.name))


def many_rows(shown: str, table: str, column: str | None, place: Place, scope: Scope) -> None:
    """The finding for rows of a child table where one value is needed."""
    if scope.in_list:
        help = "inside brackets only the row's own fields and the client's can be read"
        if scope.table == CLIENTS:
            help = f"make it a metric of the client, {_list_example(table, column, scope)}, and use the metric's name here"
        scope.desk.error("SS204", f"{shown} stands for many rows", place, help)
        return
    if scope.reader == "whole":
        help = f"make it a metric of the client, {_list_example(table, column, scope)}, and use clients.metric"
        scope.desk.error("SS280", f"the rows of {table} belong to one client, and this looks at all of them", place, help)
        return
    help = f"use a list function: {_list_example(table, column, scope)}"
    scope.desk.error("SS223", f"{shown} stands for many rows, and one value is needed here", place, help)


def _list_example(table: str, column: str | None, scope: Scope) -> str:
    """What becomes one value: of a column, a list function that takes its kind."""
    if column is None:
        return f"count({name_text(table)})"
    fields = scope.catalog.fields[table]
    date = next((f.name for f in fields.values() if f.type is Kind.DATE), "date_column")
    latest = f"latest({name_text(table)}.{name_text(column)} by {name_text(date)})"
    return f"sum({name_text(table)}.{name_text(column)}) or {latest}" if fields[column].type.is_numeric else latest


def one_of_many(name: str, place: Place, scope: Scope) -> bool:
    """True, after a finding, for a value of one client outside of brackets in a figure or limit."""
    known = scope.catalog
    found = known.field(CLIENTS, name)
    if name == "decision":
        help = 'write for example count(clients[decision = "..."])'
        scope.desk.error("SS280", "each client has its own decision, and this looks at all of them", place, help)
        return True
    if found is None and name not in known.metrics:
        return False
    own, kind = name_text(name), found.type if found is not None else scope.kinds.get(name, Kind.UNKNOWN)
    match kind:
        case _ if name in scope.lists:
            ways = f'count(clients["..." in {own}])'
        case Kind.TEXT:
            ways = f'count(clients[{own} = "..."]), distinct_count(clients.{own})'
        case Kind.BOOLEAN:
            ways = f"count(clients[{own}])"
        case Kind.DATE:
            ways = f"max(clients.{own}), count(clients[{own} < as_of - 1 year])"
        case _:
            ways = f"sum(clients.{own}), count(clients[{own} > ...])"
    scope.desk.error(
        "SS280", f"'{name}' is a value of one client, and this looks at all of them", place, f"write which clients' and how: {ways}"
    )
    return True


def unknown_field(table: str, name: str, place: Place, scope: Scope) -> None:
    """The finding for a column that a table does not have."""
    known = scope.catalog.fields.get(table, {})
    values = scope.catalog.metrics if table == CLIENTS else {}
    near = scope.desk.closest(name, [*known, *values])
    if table == CLIENTS and name == "as_of":
        scope.desk.error("SS204", "'as_of' is the date of the run, not the client's", place, _run_date_help(scope))
        return
    if table == CLIENTS and name == "decision" and scope.reader != "whole":
        message, help = _of_decision()
        scope.desk.error("SS204", message, place, help)
        return
    if near is not None:
        help = did_you_mean(near, known[near].place if near in known else values[near].place)
    else:
        help = f"the fields of {table} are {_some(known)}"
    scope.desk.error("SS203", f"unknown field '{name}' of {table}", place, help)


def unknown_table(name: str, place: Place, scope: Scope) -> None:
    """The finding for `ordrs[...]` or `ordrs.amount`."""
    known = scope.catalog
    children = [t for t in known.tables if t != CLIENTS]
    of_clients = CLIENTS if scope.reader == "whole" else "client"
    near = scope.desk.closest(name, [*children, of_clients, "history"])
    if name in known.fields.get(CLIENTS, {}) or name in known.metrics or name in known.parameters:
        help = f"'{name}' is one value of the client: write it without a point or brackets"
    elif near == CLIENTS:
        help = "did you mean clients, the list of all clients?"
    elif near == "history":
        help = "did you mean history, the list of the client's earlier decisions?"
    elif near is not None and near in known.tables:
        help = did_you_mean(near, known.tables[near].place)
    elif near is not None:
        help = "a field of the client is client.name"
    elif children:
        help = f"the child tables are {_some(children)}"
    else:
        help = "this policy has no child tables; add one under 'data'"
    scope.desk.error("SS205", f"unknown table '{name}'", place, help)


def unknown_name(node: Name, scope: Scope) -> None:
    """The finding for a bare name that nothing in scope has: a wrong place if it exists elsewhere, else with a suggestion."""
    elsewhere = _elsewhere(node.name, scope)
    if elsewhere is not None:
        scope.desk.error("SS204", elsewhere[0], node.place, elsewhere[1])
        return
    scope.desk.error("SS203", f"unknown field '{node.name}'", node.place, _help_for(node.name, scope))


def _help_for(name: str, scope: Scope) -> str:
    known = scope.catalog
    own = list(known.fields.get(scope.table, {})) if scope.table else []
    candidates = [*own, *known.fields.get(CLIENTS, {}), *known.parameters, *known.metrics]
    if scope.reader == "whole" and not scope.in_list:
        candidates = [*known.figures, *known.parameters]
    if name in known.listed:
        return f"did you mean the text? Write it in quotes: {value_text(name)}"
    if name.casefold() in _OTHER_WORDS:
        return _OTHER_WORDS[name.casefold()]
    near = scope.desk.closest(name, [*candidates, "as_of"])
    if near == "as_of":
        return "did you mean as_of, the date of the run?"
    place = known.place_of(near, scope.table) if near else None
    if near is not None and near in known.figures:
        place = known.figures[near].place
    if near and place:
        return did_you_mean(near, place)
    if scope.reader == "whole" and not scope.in_list:
        return f"figures and parameters here are {_some(candidates)}; a client's values stand in a list: sum(clients.name)"
    return f"if it is a text, quote it: {value_text(name)}; fields, parameters and metrics here are {_some(candidates)}"


def _elsewhere(name: str, scope: Scope) -> tuple[str, str] | None:
    """Message and help for a name that exists, and cannot stand here."""
    known = scope.catalog
    children = known.children_with(name)
    if name == CLIENTS and scope.reader == "whole":
        return "'clients' is the list of all clients", "use a list function: count(clients), sum(clients.field)"
    if name in ("client", CLIENTS):
        return f"'{name}' is the client as a whole", "name one of its fields, for example revenue"
    if name in known.decision_tables:
        outputs = [o.name for o in known.decision_tables[name].outputs]
        return f"'{name}' is a decision table", f"name one of its outputs: {one_of(outputs)}"
    if name in known.figures and scope.in_list:
        help = "compare with a metric: total(x), average(x) and the like say it of every client"
        return f"'{name}' is a figure about all clients, and the brackets look at one client after the other", help
    if name in known.figures:
        return f"'{name}' is a figure about all clients", "only limits and other figures can use it; a metric is total(x), average(x)"
    if name in known.tables:
        return (
            f"'{name}' is a table with many rows per client",
            f"use a list function: count({name_text(name)}), sum({name_text(name)}.field)",
        )
    if children:
        table = children[0].name
        if scope.in_list:
            return (
                f"'{name}' is a field of {table}, and stands in the brackets of {scope.table}",
                "make a metric of it, and use the metric's name here",
            )
        help = f"use a list function: sum({name_text(table)}.{name_text(name)}), or count({name_text(table)}[{name_text(name)} ...])"
        return f"'{name}' is a field of {table}, which has many rows per client", help
    if name == "decision" and scope.reader == "guarantee":
        return "the rows of a table are counted before anything is decided", "write the decision outside of the brackets"
    if name == "decision" and scope.reader == "audit":
        return "the audit compares decisions, it does not divide clients by them", "name the decisions after compare:"
    if name == "decision":
        return _of_decision()
    if name in _RESULT_COLUMNS:
        return f"'{name}' is a column of the result, known only after the rules", "what looks at decided clients can read decision"
    if name in known.decisions and (scope.reader in ("whole", "guarantee") or scope.table == "history"):
        return f"'{name}' is a decision", f"did you mean the text? Write it in quotes: {value_text(name)}"
    if name in known.decisions:
        return f"'{name}' is a decision, and decisions come after the rules", "a rule can read fields, parameters and metrics only"
    if name in known.rules:
        return f"'{name}' is a rule, and a rule cannot read another", "make the shared condition a metric and use it in both rules"
    if name == "history":
        return "'history' is the list of the client's earlier decisions", 'use a list function: count(history[decision = "..."])'
    return None


def _of_decision() -> tuple[str, str]:
    help = "figures, limits, guarantees and allocations can read it; an earlier run's is history.decision"
    return "the decision is known only after the rules", help


def _run_date_help(scope: Scope) -> str:
    if scope.table == "history":
        return "make a metric of the run's date, for example a_year_ago: as_of - 12 months, and write as_of >= a_year_ago"
    return "write as_of"


def _some(names: Mapping[str, object] | list[str]) -> str:
    shown = list(names)[:8]
    more = len(names) - len(shown)
    return (one_of(shown, "and") if not more else f"{', '.join(shown)} and {more} more") or "none"
