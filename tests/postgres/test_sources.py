"""Tables of a real server as data: exact values, only what is named and only read, and no credential anywhere afterwards."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from click.testing import CliRunner, Result

import selective_sales
from selective_sales.cli.app import main
from selective_sales.cli.exits import Exit
from tests.data.test_databases import POLICY

CSV = "client_id,revenue,cost,since,score,good\nb,1000.1234,5,2026-01-01,0.1,yes\na,10,50.25,,0.000000001,no\nł,,1,2020-02-29,,\n"
NAME = 'Cli"ents; DROP TABLE x; --'
SECRET = "hunter2-and-more"


@pytest.fixture
def url(postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The server's address without a table, for the role `reader`, who may read the schema `crm` but not all of it."""
    settings = dict(part.split("=") for part in postgres.split())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PGPASSWORD", SECRET)
    monkeypatch.setenv("PGUSER", "reader")
    (tmp_path / "p.yaml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "clients.csv").write_text(CSV, encoding="utf-8")
    with psycopg.connect(postgres, user="postgres", autocommit=True) as server:
        server.execute("CREATE ROLE reader LOGIN; CREATE SCHEMA crm; GRANT USAGE ON SCHEMA crm TO reader; CREATE SCHEMA own")
        columns = "client_id varchar(9), revenue numeric, cost numeric(9, 2), since date, score float8, good bool, more json"
        server.execute(f"CREATE TABLE crm.clients ({columns})")  # type: ignore[call-overload]
        server.execute(
            "INSERT INTO crm.clients VALUES ('b', 1000.1234, 5, '2026-01-01', 0.1, true), ('a', 10, 50.25, NULL, 1e-9, false),"
            " ('ł', NULL, 1, '2020-02-29', NULL, NULL)"
        )
        quoted = NAME.replace('"', '""')
        server.execute(f'CREATE TABLE crm."{quoted}" AS TABLE crm.clients; CREATE TABLE crm.secret AS TABLE crm.clients')  # type: ignore[call-overload]
        server.execute(f'GRANT SELECT ON crm.clients, crm."{quoted}" TO reader; CREATE TABLE own.clients AS TABLE crm.clients')  # type: ignore[call-overload]
        yield f"postgresql:///postgres?host={quote(settings['host'], safe='')}"
        server.execute("DROP SCHEMA crm CASCADE; DROP SCHEMA own CASCADE; DROP ROLE reader")


def evaluate(given: str, *options: str) -> Result:
    words = ["evaluate", "p.yaml", "--data", f"clients={given}", "--as-of", "2026-11-22", *options]
    return CliRunner().invoke(main, words, catch_exceptions=False)


def manifest(run: str) -> dict[str, object]:
    content = json.loads((Path(run) / "manifest.json").read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


def test_it_gives_what_a_csv_file_gives(url: str) -> None:
    assert evaluate("clients.csv", "--out", "csv").exit_code == Exit.FINE
    for run, name in (("one", "crm.clients"), ("two", f"crm.{NAME}")):
        done = evaluate(f"{url}#{name}", "--out", run)
        assert done.exit_code == Exit.FINE, done.stderr
        assert manifest(run)["digest"] == manifest("csv")["digest"]


def test_the_digest_of_the_content_is_that_of_the_rows_in_any_order(url: str, postgres: str) -> None:
    def content() -> object:
        run = f"run{len(list(Path().glob('run*')))}"
        assert evaluate(f"{url}#crm.clients", "--out", run).exit_code == Exit.FINE
        (table,) = manifest(run)["tables"]  # type: ignore[misc]
        return table["sha256"]

    first = content()
    with psycopg.connect(postgres, user="postgres") as server:
        server.execute("CREATE TABLE crm.other AS SELECT * FROM crm.clients ORDER BY client_id DESC; TRUNCATE crm.clients")
        server.execute("INSERT INTO crm.clients TABLE crm.other")
    assert content() == first
    with psycopg.connect(postgres, user="postgres") as server:
        server.execute("UPDATE crm.clients SET cost = 5.01 WHERE client_id = 'b'")
    assert content() != first


def test_no_credential_is_in_the_run_folder_or_in_what_is_said(url: str) -> None:
    with_user = url.replace("postgresql:///", "postgresql://reader@/")
    done = evaluate(f"{with_user}#crm.clients", "--out", "run", "--keep-data", "--write", "csv")
    assert done.exit_code == Exit.FINE, done.stderr
    failed = evaluate(f"{with_user}#crm.client")
    replayed = CliRunner().invoke(main, ["replay", "run"])
    assert replayed.exit_code == Exit.FINE
    for text in (
        done.output,
        failed.output,
        replayed.output,
        *(f.read_bytes().decode(errors="ignore") for f in Path("run").rglob("*") if f.is_file()),
    ):
        assert SECRET not in text and "reader@" not in text


@pytest.mark.parametrize(
    "given",
    [
        "clients=postgresql://x:SECRET@h/d#t",
        "clients=postgresql://h/d?password=SECRET#t",
        "clients=postgresql:/x:SECRET@h/d#t",
        "clients=POSTGRES://x:SECRET@[h/d#t",
        "clients= postgresql://x:SECRET@h/d#t",
        "clients=postgresql+psycopg2://x:SECRET@h/d#t",
        "clients=mysql://x:SECRET@h/d#t",
        "clients=jdbc:postgresql://h/d?user=x&password=SECRET#t",
        "clients=s3a://KEY:SECRET@bucket/clients.parquet",
        "clients=postgresql://x:12/SECRET@h/d#t",
        "clients=postgresql://x:12#SECRET@h/d#t",
        "clinets=postgresql://x:SECRET@h/d#t",
        "postgresql://x:SECRET@h/d#t",
        "postgresql://h/d?password=SECRET#t",
    ],
)
def test_an_address_with_a_password_is_refused_and_never_repeated(url: str, given: str) -> None:
    for command in (["evaluate", "p.yaml"], ["check", "p.yaml"]):
        done = CliRunner().invoke(main, [*command, "--data", given.replace("SECRET", SECRET)])
        assert done.exit_code == Exit.USAGE, done.output
        assert "SS998" in done.stderr and SECRET not in done.output


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("crm.clint", "Did you mean 'crm.clients'?"),
        ("clients", "Did you mean 'crm.clients'?"),
        ("crm.secret", "may not be read by this user"),
        ("own.clients", "may not be read by this user"),
        ("pg_catalog.pg_authid", "there is no table"),
        ("crm.clients; DROP TABLE crm.clients", "there is no table"),
        ('crm"."clients', "there is no table"),
        ("", "Did you mean 'crm.clients'?"),
    ],
)
def test_no_such_table_or_no_right(url: str, name: str, said: str) -> None:
    done = evaluate(f"{url}#{name}", "--out", "run")
    assert (done.exit_code, Path("run").exists()) == (Exit.DATA, False)
    assert "SS999" in done.stderr and said in done.stderr, done.stderr


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://localhost:1/crm#clients", "Connection refused"),
        ("postgresql://host.invalid/crm#clients", "host name"),
        ("{}&dbname=nowhere#clients", "database"),
        ("{}&user=nobody_known#clients", "does not exist"),
    ],
)
def test_no_server(url: str, address: str, said: str) -> None:
    done = evaluate(address.format(url))
    assert done.exit_code == Exit.DATA and "SS997" in done.stderr and said in done.stderr
    assert "nobody_known" not in done.stderr


