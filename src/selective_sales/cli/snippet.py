"""A place in a file in, the line with its carets out. Whatever the file holds, a terminal only ever gets harmless characters."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

from ..model.place import Place

_WIDEST = 110
_TAB = "    "
_MOST_BYTES = 2 * 1024 * 1024
"""A policy is far smaller; of a large data file only the beginning is looked at."""
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_CLUSTER = re.compile("[^\u0300-\u036f][\u0300-\u036f]*|[\u0300-\u036f]+")
"""A character with the accents that follow it."""
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def visible(text: str, longest: int = 600) -> str:
    """The text with control, direction and escape characters shown as what they are, on one line, cut where it is endless."""
    shown = "".join(_shown(char) for char in text[: longest + 1])
    return shown if len(text) <= longest else shown[:longest] + "…"


def nearby(path: str) -> str:
    """A path below the current folder without that folder."""
    try:
        return path.removeprefix(os.getcwd() + os.sep)
    except OSError:  # the folder was taken away meanwhile
        return path


def snippet(lines: list[str], place: Place) -> tuple[str, str] | None:
    """The line of that place and the carets below it, or None where there is no such line to show. Both fit a terminal's width."""
    if not 1 <= place.line <= len(lines):
        return None
    line = lines[place.line - 1].rstrip()
    if "\ufffd" in line:
        return None  # another encoding than UTF-8: nobody could read the line, and its columns are not those of the place
    first = min(max(place.column - 1, 0), len(line))
    last = len(line) if place.end_line > place.line else first + place.width
    first_shown, last_shown = _window(line, first, last)
    cells = [_cell(char) for char in line[first_shown:last_shown]]
    before = _width("".join(cells[: first - first_shown]))
    marked = _width("".join(cells[first - first_shown : last - first_shown]))
    head = "…" if first_shown else ""
    tail = "…" if last_shown < len(line) else ""
    return head + "".join(cells) + tail, " " * (before + len(head)) + "^" * max(marked, 1)


def read_lines(path: str) -> list[str]:
    """The lines of a text file as an editor counts them; none where it is no readable text."""
    # Columns count the characters of normalized text, as the reader saw it.
    return [unicodedata.normalize("NFC", line) for line in lines_as_written(path)]


def lines_as_written(path: str) -> list[str]:
    """The same lines, character by character as they are in the file."""
    file = Path(path)
    try:
        if not file.is_file():
            return []
        with file.open("rb") as stream:
            content = stream.read(_MOST_BYTES)
    except (OSError, ValueError):
        return []
    if b"\0" in content:
        return []
    return _LINE_BREAK.split(content.decode("utf-8-sig", errors="replace"))


def column_as_written(line: str, column: int) -> int:
    """Where in a line of the file the column of the normalized line stands: an accent may be a character of its own there."""
    if unicodedata.is_normalized("NFC", line):
        return column
    seen = written = 0
    for cluster in _CLUSTER.findall(line):
        if seen >= column - 1:
            break
        seen += len(unicodedata.normalize("NFC", cluster))
        written += len(cluster)
    return written + column - seen


def _window(line: str, first: int, last: int) -> tuple[int, int]:
    """Which characters of a long line are shown: the marked ones, with what stands around them."""
    if len(line) <= _WIDEST:
        return 0, len(line)
    start = max(0, min(first - _WIDEST // 3, len(line) - _WIDEST))
    if last - start > _WIDEST:
        start = min(start, first) if first - start < _WIDEST // 2 else first
    return start, min(len(line), start + _WIDEST)


def _cell(char: str) -> str:
    return _TAB if char == "\t" else _shown(char)


def _shown(char: str) -> str:
    if char.isascii() and char.isprintable():
        return char
    if unicodedata.category(char) not in _INVISIBLE:
        return char
    named = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(char)
    if named is not None:
        return named
    code = ord(char)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"


def _width(text: str) -> int:
    """Columns of a terminal: wide characters take two, combining ones none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in ("W", "F") else 1 for c in text)
