"""A policy's file in, the queries that check its data contract where the tables are out."""

from __future__ import annotations

import datetime
from pathlib import Path

from .. import compiling
from ..compiling.contract_queries import CheckQuery, check_findings, check_queries
from ..model.finding import Finding, has_errors, in_order
from .policies import load_policy


def compile_checks(path: Path, as_of: datetime.date, dialect: str) -> tuple[tuple[CheckQuery, ...], tuple[Finding, ...]]:
    """A SELECT for each check of the data contract; none where an error makes the policy unusable."""
    checked, findings = load_policy(path)
    if checked is None:
        return (), findings
    if dialect == "postgres":
        findings = (*findings, *compiling.postgres_findings(checked), *check_findings(checked.policy, dialect))
    if has_errors(findings):
        return (), in_order(findings)
    return tuple(check_queries(checked.policy, as_of, dialect)), in_order(findings)
