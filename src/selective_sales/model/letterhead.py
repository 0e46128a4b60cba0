"""A firm's letterhead: who writes, whom the recipient may answer, and the notice that each decision gives."""

from __future__ import annotations

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
class Letterhead:
    """What stands around every letter. `place` is where it is written ("Warszawa"); `accent` is a colour as `#rrggbb`.

    `notice_days` are by decision, for those that have their own; `notice` tells all.
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
    notice_places: Mapping[str, Place] = field(default_factory=dict, compare=False)
    """Where each decision of `notice_days` is named."""

    def notice(self, decision: str) -> int:
        """Days from the letter's date until that decision takes effect."""
        return self.notice_days.get(decision, self.notice_otherwise)
