"""What is asked for of a batch of letters, and what stands against it: a batch that is there keeps its date, language and format."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ..model.batch import Batch, Status
from ..model.finding import Finding
from .finished import FinishedRun
from .letter_batch import Format
from .policies import file_finding

Language = Literal["pl", "en", "by-field"]


@dataclass(frozen=True, slots=True)
class BatchAsked:
    """Which letters are wanted, and how. None: what the batch has, else the default. `templates` is the user's own folder."""

    folder: Path
    clients: tuple[str, ...] = ()
    decision: str | None = None
    language: Language | None = None
    to: Format | None = None
    letterhead: Path | None = None
    templates: Path | None = None
    date: datetime.date | None = None
    dry_run: bool = False
    sample: bool = False


def as_before(asked: BatchAsked, old: Batch | None) -> tuple[BatchAsked, tuple[Finding, ...]]:
    """What was asked for, with the templates and the letterhead of the batch where no others are named."""
    if old is None:
        return asked, ()
    templates = asked.templates or (None if old.templates is None else Path(old.templates))
    head = asked.letterhead or (Path(old.letterhead) if Path(old.letterhead).is_file() else None)
    if templates is not None and not templates.is_dir():
        message = f"the batch was made with the templates in '{templates}', and there is no such folder"
        return asked, (file_finding("SS971", message, asked.folder, "name the folder where they are now: --template FOLDER"),)
    return replace(asked, templates=templates, letterhead=head), ()


def settings_findings(run: FinishedRun, asked: BatchAsked, old: Batch | None) -> tuple[Finding, ...]:
    """What a batch that is there stands against: another policy; another date, language or format; examples beside letters."""
    if old is None:
        return ()
    help = "name another folder"
    if old.policy != run.checked.policy.id:
        message = f"the batch in '{asked.folder}' is of the policy '{old.policy}', the run of '{run.checked.policy.id}'"
        return (file_finding("SS970", message, asked.folder, help),)
    if asked.sample and not old.sample:
        return (file_finding("SS971", f"'{asked.folder}' holds letters: examples do not go among them", asked.folder, help),)
    if old.sample and not asked.sample:
        message = f"'{asked.folder}' holds examples: letters do not go among them"
        again = "name another folder; to make the examples again, give --sample"
        return (file_finding("SS971", message, asked.folder, again),)
    date = None if asked.date is None else asked.date.isoformat()
    wishes = (("date", date, old.date), ("language", asked.language, old.language), ("format", asked.to, old.to))
    others = [(what, wish, has) for what, wish, has in wishes if wish is not None and wish != has]
    final = any(letter.status is Status.FINAL and letter.approved_by is not None for letter in old.letters)
    narrow = bool(asked.clients) or asked.decision is not None
    if not others or not (final or narrow):
        return ()
    why = "a letter in it is final" if final else "only some of its letters are asked for"
    found = []
    for what, wish, has in others:
        message = f"the batch in '{asked.folder}' has the {what} {has}, not {wish}, and {why}"
        option = "--to" if what == "format" else f"--{what}"
        help = f"leave {option} out, or name another folder"
        help += "; there, --client ID names those who have not been written to" if final and what == "date" else ""
        found.append(file_finding("SS971", message, asked.folder, help))
    return tuple(found)
