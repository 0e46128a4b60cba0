"""A dbt project of the tests' own: policies are compiled into it, their tables are put beside it, and the real dbt runs.

Without dbt the tests skip, and fail where REQUIRE_REAL says that they must run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest
from click.testing import CliRunner

from selective_sales.cli.app import main
from selective_sales.engines import duckdb_engine
from selective_sales.model.policy import Table
from selective_sales.model.sql import quote_name
from tests.postgres.beside import declared

PROJECT = """\
name: house
profile: house
flags: {send_anonymous_usage_stats: false}
"""
PROFILES = """\
house:
  target: duckdb
  outputs:
    duckdb: {type: duckdb, path: FOLDER/house.duckdb, threads: 2}
    postgres: {type: postgres, host: HOST, user: postgres, password: none, port: 5432, dbname: postgres, schema: house, threads: 2}
"""


def program() -> Path:
    found = Path(sys.prefix) / "dbt" / "bin" / "dbt"
    if not found.is_file():
        assert not os.environ.get("REQUIRE_REAL"), "dbt is not installed, and the tests must run"
        pytest.skip("dbt is not installed: make .venv/.installed-dev")
    return found


@dataclass(frozen=True)
class Answer:
    """What dbt said, and the state of every test and model by its name."""

    code: int
    said: str
    states: Mapping[str, str]

    def names(self, *states: str) -> set[str]:
        return {name for name, state in self.states.items() if state in states}


@dataclass(frozen=True)
class House:
    """A dbt project in a folder, and where its tables are: a DuckDB file, or a PostgreSQL server at that address."""

    folder: Path
    dialect: str
    address: str = ""

    @property
    def schema(self) -> str:
        """Where dbt builds."""
        return "main" if self.dialect == "duckdb" else "house"

    @property
    def variables(self) -> str:
        slugs = sorted(file.stem for file in (self.folder / "models").glob("*.sql"))
        given = {"as_of": "2026-11-22", "selective_sales_as_of": "2026-09-30", "contract_materialized": "view"}
        return json.dumps(given | {f"{slug}_schema": f"{slug}_in" for slug in slugs})

    def begin(self) -> None:
        host = self.address.partition("host=")[2].split(" ")[0]
        (self.folder / "dbt_project.yml").write_text(PROJECT, encoding="utf-8")
        (self.folder / "profiles.yml").write_text(
            PROFILES.replace("FOLDER", str(self.folder)).replace("HOST", host or "x"), encoding="utf-8"
        )

    def compile(self, policy: Path, *more: str) -> str:
        words = ["compile", str(policy), "--as", "dbt", "--dialect", self.dialect, "--to", str(self.folder), *more]
        result = CliRunner().invoke(main, words)
        assert result.exit_code == 0, result.stderr
        return result.stdout

    def copy(self, schema: str, tables: Sequence[Table], folder: Path) -> None:
        """What a run has kept of its tables."""
        with duckdb.connect(str(self.folder / "house.duckdb") if self.dialect == "duckdb" else ":memory:") as connection:
            connection.execute(f"CREATE SCHEMA {schema}")
            connection.execute(f"USE {schema}")
            duckdb_engine.restore_tables(connection, tables, folder)
            if self.dialect == "duckdb":
                return
            self.fill(schema, {table: connection.execute(f"FROM {quote_name(table.name)}").fetchall() for table in tables})

    def fill(self, schema: str, tables: Mapping[Table, Sequence[tuple[Any, ...]]]) -> None:
        """The tables with those rows, each of the fields that are not calculated."""
        if self.dialect == "duckdb":
            with duckdb.connect(str(self.folder / "house.duckdb")) as connection:
                connection.execute(f"CREATE SCHEMA {schema}")
                for table, rows in tables.items():
                    connection.execute(f"CREATE TABLE {schema}.{declared(table)}")
                    for row in rows:
                        connection.execute(f"INSERT INTO {schema}.{quote_name(table.name)} VALUES ({', '.join('?' * len(row))})", row)
            return
        with psycopg.connect(self.address) as server:
            server.execute(f"CREATE SCHEMA {schema}")  # type: ignore[call-overload]
            for table, rows in tables.items():
                server.execute(f"CREATE TABLE {schema}.{declared(table)}")  # type: ignore[call-overload]
                copying = f"COPY {schema}.{quote_name(table.name)} FROM STDIN"
                with server.cursor() as cursor, cursor.copy(copying) as copy:  # type: ignore[call-overload]
                    for row in rows:
                        copy.write_row(row)

    def rows(self, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """The names of the columns, and the rows."""
        if self.dialect == "duckdb":
            with duckdb.connect(str(self.folder / "house.duckdb")) as connection:
                found = connection.execute(sql)
                return [c[0] for c in found.description or []], found.fetchall()
        with psycopg.connect(self.address) as server:
            cursor = server.execute(sql)  # type: ignore[call-overload]
            return [c.name for c in cursor.description or []], cursor.fetchall()

    def change(self, sql: str) -> None:
        if self.dialect == "duckdb":
            with duckdb.connect(str(self.folder / "house.duckdb")) as connection:
                connection.execute(sql)
        else:
            with psycopg.connect(self.address) as server:
                server.execute(sql)  # type: ignore[call-overload]

    def tests(self, slug: str) -> dict[str, str]:
        """The tests of a policy as dbt has compiled them."""
        compiled = self.folder / "target/compiled/house/models" / f"{slug}.yml"
        found = {file.stem: file.read_text(encoding="utf-8") for file in compiled.glob("*.sql")}
        assert found
        return found

    def failing(self, tests: Mapping[str, str], slug: str, table: str, rows: Sequence[tuple[Any, ...]]) -> set[str]:
        """The tests that find something once the policy's table has those rows; then it has its own again."""
        name = f"{slug}_in.{quote_name(table)}"
        if self.dialect == "duckdb":
            with duckdb.connect(str(self.folder / "house.duckdb")) as connection:
                connection.execute(f"USE {slug}_in")
                connection.begin()
                connection.execute(f"DELETE FROM {name}")
                for row in rows:
                    connection.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(row))})", row)
                found = {test for test, sql in tests.items() if connection.execute(sql).fetchall()}
                connection.rollback()
                return found
        with psycopg.connect(self.address) as server:
            server.execute(f"SET LOCAL search_path = {slug}_in")  # type: ignore[call-overload]
            server.execute(f"DELETE FROM {name}")  # type: ignore[call-overload]
            with server.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN") as copy:  # type: ignore[call-overload]
                for row in rows:
                    copy.write_row(row)
            found = {test for test, sql in tests.items() if server.execute(sql).fetchall()}  # type: ignore[call-overload]
            server.rollback()
            return found

    def dbt(self, *words: str) -> Answer:
        command = [str(program()), *words, "--no-version-check", "--no-use-colors", "--target", self.dialect]
        result = subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, check=False, env={**os.environ, "DO_NOT_TRACK": "1"}
        )
        report = self.folder / "target" / "run_results.json"
        results = json.loads(report.read_text(encoding="utf-8"))["results"] if report.is_file() else []
        states = {one["unique_id"].split(".")[2]: one["status"] for one in results}
        return Answer(result.returncode, result.stdout + result.stderr, states)
