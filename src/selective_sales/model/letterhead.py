"""A firm's letterhead: who writes, whom the recipient may answer, and the notice that each decision gives."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from .place import Place

LANGUAGES = ("pl", "en")
"""The languages that letters are written in."""
NOTICE_DAYS = 30
REPLY_DAYS = 14
ACCENT = "#1f3a5f"


@dataclass(frozen=True, slots=True)
class Said:
    """A text in each language that letters are written in; the same in both where the author wrote only one."""

    pl: str
    en: str

    def to(self, language: str) -> str:
        """The text in that language (`pl` or `en`)."""
        return self.pl if language == "pl" else self.en


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture beside the letterhead's file. What it is was told by its content; an SVG holds no script and nothing from outside."""

    name: str
    media_type: Literal["image/png", "image/jpeg", "image/svg+xml"]
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sender:
    """The firm, as the head of the letter shows it. `address` has a line each; what was not given is None."""

    name: Said
    address: tuple[Said, ...]
    phone: str | None = None
    email: str | None = None
    website: str | None = None
    register: Said | None = None
    """The line that the law asks of a firm's letters: court, number, tax number, capital."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody by name: the contact for questions and objections, or who signs. A contact has an email or a phone."""

    name: str
    role: Said | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """How long it is from a letter's date until its decision takes effect: days, or months, and then to the end of that month or not."""

    days: int = 0
    months: int = 0
    to_month_end: bool = False

    def ends(self, start: datetime.date) -> datetime.date:
        """The day on which it ends. A month has the same day as the one before, or its last where it has no such day.

        Raises OverflowError where that is after the calendar.
        """
        if not self.months:
            return start + datetime.timedelta(days=self.days)
        year, month = divmod(start.year * 12 + start.month - 1 + self.months, 12)
        if year > datetime.MAXYEAR:
            raise OverflowError
        last = calendar.monthrange(year, month + 1)[1]
        return datetime.date(year, month + 1, last if self.to_month_end else min(start.day, last))


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands around every letter. `place` is where it is written ("Warszawa"); `accent` is a colour as `#rrggbb`.

    `notice_days` are by decision, for those that have their own, and `notices` of those whose notice is not written so; `notice` tells all.
    """

    sender: Sender
    contact: Person
    signatory: Person
    place: Said | None = None
    logo: Logo | None = None
    accent: str = ACCENT
    notice_days: Mapping[str, int] = field(default_factory=dict)
    notice_otherwise: int = NOTICE_DAYS
    reply_days: int = REPLY_DAYS
    path: str = field(default="", compare=False)
    """The file, as it was given."""
    notice_places: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)
    """Where each decision that has a notice of its own is named."""
    notices: Mapping[str, Notice] = field(default_factory=dict)

    def notice(self, decision: str) -> Notice:
        """How long it is from the letter's date until that decision takes effect."""
        return self.notices.get(decision) or Notice(self.notice_days.get(decision, self.notice_otherwise))

    @property
    def own_notices(self) -> Mapping[str, Notice]:
        """The notices of the decisions that have their own."""
        return {decision: self.notice(decision) for decision in (*self.notice_days, *self.notices)}
