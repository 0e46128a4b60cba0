"""A table and where its rows can be read in, a Source out: dialect pinned, columns found by name, forms known.

Reads headers and samples only. What a header lacks is a finding with a did-you-mean; what it has beyond the contract is a note.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..model.finding import Finding, Severity
from ..model.place import Place
from ..model.policy import Field, Table
from ..model.sql import quote_name, quote_value
from .dialect import Dialect, normal, sniff
from .forms import Column, Form, Source, form_of, raw_sql
from .json_lines import IS_OBJECT, cells_sql
from .lines import LINE_LIMIT
from .matching import file_fields, match_columns
from .scan import SAMPLE, FileScan, transcode

if TYPE_CHECKING:
    import duckdb

BUFFERS = f"max_line_size = {LINE_LIMIT}, buffer_size = {4 * LINE_LIMIT}"
"""Several buffers even in a file of middling size: each is read by a thread of its own."""

_DELIMITER_NAMES = {"\t": "tab", ",": "','", ";": "';'", "|": "'|'"}


@dataclass(frozen=True, slots=True)
class Opened:
    """A source, or None where findings say why there is none."""

    source: Source | None
    findings: tuple[Finding, ...] = ()


def open_typed(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    relation: str,
    shown: str,
    format_: str,
    sha256: str | None,
    machine: frozenset[str] = frozenset(),
) -> Opened:
    """Parquet and tables in memory: columns have names and types. The texts of `machine` columns were written by a program."""
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    except (RuntimeError, ValueError) as error:
        message = f"'{shown}' cannot be read: {first_line(error)}"
        return Opened(None, (Finding("SS509", message, Place(shown), "Write the file again, and check that it is complete"),))
    return typed_source(table, [(str(row[0]), str(row[1])) for row in described], relation, shown, format_, sha256, machine)


def typed_source(
    table: Table,
    described: Sequence[tuple[str, str]],
    relation: str,
    shown: str,
    format_: str,
    sha256: str | None,
    machine: frozenset[str] = frozenset(),
    also: Sequence[str] = (),
) -> Opened:
    """The source of a relation whose columns have those names and types; `also` names further columns to hand on."""
    place = Place(shown)
    names = [normal(name) for name, _ in described]
    found, findings = match_columns(table, names, place, header=True)
    columns: list[Column] = []
    raws: list[str] = []
    for field, index in found.items():
        name, type_name = described[index]
        form, digits, scale = form_of(type_name)
        if form is Form.UNREADABLE:
            message = f"the column '{names[index]}' holds {type_name}, which is no {field.type}"
            findings.append(Finding("SS513", message, place, "Write the column as text, number, boolean or date"))
            continue
        if form is Form.TEXT and name in machine:
            form = Form.PLAIN
        raws.append(f"{raw_sql(quote_name(name), type_name)} AS raw{len(columns)}")
        columns.append(Column(field, f"raw{len(columns)}", form, names[index], digits, scale))
    if any(f.severity is Severity.ERROR for f in findings):
        return Opened(None, tuple(findings))
    selected = f"(SELECT {', '.join([*raws, *also])} FROM {relation})"
    settled = ("timestamps with a time zone are read as UTC",) if any(c.form is Form.ZONED for c in columns) else ()
    return Opened(Source(table, shown, format_, selected, selected, tuple(columns), sha256, settled), tuple(findings))


def as_utf8(path: Path, scanned: FileScan, copy: Path) -> tuple[Path, tuple[str, ...], Finding | None]:
    """The file to read, what was settled, or a finding: a copy in UTF-8 is made where the file is not, or mixes line ends."""
    place = Place(str(path))
    if scanned.encoding in (None, "utf-8") and not scanned.mixed_line_ends:
        return path, ("encoding UTF-8",) if scanned.encoding else (), None
    if scanned.encoding is None:
        help_ = 'Save it as UTF-8; if it is Windows-1250, declare it in the policy, in the table: csv: {encoding: "windows-1250"}'
        return path, (), Finding("SS515", f"'{path}' is not UTF-8, and its encoding is not certain", place, help_)
    wrong = transcode(path, scanned.encoding, copy)
    if wrong is not None:
        help_ = "Save the file as UTF-8"
        return (
            path,
            (),
            Finding("SS515", f"'{path}' is not {_encoding_name(scanned.encoding)}: byte {wrong + 1} has no meaning in it", place, help_),
        )
    ends = ("line ends of several kinds",) if scanned.mixed_line_ends else ()
    return copy, (f"encoding {_encoding_name(scanned.encoding)}", *ends), None


def _encoding_name(codec: str) -> str:
    return {"cp1250": "Windows-1250", "utf-16": "UTF-16"}.get(codec, "UTF-8")


@dataclass(frozen=True, slots=True)
class Delimited:
    """What the beginning of a delimited file tells."""

    dialect: Dialect
    found: Mapping[Field, int]
    settled: tuple[str, ...]

    def columns(self) -> tuple[Column, ...]:
        return tuple(Column(field, f"raw{index}", Form.TEXT, field.header) for field, index in self.found.items())


def delimited(
    table: Table, shown: str, sample: str, format_: str, settled: tuple[str, ...]
) -> tuple[Delimited | None, tuple[Finding, ...]]:
    """The dialect and the columns of a delimited file that begins so, or findings."""
    fields, declared = file_fields(table), table.csv
    delimiter = declared.delimiter or ("\t" if format_ == "tsv" else None)
    dialect = sniff(sample, delimiter=delimiter, quote=declared.quote, header=declared.header, expected=[f.header for f in fields])
    if dialect is None:
        return None, (Finding("SS508", f"'{shown}' holds no row at all", Place(shown), "A data file has at least a header row"),)
    found, findings = match_columns(table, dialect.names, Place(shown, 1, 1), header=declared.header)
    if any(f.severity is Severity.ERROR for f in findings):
        return None, tuple(findings)
    if dialect.detected:
        settled = (f"delimiter {_DELIMITER_NAMES.get(dialect.delimiter, repr(dialect.delimiter))}", *settled)
    return Delimited(dialect, found, settled), tuple(findings)


def open_delimited(table: Table, path: Path, read_from: Path, format_: str, scanned: FileScan, settled: tuple[str, ...]) -> Opened:
    """CSV and TSV: all columns as text, the dialect pinned."""
    form, findings = delimited(table, str(path), beginning(read_from), format_, settled)
    if form is None:
        return Opened(None, findings)
    dialect, declared = form.dialect, table.csv
    width = len(dialect.names)
    types = ", ".join(f"'raw{index}': 'VARCHAR'" for index in range(width))
    quote = quote_value(dialect.quote)
    pinned = (
        f"auto_detect = false, header = {str(declared.header).lower()}, skip = {dialect.blank_lines}, "
        f"delim = {quote_value(dialect.delimiter)}, quote = {quote}, escape = {quote}, columns = {{{types}}}, {BUFFERS}"
    )
    relation, sampled = _with_rejects(read_from, pinned)
    source = Source(
        table, str(path), format_, relation, sampled, form.columns(), scanned.sha256, form.settled, rejects=True, read_from=read_from,
        delimiter=dialect.delimiter, quote=dialect.quote, header=declared.header, width=width, skip=dialect.blank_lines,
        lines=scanned.lines,
    )  # fmt: skip
    return Opened(source, findings)


def beginning(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(SAMPLE).decode("utf-8-sig", errors="replace")


def open_json_lines(
    connection: duckdb.DuckDBPyConnection, table: Table, path: Path, read_from: Path, scanned: FileScan, settled: tuple[str, ...]
) -> Opened:
    """JSON Lines: every line is read as text, so that a broken one is found with its number."""
    pinned = f"auto_detect = false, header = false, delim = '\x01', quote = '', escape = '', columns = {{'line': 'VARCHAR'}}, {BUFFERS}"
    fields = file_fields(table)
    lines, sampled_lines = _with_rejects(read_from, pinned)
    keys = f"SELECT DISTINCT unnest(json_keys(line)) FROM {{}} WHERE {IS_OBJECT}"
    wanted = {normal(field.header) for field in fields}
    names: list[str] = []
    for relation in (f"(SELECT line FROM {sampled_lines} LIMIT 1000)", sampled_lines):
        names = sorted({str(row[0]) for row in connection.execute(keys.format(relation)).fetchall()})
        if wanted <= {normal(name) for name in names}:
            break
    if not names:
        help_ = 'Write one object per line, like {"client_id": "A", "revenue": 100}'
        return Opened(None, (Finding("SS539", f"'{path}' holds no JSON object with a key in it", Place(str(path)), help_),))
    found, findings = match_columns(table, [normal(name) for name in names], Place(str(path)), header=True)
    if any(f.severity is Severity.ERROR for f in findings):
        return Opened(None, tuple(findings))
    unreachable = [names[index] for index in found.values() if "\0" in names[index]]
    if unreachable:
        message = f"the column {unreachable[0]!r} has a NUL character in its name"
        return Opened(None, (Finding("SS513", message, Place(str(path)), "Rename the column"),))
    taken = [names[index] for index in found.values()]
    relation, sampled = cells_sql(lines, taken), cells_sql(sampled_lines, taken)
    columns = tuple(Column(field, f"raw{number}", Form.JSON, field.header) for number, field in enumerate(found))
    source = Source(
        table,
        str(path),
        "jsonl",
        relation,
        sampled,
        columns,
        scanned.sha256,
        settled,
        fault="fault",
        rejects=True,
        read_from=read_from,
        width=1,
        lines=scanned.lines,
    )
    return Opened(source, tuple(findings))


def _with_rejects(path: Path, pinned: str) -> tuple[str, str]:
    """The relation that sets unreadable records aside in `_rejects`, and the one for samples that skips them."""
    start = f"read_csv({quote_value(str(path))}, {pinned}"
    return f"{start}, store_rejects = true, rejects_table = '_rejects', rejects_scan = '_rejects_scan')", f"{start}, ignore_errors = true)"


def first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
