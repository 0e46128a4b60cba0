"""Findings and failed cases in, workflow commands of GitHub Actions out: each becomes an annotation at its line of a pull request."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from ...model.finding import Finding, Severity
from ...model.place import Place
from ..snippet import visible
from .paths import in_repository

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def annotation(finding: Finding) -> str:
    """The finding, its help on a line of its own, its code as the title."""
    lines = (finding.message, finding.help) if finding.help else (finding.message,)
    return annotated(finding.severity, finding.place, finding.code, lines)


def annotated(severity: Severity, place: Place, title: str, lines: Iterable[str]) -> str:
    """One workflow command. Whatever the lines hold, they end neither the command nor begin another."""
    properties = [("file", in_repository(place.file))] if place.file else []
    if place.line:
        properties += [("line", str(place.line)), ("endLine", str(max(place.end_line, place.line)))]
        if place.end_line in (0, place.line):  # columns are for spans of one line only
            properties += [("col", str(place.column)), ("endColumn", str(place.column + place.width))]
    properties.append(("title", title))
    said = ",".join(f"{name}={_escaped(visible(value)).replace(':', '%3A').replace(',', '%2C')}" for name, value in properties)
    return f"::{_LEVELS[severity]} {said}::{_escaped(chr(10).join(map(visible, lines)))}"


def unheeded(text: str) -> str:
    """Text for the log in which GitHub heeds no command: a title that begins with `::error` is only a title."""
    word = secrets.token_hex(16)
    return f"::stop-commands::{word}\n{text.rstrip(chr(10))}\n::{word}::\n"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
