"""Tables in files of SQLite and DuckDB: the same contract as any file, only what is named, nothing else reached, nothing changed."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from selective_sales.cli.app import main
from selective_sales.cli.exits import Exit

POLICY = """\
format: 1
policy: {id: small, version: "1", title: Small, languages: [en], currency: EUR, strategy: first}
data:
  clients: {key: client_id, fields: {client_id: text, revenue: money, cost: money, since: date, score: number, good: boolean}}
metrics: {profit: revenue - cost}
decisions: {decline: {title: decline}, keep: {title: keep, default: true}}
rules: [{id: loss, when: profit < 0 and score < 1, then: decline, reason: A loss.}]
"""
ROWS = "('b', 1000.1234, 5, '2026-01-01', 0.1, TRUE), ('a', 10, 50.25, NULL, 1e-9, FALSE), ('ł', NULL, 1, '2020-02-29', NULL, NULL)"
COLUMNS = "client_id text, revenue decimal(18, 4), cost double, since {date}, score double, good boolean"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.yaml").write_text(POLICY, encoding="utf-8")
    return tmp_path


def in_sqlite(path: Path, *statements: str) -> None:
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def in_duckdb(path: Path, *statements: str) -> None:
    with duckdb.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)


def evaluate(given: str, *options: str) -> Result:
    return CliRunner().invoke(
        main, ["evaluate", "p.yaml", "--data", f"clients={given}", "--as-of", "2026-11-22", *options], catch_exceptions=False
    )


def digest(given: str, folder: Path, name: str) -> str:
    done = evaluate(given, "--out", name)
    assert done.exit_code == Exit.FINE, done.stderr
    manifest = json.loads((folder / name / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["tables"][0]["sha256"] == hashlib.sha256(Path(given.partition("#")[0]).read_bytes()).hexdigest()
    assert CliRunner().invoke(main, ["replay", name], catch_exceptions=False).exit_code == Exit.FINE
    return str(manifest["digest"])


def test_each_gives_what_a_csv_file_gives(folder: Path) -> None:
    (folder / "clients.csv").write_text(
        "client_id,revenue,cost,since,score,good\nb,1000.1234,5,2026-01-01,0.1,yes\na,10,50.25,,0.000000001,no\nł,,1,2020-02-29,,\n",
        "utf-8",
    )
    in_sqlite(
        folder / "c.sqlite",
        f"CREATE TABLE clients ({COLUMNS.format(date='text')}, more)",
        f"INSERT INTO clients SELECT *, 1 FROM (VALUES {ROWS})",
    )
    in_duckdb(
        folder / "c.duckdb",
        f"CREATE TABLE clients ({COLUMNS.format(date='date')}, more blob)",
        f"INSERT INTO clients SELECT *, NULL FROM (VALUES {ROWS})",
    )
    expected = digest("clients.csv", folder, "csv")
    assert digest("c.sqlite", folder, "a") == expected
    assert digest("c.sqlite#clients", folder, "b") == expected
    assert digest("c.duckdb#clients", folder, "c") == expected
    assert digest("c.duckdb#main.clients", folder, "d") == expected


def test_the_kind_of_a_file_is_in_its_first_bytes(folder: Path) -> None:
    in_sqlite(folder / "a.db", f"CREATE TABLE clients ({COLUMNS.format(date='text')})", f"INSERT INTO clients VALUES {ROWS}")
    in_duckdb(folder / "b.db", f"CREATE TABLE clients ({COLUMNS.format(date='date')})", f"INSERT INTO clients VALUES {ROWS}")
    (folder / "c.db").write_text("client_id,revenue\n", encoding="utf-8")
    assert digest("a.db", folder, "a") == digest("b.db", folder, "b")
    done = evaluate("c.db")
    assert done.exit_code == Exit.DATA
    assert "SS509" in done.stderr and "no database file" in done.stderr


HOSTILE = ('x"y', "a'; DROP TABLE clients; --", "sche.ma", "#", "ł 1", "a#b", "$(touch x)")


@pytest.mark.parametrize("make", [in_sqlite, in_duckdb], ids=["sqlite", "duckdb"])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_names(folder: Path, make: Callable[..., None], name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    make(folder / "c.db", f"CREATE TABLE {quoted} ({COLUMNS.format(date='text')})", f"INSERT INTO {quoted} VALUES {ROWS}")
    before = (folder / "c.db").read_bytes()
    assert evaluate(f"c.db#{name}").exit_code == Exit.FINE
    missing = evaluate(f"c.db#{name}x")
    assert missing.exit_code == Exit.DATA and "SS999" in missing.stderr and "Did you mean" in missing.stderr
    assert (folder / "c.db").read_bytes() == before


@pytest.mark.parametrize("make", [in_sqlite, in_duckdb], ids=["sqlite", "duckdb"])
def test_tables_without_rows_and_files_without_tables(folder: Path, make: Callable[..., None]) -> None:
    make(folder / "c.db", f"CREATE TABLE clients ({COLUMNS.format(date='text')})")
    make(folder / "none.db", "CREATE TABLE x (y int)", "DROP TABLE x")
    done = evaluate("c.db", "--language", "en")
    assert done.exit_code == Exit.FINE and "0 clients decided" in done.stdout
    assert "There is no table in it at all" in evaluate("none.db").stderr


def test_a_view_of_duckdb_reaches_no_other_file(folder: Path) -> None:
    (folder / "secret.csv").write_text("client_id,revenue,cost,since,score,good\nsecret,1,1,,,\n", encoding="utf-8")
    in_duckdb(folder / "c.duckdb", f"CREATE VIEW clients AS SELECT * FROM read_csv('{folder}/secret.csv')")
    done = evaluate("c.duckdb", "--out", "run")
    assert done.exit_code == Exit.DATA and "SS509" in done.stderr and not (folder / "run").exists()


def test_a_cell_of_sqlite_may_be_anything(folder: Path) -> None:
    in_sqlite(
        folder / "c.sqlite",
        "CREATE TABLE clients (client_id, revenue, cost, since, score, good)",
        "INSERT INTO clients VALUES (7, 12, '0.5', '2026-01-01', 1, 1), ('b', x'00ff', 1, NULL, 9e999, 'tak'),"
        " ('c', 1e300, 1, 3, -9e999, 2)",
    )
    done = evaluate("c.sqlite#clients")
    assert done.exit_code == Exit.DATA
    said = [line for line in done.stderr.splitlines() if "SS52" in line or "SS53" in line]
    assert [line.split(":")[1] for line in said] == ["2", "2", "3", "3", "3", "3"], done.stderr
    assert "'2 bytes'" in said[0] and "'inf'" in said[1]


def test_a_file_that_another_program_is_writing_is_refused(folder: Path) -> None:
    writer = sqlite3.connect(folder / "c.sqlite", isolation_level=None)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute(f"CREATE TABLE clients ({COLUMNS.format(date='text')})")
    done = evaluate("c.sqlite")
    writer.close()
    assert done.exit_code == Exit.DATA and "SS999" in done.stderr and "c.sqlite-wal" in done.stderr
    assert evaluate("c.sqlite").exit_code == Exit.FINE


@pytest.mark.parametrize("name", ["c.sqlite", "c.duckdb"])
def test_a_broken_file_is_a_finding(folder: Path, name: str) -> None:
    make = in_sqlite if name == "c.sqlite" else in_duckdb
    make(folder / name, f"CREATE TABLE clients ({COLUMNS.format(date='text')})", f"INSERT INTO clients VALUES {ROWS}")
    whole = (folder / name).read_bytes()
    for size in (20, 100, len(whole) // 2, len(whole) - 100):
        (folder / name).write_bytes(whole[:size])
        assert evaluate(name).exit_code in (Exit.FINE, Exit.DATA, Exit.USAGE)
    for at in range(16, len(whole), max(1, len(whole) // 40)):
        (folder / name).write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        assert evaluate(name).exit_code in (Exit.FINE, Exit.DATA, Exit.USAGE)


def test_all_digits_of_wide_whole_numbers(folder: Path) -> None:
    """A sum of integers is a HUGEINT in DuckDB."""
    policy = (folder / "p.yaml").read_text(encoding="utf-8").replace("score: number", "score: integer")
    (folder / "p.yaml").write_text(policy, encoding="utf-8")
    (folder / "c.csv").write_text(
        "client_id,revenue,cost,since,score,good\n9007199254740993,1,2,,9007199254740993,\n9007199254740992,1,2,,5,\n"
    )
    rows = "(9007199254740993::HUGEINT, 1, 2, NULL, 9007199254740993::HUGEINT, NULL), (9007199254740992, 1, 2, NULL, 5, NULL)"
    in_duckdb(folder / "c.duckdb", f"CREATE TABLE clients AS SELECT * FROM (VALUES {rows}) t(client_id, revenue, cost, since, score, good)")
    assert digest("c.duckdb", folder, "one") == digest("c.csv", folder, "two")


def test_a_text_longer_than_a_line_may_be(folder: Path) -> None:
    in_sqlite(folder / "c.sqlite", "CREATE TABLE clients (client_id, revenue, cost, since, score, good)")
    with sqlite3.connect(folder / "c.sqlite") as connection:
        connection.execute("INSERT INTO clients VALUES (?, 1, 2, NULL, NULL, NULL)", ('łx"' * 3_000_000,))
        connection.execute("INSERT INTO clients VALUES ('b', 1, 2, NULL, NULL, NULL)")
    connection.close()
    done = evaluate("c.sqlite")
    assert done.exit_code == Exit.FINE, done.stderr[:500]
    assert "2 clients" in done.stdout


@pytest.mark.parametrize("name", ["rowid", "RowID"])
def test_no_field_is_called_as_the_engine_numbers_rows(folder: Path, name: str) -> None:
    """Else the wrong client would be told of, and another set aside."""
    policy = (folder / "p.yaml").read_text(encoding="utf-8").replace("good: boolean", f"good: boolean, {name}: integer")
    (folder / "p.yaml").write_text(policy, encoding="utf-8")
    done = CliRunner().invoke(main, ["check", "p.yaml"])
    assert done.exit_code == Exit.INVALID and "SS111" in done.stderr, done.output
