"""Who approves letters, or takes approvals back, and which; and why that is refused: nobody in particular, of nothing in particular."""

from __future__ import annotations

import getpass
import re
from dataclasses import dataclass
from pathlib import Path

from ..model.finding import Finding
from ..model.person import is_person, tidy_name
from .finished import FinishedRun
from .memos import unknown_decision
from .policies import file_finding

_LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True)
class ApprovalAsked:
    """Which letters somebody approves: of these clients, with this decision, or `all`; in `letters` (None: the batch beside the run)."""

    by: str
    note: str
    clients: tuple[str, ...] = ()
    decision: str | None = None
    all: bool = False
    letters: Path | None = None


def person_findings(run: FinishedRun, asked: ApprovalAsked, does: str = "approves") -> tuple[Finding, ...]:
    """A finding where no person is named, or nothing is noted."""
    findings = []
    by, note = asked.by.strip(), asked.note.strip()
    if not _is_person(by):
        message = f"nobody is named who {does}" if not by else f"{by[:60]!r} does not say who could be asked later"
        findings.append(file_finding("SS979", message, run.folder, 'name yourself, first and last name: --by "Anna Nowak"'))
    if not note or len(note) > _LONGEST_NOTE:
        message = "nothing is noted" if not note else f"the note is longer than {_LONGEST_NOTE} characters"
        findings.append(
            file_finding("SS979", message, run.folder, 'say what you have looked at: --note "Read all twelve; the reasons hold."')
        )
    return tuple(findings)


def _is_person(by: str) -> bool:
    return is_person(by) and re.sub(r"[\s_]+", "-", tidy_name(by).casefold()) != _login()


def _login() -> str:
    """The name that this computer knows the user by: an account, not a person."""
    try:
        return getpass.getuser().casefold()
    except (OSError, KeyError, ImportError):
        return ""


def scope_findings(run: FinishedRun, asked: ApprovalAsked, what: str = "that are approved") -> tuple[Finding, ...]:
    if asked.decision is not None:
        unknown = unknown_decision(run, asked.decision)
        if unknown:
            return tuple(unknown)
    if not asked.clients and asked.decision is None and not asked.all:
        message = f"nothing is said about the letters {what}"
        help = "name clients (--client ID, repeatable) or a decision (--decision ID), or say --all"
        return (file_finding("SS979", message, run.folder, help),)
    if asked.all and (asked.clients or asked.decision is not None):
        return (file_finding("SS979", "--all stands beside --client or --decision", run.folder, "leave one of them out"),)
    return ()
