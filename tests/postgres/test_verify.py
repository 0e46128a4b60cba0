"""`verify-engine` on a real server: one that decides the same, and one that does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from click.testing import CliRunner, Result

from selective_sales.cli.app import main
from selective_sales.cli.exits import Exit

ROOT = Path(__file__).parents[2]
WHOLE = ROOT / "tests" / "cases" / "whole"


@pytest.fixture
def url(postgres: str) -> str:
    settings = dict(part.split("=") for part in postgres.split())
    return f"postgresql://{settings['user']}@/postgres?host={quote(settings['host'], safe='')}"


@pytest.fixture
def odd_server(postgres: str, url: str) -> Iterator[str]:
    """For one role, the server's `floor` is another function than everybody's."""
    with psycopg.connect(postgres, autocommit=True) as server:
        server.execute(
            "CREATE SCHEMA odd; CREATE ROLE odd LOGIN; GRANT USAGE ON SCHEMA odd TO odd; ALTER ROLE odd SET search_path = odd, pg_catalog"
        )
        server.execute("CREATE FUNCTION odd.floor(float8) RETURNS float8 LANGUAGE sql AS 'SELECT pg_catalog.floor($1) + 1'")
        yield url.replace("postgres@", "odd@")
        server.execute("DROP SCHEMA odd CASCADE; DROP ROLE odd")


def verify(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["verify-engine", *map(str, words)], catch_exceptions=False)


def test_a_server_that_decides_the_same(url: str, postgres: str) -> None:
    done = verify(url, WHOLE, ROOT / "policies" / "sales-time.test.yaml")
    assert done.exit_code == Exit.FINE, done.output
    lines = done.stdout.splitlines()
    assert len(lines) == 13 and all(line.endswith("the same") for line in lines)
    assert "postgres@" not in done.output
    with psycopg.connect(postgres) as server:
        assert server.execute("SELECT count(*) FROM pg_tables WHERE tablename IN ('clients', 'orders')").fetchall() == [(0,)]


def test_a_server_that_does_not_decide_the_same(odd_server: str) -> None:
    done = verify(odd_server, WHOLE / "services-portfolio.test.yaml")
    assert done.exit_code == Exit.FINDINGS
    assert "cells differ" in done.stdout and ": here " in done.stdout and done.stdout.rstrip().endswith("not the same")
    told = json.loads(verify(odd_server, WHOLE / "services-portfolio.test.yaml", "--format", "json").stdout)
    (file,) = told["files"]
    assert told["agrees"] is False and {"margin"} <= {d["column"] for d in file["differences"]}


def test_a_policy_that_the_server_cannot_be_told(url: str, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(
        'format: 1\npolicy: {id: p, version: "1", title: P, languages: [en], currency: EUR, strategy: first}\n'
        "data: {clients: {key: id, fields: {id: text, name: text}}}\n"
        "decisions: {decline: {title: decline}, keep: {title: keep, default: true}}\n"
        "rules: [{id: school, when: 'matches(name, \"(?i)school\")', then: decline, reason: x}]\n",
        encoding="utf-8",
    )
    case = (
        'format: 1\npolicy: p.yaml\nas_of: "2026-11-22"\ncases: [{case: a, client: {id: A, name: School}, expect: {decision: decline}}]\n'
    )
    (tmp_path / "p.test.yaml").write_text(case, encoding="utf-8")
    done = verify(url, tmp_path)
    assert "not asked: PostgreSQL has no equal of the pattern" in done.stdout


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://x:hunter2@h/d", "SS998"),
        ("postgresql://localhost:1/d", "The server cannot be reached: "),
        ("spark://host", "SS998"),
        ("", "SS998"),
        ("sparc", "the address cannot be read; write spark, or postgresql://HOST/DATABASE\n"),
    ],
)
def test_no_server_to_ask(address: str, said: str) -> None:
    done = verify(address, WHOLE)
    assert done.exit_code == Exit.USAGE and said in done.stderr and done.stdout == ""
    assert "hunter2" not in done.output


def test_no_tests_to_ask_with(url: str, tmp_path: Path) -> None:
    done = verify(url, tmp_path / "nowhere")
    assert (done.exit_code, done.stdout) == (Exit.USAGE, "") and "nowhere" in done.stderr
