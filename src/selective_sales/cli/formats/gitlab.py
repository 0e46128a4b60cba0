"""Findings in, GitLab's code quality report out: a list of JSON, shown in the merge request and at the lines of its changes."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ...model.finding import Finding, Severity
from ..snippet import visible
from .fingerprints import fingerprints
from .paths import in_repository

_LEVELS = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.NOTE: "info"}


def gitlab(findings: Sequence[Finding]) -> str:
    """All findings. One about a file as a whole stands at its first line, as GitLab knows no other place."""
    found = [
        {
            "check_name": finding.code,
            "description": visible(finding.message) + (f" ({visible(finding.help)})" if finding.help else ""),
            "fingerprint": mark,
            "severity": _LEVELS[finding.severity],
            "location": {"path": in_repository(finding.place.file) or ".", "lines": {"begin": max(finding.place.line, 1)}},
        }
        for finding, mark in zip(findings, fingerprints(findings), strict=True)
    ]
    return json.dumps(found, ensure_ascii=False, indent=2)
