"""Cases made ready: those with the same date and parameters stand in one batch and are decided in one run.

An extra leading key column tells the cases apart, so client ids may repeat across cases, while the loader and the compiled query
stay those of production.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..model.cases import Case, ExpectedClient, Row
from ..model.checked import CheckedPolicy
from ..model.exceptions import PolicyException
from ..model.finding import Finding
from ..model.kind import Kind
from ..model.policy import Field, Policy, Table
from ..model.tested import CaseResult


@dataclass(frozen=True, slots=True)
class ReadyCase:
    """A case with complete rows: defaults applied, keys filled in; `expect` and `exceptions` name their clients in full.

    `key` is the case's value in the case column.
    """

    key: str
    case: Case
    rows: Mapping[str, tuple[Row, ...]]
    expect: tuple[ExpectedClient, ...]
    exceptions: tuple[PolicyException, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Cases to be decided in one run. `policy` has the batch's parameters, but not yet the case column.

    `changed` is True where parameters were replaced, so that the policy has to be checked again.
    """

    policy: Policy
    changed: bool
    as_of: datetime.date
    case_column: str
    cases: tuple[ReadyCase, ...]

    @property
    def exceptions(self) -> tuple[PolicyException, ...]:
        """The exceptions of all cases, each for the client of its own case only."""
        return tuple(replace(exception, client=(ready.key, *exception.client)) for ready in self.cases for exception in ready.exceptions)

    def without(self, keys: frozenset[str]) -> Batch:
        """The batch less the cases with these keys."""
        return replace(self, cases=tuple(ready for ready in self.cases if ready.key not in keys))


@dataclass(frozen=True, slots=True)
class Prepared:
    """`refused` are the cases that cannot be run as written, with their findings; `findings` are about the file as a whole."""

    batches: tuple[Batch, ...]
    refused: tuple[CaseResult, ...]
    findings: tuple[Finding, ...]


def case_column(policy: Policy) -> str:
    """A name for the case column that nothing in the policy has, in upper or lower case (SQL does not tell them apart)."""
    taken = {name.casefold() for table in policy.tables for field in table.fields for name in (field.name, field.header)}
    taken |= {metric.name.casefold() for metric in policy.metrics} | {score.name.casefold() for score in policy.scores}
    taken |= {output.name.casefold() for table in policy.decision_tables for output in table.outputs}
    taken |= {parameter.name.casefold() for parameter in policy.parameters}
    name = "case:"
    while name in taken:
        name += ":"
    return name


def with_case_column(checked: CheckedPolicy, column: str) -> CheckedPolicy:
    """The policy whose clients and child tables have a text field `column`, first in their keys.

    Three rules that are about a delivery of data and not about a client are taken out: freshness, `unique` and `required`
    (a field may be left out of a case); `prepare` looks after the last two itself, case by case.
    """
    return replace(checked, policy=replace(checked.policy, tables=tuple(_with_column(table, column) for table in checked.policy.tables)))


def _with_column(table: Table, column: str) -> Table:
    fields = tuple(replace(field, unique=False, required=False) for field in table.fields)
    dialect = replace(table.csv, delimiter=",", quote='"', decimal=table.csv.decimal or ".", encoding="utf-8", header=True)
    return replace(
        table,
        key=(column, *table.key),
        fields=(Field(column, Kind.TEXT), *fields),
        csv=dialect,
        source=None,
        fresh_within=None,
        date_field=None,
    )
