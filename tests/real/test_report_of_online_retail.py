"""The report of the UCI Online Retail data, its figures beside SQL by hand over the order lines; and of a telephone company's clients."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from selective_sales.model.report import Report
from selective_sales.pipeline.finished import FinishedRun, open_run
from selective_sales.pipeline.reporting import ReportAsked, report_data
from selective_sales.pipeline.runs import Request, evaluate
from selective_sales.pipeline.simulating import simulate
from tests.real.test_retention_of_telco import POLICY as RETENTION
from tests.real_data import real_file
from tests.reports.world import Page, report

POLICY = Path(__file__).resolve().parents[2] / "benchmarks/online_retail.yaml"
BY_HAND = """
    WITH lines AS (
      SELECT CustomerID AS id, InvoiceNo AS invoice, Quantity AS quantity,
             CAST(Quantity * CAST(UnitPrice AS DECIMAL(18, 4)) AS DECIMAL(38, 4)) AS amount
      FROM '{orders}' WHERE CustomerID IS NOT NULL),
    clients AS (
      SELECT id, sum(amount) AS net,
             0.65 * (14 * count(DISTINCT invoice) FILTER (quantity > 0) + 0.4 * count(*)
                     + 22 * count(DISTINCT invoice) FILTER (quantity < 0)) AS cost
      FROM lines GROUP BY id)
    SELECT id, net, cost, net * 0.4 - cost AS profit FROM clients
