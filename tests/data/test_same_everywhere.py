"""The same values whatever they came in: file formats, dialects, tables in memory."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from .support import load, table

FIELDS = {
    "id": "text",
    "revenue": "money",
    "fit": "number",
    "visits": "integer",
    "key_account": "boolean",
    "since": "date",
    "delay": "days",
    "term": "months",
    "name": "text",
}
CLIENTS = table("clients", {"key": "id", "fields": FIELDS})
D = datetime.date
WANTED = [
    ("10", Decimal("1234.5000"), 0.25, 3, True, D(2026, 1, 31), 90, 12, "Łódź"),
    ("11", Decimal("-0.0500"), -1.5, -7, False, D(2024, 2, 29), -5, 0, None),
    ("12", Decimal("99999999.9900"), 123456789.123456, 9007199254740993, None, None, None, None, 'a;"b",c'),
    ("13", None, None, None, True, D(1999, 12, 31), 0, 24, "two\nlines"),
    ("14", Decimal("0.1000"), 0.3, 0, False, D(2026, 11, 22), 7, 1, "x"),
]
NAMES = list(FIELDS)


def _rows(folder: Path, data: Any, contract: Any = CLIENTS) -> list[tuple[Any, ...]]:
    connection, loaded = load((contract,), {"clients": data}, folder)
    assert [f for f in loaded.findings if f.severity == "error"] == []
    rows = connection.execute("SELECT * FROM clients ORDER BY rowid").fetchall()
    types = [row[1] for row in connection.execute("DESCRIBE clients").fetchall()]
    assert types == ["VARCHAR", "DECIMAL(18,4)", "DOUBLE", "BIGINT", "BOOLEAN", "DATE", "BIGINT", "BIGINT", "VARCHAR"]
    return rows


def _csv(folder: Path, name: str, rows: list[list[str]], delimiter: str, encoding: str = "utf-8", end: str = "\n") -> Path:
    path = folder / name

    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"' if any(c in cell for c in delimiter + '"\n') else cell

    lines = [delimiter.join(quoted(cell) for cell in row) for row in [NAMES, *rows]]
    path.write_bytes((end.join(lines) + end).encode(encoding))
    return path


def _text_rows(decimal: str, words: tuple[str, str], date: str, thousands: str = "") -> list[list[str]]:
    def cell(value: Any) -> str:
        match value:
            case None:
                return ""
            case bool():
                return words[0] if value else words[1]
            case datetime.date():
                return value.strftime(date)
            case Decimal():
                text = f"{value:,.2f}" if thousands else f"{value:.2f}"
                return text.replace(",", "\0").replace(".", decimal).replace("\0", thousands)
            case float():
                return repr(value).replace(".", decimal)
            case _:
                return str(value)

    return [[cell(value) for value in row] for row in WANTED]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiters_and_line_ends(tmp_path: Path, delimiter: str, end: str) -> None:
    suffix = "tsv" if delimiter == "\t" else "csv"
    rows = _text_rows(".", ("true", "false"), "%Y-%m-%d")
    assert _rows(tmp_path, _csv(tmp_path, f"c.{suffix}", rows, delimiter, end=end)) == WANTED


@pytest.mark.parametrize("thousands", ["", " ", "\u00a0", "\u202f", "."])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250"])
def test_the_polish_way(tmp_path: Path, thousands: str, encoding: str) -> None:
    if encoding == "cp1250" and thousands == "\u202f":
        pytest.skip("Windows-1250 has no narrow non-breaking space")
    rows = _text_rows(",", ("TAK", "nie"), "%d.%m.%Y", thousands)
    contract = table("clients", {"key": "id", "fields": FIELDS, "csv": {"encoding": "windows-1250"} if encoding == "cp1250" else {}})
    assert _rows(tmp_path, _csv(tmp_path, "c.csv", rows, ";", encoding), contract) == WANTED


def test_parquet_typed_and_as_text(tmp_path: Path) -> None:
    typed, text = tmp_path / "typed.parquet", tmp_path / "text.parquet"
    connection = duckdb.connect()
    _fill(connection)
    connection.execute(f"COPY clients TO '{typed}'")
    connection.execute(f"COPY (SELECT columns(*)::VARCHAR FROM clients) TO '{text}'")
    assert _rows(tmp_path, typed) == WANTED
    assert _rows(tmp_path, text) == WANTED


@pytest.mark.parametrize(
    ("column", "type_name"),
    [
        ("id", "BIGINT"), ("id", "DOUBLE"), ("id", "INTEGER"), ("revenue", "DOUBLE"), ("revenue", "DECIMAL(38,10)"),
        ("revenue", "DECIMAL(12,2)"), ("fit", "DECIMAL(20,9)"), ("fit", "DECIMAL(30,12)"), ("visits", "DECIMAL(38,0)"),
        ("visits", "DECIMAL(20,3)"), ("since", "TIMESTAMP"), ("since", "TIMESTAMP_NS"), ("delay", "DOUBLE"), ("delay", "TINYINT"),
        ("key_account", "TINYINT"), ("term", "VARCHAR"),
    ],
)  # fmt: skip
def test_other_types_in_parquet(tmp_path: Path, column: str, type_name: str) -> None:
    path = tmp_path / "c.parquet"
    connection = duckdb.connect()
    _fill(connection)
    connection.execute(f"COPY (SELECT * REPLACE ({column}::{type_name} AS {column}) FROM clients) TO '{path}'")
    assert _rows(tmp_path, path) == WANTED


def test_json_lines_as_numbers_and_as_text(tmp_path: Path) -> None:
    numbers, texts = tmp_path / "n.jsonl", tmp_path / "t.ndjson"
    native = [{name: _json(value) for name, value in zip(NAMES, row, strict=True)} for row in WANTED]
    numbers.write_text("".join(json.dumps(row) + "\n" for row in native), encoding="utf-8")
    polish = _text_rows(",", ("Prawda", "Fałsz"), "%d.%m.%Y", " ")
    rows = [dict(zip(NAMES, row, strict=True)) for row in polish]
    texts.write_text("".join(json.dumps(row, ensure_ascii=False) + "\r\n" for row in rows), encoding="utf-8")
    assert _rows(tmp_path, numbers) == WANTED
    assert _rows(tmp_path, texts) == WANTED


def test_arrow_pandas_and_polars(tmp_path: Path) -> None:
    polars = pytest.importorskip("polars", reason="polars is not installed")
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    pytest.importorskip("pandas", reason="pandas is not installed")
    connection = duckdb.connect()
    _fill(connection)
    arrow = connection.sql("SELECT * FROM clients").to_arrow_table()
    assert _rows(tmp_path, arrow) == WANTED
    assert _rows(tmp_path, pyarrow.RecordBatchReader.from_batches(arrow.schema, arrow.to_batches())) == WANTED
    assert _rows(tmp_path, polars.from_arrow(arrow)) == WANTED
    frame = connection.sql("SELECT * REPLACE (revenue::DOUBLE AS revenue, visits::VARCHAR AS visits) FROM clients").df()
    assert _rows(tmp_path, frame) == WANTED


def test_nan_is_a_blank_of_pandas_and_bad_elsewhere(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    polars = pytest.importorskip("polars", reason="polars is not installed")
    contract = table("clients", {"key": "id", "fields": {"id": "text", "fit": "number"}})
    columns = {"id": ["A", "B"], "fit": [0.5, float("nan")]}
    connection, loaded = load((contract,), {"clients": pandas.DataFrame(columns)}, tmp_path)
    assert loaded.bad_rows == () and connection.execute("SELECT fit FROM clients").fetchall() == [(0.5,), (None,)]
    _, loaded = load((contract,), {"clients": polars.DataFrame(columns)}, tmp_path)
    assert [(row.place.line, row.column, row.why) for row in loaded.bad_rows] == [(2, "fit", "is not a number")]


def _fill(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "CREATE TABLE clients (id VARCHAR, revenue DECIMAL(18, 4), fit DOUBLE, visits BIGINT, key_account BOOLEAN, since DATE, "
        "delay BIGINT, term BIGINT, name VARCHAR)"
    )
    connection.executemany("INSERT INTO clients VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", WANTED)


def _json(value: Any) -> Any:
    match value:
        case Decimal():
            return float(value)
        case datetime.date():
            return value.isoformat()
        case _:
            return value


@pytest.mark.parametrize("form", ["csv", "parquet", "jsonl", "arrow"])
def test_rounding_is_counted_alike(tmp_path: Path, form: str) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    values = [0.00005, -0.00005, 1.00004999, 2.5, 1e-25, 0.1 + 0.2, 12345678.00005, 5e-05, 100.0]
    contract = table("clients", {"key": "id", "fields": {"id": "integer", "revenue": "money", "fit": "number"}})
    columns = {"id": list(range(len(values))), "revenue": values, "fit": values}
    data: Any = pyarrow.table(columns)
    if form == "parquet":
        data = tmp_path / "c.parquet"
        import pyarrow.parquet

        pyarrow.parquet.write_table(pyarrow.table(columns), data)
    if form == "jsonl":
        data = tmp_path / "c.jsonl"
        data.write_text("".join(f'{{"id": {n}, "revenue": {v!r}, "fit": {v!r}}}\n' for n, v in enumerate(values)))
    if form == "csv":
        data = tmp_path / "c.csv"
        data.write_text("id,revenue,fit\n" + "".join(f"{n},{Decimal(repr(v)):f},{Decimal(repr(v)):f}\n" for n, v in enumerate(values)))
    connection, loaded = load((contract,), {"clients": data}, tmp_path)
    assert [row[0] for row in connection.execute("SELECT revenue::VARCHAR FROM clients").fetchall()] == [
        "0.0001", "-0.0001", "1.0000", "2.5000", "0.0000", "0.3000", "12345678.0001", "0.0001", "100.0000",
    ]  # fmt: skip
    assert [row[0] for row in connection.execute("SELECT fit FROM clients").fetchall()] == [
        0.00005, -0.00005, 1.00004999, 2.5, 0.0, 0.3, 12345678.00005, 5e-05, 100.0,
    ]  # fmt: skip
    counted = [f.message for f in loaded.findings if f.code == "SS519"]
    assert counted == [
        "clients: 7 cells have more than 4 decimal places in 'revenue': rounded",
        "clients: 2 cells have more than 9 decimal places in 'fit': rounded",
    ]


@pytest.mark.parametrize("form", ["parquet", "arrow", "pandas", "polars"])
def test_nan_and_infinity_are_bad_for_a_text_and_a_key(tmp_path: Path, form: str) -> None:
    pyarrow = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    import pyarrow as arrow

    columns = {"id": [1.0, float("inf"), 3.0], "t": [1.5, 2.0, float("-inf" if form == "pandas" else "nan")]}
    data: Any = arrow.table(columns)
    if form == "parquet":
        data = tmp_path / "c.parquet"
        pyarrow.write_table(arrow.table(columns), data)
    elif form != "arrow":
        data = pytest.importorskip(form, reason=f"{form} is not installed").DataFrame(columns)
    contract = table("clients", {"key": "id", "fields": {"id": "text", "t": "text"}})
    _, loaded = load((contract,), {"clients": data}, tmp_path)
    assert [(row.code, row.place.line, row.column) for row in loaded.bad_rows] == [("SS521", 2, "id"), ("SS521", 3, "t")]


def test_nan_among_the_texts_of_pandas_is_a_blank(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    contract = table("clients", {"key": "id", "fields": {"id": "text", "t": "text"}})
    blanks = [float("nan"), None, pandas.NA, pandas.NaT]
    frame = pandas.DataFrame({"id": ["A", "B", "C", "D", "E"], "t": pandas.Series(["x", *blanks], dtype=object)})
    connection, loaded = load((contract,), {"clients": frame}, tmp_path)
    assert loaded.bad_rows == ()
    assert [row[0] for row in connection.execute("SELECT t FROM clients").fetchall()] == ["x", None, None, None, None]


def test_long_numbers_are_the_same_from_every_form(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    contract = table("clients", {"key": "id", "fields": {"id": "text", "m": "money"}})
    keys, amounts = ["123456789012345678901", "123456789012345678902"], ["12345678901234.5678", "-99999999999999.9999"]
    pairs = list(zip(keys, amounts, strict=True))
    lines, comma = tmp_path / "c.jsonl", tmp_path / "c.csv"
    lines.write_text("".join(f'{{"id": {key}, "m": {amount}}}\n' for key, amount in pairs))
    comma.write_text("id,m\n" + "".join(f"{key},{amount}\n" for key, amount in pairs))
    typed = pyarrow.table({"id": [Decimal(key) for key in keys], "m": [Decimal(amount) for amount in amounts]})
    for data in (lines, comma, typed):
        connection, loaded = load((contract,), {"clients": data}, tmp_path)
        assert [f.code for f in loaded.findings if f.severity == "error"] == []
        assert connection.execute("SELECT id, m::VARCHAR FROM clients").fetchall() == pairs


@pytest.mark.parametrize("message", ["Out of Memory Error", "No space left on device"])
def test_the_machines_limits_are_no_fault_of_the_data(tmp_path: Path, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from selective_sales.data import loading

    def fail(*_: object) -> None:
        raise (duckdb.OutOfMemoryException if "Memory" in message else duckdb.IOException)(message)

    monkeypatch.setattr(loading, "stage", fail)
    path = tmp_path / "c.csv"
    path.write_text("id\nA\n")
    with pytest.raises(duckdb.Error, match=message):
        load((table("clients", {"key": "id", "fields": {"id": "text"}}),), {"clients": path}, tmp_path)
