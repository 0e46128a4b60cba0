"""The ready policies over their data, the other examples, the whole language and the real retail data: the same rows and digest."""

from __future__ import annotations

import time
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from tests.engines import examples
from tests.engines.beside import agree_on
from tests.postgres.beside import Server


@pytest.mark.parametrize("name", ["client-base", "client-value", "key-accounts", "sales-time"])
def test_ready_policies(postgres: str, name: str, tmp_path: Path) -> None:
    assert agree_on(Server(postgres), examples.ready(name), tmp_path) > 10


def test_services_agency(postgres: str, tmp_path: Path) -> None:
    assert agree_on(Server(postgres), examples.services_agency(), tmp_path) > 10


def test_selective_sales_with_the_history_of_earlier_reviews(postgres: str, tmp_path: Path) -> None:
    assert agree_on(Server(postgres), examples.selective_sales(tmp_path), tmp_path) > 10


def test_a_review_of_the_portfolio(postgres: str, tmp_path: Path) -> None:
    assert agree_on(Server(postgres), examples.portfolio(tmp_path), tmp_path) == 240


def test_the_policy_with_the_whole_language(postgres: str, tmp_path: Path) -> None:
    assert agree_on(Server(postgres), examples.whole_language(tmp_path), tmp_path) == 6


@pytest.mark.parametrize("policy", examples.RETAIL)
def test_online_retail(postgres: str, policy: str, tmp_path: Path) -> None:
    assert agree_on(Server(postgres), examples.online_retail(policy, tmp_path), tmp_path) > 4000


def test_the_printed_script_runs_as_it_is_and_leaves_nothing(postgres: str, tmp_path: Path) -> None:
    """As `psql -f` would: in one session, after which the server has no function and no table of ours."""
    printed = examples.small_script(tmp_path, "--dialect", "postgres")
    with psycopg.connect(postgres) as server:
        own = server.info.backend_pid
        server.execute("CREATE TEMP TABLE clients (client_id text, revenue text, cost numeric, more int)")
        server.execute(f"INSERT INTO clients VALUES {examples.SMALL_CLIENTS}")  # type: ignore[call-overload]
        cursor = server.execute(printed)  # type: ignore[call-overload]
        while cursor.nextset():
            pass
        assert [row[:2] for row in cursor.fetchall()] == examples.SMALL_DECIDED
    with psycopg.connect(postgres) as server:
        while server.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [own]).fetchall():
            time.sleep(0.01)  # a session is cleared after its end
        left = "SELECT count(*) FROM pg_proc WHERE proname IN ('grid', 'billionths')"
        assert server.execute(left).fetchall() == [(0,)]


@pytest.mark.parametrize("schema", ["rules", 'Odd "schema"; DROP TABLE x; --'])
def test_a_view_over_functions_in_a_schema_decides_in_any_session(postgres: str, schema: str, tmp_path: Path) -> None:
    printed = examples.small_script(tmp_path, "--dialect", "postgres", "--schema", schema)
    functions, select = printed.split("-- facts and decision\n")
    quoted = '"' + schema.replace('"', '""') + '"'
    with psycopg.connect(postgres) as server:
        server.execute(f"CREATE SCHEMA {quoted}; CREATE SCHEMA crm; SET search_path = crm")  # type: ignore[call-overload]
        server.execute("CREATE TABLE clients AS SELECT 'a' AS client_id, 10.00005 AS revenue, 11 AS cost")
        server.execute(functions)  # type: ignore[call-overload]
        server.execute("CREATE VIEW decided AS " + select)  # type: ignore[call-overload]
    with psycopg.connect(postgres) as server:
        assert server.execute("SELECT client_id, decision, profit FROM crm.decided").fetchall() == [("a", "decline", Decimal("-0.9999"))]
        server.execute(f"DROP SCHEMA crm CASCADE; DROP SCHEMA {quoted} CASCADE")  # type: ignore[call-overload]
