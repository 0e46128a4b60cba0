"""What the data room tells of the files it read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from .finding import Finding
from .place import Place

_SHEET = re.compile(r"(.+\.xls[xm])#(.+)", re.IGNORECASE | re.DOTALL)


def file_of(given: Path) -> Path:
    """The file of a data path: `clients.xlsx#Sheet` names a sheet in one."""
    found = _SHEET.fullmatch(str(given))
    return Path(found[1]) if found else given


def sheet_of(given: Path) -> str | None:
    """The sheet that a data path names; None where it names none."""
    found = _SHEET.fullmatch(str(given))
    return found[2] if found else None


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that breaks the contract. `place.line` is the line (CSV, JSON Lines) or row number (from 1) in the file or sheet."""

    table: str
    place: Place
    column: str
    value: str | None
    why: str
    code: str


@dataclass(frozen=True, slots=True)
class LoadedTable:
    """A typed table in the engine. Counts are rows: read = used + set_aside + ignored.

    `sha256` is the file's (None for data given in memory); `settled` says in words what was found out about the file
    ("delimiter ';'", "decimal comma", "encoding windows-1250").
    """

    name: str
    source: str
    format: str
    sha256: str | None
    rows_read: int
    rows_used: int
    rows_set_aside: int
    rows_ignored: int
    settled: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Loaded:
    """All tables, the first 20 bad rows in file order, how many there are, and findings (errors, warnings, notes)."""

    tables: tuple[LoadedTable, ...]
    bad_rows: tuple[BadRow, ...]
    bad_count: int
    findings: tuple[Finding, ...]
