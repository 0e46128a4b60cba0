"""Broken, hostile and empty data: Spark says of them what DuckDB says, and types the sound ones alike.

One load has many faults, as every load costs Spark seconds.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from selective_sales.compiling.spark_run import contract_patterns
from selective_sales.data.spark.loading import SparkLoad, load_in_spark
from selective_sales.data.spark.places import place_of
from selective_sales.model.data import Loaded
from selective_sales.model.policy import Table
from selective_sales.model.sql import quote_name
from tests.data.support import AS_OF, load, table

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

CLIENTS = {
    "key": ["id"],
    "fields": {
        "id": {"type": "text"},
        "revenue": {"type": "money", "required": True, "minimum": 0, "maximum": 1000000},
        "share": {"type": "number"},
        "seats": {"type": "integer", "maximum": 500},
        "term": {"type": "months"},
        "wait": {"type": "days"},
        "active": {"type": "boolean"},
        "since": {"type": "date"},
        "ended": {"type": "date", "format": "%d %B %Y"},
        "tier": {"type": "text", "one_of": ["gold", "silver"]},
        "code": {"type": "text", "pattern": "[A-Z]{2}[0-9]+"},
        "tax": {"type": "text", "unique": True},
    },
}
ORDERS = {
    "key": ["client"],
    "belongs_to": "clients",
    "fields": {"client": {"type": "text"}, "amount": {"type": "money", "missing": 0}, "on": {"type": "date"}},
}


def tables(clients: Mapping[str, object] = CLIENTS, orders: Mapping[str, object] = ORDERS) -> tuple[Table, ...]:
    return table("orders", orders), table("clients", clients)


@contextmanager
def in_spark(
    spark: SparkSession, declared: tuple[Table, ...], files: Mapping[str, Path], quarantine: Path | None = None
) -> Iterator[Loaded]:
    """Loaded by Spark; the views are there meanwhile."""
    places = {}
    for name, path in files.items():
        place, finding = place_of(str(path))
        assert place is not None, finding
        places[name] = place
    staging = next(iter(files.values())).parent
    asked = SparkLoad(spark, contract_patterns(declared)[0], "PLN", AS_OF, quarantine, staging)
    with duckdb.connect() as connection:
        loaded, views = load_in_spark(asked, connection, declared, places)
        try:
            yield loaded
        finally:
            views.close()


def said(loaded: Loaded) -> list[tuple[str, str, str, str]]:
    return [(f.code, str(f.place), f.message, f.help) for f in loaded.findings]


def rows(found: list[tuple[object, ...]]) -> list[str]:
    return sorted(map(repr, found))


def same(spark: SparkSession, declared: tuple[Table, ...], files: Mapping[str, Path], folder: Path) -> Loaded:
    """What both say, and where the data are sound, the typed rows."""
    connection, here = load(declared, files, folder)
    with in_spark(spark, declared, files) as there:
        assert said(there) == said(here)
        assert there.tables == here.tables
        assert there.bad_count == here.bad_count
        if not here.bad_count:
            for one in declared:
                names = [f.name for f in one.fields]
                ours = connection.execute(f"SELECT {', '.join(map(quote_name, names))} FROM {quote_name(one.name)}").fetchall()
                theirs = [tuple(row) for row in spark.table(one.name).select(*names).collect()]
                assert rows(theirs) == rows(ours)
    return here


HEADER = "id;revenue;share;seats;term;wait;active;since;ended;tier;code;tax\n"
FAULTS = """\
C7;10;;;;;;;;;
C8;10;;;;;;;;;;8;9
;10;;;;;;;;;;6
C4;;;;;;;;;;;
C6;10;;;;;;;;;;7
C6;11;;;;;;;;;;7
C1;1 234,50 zł;12,5%;3;2 years;90 days;tak;31.12.2025;1 March 2024;gold;PL1;1
C3;-1;x;2,5;;;maybe;31.02.2025;;bronze;pl3;3
C5;99999999999999999;;99999999999999999999;;;;;;;;5
C9;1000000,01;;;;;;;;gold ;PL9\u00a0;9
"""


def test_a_fault_of_each_kind(spark: SparkSession, tmp_path: Path) -> None:
    clients, orders = tmp_path / "clients.csv", tmp_path / "orders.csv"
    clients.write_text(HEADER + FAULTS, encoding="utf-8")
    orders.write_text("client,amount,on\nC1,1.5,2026-01-02\nC99,2,2026-01-03\n,3,2026-01-04\nC1,abc,2026-13-01\n", encoding="utf-8")
    found = same(spark, tables(), {"clients": clients, "orders": orders}, tmp_path)
    codes = {f.code for f in found.findings}
    assert codes >= {f"SS{number}" for number in (520, 521, 522, 523, 524, 525, 526, 527, 528, 529)}


HOSTILE = (
    "id;revenue;share;seats;term;wait;active;since;ended;tier;code;tax\r\n"
    "\ufeff A\u200b;\u00a01\u202f000,50 PLN;-0;+7;12 MONTHS;2 weeks;TAK;2025-12-31T10:00Z;31 december 2024;gold;AB12;1\r\n"
    '"it\'s ""x"" \\ n\ntwo; lines";0,00005;\u22120,1234567895;0;1 year;0;FAŁSZ;2024-02-29;29 February 2024; silver ;ZZ9;e\u0301\r\n'
    ";;;;;;;;;;;\r\n"
    "$A`${x};1;99%;-5;007;+3 days;nİe;0001-01-01;1 May 0999;;;\u00e9x\r\n"
    "😀\u202e;1000000;123456789012345;500;1;1;n;9999-12-31;1 June 9999;;;3\r\n"
)


def test_hostile_and_odd_values_are_read_alike(spark: SparkSession, tmp_path: Path) -> None:
    clients, orders = tmp_path / "cl ients%20+.csv", tmp_path / "orders.csv"
    clients.write_bytes(HOSTILE.replace(";;;;;;;;;;;\r\n", "").encode())
    orders.write_text("client;amount;on\n", encoding="utf-8")
    found = same(spark, tables(), {"clients": clients, "orders": orders}, tmp_path)
    assert found.bad_count == 0, found.bad_rows


def test_columns_that_a_program_typed_are_read_alike(spark: SparkSession, tmp_path: Path) -> None:
    clients, orders = tmp_path / "clients.parquet", tmp_path / "orders.parquet"
    typed = """
        SELECT CAST(i AS INTEGER) AS id, CAST(i / 7 AS DOUBLE) AS revenue, CAST(i / 3 AS FLOAT) AS share, CAST(i AS UTINYINT) AS seats,
               CAST(i AS DECIMAL(20, 2)) AS term, CAST(i AS DOUBLE) AS wait, i % 2 = 0 AS active, TIMESTAMP '2025-12-31 23:59:59' AS since,
               CAST(NULL AS VARCHAR) AS ended, CAST('gold' AS VARCHAR) AS tier, 'AB' || i AS code,
               TIMESTAMPTZ '2026-01-01 00:30:00+02' AS tax
        FROM range(3) t(i)"""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"COPY ({typed}) TO '{clients}' (FORMAT parquet)")
        one = "SELECT 0 AS client, CAST(1.23456 AS DECIMAL(38, 20)) AS amount, DATE '2026-01-01' AS on"
        connection.execute(f"COPY ({one}) TO '{orders}' (FORMAT parquet)")
    contract = {**CLIENTS, "fields": {**CLIENTS["fields"], "id": {"type": "text"}, "tax": {"type": "text"}}}  # type: ignore[dict-item]
    found = same(spark, tables(contract), {"clients": clients, "orders": orders}, tmp_path)
    assert found.bad_count == 0, found.bad_rows


def test_moments_that_this_program_has_no_date_for(spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside texts, of which the first rows are looked at here."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    clients, orders = tmp_path / "clients.parquet", tmp_path / "orders.csv"
    orders.write_text("client;amount;on\n", encoding="utf-8")
    contract: dict[str, object] = {"key": ["id"]}
    contract["fields"] = {"id": {"type": "text"}, "since": {"type": "date"}, "ended": {"type": "date"}}
    try:
        with duckdb.connect() as connection:
            first = "('a', TIMESTAMPTZ '9999-12-31 23:00:00+00', DATE '9999-12-31')"
            rows = f"{first}, ('b', TIMESTAMPTZ '0001-01-01 00:00:00+00', DATE 'infinity')"
            connection.execute(f"COPY (SELECT * FROM (VALUES {rows}) AS t(id, since, ended)) TO '{clients}' (FORMAT parquet)")
            declared, files = tables(contract), {"clients": clients, "orders": orders}
            _, here = load(declared, files, tmp_path)
            with in_spark(spark, declared, files) as there:
                assert [f.code for f in there.findings] == [f.code for f in here.findings]
                assert there.bad_count == here.bad_count == 1
            connection.execute(f"COPY (SELECT * FROM (VALUES {rows}) AS t(id, since, more)) TO '{clients}' (FORMAT parquet)")
            contract["fields"] = {"id": {"type": "text"}, "since": {"type": "date"}}
            assert same(spark, tables(contract), files, tmp_path).bad_count == 0
    finally:
        monkeypatch.undo()
        time.tzset()


def test_numbers_of_single_precision_and_beyond_any_whole_number(spark: SparkSession, tmp_path: Path) -> None:
    """Java writes other digits of them than DuckDB does, and has no floor for the largest."""
    clients, orders = tmp_path / "clients.parquet", tmp_path / "orders.csv"
    orders.write_text("client;amount;on\n", encoding="utf-8")
    contract = {"key": ["id"], "fields": {"id": {"type": "text"}, "cost": {"type": "money"}, "share": {"type": "number"}}}
    with duckdb.connect() as connection:
        floats = "range(3000) t(i), (SELECT unnest([1e-5, 0.37, 10, 1234.56, 2208641.25, 3e8]) AS m)"
        one = "CAST(m * (i + 1) / 7 AS FLOAT)"
        connection.execute(
            f"COPY (SELECT i || ' ' || m AS id, {one} AS cost, -{one} AS share FROM {floats}) TO '{clients}' (FORMAT parquet)"
        )
    found = same(spark, tables(contract), {"clients": clients, "orders": orders}, tmp_path)
    assert found.bad_count == 0
    with duckdb.connect() as connection:
        rows = "('a', 9223372036854775807::DOUBLE), ('b', 1e300), ('c', -9223372036854775808), ('d', 'nan'), ('e', -0.0)"
        connection.execute(f"COPY (SELECT * FROM (VALUES {rows}) AS t(id, share)) TO '{clients}' (FORMAT parquet)")
    contract = {"key": ["id"], "fields": {"id": {"type": "text"}, "share": {"type": "integer"}}}
    _, here = load(tables(contract), {"clients": clients, "orders": orders}, tmp_path)
    with in_spark(spark, tables(contract), {"clients": clients, "orders": orders}) as there:
        assert [f.code for f in there.findings] == [f.code for f in here.findings] and there.bad_count == 3


def test_spaces_before_a_quote(spark: SparkSession, tmp_path: Path) -> None:
    clients, orders = tmp_path / "clients.csv", tmp_path / "orders.csv"
    clients.write_text('id, revenue, tier, tax\na, "1,5", "gold", "x ""y"", z"\n "b", 2,  silver , \n', encoding="utf-8")
    orders.write_text("client;amount;on\n", encoding="utf-8")
    fields = {name: CLIENTS["fields"][name] for name in ("id", "revenue", "tier", "tax")}  # type: ignore[index]
    found = same(spark, tables({"key": ["id"], "fields": fields}), {"clients": clients, "orders": orders}, tmp_path)
    assert found.bad_count == 0, found.bad_rows
