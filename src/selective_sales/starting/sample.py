"""A client file in; its dialect and the profile of every column out, read to the end in one stream. Refuses what is not text in rows."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from pathlib import Path
from typing import Literal

from ..model.finding import Finding, Severity
from ..model.place import Place
from .naming import clean
from .profile import Column, Repeats, is_missing

_BREAK = re.compile(r"\r\n?|\n")
_BLANK = re.compile(r"\s")
Encoding = Literal["utf-8", "windows-1250", "utf-16"]

DELIMITERS = (",", ";", "\t", "|")
_PROBE_ROWS = 200
_CHUNK = 1 << 20
_CHUNK_ROWS = 1 << 12
"""Enough rows that a value seen often is looked at seldom; few enough that Python's memory is not searched in vain again and again."""
_CODECS: dict[Encoding, str] = {"utf-8": "utf-8-sig", "windows-1250": "cp1250", "utf-16": "utf-16"}


@dataclass(frozen=True, slots=True)
class Sampled:
    """A file as it was found. `columns` leaves out those that no contract could name."""

    path: Path
    encoding: Encoding
    delimiter: str
    rows: int
    columns: tuple[Column, ...]
    example: tuple[str, ...] = ()
    """The cells of these columns in one row that has as few blanks as can be."""
    a_row_a_line: bool = True


def sample(path: Path) -> tuple[Sampled | None, tuple[Finding, ...]]:
    """Reads the whole file; None with an error where no contract can be drawn from it."""
    encoding, refusal = _encoding(path)
    if encoding is None or refusal is not None:
        return None, (refusal,) if refusal else ()
    try:
        delimiter = _delimiter(path, encoding)
        return _profile(path, encoding, delimiter)
    except csv.Error as error:
        return None, (
            _unreadable(
                path, f"this is not a readable CSV file: {error}", "save the table as CSV, with quotes around cells that need them"
            ),
        )


def _unreadable(path: Path, message: str, help_: str, line: int = 0) -> Finding:
    return Finding("SS751", message, Place(str(path), line, 1 if line else 0), help_)


def _encoding(path: Path) -> tuple[Encoding | None, Finding | None]:
    """UTF-8 where every byte is; else Windows-1250 where every byte is."""
    try:
        with path.open("rb") as file:
            head = file.read(4)
            if head.startswith((b"\xff\xfe", b"\xfe\xff")):
                return ("utf-16", None) if _decodes(path, "utf-16") else (None, _undecodable(path))
            if head.startswith(b"PAR1"):
                return None, _unreadable(path, "this is a Parquet file", _exported(path, "parquet"))
            if head.startswith(b"PK\x03\x04"):
                return None, _unreadable(path, "this is not a text file", "export the table as CSV and give that file")
            if head.lstrip().startswith((b"{", b"[")):
                return None, _unreadable(path, "this is JSON", _exported(path, "json"))
            file.seek(0)
            if any(b"\0" in chunk for chunk in iter(lambda: file.read(_CHUNK), b"")):
                return None, _unreadable(
                    path, "the file holds NUL bytes: it is not a text file", "export the table as CSV and give that file"
                )
    except OSError as error:
        return None, _unreadable(path, f"the file cannot be read: {error.strerror}", "give the path of a CSV file")
    if _decodes(path, _CODECS["utf-8"]):
        return "utf-8", None
    return ("windows-1250", None) if _decodes(path, _CODECS["windows-1250"]) else (None, _undecodable(path))


def _exported(path: Path, format_: str) -> str:
    """How to make a CSV file of it, with what is installed anyway."""
    table = f"duckdb.read_{format_}('{path.name}')"
    return f"""make a CSV file of it: python -c "import duckdb; {table}.write_csv('{path.stem}.csv')" (evaluate reads it as it is)"""


def _undecodable(path: Path) -> Finding:
    return _unreadable(path, "the file is neither UTF-8 nor UTF-16 nor Windows-1250", "save it as CSV UTF-8")


def _decodes(path: Path, codec: str) -> bool:
    try:
        with path.open(encoding=codec, newline="") as file:
            while file.read(_CHUNK):
                pass
    except UnicodeDecodeError:
        return False
    return True


def combined(sampled: Sampled, positions: Sequence[int]) -> Repeats:
    """Whether these columns together name each client once: one more look at the file."""
    found = Repeats()
    for number, (lines, rows) in enumerate(_chunks(sampled.path, sampled.encoding, sampled.delimiter)):
        parts = [[clean(cells[position]) for position in positions] for cells in rows]
        cells = [", ".join(map(repr, part)) if all(part) else "" for part in parts]
        first = 1 if number == 0 else 0  # the header
        found.take(cells[first:], lines[first:], Counter(cells[first:]))
    return found


