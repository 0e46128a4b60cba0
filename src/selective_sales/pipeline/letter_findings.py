"""What stands in the way of letters: of the whole batch, and of single clients, who are counted by what it is."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..compiling import letters as causes
from ..model.checked import CheckedPolicy
from ..model.finding import Finding, Severity
from ..model.letter import UNDETERMINED
from ..model.letterhead import LANGUAGES, Letterhead, Notice
from ..model.place import Place
from .finished import FinishedRun

OLD_DATE = 7
"""Days after which a letter's date is no longer the day on which it is sent."""


def written_languages(checked: CheckedPolicy) -> tuple[str, ...]:
    """The languages of the policy that letters are written in."""
    return tuple(language for language in checked.policy.languages if language in LANGUAGES)


def decision_findings(run: FinishedRun, decision: str | None) -> Iterator[Finding]:
    """An error where the policy has no such decision, or no letter for it (for any, where none is asked for)."""
    policy = run.checked.policy
    names = [d.id for d in policy.decisions] + [UNDETERMINED]
    if decision is not None and decision not in names:
        near = difflib.get_close_matches(decision, names, 1)
        help = f"did you mean '{near[0]}'?" if near else f"the decisions are: {', '.join(names)}"
        yield Finding("SS810", f"the policy has no decision '{decision}'", Place(str(run.folder)), help)
        return
    writing = [d.id for d in policy.decisions if d.letter is not None]
    if policy.letters is not None and policy.letters.undetermined is not None:
        writing.append(UNDETERMINED)
    if not writing:
        help = "give a decision a letter, such as decline: {letter: decline}, and run evaluate again"
        yield Finding("SS957", "the policy of this run has no decision with a letter", policy.place, help)
    elif decision is not None and decision not in writing:
        known = policy.decision(decision)
        place = policy.place if known is None else known.place
        help = f"letters go with: {', '.join(writing)}; for this one write "
        help += "letters: {undetermined: missing-information}" if known is None else f"{decision}: {{letter: {decision}}}"
        yield Finding("SS957", f"the decision '{decision}' has no letter", place, f"{help} in the policy, and run evaluate again")


def language_findings(run: FinishedRun, language: str) -> Iterator[Finding]:
    """An error where the policy has no texts in the language asked for, or does not say which field has the client's."""
    policy = run.checked.policy
    if language in LANGUAGES and language not in policy.languages:
        help = f"its languages are: {', '.join(policy.languages)}; add the texts in '{language}' to the policy, and run evaluate again"
        yield Finding("SS958", f"the policy has no texts in '{language}'", policy.place, help)
    elif language not in LANGUAGES and (policy.letters is None or policy.letters.language is None):
        help = "name the field in the policy, letters: {language: letter_language}, and run evaluate again; or ask for pl or en"
        yield Finding("SS958", "the policy does not say which field has a client's language", policy.place, help)
    elif not written_languages(run.checked):
        help = f"letters are written in {' and '.join(LANGUAGES)}; its languages are: {', '.join(policy.languages)}"
        yield Finding("SS958", "the policy has no language that letters are written in", policy.place, help)


def date_findings(run: FinishedRun, date: datetime.date, letterhead: Letterhead) -> Iterator[Finding]:
    """An error where no letter of that date could be true: it would be older than its data, or its notice would end after the calendar."""
    as_of, place = run.manifest.as_of, Place(str(run.folder))
    notices = (*letterhead.own_notices.values(), Notice(letterhead.notice_otherwise), Notice(letterhead.reply_days))
    if date < as_of:
        message = f"letters dated {date} would be older than their data, which are of {as_of}"
        help = f"give a date from {as_of} on with --date; a batch that keeps an older date stays as it is: name another folder"
        yield Finding("SS996", message, place, help)
    elif any(_after_the_calendar(notice, date) for notice in notices):
        message = f"letters dated {date} give notice, and the calendar ends on {datetime.date.max}"
        yield Finding("SS996", message, place, "give the day on which the letters are sent with --date")


