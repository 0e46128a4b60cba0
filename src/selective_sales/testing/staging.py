"""A batch in; CSV files out, one per table, whose cells the loader reads as it reads any data file. Every cell is quoted text.

Where a table declares a decimal comma, a figure of a case may have the comma or, as YAML writes it, the point.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..model.cases import Cell, Row
from ..model.kind import Kind
from ..model.policy import Field, Table
from .batch import Batch, ReadyCase

_POINT = re.compile(r"\s*[-+\u2212]?\d+\.\d+\s*%?\s*")


@dataclass(frozen=True, slots=True)
class StagedRow:
    """Where a row of a case stands in a staged file: lines `first` to `last`, counted from 1."""

    table: str
    first: int
    last: int
    case: ReadyCase
    row: Row


@dataclass(frozen=True, slots=True)
class Staged:
    """The files by table name, and what stands in them: of each table the rows from top to bottom."""

    files: Mapping[str, Path]
    rows: tuple[StagedRow, ...]
    by_table: Mapping[str, list[StagedRow]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_table: dict[str, list[StagedRow]] = {}
        for row in self.rows:
            by_table.setdefault(row.table, []).append(row)
        object.__setattr__(self, "by_table", by_table)

    def at(self, table: str, line: int) -> StagedRow | None:
        """The row that stands on that line of that table's file."""
        rows = self.by_table.get(table, [])
        found = bisect(rows, line, key=lambda row: row.first)
        return rows[found - 1] if found and line <= rows[found - 1].last else None


def stage(batch: Batch, folder: Path) -> Staged:
    """Writes every table of the policy into the folder; a table without rows has its header only."""
    files: dict[str, Path] = {}
    rows: list[StagedRow] = []
    for number, table in enumerate(batch.policy.tables):
        path = folder / f"table{number}.csv"
        fields = tuple(field for field in table.fields if field.calculation is None)
        header = _line((batch.case_column, *(field.header for field in fields)))
        line = header.count("\n") + 1
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(header)
            for ready, row in _rows(batch, table):
                text = _line((ready.key, *(_cell(row, field, table) for field in fields)))
                file.write(text)
                height = text.count("\n")
                rows.append(StagedRow(table.name, line, line + height - 1, ready, row))
                line += height
        files[table.name] = path
    return Staged(files, tuple(rows))


def _rows(batch: Batch, table: Table) -> Iterator[tuple[ReadyCase, Row]]:
    return ((ready, row) for ready in batch.cases for row in ready.rows.get(table.name, ()))


def _line(cells: tuple[str, ...]) -> str:
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells) + "\n"


def _cell(row: Row, field: Field, table: Table) -> str:
    """The cell's text; a blank is empty. Lone surrogates, which no file can hold, become U+FFFD."""
    text = row.get(field.name, Cell(None)).text or ""
    if table.csv.decimal == "," and field.type in (Kind.MONEY, Kind.NUMBER) and _POINT.fullmatch(text):
        text = text.replace(".", ",")
    return text.encode("utf-8", "replace").decode("utf-8")
