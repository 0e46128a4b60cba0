"""Record numbers of a text file in, its physical lines out: only for the rows that somebody is shown.

The engine numbers the records that it accepted; a record may span lines (a quoted line end), blank lines are none, and unreadable
records are known by their byte position. The file is walked once, in this module's own reading of quotes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .forms import Source

MOST_TEXTS = 20
"""Records whose text is kept: as many as are shown."""
LINE_LIMIT = 2 << 20
"""Bytes of the longest record that is read."""
LONGEST_TEXT = 20_000
"""Bytes of a line whose cells are looked for."""


@dataclass(frozen=True, slots=True)
class Located:
    """Lines (from 1) by record number, and by byte position of unreadable records; the text of the first records that stand on one line."""

    records: dict[int, int]
    rejects: dict[int, int]
    texts: dict[int, str] = field(default_factory=dict)


def locate(source: Source, records: Collection[int], rejects: Sequence[int]) -> Located:
    """The lines of those records. Where rows have no lines (Parquet, tables in memory) it is the row number, from 1."""
    if source.rows is not None:
        return Located({record: source.rows[record] for record in records}, {})
    if not source.located:
        return Located({}, {})
    if source.read_from is None:
        return Located({record: record + 1 for record in records}, {})
    wanted, unreadable = set(records), set(rejects)
    last, last_byte = max(wanted, default=-1), max(unreadable, default=-1)
    found: dict[int, int] = {}
    broken: dict[int, int] = {}
    texts: dict[int, str] = {}
    number = -1
    skip_header = source.header
    for line, position, body, _ in _records(source):
        if skip_header:
            skip_header = False
            continue
        if position in unreadable:
            broken[position] = line
        else:
            number += 1
            if number in wanted:
                found[number] = line
                if 0 < len(body) <= LONGEST_TEXT and len(texts) < MOST_TEXTS:
                    texts[number] = unicodedata.normalize("NFC", body.decode("utf-8", errors="replace"))
        if number >= last and position >= last_byte:
            break
    return Located(found, broken, texts)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many records a file has, and those too long to be read: byte position and beginning of each."""

    records: int
    too_long: tuple[tuple[int, bytes], ...]


def count(source: Source) -> Counted:
    """The records of a text file by this module's own reading."""
    number = -1 if source.header else 0
    too_long = []
    for _, position, body, length in _records(source):
        if number >= 0 and length > LINE_LIMIT:
            too_long.append((position, body[:300]))
        number += 1
    return Counted(max(number, 0), tuple(too_long))


def _records(source: Source) -> Iterator[tuple[int, int, bytes, int]]:
    """Line and byte position at which each record starts, its bytes where it is one line (of a very long one the first), its length."""
    quote, delimiter = source.quote.encode(), source.delimiter.encode()
    keeps_blank = source.format != "jsonl" and source.width == 1
    position, start, start_line, inside = 0, 0, 0, False
    assert source.read_from is not None
    for number, (line, length) in enumerate(_lines(source.read_from), start=1):
        if number <= source.skip:
            position += length
            continue
        if not inside:
            start, start_line = position, number
        position += length
        if number == 1 and line.startswith(b"\xef\xbb\xbf"):
            line = line[3:]
        body = line.rstrip(b"\r\n")
        if not inside and not (body.strip(b" \t") if source.format == "jsonl" else body) and not keeps_blank:
            continue
        if length > len(line):
            # So long a line is no row, whatever quotes it has: the reader too goes on behind it.
            inside = False
        elif quote and (inside or quote in body):
            inside = _open_at_end(body, quote, delimiter, inside)
        if not inside:
            yield start_line, start, body if start_line == number else b"", position - start
    if inside:
        yield start_line, start, b"", position - start


def _lines(path: Path) -> Iterator[tuple[bytes, int]]:
    """Lines with their ends and lengths; of one that is longer than is read only the first part.

    A file that ends its lines by carriage returns alone is cut at those.
    """
    with path.open("rb") as file:
        head = file.read(1 << 16)
        file.seek(0)
        if b"\r" not in head or b"\n" in head:
            while line := file.readline(LINE_LIMIT + 2):
                length = len(line)
                if length > LINE_LIMIT and not line.endswith(b"\n"):
                    while more := file.readline(LINE_LIMIT):
                        length += len(more)
                        if more.endswith(b"\n"):
                            break
                yield line, length
            return
        held = b""
        while chunk := file.read(1 << 20):
            *whole, held = (held + chunk).split(b"\r")
            yield from ((line + b"\r", len(line) + 1) for line in whole)
        if held:
            yield held, len(held)


def _open_at_end(body: bytes, quote: bytes, delimiter: bytes, inside: bool) -> bool:
    """True where a quoted cell is still open at the end of the line."""
    at, end = 0, len(body)
    while at <= end:
        if not inside:
            first = at
            while first < end and body[first : first + 1] == b" ":
                first += 1
            if body[first : first + len(quote)] != quote:
                following = body.find(delimiter, at)
                if following < 0:
                    return False
                at = following + len(delimiter)
                continue
            at, inside = first + len(quote), True
        closing = body.find(quote, at)
        if closing < 0:
            return True
        if body[closing + len(quote) : closing + 2 * len(quote)] == quote:
            at = closing + 2 * len(quote)
            continue
        inside = False
        following = body.find(delimiter, closing)
        if following < 0:
            return False
        at = following + len(delimiter)
    return False
