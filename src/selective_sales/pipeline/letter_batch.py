"""A finished run in, a batch of letters out: every letter made and looked at before the first one is seen, then all published at once.

What the batch has already stays where it is equal; a letter that somebody has approved is never touched again. Refused: a folder that is
not a batch, or is a link; a file of the batch that was changed by hand; a batch in which any letter has an error.
"""

from __future__ import annotations

import gc
import hashlib
import importlib.metadata
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, Protocol

from .. import swapping
from ..deciding import batches
from ..deciding.approvals import Standing
from ..documents.letter_checks import LetterChecker, duplicate_recipients
from ..documents.letters import NotPrintedError
from ..model import steps
from ..model.batch import Batch, BatchLetter, Client, Status
from ..model.finding import Finding, Severity, has_errors, in_order
from ..model.letter import Letter, LetterCase
from ..model.steps import Step
from ..staging import FolderTakenError
from .letter_fates import PROGRAM, Decided, Fate, Judge, in_scope, was_approved, withdrawn
from .letter_folder import CHANGED_HELP, files_there, keep_private, read_batch, write_new
from .letter_marks import unmarked
from .letter_notices import told_of, told_of_withdrawn
from .letter_origins import OriginsOf, said_of
from .policies import file_finding

Format = Literal["md", "html", "txt", "pdf"]
_EVERY = 100
_SHOWN = 5


class Press(Protocol):
    """Puts letters into words and on paper."""

    def letter(self, case: LetterCase) -> tuple[Letter | None, Sequence[Finding]]: ...

    def printed(self, letter: Letter, format: Format, draft: bool) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Material:
    """All that a batch is made from. `clients` and `decision` are what was asked for (None: all); `literals` what every letter may say."""

    head: Batch
    """The new manifest's head, with no letters yet."""
    cases: Sequence[LetterCase]
    press: Press
    origins: OriginsOf
    standing: Standing
    literals: Sequence[str] = ()
    clients: frozenset[Client] | None = None
    decision: str | None = None
    own_shell: bool = False
    """Whether the templates of the user have any shell of their own, or what a shell includes."""

    @property
    def format(self) -> Format:
        to: Format = self.head.to  # type: ignore[assignment]  # the command line and the manifest's reader let nothing else through
        return to


@dataclass(frozen=True, slots=True)
class Made:
    """A batch as it is now, or with `--dry-run` as it would be. `fates` counts what became of the letters that were asked for."""

    folder: Path
    batch: Batch
    fates: Mapping[Fate, int]
    written: bool
    decided: tuple[Decided, ...] = field(repr=False, default=())

    @property
    def files(self) -> list[str]:
        """All files of the batch."""
        return [batches.NAME, batches.TABLE, *(letter.file for letter in self.batch.letters if letter.file is not None)]

    @property
    def waiting(self) -> int:
        """Drafts that somebody has to approve."""
        return sum(letter.status is Status.DRAFT and letter.approval_needed for letter in self.batch.letters)

    @property
    def stands_against(self) -> int:
        """Final letters that the run does not say any more, and those that nobody has approved."""
        return sum(
            bool(d.entry.stale) or d.approval_lost or (d.entry.status is Status.WITHDRAWN and d.entry.file is not None)
            for d in self.decided
        )


class _LeftError(Exception):
    """Leaves a renewal before anything is published."""

    def __init__(self, made: Made | None, findings: Sequence[Finding]) -> None:
        super().__init__("left")
        self.made = made
        self.findings = findings


def make(folder: Path, material: Material, *, dry_run: bool = False) -> tuple[Made | None, tuple[Finding, ...]]:
    """Makes the batch of that material in the folder, or with `dry_run` says what that would do."""
    try:
        if dry_run:
            made, findings = _made(folder, material, None)
            return made, in_order(findings)
        with swapping.renewed(folder) as staging:
            made, findings = _made(folder, material, staging)
            if made is not None and not made.written:
                keep_private(folder, made.files)
            if made is None or not made.written:
                raise _LeftError(made, findings)
        return made, in_order(findings)
    except _LeftError as left:
        return left.made, in_order(left.findings)
    except swapping.BusyError:
        help = "wait until it is done, then run again"
        return None, (file_finding("SS970", "another process is writing letters into this folder", folder, help),)
    except FolderTakenError:
        help = "run again: it will be taken as it is now"
        return None, (file_finding("SS970", "another process has put the folder there meanwhile", folder, help),)
    except OSError as error:
        message = f"the letters cannot be written: {error.strerror or error}"
        help = "nothing was published, and what was there is as it was; make room, or name a folder that can be written"
        return None, (file_finding("SS970", message, error.filename or folder, help),)


