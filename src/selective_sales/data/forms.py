"""What a source offers: the forms its columns come in, and where its rows are read. Values only; nothing is read here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ..model.policy import Field, Table


class Form(StrEnum):
    """The physical form of a column, before the contract: TEXT was written by people, the others by programs."""

    TEXT = "text"
    JSON = "json"
    WHOLE = "whole"
    DECIMAL = "decimal"
    DOUBLE = "double"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    ZONED = "zoned"
    PLAIN = "plain"
    UNREADABLE = "unreadable"


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


def raw_sql(name: str, type_name: str) -> str:
    """The quoted column as its form: a FLOAT becomes the double of its own shortest text, an ENUM and a plain type their text."""
    match type_name:
        case "FLOAT":
            return f"CAST(CAST({name} AS VARCHAR) AS DOUBLE)"
        case "VARCHAR":
            return name
        case _ if form_of(type_name)[0] in (Form.TEXT, Form.PLAIN):
            return f"CAST({name} AS VARCHAR)"
        case _:
            return name
