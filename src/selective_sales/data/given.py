"""Clients and their rows as Python values in, rows of the contract's fields out; what could be no cell or no field is a finding.

Only names and shapes are judged here. What a value has to be is the contract's to say: `lines` writes the rows as the JSON Lines that
the loader reads.
"""

from __future__ import annotations

import datetime
import difflib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from numbers import Integral
from pathlib import Path

from ..model.finding import Finding
from ..model.kind import Kind
from ..model.place import Place
from ..model.policy import Field, Table
from .matching import file_fields

Cell = str | int | float | Decimal | bool | datetime.date | None
Row = tuple[Cell, ...]
Rows = dict[str, list[Row]]
"""By table the rows, each with a cell per field of the data, in the policy's order."""

MOST_BITS = 512
"""Of a whole number that is written out. Every larger one is as much too large."""


def given_rows(
    tables: Sequence[Table], clients: Sequence[object], child_rows: Mapping[str, object], *, alone: bool
) -> tuple[Rows, tuple[Finding, ...]]:
    """The rows by table. Where one client is `alone`, its child rows may leave out its key."""
    findings: list[Finding] = list(_tables_named(tables[1:], child_rows))
    rows: Rows = {tables[0].name: _rows(tables[0], clients, {}, findings)}
    for table in tables[1:]:
        listed = child_rows.get(table.name, ())
        if isinstance(listed, Mapping | str | bytes) or not isinstance(listed, Iterable):
            message = f"the rows of the table '{table.name}' are a {type(listed).__name__}, not a list"
            findings.append(Finding("SS890", message, Place(table.name), f"Write {table.name}=[{{...}}, {{...}}]"))
            continue
        rows[table.name] = _rows(table, list(listed), _own_key(tables[0], table, clients) if alone else {}, findings)
    return rows, tuple(findings)


def _own_key(clients: Table, table: Table, given: Sequence[object]) -> dict[str, object]:
    """What a child row's key is where it is left out: the client's."""
    client = given[0] if given and isinstance(given[0], Mapping) else {}
    return {own: client.get(theirs) for own, theirs in zip(table.key, clients.key, strict=False)}


def _tables_named(tables: Sequence[Table], child_rows: Mapping[str, object]) -> Iterable[Finding]:
    names = [table.name for table in tables]
    for name in child_rows:
        if name not in names:
            yield Finding("SS891", f"the policy has no child table '{name}'", Place(name), _did_you_mean(name, names, "child tables"))
    for table in tables:
        if table.name not in child_rows:
            help_ = f"Give them; {table.name}=[] says that there are none"
            yield Finding("SS893", f"no rows are given for the table '{table.name}'", table.place, help_)


def _rows(table: Table, given: Sequence[object], defaults: Mapping[str, object], findings: list[Finding]) -> list[Row]:
    fields = file_fields(table)
    names = [field.name for field in fields]
    rows: list[Row] = []
    for number, one in enumerate(given, 1):
        place = Place(table.name, number)
        if not isinstance(one, Mapping):
            message = f"{table.name}: row {number} is a {type(one).__name__}, not a mapping from field to value"
            findings.append(Finding("SS890", message, place, f"Write it like {{'{names[0]}': ...}}"))
            continue
        for name in one:
            if name not in names:
                findings.append(_unknown(table, names, name, place))
        rows.append(tuple(_cell(table, field, one.get(field.name, defaults.get(field.name)), place, findings) for field in fields))
    return rows


def _unknown(table: Table, names: Sequence[str], name: object, place: Place) -> Finding:
    declared = table.field(name) if isinstance(name, str) else None
    shown = f"'{_shown(str(name))}'"
    if declared is not None and declared.calculation is not None:
        return Finding("SS891", f"{table.name}: {shown} is calculated by the policy", place, "Leave it out")
    return Finding("SS891", f"{table.name}: there is no field {shown}", place, _did_you_mean(str(name), names, "fields"))


def _did_you_mean(name: str, names: Sequence[str], what: str) -> str:
    folded = {known.casefold(): known for known in names}
    close = difflib.get_close_matches(name[:100].casefold(), folded, 1)
    listed = ", ".join(names[:10]) + (" ..." if len(names) > 10 else "")
    return f"Did you mean '{folded[close[0]]}'?" if close else f"The {what} are: {listed or 'none'}"


def _cell(table: Table, field: Field, value: object, place: Place, findings: list[Finding]) -> Cell:
    """The value as a cell; None and a finding where it can be none."""
    match value:
        case None | bool() | Decimal():
            return value
        case float():
            # A library's own kind of float may write itself otherwise.
            return float(value)
        case datetime.date() if isinstance(value.year, int):
            return value
        case str() if any("\ud800" <= character <= "\udfff" for character in value):
            message = f"{table.name}: {field.name}: '{_shown(value)}' holds half a character (a lone surrogate)"
            findings.append(Finding("SS890", message, place, "Decode the text before it is given"))
        case str():
            return str.__str__(value)
        case Integral():
            return int(value)
        case _:
            message = f"{table.name}: {field.name}: a {_kind_of(value)} is no cell"
            help_ = "Give a text, a number (int, float, Decimal), True or False, a date, or None for a blank"
            findings.append(Finding("SS890", message, place, help_))
    return None


def _kind_of(value: object) -> str:
    """The name of its type, with the library that it is from."""
    kind = type(value)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__.split('.')[0]}.{kind.__name__}"


def _shown(text: str) -> str:
    return "".join(char if char.isprintable() else "\ufffd" for char in text[:100])


def write_lines(table: Table, rows: Sequence[Row], folder: Path, number: int) -> Path:
    """A file with the rows, as the loader reads them: JSON Lines, or for no rows a header alone."""
    fields = file_fields(table)
    if not rows:
        path = folder / f"given{number}.csv"
        header = ",".join('"' + field.header.replace('"', '""') + '"' for field in fields)
        path.write_text(header + "\n", encoding="utf-8", newline="")
        return path
    path = folder / f"given{number}.jsonl"
    with path.open("w", encoding="utf-8", newline="") as file:
        for row in rows:
            cells = (f"{json.dumps(field.header)}: {as_json(field, value)}" for field, value in zip(fields, row, strict=True))
            file.write(f"{{{', '.join(cells)}}}\n")
    return path


def as_json(field: Field, value: Cell) -> str:
    """The cell as JSON: numbers with all their digits, what is no number as a text that says so."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value) if value.bit_length() <= MOST_BITS else "-1e999" if value < 0 else "1e999"
        case float():
            return repr(value) if math.isfinite(value) else json.dumps(str(value))
        case Decimal():
            if not value.is_finite():
                return json.dumps(str(value))
            return format(value, "f") if abs(value.adjusted()) < 40 else str(value)
        case datetime.date():
            return json.dumps(_day(field, value))
        case _:
            return json.dumps(value)


def _day(field: Field, value: datetime.date) -> str:
    """A date in the form that the field declares; a time of day is left out, a time zone read as UTC."""
    if isinstance(value, datetime.datetime):
        if field.type is not Kind.DATE:
            return str(value)
        value = day_of(value)
    if field.type is not Kind.DATE or field.format is None:
        return value.isoformat()
    return value.strftime(field.format.replace("%Y", f"{value.year:04}"))


def day_of(value: datetime.date) -> datetime.date:
    """The day, in UTC where a time has a zone."""
    if not isinstance(value, datetime.datetime):
        return value
    return (value if value.tzinfo is None else value.astimezone(datetime.UTC)).date()
