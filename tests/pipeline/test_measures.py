"""The money beside a summary's counts is the measure `revenue`, calculated where it is calculated."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from selective_sales.pipeline.runs import Request, evaluate
from selective_sales.pipeline.summary import Summary
from tests.pipeline.small import AS_OF, POLICY, write_small


def summary(folder: Path, measures: str) -> Summary:
    policy, clients = write_small(folder, POLICY.replace("decisions:", f"{measures}decisions:", 1))
    outcome = evaluate(policy, Request({"clients": clients}, AS_OF))
    assert outcome.summary is not None, outcome.findings
    return outcome.summary


@pytest.mark.parametrize(
    ("measures", "name", "sums"),
    [
        ("", "revenue", ["1000", "50", "1000", "1000"]),
        ("measures: {revenue: cost}\n", "cost", ["1500", "10", "10", None]),
        ("metrics: {half: revenue / 2}\nmeasures: {revenue: half}\n", "half", ["500", "25", "500", "500"]),
        ("measures: {revenue: revenue - 0.5 * cost}\n", "revenue", ["250", "45", "995", None]),
        ("metrics: {half: cost / 2}\nmeasures: {revenue: revenue - half}\n", "revenue", ["250", "45", "995", None]),
        ("metrics: {revenue_share: share(revenue)}\nmeasures: {revenue: total(revenue) * revenue_share}\n", "revenue", None),
    ],
)
def test_the_amount_beside_the_counts(tmp_path: Path, measures: str, name: str, sums: list[str | None] | None) -> None:
    found = summary(tmp_path, measures)
    assert found.amount == name
    assert [c.name for c in found.decisions] == ["decline", "flag", "keep", "undetermined"]
    if sums is None:
        assert sum(c.amount or 0 for c in found.decisions).quantize(Decimal("0.01")) == Decimal(3050)
    else:
        assert [c.amount for c in found.decisions] == [None if s is None else Decimal(s) for s in sums]


def test_a_measure_changes_no_decision(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert summary(tmp_path / "a", "").digest == summary(tmp_path / "b", "measures: {revenue: revenue - cost}\n").digest
