"""`rows_from`: the rows of a decision table in a CSV file beside the policy.

The first line names every input (as `inputs` writes it) and every output, in any order; `,` or `;` divides. Whatever is wrong is told with
the line and column of the CSV file.
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..model.decision_tables import Output, TableRow
from ..model.expression import Constant, Expression
from ..model.kind import Kind
from ..model.place import Place
from ..model.policy import SourceFile
from . import source as files
from .cells import cell_of
from .conditions import UNREADABLE
from .desk import Desk, text
from .nodes import Node
from .parts import inside
from .source import Source

if TYPE_CHECKING:
    from .decision_tables import Shape

MOST_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class CsvCell:
    """A cell with its text, and the offset in the file at which the text begins; `straight` where it stands there as it is."""

    text: str
    start: int
    straight: bool


def read_rows(desk: Desk, node: Node, shape: Shape) -> tuple[TableRow, ...]:
    """The rows of the file that the node names."""
    path = inside(desk, node, text(node) or "")
    if path is None:
        return ()
    source, findings = files.load(path)
    desk.findings.extend(findings)
    if source is None:
        return ()
    desk.files.append(SourceFile(source.path, source.sha256, source.text))
    lines = list(_lines(source))
    if not lines:
        desk.error("SS144", "the file of rows is empty", Place(source.path), f"its first line is: {','.join(_names(shape))}")
        return ()
    order = _header(desk, source, lines[0], shape)
    if order is None:
        return ()
    if len(lines) > MOST_ROWS + 1:
        desk.error("SS144", f"the file has {len(lines) - 1:,} rows", Place(source.path), f"at most {MOST_ROWS:,} are read")
        return ()
    return tuple(row for line in lines[1:] if (row := _row(desk, source, line, order, len(lines[0]), shape)) is not None)


def _names(shape: Shape) -> list[str]:
    return [*shape.inputs, *(o.name for o in shape.outputs)]


def _lines(source: Source) -> Iterator[list[CsvCell]]:
    """The lines that hold anything; a quoted cell may hold line breaks."""
    delimiter = _delimiter(source.text)
    at = 0
    text = source.text
    while at < len(text):
        cells: list[CsvCell] = []
        while True:
            cell, at = _cell(text, at, delimiter)
            cells.append(cell)
            if at >= len(text) or text[at] != delimiter:
                break
            at += 1
        while at < len(text) and text[at] in "\r\n":
            at += 1
        if any(cell.text for cell in cells):
            yield cells


def _delimiter(text: str) -> str:
    """What divides the first line: the sign that is there more often outside of quotes."""
    first = text.splitlines()[0] if text else ""
    counts = {sign: len(next(csv.reader([first], delimiter=sign), [])) for sign in ";,"}
    return max(counts, key=lambda sign: counts[sign])


def _cell(text: str, at: int, delimiter: str) -> tuple[CsvCell, int]:
    """The cell that begins there, and where it ends (at a delimiter, a line's end or the file's)."""
    if text[at : at + 1] == '"':
        pieces, start = [], at + 1
        while True:
            close = text.find('"', start)
            close = len(text) if close < 0 else close
            pieces.append(text[start:close])
            if text[close + 1 : close + 2] != '"':
                break
            pieces.append('"')
            start = close + 2
        end = close + 1
        while end < len(text) and text[end] not in f"{delimiter}\r\n":
            end += 1
        return CsvCell("".join(pieces).strip(), at + 1, len(pieces) == 1), end
    end = at
    while end < len(text) and text[end] not in f"{delimiter}\r\n":
        end += 1
    raw = text[at:end]
    return CsvCell(raw.strip(), at + len(raw) - len(raw.lstrip()), True), end


def _place(source: Source, cell: CsvCell, start: int = 0, end: int | None = None) -> Place:
    if not cell.straight:
        return source.span(cell.start, cell.start + 1)
    last = max(len(cell.text), 1) if end is None else end
    return source.span(cell.start + start, cell.start + last)


def _header(desk: Desk, source: Source, line: Sequence[CsvCell], shape: Shape) -> list[int] | None:
    """Where each column of the table stands in the file; None after a finding."""
    wanted = _names(shape)
    found: dict[str, int] = {}
    before = len(desk.findings)
    for number, cell in enumerate(line):
        name = " ".join(cell.text.split())
        if name not in wanted:
            near = difflib.get_close_matches(name, [w for w in wanted if w not in found], 1)
            help = f"did you mean '{near[0]}'?" if near else f"the columns are {', '.join(wanted)}"
            desk.error("SS145", f"the table has no column '{name}'", _place(source, cell), help)
        elif name in found:
            desk.error("SS145", f"the column '{name}' stands twice", _place(source, cell), "delete one of them")
        else:
            found[name] = number
    lacking = [name for name in wanted if name not in found]
    if lacking and len(desk.findings) == before:
        desk.error("SS145", f"the file has no column '{lacking[0]}'", _place(source, line[0]), f"its columns are {', '.join(wanted)}")
    return None if lacking or len(desk.findings) > before else [found[name] for name in wanted]


def _row(desk: Desk, source: Source, line: Sequence[CsvCell], order: Sequence[int], width: int, shape: Shape) -> TableRow | None:
    place = source.span(line[0].start, line[-1].start + max(len(line[-1].text), 1))
    if len(line) != width:
        message = f"this line has {len(line)} cells, the first line {width}"
        desk.error("SS142", message, place, "a cell with the dividing sign in it stands in double quotes")
        return None
    cells = [line[i] for i in order]
    split = len(shape.inputs)
    tests = tuple(cell_of(c.text, lambda s, e, c=c: _place(source, c, s, e), _place(source, c)) for c in cells[:split])  # type: ignore[misc]
    outputs = tuple(_output(desk, source, c, o) for c, o in zip(cells[split:], shape.outputs, strict=True))
    return TableRow(tests, outputs, place)


def _output(desk: Desk, source: Source, cell: CsvCell, output: Output) -> Expression:
    from .expression import parse

    place = _place(source, cell)
    if cell.text in ("", "-"):
        desk.error("SS143", f"the output '{output.name}' is empty", place, "write a value; write missing where the row gives none")
        return UNREADABLE
    if cell.text == "missing":
        return Constant(None, "missing", place=place)
    if output.type is Kind.TEXT:
        return Constant(cell.text, f'"{cell.text}"', place=place)
    tree, findings = parse(cell.text, lambda start, end: _place(source, cell, start, end))
    desk.findings.extend(findings)
    return UNREADABLE if tree is None else tree
