"""The section `data` -> tables: `clients` first, then the child tables in the author's order."""

from __future__ import annotations

from typing import Literal

from ..model.expression import NOWHERE
from ..model.kind import Kind
from ..model.policy import CsvDialect, Table, WithoutClient
from .desk import Desk, choice, entries, one_or_more, text, texts_of, truth
from .fields import read_field
from .names import RESERVED, check_name
from .nodes import Entry, MappingNode, Node
from .values import typed

CLIENTS = "clients"


def read_tables(desk: Desk, data: Node | None) -> tuple[Table, ...]:
    """All tables that can be read, `clients` first (where it is there: of a policy in several files one has it)."""
    found = [_table(desk, entry) for entry in entries(data)]
    tables = [table for table in found if table is not None]
    clients = [table for table in tables if table.name == CLIENTS]
    return (*clients, *(table for table in tables if table.name != CLIENTS))


def _table(desk: Desk, entry: Entry) -> Table | None:
    name, node = entry.key.value, entry.value
    of_child = name != CLIENTS
    if of_child:
        check_name(desk, entry.key, name, "a table", RESERVED)
    if not isinstance(node, MappingNode):
        return None
    fresh = node.entries.get("fresh_within")
    fresh_within = typed(desk, fresh.value, Kind.DAYS) if fresh is not None else None
    if fresh is not None and "date_field" not in node.entries:
        help = "add 'date_field:' with the field that holds each row's date"
        desk.error("SS127", "'fresh_within' needs to know which date tells the age of a row", fresh.key, help)
    return Table(
        name,
        key=one_or_more(node.get("key")),
        fields=tuple(read_field(desk, field, of_child) for field in entries(node.get("fields"))),
        place=desk.place(entry.key),
        key_place=desk.place(node.entries["key"].value) if "key" in node.entries else NOWHERE,
        belongs_to=text(node.get("belongs_to")) or CLIENTS if of_child else None,
        without_client=choice(node.get("without_client"), WithoutClient.STOP),
        missing_tokens=texts_of(node.get("missing_tokens")),
        csv=_csv(desk, node.entries.get("csv")),
        source=text(node.get("source")),
        source_place=desk.place(node.entries["source"].value) if "source" in node.entries else NOWHERE,
        fresh_within=fresh_within if isinstance(fresh_within, int) else None,
        date_field=text(node.get("date_field")),
        when_stale="fail" if text(node.get("when_stale")) == "fail" else "warn",
        freshness_place=desk.place(fresh.key) if fresh is not None else NOWHERE,
        display=None if of_child else text(node.get("display")),
        display_place=desk.place(node.entries["display"].value) if "display" in node.entries else NOWHERE,
    )


def _csv(desk: Desk, entry: Entry | None) -> CsvDialect:
    if entry is None or not isinstance(entry.value, MappingNode):
        return CsvDialect()
    node = entry.value
    delimiter, quote, thousands = text(node.get("delimiter")), text(node.get("quote")), text(node.get("thousands"))
    decimal: Literal[".", ","] | None = None
    match text(node.get("decimal")):
        case "." | "," as mark:
            decimal = mark
        case _:
            pass
    encoding: Literal["utf-8", "windows-1250"] | None = None
    match text(node.get("encoding")):
        case "utf-8" | "windows-1250" as known:
            encoding = known
        case _:
            pass
    # Where no quote is declared, '"' is the one that is read.
    pairs = (("thousands", "decimal", thousands, decimal), ("delimiter", "quote", delimiter, quote or '"'))
    for one, other, first, second in pairs:
        if first is not None and first == second:
            desk.error(
                "SS128", f"'{one}' and '{other}' are the same character", node.entries[one].value, "they cannot be told apart: change one"
            )
    return CsvDialect(delimiter, quote, decimal, thousands, encoding, truth(node.get("header"), True), desk.place(entry.key))
