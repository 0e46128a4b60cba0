"""A report of policy tests in, one JSON object out."""

from __future__ import annotations

import json
from typing import Any

from ...model.tested import CaseResult, FileResult, RuleShown, TestReport
from ..coverage import as_json as coverage_json
from ..workings import values_json
from .objects import finding_object


def as_json(report: TestReport) -> str:
    """One object: format, passed, failed, findings, and per file its findings and cases. A place is file, line, column."""
    whole = {
        "format": 1,
        "passed": report.passed,
        "failed": report.failed,
        "unreviewed": report.unreviewed,
        "findings": [finding_object(finding) for finding in (*report.findings, *report.unmet)],
        "files": [_file_json(file) for file in report.files],
        "left_out": list(report.left_out),
        **coverage_json(report),
    }
    return json.dumps(whole, indent=2)


def _file_json(file: FileResult) -> dict[str, Any]:
    return {
        "file": file.path,
        "policy": file.policy,
        "policy_invalid": file.policy_invalid,
        "seconds": round(file.seconds, 3),
        "findings": [finding_object(finding) for finding in file.findings],
        "cases": [_case_json(case) for case in file.cases],
        "left_out": file.left_out,
    }


def _case_json(case: CaseResult) -> dict[str, Any]:
    return {
        "case": case.name,
        "file": case.place.file,
        "line": case.place.line,
        "column": case.place.column,
        "passed": case.passed,
        "unreviewed": case.unreviewed,
        "as_of": None if case.as_of is None else case.as_of.isoformat(),
        "seconds": round(case.seconds, 3),
        "findings": [finding_object(finding) for finding in case.findings],
        "columns": [
            {"client": list(c.client), "column": c.name, "expected": c.expected, "actual": c.actual, "matches": c.matches}
            for c in case.columns
        ],
        "decided_by": [{"client": list(client), "decided_by": decided_by} for client, decided_by in case.decided_by],
        "rules": [_rule_json(rule) for rule in case.rules],
        "values": values_json(case),
    }


def _rule_json(rule: RuleShown) -> dict[str, Any]:
    return {
        "client": list(rule.client),
        "rule": rule.id,
        "decision": rule.decision,
        "outcome": rule.outcome.value,
        "decides": rule.decides,
        "conditions": [
            {"condition": c.text, "outcome": c.outcome.value, "unless": c.of_unless, "values": dict(c.values)} for c in rule.conditions
        ],
    }
