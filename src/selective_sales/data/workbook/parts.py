"""A file in, the parts of the workbook in it out, piece by piece. Refuses what is no workbook, is locked, or grows beyond all measure.

Nothing is believed that the file says of its own size: what comes out of it is counted.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.parsers import expat

CHUNK = 1 << 18
MOST_BYTES = 2 << 30
"""Bytes of XML that are taken out of one workbook: a million rows of forty columns."""
MOST_ENTRIES = 10_000
LONGEST_TOKEN = 16 << 20
"""Bytes of XML in which neither a tag nor a text ends."""
_ENCODING = re.compile(rb"""(?:\xef\xbb\xbf)?<\?xml\b[^>]*?\bencoding\s*=\s*["']([^"'>]*)["']""")
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an old .xls begins, and a workbook with a password."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class WorkbookError(Exception):
    """Why a workbook cannot be read: the finding's code, message and help."""

    def __init__(self, code: str, message: str, help_: str) -> None:
        super().__init__(message)
        self.code, self.message, self.help = code, message, help_


class Parts:
    """The parts of an open workbook by their names. `parse` goes through one of them."""

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        self._archive = archive
        self._names = {info.filename: info for info in archive.infolist()}
        self._left = MOST_BYTES
        self._path = path

    def has(self, name: str) -> bool:
        return name in self._names

    def check(self) -> None:
        """Raises WorkbookError for an archive that no program for tables writes."""
        infos = self._archive.infolist()
        if len(infos) > MOST_ENTRIES or len(self._names) < len(infos):
            raise damaged(self._path, "it holds too many parts, or two of one name")
        if any(info.flag_bits & 1 for info in infos):
            raise locked(self._path)

    def _refuse_encoding(self, name: str, head: bytes) -> None:
        """XML of a workbook is in UTF-8 or UTF-16 (whose letters, one by one, are no name of an encoding)."""
        declared = _ENCODING.match(head)
        if declared is not None and declared[1].lower() not in (b"utf-8", b"utf-16", b"us-ascii"):
            raise damaged(self._path, f"{name}: the encoding is not UTF-8")

    def parse(self, name: str, parser: expat.XMLParserType, after: Callable[[], object] = lambda: None) -> Iterator[None]:
        """Feeds a part to the parser; pauses after each piece. Raises WorkbookError where it is broken or too large."""
        guard(parser, self._path)
        fed = 0
        try:
            with self._archive.open(self._names[name]) as file:
                while chunk := file.read(CHUNK):
                    if not fed:
                        self._refuse_encoding(name, chunk[:200])
                    self._left -= len(chunk)
                    if self._left < 0:
                        raise too_large(self._path, f"there are more than {MOST_BYTES >> 30} GiB in it")
                    fed += len(chunk)
                    parser.Parse(chunk, False)
                    if fed - parser.CurrentByteIndex > LONGEST_TOKEN:
                        raise damaged(self._path, "it has a tag without an end")
                    yield
                parser.Parse(b"", True)
                yield
        except expat.ExpatError as error:
            raise damaged(self._path, f"{name}: {expat.errors.messages.get(error.code, 'the XML is broken')}") from None
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise damaged(self._path, str(error).partition("\n")[0]) from None


@contextmanager
def opened(path: Path) -> Iterator[Parts]:
    """The parts of the workbook in that file. Raises WorkbookError, and OSError as it comes."""
    with path.open("rb") as file:
        head = file.read(8)
        if head == _COMPOUND:
            raise locked(path) if _ENCRYPTED in head + file.read(1 << 20) else old(path)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise no_workbook(path) from None
    with archive:
        parts = Parts(archive, path)
        parts.check()
        yield parts


def guard(parser: expat.XMLParserType, path: Path) -> None:
    """No document type: it is where entities are declared that grow."""

    def refuse(*_: object) -> None:
        raise damaged(path, "it declares a document type")

    parser.StartDoctypeDeclHandler = refuse


def parser_of() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    return parser


def local(name: str) -> str:
    """The name of a tag or attribute without its prefix."""
    return name.rpartition(":")[2]


def damaged(path: Path, why: str) -> WorkbookError:
    return WorkbookError(
        "SS986", f"'{path}' cannot be read as a workbook: {why}", "Open it in the program that made it, and save it again as .xlsx"
    )


def no_workbook(path: Path) -> WorkbookError:
    help_ = "Save it as an Excel workbook (.xlsx); a CSV file is read as such where its name ends in .csv"
    return WorkbookError("SS986", f"'{path}' is no Excel workbook, whatever its name says", help_)


def old(path: Path) -> WorkbookError:
    return WorkbookError("SS986", f"'{path}' is a workbook in the old form of Excel 97", "Save it as .xlsx")


def locked(path: Path) -> WorkbookError:
    return WorkbookError("SS986", f"'{path}' is protected by a password", "Take the password off, and save it again")


def too_large(path: Path, why: str) -> WorkbookError:
    return WorkbookError(
        "SS987", f"'{path}' is too large: {why}", "Export the table as CSV or Parquet: both are read quicker, and without limits"
    )
