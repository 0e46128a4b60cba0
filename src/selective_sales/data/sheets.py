"""A table and a sheet of a workbook in, its Source out: the cells in a staging file, read under the same contract as any other file.

Every cell stands there with its first letter for what it is (see `workbook.sheet.Cell`), so that a number, a date and a text that looks
like one stay apart. The staging file has the row of the sheet in its first column. Refuses a sheet whose header is not where it belongs.
"""

from __future__ import annotations

import csv
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from ..model.data import file_of, part_of
from ..model.finding import Finding, has_errors
from ..model.place import Place
from ..model.policy import Field, Table
from ..model.sql import quote_value
from .dialect import normal
from .forms import Column, Form, Layout, Source, letters_of
from .lines import LINE_LIMIT
from .matching import file_fields, match_columns
from .workbook.book import Book, SheetEntry, read_book, sheet_named
from .workbook.parts import WorkbookError, opened, too_large
from .workbook.sheet import Cells, Look, SheetReader

HEADER_WITHIN = 50
"""Rows in which a header is looked for, to say where it stands."""
MOST_STAGED = 2 << 30
"""Bytes of the staging file: a short file may repeat a long text a million times."""


def open_sheet(table: Table, given: Path, sha256: str, staging: Path) -> tuple[Source | None, tuple[Finding, ...]]:
    """The source of a table in a sheet of a workbook. OSError as it comes."""
    path = file_of(given)
    try:
        with opened(path) as parts:
            book = read_book(parts, path)
            sheet = sheet_named(book, part_of(given), table.name)
            return Opening(table, given, book, sheet, SheetReader(parts, book, sheet)).open(staging, sha256)
    except WorkbookError as error:
        return None, (Finding(error.code, error.message, Place(str(path)), error.help),)


