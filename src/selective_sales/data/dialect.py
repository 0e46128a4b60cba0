"""The beginning of a delimited file in, its dialect out: delimiter, quote, header. Never reads the file itself.

The columns that the contract expects settle the delimiter: a header with unquoted commas cannot pass for one column.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from ..model.contract import SPACES

DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class Dialect:
    """A delimited file's form. `names` are the headers, trimmed and NFC (without a header row: as many empty names as columns).
    `blank_lines` stand before the first row.
    """

    delimiter: str
    quote: str
    names: tuple[str, ...]
    detected: bool
    blank_lines: int = 0


def normal(text: str) -> str:
    """Trimmed and NFC: how names and cells are compared."""
    return unicodedata.normalize("NFC", text.strip(SPACES)).strip(SPACES)


def sniff(sample: str, *, delimiter: str | None, quote: str | None, header: bool, expected: Sequence[str]) -> Dialect | None:
    """The dialect under which the header holds most expected columns; None where the sample has no row at all."""
    quote = '"' if quote is None else quote
    candidates = DELIMITERS if delimiter is None else (delimiter,)
    wanted = {normal(name) for name in expected}
    blank_lines = 0
    for line in io.StringIO(sample, newline=""):
        if normal(line):
            break
        blank_lines += 1
    best: tuple[tuple[int, int, int], Dialect] | None = None
    for order, candidate in enumerate(candidates):
        rows = _rows(sample, candidate, quote)
        if not rows:
            return None
        names = tuple(normal(name) for name in rows[0])
        same = sum(len(row) == len(names) for row in rows)
        hits = len(wanted & set(names)) if header else int(len(names) == len(expected))
        score = (hits, same * 100 // len(rows) if len(names) > 1 else 0, -order)
        found = Dialect(candidate, quote, names if header else ("",) * len(names), delimiter is None and len(names) > 1, blank_lines)
        if best is None or score > best[0]:
            best = (score, found)
    return None if best is None else best[1]


def _rows(sample: str, delimiter: str, quote: str) -> list[list[str]]:
    """The first records (blank lines left out). A sample's last record may be cut: it is left out where there are others."""
    text = io.StringIO(sample, newline="")
    reader = csv.reader(text, delimiter=delimiter, quotechar=quote or None, quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE)
    try:
        rows = [row for row in islice(reader, 200) if row and (len(row) > 1 or row[0].strip())]
    except csv.Error:
        rows = [line.rstrip("\r\n").split(delimiter) for line in islice(io.StringIO(sample, newline=""), 1)]
    return rows[:-1] if len(rows) > 2 else rows
