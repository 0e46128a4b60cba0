"""A finished run in; explanations in words and memos out.

Composes explaining and documents with wording: those two rooms get their words from a speaker and never meet the room that makes it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .. import documents, explaining, wording
from ..explaining import Json
from ..model.explanation import Explanation
from ..model.finding import Finding, Severity
from ..model.place import Place
from ..resources import folder as resource_folder
from .finished import FinishedRun, explanations, find_clients

if TYPE_CHECKING:
    from ..documents import Written

UNDETERMINED = "undetermined"


def spoken(
    run: FinishedRun, explanation: Explanation, language: str, width: int, strong: Callable[[str], str] = str, *, brief: bool = False
) -> str:
    """The explanation as text for a terminal of that width; `strong` marks headings, `brief` gives the short answer."""
    speaker = wording.speaker(language, run.checked.policy.currency)
    return explaining.text(explanation, run.checked, speaker, width, strong, brief=brief)


def as_json(explanation: Explanation) -> dict[str, Json]:
    """The explanation as what `json.dumps` takes (its form: `explaining.as_json`)."""
    return explaining.as_json(explanation)


def language_finding(run: FinishedRun, language: str) -> tuple[Finding, ...]:
    """A warning where the policy has no texts in that language: its reasons and titles are then left out, never shown in another one."""
    policy = run.checked.policy
    if language in policy.languages:
        return ()
    message = f"the policy has no texts in '{language}': reasons and titles are left out"
    help = f"its languages are: {', '.join(policy.languages)}"
    return (Finding("SS811", message, Place(str(run.folder)), help, Severity.WARNING),)


def memos(
    run: FinishedRun,
    *,
    language: str,
    format: documents.Format,
    folder: Path,
    clients: Sequence[str] = (),
    decision: str | None = None,
    templates: Path | None = None,
    told: Callable[[int], None] = lambda written: None,
) -> tuple[Written | None, tuple[Finding, ...]]:
    """Writes the memos of the clients asked for (none: all) with that decision (None: any) into a new or empty folder.

    `clients` are keys as text (the values of a composite key joined by `|`), or names that one client goes by. `told`
    hears how many memos are written, after each. Nothing is written where a finding is an error.
    """
    keys, unknown = find_clients(run, clients) if clients else (None, ())
    refused = (*_refusals(run, folder, decision), *unknown)
    if refused:
        return None, refused
    written, findings = documents.write_memos(
        explanations(run, keys, decision),
        run.checked,
        wording.speaker(language, run.checked.policy.currency),
        format=format,
        folder=folder,
        templates=templates or resource_folder("templates"),
        told=told,
    )
    return written, (*language_finding(run, language), *findings)


def _refusals(run: FinishedRun, folder: Path, decision: str | None) -> list[Finding]:
    found = [] if decision is None else unknown_decision(run, decision)
    if folder.resolve().is_relative_to(run.folder.resolve()):
        message = f"the folder '{folder}' lies in the run folder: the run is evidence, and nothing is added to it"
        found.append(Finding("SS808", message, Place(str(folder)), "name a folder beside it"))
    return found


def unknown_decision(run: FinishedRun, decision: str) -> list[Finding]:
    names = [d.id for d in run.checked.policy.decisions] + [UNDETERMINED]
    if decision in names:
        return []
    near = difflib.get_close_matches(decision, names, 1)
    help = f"did you mean '{near[0]}'?" if near else f"the decisions are: {', '.join(names)}"
    return [Finding("SS810", f"the policy has no decision '{decision}'", Place(str(run.folder)), help)]