def _made(folder: Path, material: Material, staging: Path | None) -> tuple[Made | None, list[Finding]]:
    """The whole batch in the staging folder (None: nowhere). Read anew: it may have changed before the folder was locked."""
    old, refused = read_batch(folder)
    if refused:
        return None, list(refused)
    there, findings = files_there(folder, old)
    findings += duplicate_recipients(material.cases, folder)
    findings += _kept_twins(old, material, folder)
    if has_errors(findings):
        return None, findings
    work = _Work(folder, material, old, there, staging)
    findings += work.all_letters()
    if has_errors(findings):
        return None, findings
    findings += work.others()
    batch = replace(material.head, letters=tuple(sorted(work.entries, key=lambda letter: letter.client)))
    written = staging is not None and (old is None or batches.as_json(batch) != batches.as_json(old) or work.lacks_table())
    if staging is not None and written:
        findings += work.complete(batch)
        if has_errors(findings):
            return None, findings
    counted = Counter(decided.fate for decided in work.decided)
    fates = {fate: counted[fate] for fate in Fate}
    return Made(folder, batch, fates, written, tuple(work.decided)), findings


def _kept_twins(old: Batch | None, material: Material, folder: Path) -> list[Finding]:
    """A client whose key differs from one in the batch by case or Unicode form only."""
    if old is None:
        return []
    known = {letter.client for letter in old.letters if letter.file is not None}
    new = [case for case in material.cases if case.client not in known]
    cases = [_as_case(letter, new[0]) for letter in old.letters if letter.file is not None] if new else []
    return [finding for finding in duplicate_recipients([*cases, *new], folder) if finding.severity is Severity.ERROR]


def _as_case(letter: BatchLetter, like: LetterCase) -> LetterCase:
    return replace(like, client=letter.client, name=None, address=(), reference=letter.reference)


