"""A table and its place in, a Source over a view of Spark's out: the dialect pinned, columns found by name, forms known.

Every view has two columns more: `#record`, which numbers the rows in the order of their file, and `#file`. Reads headers and samples
only. Refuses what `data.sources` refuses, with the same findings, files whose headers differ, and tables that are not there.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ...model.data import SPARK
from ...model.finding import Finding
from ...model.kind import Kind
from ...model.place import Place
from ...model.policy import Table
from ...model.spark_files import file_address
from ...model.sql import quote_name, quote_value
from ..bad import OPEN_QUOTE
from ..dialect import normal
from ..forms import Column, Form, Source
from ..matching import file_fields
from ..scan import SAMPLE, scan
from ..settle import SAMPLE_ROWS
from ..sources import Delimited, Opened, as_utf8, beginning, delimited, typed_source
from ..statements import UnreadableError
from .places import TABLE, SparkPlace
from .quotes import open_at_end
from .tables import SparkTables, reading
from .words import name

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

RECORD, FILE, BAD = "#record", "#file", "#bad"
SAMPLE_LINES = 500
BETWEEN, BLANK = "\x1f", "\x1a"
"""What stands between cells, and for a cell that is missing, where a row becomes a digest."""
_FILE_SQL = f"_metadata.file_path AS `{FILE}`"
_COUNTED_SQL = f"monotonically_increasing_id() AS `{RECORD}`"
_TYPES = {
    "string": "VARCHAR", "tinyint": "TINYINT", "smallint": "SMALLINT", "int": "INTEGER", "bigint": "BIGINT", "double": "DOUBLE",
    "float": "FLOAT", "boolean": "BOOLEAN", "date": "DATE", "timestamp": "TIMESTAMP WITH TIME ZONE", "timestamp_ntz": "TIMESTAMP",
    "void": '"NULL"',
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opening:
    """Opens tables in a session; transcoded copies of single files go into the staging folder."""

    tables: SparkTables
    staging: Path

    def open(self, number: int, table: Table, data: object) -> Opened:
        assert isinstance(data, SparkPlace)
        try:
            with reading(opening=True):
                return self._open(number, table, data)
        except UnreadableError as error:
            return absent(data, error)

    def _open(self, number: int, table: Table, data: SparkPlace) -> Opened:
        if data.format in ("csv", "tsv"):
            return self._delimited_file(number, table, data, data.alone) if data.alone else self._delimited_parts(number, table, data)
        return self._typed(number, table, data)

    # Delimited text.

    def _delimited_file(self, number: int, table: Table, data: SparkPlace, path: Path) -> Opened:
        """One file of this machine: what is said of it is what DuckDB says, with lines."""
        try:
            scanned = scan(path, table.csv.encoding, text=True)
        except OSError as error:
            return _refused("SS501", f"'{data.shown}' cannot be read: {error.strerror}", data, "Check the rights to read it")
        read_from, settled, wrong = as_utf8(Path(data.shown), scanned, self.staging / f"table{number}.utf8")
        if wrong is not None:
            return Opened(None, (wrong,))
        form, findings = delimited(table, data.shown, beginning(read_from), data.format, settled)
        if form is None:
            return Opened(None, findings)
        wrong = _open_quote(table, form, (read_from,), data.shown, "utf-8")
        if wrong is not None:
            return Opened(None, (*findings, wrong))
        declared = table.csv.encoding == "utf-8"
        location = data.location if read_from == Path(data.shown) else file_address(read_from)
        frame = self._read_delimited(form, table, location, None, [f"raw{i}" for i in range(len(form.dialect.names))])
        self.tables.view(f"_in{number}", frame)
        source = Source(
            table, data.shown, data.format, self._relation(number, form), self._relation(number, form), form.columns(), scanned.sha256,
            form.settled, fault=_fault(form, check=declared), read_from=read_from.absolute(), delimiter=form.dialect.delimiter,
            quote=form.dialect.quote, header=table.csv.header, width=len(form.dialect.names), skip=form.dialect.blank_lines,
            lines=scanned.lines, first=self._first(number), record=quote_name(RECORD),
        )  # fmt: skip
        return Opened(source, findings)

    def _delimited_parts(self, number: int, table: Table, data: SparkPlace) -> Opened:
        """Many files, or files elsewhere: each has the same header."""
        encoding = {"windows-1250": "windows-1250"}.get(table.csv.encoding or "", "UTF-8")
        sample = self._beginning(data, encoding)
        form, findings = delimited(table, data.shown, sample, data.format, () if encoding == "UTF-8" else ("encoding Windows-1250",))
        if form is None:
            return Opened(None, findings)
        wrong = _open_quote(table, form, data.files, None, encoding)
        if wrong is not None:
            return Opened(None, (*findings, wrong))
        names = _header(sample, form) if table.csv.header else None
        frame = self._read_delimited(form, table, data.location, encoding, names or [f"raw{i}" for i in range(len(form.dialect.names))])
        if table.csv.header and names is None:
            wrong = _header_elsewhere(form, data, encoding, frame)
            if wrong is not None:
                return Opened(None, (*findings, wrong))
        self.tables.view(f"_in{number}", frame)
        relation = self._relation(number, form)
        source = Source(
            table, data.shown, SPARK, relation, relation, form.columns(), self._digest(relation, form.columns()), form.settled,
            fault=_fault(form, check=True), delimiter=form.dialect.delimiter, quote=form.dialect.quote, header=table.csv.header,
            width=len(form.dialect.names), first=self._first(number), record=quote_name(RECORD), file=quote_name(FILE), located=False,
        )  # fmt: skip
        return Opened(source, findings)

    def _beginning(self, data: SparkPlace, encoding: str) -> str:
        """The first lines of a part; elsewhere than here what is not ASCII cannot be told in Windows-1250."""
        if data.files:
            return next((text for file in data.files if (text := _first_text(file, encoding))), "")
        lines = self.tables.session.read.text(data.location).limit(SAMPLE_LINES).collect()
        sample = "".join(f"{row[0]}\n" for row in lines).removeprefix("\ufeff")
        return sample if encoding == "UTF-8" else "".join(c if c.isascii() else "\ufffd" for c in sample)

    def _read_delimited(self, form: Delimited, table: Table, location: str, encoding: str | None, names: Sequence[str]) -> DataFrame:
        """Every cell as text; a record of another width has its text in the column `#bad`. A quoted text may hold line ends, and spaces
        may stand before its quote.
        """
        quote = form.dialect.quote
        checked = not all(n.startswith("raw") for n in names)
        options = {
            "header": str(table.csv.header).lower(), "sep": form.dialect.delimiter, "quote": quote or "\0", "escape": quote or "\0",
            "mode": "PERMISSIVE", "columnNameOfCorruptRecord": BAD, "multiLine": "true", "enforceSchema": str(not checked).lower(),
            "columnPruning": "false", "unescapedQuoteHandling": "RAISE_ERROR", "encoding": encoding or "UTF-8", "maxColumns": "100000",
            "ignoreLeadingWhiteSpace": "true",
        }  # fmt: skip
        schema = ", ".join(f"{name(n)} STRING" for n in (*names, BAD))
        frame = self.tables.session.read.format("csv").schema(schema).options(**options).load(location)
        cells = [f"{name(n)} AS raw{index}" for index, n in enumerate(names)]
        return frame.selectExpr(*cells, name(BAD), _FILE_SQL, _COUNTED_SQL)

    def _relation(self, number: int, form: Delimited) -> str:
        columns = [f"raw{index}" for index in range(len(form.dialect.names))]
        return f"(SELECT {', '.join([*columns, *map(quote_name, (BAD, FILE, RECORD))])} FROM _in{number})"

    def _first(self, number: int) -> str:
        return self.tables.hold_first(f"_first{number}", f"_in{number}", SAMPLE_ROWS)

    # Typed columns.

    def _typed(self, number: int, table: Table, data: SparkPlace) -> Opened:
        """Parquet and tables of the catalog: columns have names and types."""
        session = self.tables.session
        if data.format == TABLE:
            frame = session.sql(f"SELECT * FROM {'.'.join(name(part) for part in data.location.split('.'))}")
            frame, types = frame.selectExpr("*", f"'' AS `{FILE}`", _COUNTED_SQL), frame.dtypes
        else:
            wrong = _other_columns(table, data)
            if wrong is not None:
                return Opened(None, (wrong,))
            frame = session.read.parquet(data.location)
            record = f"_metadata.row_index AS `{RECORD}`" if data.alone else _COUNTED_SQL
            frame, types = frame.selectExpr("*", _FILE_SQL, record), frame.dtypes
        frame = _as_texts(frame, table, types)
        # A table may have other rows, or the same in another order, each time it is asked.
        self.tables.view(f"_in{number}", self.tables.keep(f"_in{number}", frame) if data.format == TABLE else frame)
        described = [(column, _duckdb_type(kind)) for column, kind in types]
        sha256, format_ = None, SPARK
        if data.alone is not None:
            sha256, format_ = scan(data.alone, None, text=False).sha256, data.format
        also = list(map(quote_name, (FILE, RECORD)))
        opened = typed_source(table, described, f"_in{number}", data.shown, format_, sha256, also=also)
        if opened.source is None:
            return opened
        return Opened(self._finished(number, opened.source, data), opened.findings)

    def _finished(self, number: int, source: Source, data: SparkPlace) -> Source:
        digest = source.sha256 or self._digest(source.relation, source.columns)
        file = quote_name(FILE) if data.alone is None and data.format != TABLE else None
        first = self._first_texts(source, number)
        return replace(source, sha256=digest, first=first, record=quote_name(RECORD), file=file, located=data.alone is not None)

    def _first_texts(self, source: Source, number: int) -> str | None:
        """Only of texts anything is to be found out."""
        if not any(column.form is Form.TEXT for column in source.columns):
            return None
        self.tables.view(f"_texts{number}", self.tables.frame(f"SELECT * FROM {source.relation}"))
        return self.tables.hold_first(f"_first{number}", f"_texts{number}", SAMPLE_ROWS)

    def _digest(self, relation: str, columns: Sequence[Column]) -> str:
        """A digest of the content that no order of rows changes: the rows' own digests, added up in two halves."""
        cells = ", ".join(f"coalesce(CAST({column.sql} AS VARCHAR), {quote_value(BLANK)})" for column in columns)
        row = f"concat_ws({quote_value(BETWEEN)}, {cells})" if columns else "''"
        halves = (f"coalesce(sum(CAST(conv(substr(md5(r), {start}, 16), 16, 10) AS DECIMAL(38, 0))), 0)" for start in (1, 17))
        found = self.tables.execute(f"SELECT count(*), {', '.join(halves)} FROM (SELECT {row} AS r FROM {relation})").fetchone()
        return hashlib.sha256(repr(([c.name for c in columns], [str(part) for part in found or ()])).encode()).hexdigest()


