"""A finished run and hours in, hours per group and per client out."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from .. import compiling
from ..engines import duckdb_engine as engine
from ..engines import outcomes as whole_run
from ..model.expression import Scalar
from ..model.finding import Finding
from ..model.kind import Kind
from ..model.results import AllocationResult, Client, GroupResult
from ..model.text import Texts
from .finished import FinishedRun
from .policies import file_finding
from .results import whole_result


@dataclass(frozen=True, slots=True)
class ClientHours:
    """A client of a group: its measure, and its part of the group's hours."""

    client: Client
    name: str | None
    measure: Scalar | None
    hours: float


@dataclass(frozen=True, slots=True)
class GroupHours:
    """A group with its hours (None: its share is not known), the clients with the largest measure first."""

    group: GroupResult
    hours: float | None
    clients: tuple[ClientHours, ...]


@dataclass(frozen=True, slots=True)
class Hours:
    """An allocation in hours."""

    allocation: AllocationResult
    hours: float
    groups: tuple[GroupHours, ...]
    rest: float | None
    currency: str
    languages: tuple[str, ...]

    @property
    def rest_title(self) -> Texts | None:
        return self.allocation.rest_title


def allocate(run: FinishedRun, hours: float, name: str | None) -> tuple[tuple[Hours, ...], tuple[Finding, ...]]:
    """The allocations of the run's policy (or the one of that name) in hours."""
    known = [a.name for a in run.checked.allocations]
    if not known:
        message = f"the policy '{run.checked.policy.id}' has no allocation"
        return (), (file_finding("SS719", message, run.folder, "add the section allocations: to the policy, and evaluate again"),)
    if name is not None and name not in known:
        message = f"the policy has no allocation '{name}'"
        return (), (file_finding("SS719", message, run.folder, f"its allocations are {', '.join(known)}"),)
    folder = run.folder.absolute()
    files = [folder / part for part in ("facts.parquet", "decisions.parquet")]
    with (
        tempfile.TemporaryDirectory(prefix="selective-sales-") as temp,
        engine.connected(files, [], Path(temp), engine.Limits()) as connection,
    ):
        whole = whole_result(connection, run.checked, folder, run.manifest.as_of)
        query = compiling.results_query(run.checked, run.manifest.as_of)
        whole_run.open_results(connection, query, folder)
        display = run.checked.policy.clients.display
        made = []
        for result, columns in zip(whole.allocations, query.allocations, strict=True):
            if name in (None, result.name):
                rows = whole_run.allocated_clients(connection, query.key, columns.group_of, columns.measure_of, display)
                made.append(in_hours(result, hours, rows, run))
    return tuple(made), ()


def in_hours(result: AllocationResult, hours: float, rows: Sequence[tuple[int, Client, str | None, object]], run: FinishedRun) -> Hours:
    """Hours per group, and within a group by each client's part of the measure."""
    groups = []
    for number, group in enumerate(result.groups, 1):
        whole = None if group.result is None else hours * group.result
        own = [(client, name, measure) for i, client, name, measure in rows if i == number]
        total = sum((exact(measure) for _, _, measure in own), Fraction(0))
        shared = tuple(
            ClientHours(
                client, name, scalar(measure), float(Fraction(whole) * exact(measure) / total) if whole is not None and total > 0 else 0.0
            )
            for client, name, measure in own
        )
        groups.append(GroupHours(group, whole, shared))
    rest = None if result.rest is None else hours * result.rest
    policy = run.checked.policy
    return Hours(result, hours, tuple(groups), rest, policy.currency, policy.languages)


def exact(value: object) -> Fraction:
    return Fraction(str(value)) if value is not None else Fraction(0)


def scalar(value: object) -> Scalar | None:
    from ..explaining import scalar as read

    return read(value, Kind.UNKNOWN)
