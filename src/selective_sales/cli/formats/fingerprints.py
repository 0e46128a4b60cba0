"""Findings in, for each what stays the same when lines are added elsewhere in its file: so that a known one is known again."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from ...model.finding import Finding
from ..snippet import column_as_written, lines_as_written
from .paths import uri


def fingerprints(findings: Sequence[Finding]) -> Iterator[str]:
    """In order: made of the code, the file, the line's own text and the part of it that is marked; the same again is counted."""
    _lines.cache_clear()
    seen: Counter[tuple[str, ...]] = Counter()
    for finding in findings:
        place = finding.place
        at = _lines(place.file)[place.line - 1 : place.line] if place.line else []
        line = unicodedata.normalize("NFC", at[0]) if at else finding.message
        marked = line[place.column - 1 : place.column - 1 + place.width] if at else ""
        key = (finding.code, uri(place.file) if place.file else "", " ".join(line.split()), marked)
        seen[key] += 1
        yield hashlib.sha256("\0".join((*key, str(seen[key]))).encode("utf-8", "surrogatepass")).hexdigest()


def written_column(file: str, line: int, column: int) -> int:
    """The column in the file as it is, where a letter and its accent may be two characters."""
    lines = _lines(file)
    return column_as_written(lines[line - 1], column) if 0 < line <= len(lines) else column


@lru_cache(maxsize=16)
def _lines(file: str) -> list[str]:
    return lines_as_written(file) if file else []
