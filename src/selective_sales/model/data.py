"""What the data room tells of the files it read."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from .finding import Finding
from .place import Place

_PART = re.compile(r"(.+\.(?:xls[xm]|duckdb|ddb|sqlite3?|db))#([^/\\]+)", re.IGNORECASE | re.DOTALL)
"""No name of a sheet or table has a slash in it: with one, the sign # is a folder's."""
_SERVER = re.compile(r"\s*(?:postgres(?:ql)?:|jdbc:|[a-z][a-z0-9+.-]+://)", re.IGNORECASE)
_POSTGRES = re.compile(r"\s*postgres(?:ql)?://", re.IGNORECASE)
_SECRETS = frozenset({"password", "sslpassword"})


def file_of(given: Path) -> Path:
    """The file of a data path: `clients.xlsx#Sheet` names a sheet in one, `crm.sqlite#clients` a table."""
    found = _PART.fullmatch(str(given))
    return Path(found[1]) if found else given


def part_of(given: Path) -> str | None:
    """The sheet or table that a data path names; None where it names none."""
    found = _PART.fullmatch(str(given))
    return found[2] if found else None


@dataclass(frozen=True, slots=True)
class Address:
    """A table of a server. `url` may name a user, and no password; `shown` has neither, and stands in findings and in the manifest."""

    url: str
    table: str
    shown: str

    def __str__(self) -> str:
        return self.shown

    def absolute(self) -> Address:
        """The same from everywhere, as a path made absolute is."""
        return self


SERVER = "postgresql"
"""The format of a table of a server."""
SPARK = "spark"
"""The format of what Spark read and is no single file of this machine."""
ELSEWHERE = frozenset({SERVER, SPARK})
"""Formats whose rows may be others when they are asked for again."""
Given = Path | Address
"""Where a table stands: a file (or a part of one), or a server."""


def given(text: str | os.PathLike[str]) -> Given:
    """What somebody names. Raises AddressError for an address that cannot be used."""
    return address(text.strip()) if isinstance(text, str) and is_address(text) else Path(text)


def is_spark_frame(value: object) -> bool:
    """Whether it is a DataFrame of a Spark session of this process, told without pyspark: nobody has one who does not have that."""
    module = type(value).__module__
    return module.startswith("pyspark.sql.") and not module.startswith("pyspark.sql.connect.") and type(value).__name__ == "DataFrame"


def is_address(text: str) -> bool:
    """Also of one with a slip in it: whatever may hold a password must never be taken for a file, and shown."""
    return _SERVER.match(text) is not None


class AddressError(ValueError):
    """An address that cannot be used: the message says why, and never repeats it."""


def address(text: str, form: str = "postgresql://HOST/DATABASE#TABLE") -> Address:
    """`postgresql://host/database#schema.table`; `form` is what to write instead of what cannot be read."""
    url, _, table = text.partition("#")
    try:
        parts = urlsplit(url)
        settings = dict(parse_qsl(parts.query))
        host, port = settings.get("host") or parts.hostname or "", parts.port
    except ValueError as error:
        raise AddressError(f"the address cannot be read; write {form}") from error
    if _POSTGRES.match(text) is None:
        raise AddressError(f"the address cannot be read; write {form}")
    # A password with a slash or a # in it that begins with a number is read as a port, and its rest as the database or the table.
    torn = "@" in parts.path or (port is not None and not parts.path.strip("/") and "@" in table)
    if parts.password is not None or torn or _SECRETS & settings.keys():
        raise AddressError("an address must not hold a password: give it as PGPASSWORD, in ~/.pgpass or by a service file")
    place = f"{host}{f':{port}' if port else ''}" or (f"service {settings['service']}" if "service" in settings else "")
    database = (settings.get("dbname") or parts.path.strip("/")) + (f"#{table}" if table else "")
    return Address(url, table, f"postgresql://{place}/{database}")


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that breaks the contract. `place.line` is the line (CSV, JSON Lines) or row number (from 1) in the file or sheet."""

    table: str
    place: Place
    column: str
    value: str | None
    why: str
    code: str


@dataclass(frozen=True, slots=True)
class LoadedTable:
    """A typed table in the engine, and what a run's manifest says of it. Counts are rows: read = used + set_aside + ignored.

    `sha256` is the file's (None for data given in memory); `settled` says in words what was found out about the file
    ("delimiter ';'", "decimal comma", "encoding windows-1250").
    """

    name: str
    source: str
    format: str
    sha256: str | None
    rows_read: int
    rows_used: int
    rows_set_aside: int
    rows_ignored: int
    settled: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Loaded:
    """All tables, the first 20 bad rows in file order, how many there are, and findings (errors, warnings, notes)."""

    tables: tuple[LoadedTable, ...]
    bad_rows: tuple[BadRow, ...]
    bad_count: int
    findings: tuple[Finding, ...]
