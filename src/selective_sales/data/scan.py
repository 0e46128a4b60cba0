"""A file in, one streamed look at its bytes out: its sha256, its encoding, its line ends; and a copy in UTF-8 where it needs one.

Encodings: UTF-8 (with or without BOM), UTF-16 (by its BOM), Windows-1250 (declared, or detected only where nothing else is
plausible). Everything else is left to the reader, which finds the lines that are not UTF-8.
"""

from __future__ import annotations

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import Path

CHUNK = 1 << 20
SAMPLE = 1 << 16

_SHARED = frozenset("áâäéëíîóôöúüýßçÁÂÄÉËÍÎÓÔÖÚÜÝÇ§°´¸×÷¤¨\u00a0\u00ad".encode("cp1250"))
"""Bytes that Windows-1250, Windows-1252 and ISO 8859-2 read alike: whichever it is, the text is the same."""

_POLISH = frozenset("ąłśźżćęńĄŁŚŹŻĆĘŃ".encode("cp1250"))
_TYPOGRAPHIC = frozenset("€–—„”“’‚‘…«»®©™•".encode("cp1250"))


@dataclass(frozen=True, slots=True)
class FileScan:
    """What the bytes say. `encoding` is a Python codec name, or None where it is neither UTF-8 nor surely another."""

    sha256: str
    encoding: str | None
    bom: bool
    mixed_line_ends: bool
    size: int
    lines: int
    """Line ends, and a last line without one."""


def scan(path: Path, declared: str | None, *, text: bool) -> FileScan:
    """Read the file once, in chunks. For binary formats (`text` false) only the sha256 is made."""
    digest = hashlib.sha256()
    valid = codecs.getincrementaldecoder("utf-8")()
    is_utf8, size, head, last = True, 0, b"", b""
    high: set[int] = set()
    ends = _LineEnds()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            head, last = head or chunk[:4], chunk[-1:]
            size += len(chunk)
            if not text:
                continue
            ends.add(chunk)
            if not chunk.isascii():
                high.update(set(chunk.translate(None, _ASCII)))
            if is_utf8:
                try:
                    valid.decode(chunk)
                except UnicodeDecodeError:
                    is_utf8 = False
    if text and is_utf8:
        try:
            valid.decode(b"", final=True)
        except UnicodeDecodeError:
            is_utf8 = False
    encoding, bom = _encoding(head, is_utf8, high, declared)
    return FileScan(digest.hexdigest(), encoding, bom, ends.mixed, size, ends.count + (last not in (b"\n", b"\r", b"")))


def transcode(path: Path, encoding: str, target: Path) -> int | None:
    """Write the file as UTF-8 with `\\n` line ends; the byte position where it cannot be decoded, None where all went well."""
    decoder = codecs.getincrementaldecoder(encoding)()
    position, held = 0, ""
    with path.open("rb") as source, target.open("w", encoding="utf-8", newline="") as out:
        while True:
            chunk = source.read(CHUNK)
            try:
                text = held + decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return position + error.start
            position += len(chunk)
            # A chunk may end between \r and \n: the \r waits for the next one.
            held = "\r" if text.endswith("\r") and chunk else ""
            out.write(text[: len(text) - len(held)].replace("\r\n", "\n").replace("\r", "\n"))
            if not chunk:
                return None


_ASCII = bytes(range(128))


class _LineEnds:
    """Counts line ends of each kind, over chunk borders too."""

    def __init__(self) -> None:
        self.crlf = self.lf = self.cr = 0
        self.after_cr = False

    def add(self, chunk: bytes) -> None:
        crlf, lf, cr = 0, chunk.count(b"\n"), chunk.count(b"\r")
        if cr:
            crlf = chunk.count(b"\r\n")
        if self.after_cr and chunk[:1] == b"\n":
            crlf += 1
        self.after_cr = chunk[-1:] == b"\r"
        self.crlf += crlf
        self.lf += lf
        self.cr += cr

    @property
    def count(self) -> int:
        return self.lf + self.cr - self.crlf

    @property
    def mixed(self) -> bool:
        return sum(count > 0 for count in (self.crlf, self.lf - self.crlf, self.cr - self.crlf)) > 1


def _encoding(head: bytes, is_utf8: bool, high: set[int], declared: str | None) -> tuple[str | None, bool]:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", True
    bom = head.startswith(codecs.BOM_UTF8)
    if declared == "windows-1250" and not bom:
        return "cp1250", False
    if is_utf8 or declared == "utf-8":
        return "utf-8", bom
    if not bom and _is_windows_1250(high):
        return "cp1250", False
    return None, bom


def _is_windows_1250(high: set[int]) -> bool:
    """True where every byte above ASCII reads alike in all likely encodings, or they are Polish letters (at least two) and nothing odd."""
    if high <= _SHARED:
        return True
    return len(high & _POLISH) >= 2 and high <= _SHARED | _POLISH | _TYPOGRAPHIC
