"""What the loader says of a batch in; the cases that it concerns out, failed, with findings at the cells of the test file."""

from __future__ import annotations

from collections.abc import Iterable

from ..model.data import BadRow, Loaded
from ..model.finding import Finding, Severity, has_errors, in_order
from ..model.policy import Table
from ..model.tested import CaseResult
from .batch import Batch, ReadyCase
from .rows import HELP
from .staging import Staged, StagedRow


def broken(batch: Batch, staged: Staged, loaded: Loaded) -> dict[str, CaseResult]:
    """The failed cases by their keys: those with bad rows, or all where the loader refused a table as a whole.

    Only the first bad rows are known by place, so the rest of the batch is to be loaded again without these cases.
    """
    by_case: dict[str, tuple[ReadyCase, list[Finding]]] = {}
    for bad in loaded.bad_rows:
        row = staged.at(bad.table, bad.place.line)
        if row is not None:
            by_case.setdefault(row.case.key, (row.case, []))[1].append(_finding(batch, row, bad))
    if not by_case and (has_errors(loaded.findings) or loaded.bad_count):
        by_case = {ready.key: (ready, list(loaded.findings)) for ready in batch.cases}
    return {key: failed(batch, ready, findings) for key, (ready, findings) in by_case.items()}


def failed(batch: Batch, ready: ReadyCase, findings: Iterable[Finding]) -> CaseResult:
    """The case, failed for these findings before it could be decided; warnings and notes would only hide the errors."""
    findings = tuple(findings)
    errors = tuple(finding for finding in findings if finding.severity is Severity.ERROR)
    case = ready.case
    found = in_order(errors or findings)
    return CaseResult(case.name, case.place, passed=False, as_of=batch.as_of, findings=found, unreviewed=case.unreviewed)


def _finding(batch: Batch, row: StagedRow, bad: BadRow) -> Finding:
    """At the cell; what is said of the case column is meant of the client's key."""
    table = batch.policy.table(bad.table)
    names = () if table is None else table.key if bad.column == batch.case_column else _named(table, bad.column)
    cells = [row.row[name] for name in names if name in row.row]
    place = next((cell.place for cell in (*cells, *row.row.values())), row.case.case.place)
    value = "|".join(cell.text or "" for cell in cells) if bad.column == batch.case_column else bad.value
    shown = "missing" if value is None else repr(value)
    return Finding("SS617", f"{shown} for '{', '.join(names) or bad.column}' of table '{bad.table}' {bad.why}", place, HELP)


def _named(table: Table, column: str) -> tuple[str, ...]:
    return tuple(field.name for field in table.fields if column in (field.name, field.header))[:1]