def test_nothing_is_written_even_by_a_view_that_would(url: str, postgres: str) -> None:
    with psycopg.connect(postgres, user="postgres") as server:
        server.execute("CREATE FUNCTION crm.harm() RETURNS text LANGUAGE sql AS $$ DELETE FROM crm.clients RETURNING client_id $$")
        server.execute(
            "CREATE VIEW crm.trap AS SELECT crm.harm() AS client_id, 1 AS revenue, 1 AS cost, NULL::date AS since, 1 AS score, true AS good"
        )
        server.execute("GRANT SELECT ON crm.trap TO reader; GRANT DELETE ON crm.clients TO reader")
    done = evaluate(f"{url}#crm.trap")
    assert done.exit_code == Exit.DATA and "read-only" in done.stderr
    with psycopg.connect(postgres, user="postgres") as server:
        assert server.execute("SELECT count(*) FROM crm.clients").fetchall() == [(3,)]


def test_a_view_that_fails_after_many_rows_stops_the_run(url: str, postgres: str) -> None:
    with psycopg.connect(postgres, user="postgres") as server:
        server.execute(
            "CREATE VIEW crm.late AS SELECT n::text AS client_id, 1 / (200000 - n) AS revenue, 1 AS cost, NULL::date AS since, 1 AS score,"
            " true AS good FROM generate_series(1, 200000) AS g(n); GRANT SELECT ON crm.late TO reader"
        )
    done = evaluate(f"{url}#crm.late", "--out", "run")
    assert (done.exit_code, Path("run").exists()) == (Exit.DATA, False)
    assert "division by zero" in done.stderr


def test_types_of_many_sorts_and_values_that_break_the_contract(url: str, postgres: str) -> None:
    with psycopg.connect(postgres, user="postgres") as server:
        server.execute("CREATE TYPE crm.mood AS ENUM ('x', 'y'); CREATE DOMAIN crm.amount AS numeric")
        server.execute(
            "CREATE TABLE crm.odd (client_id uuid, revenue crm.amount, cost real, since timestamptz, score numeric, good text);"
            "INSERT INTO crm.odd VALUES ('00000000-0000-0000-0000-000000000001', 1.5, 0.1, '2026-01-01 23:30+00', 'NaN', 'y'),"
            " ('00000000-0000-0000-0000-000000000002', 1e15, 'Infinity', NULL, 1.00, 'maybe'); GRANT SELECT ON crm.odd TO reader"
        )
    done = evaluate(f"{url}#crm.odd")
    assert done.exit_code == Exit.DATA
    said = [line.partition(": ")[2] for line in done.stderr.splitlines() if ": SS5" in line and "note" not in line]
    assert [line.split(":")[1].strip() for line in said] == ["score", "cost", "good", "revenue"], done.stderr


def test_from_python(url: str) -> None:
    policy = selective_sales.read("p.yaml")
    day = datetime.date(2026, 11, 22)
    with (
        selective_sales.evaluate(policy, {"clients": f"{url}#crm.clients"}, as_of=day) as server,
        selective_sales.evaluate(policy, {"clients": "clients.csv"}, as_of=day) as file,
    ):
        assert server.digest == file.digest
    with pytest.raises(ValueError, match="password"):
        selective_sales.evaluate(policy, {"clients": f"postgresql://x:{SECRET}@h/d#t"}, as_of=day)
