"""Letters asked for in, the press for them out. Settles what was not said: the batch has it, else the policy, else there is a default.

The letterhead stands beside the run folder where none is named.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from .. import wording
from ..documents.letters import LetterPress
from ..documents.letters.words import WORDS
from ..model.batch import Batch
from ..model.finding import Finding, has_errors
from ..model.letterhead import Letterhead
from ..resources import folder as resource_folder
from .finished import FinishedRun
from .letter_batch import Format
from .letter_cases import BY_FIELD, LettersAsked
from .letter_origins import OriginsOf, template_files
from .letter_settings import BatchAsked, Language
from .letter_templates import check_templates
from .letterheads import read_letterhead
from .policies import file_finding

LETTERHEAD = "letterhead.yaml"


@dataclass(frozen=True, slots=True)
class OpenedPress:
    """The press with all that was settled."""

    press: LetterPress
    letterhead: Letterhead
    origins: OriginsOf
    cases_asked: LettersAsked
    to: Format


def opened_press(run: FinishedRun, asked: BatchAsked, old: Batch | None) -> tuple[OpenedPress | None, tuple[Finding, ...]]:
    """The press for the letters asked for; None with the findings where the letterhead or a template stands in the way."""
    letterhead, findings = _letterhead(run, asked.letterhead)
    if letterhead is None:
        return None, findings
    policy = run.checked.policy
    speakers = {language: wording.speaker(language, policy.currency) for language in WORDS}
    shipped = resource_folder("templates")
    date = asked.date or (None if old is None else datetime.date.fromisoformat(old.date)) or datetime.date.today()
    press, told = LetterPress.opened(shipped, asked.templates, letterhead, speakers, date)
    findings = (*findings, *told)
    if asked.templates is not None and press is not None:
        findings = (*findings, *check_templates(run.checked, asked.templates))
    if press is None or has_errors(findings):
        return None, findings
    language = asked.language or (None if old is None else _language(old.language)) or _own_language(run)
    to: Format = asked.to or (None if old is None else _format(old.to)) or "html"
    files = template_files(shipped, *([] if asked.templates is None else [asked.templates]))
    origins = OriginsOf(run.manifest, letterhead, files)
    wanted = LettersAsked(language=language, date=date, letterhead=letterhead, clients=asked.clients, decision=asked.decision)
    return OpenedPress(press, letterhead, origins, wanted, to), findings


def _own_language(run: FinishedRun) -> Language:
    """The clients' own where the policy says which field has it, else the policy's first that letters are written in."""
    policy = run.checked.policy
    if policy.letters is not None and policy.letters.language is not None:
        return BY_FIELD
    return next((language for language in (_language(code) for code in policy.languages) if language is not None), "en")


def _language(code: str) -> Language | None:
    match code:
        case "pl" | "en" | "by-field":
            return code
        case _:
            return None


def _format(code: str) -> Format | None:
    match code:
        case "md" | "html" | "txt" | "pdf":
            return code
        case _:
            return None


def _letterhead(run: FinishedRun, given: Path | None) -> tuple[Letterhead | None, tuple[Finding, ...]]:
    path = given or run.folder.absolute().parent / LETTERHEAD
    if given is None and not path.is_file():
        shipped = resource_folder("templates") / "letters" / LETTERHEAD
        help = (
            f"give one with --letterhead FILE, or put it there; to begin with, copy {shipped} and logo.svg beside it, and put your firm in"
        )
        return None, (file_finding("SS971", f"letters need a letterhead, and there is none at {path}", path, help),)
    return read_letterhead(path, run.checked)
