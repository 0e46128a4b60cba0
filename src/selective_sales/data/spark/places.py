"""Arguments of `--data` and `source:` in, where Spark finds each table out. Looks at the names and at this machine's folders only.

A path is passed on to Spark as it is. Refuses what Spark is not asked to read here (workbooks, JSON Lines, databases), folders whose
files are of several kinds, and addresses with a password in them.
"""

from __future__ import annotations

import difflib
import glob
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ...model.data import Given
from ...model.finding import Finding
from ...model.place import Place
from ...model.policy import Table
from ...model.spark_files import file_address
from ..inputs import add_source, path_finding

FORMATS = {".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".parquet": "parquet"}
READABLE = "CSV (.csv), TSV (.tsv), Parquet (.parquet), a folder of such part files, or a table of the catalog (table:NAME)"
TABLE = "table"
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_NO_PATH = re.compile(r"\s*(?:jdbc|postgres(?:ql)?|mysql|https?):", re.IGNORECASE)
_KEYS = re.compile(r"(?:^|&)[^=&]*(?:sig|token|secret|password|key)[^=&]*=", re.IGNORECASE)
_MARKS = "*?[{"


@dataclass(frozen=True, slots=True)
class SparkPlace:
    """Where a table stands: `location` for Spark, `shown` for people.

    `files` are those of this machine, where it is some; `alone` is the one file, where it is one.
    """

    location: str
    shown: str
    format: str
    alone: Path | None = None
    files: tuple[Path, ...] = ()

    def __str__(self) -> str:
        return self.shown


def places_from(
    arguments: Sequence[str], tables: Sequence[Table], policy: Path | None = None
) -> tuple[dict[str, SparkPlace], tuple[Finding, ...]]:
    """The place of each table: `NAME=PLACE` first, then `FOLDER` arguments, then the policy's `source:`."""
    findings: list[Finding] = []
    named: dict[str, str] = {}
    inside: dict[str, str] = {}
    names = {table.name for table in tables}
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if equals and (name in names or not Path(argument).is_dir()):
            _add_named(name, value, names, named, findings)
        else:
            _add_folder(argument, tables, inside, findings)
    found = {**inside, **named}
    for table in tables:
        if table.name not in found and table.source is not None:
            beside: dict[str, Given] = {}
            add_source(table, policy, beside, findings)
            found |= {key: str(path) for key, path in beside.items()}
    complete = not findings
    for table in tables:
        if table.name not in found and complete:
            help_ = f"Give it: --data {table.name}=PATH, or --data {table.name}=table:NAME for a table of the catalog"
            findings.append(Finding("SS505", f"there is no data for the table '{table.name}'", table.place, help_))
    made: dict[str, SparkPlace] = {}
    for table in tables:
        place, finding = place_of(found[table.name]) if table.name in found else (None, None)
        if finding is not None:
            findings.append(finding)
        elif place is not None:
            made[table.name] = place
    return made, tuple(findings)


def place_of(text: str) -> tuple[SparkPlace | None, Finding | None]:
    """A table of the catalog, an address, or a path of this machine."""
    text = text.strip()
    if text.startswith("table:"):
        return SparkPlace(text.removeprefix("table:"), text, TABLE), None
    if _NO_PATH.match(text):
        # Not shown: it may hold a password.
        return None, Finding("SS660", "Spark does not read from a server here", Place("--data"), f"Name {READABLE}")
    return _address(text) if _ADDRESS.match(text) else _path(text)


def _address(text: str) -> tuple[SparkPlace | None, Finding | None]:
    try:
        parts = urlsplit(text)
        # A key with a slash in it stands where a port would.
        secret = parts.password is not None or parts.port == 0 or _KEYS.search(parts.query) is not None
    except ValueError:
        secret = True
    if secret:
        help_ = "Give keys to Spark: in its configuration, a credentials provider, or the environment"
        return None, Finding("SS661", "an address must not hold a password or a key", Place("--data"), help_)
    return SparkPlace(text, text, _format_of(text) or "parquet"), None


def _format_of(text: str) -> str | None:
    """By the ending of the path's last part."""
    last = text.rstrip("/").rpartition("/")[2]
    return FORMATS.get("." + last.rpartition(".")[2].lower()) if "." in last else None


def _path(text: str) -> tuple[SparkPlace | None, Finding | None]:
    """A file, a folder of part files, or a pattern of file names."""
    path, place = Path(text), Place(text)
    if any(mark in text for mark in _MARKS) and not path.exists():
        matched = [Path(name) for name in sorted(glob.glob(text))]
        if not matched:
            return None, Finding("SS501", f"there is no file '{text}'", place, "Check the pattern and the folder")
        hidden = next((file for file in matched if passed_over(file.name)), None)
        if hidden is not None:
            return None, _hidden_file("SS662", hidden, place)
        return _of_parts(text, _of_pattern(text), matched)
    if path.is_dir():
        parts = sorted(entry for entry in path.rglob("*") if entry.is_file() and not any(map(passed_over, entry.relative_to(path).parts)))
        inner = next((part.relative_to(path).parts[:-1] for part in parts if not _in_partitions(part.relative_to(path))), None)
        if inner is not None:
            message = f"the folder '{text}' has files in the folder '{'/'.join(inner)}' within it, which Spark passes over"
            return None, Finding("SS662", message, place, f"Name them all with a pattern: '{text.rstrip('/')}/*/*.csv'")
        return _of_parts(text, file_address(path), parts)
    finding = path_finding(path)
    # Also the table of a database's file, FILE#TABLE, which is no path.
    if path.suffix.lower() not in FORMATS and (path.exists() or finding is None):
        return None, Finding("SS660", f"'{path.name}' is not read by Spark here", place, f"Give {READABLE}; or leave --engine spark out")
    if finding is not None:
        return None, finding
    if passed_over(path.name):
        return None, _hidden_file("SS660", path, place)
    return SparkPlace(file_address(path), str(path.absolute()), FORMATS[path.suffix.lower()], path.absolute(), (path.absolute(),)), None


def _hidden_file(code: str, path: Path, place: Place) -> Finding:
    message = f"Spark passes over files that are called like '{path.name}'"
    return Finding(code, message, place, "Give it a name that does not begin with a dot or an underscore; or leave --engine spark out")


def _of_pattern(text: str) -> str:
    """The pattern for Spark: this machine's folders are none, and braces stand for themselves, as they do where the files are found."""
    own = re.sub(r"([{}\\])", r"\\\1", text)
    return f"file://{own}" if Path(text).is_absolute() else f"{file_address(Path.cwd())}/{own}"


def passed_over(name: str) -> bool:
    """What Spark leaves out without a word, be it named or not."""
    return name.startswith(".") or (name.startswith("_") and "=" not in name) or name.endswith("._COPYING_")


def _in_partitions(part: Path) -> bool:
    """In the folder itself, or below folders like `year=2026`: Spark goes into no other."""
    return all("=" in folder for folder in part.parts[:-1])


def _of_parts(text: str, location: str, parts: Sequence[Path]) -> tuple[SparkPlace | None, Finding | None]:
    place = Place(text)
    formats = {FORMATS.get(part.suffix.lower()) for part in parts}
    if not parts:
        return None, Finding("SS662", f"the folder '{text}' holds no file", place, f"Give {READABLE}")
    if len(formats) > 1 or None in formats:
        endings = ", ".join(sorted({part.suffix or "no ending" for part in parts})[:5])
        help_ = "Keep the files of one table, all of one kind, in a folder of their own; or name them: FOLDER/*.parquet"
        return None, Finding("SS662", f"the files in '{text}' are not all CSV, or all Parquet ({endings})", place, help_)
    return SparkPlace(location, str(Path(text).absolute()), next(kind for kind in formats if kind is not None), files=tuple(parts)), None


def _add_named(name: str, value: str, names: set[str], named: dict[str, str], findings: list[Finding]) -> None:
    if name not in names:
        close = difflib.get_close_matches(name, sorted(names), 1)
        help_ = f"Did you mean '{close[0]}'?" if close else f"The policy's tables: {', '.join(sorted(names))}"
        findings.append(Finding("SS506", f"the policy has no table '{name}'", Place("--data"), help_))
    elif name in named:
        findings.append(Finding("SS504", f"two places for the table '{name}'", Place("--data"), "Give one of them"))
    else:
        named[name] = value


def _add_folder(text: str, tables: Sequence[Table], found: dict[str, str], findings: list[Finding]) -> None:
    """`FOLDER`: for each table a file or a folder of part files, called like the table."""
    folder = Path(text)
    if _ADDRESS.match(text) or _NO_PATH.match(text) or not folder.is_dir():
        help_ = f"Write --data {tables[0].name}=PATH, or --data FOLDER for a folder of this machine with a file per table"
        findings.append(Finding("SS501", "what --data names is no folder of this machine", Place("--data"), help_))
        return
    entries = sorted(folder.iterdir())
    for table in tables:
        fitting = [e for e in entries if e.stem == table.name and (e.suffix.lower() in FORMATS or (e.is_dir() and not e.suffix))]
        others = [e for e in entries if e.stem == table.name and e.is_file()]
        if len(fitting) > 1 or (fitting and table.name in found):
            listed = " and ".join(str(entry) for entry in fitting)
            findings.append(Finding("SS504", f"two places for the table '{table.name}': {listed}", Place(text), "Name one of them"))
        chosen = fitting or others[:1]
        if chosen:
            found[table.name] = str(chosen[0])
