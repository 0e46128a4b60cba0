"""A staged table in, its bad rows in words out: which record, which column, which value, why. In file order."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from ..model.data import BadRow
from ..model.place import Place
from ..model.sql import balanced
from .forms import Source
from .json_lines import KEY_TWICE, NOT_AN_OBJECT
from .layered import Settled
from .lines import Located, locate
from .rejects import TOO_LONG, UNQUOTED, Reject
from .staged import Staged
from .statements import Statements
from .why import CODES, explain

SHOWN = 20
"""Bad rows that are shown; the rest is counted."""

CELLS = "CELLS"
"""A record of another width than the header."""

VALUE_LIMIT = 200
"""Characters of a value that are shown."""

OPEN_QUOTE = (
    "has a quote that is not closed, or text behind a closing quote",
    'Close the quote; a quote inside a quoted text is written twice ("")',
)
_FAULTS = {
    "TOO MANY COLUMNS": ("has more cells than the header has columns", "Put a text that holds the delimiter in quotes"),
    "MISSING COLUMNS": (
        "has fewer cells than the header has columns",
        "Add the missing cells, or put a text that holds a line end in quotes",
    ),
    UNQUOTED: OPEN_QUOTE,
    "INVALID ENCODING": ("has bytes that are not UTF-8", 'Save the file as UTF-8, or declare csv: {encoding: "windows-1250"}'),
    TOO_LONG: ("is longer than 2 MiB", "Look for a quote that is not closed"),
}
_JSON_FAULTS = {
    NOT_AN_OBJECT: ("is not a JSON object", 'Write one object per line, like {"client_id": "A", "revenue": 100}'),
    KEY_TWICE: ("names a column twice", "Write each column once"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A bad row in words, with what to do and the raw cells as (header, text)."""

    row: BadRow
    help: str
    raw: tuple[tuple[str, str | None], ...]


def problems(connection: Statements, staged: Staged, rows: str, rejects: tuple[Reject, ...]) -> Iterator[Problem]:
    """The problems of the records in the relation `rows` (`record`) and of those rejects, by line.

    The connection must not be used while the iterator runs.
    """
    wanted = [int(row[0]) for row in connection.execute(f"SELECT record FROM {rows}").fetchall()]
    located = locate(staged.source, wanted, [reject.position for reject in rejects])
    waiting = [(located.rejects.get(reject.position, 0), reject) for reject in rejects]
    for line, found in _record_problems(connection, staged, rows, located):
        while waiting and waiting[0][0] < line:
            yield _reject_problem(staged, *waiting.pop(0))
        yield from found
    for line, reject in waiting:
        yield _reject_problem(staged, line, reject)


def count_problems(connection: Statements, staged: Staged, rows: str) -> int:
    """How many problems the records in `rows` have."""
    whys = balanced(["count(fault)", *(f"count(why{index})" for index in range(len(staged.source.columns)))], "+")
    in_cells = connection.execute(f"SELECT {whys} FROM ({staged.layers.reasons(rows)})").fetchone()
    in_marks = connection.execute(f"SELECT count(*) FROM {staged.marks} WHERE record IN (SELECT record FROM {rows})").fetchone()
    return int(in_cells[0] if in_cells else 0) + int(in_marks[0] if in_marks else 0)


def _record_problems(connection: Statements, staged: Staged, rows: str, located: Located) -> Iterator[tuple[int, list[Problem]]]:
    """Line and problems of each record, in order."""
    marks = f"SELECT record, list({{'field': field, 'reason': reason}} ORDER BY field) AS marks FROM {staged.marks} GROUP BY record"
    cursor = connection.execute(
        f"SELECT r.*, m.marks FROM ({staged.layers.reasons(rows)}) r LEFT JOIN ({marks}) m USING (record) ORDER BY record"
    )
    while fetched := cursor.fetchmany(1000):
        for record, fault, file, *cells, marked in fetched:
            line = located.records.get(int(record), 0)
            yield line, _of_record(staged, located.texts.get(int(record), ""), line, fault, file, cells, marked or [])