def _after_the_calendar(notice: Notice, date: datetime.date) -> bool:
    try:
        notice.ends(date)
    except OverflowError:
        return True
    return False


def old_date(date: datetime.date, letterhead: Letterhead, folder: Path, again: str) -> tuple[Finding, ...]:
    """A warning where letters that are still to be sent have an old date: their notice and the time to answer run from it."""
    today = datetime.date.today()
    age = (today - date).days
    if age <= OLD_DATE:
        return ()
    message = f"these letters are dated {date}, {age} days ago: notice and the time to answer run from then"
    if date + datetime.timedelta(days=letterhead.reply_days) < today:
        message += ", and the last day for an answer has passed"
    help = f"if they are still to be sent, give them the day on which they are: {again} --date {today}; approved ones are to be read again"
    return (Finding("SS943", message, Place(str(folder)), help, Severity.WARNING),)


def written_in_the_first(run: FinishedRun, clients: int) -> tuple[Finding, ...]:
    """A note on the clients who do not say which language they read."""
    if not clients:
        return ()
    policy = run.checked.policy
    message = f"{clients} client{'' if clients == 1 else 's'} say{'s' if clients == 1 else ''} no language"
    message += f", and {'is' if clients == 1 else 'are'} written to in the policy's first: {policy.languages[0]}"
    place = policy.place if policy.letters is None or policy.letters.language is None else policy.letters.language.place
    return (Finding("SS958", message, place, "fill in the field where it matters", Severity.NOTE),)


def nothing_told(run: FinishedRun, clients: int) -> Finding:
    """A warning that no letter says what would have changed the decision: it would take too long to look for."""
    message = f"the policy looks at the whole portfolio: what would change the decisions of {clients} clients is not looked for"
    help = "no letter of this run says it; take tell_change away from decisions with many clients, to have it for the others"
    return Finding("SS954", message, run.checked.policy.place, help, Severity.WARNING)


def left_out(run: FinishedRun, counts: Sequence[tuple[str, str, int, list[str]]]) -> tuple[Finding, ...]:
    """A warning for each decision and cause for which clients get no letter."""
    return tuple(_left_out(run, *one) for one in counts if one[0])


def _left_out(run: FinishedRun, why: str, decision: str, clients: int, first: list[str]) -> Finding:
    policy = run.checked.policy
    who = f"{clients} client{'' if clients == 1 else 's'} with the decision '{decision}' get{'s' if clients == 1 else ''} no letter"
    named = ", ".join(repr(key) for key in first) + (f" and {clients - len(first)} more" if clients > len(first) else "")
    code = "SS958" if why == causes.NO_LANGUAGE else "SS956"
    said, help = _WORDS[why]
    declared = policy.decision(decision)
    place = declared.place if declared is not None else policy.letters.place if policy.letters is not None else policy.place
    return Finding(code, f"{who}: {said}: {named}", place, help.format(decision=decision), Severity.WARNING)


_WORDS = {
    causes.EXCEPTION: (
        "an exception decided otherwise than the policy, whose reasons are not why",
        "write to them yourself: only whoever approved the exception knows why",
    ),
    causes.NO_VALUE: (
        "every reason names a value that is missing for them",
        "add letter_reason to another rule that leads to '{decision}', or leave the value out of the text",
    ),
    causes.KEPT: (
        "the rules that fired keep their reasons to themselves",
        "give them a letter_reason in words for the client in place of 'none', or write to these clients yourself",
    ),
    causes.NOT_FIRED: (
        "no rule fired for them, one was only applied because data is missing",
        "collect what is missing and run evaluate again: a letter must not state what nobody knows",
    ),
    causes.NOTHING_TO_ASK: (
        "what is missing is not theirs to tell",
        "collect it in your own house; what a client may be asked for has tell_client: true and a label",
    ),
    causes.NO_LANGUAGE: (
        "their language is none that the policy has texts in",
        "mend the field in the data; it holds pl or en",
    ),
}
