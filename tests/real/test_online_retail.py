"""The real online retail data, whole: nobody lost, money exact to the last place, and the same answer whichever way it is run."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.real_data import real_file

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
POLICY = BENCHMARKS / "online_retail.yaml"
BY_HAND = [sys.executable, str(BENCHMARKS / "by_hand.py"), str(BENCHMARKS / "online_retail.sql")]
AS_OF = "2011-12-10"


@dataclass(frozen=True)
class Retail:
    """The real file, the clients derived from it, and the same data as CSV and in another row order."""

    orders: Path
    clients: Path
    folder: Path

    def copy(self, name: str, order: str = "") -> Path:
        """The order lines again, by DuckDB's COPY: the format by the name, the rows in the given order."""
        target = self.folder / name
        duckdb.connect().execute(f"COPY (SELECT * FROM '{self.orders}' {order}) TO '{target}'")
        return target

    def run(self, name: str, orders: Path, *options: str) -> Path:
        """Evaluates the policy over these order lines; the run folder."""
        out = self.folder / "runs" / name
        data = ["--data", f"clients={self.clients}", "--data", f"orders={orders}"]
        command = [sys.executable, "-m", "selective_sales", "evaluate", str(POLICY), *data, "--as-of", AS_OF, "--out", str(out), *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return out


@pytest.fixture(scope="module")
def retail(tmp_path_factory: pytest.TempPathFactory) -> Retail:
    orders = real_file("online_retail_uci.parquet")
    folder = tmp_path_factory.mktemp("online_retail")
    (folder / "runs").mkdir()
    clients = folder / "clients.parquet"
    duckdb.connect().execute(f"COPY (SELECT DISTINCT CustomerID AS client_id FROM '{orders}' WHERE CustomerID IS NOT NULL) TO '{clients}'")
    return Retail(orders, clients, folder)


@pytest.fixture(scope="module")
def plain(retail: Retail) -> Path:
    """The run over the file as it is."""
    return retail.run("plain", retail.orders, "--threads", "2")


def asked(run: Path, select: str = "*", where: str = "") -> list[tuple[Any, ...]]:
    """Rows of the run's decisions, in the file's order."""
    with duckdb.connect() as connection:
        return connection.execute(f"SELECT {select} FROM '{run / 'decisions.parquet'}' {where}").fetchall()


def test_every_client_is_decided(plain: Path) -> None:
    assert asked(plain, "count(*), count(DISTINCT client_id), count(decision)") == [(4372, 4372, 4372)]


def test_net_revenue_is_exact(plain: Path) -> None:
    assert asked(plain, "sum(net), count_if(net < 0), count_if(net = 0)") == [(Decimal("8300065.8140"), 41, 14)]


def test_who_brings_less_than_nothing_or_nothing_is_found_by_the_rules(plain: Path) -> None:
    assert asked(plain, "count_if(decision = 'decline'), count_if(list_contains(fired, 'nothing-left'))") == [(41, 14)]


def test_the_decisions_are_those_of_hand_written_sql(retail: Retail, plain: Path) -> None:
    out = retail.folder / "by_hand"
    given = {"clients": retail.clients, "orders": retail.orders, "as_of": AS_OF}
    command = [*BY_HAND, str(out), *(part for name, value in given.items() for part in ("--set", f"{name}={value}"))]
    subprocess.run(command, check=True, capture_output=True)
    columns = "* EXCLUDE (missing_because)"
    assert asked(plain, columns) == asked(out, columns)


def test_who_cannot_be_decided_is_held_with_the_cause(plain: Path) -> None:
    held = asked(plain, "client_id, missing_because, possible_decisions", "WHERE decision = 'undetermined'")
    assert held == [(13256, ["share_returned: division by zero (gross = 0)"], ["renegotiate", "flag"])]


def test_the_clients_stand_in_the_order_of_their_key(plain: Path) -> None:
    ids = [client for (client,) in asked(plain, "client_id")]
    assert ids == sorted(ids)


def test_the_order_lines_without_client_are_counted(plain: Path) -> None:
    manifest = (plain / "manifest.json").read_text(encoding="utf-8")
    assert "135080" in manifest
    assert json.loads(manifest)["format"] == 1


WAYS = {
    "one thread": ("", "", ("--threads", "1")),
    "csv": ("orders.csv", "", ("--threads", "2")),
    "shuffled parquet": ("orders.parquet", "ORDER BY hash(InvoiceNo || StockCode), Quantity", ("--threads", "2")),
    "shuffled csv, one thread": ("orders.csv", "ORDER BY hash(Description), Quantity DESC", ("--threads", "1")),
}
"""How to run it: the copy's file (none: the file itself), its row order, options."""


@pytest.mark.parametrize("way", WAYS)
def test_the_same_answer_whichever_way(retail: Retail, plain: Path, way: str) -> None:
    name, order, options = WAYS[way]
    run = retail.run(way, retail.copy(name, order) if name else retail.orders, *options)
    assert asked(run) == asked(plain)
    assert digest(run) == digest(plain)


def digest(run: Path) -> str:
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    found = manifest["digest"]
    assert isinstance(found, str)
    assert found
    return found
