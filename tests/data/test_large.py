"""Files of several buffers, and the real data sets: order, line numbers, exact sums."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.real_data import real_file

from .support import load, table

EVERYTHING = {
    "id": "text",
    "revenue": {"type": "money", "minimum": 0},
    "fit": {"type": "number", "maximum": 1},
    "active": "boolean",
    "industry": {"type": "text", "one_of": ["it", "retail", "public", "bank", "farm", "law", "art"], "missing": "it"},
    "since": "date",
    "delay": {"type": "days", "missing_tokens": ["-", "n/a", "?", "none", "x"]},
}
ROWS = 300_000
LINE = (
    "SELECT 'C' || i AS id, (i % 1000) + 0.25 AS revenue, (i % 100) / 100 AS fit, i % 2 = 0 AS active, "
    "['it', 'retail', 'public', 'bank', 'farm', 'law', 'art', ''][1 + i % 8] AS industry, "
    "DATE '2020-01-01' + (i % 1000)::INTEGER AS since, "
    f"(i % 90) || ' days' AS delay, repeat('padding ', 12) AS pad FROM range({ROWS}) t(i)"
)


@pytest.mark.parametrize("form", ["csv", "parquet", "jsonl"])
def test_rows_keep_their_order_and_their_numbers(tmp_path: Path, form: str) -> None:
    """Also with a contract that could tempt the engine to reorder: long lists of words, tokens, defaults."""
    path = tmp_path / f"c.{form}"
    source = f"SELECT * REPLACE (CASE WHEN id IN ('C7', 'C{ROWS - 2}') THEN 'oops' ELSE delay END AS delay) FROM ({LINE})"
    option = {"csv": "HEADER", "parquet": "FORMAT parquet", "jsonl": "FORMAT json"}[form]
    duckdb.connect().execute(f"COPY ({source}) TO '{path}' ({option})")
    connection, loaded = load((table("clients", {"key": "id", "fields": EVERYTHING}),), {"clients": path}, tmp_path)
    first = 2 if form == "csv" else 1
    assert [(row.place.line, row.value) for row in loaded.bad_rows] == [(7 + first, "oops"), (ROWS - 2 + first, "oops")]
    assert connection.execute("SELECT count(*) FROM clients WHERE id <> 'C' || rowid").fetchone() == (0,)


def test_lines_through_quoted_line_ends_of_a_large_file(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("id,note,fit\n")
        for number in range(150_000):
            file.write(f'C{number},"first\nsecond ""{number}""\n\n{"padding " * 15}",{"x" if number == 149_998 else 0.5}\n')
    connection, loaded = load(
        (table("clients", {"key": "id", "fields": {"id": "text", "note": "text", "fit": "number"}}),), {"clients": path}, tmp_path
    )
    assert [(row.place.line, row.column) for row in loaded.bad_rows] == [(2 + 149_998 * 4, "fit")]
    assert connection.execute("SELECT count(*) FROM clients").fetchone() == (150_000,)


def _retail(orders: Path, folder: Path) -> tuple[duckdb.DuckDBPyConnection, list[int]]:
    clients = folder / "clients.parquet"
    given = f"SELECT DISTINCT CustomerID FROM '{real_file('online_retail_uci.parquet')}' WHERE CustomerID IS NOT NULL"
    duckdb.connect().execute(f"COPY ({given}) TO '{clients}'")
    fields = {
        "client_id": {"type": "text", "column": "CustomerID"},
        "ordered_on": {"type": "date", "column": "InvoiceDate"},
        "quantity": {"type": "integer", "column": "Quantity"},
        "unit_price": {"type": "money", "column": "UnitPrice"},
    }
    contracts = (
        table("clients", {"key": "client_id", "fields": {"client_id": fields["client_id"]}}),
        table("orders", {"key": "client_id", "belongs_to": "clients", "without_client": "ignore", "fields": fields}),
    )
    connection, loaded = load(contracts, {"clients": clients, "orders": orders}, folder)
    assert [f for f in loaded.findings if f.severity == "error"] == []
    lines = loaded.tables[1]
    return connection, [lines.rows_read, lines.rows_used, lines.rows_set_aside, lines.rows_ignored]


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_online_retail_is_exact(tmp_path: Path, form: str) -> None:
    path = real_file("online_retail_uci.parquet")
    if form == "csv":
        duckdb.connect().execute(f"COPY (SELECT * FROM '{path}') TO '{tmp_path / 'orders.csv'}' (HEADER, DELIMITER ';')")
        path = tmp_path / "orders.csv"
    connection, counts = _retail(path, tmp_path)
    assert counts == [541909, 406829, 0, 135080]
    row = connection.execute("SELECT CAST(sum(quantity * unit_price) AS VARCHAR) FROM orders").fetchone()
    assert row == ("8300065.8140",)
    nets = "SELECT sum(quantity * unit_price) AS net FROM orders GROUP BY client_id"
    assert connection.execute(f"SELECT count_if(net < 0), count_if(net = 0), count(*) FROM ({nets})").fetchone() == (41, 14, 4372)


def test_telco_churn(tmp_path: Path) -> None:
    fields = {
        "client_id": {"type": "text", "column": "customerID", "pattern": "[0-9]{4}-[A-Z]{5}"},
        "tenure": {"type": "months", "minimum": 0},
        "monthly": {"type": "money", "column": "MonthlyCharges"},
        "total": {"type": "money", "column": "TotalCharges"},
        "churn": {"type": "boolean", "column": "Churn"},
        "senior": {"type": "boolean", "column": "SeniorCitizen"},
    }
    connection, loaded = load(
        (table("clients", {"key": "client_id", "fields": fields}),), {"clients": real_file("telco_churn.csv")}, tmp_path
    )
    assert loaded.bad_count == 0
    row = connection.execute("SELECT count(*), count_if(total IS NULL), round(100 * avg(churn::INTEGER), 2) FROM clients").fetchone()
    assert row == (7043, 11, 26.54)