def _chunks(path: Path, encoding: Encoding, delimiter: str) -> Iterator[tuple[Sequence[int], list[list[str]]]]:
    """Some thousands of rows at a time with the numbers of the lines on which they end; lines without anything are passed over."""
    with path.open(encoding=_CODECS[encoding], newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        line = 0
        while rows := list(islice(reader, _CHUNK_ROWS)):
            lines: Sequence[int] = range(line + 1, line + len(rows) + 1)
            if reader.line_num - line != len(rows):
                lines = list(accumulate((1 + sum(len(_BREAK.findall(cell)) for cell in row) for row in rows), initial=line))[1:]
            line = reader.line_num
            if not all(rows):
                lines = [number for number, row in zip(lines, rows, strict=True) if row]
                rows = [row for row in rows if row]
            if rows:
                yield lines, rows


def _delimiter(path: Path, encoding: Encoding) -> str:
    """The delimiter under which most rows have as many cells as the header, and the header the most."""
    with path.open(encoding=_CODECS[encoding], newline="") as file:
        head = "".join(islice(file, _PROBE_ROWS))
    best, best_score = ",", (0, 0)
    for delimiter in DELIMITERS:
        widths = [len(row) for row in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter) if row]
        if widths and widths[0] > 1:
            score = (widths.count(widths[0]), widths[0])
            if score > best_score:
                best, best_score = delimiter, score
    return best


def _profile(path: Path, encoding: Encoding, delimiter: str) -> tuple[Sampled | None, tuple[Finding, ...]]:
    headers: list[str] = []
    kept: list[Column] = []
    findings: tuple[Finding, ...] = ()
    example: tuple[str, ...] = ()
    count = last = 0
    for lines, rows in _chunks(path, encoding, delimiter):
        if not headers:
            headers = [clean(header) for header in rows[0]]
            if not any(headers):
                break
            kept, findings = _nameable(path, headers)
            lines, rows = lines[1:], rows[1:]
        ragged = next(((line, len(row)) for line, row in zip(lines, rows, strict=True) if len(row) != len(headers)), None)
        if ragged is not None:
            return None, (_ragged(path, *ragged, len(headers)),)
        if rows:
            columns = list(zip(*rows, strict=True))
            cleaned = [_cleaned(columns[column.position]) for column in kept]
            for column, cells in zip(kept, cleaned, strict=True):
                column.take(cells, lines)
            example = example or _wholest(cleaned)
            count, last = count + len(rows), lines[-1]
    if not any(headers):
        return None, (_unreadable(path, "the file is empty", "the first line names the columns, each further line is a client"),)
    if count == 0:
        return None, (_unreadable(path, "the file names its columns but holds no client", "give a file with at least one client", 1),)
    return Sampled(path, encoding, delimiter, count, tuple(kept), example, last == count + 1), findings


def _cleaned(cells: Sequence[str]) -> Sequence[str]:
    together = "".join(cells)
    if together.isascii():
        return list(map(str.strip, cells)) if _BLANK.search(together) else cells
    known = {cell: clean(cell) for cell in set(cells)}
    return list(map(known.__getitem__, cells))


def _wholest(columns: list[Sequence[str]]) -> tuple[str, ...]:
    """The first row without a blank; where there is none, the first with the fewest."""
    best: tuple[str, ...] = ()
    fewest = len(columns) + 1
    for row in zip(*columns, strict=True):
        blanks = sum(map(is_missing, row))
        if blanks < fewest:
            best, fewest = row, blanks
        if blanks == 0:
            break
    return best


def _nameable(path: Path, headers: list[str]) -> tuple[list[Column], tuple[Finding, ...]]:
    """The columns that a contract can name: those with a header that stands once."""
    findings: dict[str, Finding] = {}
    kept = []
    for position, header in enumerate(headers):
        if not header:
            findings[f"#{position}"] = _left_out(path, f"column {position + 1} has no name and was left out")
        elif headers.count(header) > 1:
            findings[header] = _left_out(path, f"the column {header!r} stands more than once and was left out")
        else:
            kept.append(Column(header, position))
    return kept, tuple(findings.values())


def _left_out(path: Path, message: str) -> Finding:
    return Finding("SS754", message, Place(str(path), 1, 1), "give the column a name of its own if a rule should use it", Severity.WARNING)


def _ragged(path: Path, line: int, cells: int, expected: int) -> Finding:
    return Finding(
        "SS752",
        f"this row has {cells} cells, the header has {expected}",
        Place(str(path), line, 1),
        "mend the row (a cell that contains the delimiter needs quotes) and run init again",
    )
