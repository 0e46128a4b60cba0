"""Findings as objects of JSON."""

from __future__ import annotations

from ...model.finding import Finding


def finding_object(finding: Finding) -> dict[str, str | int]:
    """Everything that a finding says, with the places of its beginning and end."""
    place = finding.place
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "help": finding.help,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
        **({"cell": place.cell} if place.cell else {}),
    }
