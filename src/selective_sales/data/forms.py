"""What a source offers: the forms its columns come in, and where its rows are read. Values only; nothing is read here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ..model.place import Place
from ..model.policy import Field, Table


class Form(StrEnum):
    """The physical form of a column, before the contract: TEXT was written by people, the others by programs.

    In a SHEET each cell is of its own kind, which its first letter tells.
    """

    TEXT = "text"
    JSON = "json"
    SHEET = "sheet"
    WHOLE = "whole"
    DECIMAL = "decimal"
    DOUBLE = "double"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    ZONED = "zoned"
    PLAIN = "plain"
    UNREADABLE = "unreadable"


WRITTEN = (Form.TEXT, Form.JSON, Form.SHEET)
"""Forms in which people may have written a cell: how they write numbers and dates is to be found out."""


@dataclass(frozen=True, slots=True)
class Column:
    """A field and the SQL that yields its raw cell. `scale` and `digits` are those of a DECIMAL; `name` is the header in the source."""

    field: Field
    sql: str
    form: Form
    name: str
    digits: int = 0
    scale: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a table stands in a workbook: the file, the sheet, the row of the header (0: there is none), and the fields' columns."""

    file: str
    sheet: str
    header: int
    columns: Mapping[Field, int]

    def place(self, row: int, column: int) -> Place:
        """A cell, with its address as people write it."""
        return Place(self.file, row, column, cell=f"{self.sheet}!{letters_of(column)}{row}")

    def of(self, row: int, field: Field) -> Place:
        """The cell of a field."""
        return self.place(row, self.columns[field])


def letters_of(column: int) -> str:
    """1 is A, 27 is AA, 16384 is XFD."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Source:
    """A table's data, ready to be read.

    `relation` yields one row per record (where the reader sets unreadable rows aside, they are in the table `rejects`); `sample`
    is a relation over the same columns that never fails. `fault` is SQL that says why a record is none, NULL where it is one (JSON Lines).
    """

    table: Table
    shown: str
    format: str
    relation: str
    sample: str
    columns: tuple[Column, ...]
    sha256: str | None
    settled: tuple[str, ...]
    fault: str | None = None
    rejects: bool = False
    read_from: Path | None = None
    delimiter: str = ""
    quote: str = ""
    header: bool = False
    width: int = 0
    skip: int = 0
    """Blank lines before the header."""
    lines: int | None = None
    """Lines of a text file, however they are quoted."""
    rows: Sequence[int] | None = None
    """The row of each record in a sheet."""
    layout: Layout | None = None
    """Where the fields stand in a sheet."""
    first: str | None = None
    """A relation with the first rows only, where they are held apart."""
    record: str | None = None
    """A column that numbers the records; None where the engine counts them itself."""
    file: str | None = None
    """A column with the file in which a record stands, where a table has several."""
    located: bool = True
    """Whether the line of a record can be told; else its key is."""

    def header_place(self) -> Place:
        """Where the header stands; the file as a whole where there is none."""
        row = self.layout.header if self.layout is not None else int(self.header)
        return self.layout.place(row, 1) if self.layout is not None and row else Place(self.shown, row, row)


_WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"}
_STAMPS = {"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"}
_DECIMAL = re.compile(r"DECIMAL\(([0-9]+),([0-9]+)\)")


def form_of(type_name: str) -> tuple[Form, int, int]:
    """The form of an engine's type, with digits and scale for a DECIMAL."""
    if found := _DECIMAL.fullmatch(type_name):
        return Form.DECIMAL, int(found[1]), int(found[2])
    if type_name in _WHOLE:
        return Form.WHOLE, 0, 0
    if type_name in _STAMPS:
        return Form.TIMESTAMP, 0, 0
    if type_name == "VARCHAR" or (type_name.startswith("ENUM(") and not type_name.endswith("]")):
        return Form.TEXT, 0, 0
    simple = {
        "DOUBLE": Form.DOUBLE, "FLOAT": Form.DOUBLE, "BOOLEAN": Form.BOOLEAN, "DATE": Form.DATE, "TIMESTAMP WITH TIME ZONE": Form.ZONED,
        "UUID": Form.PLAIN, "TIME": Form.PLAIN, '"NULL"': Form.PLAIN, "NULL": Form.PLAIN,
    }  # fmt: skip
    return simple.get(type_name, Form.UNREADABLE), 0, 0


def of_float(name: str) -> str:
    """A FLOAT as the double that was meant: the one with the fewest decimal places that is that FLOAT (not one of two as near); a large
    one as it is.

    Engines write its digits each in their own way. Here nothing is rounded but where it is meant: 24 bits times a power of ten up to 1e9
    fit a double.
    """
    size = f"abs(CAST({name} AS DOUBLE))"

    def tried(places: int) -> str:
        scaled = f"{size} * 1e{places}"
        whole = f"floor({scaled} + 5e-1)"
        return f"CASE WHEN CAST({whole} / 1e{places} AS FLOAT) = abs({name}) AND {whole} - {scaled} < 5e-1 THEN {whole} / 1e{places} END"

    found = f"coalesce({', '.join(map(tried, range(10)))}, {size})"
    return f"CASE WHEN {size} < 16777216 THEN CASE WHEN {name} < 0 THEN -{found} ELSE {found} END ELSE CAST({name} AS DOUBLE) END"


def raw_sql(name: str, type_name: str) -> str:
    """The quoted column as its form: an ENUM and a plain type become their text."""
    match type_name:
        case "FLOAT":
            return of_float(name)
        case "VARCHAR":
            return name
        case _ if form_of(type_name)[0] in (Form.TEXT, Form.PLAIN):
            return f"CAST({name} AS VARCHAR)"
        case _:
            return name
