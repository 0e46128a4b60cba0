"""A client's row of the query for letters in, what the letter may say out: every value in words, in the letter's language.

What is the same for many letters (titles, dates, the cut of a reason) is made once; what a value reads like is remembered.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache

from .. import explaining, wording
from ..model.checked import CheckedPolicy
from ..model.explanation import NamedValue
from ..model.kind import Kind
from ..model.letter import MOST_REASONS, UNDETERMINED, LetterCase, LetterReason
from ..model.letterhead import Letterhead
from ..model.policy import Field
from ..model.queries import LETTER_COLUMNS, LettersQuery, reason_column
from ..model.speaker import Speaker
from ..model.text import Placeholder, Template, Texts
from ..wording.cleaning import clean
from .letter_reference import letter_reference

LONGEST_LINE = 100
"""Characters of a name or a line of an address: a window envelope shows about half as many."""
_REMEMBERED = 20_000
"""Words of values that are kept, for each name and language."""
_NEAR = 1
"""Two numbers of a sentence that are farther apart than this are told apart however they are shown."""
Show = Callable[[object], str | None]


@dataclass(frozen=True, slots=True)
class _Reason:
    """A rule's letter_reason in one language, cut at its placeholders: texts, and (name, format) of values."""

    rule: str
    parts: tuple[str | tuple[int, Show], ...]
    template: Template
    values: Mapping[str, tuple[int, NamedValue]]
    """By the name of a placeholder: where in a row its value stands, and what it is."""

    def said(self, row: Sequence[object], speaker: Speaker) -> str:
        """The sentence with this client's values; which of two numbers is the larger can be seen."""
        parts = [p if isinstance(p, str) else (p[1](row[p[0]]) or "") for p in self.parts]
        if len(self.values) > 1:
            numbers = sorted(float(value) for at, _ in self.values.values() if isinstance(value := row[at], Decimal | int | float))
            if any(b - a <= _NEAR for a, b in itertools.pairwise(numbers)):
                named = {name: replace(bare, value=explaining.scalar(row[at], bare.kind)) for name, (at, bare) in self.values.items()}
                return speaker.fill(self.template, named)
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class _Voice:
    """All about letters in one language that does not depend on the client."""

    speaker: Speaker
    shows: Mapping[str, Show]
    reasons: Mapping[str, tuple[tuple[int, _Reason], ...]]
    """By decision: the column of each reason's distance, in policy order."""
    titles: Mapping[str, str]
    date: str
    as_of: str
    effective: Mapping[str, str]
    reply_by: str
    policy: str
    ask: Mapping[str, str]
    told: tuple[tuple[str, int, Show], ...]
    """What `fields` holds: name, column, words."""


