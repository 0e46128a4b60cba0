"""A checked policy and a test file in; batches of ready cases out, and the cases that cannot be run as written, with findings."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator

from ..model.cases import Case, CaseFile
from ..model.checked import CheckedPolicy
from ..model.expression import Scalar
from ..model.finding import Finding, Severity, has_errors, in_order
from ..model.kind import Kind
from ..model.place import Place
from ..model.policy import Policy
from ..model.tested import CaseResult
from .batch import Batch, Prepared, ReadyCase, case_column
from .expectations import client_ids, name_clients, refused
from .needs import Needs
from .rows import complete, unknown_names
from .settings import date_of, named_exceptions, with_parameters

Setting = tuple[datetime.date, tuple[tuple[str, Kind, Scalar | tuple[Scalar, ...] | None], ...]]


def prepare(checked: CheckedPolicy, file: CaseFile, only: str = "") -> Prepared:
    """The file's cases whose name contains `only` (in any case of letters), grouped by date and parameters."""
    needs = Needs(checked)
    refusals: list[CaseResult] = []
    groups: dict[Setting, tuple[Policy, list[ReadyCase]]] = {}
    for number, case in enumerate(file.cases, start=1):
        if only.casefold() not in case.name.casefold():
            continue
        ready, policy, as_of, findings = _ready(needs, file, case, f"{number:06}")
        if has_errors(findings):
            refusals.append(
                CaseResult(
                    case.name, case.place, passed=False, as_of=case.as_of or file.as_of, findings=findings, unreviewed=case.unreviewed
                )
            )
        else:
            groups.setdefault((as_of, _changes(checked.policy, policy)), (policy, []))[1].append(ready)
    column = case_column(checked.policy)
    batches = (Batch(policy, bool(changes), as_of, column, tuple(cases)) for (as_of, changes), (policy, cases) in groups.items())
    return Prepared(tuple(batches), tuple(refusals), in_order(_of_the_file(checked.policy, file)))


def _changes(before: Policy, after: Policy) -> tuple[tuple[str, Kind, Scalar | tuple[Scalar, ...] | None], ...]:
    changed = (new for old, new in zip(before.parameters, after.parameters, strict=True) if new != old)
    return tuple((parameter.name, parameter.kind, parameter.value) for parameter in changed)


def _ready(needs: Needs, file: CaseFile, case: Case, key: str) -> tuple[ReadyCase, Policy, datetime.date, tuple[Finding, ...]]:
    """The case made ready, its policy and date; it may be run only if no finding is an error."""
    policy = needs.checked.policy
    columns = frozenset(column.name for one in case.expect for column in one.columns)
    rows, in_rows = complete(policy, file.defaults, case, needs.fields(columns))
    changed, in_parameters = with_parameters(policy, case)
    as_of, in_date = date_of(file, case, needs, columns, changed)
    clients = client_ids(policy.clients, rows.get("clients", ()))
    expect, in_names = name_clients(policy, case, clients)
    exceptions, in_exceptions = named_exceptions(policy, case, clients)
    findings = (*in_rows, *in_date, *in_parameters, *refused(needs, case), *in_names, *in_exceptions)
    return ReadyCase(key, case, rows, expect, exceptions), changed, as_of, in_order(findings)


def _of_the_file(policy: Policy, file: CaseFile) -> Iterator[Finding]:
    if not file.cases:
        yield Finding(
            "SS608", "this file has no case: it tests nothing", Place(file.path, 1, 1), "write cases: [...], with at least one case"
        )
    yield from unknown_names(policy, {name: (row,) for name, row in file.defaults.items()}, file.policy_place)
    names = Counter(case.name for case in file.cases)
    seen: set[str] = set()
    for case in file.cases:
        if names[case.name] > 1 and case.name in seen:
            message = f"another case is named '{case.name}' too: a failure would not say which"
            yield Finding("SS618", message, case.place, "give each case a name of its own", Severity.WARNING)
        seen.add(case.name)
