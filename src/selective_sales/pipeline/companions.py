"""The files beside a policy in, tests, exceptions and approvals; out every finding that the policy's names give. Nothing is run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from .. import reading
from ..model.checked import CheckedPolicy
from ..model.finding import Finding, Severity, has_errors, in_order

Checked = tuple[CheckedPolicy | None, tuple[Finding, ...]]


def check_exceptions(path: Path, policy: CheckedPolicy | None) -> tuple[Finding, ...]:
    """The findings of an exceptions file, held to that policy where there is one.

    Which exceptions have expired is a matter of a run's date, and told by the run.
    """
    file, findings = reading.read_exceptions(path)
    if file is None or policy is None:
        return findings
    from ..deciding import exceptions

    _, told = exceptions.resolve(policy.policy, file, date.today())
    return in_order((*findings, *(finding for finding in told if finding.severity is Severity.ERROR)))


def check_approvals(path: Path) -> tuple[Finding, ...]:
    """The findings of a file of approvals."""
    return reading.read_approvals(path)[1]


def check_tests(path: Path, load: Callable[[Path], Checked]) -> tuple[Finding, ...]:
    """The findings of a test file, and of its cases against the policy that it names; those of the policy where it is broken."""
    file, findings = reading.read_cases(path)
    if file is None or has_errors(findings):
        return findings
    from .. import testing

    where = path.parent / file.policy
    if not where.is_file():
        return (*findings, testing.no_policy(file, where))
    checked, of_policy = load(where)
    if checked is None:
        return in_order((*findings, *of_policy))
    prepared = testing.prepare(checked, file)
    of_cases = (finding for case in prepared.refused for finding in case.findings)
    return in_order((*findings, *prepared.findings, *of_cases))
