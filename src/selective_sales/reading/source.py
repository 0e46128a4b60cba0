"""A file's bytes -> its text, with the findings that concern the file as a whole.

It refuses: what cannot be opened, more than 4 MiB, other encodings than UTF-8, control characters and hidden characters that turn the
direction of writing. The text is brought to NFC first, so that one name has one spelling; places count the characters of that text.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ..model.finding import Finding
from ..model.place import Place

LARGEST = 4 * 1024 * 1024
LONGEST_MARK_RUN = 30
"""Combining marks after one letter (Unicode's stream-safe limit); normalising longer runs takes quadratic time."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Source:
    """A file's text in NFC, with places by character offset. (No slots: the starts of lines are found once, when first asked for.)"""

    path: str
    text: str = field(repr=False)
    sha256: str = ""

    @cached_property
    def line_starts(self) -> list[int]:
        """The offset at which each line begins."""
        return [0, *(match.end() for match in _LINE_BREAK.finditer(self.text))]

    def line_column(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of the character at that offset."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def span(self, start: int, end: int) -> Place:
        """The place from one offset to another (exclusive)."""
        return Place(self.path, *self.line_column(start), *self.line_column(end))

    def line_text(self, line: int) -> str:
        """The text of a line, counted from 1, without its break."""
        starts = self.line_starts
        end = starts[line] if line < len(starts) else len(self.text)
        return self.text[starts[line - 1] : end].rstrip("\r\n")


def load(path: Path, largest: int = LARGEST) -> tuple[Source | None, tuple[Finding, ...]]:
    """The file at that path."""
    content, findings = content_of(path, largest)
    return (None, findings) if content is None else from_bytes(str(path), content, largest)


def content_of(path: Path, largest: int = LARGEST) -> tuple[bytes | None, tuple[Finding, ...]]:
    """The bytes of the file at that path; of one that is too large only so many that it shows."""
    try:
        if path.exists() and not path.is_file():
            help = "name a file"
            return None, (Finding("SS001", "this is not a file but a folder, a device or a pipe", Place(str(path)), help),)
        with path.open("rb") as stream:
            return stream.read(largest + 1), ()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "its name is not a file's name"
        help = "check the path and whether you may read the file"
        return None, (Finding("SS001", f"the file cannot be read: {why}", Place(str(path)), help),)


def from_bytes(path: str, content: bytes, largest: int = LARGEST) -> tuple[Source | None, tuple[Finding, ...]]:
    """The text in those bytes, or the finding that says why there is none."""
    whole = Place(path)
    if len(content) > largest:
        return None, (
            Finding(
                "SS002", f"the file is larger than {largest // 1024**2} MiB", whole, "split it, or take out what does not belong in it"
            ),
        )
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, (_not_utf8(path, content, error),)
    text = text.removeprefix("\ufeff")
    forbidden = _FORBIDDEN.search(text)
    if forbidden is not None:
        return None, (_forbidden_character(Source(path, text), forbidden.start()),)
    if not unicodedata.is_normalized("NFC", text):
        run = _long_run_of_marks(text)
        if run is not None:
            message = f"more than {LONGEST_MARK_RUN} accents stand on one letter"
            return None, (Finding("SS004", message, Source(path, text).span(run, run + 1), "delete them: no writing needs them"),)
        text = unicodedata.normalize("NFC", text)
    return Source(path, text, hashlib.sha256(content).hexdigest()), ()


def _not_utf8(path: str, content: bytes, error: UnicodeDecodeError) -> Finding:
    before = content[: error.start].decode("utf-8", errors="replace").removeprefix("\ufeff")
    place = Source(path, before).span(len(before), len(before))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        found = "it looks like UTF-16"
    else:
        found = f"byte 0x{content[error.start]:02X} belongs to another encoding, such as Windows-1250"
    return Finding("SS003", f"the file is not UTF-8: {found}", place, "save it as UTF-8 (in most editors: Save as, Encoding)")


def _forbidden_character(source: Source, at: int) -> Finding:
    code = ord(source.text[at])
    place = source.span(at, at + 1)
    if 0x202A <= code <= 0x2069 and code not in (0x2028, 0x2029):
        what = "a hidden character that turns the direction of writing: the text would not mean what it looks like"
    else:
        what = "a control character, which cannot be seen"
    return Finding("SS004", f"U+{code:04X} is {what}", place, "delete it (retype the text around it)")


def _long_run_of_marks(text: str) -> int | None:
    run = 0
    for at, character in enumerate(text):
        run = run + 1 if character >= "\u0300" and unicodedata.combining(character) else 0
        if run > LONGEST_MARK_RUN:
            return at
    return None
