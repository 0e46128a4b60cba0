"""A policy that sends letters in, findings on the bodies that it names out, before any letter is made.

Without a folder of the user's own only the names are looked at: the shipped bodies fit every policy, and Jinja is not loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from .. import wording
from ..model.checked import CheckedPolicy
from ..model.finding import Finding, Severity, in_order
from ..model.letter import COMPLETE_WITHOUT_REASONS, UNDETERMINED
from ..model.letterhead import LANGUAGES
from ..model.place import Place
from ..resources import folder as resource_folder

if TYPE_CHECKING:
    from ..documents.letters import PolicyNames, WantedLetter


def check_templates(checked: CheckedPolicy, own: Path | None) -> tuple[Finding, ...]:
    """The findings on the bodies of the policy's letters; `own` is the user's folder of templates, whose texts are judged too."""
    if not checked.policy.writes_letters:
        return ()
    return in_order(_unknown_bodies(checked) if own is None else _own_findings(checked, own))


def _unknown_bodies(checked: CheckedPolicy) -> Iterator[Finding]:
    """A warning for a body that is not shipped: it may stand in a folder that was not named."""
    shipped = resource_folder("templates") / "letters"
    for body, _, place in _bodies(checked):
        languages = [language for language in _languages(checked) if not (shipped / f"{body}.{language}.md.j2").is_file()]
        if languages:
            there = sorted({file.name.partition(".")[0] for file in shipped.glob("*.md.j2")} - {"shell"})
            help = f"name the folder with your own by --template FOLDER; the shipped ones are: {', '.join(there)}"
            yield Finding("SS960", f"no body '{body}' is shipped in {' and '.join(languages)}", place, help, Severity.WARNING)


def _own_findings(checked: CheckedPolicy, own: Path) -> Iterator[Finding]:
    from ..documents import letters

    shipped = resource_folder("templates")
    wanted = tuple(_wanted(checked))
    yield from letters.lint_letters(shipped, own, wanted, _names(checked))
    for one in dict.fromkeys((one.body, one.language) for one in wanted):
        for text in letters.literal_texts_of(shipped, own, *one):
            for manner, start, end, words in wording.tone(text.text, one[1], wording.Audience.CLIENT):
                yield wording.slip_finding("the letter", manner, words, one[1], text.place(start, end))


def _wanted(checked: CheckedPolicy) -> Iterator[WantedLetter]:
    from ..documents.letters import WantedLetter

    for body, needs, place in _bodies(checked):
        for language in _languages(checked):
            yield WantedLetter(body, language, place, needs)


def _bodies(checked: CheckedPolicy) -> Iterator[tuple[str, frozenset[str], Place]]:
    """Every body that the policy names, with what it must print: a decline without its reasons would be no letter."""
    policy = checked.policy
    for decision in policy.decisions:
        if decision.letter is not None:
            without = decision.default or decision.letter in COMPLETE_WITHOUT_REASONS
            needs = {"reasons"} if not without else set()
            yield decision.letter, frozenset(needs | ({"contact"} if decision.approval_required else set())), decision.place
    if policy.letters is not None and policy.letters.undetermined is not None:
        yield policy.letters.undetermined, frozenset({"missing"}), policy.letters.undetermined_place


def _languages(checked: CheckedPolicy) -> tuple[str, ...]:
    return tuple(language for language in checked.policy.languages if language in LANGUAGES)


def _names(checked: CheckedPolicy) -> PolicyNames:
    """What letters may show of a client by the policy's names, and what they may not."""
    from ..documents.letters import PolicyNames

    policy = checked.policy
    told = {f.name for f in policy.clients.fields if f.tell_client and not f.protected}
    told |= {metric.name for metric in checked.results if metric.tell_client}
    everything = {f.name for table in policy.tables for f in table.fields}
    everything |= {metric.name for metric in checked.results} | {parameter.name for parameter in policy.parameters}
    return PolicyNames(frozenset(told), frozenset(everything - told - {UNDETERMINED}))
