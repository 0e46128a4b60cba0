"""A file that a person wrote in, what it means and every finding out."""

from __future__ import annotations

import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from .. import checking, reading, wording
from ..model.checked import CheckedPolicy
from ..model.finding import Finding, Severity, has_errors, in_order
from ..model.place import Place

if TYPE_CHECKING:
    from ..model.plan import PortableQuery, Query
    from ..model.proofs import Proofs


def load_policy(path: Path) -> tuple[CheckedPolicy | None, tuple[Finding, ...]]:
    """The policy read and checked, with all findings by place; None where an error makes it unusable."""
    policy, read = reading.read(path)
    if policy is None:
        return None, in_order(read)
    checked, sense = checking.check(policy)
    tone = wording.tone_findings(policy, partial(reading.words_at, policy.sources))
    findings = in_order((*read, *sense, *tone))
    return (None if has_errors(findings) else checked), findings


def prove(checked: CheckedPolicy) -> Proofs:
    """What can be proved of the policy's rules before any data, and what was not looked at."""
    return checking.prove(checked)


def date_findings(checked: CheckedPolicy, as_of: datetime.date) -> tuple[Finding, ...]:
    """Why the policy cannot be used on that date: before `valid_from`, after `valid_until`, or a parameter that has no value yet."""
    policy = checked.policy
    findings = []
    if policy.valid_from is not None and as_of < policy.valid_from:
        message = f"the policy is valid from {policy.valid_from.isoformat()}, the run is as of {as_of.isoformat()}"
        findings.append(Finding("SS701", message, policy.place, "give another --as-of, or the policy that was valid then"))
    if policy.valid_until is not None and as_of > policy.valid_until:
        message = f"the policy was valid until {policy.valid_until.isoformat()}, the run is as of {as_of.isoformat()}"
        findings.append(Finding("SS701", message, policy.place, "give another --as-of, or extend valid_until after a review"))
    for parameter in policy.parameters:
        if parameter.value_at(as_of) is None:
            message = f"the parameter '{parameter.name}' has no value yet on {as_of.isoformat()}"
            findings.append(Finding("SS702", message, parameter.place, "add a value that starts on or before this date"))
    return tuple(findings)


def compile_policy(path: Path, as_of: datetime.date) -> tuple[Query | None, tuple[Finding, ...]]:
    """The SQL that the policy becomes on that date."""
    from .. import compiling

    checked, findings = load_policy(path)
    if checked is None:
        return None, findings
    findings = (*findings, *date_findings(checked, as_of))
    if has_errors(findings):
        return None, findings
    return compiling.compile_policy(checked, as_of), findings


def compile_for_postgres(path: Path, as_of: datetime.date, schema: str | None = None) -> tuple[PortableQuery | None, tuple[Finding, ...]]:
    """The SQL that the policy becomes on that date for PostgreSQL, with its functions in that schema (None: in the session)."""
    from .. import compiling

    checked, findings = load_policy(path)
    if checked is None:
        return None, findings
    findings = (*findings, *date_findings(checked, as_of), *compiling.postgres_findings(checked))
    if has_errors(findings):
        return None, in_order(findings)
    return compiling.postgres_query(checked, as_of, schema=schema), findings


def compile_for_spark(path: Path, as_of: datetime.date) -> tuple[PortableQuery | None, tuple[Finding, ...]]:
    """The SQL that the policy becomes on that date for Spark."""
    from .. import compiling

    checked, findings = load_policy(path)
    if checked is None:
        return None, findings
    findings = (*findings, *date_findings(checked, as_of), *compiling.spark_findings(checked))
    if has_errors(findings):
        return None, in_order(findings)
    query = compiling.spark_query(checked, as_of)
    return query, in_order((*findings, *compiling.spark_size_findings(checked, query)))


def file_finding(code: str, message: str, path: Path | str, help: str = "", severity: Severity = Severity.ERROR) -> Finding:
    """A finding about a file or folder as a whole."""
    return Finding(code, message, Place(str(path)), help, severity)


def glob_finding(path: Path) -> tuple[Finding, ...]:
    """A finding where a folder's path has a sign that an engine would read as a pattern for many files."""
    found = sorted(set(str(path.absolute())) & set("*?["))
    if not found:
        return ()
    return (file_finding("SS707", f"the path '{path}' has {' '.join(found)} in it", path, "use a folder whose path has none of * ? ["),)