@dataclass(frozen=True, slots=True)
class Opening:
    """A table in a sheet that is being opened."""

    table: Table
    given: Path
    book: Book
    sheet: SheetEntry
    reader: SheetReader

    def open(self, staging: Path, sha256: str) -> tuple[Source | None, tuple[Finding, ...]]:
        rows = self.reader.rows()
        first = list(islice(rows, HEADER_WITHIN))
        if not first:
            message = f"the sheet '{self.sheet.name}' of '{self.book.path}' is empty"
            return None, (Finding("SS508", message, Place(str(self.book.path)), "A data file has at least a header row"),)
        layout, findings = self.laid_out(first)
        if layout is None:
            return None, findings
        self.reader.wanted = frozenset(layout.columns.values())
        body = chain(first[1:] if layout.header else first, rows)
        numbers, longest = self.write(body, layout, staging)
        merged = tuple(merged_findings(self.reader.look, layout, numbers))
        if merged:
            return None, (*findings, *merged)
        return self.source(layout, numbers, staging, max(longest + 2, LINE_LIMIT), sha256), findings

    def laid_out(self, first: Sequence[tuple[int, Cells]]) -> tuple[Layout | None, tuple[Finding, ...]]:
        """The header's columns, by name; without a header by position."""
        row, cells = first[0]
        if not self.table.csv.header:
            width = max(max(cells, default=0) for _, cells in first)
            found, findings = match_columns(self.table, [""] * width, self.place(row), header=False)
            return self.layout(0, {field: index + 1 for field, index in found.items()}, findings)
        positions = sorted(column for column, text in cells.items() if normal(text[1:]))
        names = [normal(cells[column][1:]) for column in positions]
        found, findings = match_columns(self.table, names, self.place(row), header=True)
        if has_errors(findings) and (better := self.header_below(first, len(found))) is not None:
            return None, (better,)
        return self.layout(row, {field: positions[index] for field, index in found.items()}, findings)

    def layout(self, header: int, columns: dict[Field, int], findings: Sequence[Finding]) -> tuple[Layout | None, tuple[Finding, ...]]:
        return (None if has_errors(findings) else Layout(str(self.book.path), self.sheet.name, header, columns)), tuple(findings)

    def header_below(self, first: Sequence[tuple[int, Cells]], found: int) -> Finding | None:
        """What to do where a later row names more of the columns than the first one."""
        wanted = {normal(field.header) for field in file_fields(self.table)}
        counts = [(len(wanted & {normal(text[1:]) for text in cells.values()}), -row) for row, cells in first[1:]]
        most, at = max(counts, default=(0, 0))
        if most <= found:
            return None
        start = f"the first row with anything in it is row {first[0][0]}"
        message = f"{self.table.name}: the header stands in row {-at} of the sheet '{self.sheet.name}', and {start}"
        return Finding("SS991", message, self.place(-at), "Delete the rows above the header, so that it is the first one")

    def write(self, rows: Iterator[tuple[int, Cells]], layout: Layout, staging: Path) -> tuple[array[int], int]:
        """The rows into the staging file; their numbers in the sheet, and the bytes of the longest."""
        columns, numbers = list(layout.columns.values()), array("I")
        longest = 0
        with staging.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            write, append = writer.writerow, numbers.append
            for number, cells in rows:
                get = cells.get
                write([number, *[get(column, "") for column in columns]])
                append(number)
                if len(cells) and (size := sum(map(len, cells.values()))) > longest:
                    longest = size
                if not len(numbers) & 0xFFF and file.tell() > MOST_STAGED:
                    raise too_large(self.book.path, f"the cells of the sheet '{self.sheet.name}' hold more than {MOST_STAGED >> 30} GiB")
        # A character has at most four bytes, a quote is written twice, and each cell may have two around it.
        return numbers, longest * 4 + 3 * len(columns) + 12

    def source(self, layout: Layout, numbers: array[int], staging: Path, longest: int, sha256: str) -> Source:
        raws = [f"raw{index}" for index in range(len(layout.columns))]
        types = ", ".join(f"{quote_value(name)}: 'VARCHAR'" for name in ("row", *raws))
        relation = (
            f"read_csv({quote_value(str(staging))}, auto_detect = false, header = false, delim = ',', quote = '\"', escape = '\"', "
            f"columns = {{{types}}}, max_line_size = {longest}, buffer_size = {4 * longest})"
        )
        columns = tuple(Column(field, name, Form.SHEET, field.header) for field, name in zip(layout.columns, raws, strict=True))
        return Source(
            self.table, str(self.given), "xlsx", relation, relation, columns, sha256, tuple(self.settled()), header=layout.header > 0,
            rows=numbers, layout=layout,
        )  # fmt: skip

    def settled(self) -> Iterator[str]:
        """What was found out, and what a reader of the run must know."""
        yield f"sheet '{self.sheet.name}'" + (" (hidden)" if self.sheet.hidden else "")
        hidden = self.reader.look.hidden_rows
        if hidden:
            yield f"{hidden} hidden {'row' if hidden == 1 else 'rows'} read like the others"
        if self.book.from_1904:
            yield "dates from 1904"

    def place(self, row: int) -> Place:
        return Layout(str(self.book.path), self.sheet.name, 0, {}).place(row, 1)


def merged_findings(look: Look, layout: Layout, numbers: array[int]) -> Iterator[Finding]:
    """Cells of the table that were made one over several rows or columns: only the first of them holds the value."""
    if not numbers:
        return
    wanted = set(layout.columns.values())
    for row, column, last_row, last_column in sorted(look.merged):
        inside = [c for c in range(column, min(last_column, 1 << 14) + 1) if c in wanted]
        if not inside or last_row <= layout.header or row > numbers[-1] or (row == last_row and len(inside) < 2):
            continue
        name = f"{letters_of(column)}{row}:{letters_of(last_column)}{last_row}"
        message = f"the cells {name} of the sheet '{layout.sheet}' are merged: only the first of them holds a value"
        yield Finding("SS990", message, layout.place(row, column), "Unmerge them, and fill every cell in")
        return
