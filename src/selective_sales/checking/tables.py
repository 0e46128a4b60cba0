"""Tables fit together: keys, the link of child tables to clients, dates of freshness, calculated fields, parameters' values."""

from __future__ import annotations

from decimal import Decimal

from ..model.expression import Expression
from ..model.kind import Kind
from ..model.policy import Field, Policy, Table
from .advice import describe
from .catalog import CLIENTS, Scope
from .desk import Desk, did_you_mean
from .literals import Looseness, fits, looseness, parameter_values, settle, written_kind
from .words import KIND_WORDS, name_text


def check_tables(policy: Policy, desk: Desk) -> None:
    """Findings about every table."""
    for table in policy.tables:
        _key(table, desk)
        _freshness(table, desk)
        _display(table, desk)
        if table.name != CLIENTS:
            _link(table, policy.clients, desk)


def _key(table: Table, desk: Desk) -> None:
    for name in table.key:
        found = table.field(name)
        if found is None:
            _unknown(table, name, desk)
        elif found.calculation is not None:
            desk.error(
                "SS250", f"the key of {table.name} is the calculated field '{name}'", table.key_place, "a key is a column of the data"
            )
        elif found.protected:
            help = "a key stands in every result: take another column, or leave 'protected' out"
            desk.error("SS250", f"the key of {table.name} is the protected field '{name}'", table.key_place, help)
        elif found.missing is not None:
            help = f"leave 'missing' out of the field '{name}': a row without a key cannot be told from another"
            desk.error("SS250", f"the key field '{name}' of {table.name} has a value for blanks", found.place, help)


def _unknown(table: Table, name: str, desk: Desk) -> None:
    near = desk.closest(name, [f.name for f in table.fields])
    found = table.field(near) if near is not None else None
    help = did_you_mean(found.name, found.place) if found is not None else f"declare it under the fields of {table.name}"
    desk.error("SS203", f"unknown field '{name}' of {table.name}", table.key_place, help)


def _link(table: Table, clients: Table, desk: Desk) -> None:
    if len(table.key) != len(clients.key):
        message = f"the key of {table.name} has {_columns(table)}, the key of clients {_columns(clients)}"
        desk.error("SS251", message, table.key_place, f"name the columns that hold {', '.join(clients.key)} of the client, in that order")
        return
    for mine, theirs in zip(table.key, clients.key, strict=True):
        own, client = table.field(mine), clients.field(theirs)
        if own is not None and client is not None and own.type is not client.type:
            message = f"{table.name}.{mine} is {KIND_WORDS[own.type]}, and the client's {theirs} is {KIND_WORDS[client.type]}"
            desk.error("SS251", message, table.key_place, f"give both the same type: {mine}: {client.type.value}")


def _columns(table: Table) -> str:
    return f"{len(table.key)} column" + ("" if len(table.key) == 1 else "s")


def _freshness(table: Table, desk: Desk) -> None:
    if table.date_field is None:
        return
    found = table.field(table.date_field)
    place = table.freshness_place
    if found is None:
        near = desk.closest(table.date_field, [f.name for f in table.fields])
        known = table.field(near) if near is not None else None
        help = did_you_mean(known.name, known.place) if known is not None else f"declare it under the fields of {table.name}"
        desk.error("SS203", f"unknown field '{table.date_field}' of {table.name}", place, help)
    elif found.type is not Kind.DATE:
        desk.error("SS253", f"the date_field '{found.name}' is {KIND_WORDS[found.type]}", place, "name a field of type date")
    elif found.calculation is not None:
        desk.error("SS253", f"the date_field '{found.name}' is calculated", place, "name a column of the data")


def _display(table: Table, desk: Desk) -> None:
    """The name that people call a client by is a text that may be read."""
    if table.display is None:
        return
    found, place = table.field(table.display), table.display_place
    if found is None:
        near = desk.closest(table.display, [f.name for f in table.fields])
        known = table.field(near) if near is not None else None
        help = did_you_mean(known.name, known.place) if known is not None else f"declare it under the fields of {table.name}"
        desk.error("SS254", f"unknown field '{table.display}' of {table.name}", place, help)
    elif found.protected:
        message = f"the field '{found.name}' is protected, and 'display' shows it in every explanation and memo"
        desk.error("SS254", message, place, "name another field, or leave 'display' out")
    elif found.type is not Kind.TEXT:
        desk.error("SS254", f"the display '{found.name}' is {KIND_WORDS[found.type]}", place, "name a field of type text")


def calculated_kind(found: Field, tree: Expression, scope: Scope) -> Expression:
    """The calculation's tree, settled to the declared type; a finding where it is of another kind."""
    free = looseness(tree, scope)
    if free is Looseness.ANY:
        scope.desk.error("SS219", f"'{found.name}' is always missing", tree.place, "give it a value in at least one case")
        return tree
    if free is Looseness.NUMBER and found.type is Kind.MONEY:
        return settle(tree, Kind.MONEY, scope)
    if tree.kind in (Kind.UNKNOWN, found.type) or (tree.kind is Kind.INTEGER and found.type is Kind.NUMBER):
        return tree
    message = f"'{found.name}' is declared as {KIND_WORDS[found.type]}, and {describe(tree, scope)}"
    help = f"declare it as type: {tree.kind.value}"
    if found.type is Kind.DAYS and tree.kind.family is Kind.NUMBER:
        help += f", or write ({name_text(found.name)}) * 1 day"
    scope.desk.error("SS227", message, tree.place, help)
    return tree


def check_parameters(policy: Policy, scope: Scope) -> None:
    """Parameters hold values that their kind can hold."""
    for parameter in policy.parameters:
        for value in parameter_values(parameter):
            if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
                kind = parameter.kind if parameter.kind in (Kind.MONEY, Kind.DAYS, Kind.MONTHS) else written_kind(value)
                fits(value, kind, parameter.place, scope)
