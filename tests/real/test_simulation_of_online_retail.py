"""A simulation of the real online retail data, against SQL written by hand over the order lines and known figures."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from selective_sales.model.simulation import Simulation
from selective_sales.pipeline.finished import FinishedRun, open_run
from selective_sales.pipeline.runs import Limits, Request, evaluate
from selective_sales.pipeline.simulating import simulate
from tests.real_data import real_file

EXAMPLE = Path(__file__).resolve().parents[2] / "examples/online-retail/online-retail.yaml"
BY_HAND = """
WITH priced AS (
  SELECT CustomerID AS id, InvoiceNo AS invoice, Quantity AS quantity,
         CAST(Quantity * CAST(round(UnitPrice, 4) AS DECIMAL(18, 4)) AS DECIMAL(38, 4)) AS amount
  FROM '{lines}' WHERE CustomerID IS NOT NULL
),
clients AS (
  SELECT id, sum(amount) AS net, count(DISTINCT invoice) FILTER (quantity > 0) AS orders,
         6 * count(DISTINCT invoice) FILTER (quantity > 0)
         + 0.35 * count(*) FILTER (quantity > 0) + 9 * count(*) FILTER (quantity < 0) AS serving
  FROM priced GROUP BY id
),
kept AS (
  SELECT *, CAST(sign(net) * floor(abs(CAST(net * 3000 AS DECIMAL(38, 4))) + 0.5) / 10000 AS DECIMAL(18, 4)) AS kept FROM clients
),
known AS (SELECT id, net, orders, serving, kept, kept - serving AS profit, net <= 0 AND orders > 1 AS declined FROM kept)
"""
CURVE = """
, walked AS (SELECT {value} AS x, sum({value}) OVER (ORDER BY {value} DESC, id) AS reached,
                    rank() OVER (ORDER BY {value} DESC) AS place FROM known WHERE {where})
SELECT count(*), sum(x), max(reached), count_if(x < 0), count_if(place <= 0.2 * (SELECT count(*) FROM walked)),
       sum(x) FILTER (place <= 0.2 * (SELECT count(*) FROM walked)) FROM walked
"""


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, FinishedRun]:
    lines = real_file("online_retail_uci.parquet")
    folder = tmp_path_factory.mktemp("simulation")
    clients = folder / "clients.parquet"
    select = f"SELECT CustomerID, mode(Country ORDER BY Country) AS Country FROM '{lines}' WHERE CustomerID IS NOT NULL GROUP BY CustomerID"
    duckdb.connect().execute(f"COPY ({select}) TO '{clients}'")
    request = Request({"clients": clients, "lines": lines}, datetime.date(2011, 12, 10), folder / "run", limits=Limits(threads=2))
    outcome = evaluate(EXAMPLE, request)
    assert outcome.summary is not None, outcome.findings
    run, findings = open_run(folder / "run")
    assert run is not None, findings
    return lines, run


def asked(lines: Path, select: str) -> tuple[Any, ...]:
    with duckdb.connect() as connection:
        row = connection.execute(BY_HAND.format(lines=lines) + select).fetchone()
    assert row is not None
    return row


def simulated(run: FinishedRun, *changes: str) -> Simulation:
    made, findings = simulate(run, None, changes)
    assert made is not None and not findings, findings
    return made


def test_known_figures(finished: tuple[Path, FinishedRun]) -> None:
    made = simulated(finished[1])
    assert (made.whole.today.clients, made.whole.today.counted) == (4372, 4372)
    assert made.whole.today.revenue == Decimal("8300065.8140")
    revenue = made.today.revenue
    assert (revenue.clients, revenue.best, revenue.below, revenue.above) == (4372, 874, 41, 4372 - 41 - 14)
    assert revenue.best_share is not None and round(float(revenue.best_share), 4) == 0.7382


def test_sums_and_parting_are_what_sql_by_hand_gives(finished: tuple[Path, FinishedRun]) -> None:
    lines, run = finished
    made = simulated(run)
    net, profit, gone, lost, their_profit = asked(
        lines,
        "SELECT sum(net), sum(profit), count_if(declined), sum(net) FILTER (declined), sum(profit) FILTER (declined) FROM known",
    )
    assert (made.whole.today.revenue, made.whole.today.profit) == (net, profit)
    assert (made.departure.sums.clients, made.departure.lost, made.departure.sums.profit) == (gone, lost, their_profit)
    kept, serving = asked(lines, "SELECT sum(net - kept) FILTER (declined), sum(serving) FILTER (declined) FROM known")
    assert made.departure.saved == kept + serving * Decimal("0.7")
    assert made.whole.without.profit == profit - lost + made.departure.saved


@pytest.mark.parametrize("which", ["today", "after"])
def test_the_curves_are_what_sql_by_hand_gives(finished: tuple[Path, FinishedRun], which: str) -> None:
    lines, run = finished
    curves = getattr(simulated(run), which)
    where = "TRUE" if which == "today" else "NOT declined"
    for value, whale in (("net", curves.revenue), ("profit", curves.profit)):
        clients, total, peak, below, best, held = asked(lines, CURVE.format(value=value, where=where))
        assert (whale.clients, whale.total, whale.peak, whale.below, whale.best, whale.best_sum) == (
            clients,
            total,
            peak,
            below,
            best,
            held,
        )
        assert whale.erosion == peak - total


def test_a_tenth_less_cost_to_serve_is_a_tenth_of_it_more_profit(finished: tuple[Path, FinishedRun]) -> None:
    lines, run = finished
    made = simulated(run, "cost_to_serve=-10%", "renegotiate:net=+0%")
    (saved,) = asked(lines, "SELECT sum(serving - round(serving * 0.9, 4)) FILTER (NOT declined) FROM known")
    assert made.whole.terms.profit == saved
    assert made.whole.terms.revenue == 0
