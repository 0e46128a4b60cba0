"""Rows and rejects of a text file in; the same with what the reader passed over in silence, or a finding where rows cannot be told apart.

Every record of a file is a row, or a reject that somebody is told of. The engine's reader drops a line that is longer than its buffer
without a word, and behind a quote that is never closed it goes on anywhere. So records are counted: by the file's line ends, which is
quick and mostly enough, else by this room's own reading.
"""

from __future__ import annotations

from ..model.finding import Finding
from ..model.place import Place
from .forms import Source
from .lines import count
from .rejects import TOO_LONG, UNQUOTED, Reject


def account(source: Source, rows: int, rejects: tuple[Reject, ...]) -> tuple[tuple[Reject, ...], Finding | None]:
    """All rejects in file order, and a finding where rows and rejects are not the records of the file."""
    if source.lines is None or rows + len(rejects) == source.lines - source.skip - source.header:
        return rejects, None
    counted = count(source)
    known = {reject.position for reject in rejects}
    silent = (Reject(at, TOO_LONG, begins.decode("utf-8", errors="replace")) for at, begins in counted.too_long if at not in known)
    rejects = tuple(sorted((*rejects, *silent), key=lambda reject: reject.position))
    if rows + len(rejects) == counted.records:
        return rejects, None
    found = rows + len(rejects)
    message = f"{source.table.name}: the rows cannot be told apart: {found} were found, but by its quotes the file has {counted.records}"
    unclosed = any(reject.fault == UNQUOTED for reject in rejects)
    help_ = "Look for a quote that is not closed" if unclosed else "Write the file again, with every text in quotes"
    return rejects, Finding("SS722", message, Place(source.shown), help_)
