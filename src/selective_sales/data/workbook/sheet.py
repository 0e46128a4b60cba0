"""A sheet's part in, its rows out, one after the other: the number of each row and its cells by column.

A cell is a text that begins with a letter for what it is (`Cell`), then what people see there. Empty cells are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from ..forms import letters_of
from . import formats
from .book import LONGEST_CELL, Book, SheetEntry, is_true, plain
from .formats import Shape
from .parts import Parts, WorkbookError, damaged, local, parser_of, too_large

MOST_CELLS = 60_000_000
MOST_DAYS = 20_000
"""Dates that are kept in mind: they repeat."""
LAST_ROW, LAST_COLUMN = 1 << 20, 1 << 14
"""Where Excel's sheets end."""
Cells = dict[int, str]


class Cell(StrEnum):
    """What a cell is, as the first letter of its text."""

    NUMBER = "n"
    DRESSED = "z"
    """A number whose format shows it otherwise than it is read here."""
    TEXT = "t"
    DATE = "d"
    TIME = "h"
    BOOLEAN = "b"
    ERROR = "e"
    FORMULA = "f"
    """A formula whose result nobody has calculated; its text is the formula."""


NUMBER, TEXT, ERROR = Cell.NUMBER.value, Cell.TEXT.value, Cell.ERROR.value


@dataclass(slots=True)
class Look:
    """What is found out about a sheet on the way."""

    hidden_rows: int = 0
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """First row and column, last row and column of cells that were made one, as soon as they are reached (behind the rows)."""


