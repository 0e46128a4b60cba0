"""A finished run in; its letters out, as a batch or one by one. Composes reading, wording and documents for `letter_batch`.

Settles what was not said: a batch that is there keeps its date, language and format; the letterhead stands beside the run folder.
"""

from __future__ import annotations

import datetime
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from .. import reading, wording
from ..deciding.approvals import NAME as APPROVALS
from ..deciding.approvals import Standing
from ..documents.letters import LetterPress, NotPrintedError
from ..documents.letters.words import WORDS
from ..model.batch import ApprovalsFile, Batch, BatchLetter, Client, Status
from ..model.finding import Finding, has_errors, in_order
from ..model.letter import LetterCase
from ..model.letterhead import Letterhead
from ..resources import folder as resource_folder
from .finished import FinishedRun, find_clients
from .letter_batch import Format, Made, Material, make, program
from .letter_cases import BY_FIELD, LettersAsked, letter_cases
from .letter_fates import Fate
from .letter_findings import old_date
from .letter_folder import read_batch
from .letter_marks import unmarked
from .letter_origins import OriginsOf, template_files
from .letter_templates import check_templates
from .letterheads import read_letterhead
from .policies import file_finding

Language = Literal["pl", "en", "by-field"]
LETTERHEAD = "letterhead.yaml"


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


def letters(run: FinishedRun, asked: BatchAsked) -> tuple[Made | None, tuple[Finding, ...]]:
    """Writes the letters asked for into a new folder, or brings the batch in it up to date. With an error nothing is written."""
    refused = _place_findings(run, asked.folder)
    if refused:
        return None, refused
    old, refused = read_batch(asked.folder)
    refused = (*refused, *_settings_findings(run, asked, old))
    if refused:
        return None, refused
    asked, refused = _as_before(asked, old)
    keys, unknown = find_clients(run, asked.clients) if asked.clients else (None, ())
    if refused or unknown:
        return None, in_order((*refused, *unknown))
    opened, findings = opened_press(run, asked, old)
    file, told = read_approvals(run)
    findings = (*findings, *told)
    if opened is None or file is None or has_errors(findings):
        return None, in_order(findings)
    cases, told = letter_cases(run, opened.cases_asked)
    findings = (*findings, *told)
    if has_errors(findings):
        return None, in_order(findings)
    scope = None if keys is None else frozenset(keys)
    material = _material(run, asked, opened, list(cases), Standing(file), scope)
    made, told = make(asked.folder, material, dry_run=asked.dry_run)
    if made is not None and old is not None and (made.waiting or made.fates[Fate.FINAL]):
        told = (*told, *old_date(opened.cases_asked.date, opened.letterhead, asked.folder, _again(run, asked.folder)))
    return made, in_order((*findings, *told))


def _as_before(asked: BatchAsked, old: Batch | None) -> tuple[BatchAsked, tuple[Finding, ...]]:
    """What was asked for, with the templates and the letterhead of the batch where no others are named."""
    if old is None:
        return asked, ()
    templates = asked.templates or (None if old.templates is None else Path(old.templates))
    head = asked.letterhead or (Path(old.letterhead) if Path(old.letterhead).is_file() else None)
    if templates is not None and not templates.is_dir():
        message = f"the batch was made with the templates in '{templates}', and there is no such folder"
        return asked, (file_finding("SS971", message, asked.folder, "name the folder where they are now: --template FOLDER"),)
    return replace(asked, templates=templates, letterhead=head), ()


def _material(
    run: FinishedRun, asked: BatchAsked, opened: OpenedPress, cases: list[LetterCase], standing: Standing, scope: frozenset[Client] | None
) -> Material:
    policy = run.checked.policy
    head = Batch(
        policy.id,
        policy.version,
        run.manifest.run_id,
        opened.cases_asked.date.isoformat(),
        opened.cases_asked.language,
        opened.to,
        program(),
        os.path.abspath(opened.letterhead.path),
        None if asked.templates is None else os.path.abspath(asked.templates),
        asked.sample,
        (),
    )
    literals = (*_texts(opened), *_policy_texts(run))
    return Material(head, cases, opened.press, opened.origins, standing, literals, scope, asked.decision, asked.templates is not None)


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


