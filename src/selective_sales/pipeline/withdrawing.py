"""A run and who takes approvals back in, withdrawals at the end of approvals.yaml out. What was approved stays there to be read.

Refused: by nobody in particular, of nothing in particular, where no approval is in force; and of a letter that is final, until the person
says that it has not left the house: what was sent cannot be taken back.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..deciding import approvals, batches
from ..deciding.approvals import NotAppendedError
from ..model.batch import Approval, Batch, Client, Status, Withdrawal
from ..model.finding import Finding, Severity, has_errors, in_order
from ..model.person import tidy_name
from .approvals_asked import ApprovalAsked, person_findings, scope_findings
from .approvals_file import approvals_path, read_approvals, read_whole
from .finished import FinishedRun, find_clients
from .letters_beside import batches_beside, no_batch
from .policies import file_finding

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The approvals that were taken back, and the batches in which their letters are."""

    file: Path
    folders: tuple[Path, ...]
    approvals: tuple[Approval, ...]


def withdraw(run: FinishedRun, asked: ApprovalAsked, *, not_sent: bool) -> tuple[Withdrawn | None, tuple[Finding, ...]]:
    """Adds a withdrawal of each approval in force that was asked for. Nothing is written where a finding is an error."""
    findings = (*person_findings(run, asked, "withdraws"), *scope_findings(run, asked, "whose approval is withdrawn"))
    if findings:
        return None, findings
    keys, unknown = find_clients(run, asked.clients) if asked.clients else (None, ())
    file, told = read_approvals(run)
    folders, more = _batches(run, asked.letters)
    findings = (*unknown, *told, *more)
    if file is None or has_errors(findings):
        return None, in_order(findings)
    found = _in_force(run, file.holding, [batch for _, batch in folders], asked, keys)
    findings = (*_nothing(run, found, keys), *(() if not_sent else _perhaps_sent(found, folders)))
    if has_errors(findings) or not found:
        return (None if has_errors(findings) else Withdrawn(Path(file.path), (), ())), in_order(findings)
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    by, note, path = tidy_name(asked.by), asked.note.strip(), approvals_path(run.folder)
    letters = dict.fromkeys((one.client, one.decision, one.letter) for one in found)
    new = [Withdrawal(*letter, run.manifest.run_id, by, now, note, not_sent) for letter in letters]
    try:
        approvals.append(path, new, read_whole)
    except NotAppendedError as error:
        help = "nothing was withdrawn; mend the file first"
        return None, (file_finding("SS978", f"no withdrawal can be added: {error}", path, help),)
    return Withdrawn(path, tuple(folder for folder, _ in folders), tuple(found)), in_order(findings)


def _batches(run: FinishedRun, given: Path | None) -> tuple[list[tuple[Path, Batch]], tuple[Finding, ...]]:
    """The batches in which a letter could be final: the one given, else all beside the run that have letters of it."""
    folders = [given] if given is not None else list(batches_beside(run))
    if not folders:
        return [], (no_batch(run, folders),)
    try:
        return [(folder, batches.read(folder)) for folder in folders], ()
    except batches.NoBatchError as error:
        return [], (file_finding("SS970", str(error), folders[0], "name a folder that `letters --out` wrote"),)


def _in_force(
    run: FinishedRun, holding: Sequence[Approval], known: Sequence[Batch], asked: ApprovalAsked, keys: Collection[Client] | None
) -> list[Approval]:
    """The approvals asked for, of this run's letters or of an older letter whose place one of them has taken."""
    here = {(letter.client, letter.decision) for batch in known for letter in batch.letters}
    return [
        one
        for one in holding
        if (one.run == run.manifest.run_id or (one.client, one.decision) in here)
        and (keys is None or one.client in keys)
        and (asked.decision is None or one.decision == asked.decision)
    ]


def _nothing(run: FinishedRun, found: Sequence[Approval], keys: Sequence[Client] | None) -> Iterator[Finding]:
    """What was asked for and has no approval in force."""
    help = "selective-sales approve RUN --list shows which letters are approved"
    for key in keys or ():
        if not any(one.client == key for one in found):
            yield file_finding("SS942", f"no approval of a letter to client '{'|'.join(key)}' is in force", run.folder, help)
    if keys is None and not found:
        yield file_finding("SS942", "none of these letters has an approval in force", run.folder, "nothing is to be done", Severity.NOTE)


def _perhaps_sent(found: Sequence[Approval], folders: Sequence[tuple[Path, Batch]]) -> Iterator[Finding]:
    """Letters that stand without a mark: they may be with the client already."""
    letters = {(one.client, one.decision, one.letter) for one in found}
    final = [
        (folder / letter.file, letter.key)
        for folder, batch in folders
        for letter in batch.letters
        if letter.status is not Status.DRAFT and letter.file is not None and (letter.client, letter.decision, letter.letter) in letters
    ]
    help = "if none of them was sent, say so: --not-sent; what was sent cannot be taken back: write to the client yourself"
    for path, key in final[:_SHOWN]:
        yield file_finding("SS942", f"the letter to client '{key}' is final: it may have been sent", path, help)
    if len(final) > _SHOWN:
        yield file_finding("SS942", f"{len(final) - _SHOWN} more letters are final", final[_SHOWN][0].parent, help)
