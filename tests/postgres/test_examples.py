"""Every example, the ready policies over their data, the policy with the whole language and the real retail data: the same rows and digest.

Each is evaluated as a user would, with its typed tables kept; the same tables are then decided in PostgreSQL.
"""

from __future__ import annotations

import datetime
import time
from decimal import Decimal
from pathlib import Path

import duckdb
import psycopg
import pytest
from click.testing import CliRunner

from selective_sales.cli.app import main
from selective_sales.engines import duckdb_engine
from selective_sales.pipeline.runs import Request, evaluate
from tests.postgres.beside import both
from tests.real_data import real_file
from tests.whole import test_whole_example as whole

ROOT = Path(__file__).parents[2]
AS_OF = datetime.date(2026, 11, 22)
REVIEWS = ("2025-09-30", "2025-12-31", "2026-03-31", "2026-06-30")


def agree(postgres: str, policy: Path, inputs: dict[str, Path], as_of: datetime.date, folder: Path, history: Path | None = None) -> int:
    """Decides by both; how many clients there were."""
    outcome = evaluate(policy, Request(inputs, as_of, folder / "run", keep_data=True, history=history))
    assert outcome.summary is not None and outcome.checked is not None, outcome.findings
    tables = [t for t in outcome.checked.policy.tables if history is not None or not t.built_in]
    with duckdb.connect() as connection:
        duckdb_engine.restore_tables(connection, tables, folder / "run" / "data")
        found = both(outcome.checked, connection, postgres, as_of, history=history is not None)
    differences = found.differences()
    assert not differences, "\n".join(differences[:10])
    assert found.digests(folder) == (outcome.summary.digest, outcome.summary.digest)
    return len(found.postgres)


def tables_in(folder: Path) -> dict[str, Path]:
    return {file.stem: file for file in sorted(folder.iterdir()) if file.is_file()}


@pytest.mark.parametrize("name", ["client-base", "client-value", "key-accounts", "sales-time"])
def test_ready_policies(postgres: str, name: str, tmp_path: Path) -> None:
    data = tables_in(ROOT / "examples" / name / "data")
    assert agree(postgres, ROOT / "policies" / f"{name}.yaml", data, AS_OF, tmp_path) > 10


def test_services_agency(postgres: str, tmp_path: Path) -> None:
    example = ROOT / "examples" / "services-agency"
    assert agree(postgres, example / "services-agency.yaml", tables_in(example / "data"), AS_OF, tmp_path) > 10


def test_selective_sales_with_the_history_of_earlier_reviews(postgres: str, tmp_path: Path) -> None:
    policy, data = ROOT / "policies" / "selective-sales.yaml", ROOT / "examples" / "selective-sales" / "data"
    history = tmp_path / "reviews"
    history.mkdir()
    for day in REVIEWS:
        request = Request(tables_in(data / "earlier" / day), datetime.date.fromisoformat(day), history / day, history=history)
        outcome = evaluate(policy, request)
        assert outcome.summary is not None, outcome.findings
    assert agree(postgres, policy, tables_in(data), datetime.date(2026, 9, 30), tmp_path, history) > 10


def test_the_policy_with_the_whole_language(postgres: str, tmp_path: Path) -> None:
    files = {"clients": tmp_path / "clients.csv", "orders": tmp_path / "orders.csv"}
    files["clients"].write_text(whole.CLIENTS, encoding="utf-8")
    files["orders"].write_text(whole.ORDERS, encoding="utf-8")
    assert agree(postgres, whole.POLICY, files, whole.AS_OF, tmp_path) == 6


RETAIL = {
    "examples/online-retail/online-retail.yaml": ("lines", "CustomerID, mode(Country ORDER BY Country) AS Country"),
    "benchmarks/online_retail.yaml": ("orders", "CustomerID AS client_id"),
}


@pytest.mark.parametrize("policy", RETAIL)
def test_online_retail(postgres: str, policy: str, tmp_path: Path) -> None:
    lines = real_file("online_retail_uci.parquet")
    table, columns = RETAIL[policy]
    files = {table: lines, "clients": tmp_path / "clients.parquet"}
    select = f"SELECT {columns} FROM '{lines}' WHERE CustomerID IS NOT NULL GROUP BY CustomerID"
    duckdb.connect().execute(f"COPY ({select}) TO '{files['clients']}'")
    assert agree(postgres, ROOT / policy, files, datetime.date(2011, 12, 10), tmp_path) > 4000


def test_the_printed_script_runs_as_it_is_and_leaves_nothing(postgres: str, tmp_path: Path) -> None:
    """As `psql -f` would: in one session, after which the server has no function and no table of ours."""
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    printed = CliRunner().invoke(main, ["compile", str(tmp_path / "small.yaml"), "--dialect", "postgres", "--as-of", "2026-11-22"])
    assert printed.exit_code == 0, printed.stderr
    with psycopg.connect(postgres) as server:
        own = server.info.backend_pid
        server.execute("CREATE TEMP TABLE clients (client_id text, revenue text, cost numeric, more int)")
        server.execute("INSERT INTO clients VALUES ('ł', '10.00005', 5, 1), ('b', NULL, 7, 2), ('B', '1', 7.5, 3)")
        cursor = server.execute(printed.stdout)  # type: ignore[call-overload]
        while cursor.nextset():
            pass
        assert [row[:2] for row in cursor.fetchall()] == [("B", "decline"), ("b", "undetermined"), ("ł", "keep")]
    with psycopg.connect(postgres) as server:
        while server.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [own]).fetchall():
            time.sleep(0.01)  # a session is cleared after its end
        left = "SELECT count(*) FROM pg_proc WHERE proname IN ('grid', 'billionths')"
        assert server.execute(left).fetchall() == [(0,)]


@pytest.mark.parametrize("schema", ["rules", 'Odd "schema"; DROP TABLE x; --'])
def test_a_view_over_functions_in_a_schema_decides_in_any_session(postgres: str, schema: str, tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    words = ["compile", str(tmp_path / "small.yaml"), "--dialect", "postgres", "--as-of", "2026-11-22", "--schema", schema]
    printed = CliRunner().invoke(main, words)
    assert printed.exit_code == 0, printed.stderr
    functions, select = printed.stdout.split("-- facts and decision\n")
    quoted = '"' + schema.replace('"', '""') + '"'
    with psycopg.connect(postgres) as server:
        server.execute(f"CREATE SCHEMA {quoted}; CREATE SCHEMA crm; SET search_path = crm")  # type: ignore[call-overload]
        server.execute("CREATE TABLE clients AS SELECT 'a' AS client_id, 10.00005 AS revenue, 11 AS cost")
        server.execute(functions)  # type: ignore[call-overload]
        server.execute("CREATE VIEW decided AS " + select)  # type: ignore[call-overload]
    with psycopg.connect(postgres) as server:
        assert server.execute("SELECT client_id, decision, profit FROM crm.decided").fetchall() == [("a", "decline", Decimal("-0.9999"))]
        server.execute(f"DROP SCHEMA crm CASCADE; DROP SCHEMA {quoted} CASCADE")  # type: ignore[call-overload]


SMALL = """\
format: 1
policy: {id: small, version: "1", title: Small, languages: [en], currency: EUR, strategy: first}
data:
  clients: {key: client_id, fields: {client_id: text, revenue: money, cost: money}}
metrics: {profit: revenue - cost, margin: profit / revenue}
decisions: {decline: {title: decline}, keep: {title: keep, default: true}}
rules: [{id: loss, when: margin < 0, then: decline, reason: A loss.}]
"""