"""


@pytest.fixture(scope="module")
def orders() -> Path:
    return real_file("online_retail_uci.parquet")


@pytest.fixture(scope="module")
def run(orders: Path, tmp_path_factory: pytest.TempPathFactory) -> FinishedRun:
    folder = tmp_path_factory.mktemp("retail")
    select = f"SELECT DISTINCT CustomerID AS client_id FROM '{orders}' WHERE CustomerID IS NOT NULL"
    duckdb.connect().execute(f"COPY ({select}) TO '{folder / 'clients.csv'}'")
    policy = folder / "policy.yaml"
    policy.write_text(POLICY.read_text(encoding="utf-8") + "\nmeasures: {revenue: net, cost_to_serve: cost_to_serve, profit: profit}\n")
    inputs = {"clients": folder / "clients.csv", "orders": orders}
    outcome = evaluate(policy, Request(inputs, datetime.date(2011, 12, 10), out=folder / "run"))
    assert outcome.summary is not None, outcome.findings
    opened, findings = open_run(folder / "run")
    assert opened is not None, findings
    return opened


@pytest.fixture(scope="module")
def made(run: FinishedRun) -> Report:
    data, findings = report_data(run, ReportAsked())
    assert data is not None, findings
    return data


def by_hand(orders: Path, select: str) -> tuple[Decimal, ...]:
    row = duckdb.connect().execute(f"WITH c AS ({BY_HAND.format(orders=orders)}) {select}").fetchone()
    assert row is not None
    return tuple(Decimal(str(value)) for value in row)


def test_the_published_figures(made: Report) -> None:
    curve = made.pareto_money
    assert curve is not None
    assert (curve.whale.clients, curve.whale.total, curve.whale.below) == (4_372, Decimal("8300065.8140"), 41)
    assert curve.whale.best == 874 and curve.whale.best_share is not None
    assert f"{float(curve.whale.best_share):.4f}" == "0.7382"


def test_the_whale_curve_by_hand(made: Report, orders: Path) -> None:
    """Money of the run is rounded to four places client by client; a sum of 4,372 of them may differ by as many half units."""
    peak, total, above, below = by_hand(
        orders, "SELECT sum(profit) FILTER (profit > 0), sum(profit), count(*) FILTER (profit > 0), count(*) FILTER (profit < 0) FROM c"
    )
    assert made.whale is not None
    whale = made.whale.whale
    assert (whale.above, whale.below) == (above, below) == (4_292, 80)
    assert abs(whale.peak - peak) < Decimal("0.5") and abs(whale.total - total) < Decimal("0.5")
    assert max(amount for _, amount in made.whale.points) == whale.peak and made.whale.points[-1] == (4_372, whale.total)


@pytest.mark.parametrize("part", [Fraction(1, 100), Fraction(1, 20), Fraction(1, 10), Fraction(1, 5), Fraction(1, 2)])
def test_what_the_first_clients_hold_by_hand(made: Report, orders: Path, part: Fraction) -> None:
    assert made.pareto_money is not None
    clients, held = next((n, amount) for p, n, amount in made.pareto_money.firsts if p == part)
    assert clients == int(4_372 * part)
    assert by_hand(orders, f"SELECT sum(net) FROM (SELECT net FROM c ORDER BY net DESC LIMIT {clients})") == (held,)


def test_four_fifths_by_hand(made: Report, orders: Path) -> None:
    select = "SELECT min(n) FROM (SELECT row_number() OVER w AS n, sum(net) OVER w AS s, sum(net) OVER () AS t FROM c "
    select += "WINDOW w AS (ORDER BY net DESC ROWS UNBOUNDED PRECEDING)) WHERE s >= 0.8 * t"
    assert made.pareto_money is not None and by_hand(orders, select) == (made.pareto_money.eighty,)


def test_classes_are_those_of_the_language(made: Report) -> None:
    """ABC among the clients above zero by `cumulative_share_before`: 1178, 1456, 1683; the 55 at or below zero are C, too."""
    assert made.overlap is not None
    assert [sum(cell.clients for cell in row) for row in made.overlap.cells] == [1_178, 1_456, 1_683 + 55]
    assert sum(cell.clients for row in made.overlap.cells for cell in row) == 4_372


def test_it_says_what_simulate_says(made: Report, run: FinishedRun) -> None:
    simulated, findings = simulate(run, None)
    assert simulated is not None, findings
    assert made.whale is not None and made.pareto_money is not None and simulated.today.profit == made.whale.whale
    assert simulated.today.revenue == made.pareto_money.whale
    groups = {g.decision: g.steps.today for g in simulated.groups}
    for name, tally in made.decisions:
        assert (tally.clients, tally.money, tally.profit) == (groups[name].clients, groups[name].revenue, groups[name].profit)


def test_its_page(run: FinishedRun, tmp_path: Path) -> None:
    assert report(run.folder, tmp_path / "r.html").exit_code == 0
    said = Page((tmp_path / "r.html").read_text(encoding="utf-8"))
    assert "The first fifth by revenue, 874\u00a0clients, holds £6,127,353.44, 73.8% of £8,300,065.81." in said.section("pareto")
    assert "The 4,292\u00a0clients above zero bring £3,000,155.35, 100.2% of the total." in said.section("whale")
    assert (tmp_path / "r.html").stat().st_size < 100_000


def test_a_telephone_company(tmp_path: Path) -> None:
    """7,043 clients, eleven blanks that hold as many decisions back."""
    policy = tmp_path / "policy.yaml"
    policy.write_text(RETENTION.replace("TotalCharges: TOTAL", "TotalCharges: money") + "report: {segments: [Contract, InternetService]}\n")
    outcome = evaluate(policy, Request({"clients": real_file("telco_churn.csv")}, datetime.date(2026, 11, 22), out=tmp_path / "run"))
    assert outcome.summary is not None, outcome.findings
    assert report(tmp_path / "run", tmp_path / "r.html").exit_code == 0
    said = Page((tmp_path / "r.html").read_text(encoding="utf-8"))
    assert "Clients decided 7,043" in said.words
    assert "11\u00a0clients are undetermined (0.2%)" in said.section("undetermined")
    assert "TotalCharges 11 not known 11 not known" in said.section("undetermined")
    contracts = dict(re.findall(r"(Month-to-month|One year|Two year) ([\d,]+) \d", said.section("segments").split("The numbers")[1]))
    assert contracts == {"Month-to-month": "3,875", "One year": "1,473", "Two year": "1,695"}
