"""Names that nothing has, and names in the wrong place: what a finding says of them, and what was probably meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..model.expression import Member, Name
from ..model.place import Place
from .catalog import CLIENTS, Scope
from .desk import did_you_mean
from .words import name_text, one_of, value_text

_OTHER_WORDS = {
    **dict.fromkeys(("true", "yes"), "write true, in small letters"),
    **dict.fromkeys(("false", "no"), "write false, in small letters"),
    **dict.fromkeys(
        ("missing", "null", "none", "nil", "na", "nan", "empty", "blank", "undefined"), "a blank is tested by x is missing, x is present"
    ),
    **dict.fromkeys(("today", "now", "current_date"), "the date of the run is as_of"),
}
"""Names that other languages have for what is written differently here."""


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
        scope.desk.error(
            "SS204", f"{shown} stands for many rows", place, "inside brackets only the row's own fields and the client's can be read"
        )
        return
    example = f"sum({name_text(table)}.{name_text(column)}) or latest(...)" if column else f"count({name_text(table)})"
    scope.desk.error("SS223", f"{shown} stands for many rows, and one value is needed here", place, f"use a list function: {example}")


def unknown_field(table: str, name: str, place: Place, scope: Scope) -> None:
    """The finding for a column that a table does not have."""
    known = scope.catalog.fields.get(table, {})
    near = scope.desk.closest(name, known)
    if near is not None:
        help = did_you_mean(near, known[near].place)
    else:
        help = f"the fields of {table} are {_some(known)}"
    scope.desk.error("SS203", f"unknown field '{name}' of {table}", place, help)


def unknown_table(name: str, place: Place, scope: Scope) -> None:
    """The finding for `ordrs[...]` or `ordrs.amount`."""
    known = scope.catalog
    children = [t for t in known.tables if t != CLIENTS]
    near = scope.desk.closest(name, [*children, "client"])
    if name in known.fields.get(CLIENTS, {}) or name in known.metrics or name in known.parameters:
        help = f"'{name}' is one value of the client: write it without a point or brackets"
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
    if name in known.listed:
        return f"did you mean the text? Write it in quotes: {value_text(name)}"
    if name.casefold() in _OTHER_WORDS:
        return _OTHER_WORDS[name.casefold()]
    near = scope.desk.closest(name, [*candidates, "as_of"])
    if near == "as_of":
        return "did you mean as_of, the date of the run?"
    place = known.place_of(near, scope.table) if near else None
    if near and place:
        return did_you_mean(near, place)
    return f"fields, parameters and metrics here are {_some(candidates)}; a text needs quotes"


def _elsewhere(name: str, scope: Scope) -> tuple[str, str] | None:
    """Message and help for a name that exists, and cannot stand here."""
    known = scope.catalog
    children = known.children_with(name)
    if name in ("client", CLIENTS):
        return f"'{name}' is the client as a whole", "name one of its fields, for example revenue"
    if name in known.decision_tables:
        outputs = [o.name for o in known.decision_tables[name].outputs]
        return f"'{name}' is a decision table", f"name one of its outputs: {one_of(outputs)}"
    if name in known.figures:
        return f"'{name}' is a figure about all clients", "only limits and other figures can use it"
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
    if name == "decision":
        help = "figures, limits, guarantees and allocations can read it; an earlier run's is history.decision"
        return "the decision is known only after the rules", help
    if name in known.decisions:
        return f"'{name}' is a decision, and decisions come after the rules", "a rule can read fields, parameters and metrics only"
    if name in known.rules:
        return f"'{name}' is a rule, and a rule cannot read another", "make the shared condition a metric and use it in both rules"
    if name == "history":
        return "'history' is the list of the client's earlier decisions", 'use a list function: count(history[decision = "..."])'
    return None


def _some(names: Mapping[str, object] | list[str]) -> str:
    shown = list(names)[:8]
    more = len(names) - len(shown)
    return (one_of(shown, "and") if not more else f"{', '.join(shown)} and {more} more") or "none"
