"""Exceptions come last, replace the decision (also undetermined), and are told about on every run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import selective_sales as ss
from selective_sales.pipeline.runs import Run

from .small import AS_OF, write_exceptions, write_small

BY = "because: a promise, approved_by: Anna Nowak"


def run(folder: Path, *entries: str) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """Rows by client, and findings' messages by code."""
    policy, clients = write_small(folder)
    exceptions = write_exceptions(folder, *entries)
    with ss.evaluate(ss.read(policy), {"clients": clients}, as_of=AS_OF, exceptions=exceptions) as result:
        rows = {row["client_id"]: row for row in result.rows()}
        return rows, {finding.code: finding.message for finding in result.findings}


def test_an_exception_replaces_the_decision_and_both_are_kept(tmp_path: Path) -> None:
    rows, findings = run(tmp_path, f'client: A, decision: keep, {BY}, expires: "2026-12-31"')
    assert (rows["A"]["decision"], rows["A"]["policy_decision"], rows["A"]["decided_by"]) == ("keep", "decline", "exception")
    assert rows["A"]["fired"] == ["unprofitable"]
    assert (rows["B"]["decision"], rows["B"]["decided_by"]) == ("flag", "small")
    assert not {"SS412", "SS413", "SS414", "SS415"} & findings.keys()


def test_an_exception_decides_the_undetermined_too(tmp_path: Path) -> None:
    rows, _ = run(tmp_path, f'client: D, decision: flag, {BY}, expires: "2026-12-31"')
    assert (rows["D"]["decision"], rows["D"]["policy_decision"], rows["D"]["decided_by"]) == ("flag", "undetermined", "exception")
    assert rows["D"]["missing_because"] == ["cost"]


@pytest.mark.parametrize(
    ("dates", "holds"),
    [
        ('expires: "2026-11-22"', True),
        ('expires: "2026-11-21"', False),
        ('valid_from: "2026-11-22", expires: "2027-11-22"', True),
        ('valid_from: "2026-11-23", expires: "2027-11-22"', False),
    ],
)
def test_both_dates_are_inclusive(tmp_path: Path, dates: str, holds: bool) -> None:
    rows, _ = run(tmp_path, f"client: A, decision: keep, {BY}, {dates}")
    assert (rows["A"]["decision"] == "keep") is holds


@pytest.mark.parametrize(
    ("entry", "code", "words"),
    [
        (f'client: A, decision: keep, {BY}, expires: "2026-11-01"', "SS412", "expired on 2026-11-01"),
        (f'client: A, decision: keep, {BY}, expires: "2026-12-01"', "SS413", "expires in 9 day(s)"),
        (f'client: Z, decision: keep, {BY}, expires: "2027-12-31"', "SS414", "client 'Z', whom the data does not have"),
        (f'client: A, decision: decline, {BY}, expires: "2027-12-31"', "SS415", "not needed"),
    ],
)
def test_every_run_tells_of_exceptions_that_need_a_look(tmp_path: Path, entry: str, code: str, words: str) -> None:
    _, findings = run(tmp_path, entry)
    assert words in findings[code]


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (f'client: A, decision: kepe, {BY}, expires: "2026-12-31"', "SS410"),
        (f'client: [A, B], decision: keep, {BY}, expires: "2026-12-31"', "SS411"),
    ],
)
def test_an_exception_that_cannot_hold_stops_the_run(tmp_path: Path, entry: str, code: str) -> None:
    policy, clients = write_small(tmp_path)
    exceptions = write_exceptions(tmp_path, entry)
    with pytest.raises(ss.InvalidPolicy) as error:
        ss.evaluate(ss.read(policy), {"clients": clients}, as_of=AS_OF, exceptions=exceptions)
    assert code in {finding.code for finding in error.value.findings}
    assert all(finding.place.line == 3 for finding in error.value.findings if finding.code == code)


@pytest.mark.parametrize("written", ['"A "', '" A"', "A"])
def test_a_client_is_read_as_a_cell_is(tmp_path: Path, written: str) -> None:
    rows, _ = run(tmp_path, f'client: {written}, decision: keep, {BY}, expires: "2026-12-31"')
    assert rows["A"]["decided_by"] == "exception"


def test_an_exceptions_file_that_changes_during_the_run_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy, clients = write_small(tmp_path)
    exceptions = write_exceptions(tmp_path, f'client: A, decision: keep, {BY}, expires: "2026-12-31"')
    decide = Run.run_query

    def meanwhile(run: Run, *arguments: Any) -> Any:
        exceptions.write_text(exceptions.read_text(encoding="utf-8").replace("A", "B"), encoding="utf-8")
        return decide(run, *arguments)

    monkeypatch.setattr(Run, "run_query", meanwhile)
    out = tmp_path / "out"
    with pytest.raises(ss.NotDecided) as stopped:
        ss.evaluate(ss.read(policy), {"clients": clients}, as_of=AS_OF, exceptions=exceptions, out=out)
    assert [finding.code for finding in stopped.value.findings] == ["SS706"]
    assert not out.exists()
