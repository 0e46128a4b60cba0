"""A policy in, findings on how its texts are worded out, at the very words. All of them are warnings: the author may mean what he writes.

Clients read letter reasons, and the titles of what a letter shows; colleagues read reasons and the other titles, in memos.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from ..model.finding import Finding, Severity
from ..model.place import Place
from ..model.policy import Policy
from ..model.text import Template, Texts
from .manners import Audience, Manner
from .tone_of_text import instead, tone

Locate = Callable[[Template, int, int], Place]
"""Where characters of a text, as it was written, stand in its file."""

_ALL_LANGUAGES = "*"
CODES = {
    Manner.BLAME: "SS930",
    Manner.SCORE: "SS931",
    Manner.COMPANY_POLICY: "SS932",
    Manner.COMPARISON: "SS933",
    Manner.PROFIT: "SS934",
    Manner.INSULT: "SS935",
    Manner.THREAT: "SS936",
    Manner.SHOUTING: "SS937",
    Manner.PROTECTED: "SS938",
    Manner.THIRD_PARTY: "SS939",
}
_SAID = {
    Manner.BLAME: "puts blame on the client",
    Manner.SCORE: "speaks of a score or a class, which explains nothing to the client",
    Manner.COMPANY_POLICY: "gives a rule of the house as the reason",
    Manner.COMPARISON: "compares the client with others",
    Manner.PROFIT: "speaks of our own profit",
    Manner.INSULT: "belittles the client",
    Manner.THREAT: "threatens the client",
    Manner.SHOUTING: "shouts",
    Manner.PROTECTED: "names what nobody may be treated differently for",
    Manner.THIRD_PARTY: "tells what others say of the client",
}
_HELP = {
    Manner.BLAME: "write what happened and when, not whose fault it is",
    Manner.SCORE: "write the fact behind it",
    Manner.COMPANY_POLICY: "write what the rule is about, as it applies to this client",
    Manner.COMPARISON: "write of this client alone",
    Manner.PROFIT: "write what the client gets, and what it would have to cost",
    Manner.INSULT: "write what happened, in figures",
    Manner.THREAT: "write what happens next, and when",
    Manner.SHOUTING: "write it in a calm sentence",
    Manner.PROTECTED: "decide and write by what the client did",
    Manner.THIRD_PARTY: "write what you know from your own records",
}


class _Spoken(NamedTuple):
    """A text, who reads it, and whether it gives a reason (a label may name what is protected: it is what an audit is read by)."""

    what: str
    texts: Texts
    audience: Audience
    gives_reason: bool


def tone_findings(policy: Policy, locate: Locate) -> tuple[Finding, ...]:
    """The findings, in no order. A text for all languages is held to every language of the policy."""
    return tuple(dict.fromkeys(finding for spoken in _all(policy) for finding in _of(spoken, policy, locate)))


def _of(spoken: _Spoken, policy: Policy, locate: Locate) -> Iterator[Finding]:
    for language, template in spoken.texts.by_language:
        told: set[tuple[int, int]] = set()
        for code in policy.languages if language == _ALL_LANGUAGES else (language,):
            for slip in tone(template.written, code, spoken.audience):
                if (slip.start, slip.end) in told or (slip.manner is Manner.PROTECTED and not spoken.gives_reason):
                    continue
                told.add((slip.start, slip.end))
                place = locate(template, slip.start, slip.end)
                yield slip_finding(spoken.what, slip.manner, slip.words, code, place)


def slip_finding(what: str, manner: Manner, words: str, language: str, place: Place) -> Finding:
    """The warning of a slip: `what` says so, in these words."""
    message = f"{what} {_SAID[manner]}: '{' '.join(words.split())}'"
    help = f'{_HELP[manner]}, for example "{instead(manner, language)}"'
    return Finding(CODES[manner], message, place, help, Severity.WARNING)


def _all(policy: Policy) -> Iterator[_Spoken]:
    for what, texts, shown_to_client in _names(policy):
        if texts is not None:
            yield _Spoken(what, texts, Audience.CLIENT if shown_to_client else Audience.COLLEAGUE, False)
    for rule in policy.rules:
        for what, texts in ((f"the title of the rule '{rule.id}'", rule.title), (f"the reason of the rule '{rule.id}'", rule.reason)):
            if texts is not None:
                yield _Spoken(what, texts, Audience.COLLEAGUE, True)
        if rule.letter_reason is not None:
            yield _Spoken(f"the letter_reason of the rule '{rule.id}'", rule.letter_reason, Audience.CLIENT, True)


def _names(policy: Policy) -> Iterator[tuple[str, Texts | None, bool]]:
    """What memos and letters call things by, and whether a letter may."""
    yield from ((f"the label of '{f.name}'", f.label, f.tell_client) for t in policy.tables for f in t.fields)
    yield from ((f"the title of the metric '{m.name}'", m.title, m.tell_client) for m in policy.metrics)
    yield from ((f"the title of the score '{s.name}'", s.title, s.tell_client) for s in policy.scores)
    yield from ((f"the title of the factor '{f.id}'", f.title, False) for s in policy.scores for f in s.factors)
    yield from ((f"the title of the output '{o.name}'", o.title, o.tell_client) for t in policy.decision_tables for o in t.outputs)
    yield from ((f"the title of the decision '{d.id}'", d.title, bool(d.letter)) for d in policy.decisions)
