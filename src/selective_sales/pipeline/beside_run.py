"""A few clients loaded on a connection and a finished run in, out come their decisions among the run's other clients.

The run's facts stand for its clients, as where explanations try changed copies. Refuses a policy that looks at the portfolio where no run
is given, and a run of another policy.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .. import compiling
from ..engines import duckdb_engine as engine
from ..model.checked import CheckedPolicy
from ..model.exceptions import PolicyException
from ..model.finding import Finding
from ..model.plan import Query
from .finished import open_run
from .policies import file_finding

if TYPE_CHECKING:
    import duckdb

COLUMN = "#scenario"


def portfolio_findings(checked: CheckedPolicy, folder: Path | None, *, looks_around: bool) -> tuple[Finding, ...]:
    """Why the policy cannot decide beside that run."""
    policy = checked.policy
    if folder is None:
        if not looks_around:
            return ()
        message = "the policy looks at the whole portfolio, and a client alone is none"
        return (Finding("SS892", message, policy.place, "Give the folder of a finished run: portfolio=FOLDER; or use evaluate"),)
    if looks_around and compiling.lists_look_around(checked):
        message = "a list function of the policy looks at the whole portfolio, which no run's facts can tell anew"
        return (Finding("SS892", message, policy.place, "Use evaluate with all clients"),)
    run, told = open_run(folder)
    if run is None:
        return told
    if [s.sha256 for s in run.checked.policy.sources] != [s.sha256 for s in policy.sources]:
        message = f"the run was decided by another policy, or another version: {run.manifest.policy_id} {run.manifest.policy_version}"
        return (file_finding("SS892", message, folder, "Give a run of this very policy: evaluate --out FOLDER"),)
    return ()


def decided_beside(
    connection: duckdb.DuckDBPyConnection,
    checked: CheckedPolicy,
    query: Query,
    folder: Path,
    as_of: datetime.date,
    exceptions: Sequence[PolicyException],
) -> list[dict[str, object]]:
    """The loaded clients' rows, each decided among the run's clients; those given take the place of those with their keys."""
    for statement in query.prelude:
        connection.execute(statement)
    engine.open_base(connection, (folder / "facts.parquet").absolute())
    engine.place_among(connection, query, COLUMN)
    if exceptions:
        engine.create_exceptions(connection, [(("", *e.client), e.decision) for e in exceptions], 1 + len(query.key))
    rows = engine.decided_rows(connection, compiling.scenario_query(checked, as_of, COLUMN, exceptions=bool(exceptions)))
    given = engine.given_keys(connection, query.key)
    names = [column.name for column in query.result_columns]
    return [{name: row[name] for name in names} for row in rows if tuple(row[k] for k in query.key) in given]
