"""Whole test files against one policy, from tests/cases/policytest: what is refused, what fails and how it is told, what passes."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from selective_sales.cli.app import main
from selective_sales.model.finding import Finding, in_order
from selective_sales.model.tested import FileResult

CASES = Path(__file__).parents[1] / "cases" / "policytest"
HEAD = """\
format: 1
policy: services.yaml
as_of: "2026-11-22"
defaults:
  clients: {strategic: false, client_since: "01.01.2020", conflicts_12m: 0, payment_delay: 0 days, unjustified_claims_12m: 0}
cases:
"""


def entries(name: str) -> list[Any]:
    loaded = yaml.safe_load((CASES / name).read_text(encoding="utf-8"))
    return [pytest.param(entry, id=entry["about"]) for entry in loaded]


def written(entry: dict[str, Any], folder: Path) -> Path:
    """The entry as a test file beside its policy."""
    shutil.copy(CASES / "services.yaml", folder)
    file = folder / "entry.test.yaml"
    file.write_text(entry.get("head", HEAD) + entry["cases"], encoding="utf-8")
    return file


def run(file: Path) -> FileResult:
    from selective_sales.pipeline.cases import run_tests

    report = run_tests((file,))
    assert report.findings == ()
    (result,) = report.files
    return result


def told(finding: Finding, lines: int) -> str:
    place = finding.place
    return f"{place.line - lines}:{place.column} {finding.code} {finding.message} ({finding.help})"


@pytest.mark.parametrize("entry", entries("bad.yaml"))
def test_bad_test_files(entry: dict[str, Any], tmp_path: Path) -> None:
    result = run(written(entry, tmp_path))
    findings = in_order((*result.findings, *(finding for case in result.cases for finding in case.findings)))
    lines = [told(finding, entry.get("head", HEAD).count("\n")) for finding in findings]
    if "says" in entry:
        assert lines == [line.replace("{folder}", str(tmp_path)) for line in entry["says"]]
    else:
        assert [" ".join(line.split(" ")[:2]) for line in lines] == entry["codes"]
    assert [case.name for case in result.cases if case.passed] == entry.get("passed", [])


@pytest.mark.parametrize("entry", entries("failing.yaml"))
def test_failing_cases_are_told(entry: dict[str, Any], tmp_path: Path) -> None:
    file = written(entry, tmp_path)
    result = CliRunner().invoke(main, ["test", str(file)])
    assert result.stdout == entry["prints"].replace("{file}", str(file))
    assert result.exit_code == 4


@pytest.mark.parametrize("entry", entries("failing-whole.yaml"))
def test_what_a_wrong_value_came_from_is_told(entry: dict[str, Any], tmp_path: Path) -> None:
    shutil.copy(CASES.parent / "whole" / "services-portfolio.yaml", tmp_path)
    file = written({"head": HEAD.replace("services.yaml", "services-portfolio.yaml"), **entry}, tmp_path)
    result = CliRunner().invoke(main, ["test", str(file)])
    assert result.stdout == entry["prints"].replace("{file}", str(file))
    assert result.exit_code == 4


@pytest.mark.parametrize(("name", "count"), [("good", 19), ("composite", 6)])
def test_good_cases_pass(name: str, count: int) -> None:
    result = run(CASES / f"{name}.test.yaml")
    assert [(case.name, case.columns, case.findings) for case in result.cases if not case.passed] == []
    assert result.findings == ()
    assert len(result.cases) == count


def test_a_test_is_decided_as_a_run_would_decide(tmp_path: Path) -> None:
    """More than the twenty bad rows that a loader tells by place: every bad case is found, and the good one is decided."""
    bad = "".join(f"- case: bad {i}\n  client: {{revenue: much, cost_to_serve: 1}}\n  expect: {{profit: 1}}\n" for i in range(45))
    good = "- case: good\n  client: {revenue: 2, cost_to_serve: 1}\n  expect: {profit: 1}\n"
    result = run(written({"cases": bad + good}, tmp_path))
    assert [case.name for case in result.cases if case.passed] == ["good"]
    assert {finding.code for case in result.cases for finding in case.findings} == {"SS617"}
    assert len(result.cases) == 46


def test_a_bad_cell_is_found_behind_cells_of_several_lines(tmp_path: Path) -> None:
    many = "".join(
        f'- case: lines {i}\n  client: {{rep: "a\\nb\\r\\nc\\n", revenue: 2, cost_to_serve: 1}}\n  expect: {{profit: 1}}\n'
        for i in range(5)
    )
    bad = '- case: bad\n  client: {rep: "x\\ny", revenue: much, cost_to_serve: 1}\n  expect: {profit: 1}\n'
    result = run(written({"cases": many + bad + many.replace("lines", "more lines")}, tmp_path))
    assert [case.name for case in result.cases if not case.passed] == ["bad"]
    assert [str(f.place).removeprefix(f"{tmp_path}/") for case in result.cases for f in case.findings] == ["entry.test.yaml:23:34"]
