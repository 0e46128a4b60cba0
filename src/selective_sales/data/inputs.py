"""Arguments and `source:` in, a file per table out. Looks at names and folders only; opens no file.

Refuses glob characters in a path (an engine would read other files than the ones named), a `source:` outside the policy's folder,
two files for one table, and formats that cannot be read.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..model.data import AddressError, Given, file_of, given, is_address
from ..model.finding import Finding
from ..model.place import Place
from ..model.policy import Table

FORMATS: Mapping[str, str] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".parquet": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    **dict.fromkeys((".duckdb", ".ddb", ".sqlite", ".sqlite3", ".db"), "database"),
}
BINARY = frozenset({"parquet", "xlsx", "database"})
KNOWN_BUT_UNREADABLE = frozenset({".xls", ".xlsb", ".ods", ".json", ".txt", ".gz", ".zip"})
READABLE = "CSV (.csv), TSV (.tsv), Excel (.xlsx), Parquet (.parquet), JSON Lines (.jsonl), SQLite (.sqlite) and DuckDB (.duckdb)"
PARTS = "or give --engine spark, which reads a folder of part files"


def inputs_from(
    arguments: Sequence[str], tables: Sequence[Table], policy: Path | None = None
) -> tuple[dict[str, Given], tuple[Finding, ...]]:
    """The file of each table: `NAME=FILE` and `FOLDER` arguments first, then the policy's `source:`.

    A named file wins over a folder's, both over `source:`. `policy` is the policy file, to whose folder `source:` is relative.
    """
    findings: list[Finding] = []
    named: dict[str, Given] = {}
    in_folders: dict[str, Path] = {}
    names = {table.name for table in tables}
    for argument in arguments:
        if is_address(argument):
            help_ = f"Write --data {tables[0].name}=postgresql://HOST/DATABASE#TABLE"
            findings.append(Finding("SS998", "an address stands without the table that it is for", Place("--data"), help_))
            continue
        name, equals, value = argument.partition("=")
        if equals and (name in names or not Path(argument).is_dir()):
            _add_named(name, value, names, named, findings)
        else:
            _add_folder(Path(argument), tables, in_folders, findings)
    found: dict[str, Given] = {**in_folders, **named}
    for table in tables:
        if table.name not in found and table.source is not None:
            add_source(table, policy, found, findings)
    complete = not findings
    for table in tables:
        if table.name not in found and complete:
            help_ = f"Give its file: --data {table.name}=FILE, or --data FOLDER with a file {table.name}.csv"
            findings.append(Finding("SS505", f"there is no data for the table '{table.name}'", table.place, help_))
    checked = {name: path for name, path in found.items() if not isinstance(path, Path) or _check_path(path, findings)}
    return {table.name: checked[table.name] for table in tables if table.name in checked}, tuple(findings)


def path_finding(path: Path) -> Finding | None:
    """What is wrong with a data path itself, None where nothing is: globs, a missing file, a folder, an unknown or empty file."""
    path = file_of(path)
    text, place = str(path), Place(str(path))
    if any(mark in text for mark in "*?["):
        return Finding("SS503", f"the data path '{text}' has one of * ? [ in it", place, "Name one file, in a path without * ? [")
    try:
        if path.is_dir():
            return Finding("SS502", f"'{text}' is a folder, not a file", place, f"Name one file: {READABLE}; {PARTS}")
        if not path.exists():
            return Finding("SS501", f"there is no file '{text}'", place, _similar_file(path))
        if not path.is_file():
            return Finding("SS502", f"'{text}' is not a regular file", place, f"Name a file: {READABLE}")
        empty = path.stat().st_size == 0
    except (OSError, ValueError) as error:
        return Finding("SS501", f"'{text}' cannot be opened: {error}", place, "Check the path and the rights to read it")
    if path.suffix.lower() not in FORMATS:
        message = (
            f"'{path.name}': files of this kind cannot be read yet" if path.suffix else f"'{path.name}' has no ending that says its format"
        )
        return Finding("SS502", message, place, f"Save it as one of {READABLE}")
    if empty:
        return Finding("SS508", f"'{text}' is empty", place, "A data file has at least a header row")
    return None


def _add_named(name: str, value: str, names: set[str], named: dict[str, Given], findings: list[Finding]) -> None:
    """`clients=FILE`, or an address."""
    try:
        place = given(value)
    except AddressError as error:
        findings.append(Finding("SS998", str(error), Place(name), "For example postgresql://db.example.com/crm#sales.clients"))
        return
    if name not in names:
        close = difflib.get_close_matches(name, sorted(names), 1)
        help_ = f"Did you mean '{close[0]}'?" if close else f"The policy's tables: {', '.join(sorted(names))}"
        findings.append(Finding("SS506", f"the policy has no table '{name}'", Place(str(place)), help_))
    elif name in named:
        findings.append(
            Finding("SS504", f"two files for the table '{name}': {named[name]} and {place}", Place(str(place)), "Give one of them")
        )
    else:
        named[name] = place


def _add_folder(folder: Path, tables: Sequence[Table], found: dict[str, Path], findings: list[Finding]) -> None:
    """`FOLDER`: a file per table, named like the table."""
    if not folder.is_dir():
        help_ = (
            f"Write --data {tables[0].name}={folder} for a single file" if folder.exists() else "Write --data FOLDER, or --data TABLE=FILE"
        )
        message = f"'{folder}' is a file, not a folder" if folder.exists() else f"there is no folder '{folder}'"
        findings.append(Finding("SS501", message, Place(str(folder)), help_))
        return
    files = sorted(entry for entry in folder.iterdir() if entry.is_file())
    for table in tables:
        of_table = [entry for entry in files if entry.stem == table.name]
        readable = [entry for entry in of_table if entry.suffix.lower() in FORMATS]
        if not readable:
            readable = [entry for entry in of_table if entry.suffix.lower() in KNOWN_BUT_UNREADABLE][:1]
        if table.name in found:
            readable = [found[table.name], *readable]
        if len(readable) > 1:
            listed = " and ".join(str(entry) for entry in readable)
            help_ = f"Keep one of them there, or name the file: --data {table.name}=FILE"
            findings.append(Finding("SS504", f"two files for the table '{table.name}': {listed}", Place(str(folder)), help_))
        if readable:
            found[table.name] = readable[0]


def add_source(table: Table, policy: Path | None, found: dict[str, Given], findings: list[Finding]) -> None:
    """`source: FILE`, relative to the policy's folder and never outside it."""
    source = table.source or ""
    inside = os.path.normpath(source)
    folder = policy.parent if policy is not None else Path()
    outside = os.path.isabs(source) or Path(source).drive or inside == ".." or inside.startswith(".." + os.sep) or "\0" in source
    if outside or _leads_out(folder / inside, folder):
        message = f"the source '{source}' of the table '{table.name}' is outside the policy's folder"
        help_ = f"Put the file beside the policy, or name it in the command: --data {table.name}=FILE"
        findings.append(Finding("SS507", message, table.source_place, help_))
        return
    found[table.name] = folder / inside


def _leads_out(path: Path, folder: Path) -> bool:
    """True where a link on the way to the file leaves the folder."""
    try:
        return not path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        # A circle of links: that there is no such file is said where it is opened.
        return False


def _check_path(path: Path, findings: list[Finding]) -> bool:
    finding = path_finding(path)
    if finding is not None:
        findings.append(finding)
    return finding is None


def _similar_file(path: Path) -> str:
    """A did-you-mean among the files beside it."""
    if not path.parent.is_dir():
        return f"There is no folder '{path.parent}' either"
    names = [entry.name for entry in path.parent.iterdir() if entry.suffix.lower() in FORMATS]
    close = difflib.get_close_matches(path.name, names, 1)
    return f"Did you mean '{close[0]}'?" if close else "Check the path"