class _Work:
    """One batch being made."""

    def __init__(self, folder: Path, material: Material, old: Batch | None, there: frozenset[str], staging: Path | None) -> None:
        self.folder, self.material, self.old, self.there, self.staging = folder, material, old, there, staging
        head = material.head
        self.before = {} if old is None else {letter.client: letter for letter in old.letters}
        self.judge = Judge(old, there, material.standing, head.run, head.to, head.program, head.sample)
        self.checker = LetterChecker(material.cases, material.literals, head.to)
        self.decided: list[Decided] = []
        self.entries: list[BatchLetter] = []
        self.kept: list[str] = []
        self.made: set[str] = set()
        self._branches: set[tuple[str, str, str]] = set()

    def all_letters(self) -> list[Finding]:
        """Every letter that was asked for, made and looked at."""
        findings: list[Finding] = []
        total = len(self.material.cases)
        with _collecting_seldom():
            for number, case in enumerate(self.material.cases):
                if number % _EVERY == 0:
                    steps.begin(Step.LETTERS, f"{number:,} of {total:,}")
                letter, told = self.material.press.letter(case)
                findings += told
                if letter is not None and self._wanted(letter):
                    findings += self._letter(letter)
        findings += told_of(self.decided, self.folder)
        return findings

    def _wanted(self, letter: Letter) -> bool:
        """Of a sample only the first letter of each decision, language and way through the body."""
        way = (letter.case.decision_id, letter.case.language, letter.branch)
        new = way not in self._branches
        self._branches.add(way)
        return new or not self.material.head.sample

    def _letter(self, letter: Letter) -> Sequence[Finding]:
        before = self.before.get(letter.case.client)
        said = said_of(letter.case)
        decided = self.judge.of(letter, self.material.origins.of(letter.case, said), said, before)
        if decided.fate is Fate.KEPT:
            self._add(decided)
            return ()
        draft = decided.entry.status is Status.DRAFT
        try:
            content = self.material.press.printed(letter, self.material.format, draft)
        except NotPrintedError as error:
            return (error.finding,)
        assert decided.entry.file is not None
        shown = letter.text if self.material.format == "pdf" else content.decode("utf-8", "replace")
        place = self.folder / decided.entry.file
        findings = self.checker.findings(letter.case, shown, place)
        bare = unmarked(self.material.press, letter, self.material.format, content, self.material.own_shell, place) if draft else None
        findings += [] if bare is None else [bare]
        sha256 = hashlib.sha256(content).hexdigest()
        if not decided.prints and decided.entry.sha256 == sha256:
            self._add(decided)
            return findings
        if not decided.prints and was_approved(decided.entry):
            return [*findings, *self._another_file(decided)]
        entry = replace(decided.entry, sha256=sha256)
        same = before is not None and (before.file, before.sha256) == (entry.file, entry.sha256) and entry.file in self.there
        fate = Fate.UNTOUCHED if same else Fate.CHANGED if decided.fate is Fate.UNTOUCHED else decided.fate
        decided = replace(decided, entry=entry, prints=not same, fate=fate)
        if not same and self.staging is not None and entry.file is not None:
            write_new(self.staging / entry.file, content)
            self.made.add(entry.file)
        self._add(decided)
        return findings

    def _another_file(self, decided: Decided) -> list[Finding]:
        """A final letter whose file is what the index says and not what is printed: of another program, or somebody has changed both."""
        if self.old is not None and self.old.program != self.material.head.program:
            entry = replace(decided.entry, stale=PROGRAM)
            self._add(replace(decided, fate=Fate.KEPT, entry=entry, causes=PROGRAM))
            return []
        message = f"the letter to client '{decided.entry.key}' is not what was approved: its file was changed, and the index with it"
        return [file_finding("SS972", message, self.folder / (decided.entry.file or ""), CHANGED_HELP)]

    def _add(self, decided: Decided) -> None:
        self.decided.append(decided)
        self.entries.append(decided.entry)
        if not decided.prints and decided.entry.file is not None:
            self.kept.append(decided.entry.file)

    def others(self) -> list[Finding]:
        """The letters of clients to whom this run gives none: those not asked for stay, the others are withdrawn. What is gone is gone."""
        given = {entry.client for entry in self.entries}
        gone = []
        for client, letter in self.before.items():
            if client in given:
                continue
            if letter.file is not None and letter.file not in self.there:
                continue
            asked = in_scope(letter, self.material.clients, self.material.decision)
            decided = withdrawn(letter, not_sent=self.judge.taken_back(letter)) if asked else Decided(Fate.UNTOUCHED, letter, False)
            if asked and decided.fate is Fate.WITHDRAWN:
                self.decided.append(decided)
                gone.append(decided.entry)
            self.entries.append(decided.entry)
            if decided.entry.file is not None:
                self.kept.append(decided.entry.file)
        return told_of_withdrawn(gone, self.folder)

    def lacks_table(self) -> bool:
        """Whether files that the manifest names, or its table, are to be put back."""
        return bool(self.made) or not (self.folder / batches.TABLE).is_file()

    def complete(self, batch: Batch) -> list[Finding]:
        """What stays and what somebody else has put there, and the manifest, into the staging folder."""
        assert self.staging is not None
        own = {batches.NAME, batches.TABLE, *(letter.file for letter in self.before.values() if letter.file is not None)}
        strangers = [] if self.old is None else [entry for entry in os.scandir(self.folder) if entry.name not in own]
        odd = [entry.name for entry in strangers if entry.is_symlink() or not entry.is_file() or entry.name in self.made]
        if odd:
            help = "move it elsewhere: the folder of a batch holds letters"
            return [file_finding("SS970", f"'{odd[0]}' in the folder is not the batch's", self.folder / odd[0], help)]
        for name in (*self.kept, *(entry.name for entry in strangers)):
            swapping.keep(self.folder / name, self.staging)
        keep_private(self.staging, self.kept)
        write_new(self.staging / batches.TABLE, batches.as_csv(batch))
        write_new(self.staging / batches.NAME, batches.as_json(batch))
        return []


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Python looks for garbage among all values again and again; here are many, and hardly any garbage. A sixth of the time is saved."""
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


def program() -> str:
    """What makes the letters."""
    return f"selective-sales {importlib.metadata.version('selective-sales')}"
