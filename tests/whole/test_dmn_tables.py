"""The simple tables with which DMN shows its hit policies, as policies of ours: the same results, and a blank where ours is stricter."""

from __future__ import annotations

from pathlib import Path

import pytest

from selective_sales.model.finding import has_errors
from selective_sales.pipeline.cases import run_tests
from selective_sales.pipeline.policies import load_policy

FOLDER = Path(__file__).parents[1] / "cases" / "whole" / "dmn"
FILES = sorted(FOLDER.glob("*.test.yaml"))
POLICIES = {
    "unique",
    "any",
    "priority",
    "first",
    "collect",
    "collect-sum",
    "collect-min",
    "collect-max",
    "collect-count",
    "several-outputs",
}


def test_every_hit_policy_is_here() -> None:
    assert {path.name.removesuffix(".test.yaml") for path in FILES} == POLICIES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name.removesuffix(".test.yaml"))
def test_results(path: Path) -> None:
    report = run_tests((path,))
    shown = [
        (c.name, [(x.client, x.name, x.expected, x.actual) for x in c.columns if not x.matches], c.findings)
        for f in report.files
        for c in f.cases
        if not c.passed
    ]
    assert not shown
    assert report.failed == 0
    assert report.passed >= 2


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name.removesuffix(".test.yaml"))
def test_nothing_is_wrong_with_the_tables(path: Path) -> None:
    checked, findings = load_policy(FOLDER / (path.name.removesuffix(".test.yaml") + ".yaml"))
    assert checked is not None
    assert not has_errors(findings)
    # The tables of DMN decide by age, and rightly are told of it.
    assert {f.code for f in findings} <= {"SS316", "SS940"}
