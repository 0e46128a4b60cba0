"""A finding: what is wrong, where, and what to write instead. Findings are values, never exceptions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from .place import Place


class Severity(StrEnum):
    """How much a finding weighs: an error stops, a warning may stop (`--strict`), a note only tells."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend. `code` never changes its meaning; docs/findings/<code>.md explains it."""

    code: str
    message: str
    place: Place
    help: str = ""
    severity: Severity = Severity.ERROR


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings by place, each once: what a person reads from top to bottom."""
    distinct = dict.fromkeys(findings)
    return tuple(sorted(distinct, key=lambda f: (f.place, f.code, f.message)))


def has_errors(findings: Iterable[Finding]) -> bool:
    """True where at least one finding is an error."""
    return any(f.severity is Severity.ERROR for f in findings)
