"""Policy tests: the cases of a file in, what came of them out.

load a policy and a test file -> prepare -> per batch: stage -> load -> compile -> decide -> compare -> explain what failed.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from .. import checking, compiling, data, reading, testing
from ..engines import duckdb_engine as engine
from ..engines import outcomes as whole_run
from ..model import steps
from ..model.checked import CheckedPolicy
from ..model.finding import Finding, has_errors
from ..model.kind import Kind
from ..model.plan import Query
from ..model.queries import ResultsQuery
from ..model.steps import Step
from ..model.tested import CaseResult, FileResult, TestReport
from ..testing.values import Actual
from .case_reasons import Failed
from .policies import load_policy
from .results import kept_of

if TYPE_CHECKING:
    import duckdb

Checked = tuple[CheckedPolicy | None, tuple[Finding, ...]]
EngineError = engine.EngineError
"""What `run_tests` raises, beside OSError, where the engine cannot finish."""


@dataclass(frozen=True, slots=True)
class DecidedBatch:
    """A batch of cases that was decided, while its typed tables, `run.facts` and `run.decisions` are still at hand on the connection.

    `checked` is the policy with the batch's parameters, `whole` the same with the case column first in every key; `rows` are the decided
    clients of all cases, `results` a result per case in the order of the batch. `folder` has facts.parquet and decisions.parquet.
    """

    path: Path
    connection: duckdb.DuckDBPyConnection
    checked: CheckedPolicy
    whole: CheckedPolicy
    batch: testing.Batch
    rows: Sequence[Mapping[str, object]]
    results: tuple[CaseResult, ...]
    folder: Path


class Watcher(Protocol):
    """Who looks at every batch once it is decided: coverage, mutants."""

    def decided(self, batch: DecidedBatch) -> None: ...


def run_tests(paths: tuple[Path, ...], only: str = "", watchers: Sequence[Watcher] = (), *, fail_fast: bool = False) -> TestReport:
    """Every case in the test files at these paths (files, or folders and below) whose name contains `only`.

    Each of the `watchers` is shown every batch of cases as it was decided. Where `fail_fast`, the first failure ends the run.
    """
    files, findings = testing.find(paths)
    policies: dict[Path, Checked] = {}
    run: list[FileResult] = []
    for file in files:
        with steps.as_a_whole(Step.TESTING, file.name):
            run.append(run_test_file(file, only, policies, watchers, fail_fast=fail_fast))
        if fail_fast and run[-1].failed:
            break
    left_out = tuple(str(file) for file in files[len(run) :])
    everything = not only and not left_out
    report = TestReport(testing.unreviewed_findings(tuple(run), everything=everything), findings, left_out=left_out)
    cases = report.passed + report.failed + report.unreviewed
    if only and files and not cases and not any(has_errors(file.findings) for file in report.files):
        return replace(report, findings=(*findings, testing.none_matches(only, paths)))
    return report


def run_test_file(
    path: Path, only: str, policies: dict[Path, Checked], watchers: Sequence[Watcher] = (), *, fail_fast: bool = False
) -> FileResult:
    """One test file. `policies` remembers policies that other files have used."""
    start = time.perf_counter()
    file, findings = reading.read_cases(path)
    if file is None or has_errors(findings):
        named = str(path.parent / file.policy) if file is not None and file.policy else ""
        return FileResult(str(path), named, (), findings, False, time.perf_counter() - start)
    where = path.parent / file.policy
    if not where.is_file():
        return FileResult(str(path), str(where), (), (*findings, testing.no_policy(file, where)), True, time.perf_counter() - start)
    if where.resolve() not in policies:
        policies[where.resolve()] = load_policy(where)
    checked, policy_findings = policies[where.resolve()]
    if checked is None or has_errors(policy_findings):
        return FileResult(str(path), str(where), (), (*findings, *policy_findings), True, time.perf_counter() - start)
    prepared = testing.prepare(checked, file, only)
    cases, left_out = run_prepared(path, checked, prepared, watchers, fail_fast)
    return FileResult(str(path), str(where), cases, (*findings, *prepared.findings), False, time.perf_counter() - start, left_out)


def run_prepared(
    path: Path, checked: CheckedPolicy, prepared: testing.Prepared, watchers: Sequence[Watcher], fail_fast: bool
) -> tuple[tuple[CaseResult, ...], int]:
    """The results in the order of the file, and how many cases were left out after the first failure, where that ends the run."""
    known = list(prepared.refused)
    for batch in prepared.batches:
        if fail_fast and not all(case.passed for case in known):
            break
        known += run_batch(path, checked, batch, watchers)
    cases = tuple(sorted(known, key=lambda case: case.place))
    first = next((number for number, case in enumerate(cases, 1) if not case.passed), None)
    if not fail_fast or first is None:
        return cases, 0
    return cases[:first], len(prepared.refused) + sum(len(batch.cases) for batch in prepared.batches) - first


def run_batch(path: Path, checked: CheckedPolicy, batch: testing.Batch, watchers: Sequence[Watcher]) -> tuple[CaseResult, ...]:
    """All cases of the batch in one run of the production query; those with bad cells fail, and the rest is run without them."""
    start = time.perf_counter()
    if batch.changed:
        changed, findings = checking.check(batch.policy)
        if changed is None or has_errors(findings):
            return tuple(testing.failed(batch, ready, findings) for ready in batch.cases)
        checked = changed
    failed: dict[str, CaseResult] = {}
    while batch.cases:
        with tempfile.TemporaryDirectory(prefix="selective-sales-test-") as folder:
            broken, decided = decide_batch(path, checked, batch, Path(folder), start, watchers)
        failed |= broken
        if not broken:
            return (*failed.values(), *decided)
        batch = batch.without(frozenset(broken))
    return tuple(failed.values())


def decide_batch(
    path: Path, checked: CheckedPolicy, batch: testing.Batch, folder: Path, start: float, watchers: Sequence[Watcher]
) -> tuple[Mapping[str, CaseResult], tuple[CaseResult, ...]]:
    """The cases that cannot be loaded, by their keys; where there are none, the cases decided."""
    whole = testing.with_case_column(checked, batch.case_column)
    for name in ("in", "temp"):
        (folder / name).mkdir()
    staged = testing.stage(batch, folder / "in")
    with engine.connected(staged.files.values(), [folder], folder / "temp", engine.Limits(threads=1)) as connection:
        policy = whole.policy
        loaded = data.load(
            connection, policy.tables, staged.files, currency=policy.currency, as_of=batch.as_of, quarantine=None, staging=folder
        )
        broken = testing.broken(batch, staged, loaded)
        if broken:
            return broken, ()
        exceptions = [exception for exception in batch.exceptions if exception.holds(batch.as_of)]
        engine.create_exceptions(connection, [(e.client, e.decision) for e in exceptions], len(policy.clients.key))
        query = compiling.compile_policy(whole, batch.as_of, exceptions=bool(exceptions), partition=batch.case_column)
        engine.decide(connection, query, folder)
        rows = fetch_decided(connection, query, folder)
        wholes = whole_of_cases(connection, whole, batch, folder)
        results = testing.compare(batch, testing.Needs(checked).kinds, rows, time.perf_counter() - start, wholes)
        explained = Failed(connection, whole, batch, folder, rows).explained(results)
        for watcher in watchers:
            watcher.decided(DecidedBatch(path, connection, checked, whole, batch, rows, results, folder))
    return {}, explained


def whole_of_cases(
    connection: duckdb.DuckDBPyConnection, whole: CheckedPolicy, batch: testing.Batch, folder: Path
) -> dict[str, dict[tuple[str, str, str], tuple[Actual, Kind]]]:
    """What the clients of each case come to together, where some case expects it: limits, guarantees, figures."""
    if not any(ready.case.expect_run for ready in batch.cases):
        return {}
    query = compiling.results_query(whole, batch.as_of, partition=batch.case_column)
    whole_run.open_results(connection, query, folder)
    return wholes_found(connection, whole, query, batch.case_column)


def wholes_found(
    connection: duckdb.DuckDBPyConnection, whole: CheckedPolicy, query: ResultsQuery, case_column: str
) -> dict[str, dict[tuple[str, str, str], tuple[Actual, Kind]]]:
    """What `run.results` comes to, by the value of the case column."""
    found: dict[str, dict[tuple[str, str, str], tuple[Actual, Kind]]] = {}
    kinds = {figure.name: figure.kind for figure in whole.figures}
    for row in engine.named_rows(connection, query.whole) if query.whole else []:
        values = found.setdefault(str(row[case_column]), {})
        for limit in query.limits:
            values[("limits", limit.limit, "")] = (kept_of(row[limit.column]).value, Kind.TEXT)
        for guarantee in query.guarantees:
            breached, unknown = row[guarantee.breached], row[guarantee.unknown]
            values[("guarantees", guarantee.guarantee, "")] = ("breached" if breached else "unknown" if unknown else "held", Kind.TEXT)
        for name, column in query.figures:
            values[("figures", name, "")] = (cast(Actual, row[column]), kinds[name])
    for figure in query.split:
        for row in engine.named_rows(connection, figure.sql):
            group = "|".join("missing" if (v := row[f"#by {i}"]) is None else str(v) for i in range(1, len(figure.by) + 1))
            values = found.setdefault(str(row[case_column]), {})
            values[("figures", figure.figure, group)] = (cast(Actual, row["#figure"]), kinds[figure.figure])
    return found


def fetch_decided(connection: duckdb.DuckDBPyConnection, query: Query, folder: Path) -> list[dict[str, object]]:
    names = [column.name for column in query.result_columns]
    return [dict(zip(names, row, strict=True)) for row in engine.fetch(connection, folder / "decisions.parquet")]
