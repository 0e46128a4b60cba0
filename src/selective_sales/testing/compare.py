"""A batch and the result rows of its run in; a result per case out: every expected column against the actual one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import cast

from ..model.cases import Expected, ExpectedClient, ExpectedRun
from ..model.finding import Finding
from ..model.kind import Kind
from ..model.policy import Table
from ..model.tested import CaseResult, ColumnResult
from .batch import Batch, ReadyCase
from .expectations import canonical
from .needs import LIST_COLUMNS, TEXT_COLUMNS
from .values import Actual, matches, read_wanted, written, written_as

ResultRow = Mapping[str, object]
Client = tuple[str, ...]
_OF_THE_RULES = frozenset({*TEXT_COLUMNS, *LIST_COLUMNS})


Whole = Mapping[tuple[str, str, str], tuple[Actual, Kind]]
"""What the clients of a case came to together: (section, name, group) -> value and kind."""


def compare(
    batch: Batch, kinds: Mapping[str, Kind], rows: Iterable[ResultRow], seconds: float, wholes: Mapping[str, Whole] | None = None
) -> tuple[CaseResult, ...]:
    """The batch's cases, decided. `kinds` are the result columns' kinds (`Needs.kinds`), `rows` the decided clients of all cases, `wholes`
    what the clients of each case came to together (by the case's key).
    """
    client_of = namer(batch.policy.clients)
    actual = {(str(row[batch.case_column]), client_of(row)): row for row in rows}
    return tuple(_case(batch, ready, kinds, actual, seconds, (wholes or {}).get(ready.key, {})) for ready in batch.cases)


def _case(
    batch: Batch,
    ready: ReadyCase,
    kinds: Mapping[str, Kind],
    actual: Mapping[tuple[str, Client], ResultRow],
    seconds: float,
    whole: Whole,
) -> CaseResult:
    columns = [_of_the_run(one, whole) for one in ready.case.expect_run]
    findings: list[Finding] = []
    decided_by: list[tuple[Client, str]] = []
    for one in ready.expect:
        row = actual.get((ready.key, one.client))
        if row is None:
            findings.append(_undecided(one))
            continue
        results = [_column(one.client, expected, row, kinds[expected.name]) for expected in one.columns]
        columns += results
        if any(result.name in _OF_THE_RULES for result in results if not result.matches):
            decided_by.append((one.client, written(row["decided_by"])))
    passed = not findings and all(column.matches for column in columns)
    case = ready.case
    result = CaseResult(case.name, case.place, passed, batch.as_of, tuple(columns), tuple(findings), tuple(decided_by))
    return replace(result, seconds=seconds, unreviewed=case.unreviewed)


def _of_the_run(one: ExpectedRun, whole: Whole) -> ColumnResult:
    """A limit, guarantee or figure of the case's clients together; a group that nobody is in has no value."""
    value, kind = whole.get((one.section, one.name, one.group), (None, Kind.TEXT))
    same = value is None if one.value is None else (wanted := read_wanted(one.value, kind)) is not None and matches(wanted, value)
    name = f"{one.section}.{one.name}" + (f".{one.group}" if one.group else "")
    return ColumnResult((), name, written(one.value), written_as(value, kind), same, one.place)


def _undecided(one: ExpectedClient) -> Finding:
    message = f"client '{'|'.join(one.client)}' was not decided: its rows were set aside, or it stands under another id"
    return Finding("SS617", message, one.place, "see the data contract of the policy's tables")


def namer(clients: Table) -> Callable[[ResultRow], Client]:
    """Gives a row's client by its key as `canonical` writes it: typed values have one form, a date the ISO one."""
    undated = replace(clients, fields=tuple(replace(field, format=None) for field in clients.fields))
    return lambda row: canonical(undated, tuple(written(row[name]) for name in clients.key))


def _column(client: Client, expected: Expected, row: ResultRow, kind: Kind) -> ColumnResult:
    value = cast(Actual, row[expected.name])
    same = _same(expected, value, kind)
    return ColumnResult(client, expected.name, written(expected.value), written_as(value, kind), same, expected.place)


def _same(expected: Expected, actual: Actual, kind: Kind) -> bool:
    if expected.name in LIST_COLUMNS:
        return isinstance(actual, list | tuple) and isinstance(expected.value, tuple) and tuple(actual) == expected.value
    if isinstance(expected.value, tuple):
        items = [read_wanted(text, kind) for text in expected.value]
        found = actual if isinstance(actual, list | tuple) else None
        return (
            found is not None
            and len(found) == len(items)
            and all(w is not None and matches(w, a) for w, a in zip(items, found, strict=True))
        )
    if not isinstance(expected.value, str):
        return actual is None
    wanted = read_wanted(expected.value, kind)
    return wanted is not None and matches(wanted, actual)
