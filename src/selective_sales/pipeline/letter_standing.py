"""How the letters of a run stand: waiting, approved, final, or no longer what was approved."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ..deciding.approvals import Standing
from ..model.batch import Approval, BatchLetter, Status, Withdrawal
from ..model.finding import Finding, has_errors, in_order
from .approvals_file import read_approvals
from .finished import FinishedRun
from .letter_differences import causes_of_its_date
from .letter_fates import SETTINGS
from .letters_beside import batch_of


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
