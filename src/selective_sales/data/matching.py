"""A table's fields and the names in a header in, which column is which field out, with a did-you-mean where one is missing."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from ..model.finding import Finding, Severity
from ..model.place import Place
from ..model.policy import Field, Table
from .dialect import normal

LONGEST_NAME = 60
"""Characters of a column's name that are shown."""
UNREADABLE = "\ufffd"
"""What stands for bytes that are not UTF-8, where an engine reads on."""
WINDOWS = 'csv: {encoding: "windows-1250"}'


def file_fields(table: Table) -> tuple[Field, ...]:
    """The fields that stand in the data: all but the calculated ones."""
    return tuple(field for field in table.fields if field.calculation is None)


def match_columns(table: Table, names: Sequence[str], place: Place, *, header: bool) -> tuple[dict[Field, int], list[Finding]]:
    """The position of each field's column, by name (by position where there is no header); findings and the note on extra columns."""
    fields = file_fields(table)
    findings: list[Finding] = []
    if not header:
        if len(names) != len(fields):
            message = f"the rows have {len(names)} columns, but the table '{table.name}' has {len(fields)} fields"
            help_ = "Without a header row columns are read by position: one for each field, in the policy's order"
            return {}, [Finding("SS514", message, place, help_)]
        return dict(zip(fields, range(len(names)), strict=True)), []
    found: dict[Field, int] = {}
    for field in fields:
        wanted = normal(field.header)
        count = names.count(wanted)
        if count == 1:
            found[field] = names.index(wanted)
        elif count == 0:
            findings.append(_missing_column(table, field, names, place))
        else:
            message = f"the column '{wanted}' occurs {count} times in the header"
            findings.append(Finding("SS511", message, place, "Give each column its own name"))
    expected = {normal(field.header) for field in fields}
    extra = [name for name in dict.fromkeys(names) if name not in expected]
    if extra:
        listed = ", ".join(f"'{_short(name)}'" for name in extra[:10]) + (f" and {len(extra) - 10} more" if len(extra) > 10 else "")
        findings.append(Finding("SS512", f"{table.name}: columns not in the policy are ignored: {listed}", place, "", Severity.NOTE))
    return found, findings


def _missing_column(table: Table, field: Field, names: Sequence[str], place: Place) -> Finding:
    wanted = normal(field.header)
    message = f"{table.name}: there is no column '{wanted}'"
    folded = {name.casefold(): name for name in names}
    close = difflib.get_close_matches(wanted.casefold(), folded, 1)
    if not wanted.isascii() and any(UNREADABLE in name for name in names) and table.csv.encoding != "windows-1250":
        help_ = f"The header is not UTF-8: save the file as UTF-8, or declare what it is in the table, for example {WINDOWS}"
    elif close:
        help_ = f"Did you mean '{folded[close[0]]}'? Write that at the field: column: \"{folded[close[0]]}\""
    else:
        listed = ", ".join(f"'{_short(name)}'" for name in names[:10]) + (" ..." if len(names) > 10 else "")
        help_ = f"The columns are {listed}. Name the right one at the field '{field.name}' with column:"
    return Finding("SS510", message, place, help_)


def _short(name: str) -> str:
    """A column's name as it is shown: a file without line ends has names of any length."""
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}..."