def _open_quote(table: Table, form: Delimited, files: Sequence[Path], shown: str | None, encoding: str) -> Finding | None:
    """The first file whose last record has a quote that is not closed: Spark would take it for whole."""
    for file in files if form.dialect.quote else ():
        line = open_at_end(file, form.dialect.delimiter, form.dialect.quote, encoding)
        if line is not None:
            return Finding("SS520", f"{table.name}: the row {OPEN_QUOTE[0]}", Place(shown or str(file), line, 1), OPEN_QUOTE[1])
    return None


def _refused(code: str, message: str, data: SparkPlace, help_: str) -> Opened:
    return Opened(None, (Finding(code, message, Place(data.shown), help_),))


def absent(data: SparkPlace, error: UnreadableError) -> Opened:
    """What Spark could not even open."""
    if error.code != "SS509":
        return Opened(
            None, (Finding(error.code, f"'{data.shown}': {error}", Place(data.shown, error.line, int(error.line > 0)), error.help),)
        )
    if data.alone is not None:
        return _refused("SS509", f"'{data.shown}' cannot be read: {error}", data, error.help)
    help_ = "Check the name, the master's configuration, and the rights"
    return _refused("SS664", f"Spark does not find or read '{data.shown}': {error}", data, help_)


def _as_texts(frame: DataFrame, table: Table, types: Sequence[tuple[str, str]]) -> DataFrame:
    """Moments that are read as something else than dates: as DuckDB writes them."""
    dates = {normal(field.header) for field in file_fields(table) if field.type is Kind.DATE}
    moments = {column for column, kind in types if kind == "timestamp" and normal(column) not in dates}
    chosen = [f"concat(CAST({name(c)} AS STRING), '+00') AS {name(c)}" if c in moments else name(c) for c in frame.columns]
    return frame.selectExpr(*chosen) if moments else frame


