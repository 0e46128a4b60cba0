"""A workbook's parts in, what holds for the whole of it out: its sheets, the system of its dates, shared texts, which styles are dates."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from pathlib import Path

from .formats import BUILT_IN, Shape, shape_of, width_of
from .parts import Parts, WorkbookError, damaged, local, no_workbook, parser_of, too_large

MOST_TEXT = 1 << 28
"""Characters of shared texts."""
LONGEST_CELL = 32_767
"""Characters that Excel lets into a cell."""
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A sheet of the workbook: its name, the part it stands in, whether people see it."""

    name: str
    part: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Book:
    """`from_1904`: dates are counted from there. `shapes`: what a number of each style is shown as; `widths`: of one with zeros."""

    path: Path
    sheets: tuple[SheetEntry, ...]
    from_1904: bool
    texts: list[str] = field(repr=False)
    shapes: tuple[Shape, ...] = field(repr=False)
    widths: tuple[int, ...] = field(repr=False, default=())


def read_book(parts: Parts, path: Path) -> Book:
    """What the parts say. Raises WorkbookError."""
    main = next(iter(relations(parts, path, "", "officeDocument").values()), "")
    if not parts.has(main):
        raise no_workbook(path)
    sheets, from_1904 = sheets_of(parts, path, main)
    strings = next(iter(relations(parts, path, main, "sharedStrings").values()), "")
    styles = next(iter(relations(parts, path, main, "styles").values()), "")
    texts = shared_texts(parts, path, strings) if parts.has(strings) else []
    shapes, widths = styles_of(parts, styles) if parts.has(styles) else ((), ())
    return Book(path, sheets, from_1904, texts, shapes, widths)


def relations(parts: Parts, path: Path, of: str, kind: str) -> dict[str, str]:
    """The parts that a part (`""`: the workbook as a whole) refers to, of that kind, by the id it uses."""
    folder, name = posixpath.split(of)
    source = posixpath.join(folder, "_rels", f"{name}.rels")
    if not parts.has(source):
        if not of:
            raise no_workbook(path)
        return {}
    found: dict[str, str] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        target = attributes.get("Target", "")
        if local(tag) == "Relationship" and attributes.get("Type", "").endswith(f"/{kind}") and attributes.get("TargetMode") != "External":
            joined = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            found[attributes.get("Id", "")] = posixpath.normpath(joined)

    parser = parser_of()
    parser.StartElementHandler = start
    for _ in parts.parse(source, parser):
        pass
    return found


def sheets_of(parts: Parts, path: Path, main: str) -> tuple[tuple[SheetEntry, ...], bool]:
    """The sheets with cells, in their order, and whether dates count from 1904."""
    targets = relations(parts, path, main, "worksheet")
    sheets: list[SheetEntry] = []
    system: list[bool] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        match local(tag):
            case "sheet":
                id_ = next((value for name, value in attributes.items() if name.endswith(":id")), "")
                if parts.has(targets.get(id_, "")):
                    hidden = attributes.get("state", "visible") != "visible"
                    sheets.append(SheetEntry(attributes.get("name", ""), targets[id_], hidden))
            case "workbookPr":
                system.append(is_true(attributes.get("date1904", "")))
            case _:
                pass

    parser = parser_of()
    parser.StartElementHandler = start
    for _ in parts.parse(main, parser):
        pass
    if not sheets:
        raise damaged(path, "it has no sheet with cells")
    return tuple(sheets), any(system)


