"""The example agency: the figures of its page, and every client's step against a plain sum over the run's own files."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from selective_sales.engines.duckdb_engine import parquet_rows
from selective_sales.model.policy import MeasureName
from selective_sales.pipeline.finished import FinishedRun, open_run
from selective_sales.pipeline.runs import Request, evaluate
from selective_sales.pipeline.simulating import simulate

AGENCY = Path(__file__).resolve().parents[2] / "examples/services-agency"


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> FinishedRun:
    folder = tmp_path_factory.mktemp("agency")
    data = {path.stem: path for path in (AGENCY / "data").glob("*.csv")}
    request = Request(data, datetime.date(2026, 11, 22), folder / "run", exceptions=AGENCY / "exceptions.yaml")
    outcome = evaluate(AGENCY / "services-agency.yaml", request)
    assert outcome.summary is not None, outcome.findings
    run, findings = open_run(folder / "run")
    assert run is not None, findings
    return run


def test_profit_peaks_at_132_percent(agency: FinishedRun) -> None:
    made, findings = simulate(agency, None)
    assert made is not None and not findings
    assert made.today.profit is not None and made.today.profit.peak_share is not None
    assert round(float(made.today.profit.peak_share), 2) == 1.32
    assert [m.name for m in made.meanings if m.assumed] == []
    assert all(made.has(name) for name in MeasureName)


def test_every_decision_is_the_sum_of_its_clients(agency: FinishedRun) -> None:
    made, _ = simulate(agency, None)
    assert made is not None
    rows = parquet_rows(agency.folder / "decisions.parquet")
    for group in made.groups:
        mine = [row for row in rows if row["decision"] == group.decision]
        assert group.steps.today.clients == len(mine)
        assert group.steps.today.revenue == sum((Decimal(str(r["revenue_12m"])) for r in mine), Decimal(0))
        assert group.steps.today.profit == sum((Decimal(str(r["profit"])) for r in mine), Decimal(0))
    exceptional = [row for row in rows if row["decided_by"] == "exception"]
    assert exceptional and all(row["decision"] != row["policy_decision"] for row in exceptional)


def test_cheaper_service_reaches_profit_and_the_avoidable_part(agency: FinishedRun) -> None:
    made, _ = simulate(agency, ["none"], ["cost_to_serve=-10%"])
    assert made is not None
    rows = parquet_rows(agency.folder / "decisions.parquet")
    tenth = sum((Decimal(str(r["cost_to_serve"])) / 10 for r in rows), Decimal(0))
    assert made.whole.terms.profit == tenth
    assert made.whole.after.hours == made.whole.today.hours


def test_fewer_hours_are_less_cost(agency: FinishedRun) -> None:
    """Hours cost 150 each: a tenth less of them is a tenth less of the cost that is made of hours alone."""
    made, _ = simulate(agency, ["none"], ["service_hours=-10%"])
    assert made is not None and made.whole.today.hours is not None and made.whole.after.hours is not None
    freed = made.whole.today.hours - made.whole.after.hours
    assert made.whole.terms.profit is not None
    assert abs(made.whole.terms.profit - 150 * freed) < Decimal("0.05")
