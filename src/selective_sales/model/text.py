"""Texts for people: one string for all languages, or one per language, with placeholders."""

from __future__ import annotations

from dataclasses import dataclass, field

from .expression import NOWHERE
from .place import Place


@dataclass(frozen=True, slots=True)
class Placeholder:
    """`{name}` or `{name:format}` in a reason."""

    name: str
    format: str = ""
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Template:
    """A text cut at its placeholders. A text without any is one string."""

    parts: tuple[str | Placeholder, ...]
    place: Place = field(default=NOWHERE, compare=False)
    written: str = field(default="", compare=False, repr=False)
    """The whole text as its author wrote it, placeholders and double braces included."""

    @property
    def placeholders(self) -> tuple[Placeholder, ...]:
        return tuple(part for part in self.parts if isinstance(part, Placeholder))


@dataclass(frozen=True, slots=True)
class Texts:
    """Templates by language code; the code `*` stands for a text that serves all languages."""

    by_language: tuple[tuple[str, Template], ...]
    place: Place = field(default=NOWHERE, compare=False)

    def get(self, language: str) -> Template | None:
        """The text in that language, or the one for all; None where there is neither (never another language's)."""
        found = dict(self.by_language)
        return found.get(language) or found.get("*")