def _of_record(
    staged: Staged, text: str, line: int, fault: str | None, file: str | None, cells: list[str | None], marked: list[dict[str, object]]
) -> list[Problem]:
    source = staged.source
    part = source.shown if file is None else plain_file(file)
    place = Place(part, line, int(line > 0)) if source.layout is None else source.layout.place(line, 1)
    raw = tuple((column.name, cells[3 * index + 1]) for index, column in enumerate(source.columns))
    if fault is not None and fault not in _JSON_FAULTS:
        kind, _, record = fault.partition("\n")
        return [_shapeless(staged, place, kind, record)]
    if fault is not None:
        why, help_ = _JSON_FAULTS[fault]
        return [Problem(BadRow(source.table.name, place, "", None, why, CODES["shape"]), help_, ())]
    whose = "" if source.located else _whose(source, raw)
    reasons = [(index, cells[3 * index + 2]) for index in range(len(source.columns)) if cells[3 * index + 2] is not None]
    reasons += [(int(str(mark["field"])), str(mark["reason"])) for mark in marked]
    found = []
    for index, reason in sorted(reasons, key=lambda pair: pair[0]):
        column, settled = source.columns[index], staged.settlement.columns.get(index, Settled())
        words = explain(str(reason), source.table, column.field, settled.numerals, settled.dates)
        shown = cells[3 * index]
        value = shown if shown is None or len(shown) <= VALUE_LIMIT else shown[:VALUE_LIMIT] + "..."
        at = _cell_place(source, text, place, cells[3 * index + 1]) if source.layout is None else source.layout.of(line, column.field)
        found.append(Problem(BadRow(source.table.name, at, column.name, value, words.why + whose, words.code), words.help, raw))
    return found


def _counted(source: Source, record: str) -> str:
    """Why a record of another width is none."""
    try:
        rows = list(csv.reader(record.splitlines(keepends=True), delimiter=source.delimiter, quotechar=source.quote or None, strict=True))
    except csv.Error:
        return UNQUOTED
    return "TOO MANY COLUMNS" if rows and len(rows[0]) > source.width else "MISSING COLUMNS"


def plain_file(address: str) -> str:
    """A file as Spark names it, as people do."""
    return unquote(re.sub("^file:(?://)?", "", address)) if address.startswith("file:") else address


def _whose(source: Source, raw: tuple[tuple[str, str | None], ...]) -> str:
    """The row by its key, where it has no line to be named by."""
    headers = {column.name for column in source.columns if column.field.name in source.table.key}
    key = ", ".join(f"{header} '{(text or '')[:VALUE_LIMIT]}'" for header, text in raw if header in headers)
    return f" (in the row with {key})" if key else ""


def _cell_place(source: Source, text: str, row: Place, cell: str | None) -> Place:
    """Where the cell stands in the row's line, if a whole cell of that value stands there once; else the row."""
    value = unicodedata.normalize("NFC", cell).strip() if cell else ""
    if not text or not value or not source.delimiter:
        return row
    marks = re.escape(f"{source.delimiter}{source.quote} \t")
    found = list(re.finditer(f"(?:^|(?<=[{marks}])){re.escape(value)}(?=[{marks}]|$)", text))
    if len(found) != 1:
        return row
    return Place(row.file, row.line, found[0].start() + 1, row.line, found[0].end() + 1)


def _reject_problem(staged: Staged, line: int, reject: Reject) -> Problem:
    return _shapeless(staged, Place(staged.source.shown, line, 1), reject.fault, reject.text)


def _shapeless(staged: Staged, place: Place, fault: str, record: str) -> Problem:
    """A record that could not be split. (Spark does not say what is wrong with it: its cells are counted here.)"""
    fault = _counted(staged.source, record) if fault == CELLS else fault
    why, help_ = _FAULTS.get(fault, ("cannot be split into cells", "Correct the row"))
    text = record.rstrip("\r\n")
    value = text if len(text) <= VALUE_LIMIT else text[:VALUE_LIMIT] + "..."
    return Problem(BadRow(staged.source.table.name, place, "", value, why, CODES["shape"]), help_, (("", record),))
