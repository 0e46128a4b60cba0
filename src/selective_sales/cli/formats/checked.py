"""What `check` found in each file in, JUnit's XML out: a file is a case, its errors the failure."""

from __future__ import annotations

from collections.abc import Sequence

from ...model.finding import Finding, Severity
from .junit import Case, Ended, Suite, junit
from .markdown import FileChecked
from .text import counted, header


def as_junit(files: Sequence[FileChecked], findings: Sequence[Finding], strict: bool) -> str:
    """A suite of all files. A finding about none of them (a folder that is closed) makes a case of its own; `strict` fails warnings."""
    of_files = {finding for file in files for finding in file.findings}
    others: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding not in of_files:
            others.setdefault(finding.place.file, []).append(finding)
    cases = [_case(file.path, file.findings, strict) for file in files]
    cases += [_case(path or ".", tuple(found), strict) for path, found in others.items()]
    return junit([Suite("check", tuple(cases))])


def _case(path: str, findings: tuple[Finding, ...], strict: bool) -> Case:
    errors = [f for f in findings if f.severity is Severity.ERROR or (strict and f.severity is Severity.WARNING)]
    lines = tuple(header(f) + (f"; {f.help}" if f.help else "") for f in findings)
    if not errors:
        return Case(path, path, lines=lines)
    first = errors[0]
    line = first.place.line if first.place.file == path else 0
    return Case(path, path, line, 0.0, Ended.FAILURE, first.code, counted(findings), lines)
