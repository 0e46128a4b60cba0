"""A letter that a run gives, the one that the batch has, and the approvals in; what becomes of it out. Reads and writes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from ..deciding.approvals import Standing
from ..documents.naming import file_stem
from ..model.batch import Approval, Batch, BatchLetter, Client, Origins, Said, Status, Withdrawal
from ..model.letter import Letter
from .letter_differences import believed, causes_of_its_date, differences

SETTINGS = ("settings",)
"""Why a letter says something else where nobody knows better: its date, its language, the program."""
PROGRAM = ("program",)


class Fate(StrEnum):
    """What becomes of a letter: its file is new, is replaced, is the same as before, loses its mark, stays though the run says something
    else, is for nobody any more."""

    NEW = "new"
    CHANGED = "changed"
    UNTOUCHED = "untouched"
    FINAL = "final"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Decided:
    """A letter's entry in the new manifest. Where `prints`, its file is still to be made (and then has its `sha256`); else it is kept."""

    fate: Fate
    entry: BatchLetter
    prints: bool
    stale: Approval | None = None
    """An approval of this client and decision that was of another letter."""
    causes: tuple[str, ...] = ()
    """What has changed since: `decision`, `policy`, `data`, `template`, `letterhead`, `date`, `language`, `program`, `settings`."""
    approval_lost: bool = False
    taken_back: Withdrawal | None = None
    """Who has withdrawn the approval of a letter that is final."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Knows the batch as it is (`there` are the files of it that are there), the approvals, and the new letters' settings."""

    old: Batch | None
    there: frozenset[str]
    standing: Standing
    run: str
    to: str
    program: str
    drafts_only: bool = False

    def of(self, letter: Letter, origins: Origins, said: Said, before: BatchLetter | None) -> Decided:
        """What becomes of this letter, where `before` was the client's in the batch."""
        case = letter.case
        if before is not None and before.file not in self.there:
            before = None
        approval = self.standing.of(case.client, case.decision_id, letter.digest) if case.approval_needed else None
        if before is not None and was_approved(before) and not self.taken_back(before):
            return self._beside_a_final(letter, origins, said, before, approval)
        final = not self.drafts_only and (approval is not None or not case.approval_needed)
        entry = self._entry(letter, origins, said, Status.FINAL if final else Status.DRAFT, approval)
        stale = self.standing.stale(case.client, case.decision_id, letter.digest) if case.approval_needed else None
        causes: tuple[str, ...] = ()
        if stale is not None:
            was = None if before is None else believed(before.said, stale.values) or believed(before.approved_said, stale.values)
            causes = self._causes(stale.origins, origins, was, said)
            entry = replace(entry, approved_said=was, differs=differences(was, said))
        if before is None:
            return Decided(Fate.NEW, entry, True, stale, causes)
        if self._same(entry, before):
            return Decided(Fate.UNTOUCHED, replace(entry, sha256=before.sha256), False, stale, causes)
        fate = Fate.FINAL if final and before.status is Status.DRAFT and before.letter == letter.digest else Fate.CHANGED
        return Decided(fate, entry, True, stale, causes)

    def taken_back(self, before: BatchLetter) -> bool:
        """Whether somebody has withdrawn its approval and said that it was not sent: then it is a draft like any other."""
        withdrawal = self.standing.withdrawn(before.client, before.decision, before.letter)
        return withdrawal is not None and withdrawal.not_sent

    def _causes(self, was: Origins, now: Origins, said: Said | None, says: Said) -> tuple[str, ...]:
        """What has changed between two letters to one client."""
        others = () if said is None else tuple(name for name in ("decision", "language") if said.get(name) != says.get(name))
        # Another decision, or another language, has another template: that is no change of a template.
        causes = (*(c for c in was.changed(now) if not (others and c == "template")), *causes_of_its_date(said, says))
        if causes or said is None:
            return causes or SETTINGS
        return PROGRAM if self.old is not None and self.old.program != self.program else SETTINGS

    def _beside_a_final(self, letter: Letter, origins: Origins, said: Said, before: BatchLetter, approval: Approval | None) -> Decided:
        """An approved letter without a mark may have been sent: whatever the run says now, its file stays."""
        taken_back = self.standing.withdrawn(before.client, before.decision, before.letter)
        if before.letter == letter.digest and before.decision == letter.case.decision_id:
            entry = replace(before, status=Status.FINAL, run=self.run, origins=origins, stale=(), said=said, differs=())
            return Decided(Fate.UNTOUCHED, entry, False, approval_lost=approval is None, taken_back=taken_back)
        was = believed(before.said, before.origins.values)
        causes = self._causes(before.origins, origins, was, said)
        if before.decision != letter.case.decision_id:
            causes = ("decision", *causes)
        known = self.standing.of(before.client, before.decision, before.letter) is not None
        return Decided(
            Fate.KEPT,
            replace(before, status=Status.FINAL, stale=causes, differs=differences(was, said)),
            False,
            causes=causes,
            approval_lost=not known,
            taken_back=taken_back,
        )

    def _same(self, entry: BatchLetter, before: BatchLetter) -> bool:
        """Whether the file that is there is the one that would be made."""
        made_alike = self.old is not None and self.old.program == self.program
        return made_alike and (entry.letter, entry.status, entry.file) == (before.letter, before.status, before.file)

    def _entry(self, letter: Letter, origins: Origins, said: Said, status: Status, approval: Approval | None) -> BatchLetter:
        case = letter.case
        return BatchLetter(
            client=case.client,
            name=case.name,
            reference=case.reference,
            decision=case.decision_id,
            language=case.language,
            body=case.body,
            branch=letter.branch,
            status=status,
            approval_needed=case.approval_needed,
            file=f"{file_stem(case.client)}.{self.to}",
            sha256=None,
            letter=letter.digest,
            run=self.run,
            origins=origins,
            said=said,
            reasons=tuple(dict.fromkeys(reason.rule for reason in case.reasons)),
            approved_by=None if approval is None else approval.approved_by,
            approved_at=None if approval is None else approval.approved_at,
        )


def was_approved(entry: BatchLetter) -> bool:
    """Whether it is a letter that somebody approved and that has lost its mark: such a file is never touched again."""
    return entry.file is not None and entry.approved_by is not None and entry.status is not Status.DRAFT


def withdrawn(entry: BatchLetter, *, not_sent: bool = False) -> Decided:
    """What becomes of a letter whose client gets none any more. A draft's file goes; one that may have been sent stays."""
    if entry.status is Status.WITHDRAWN and not (not_sent and entry.file is not None):
        return Decided(Fate.UNTOUCHED, entry, False)
    kept = was_approved(entry) and not not_sent
    gone = replace(entry, status=Status.WITHDRAWN, stale=(), approved_said=None, differs=())
    return Decided(Fate.WITHDRAWN, gone if kept else replace(gone, file=None, sha256=None), False)


def in_scope(entry: BatchLetter, clients: Iterable[Client] | None, decision: str | None) -> bool:
    """Whether the letter is among those that were asked for (None: all)."""
    return (clients is None or entry.client in clients) and (decision is None or entry.decision == decision)