def printed_again(
    run: FinishedRun, folder: Path, batch: Batch, wanted: Sequence[BatchLetter], clients: tuple[str, ...], decision: str | None
) -> tuple[dict[Client, str] | None, tuple[Finding, ...]]:
    """The sha256 of each of these letters of the batch as it is printed now; a letter that says something else by now is not among them."""
    asked, refused = _as_before(BatchAsked(folder, clients, decision), batch)
    opened, findings = opened_press(run, asked, batch) if not refused else (None, refused)
    if opened is None or has_errors(findings):
        return None, in_order(findings)
    cases, told = letter_cases(run, opened.cases_asked)
    findings = (*findings, *told)
    findings = (*findings, *old_date(opened.cases_asked.date, opened.letterhead, folder, _again(run, folder)))
    if has_errors(findings):
        return None, in_order(findings)
    known = {letter.client: letter for letter in wanted}
    printed: dict[Client, str] = {}
    for case in cases:
        entry = known.get(case.client)
        letter = opened.press.letter(case)[0] if entry is not None else None
        if entry is None or letter is None or letter.digest != entry.letter or case.decision_id != entry.decision:
            continue
        try:
            content = opened.press.printed(letter, opened.to, entry.status is Status.DRAFT)
        except NotPrintedError as error:
            return None, (error.finding,)
        printed[case.client] = hashlib.sha256(content).hexdigest()
    return printed, in_order(findings)


def _again(run: FinishedRun, folder: Path) -> str:
    """The command that writes the batch again."""
    return f"selective-sales letters {run.folder} --out {folder}"


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


def read_approvals(run: FinishedRun) -> tuple[ApprovalsFile | None, tuple[Finding, ...]]:
    """approvals.yaml beside the run folder; an empty one where there is none."""
    path = approvals_path(run.folder)
    if not path.exists() and not path.is_symlink():
        return ApprovalsFile(str(path), None, ()), ()
    return reading.read_approvals(path)


def approvals_path(run: Path) -> Path:
    """Where the approvals of a run folder's letters stand."""
    return run.resolve().parent / APPROVALS


def _place_findings(run: FinishedRun, folder: Path) -> tuple[Finding, ...]:
    here, of_run = folder.resolve(), run.folder.resolve()
    if here.is_relative_to(of_run):
        message = f"the folder '{folder}' lies in the run folder: the run is evidence, and nothing is added to it"
        return (file_finding("SS970", message, folder, "name a folder beside it"),)
    return ()


def _settings_findings(run: FinishedRun, asked: BatchAsked, old: Batch | None) -> tuple[Finding, ...]:
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


def _texts(opened: OpenedPress) -> Sequence[str]:
    """What the templates, the letterhead and the words of the shell say."""
    templates = (content.decode("utf-8", "replace") for content in opened.origins.templates.values())
    words = (repr(words) for words in WORDS.values())
    return (*templates, *words, repr(replace(opened.letterhead, path="", logo=None)))


def _policy_texts(run: FinishedRun) -> Sequence[str]:
    """What the policy's files say: its titles, labels and reasons."""
    return [(run.folder / file.copy).read_text(encoding="utf-8", errors="replace") for file in run.manifest.policy_files]


def preview(run: FinishedRun, asked: BatchAsked) -> tuple[bytes | None, tuple[Finding, ...]]:
    """The letter to the one client asked for, in the format asked for: without the mark only where it is approved or needs no approval."""
    opened, findings = opened_press(run, asked, None)
    file, told = read_approvals(run)
    findings = (*findings, *told)
    if opened is None or file is None or has_errors(findings):
        return None, in_order(findings)
    cases, told = letter_cases(run, opened.cases_asked)
    findings = (*findings, *told)
    case = next(cases, None) if not has_errors(findings) else None
    if case is None:
        if not findings:
            message = f"the client '{asked.clients[0]}' gets no letter: the decision has none"
            findings = (file_finding("SS971", message, run.folder, "give the decision a letter in the policy, and evaluate again"),)
        return None, in_order(findings)
    letter, told = opened.press.letter(case)
    findings = (*findings, *told)
    if letter is None or has_errors(findings):
        return None, in_order(findings)
    approved = Standing(file).of(case.client, case.decision_id, letter.digest) is not None
    draft = case.approval_needed and not approved
    try:
        content = opened.press.printed(letter, opened.to, draft)
        bare = unmarked(opened.press, letter, opened.to, content, asked.templates is not None, run.folder) if draft else None
    except NotPrintedError as error:
        return None, in_order((*findings, error.finding))
    return (content, in_order(findings)) if bare is None else (None, in_order((*findings, bare)))
