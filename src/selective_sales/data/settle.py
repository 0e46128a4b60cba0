"""Columns written by people in, how they are written out: decimal marks and date formats, proven or a finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..model.finding import Finding
from ..model.kind import Kind
from ..model.policy import CsvDialect
from . import sheet_cells
from .cells import clean_sql
from .evidence import (
    GROUP_SPACES,
    ISO,
    Numerals,
    Unsettled,
    date_columns,
    date_counts,
    numeral_columns,
    numeral_counts,
    settle_dates,
    settle_numerals,
)
from .forms import WRITTEN, Column, Form, Source
from .json_lines import is_json_text
from .layered import Settled
from .statements import Statements

SAMPLE_ROWS = 2000
TOGETHER = 50
"""Columns that one query looks at: the time to plan it grows with their square."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """By column position: what is known. `open` are the positions that were detected, not declared."""

    columns: Mapping[int, Settled]
    open: frozenset[int]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a column: its cell, what is read of that (columns, each computed once), and the counts over these."""

    index: int
    column: Column
    cell: str
    read: tuple[str, ...]
    counts: tuple[str, ...]


def settle(connection: Statements, source: Source, currency: str, *, whole: bool) -> Settlement:
    """Settle every column from all rows (`whole`), or assume from the first ones; findings only where all rows were asked."""
    columns: dict[int, Settled] = {}
    asked: list[Question] = []
    for index, column in enumerate(source.columns):
        if column.form not in WRITTEN:
            continue
        numerals = _declared(source.table.csv)
        columns[index] = Settled(numerals or Numerals("", GROUP_SPACES))
        kind, cell = column.field.type, _written_by_people(source, column)
        name = f"cell{index}"
        if kind in (Kind.MONEY, Kind.NUMBER, Kind.INTEGER) and numerals is None:
            asked.append(Question(index, column, f"{cell} AS {name}", numeral_columns(name, currency), numeral_counts(name)))
        elif kind is Kind.DATE and column.field.format is None:
            asked.append(Question(index, column, f"{cell} AS {name}", date_columns(name), date_counts(name)))
    if not asked:
        return Settlement(columns, frozenset())
    row = _counted(connection, source, asked, whole=whole)
    findings: list[Finding] = []
    for question in asked:
        index, column, width = question.index, question.column, len(question.counts)
        values, row = row[:width], row[width:]
        found = settle_dates(values, whole=whole) if column.field.type is Kind.DATE else settle_numerals(values, column.field.type)
        if isinstance(found, Unsettled):
            message = f"{source.table.name}: column '{column.name}': {found.message}"
            findings.append(Finding(found.code, message, source.header_place(), found.help))
        elif isinstance(found, Numerals):
            columns[index] = Settled(_with_thousands(found, source.table.csv))
        else:
            columns[index] = Settled(columns[index].numerals, found)
    return Settlement(columns, frozenset(question.index for question in asked), tuple(findings))


def _counted(connection: Statements, source: Source, asked: Sequence[Question], *, whole: bool) -> Sequence[int]:
    """The counts of all columns one after the other."""
    rows = source.sample if whole else source.first or f"{source.sample} LIMIT {SAMPLE_ROWS}"
    found: list[int] = []
    for start in range(0, len(asked), TOGETHER):
        some = asked[start : start + TOGETHER]
        cells = ", ".join(question.cell for question in some)
        read = ", ".join(column for question in some for column in question.read)
        counts = ", ".join(count for question in some for count in question.counts)
        sql = f"SELECT {counts} FROM (SELECT *, {read} FROM (SELECT {cells} FROM (SELECT * FROM {rows})))"
        found += connection.execute(sql).fetchone() or ()
    return found


def settled_words(source: Source, settlement: Settlement) -> tuple[str, ...]:
    """What was detected, in words: "decimal comma (revenue, cost)"."""
    words: dict[str, list[str]] = {}
    for index in sorted(settlement.open):
        settled, column = settlement.columns[index], source.columns[index]
        if column.field.type is Kind.DATE:
            text = "" if settled.dates is ISO else f"dates {settled.dates.shown}"
        else:
            text = {".": "decimal point", ",": "decimal comma"}.get(settled.numerals.decimal, "")
        if text:
            words.setdefault(text, []).append(column.field.name)
    return tuple(f"{text} ({', '.join(names)})" for text, names in words.items())


def _declared(csv: CsvDialect) -> Numerals | None:
    """The numerals that the table declares; a point between thousands leaves only the comma for decimals."""
    decimal: str | None = csv.decimal
    if decimal is None and csv.thousands in (".", ","):
        decimal = "," if csv.thousands == "." else "."
    if decimal is None:
        return None
    return _with_thousands(Numerals(decimal, ("," if decimal == "." else ".") + GROUP_SPACES), csv)


def _with_thousands(numerals: Numerals, csv: CsvDialect) -> Numerals:
    if csv.thousands is None:
        return numerals
    return replace(numerals, thousands=GROUP_SPACES if csv.thousands.strip() != csv.thousands else csv.thousands)


def _written_by_people(source: Source, column: Column) -> str:
    """The cleaned cell where a person wrote it; a JSON number proves nothing about the texts beside it."""
    tokens = (*source.table.missing_tokens, *column.field.missing_tokens)
    clean = clean_sql(column, tokens)
    match column.form:
        case Form.TEXT:
            return clean
        case Form.SHEET:
            # 20261231 without any mark is a number to Excel, and a date to who wrote it.
            is_written = sheet_cells.is_written(column.sql, digits=column.field.type is Kind.DATE)
        case _:
            is_written = is_json_text(column.sql)
    return f"CASE WHEN {is_written} THEN {clean} END"
