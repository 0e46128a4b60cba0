"""Sheets of values in, an Excel workbook out, written row by row. Refuses nothing: what a sheet cannot hold as it is stands there as text.

What comes from data is a text, never a formula or a link, also after somebody has edited the cell; ids that look like numbers stay texts.
The same sheets give the same bytes.
"""

from __future__ import annotations

import datetime
import errno
import importlib.util
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from ..model.kind import Kind

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = (1 << 20) - 1
"""Rows of a sheet below its header."""
LONGEST = 32_767
"""Characters of a cell."""
NARROWEST, WIDEST = 8, 48
"""Characters of a column's width."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_TINTS = ("#F8D7C9", "#FBE6C5", "#FFF6CC", "#D6ECF8", "#CFE8E0")
"""From the most severe decision to the mildest: tints that people tell apart who see colours otherwise. The text always says it too."""
_OPEN = "#E5E5E5"
_HEAD = "#1F3A4D"
_FIRST_DAY, _LAST_DAY = datetime.date(1900, 3, 1), datetime.date(9999, 12, 31)
"""Days that Excel counts right."""


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: its heading, what its values are; `form`: `percent` or "". `tinted`: its cells have the colour of their decision."""

    title: str
    kind: Kind
    form: str = ""
    tinted: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with its rows, values as Python knows them (None: empty). `frozen`: how many columns stay in sight."""

    name: str
    columns: tuple[SheetColumn, ...]
    rows: Iterable[Sequence[object]] = field(repr=False)
    frozen: int = 1


@dataclass(frozen=True, slots=True)
class BookLook:
    """What is the same in all sheets: the currency, the words for days and months, the decisions' words with their place from 0 (the most
    severe) to 1 (the mildest; None: undecided), and the day that the workbook is as of."""

    title: str
    currency: str
    days: str
    months: str
    tints: Mapping[str, float | None]
    as_of: datetime.date


def can_write_workbooks() -> bool:
    """Whether the library for it is installed."""
    return importlib.util.find_spec("xlsxwriter") is not None


def write_workbook(path: Path, sheets: Iterable[Sheet], look: BookLook, scratch: Path) -> None:
    """Writes the sheets one after the other; of a sheet only one row is in memory. OSError as it comes."""
    import xlsxwriter
    from xlsxwriter.exceptions import XlsxWriterException

    options = {
        "constant_memory": True,
        "tmpdir": str(scratch),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    try:
        with xlsxwriter.Workbook(str(path), options) as book:
            book.use_zip64()
            book.set_properties({"title": look.title, "created": datetime.datetime.combine(look.as_of, datetime.time())})
            forms = Forms(book, look)
            for sheet in sheets:
                SheetWriter(book.add_worksheet(sheet.name), sheet, forms).write()
    except XlsxWriterException as error:
        raise OSError(errno.EIO, str(error), str(path)) from error


@dataclass(slots=True)
class Forms:
    """The formats of cells, each made once."""

    book: xlsxwriter.Workbook
    look: BookLook
    made: dict[tuple[str, str, bool], Format] = field(default_factory=dict)

    def of(self, shown_as: str, tint: str = "", *, quoted: bool = False) -> Format:
        key = (shown_as, tint, quoted)
        if key not in self.made:
            properties: dict[str, object] = {"valign": "top"}
            properties |= {"num_format": shown_as} if shown_as else {}
            properties |= {"bg_color": tint, "bold": True} if tint else {}
            # With the mark the cell stays a text even where somebody edits it.
            properties |= {"quote_prefix": True} if quoted else {}
            self.made[key] = self.book.add_format(properties)
        return self.made[key]

    def head(self) -> Format:
        key = ("head", "", False)
        if key not in self.made:
            properties = {"bold": True, "font_color": "#FFFFFF", "bg_color": _HEAD, "text_wrap": True, "valign": "top"}
            self.made[key] = self.book.add_format(properties)
        return self.made[key]

    def shown_as(self, column: SheetColumn) -> str:
        """Excel's format of the column's numbers."""
        match column.kind:
            case Kind.MONEY:
                return f'#,##0.00 "{self.look.currency}"'
            case Kind.DATE:
                return "yyyy-mm-dd"
            case Kind.INTEGER:
                return "#,##0" if column.form != "percent" else "0%"
            case Kind.NUMBER:
                return "0.0%" if column.form == "percent" else ""
            case Kind.DAYS:
                return f'#,##0 "{self.look.days}"'
            case Kind.MONTHS:
                return f'#,##0 "{self.look.months}"'
            case _:
                return "@"

    def tint(self, word: str) -> str:
        place = self.look.tints.get(word, 1.0)
        return _OPEN if place is None else _TINTS[round(place * (len(_TINTS) - 1))]


@dataclass(slots=True)
class SheetWriter:
    """Writes one sheet: header, rows, and what depends on them."""

    sheet: Worksheet
    content: Sheet
    forms: Forms
    widths: list[int] = field(default_factory=list)

    def write(self) -> None:
        columns = self.content.columns
        self.widths = [min(max(len(c.title) + 3, NARROWEST), WIDEST // 2) for c in columns]
        head = self.forms.head()
        for number, column in enumerate(columns):
            self.sheet.write_string(0, number, column.title[:LONGEST], head)
        shown = [self.forms.shown_as(column) for column in columns]
        last = 0
        for last, row in enumerate(self.content.rows, 1):
            for number, (value, column, form) in enumerate(zip(row, columns, shown, strict=True)):
                if value is not None:
                    self.cell(last, number, value, column, form)
        self.sheet.freeze_panes(1, self.content.frozen)
        self.sheet.autofilter(0, 0, last, len(columns) - 1)
        for number, width in enumerate(self.widths):
            self.sheet.set_column(number, number, width)
        self.sheet.set_landscape()
        self.sheet.repeat_rows(0)
        self.sheet.fit_to_pages(1, 0)

    def cell(self, row: int, number: int, value: object, column: SheetColumn, form: str) -> None:
        match value:
            case bool():
                self.sheet.write_boolean(row, number, value, self.forms.of(""))
            case Decimal() | int() | float() if is_exact(value):
                self.sheet.write_number(row, number, value, self.forms.of(form))
                self.widen(number, len(f"{value:,.2f}") + 5)
            case datetime.date() if _FIRST_DAY <= value <= _LAST_DAY:
                self.sheet.write_datetime(row, number, datetime.datetime.combine(value, datetime.time()), self.forms.of(form))
                self.widen(number, 11)
            case _:
                self.text(row, number, str(value), column)

    def text(self, row: int, number: int, text: str, column: SheetColumn) -> None:
        if len(text) > LONGEST:
            text = text[: LONGEST - 1] + "…"
        tint = self.forms.tint(text) if column.tinted else ""
        self.sheet.write_string(row, number, text, self.forms.of("@", tint, quoted=text.startswith(_FORMULA_STARTS)))
        self.widen(number, len(text) + 2)

    def widen(self, number: int, width: int) -> None:
        if width > self.widths[number]:
            self.widths[number] = min(width, WIDEST)


def is_exact(value: Decimal | int | float) -> bool:
    """Whether a sheet, whose numbers have 15 digits, can hold the number as it is."""
    if isinstance(value, float):
        return math.isfinite(value)
    return Decimal(f"{float(value):.15g}") == value
