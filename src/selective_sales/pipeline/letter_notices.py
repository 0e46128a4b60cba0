"""What becomes of a batch's letters in, what a person must hear of it out: approvals that hold no more, letters that should not be sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from ..model.batch import BatchLetter, Status
from ..model.finding import Finding, Severity
from .letter_differences import in_words
from .letter_fates import Decided, Fate
from .policies import file_finding


def told_of(decided: Iterable[Decided], folder: Path) -> list[Finding]:
    """Approvals that hold no more, final letters that the run would write differently, and approvals that are gone."""
    findings = []
    for one in decided:
        entry = one.entry
        if one.fate is Fate.KEPT:
            message = f"the final letter to client '{entry.key}' stays, but the run now says something else: {_what(one)}"
            help = "if it was not sent, move its file away and run again: a draft takes its place; if it was, write to them yourself"
            findings.append(file_finding("SS976", message, folder / (entry.file or ""), help, Severity.WARNING))
        elif one.stale is not None and entry.status is Status.DRAFT:
            when = f"by {one.stale.approved_by} on {one.stale.approved_at[:10]}"
            message = f"the approval of the letter to client '{entry.key}' {when} holds no more: {_what(one)}"
            help = "read the new draft, and approve it again"
            findings.append(file_finding("SS977", message, folder / (entry.file or ""), help, Severity.WARNING))
        if one.taken_back is not None:
            who = f"{one.taken_back.withdrawn_by} has withdrawn its approval on {one.taken_back.withdrawn_at[:10]}"
            message = f"the letter to client '{entry.key}' is final here, and {who}"
            help = "do not send it; if nobody has, say so with approve --withdraw --not-sent, and it becomes a draft; or approve it again"
            findings.append(file_finding("SS977", message, folder / (entry.file or ""), help, Severity.WARNING))
        elif one.approval_lost:
            message = f"the final letter to client '{entry.key}' was approved by {entry.approved_by}, of which approvals.yaml knows nothing"
            help = "put the file of approvals back beside the run folder; if nobody has approved it, do not send it, and move its file away"
            findings.append(file_finding("SS977", message, folder / (entry.file or ""), help, Severity.WARNING))
    return findings


def _what(one: Decided) -> str:
    words = {
        "policy": "the policy",
        "data": "the data",
        "template": "the template",
        "letterhead": "the letterhead",
        "decision": "the decision",
        "date": "the date",
        "language": "the language",
        "program": "the program",
        "settings": "the date, the language or the program",
    }
    named = [words[cause] for cause in one.causes]
    said = ", ".join(named[:-1]) + (" and " if len(named) > 1 else "") + named[-1]
    return f"{said} changed{in_words(one.entry.differs)}"


def told_of_withdrawn(entries: Sequence[BatchLetter], folder: Path) -> list[Finding]:
    findings = []
    for entry in entries:
        if entry.file is None:
            message = f"the client '{entry.key}' gets no letter any more: the draft is withdrawn"
            findings.append(file_finding("SS976", message, folder, "", Severity.NOTE))
        else:
            message = f"the client '{entry.key}' gets no letter any more, but a final one is there"
            help = "if it was not sent, do not send it; if it was, write to them yourself"
            findings.append(file_finding("SS976", message, folder / entry.file, help, Severity.WARNING))
    return findings
