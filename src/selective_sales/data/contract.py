"""Tables in, findings out: what in a data contract no data could meet, seen before any file is opened."""

from __future__ import annotations

import re

import duckdb

from ..model.finding import Finding
from ..model.kind import Kind
from ..model.policy import Table
from ..model.sql import quote_value
from .dates import format_pattern
from .matching import file_fields


def contract_findings(connection: duckdb.DuckDBPyConnection, tables: tuple[Table, ...]) -> list[Finding]:
    """Unknown date directives, patterns that do not compile, names that the engine cannot tell apart."""
    return [*(finding for table in tables for finding in _of_table(connection, table)), *_alike(tables)]


def _of_table(connection: duckdb.DuckDBPyConnection, table: Table) -> list[Finding]:
    """What in a table's contract no data could meet: unknown date directives and patterns that do not compile."""
    found = []
    for field in file_fields(table):
        if field.type is Kind.DATE and field.format is not None and format_pattern(field.format) is None:
            message = f"{table.name}.{field.name}: '{field.format}' is no date format"
            found.append(Finding("SS535", message, field.place, 'Write one like "%d.%m.%Y", with a day, a month and a year'))
        if field.pattern is not None:
            try:
                connection.execute(f"SELECT regexp_full_match('', {quote_value(field.pattern)})").fetchall()
            except duckdb.Error as error:
                reason = re.sub(r"^.*Error: ", "", str(error).strip().partition("\n")[0])
                message = f"{table.name}.{field.name}: the pattern '{field.pattern}' cannot be read: {reason}"
                found.append(Finding("SS536", message, field.place, "Write a regular expression without look-around and back-references"))
    return found


def _alike(tables: tuple[Table, ...]) -> list[Finding]:
    """Names that differ only in their case are one name to the engine."""
    found = []
    groups = [("table", [(table.name, table.place) for table in tables])]
    groups += [("field", [(field.name, field.place) for field in table.fields]) for table in tables]
    for what, names in groups:
        seen: dict[str, str] = {}
        for name, place in names:
            other = seen.setdefault(name.lower(), name)
            if other != name:
                found.append(
                    Finding("SS537", f"the {what} names '{other}' and '{name}' differ only in their case", place, "Rename one of them")
                )
    return found
