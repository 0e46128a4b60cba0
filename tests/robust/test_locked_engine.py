"""The engine itself refuses: even if SQL of somebody else's making reached it, no other file, no network, no extension, no setting."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from selective_sales.engines.duckdb_engine import Limits, connected

SECRET = "a,b\nsecret,1\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with what a run may see (`data.csv`, `run/`) beside what it may not (`secret.csv`)."""
    (tmp_path / "data.csv").write_text("a,b\nplain,1\n")
    (tmp_path / "secret.csv").write_text(SECRET)
    (tmp_path / "run").mkdir()
    (tmp_path / "temp").mkdir()
    return tmp_path


@pytest.fixture
def connection(place: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with connected([place / "data.csv"], [place / "run"], place / "temp", Limits(threads=1)) as opened:
        yield opened.cursor()


def test_what_a_run_needs_is_allowed(connection: duckdb.DuckDBPyConnection, place: Path) -> None:
    assert connection.execute(f"SELECT a FROM read_csv('{place}/data.csv')").fetchall() == [("plain",)]
    connection.execute(f"COPY (SELECT 1 AS x) TO '{place}/run/out.parquet' (FORMAT parquet)")
    assert connection.execute(f"SELECT x FROM read_parquet('{place}/run/out.parquet')").fetchall() == [(1,)]


REFUSED = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_csv('{place}/secret.csv')",
    "SELECT * FROM '{place}/secret.csv'",
    "SELECT * FROM read_csv('{place}/run/../secret.csv')",
    "SELECT * FROM read_csv('{place}/data.csv/../secret.csv')",
    "SELECT * FROM read_csv(['{place}/data.csv', '{place}/secret.csv'])",
    "SELECT * FROM read_csv('{place}/*.csv')",
    "SELECT * FROM read_text('{place}/secret.csv')",
    "SELECT * FROM read_blob('{place}/secret.csv')",
    "SELECT * FROM read_json('{place}/secret.csv')",
    "SELECT * FROM read_parquet('{place}/secret.csv')",
    "SELECT * FROM sniff_csv('{place}/secret.csv')",
    "SELECT * FROM parquet_metadata('{place}/secret.csv')",
    "SELECT * FROM read_csv('file://{place}/secret.csv')",
    "SELECT * FROM read_csv('https://example.com/x.csv')",
    "SELECT * FROM read_parquet('s3://bucket/x.parquet')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM glob('{place}/*')",
    "SELECT getenv('HOME')",
    "COPY (SELECT 1) TO '{place}/stolen.csv'",
    "COPY (SELECT 1) TO '{place}/run/../stolen.csv'",
    "COPY (SELECT 1) TO '{place}/secret.csv'",
    "EXPORT DATABASE '{place}/export'",
    "IMPORT DATABASE '{place}'",
    "ATTACH '{place}/stolen.duckdb'",
    "ATTACH '{place}/secret.csv' AS stolen (TYPE sqlite)",
    "INSTALL httpfs",
    "LOAD httpfs",
    "LOAD '{place}/x.duckdb_extension'",
    "FORCE INSTALL httpfs FROM 'http://example.com'",
    "CREATE SECRET s (TYPE s3, KEY_ID 'x', SECRET 'y')",
    "CREATE PERSISTENT SECRET s (TYPE http)",
    "SET enable_external_access = true",
    "SET GLOBAL enable_external_access = true",
    "SET allowed_paths = ['/etc/passwd']",
    "SET allowed_directories = ['/']",
    "SET lock_configuration = false",
    "SET autoinstall_known_extensions = true",
    "SET python_enable_replacements = true",
    "SET temp_directory = '{place}'",
    "SET home_directory = '{place}'",
    "SET log_query_path = '{place}/log'",
    "SET profiling_output = '{place}/profile.json'",
    "PRAGMA enable_profiling = 'json'",
    "RESET lock_configuration",
    "PRAGMA enable_logging",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_everything_else_is_refused(statement: str, connection: duckdb.DuckDBPyConnection, place: Path) -> None:
    before = sorted(path.relative_to(place) for path in place.rglob("*"))
    with pytest.raises(duckdb.Error):
        connection.execute(statement.format(place=place)).fetchall()
    assert sorted(path.relative_to(place) for path in place.rglob("*")) == before
    assert (place / "secret.csv").read_text() == SECRET


def test_variables_of_the_program_are_no_tables(connection: duckdb.DuckDBPyConnection) -> None:
    import pandas as pd

    frame = pd.DataFrame({"secret": [1]})
    with pytest.raises(duckdb.CatalogException):
        connection.execute("SELECT * FROM frame").fetchall()
    assert len(frame) == 1
