"""A run and the batch of its letters in, approvals at the end of approvals.yaml out. A person approves what stands in the folder.

Refused: an approval of nothing in particular, of what was changed by hand, and by nobody in particular: a decision that affects somebody
is a named person's (GDPR 22).
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..deciding import approvals
from ..deciding.approvals import NotAppendedError, Standing
from ..model.batch import Approval, Batch, BatchLetter, Client, Origins, Status
from ..model.finding import Finding, Severity, has_errors, in_order
from ..model.person import tidy_name
from .approvals_asked import ApprovalAsked, person_findings, scope_findings
from .approvals_file import approvals_path, read_approvals, read_whole
from .finished import FinishedRun, find_clients
from .letters import printed_again
from .letters_beside import batch_of
from .policies import file_finding


@dataclass(frozen=True, slots=True)
class Approved:
    """What was added to the file of approvals."""

    file: Path
    folder: Path
    letters: tuple[BatchLetter, ...]


def approve(run: FinishedRun, asked: ApprovalAsked) -> tuple[Approved | None, tuple[Finding, ...]]:
    """Adds the approvals of the letters asked for, each that needs one and has none. Nothing is written where a finding is an error."""
    findings = (*person_findings(run, asked), *scope_findings(run, asked))
    if findings:
        return None, findings
    keys, unknown = find_clients(run, asked.clients) if asked.clients else (None, ())
    folder, batch, told = batch_of(run, asked.letters)
    file, more = read_approvals(run)
    findings = (*unknown, *told, *more)
    if folder is None or batch is None or file is None or has_errors(findings):
        return None, in_order(findings)
    letters, told = _asked_for(run, folder, batch, asked, keys, Standing(file))
    if has_errors(told):
        return None, in_order(told)
    if not letters:
        return Approved(Path(file.path), folder, ()), in_order(told)
    told = (*told, *_not_as_printed(run, folder, batch, letters, asked))
    if has_errors(told):
        return None, in_order(told)
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    path = approvals_path(run.folder)
    new = [_approval(letter, asked, now) for letter in letters]
    try:
        approvals.append(path, new, read_whole)
    except NotAppendedError as error:
        help = "nothing was approved; mend the file, or move it away to begin a new one"
        return None, (*told, file_finding("SS978", f"no approval can be added: {error}", path, help))
    return Approved(path, folder, tuple(letters)), in_order(told)


def _asked_for(
    run: FinishedRun, folder: Path, batch: Batch, asked: ApprovalAsked, keys: Sequence[Client] | None, known: Standing
) -> tuple[list[BatchLetter], tuple[Finding, ...]]:
    """The letters to be approved; findings on those that cannot be, or need not."""
    found, findings = [], []
    wanted = [
        letter
        for letter in batch.letters
        if letter.status is not Status.WITHDRAWN
        and (keys is None or letter.client in keys)
        and (asked.decision is None or letter.decision == asked.decision)
        and (keys is not None or letter.approval_needed)
    ]
    for key in keys or ():
        if not any(letter.client == key for letter in wanted):
            message = f"there is no letter to client '{'|'.join(key)}' in '{folder}'"
            findings.append(file_finding("SS979", message, folder, "see letters.csv in it; a letter is made by selective-sales letters"))
    if not wanted and not findings:
        findings.append(file_finding("SS979", f"no letter in '{folder}' needs an approval", folder, "nothing is to be done", Severity.NOTE))
    for letter in wanted:
        refused = _refused(run, folder, letter, known)
        if refused is None:
            found.append(letter)
        elif keys is None and (letter.stale or letter.run != run.manifest.run_id):
            findings.append(replace(refused, severity=Severity.NOTE))
        else:
            findings.append(refused)
    return found, tuple(findings)


def _refused(run: FinishedRun, folder: Path, letter: BatchLetter, known: Standing) -> Finding | None:
    """Why this letter cannot be approved now, or need not."""
    place = folder / (letter.file or "")
    if not letter.approval_needed:
        return file_finding("SS979", f"the letter to client '{letter.key}' needs no approval", place, "", Severity.NOTE)
    if letter.stale:
        message = f"the letter to client '{letter.key}' is not what the run says any more"
        return file_finding("SS979", message, place, "move its file away and run selective-sales letters again, then read the new draft")
    approval = known.of(letter.client, letter.decision, letter.letter)
    if approval is not None:
        when = f"{approval.approved_by} on {approval.approved_at[:10]}"
        return file_finding("SS979", f"the letter to client '{letter.key}' is approved already, by {when}", place, "", Severity.NOTE)
    if letter.run != run.manifest.run_id:
        help = "run selective-sales letters for this run and folder, read the letter, then approve it"
        message = f"the letter to client '{letter.key}' is of another run, {letter.run}"
        return file_finding("SS979", message, place, help)
    if place.is_symlink() or not place.is_file() or hashlib.sha256(place.read_bytes()).hexdigest() != letter.sha256:
        message = f"the letter to client '{letter.key}' is gone, or was changed since it was written"
        help = "move the file away, run selective-sales letters again, read the letter, then approve it"
        return file_finding("SS972", message, place, help)
    return None


def _not_as_printed(
    run: FinishedRun, folder: Path, batch: Batch, letters: Sequence[BatchLetter], asked: ApprovalAsked
) -> tuple[Finding, ...]:
    """What was read must be what the run says: each letter is made again, and held against its file. The index may be forged too."""
    printed, told = printed_again(run, folder, batch, letters, asked.clients, asked.decision)
    if printed is None:
        return told
    findings = [finding for finding in told if finding.code == "SS943"]
    for letter in letters:
        if printed.get(letter.client) != letter.sha256:
            message = f"the letter to client '{letter.key}' is not the one that this run, its templates and its letterhead give"
            help = "run selective-sales letters again, which makes it again, read the letter, then approve it"
            findings.append(file_finding("SS972", message, folder / (letter.file or ""), help))
    return tuple(findings)


def _approval(letter: BatchLetter, asked: ApprovalAsked, now: str) -> Approval:
    made: Origins = letter.origins
    return Approval(
        letter.client,
        letter.decision,
        letter.letter,
        letter.run,
        tidy_name(asked.by),
        now,
        asked.note.strip(),
        made.policy,
        made.data,
        made.template,
        made.letterhead,
        made.values,
    )
