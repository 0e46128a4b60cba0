"""A policy and one client as Python values in, why it decides the client so out: by a run of that client alone, kept until it is read.

Refuses what a run of one client cannot tell: a policy that looks at the portfolio.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from .. import compiling, data
from ..explaining import Json
from ..model.checked import CheckedPolicy
from ..model.explanation import Explanation
from ..model.finding import Finding, has_errors, in_order
from .changes import with_changes
from .deciding import Asked, as_given, history_findings, said_of_given
from .finished import FinishedRun, explanations, open_run
from .memos import as_json, spoken
from .policies import date_findings
from .runs import Ending, Request, evaluate_checked


@dataclass(frozen=True, slots=True)
class Told:
    """The explanation; None where `findings` say why there is none, and `ending` on which side that lies."""

    run: FinishedRun | None
    explanation: Explanation | None
    findings: tuple[Finding, ...] = ()
    ending: Ending = Ending.DONE

    def text(self, language: str, width: int) -> str:
        assert self.run is not None and self.explanation is not None
        return spoken(self.run, self.explanation, language, width)

    def json(self) -> dict[str, Json]:
        assert self.explanation is not None
        return as_json(self.explanation)


def explain(checked: CheckedPolicy, asked: Asked) -> Told:
    """Why, why not, and what would have to change, for the one client asked about."""
    findings = date_findings(checked, asked.as_of)
    if has_errors(findings):
        return refused(findings, Ending.INVALID_POLICY)
    findings = history_findings(asked.history)
    if findings:
        return refused(findings, Ending.USAGE)
    if compiling.looks_at_portfolio(checked):
        message = "the policy looks at the whole portfolio, and a client alone is none"
        help_ = "Decide all clients by evaluate, with out=FOLDER; then selective-sales explain FOLDER CLIENT"
        return refused((Finding("SS892", message, checked.policy.place, help_),), Ending.USAGE)
    rows, findings = data.given_rows(checked.policy.delivered, asked.clients, asked.child_rows, alone=True)
    if findings:
        return refused(findings, Ending.BROKEN_DATA)
    with tempfile.TemporaryDirectory(prefix="selective-sales-") as name:
        return of_run(checked, asked, rows, Path(name))


def of_run(checked: CheckedPolicy, asked: Asked, rows: data.Rows, folder: Path) -> Told:
    """Decides the client as a run of its own, and explains it while the run's folder is there."""
    delivered = checked.policy.delivered
    files = {t.name: data.write_lines(t, rows[t.name], folder, n) for n, t in enumerate(delivered)}
    tables = tuple(as_given(t, files) for t in checked.policy.tables)
    readable = replace(checked, policy=replace(checked.policy, tables=tables))
    request = Request(dict(files), asked.as_of, folder / "run", exceptions=asked.exceptions, history=asked.history)
    outcome = evaluate_checked(readable, request)
    if outcome.summary is None:
        names = {str(path): table for table, path in files.items()}
        return refused([said_of_given(f, names) for f in outcome.findings if f.severity == "error"], outcome.ending)
    opened, findings = open_run(folder / "run")
    if opened is None:
        return refused(findings, Ending.USAGE)
    # The rules' places are in the author's files: the run's copies go with its folder.
    run = replace(opened, checked=checked)
    return Told(run, with_changes(run, next(explanations(run))))


def refused(findings: tuple[Finding, ...] | list[Finding], ending: Ending) -> Told:
    return Told(None, None, in_order(tuple(findings)), ending)