def _fault(form: Delimited, *, check: bool) -> str:
    """SQL that says why a record is none, with its text: it has another width, or (`check`) bytes that are not of its encoding."""
    raws = [f"raw{index}" for index in range(len(form.dialect.names))]
    shaped = f"CASE WHEN {quote_name(BAD)} IS NOT NULL THEN concat('CELLS\n', {quote_name(BAD)})"
    if not check:
        return f"({shaped} END)"
    text = f"concat_ws({quote_value(form.dialect.delimiter)}, {', '.join(raws)})"
    return f"({shaped} WHEN contains({text}, '\ufffd') THEN concat('INVALID ENCODING\n', {text}) END)"


def _first_text(file: Path, encoding: str) -> str:
    with file.open("rb") as stream:
        return stream.read(SAMPLE).decode("utf-8-sig" if encoding == "UTF-8" else encoding, errors="replace")


def _cells(sample: str, form: Delimited) -> list[str]:
    """The first record's cells as they are written."""
    quote = form.dialect.quote
    rows = csv.reader(io.StringIO(sample, newline=""), delimiter=form.dialect.delimiter, quotechar=quote or None, skipinitialspace=True,
                      quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE)  # fmt: skip
    return next((row for row in rows if any(cell.strip() for cell in row)), [])


