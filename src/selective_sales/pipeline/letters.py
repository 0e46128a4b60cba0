"""A finished run in; its letters out, as a batch or one by one. Composes reading, wording and documents for `letter_batch`."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ..deciding.approvals import Standing
from ..documents.letters import NotPrintedError
from ..documents.letters.words import WORDS
from ..model.batch import Batch, BatchLetter, Client, Status
from ..model.finding import Finding, has_errors, in_order
from ..model.letter import LetterCase
from .approvals_file import read_approvals
from .finished import FinishedRun, find_clients
from .letter_batch import Made, Material, make, program
from .letter_cases import letter_cases
from .letter_fates import Fate
from .letter_findings import old_date
from .letter_folder import read_batch
from .letter_marks import unmarked
from .letter_press import OpenedPress, opened_press
from .letter_settings import BatchAsked, as_before, settings_findings
from .policies import file_finding


def letters(run: FinishedRun, asked: BatchAsked) -> tuple[Made | None, tuple[Finding, ...]]:
    """Writes the letters asked for into a new folder, or brings the batch in it up to date. With an error nothing is written."""
    refused = _place_findings(run, asked.folder)
    if refused:
        return None, refused
    old, refused = read_batch(asked.folder)
    refused = (*refused, *settings_findings(run, asked, old))
    if refused:
        return None, refused
    asked, refused = as_before(asked, old)
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


def printed_again(
    run: FinishedRun, folder: Path, batch: Batch, wanted: Sequence[BatchLetter], clients: tuple[str, ...], decision: str | None
) -> tuple[dict[Client, str] | None, tuple[Finding, ...]]:
    """The sha256 of each of these letters of the batch as it is printed now; a letter that says something else by now is not among them."""
    asked, refused = as_before(BatchAsked(folder, clients, decision), batch)
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


def _place_findings(run: FinishedRun, folder: Path) -> tuple[Finding, ...]:
    here, of_run = folder.resolve(), run.folder.resolve()
    if here.is_relative_to(of_run):
        message = f"the folder '{folder}' lies in the run folder: the run is evidence, and nothing is added to it"
        return (file_finding("SS970", message, folder, "name a folder beside it"),)
    return ()


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
