"""A run and the batch of its letters in, approvals at the end of approvals.yaml out. A person approves what stands in the folder.

Refused: an approval of nothing in particular, of what was changed by hand, and by nobody in particular: a decision that affects somebody
is a named person's (GDPR 22).
"""

from __future__ import annotations

import datetime
import getpass
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from .. import reading
from ..deciding import approvals, batches
from ..deciding.approvals import NotAppendedError, Standing
from ..model.batch import Approval, ApprovalsFile, Batch, BatchLetter, Client, Origins, Status, Withdrawal
from ..model.finding import Finding, Severity, has_errors, in_order
from ..model.person import is_person, tidy_name
from .finished import FinishedRun, find_clients
from .letter_differences import causes_of_its_date
from .letter_fates import SETTINGS
from .letters import approvals_path, printed_again, read_approvals
from .memos import unknown_decision
from .policies import file_finding

_LONGEST_NOTE = 2000
_MOST_FOLDERS = 1000


@dataclass(frozen=True, slots=True)
class ApprovalAsked:
    """Which letters somebody approves: of these clients, with this decision, or `all`; in `letters` (None: the batch beside the run)."""

    by: str
    note: str
    clients: tuple[str, ...] = ()
    decision: str | None = None
    all: bool = False
    letters: Path | None = None


@dataclass(frozen=True, slots=True)
class Approved:
    """What was added to the file of approvals."""

    file: Path
    folder: Path
    letters: tuple[BatchLetter, ...]


class Stand(StrEnum):
    """How a letter stands: for a person to read; approved, until `letters` is run again; without a mark, with or without an approval,
    and the run's words or not.
    """

    WAITING = "waits for approval"
    STALE = "waits again"
    APPROVED = "approved"
    FINAL = "final"
    UNSAID = "final, and not what the run says"
    TAKEN_BACK = "final, and its approval withdrawn"
    UNKNOWN = "final, and approved by nobody"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Standpoint:
    """How one letter of the batch stands, by which approval; `causes` are what changed since, where that holds no more."""

    letter: BatchLetter
    stand: Stand
    approval: Approval | None = None
    causes: tuple[str, ...] = ()
    withdrawal: Withdrawal | None = None


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


def standing(run: FinishedRun, letters: Path | None) -> tuple[tuple[Standpoint, ...] | None, tuple[Finding, ...]]:
    """How each letter of the batch stands that needs an approval."""
    folder, batch, findings = batch_of(run, letters)
    file, told = read_approvals(run)
    findings = (*findings, *told)
    if folder is None or batch is None or file is None or has_errors(findings):
        return None, in_order(findings)
    known = Standing(file)
    return tuple(_standpoint(letter, known) for letter in batch.letters if letter.approval_needed), in_order(findings)


def _standpoint(letter: BatchLetter, known: Standing) -> Standpoint:
    approval = known.of(letter.client, letter.decision, letter.letter)
    withdrawal = known.withdrawn(letter.client, letter.decision, letter.letter)
    if letter.status is Status.WITHDRAWN:
        return Standpoint(letter, Stand.WITHDRAWN, approval)
    if letter.status is Status.FINAL:
        if approval is None:
            stand = Stand.UNKNOWN if withdrawal is None else Stand.TAKEN_BACK
        else:
            stand = Stand.UNSAID if letter.stale else Stand.FINAL
        return Standpoint(letter, stand, approval, letter.stale, withdrawal)
    if approval is not None:
        return Standpoint(letter, Stand.APPROVED, approval)
    stale = known.stale(letter.client, letter.decision, letter.letter)
    if stale is None:
        return Standpoint(letter, Stand.WAITING, withdrawal=withdrawal)
    return Standpoint(letter, Stand.STALE, stale, stale.origins.changed(letter.origins) or _of_its_date(letter))


def _of_its_date(letter: BatchLetter) -> tuple[str, ...]:
    return tuple(causes_of_its_date(letter.approved_said, letter.said or {})) or SETTINGS


def batch_of(run: FinishedRun, given: Path | None) -> tuple[Path | None, Batch | None, tuple[Finding, ...]]:
    """The folder of this run's letters: the one given, else the one beside the run whose letters.json names it."""
    folders = [given] if given is not None else list(batches_beside(run))
    if len(folders) != 1:
        return None, None, (no_batch(run, folders),)
    try:
        return folders[0], batches.read(folders[0]), ()
    except batches.NoBatchError as error:
        return None, None, (file_finding("SS970", str(error), folders[0], "name a folder that `letters --out` wrote"),)


def no_batch(run: FinishedRun, folders: Sequence[Path]) -> Finding:
    """There is not one folder of this run's letters."""
    what = "no folder of letters" if not folders else f"{len(folders)} folders of letters"
    named = "" if not folders else f": {', '.join(folder.name for folder in folders[:5])}"
    message = f"{what} beside the run {'has' if len(folders) < 2 else 'have'} letters of this run{named}"
    help = "name the folder that you have looked at: --letters FOLDER"
    help += "" if folders else "; letters are written by selective-sales letters RUN --out FOLDER"
    return file_finding("SS979", message, run.folder, help)


def batches_beside(run: FinishedRun) -> Iterator[Path]:
    """The batches beside the run that have letters of it; examples are none."""
    for folder in sorted(run.folder.absolute().parent.iterdir())[:_MOST_FOLDERS]:
        if folder.name.startswith(".") or folder.is_symlink() or not (folder / batches.NAME).is_file():
            continue
        try:
            batch = batches.read(folder)
        except batches.NoBatchError:
            continue
        if not batch.sample and any(letter.run == run.manifest.run_id for letter in batch.letters):
            yield folder


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


def read_whole(path: Path) -> ApprovalsFile:
    """What the file says. Raises NotAppendedError where it has an error."""
    file, findings = reading.read_approvals(path)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if file is None or errors:
        raise NotAppendedError(errors[0].message if errors else "it is no file of approvals")
    return file
