"""A sheet of a workbook in, its rows as a CSV file out, for whoever has no contract yet to read it by.

Each row of the sheet is a line of the same number, so that what is said of a line holds of the row. Refuses what is no workbook, an empty
sheet, and a formula whose result nobody has calculated.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from ..model.data import file_of, part_of
from ..model.finding import Finding
from ..model.place import Place
from .forms import Layout
from .sheets import MOST_STAGED
from .workbook.book import read_book, sheet_named
from .workbook.parts import WorkbookError, opened, too_large
from .workbook.sheet import Cell, Cells, SheetReader


def write_sheet_text(given: Path, table: str, target: Path) -> tuple[str | None, tuple[Finding, ...]]:
    """Writes the file; gives the sheet's name, or findings. Where no sheet is named, the one called like the table is meant."""
    path = file_of(given)
    try:
        with opened(path) as parts:
            book = read_book(parts, path)
            sheet = sheet_named(book, part_of(given), table)
            rows = SheetReader(parts, book, sheet).rows()
            first = next(rows, None)
            if first is None:
                return None, (Finding("SS751", f"the sheet '{sheet.name}' is empty", Place(str(path)), "name a sheet that holds a table"),)
            columns = range(min(first[1]), max(first[1]) + 1)
            with target.open("w", encoding="utf-8", newline="") as file:
                writer, line = csv.writer(file, lineterminator="\n"), 0
                for number, cells in chain([first], rows):
                    if (fault := uncalculated(cells)) is not None:
                        place = Layout(str(path), sheet.name, 0, {}).place(number, fault)
                        return None, (
                            Finding("SS751", "nobody has calculated this formula", place, "open the workbook in Excel and save it"),
                        )
                    file.write("\n" * (number - line - 1))
                    writer.writerow(texts(cells, columns))
                    line = number
                    if file.tell() > MOST_STAGED:
                        raise too_large(path, f"the cells of the sheet '{sheet.name}' hold more than {MOST_STAGED >> 30} GiB")
            return sheet.name, ()
    except WorkbookError as error:
        return None, (Finding(error.code, error.message, Place(str(path)), error.help),)


def uncalculated(cells: Cells) -> int | None:
    """The column of a formula without a result."""
    return next((column for column, text in cells.items() if text.startswith(Cell.FORMULA)), None)


def texts(cells: Cells, columns: range) -> Iterator[str]:
    """What stands in the cells, each in one line; a row that goes beyond the header goes on."""
    for column in range(columns.start, max(columns.stop, max(cells, default=0) + 1)):
        yield " ".join(cells.get(column, " ")[1:].splitlines())