def shared_texts(parts: Parts, path: Path, name: str) -> list[str]:
    """The texts that cells refer to by number."""
    texts: list[str] = []
    pieces: list[str] = []
    room = MOST_TEXT
    inside = ""

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal inside
        here = local(tag)
        if here == "si":
            pieces.clear()
        elif here == "rPh":
            inside = "rPh"  # how a text is pronounced is not what it says
        elif here == "t" and inside != "rPh":
            inside = "t"

    def end(tag: str) -> None:
        nonlocal inside, room
        here = local(tag)
        if here == "si":
            text = plain("".join(pieces))
            room -= len(text) + 50
            if room < 0:
                raise too_large(path, "its texts alone do not fit the memory")
            texts.append(text)
        elif here in ("t", "rPh") and (here == "rPh" or inside == "t"):
            inside = ""

    def data(text: str) -> None:
        if inside == "t":
            pieces.append(text)

    parser = parser_of()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, data
    for _ in parts.parse(name, parser):
        if sum(map(len, pieces)) > MOST_TEXT:
            raise too_large(path, "it has a text that does not fit the memory")
    return texts


def styles_of(parts: Parts, name: str) -> tuple[tuple[Shape, ...], tuple[int, ...]]:
    """For each style that a cell can name, what its numbers are shown as, and with how many digits at least."""
    own: dict[str, Shape] = {}
    own_widths: dict[str, int] = {}
    shapes: list[Shape] = []
    widths: list[int] = []
    inside = ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        match local(tag):
            case "cellXfs":
                inside = "cellXfs"
            case "numFmt":
                id, code = attributes.get("numFmtId", ""), attributes.get("formatCode", "")
                own[id], own_widths[id] = shape_of(code), width_of(code)
            case "xf" if inside == "cellXfs":
                number = attributes.get("numFmtId", "0")
                shapes.append(own.get(number) or BUILT_IN.get(number, Shape.NUMBER))
                widths.append(own_widths.get(number, 0))
            case _:
                pass

    def end(tag: str) -> None:
        nonlocal inside
        if local(tag) == "cellXfs":
            inside = ""

    parser = parser_of()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    for _ in parts.parse(name, parser):
        pass
    return tuple(shapes), tuple(widths)


def plain(text: str) -> str:
    """The text as people see it: `_x000D_` is a character that XML cannot hold; ends of lines are of one kind."""
    if "_x" in text:
        text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
        text = "".join("\ufffd" if char == "\0" or "\ud800" <= char <= "\udfff" else char for char in text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def is_true(text: str) -> bool:
    return text in ("1", "true")


def sheet_named(book: Book, wanted: str | None, table: str) -> SheetEntry:
    """The sheet of that name; where none is named the only one that people see, else the one that is called like the table."""
    if wanted is not None:
        found = [sheet for sheet in book.sheets if sheet.name == wanted] or [s for s in book.sheets if folded(s.name) == folded(wanted)]
        if len(found) == 1:
            return found[0]
        raise WorkbookError("SS989", f"'{book.path}' has no sheet '{wanted}'", suggestion(book, wanted))
    seen = [sheet for sheet in book.sheets if not sheet.hidden] or list(book.sheets)
    called = [sheet for sheet in seen if folded(sheet.name) == folded(table)]
    if len(seen) == 1 or len(called) == 1:
        return (called or seen)[0]
    message = f"'{book.path}' has several sheets, and none is called '{table}': {named(book)}"
    raise WorkbookError("SS989", message, f"Say which one holds the table: --data '{table}={book.path}#{seen[0].name}'")


def suggestion(book: Book, wanted: str) -> str:
    import difflib

    near = difflib.get_close_matches(folded(wanted), {folded(sheet.name): sheet.name for sheet in book.sheets}, 1)
    meant = next((sheet.name for sheet in book.sheets if near and folded(sheet.name) == near[0]), None)
    return f"Did you mean '{meant}'?" if meant is not None else f"Its sheets: {named(book)}"


def named(book: Book, most: int = 20) -> str:
    shown = [f"'{sheet.name}'{' (hidden)' if sheet.hidden else ''}" for sheet in book.sheets[:most]]
    more = f" and {len(book.sheets) - most} more" if len(book.sheets) > most else ""
    return ", ".join(shown) + more


def folded(name: str) -> str:
    """Excel takes names of sheets in capitals and small letters for the same."""
    return name.strip().casefold()