def _header(sample: str, form: Delimited) -> list[str] | None:
    """The header's cells; None where they cannot name columns: two are the same, one is blank or cannot be read."""
    cells = _cells(sample, form)
    usable = len(set(cells)) == len(cells) == len(form.dialect.names) and all(cells) and BAD not in cells and "\ufffd" not in "".join(cells)
    return cells if usable else None


def _header_elsewhere(form: Delimited, data: SparkPlace, encoding: str, frame: DataFrame) -> Finding | None:
    """A part with another header than the first one, where Spark itself cannot compare them."""
    help_ = "Write every part with the same columns in the same order"
    headers = ((file, _cells(_first_text(file, encoding), form)) for file in data.files)
    written = [(file, cells) for file, cells in headers if cells]
    other = next((file for file, cells in written if cells != written[0][1]), None)
    if other is not None:
        return Finding("SS663", f"'{data.shown}': the file {other} has another header than the first one", Place(str(other), 1, 1), help_)
    if not data.files and len(frame.inputFiles()) > 1:
        message = f"'{data.shown}': nothing tells whether the parts have one header: a column of it has no name, or one that another has"
        return Finding("SS663", message, Place(data.shown), "Write every part with a header that names each column once")
    return None


def _other_columns(table: Table, data: SparkPlace) -> Finding | None:
    """A part without a column that the first one has, or with another type: Spark would take it for blank, or for another number."""
    import duckdb

    wanted = {normal(field.header) for field in file_fields(table)}
    first: dict[str, str] = {}
    with duckdb.connect() as own:
        for file in data.files if data.alone is None else ():
            try:
                described = own.execute("DESCRIBE SELECT * FROM read_parquet(?, hive_partitioning = false)", [str(file)]).fetchall()
            except duckdb.Error:
                # Spark says what is wrong with it.
                continue
            columns = {str(row[0]): str(row[1]) for row in described if normal(str(row[0])) in wanted}
            first = first or columns
            other = next((name for name in (*first, *columns) if columns.get(name) != first.get(name)), None)
            if other is not None:
                what, there = columns.get(other, "not there"), first.get(other, "not there")
                message = f"'{data.shown}': in the file {file} the column '{other}' is {what}; in the first file it is {there}"
                help_ = "Write every part with the same columns of the same types"
                return Finding("SS663", message, Place(str(file)), help_)
    return None


def _duckdb_type(kind: str) -> str:
    if kind.startswith("decimal("):
        return kind.upper()
    if kind.startswith(("varchar(", "char(")):
        return "VARCHAR"
    return _TYPES.get(kind, kind)