class SheetReader:
    """Reads one sheet, row by row; `wanted` (None: all) are the columns whose cells are kept.

    Its handlers are called for every tag of a sheet, ten million times: they do nothing twice.
    """

    def __init__(self, parts: Parts, book: Book, sheet: SheetEntry) -> None:
        self.parts, self.book, self.sheet, self.look = parts, book, sheet, Look()
        self.wanted: frozenset[int] | None = None
        self._parser = parser_of()
        self._shapes = {str(number): shape for number, shape in enumerate(book.shapes)}
        self._columns: dict[str, int] = {}
        self._days: dict[str, str] = {}
        self._rows: list[tuple[int, Cells]] = []
        self._cells: Cells = {}
        self._row = self._column = self._count = 0
        self._row_text = ""
        self._filled = self._pronounced = False
        self._attributes: dict[str, str] = {}
        self._formula: list[str] | None = None
        self._value: list[str] | None = None

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Every row that is not empty. Raises WorkbookError."""
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._start, self._end
        for _ in self.parts.parse(self.sheet.part, self._parser):
            found, self._rows = self._rows, []
            yield from found
            if self._value is not None and sum(map(len, self._value)) > LONGEST_CELL * 4:
                raise self._broken("a text longer than Excel's longest")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self._attributes = attributes
            self._value = self._formula = None
            reference = attributes.get("r")
            column = self._column + 1 if reference is None else self._column_of(reference)
            if not self._column < column <= LAST_COLUMN:
                raise self._broken(f"the cell '{str(reference)[:20]}' is out of order")
            self._column = column
        elif tag == "v" or tag == "t":
            if not self._pronounced:
                if self._value is None:
                    self._value = []
                self._parser.CharacterDataHandler = self._value.append
        elif tag == "row":
            self._new_row(attributes)
        elif tag == "f":
            self._formula = []
            self._parser.CharacterDataHandler = self._formula.append
        elif tag == "rPh":
            self._pronounced = True
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif ":" in tag:
            self._start(local(tag), attributes)

    def _end(self, tag: str) -> None:
        if tag == "v" or tag == "t" or tag == "f":
            self._parser.CharacterDataHandler = None
        elif tag == "c":
            self._count += 1
            if self._value is not None or self._formula is not None:
                self._close_cell()
        elif tag == "row":
            if self._count > MOST_CELLS:
                raise too_large(self.book.path, f"there are more than {MOST_CELLS:,} cells in the sheet '{self.sheet.name}'")
            if self._filled:
                self._rows.append((self._row, self._cells))
        elif tag == "rPh":
            self._pronounced = False
        elif ":" in tag:
            self._end(local(tag))

    def _new_row(self, attributes: dict[str, str]) -> None:
        written = attributes.get("r", "")
        row = int(written) if written.isascii() and written.isdigit() and len(written) < 9 else self._row + 1 if not written else 0
        if not self._row < row <= LAST_ROW:
            raise self._broken(f"row '{written[:20]}' behind row {self._row}")
        self._row, self._column, self._cells, self._filled = row, 0, {}, False
        self._row_text = str(row)
        if is_true(attributes.get("hidden", "")):
            self.look.hidden_rows += 1

    def _column_of(self, reference: str) -> int:
        """The column of an address in this row; 0 where it is none."""
        if not reference.endswith(self._row_text):
            return 0
        letters = reference[: -len(self._row_text)]
        column = self._columns.get(letters)
        if column is None:
            column = self._columns[letters] = column_number(letters)
        return column

    def _close_cell(self) -> None:
        """Keeps the cell, as what people see in it."""
        value = "".join(self._value) if self._value is not None else ""
        kind = self._attributes.get("t", "n")
        if not value:
            if self._formula is None or kind == "str":
                return
            seen = Cell.FORMULA + "=" + "".join(self._formula)[:200]
        elif kind == "n":
            seen = self._number(value)
        else:
            seen = self._seen(kind, value)
        if seen:
            self._filled = True
            if self.wanted is None or self._column in self.wanted:
                self._cells[self._column] = seen

    def _number(self, value: str) -> str:
        shape = self._shapes.get(self._attributes.get("s", "0"), Shape.NUMBER)
        if shape is Shape.NUMBER:
            shown = formats.number(value)
            return ERROR + value if shown is None else NUMBER + shown
        if shape is Shape.PADDED or shape is Shape.DRESSED:
            return self._with_zeros(value, shape)
        if shape is Shape.TIME:
            return self._moment(value, shape)
        if value not in self._days:
            if len(self._days) > MOST_DAYS:
                self._days.clear()
            self._days[value] = self._moment(value, shape)
        return self._days[value]

    def _with_zeros(self, value: str, shape: Shape) -> str:
        """A whole number as its format of zeros shows it; any other that the format changes, as one that is not what people see."""
        shown = formats.number(value)
        if shown is None:
            return ERROR + value
        if shape is Shape.PADDED and shown.isdigit():
            return NUMBER + shown.zfill(self.book.widths[int(self._attributes["s"])])
        return Cell.DRESSED + shown

    def _moment(self, value: str, shape: Shape) -> str:
        """A date or a time; the number where it is none."""
        shown = formats.number(value)
        if shown is None:
            return ERROR + value
        if shape is Shape.DATE:
            day = formats.date(value, from_1904=self.book.from_1904)
            return NUMBER + shown if day is None else Cell.DATE + day
        span = formats.time(value)
        return NUMBER + shown if span is None else Cell.TIME + span

    def _seen(self, kind: str, value: str) -> str:
        """A cell that is no number as its letter and text; "" where it is blank."""
        if len(value) > LONGEST_CELL * 2:
            raise self._broken("a text longer than Excel's longest")
        match kind:
            case "s":
                text = self._shared(value)
            case "str" | "inlineStr":
                text = plain(value)
            case "b":
                return Cell.BOOLEAN + ("true" if is_true(value) else "false")
            case "e":
                return Cell.ERROR + value
            case "d":
                return Cell.DATE + value.replace("T00:00:00", "").replace("T", " ").removesuffix(".000").removesuffix("Z")
            case _:
                raise self._broken(f"a cell of the unknown kind '{kind[:20]}'")
        return TEXT + text if text else ""

    def _shared(self, value: str) -> str:
        try:
            number = int(value)
            if number < 0:
                raise IndexError
            return self.book.texts[number]
        except (ValueError, IndexError):
            raise self._broken("a text that the workbook does not have") from None

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        ends = [address(first), address(last or first)]
        if None not in ends and len(self.look.merged) < LAST_ROW:
            (row, column), (last_row, last_column) = (end for end in ends if end is not None)
            self.look.merged.append((row, column, last_row, last_column))

    def _broken(self, why: str) -> WorkbookError:
        where = f"the sheet '{self.sheet.name}', {letters_of(max(self._column, 1))}{max(self._row, 1)}"
        return damaged(self.book.path, f"{where}: {why}")


def column_number(letters: str) -> int:
    """A is 1, XFD is 16384; 0 where it is no column."""
    if not (0 < len(letters) <= 3 and letters.isascii() and letters.isalpha()):
        return 0
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def address(reference: str) -> tuple[int, int] | None:
    """Row and column of `B7` or `$B$7`."""
    bare = reference.replace("$", "")
    letters = bare.rstrip("0123456789")
    row, column = bare[len(letters) :], column_number(letters)
    return (int(row), column) if column and row and len(row) < 8 else None
