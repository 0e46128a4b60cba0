"""A letter's case and the letterhead in, the views that its body and its shell read out.

Whatever comes from data or from a file loses its control, bidirectional and private-use characters here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from ...model.explanation import NamedValue
from ...model.kind import Kind
from ...model.letter import LetterCase
from ...model.letterhead import Letterhead, Notice, Person
from ...model.speaker import Speaker
from .filling import without_marks
from .view import LetterView, PersonView, SenderView

Clean = Callable[[str], str]
_REMEMBERED = 8_192
"""Texts that are not cleaned again: most stand in the next letter too."""
_TO_MONTH_END = {"pl": " na koniec miesiąca", "en": " to the end of a month"}
"""Behind a notice of months: "z dwumiesięcznym wypowiedzeniem na koniec miesiąca"."""
_ENDS = (",", ".", ":", "!", "–", "—")


@dataclass(frozen=True, slots=True)
class Head:
    """The letterhead in one language, with what it says of notice periods in words."""

    sender: SenderView
    contact: PersonView
    signatory: PersonView
    place: str | None
    reply: str
    notice: Mapping[str, str]
    notice_otherwise: str


def cleaning(speaker: Speaker) -> Clean:
    """What makes a text from data safe to read and to print."""
    clean = speaker.clean

    @lru_cache(maxsize=_REMEMBERED)
    def cleaned(text: str) -> str:
        return without_marks(clean(text)).strip()

    return cleaned


def head(letterhead: Letterhead, speaker: Speaker) -> Head:
    """The letterhead in the speaker's language."""
    clean, to = cleaning(speaker), speaker.language
    sender = letterhead.sender

    def maybe(text: str | None) -> str | None:
        return None if text is None else clean(text) or None

    def days(number: int) -> str:
        return speaker.value(NamedValue("", Kind.DAYS, number))

    def notice(one: Notice) -> str:
        if not one.months:
            return days(one.days)
        return speaker.value(NamedValue("", Kind.MONTHS, one.months)) + (_TO_MONTH_END[to] if one.to_month_end else "")

    def person(who: Person) -> PersonView:
        return PersonView(clean(who.name), maybe(who.role.to(to) if who.role else None), maybe(who.email), maybe(who.phone))

    return Head(
        sender=SenderView(
            name=clean(sender.name.to(to)),
            address=tuple(clean(line.to(to)) for line in sender.address),
            phone=maybe(sender.phone),
            email=maybe(sender.email),
            website=maybe(sender.website),
            register=maybe(sender.register.to(to) if sender.register else None),
        ),
        contact=person(letterhead.contact),
        signatory=person(letterhead.signatory),
        place=maybe(letterhead.place.to(to) if letterhead.place else None),
        reply=days(letterhead.reply_days),
        notice={decision: notice(one) for decision, one in letterhead.own_notices.items()},
        notice_otherwise=days(letterhead.notice_otherwise),
    )


def letter_view(case: LetterCase, around: Head, clean: Clean) -> LetterView:
    """What the body of this client's letter may read."""
    salutation = clean(case.salutation) if case.salutation else ""
    if salutation and not salutation.endswith(_ENDS):
        salutation += ","
    return LetterView(
        language=case.language,
        client=clean(case.key),
        name=(clean(case.name) or None) if case.name else None,
        salutation=salutation or None,
        address=tuple(line for line in map(clean, case.address) if line),
        decision=clean(case.decision),
        decision_id=case.decision_id,
        approval_needed=case.approval_needed,
        reasons=tuple(clean(reason.text) for reason in case.reasons),
        missing=tuple(map(clean, case.missing)),
        changes=tuple(map(clean, case.changes)),
        date=_day(clean(case.date)),
        as_of=_day(clean(case.as_of)),
        effective_on=_day(clean(case.effective_on)),
        reply_by=_day(clean(case.reply_by)),
        notice=around.notice.get(case.decision_id, around.notice_otherwise),
        reply=around.reply,
        reference=clean(case.reference),
        policy=clean(case.policy),
        policy_version=clean(case.policy_version),
        sender=around.sender,
        contact=around.contact,
        signatory=around.signatory,
        place=around.place,
        fields={name: None if value is None else clean(value) or None for name, value in case.fields.items()},
    )


def _day(date: str) -> str:
    """A date whose day is not parted from its month at a line's end."""
    return date.replace(" ", "\u00a0", 1)