@dataclass(slots=True)
class LetterWriter:
    """Makes the cases of a run, one client after the other. `columns` are those that a row has, in order."""

    checked: CheckedPolicy
    query: LettersQuery
    letterhead: Letterhead
    date: datetime.date
    as_of: datetime.date
    columns: tuple[str, ...] = field(init=False)
    at: dict[str, int] = field(init=False)
    """Where in a row each column stands."""
    _voices: dict[str, _Voice] = field(default_factory=dict)
    _beside: Mapping[str, tuple[Decimal, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self._beside = explaining.held_against(self.checked, self.as_of)
        key = self.query.key
        names = dict.fromkeys(name for name, _ in self.query.values)
        reasons = (reason_column(n) for n in range(len(self.query.reasons)))
        self.columns = (*key, *LETTER_COLUMNS, *(name for name in names if name not in key), *reasons)
        self.at = {name: number for number, name in enumerate(self.columns)}

    def case(self, row: Sequence[object], changes: Sequence[str] = ()) -> LetterCase:
        """What the letter to the client of that row may say."""
        policy, at = self.checked.policy, self.at
        width = len(self.query.key)
        decision, decided_by, fired, missing, language, _ = row[width : width + len(LETTER_COLUMNS)]
        assert isinstance(decision, str) and isinstance(language, str)
        voice = self._voices.get(language) or self._voices.setdefault(language, self._voice(language))
        client = tuple(map(str, row[:width]))
        letters = policy.letters
        open_ = decision == UNDETERMINED
        declared = None if open_ else policy.decision(decision)
        body = (letters.undetermined if letters is not None else None) if declared is None else declared.letter
        name = policy.clients.display if letters is None or letters.name is None else letters.name.name
        lines = () if letters is None else tuple(_line(row[at[f.name]]) for f in letters.address)
        return LetterCase(
            client=client,
            language=language,
            body=body or "",
            reference=letter_reference(policy.id, client, decision, self.as_of),
            decision_id=decision,
            decision=voice.titles[decision],
            decided_by=str(decided_by),
            approval_needed=declared is not None and declared.approval_required,
            name=None if name is None else _line(row[at[name]]),
            salutation=None if letters is None or letters.salutation is None else _line(row[at[letters.salutation.name]]),
            address=tuple(line for line in lines if line is not None),
            reasons=() if open_ else self._reasons(row, voice, decision, str(decided_by), fired),
            missing=_asked(missing, voice.ask) if open_ else (),
            changes=tuple(changes),
            date=voice.date,
            as_of=voice.as_of,
            effective_on=voice.effective[decision],
            reply_by=voice.reply_by,
            policy=voice.policy,
            policy_version=policy.version,
            fields={name: show(row[column]) for name, column, show in voice.told},
        )

    def telling(self, row: Sequence[object], decisions: Collection[str]) -> tuple[tuple[str, ...], str, str] | None:
        """The client, decision and language of a row whose letter says what would have changed the decision; None for another.

        Where an exception decided, nothing about the client would have changed it.
        """
        width = len(self.query.key)
        decision, decided_by, _, _, language, _ = row[width : width + len(LETTER_COLUMNS)]
        if decision not in decisions or decided_by == "exception":
            return None
        return tuple(map(str, row[:width])), str(decision), str(language)

    def said(self, language: str, name: str, value: object) -> str | None:
        """A value of that name in words; None where there is none."""
        voice = self._voices.get(language) or self._voices.setdefault(language, self._voice(language))
        return voice.shows[name](value)

    def _told(self) -> list[str]:
        recipient = {f.name for f in self.checked.policy.clients.fields if not f.tell_client}
        return [name for name, _ in self.query.values if name not in recipient]

    def _reasons(self, row: Sequence[object], voice: _Voice, decision: str, decided_by: str, fired: object) -> tuple[LetterReason, ...]:
        """The reasons that may be told: farthest past the threshold first, at most four, the deciding rule among them."""
        found = [(row[column], reason) for column, reason in voice.reasons.get(decision, ()) if row[column] is not None]
        if len(found) > 1:
            found.sort(key=lambda one: -one[0])  # type: ignore[operator]  # sorting is stable: policy order among equals
        if len(found) > MOST_REASONS:
            deciding = self._deciding(decided_by, decision, fired)
            late = next((one for one in found[MOST_REASONS:] if one[1].rule == deciding), None)
            found = found[:MOST_REASONS] if late is None else [*found[: MOST_REASONS - 1], late]
        return tuple(
            LetterReason(
                reason.rule,
                voice.speaker.tidy(reason.said(row, voice.speaker)),
            )
            for _, reason in found
        )

    def _deciding(self, decided_by: str, decision: str, fired: object) -> str:
        """The rule that decided; where an exception says the same, the rule that had decided so."""
        if any(rule.id == decided_by for rule in self.checked.policy.rules):
            return decided_by
        names = set(fired) if isinstance(fired, list) else set()
        return next((rule.id for rule in self.checked.policy.rules if rule.then == decision and rule.id in names), "")

    def _voice(self, language: str) -> _Voice:
        policy = self.checked.policy
        speaker = wording.speaker(language, policy.currency)
        shows = {name: self._show(speaker, name) for name, _ in self.query.values}
        reasons: dict[str, list[tuple[int, _Reason]]] = {}
        rules = {rule.id: rule for rule in policy.rules}
        for number, id in enumerate(self.query.reasons):
            template = None if (texts := rules[id].letter_reason) is None else texts.get(language)
            if template is not None:
                reason = _Reason(id, tuple(self._parts(speaker, template)), template, self._values(template))
                reasons.setdefault(rules[id].then, []).append((self.at[reason_column(number)], reason))
        decisions = [*(d.id for d in policy.decisions), UNDETERMINED]
        titles = {d.id: speaker.text(d.title, d.id) for d in policy.decisions}

        def day(date: datetime.date) -> str:
            return speaker.value(NamedValue("date", Kind.DATE, date))

        days = {name: self.letterhead.notice(name).ends(self.date) for name in decisions}
        return _Voice(
            speaker,
            shows,
            {decision: tuple(found) for decision, found in reasons.items()},
            titles | {UNDETERMINED: _UNDETERMINED[language]},
            day(self.date),
            day(self.as_of),
            {name: day(date) for name, date in days.items()},
            day(self.date + datetime.timedelta(days=self.letterhead.reply_days)),
            speaker.text(policy.title, policy.id),
            {label: words for label, texts in askable(self.checked).items() if (words := speaker.text(texts, ""))},
            tuple((name, self.at[name], shows[name]) for name in self._told()),
        )

    def _parts(self, speaker: Speaker, template: Template) -> list[str | tuple[int, Show]]:
        found: list[str | tuple[int, Show]] = []
        for part in template.parts:
            match part:
                case Placeholder(name, format):
                    found.append((self.at[name], self._show(speaker, name, format)))
                case str():
                    found.append(speaker.clean(part))
        return found

    def _values(self, template: Template) -> dict[str, tuple[int, NamedValue]]:
        names = (part.name for part in template.parts if isinstance(part, Placeholder))
        return {name: (self.at[name], self._bare(name)) for name in names if not self._is_list(name)}

    def _show(self, speaker: Speaker, name: str, format: str = "") -> Show:
        """How the value of that name is put into words; None where there is none."""
        bare = self._bare(name)

        @lru_cache(maxsize=_REMEMBERED)
        def show(value: object) -> str | None:
            scalar = explaining.scalar(value, bare.kind)
            if scalar is None:
                return None
            return speaker.value(replace(bare, value=scalar), format)

        def show_list(value: object) -> str | None:
            items = value if isinstance(value, list) else []
            return ", ".join(words for item in items if (words := show(item)) is not None) or None

        return show_list if self._is_list(name) else show

    def _is_list(self, name: str) -> bool:
        return name in self.checked.by_name and self.checked.metric(name).is_list

    def _bare(self, name: str) -> NamedValue:
        found = self.checked.policy.clients.field(name)
        if found is not None:
            return NamedValue(name, found.type, None, found.label, labels=_labels(found), beside=self._beside.get(name, ()))
        metric = self.checked.metric(name)
        return NamedValue(name, metric.kind, None, metric.title, metric.format, metric.labels, beside=self._beside.get(name, ()))


_UNDETERMINED = {"pl": "potrzebne informacje", "en": "information needed"}
"""What the client is told of a decision that cannot be taken yet."""


def askable(checked: CheckedPolicy) -> dict[str, Texts]:
    """What a client can be asked for: facts that a letter may name, as `missing_because` has them, with the words for each."""
    found = {}
    for table in checked.policy.delivered:
        for one in table.fields:
            if one.tell_client and not one.protected and one.calculation is None and one.label is not None:
                found[one.name if table.name == "clients" else f"{table.name}.{one.name}"] = one.label
    return found


def _asked(missing: object, ask: Mapping[str, str]) -> tuple[str, ...]:
    labels = missing if isinstance(missing, list) else []
    return tuple(dict.fromkeys(ask[label] for label in labels if label in ask))


def _line(value: object) -> str | None:
    """A name or a line of an address on one line, of bounded length; None where it is blank."""
    if value is None:
        return None
    line = " ".join(clean(str(value)).split())
    return (line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…") or None


def _labels(declared: Field) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    values = [str(value) for value in declared.one_of]
    return tuple((language, tuple(zip(values, labels, strict=False))) for language, labels in declared.labels)
