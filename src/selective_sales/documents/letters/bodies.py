"""A letter's view in, its body out: the author's Markdown with marks, and the values that stand for them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from ...model.finding import Finding
from ...model.place import Place
from ..environment import DocumentEnvironment, Folder, Tidy, hardened
from ..failing import FAILURES, place_of
from .filling import noted
from .forms import Forms, forms
from .shape import NotALetterError, body
from .view import LetterView
from .ways import Sources, Ways

_MOST_REMEMBERED = 2_000
"""Texts with marks, and values, that are remembered at a time."""
LETTERS = "letters"
"""Where the bodies and shells of letters stand in a folder of templates."""


def no_letters(own: Path) -> Finding:
    """The finding on a folder that can hold no templates of letters."""
    help = f"bodies stand in {own / LETTERS}: decline.en.md.j2 and the like"
    if own.name == LETTERS:
        help = f"name the folder above it: {own.parent}"
    return Finding("SS960", f"the template folder has no folder '{LETTERS}'", Place(str(own)), help)


def body_name(body: str, language: str) -> str:
    """The file of a body in a template folder."""
    return f"letters/{body}.{language}.md.j2"


@dataclass(frozen=True, slots=True)
class Written:
    """A body in words: its forms, and the values to put in."""

    forms: Forms
    values: tuple[str, ...]


@dataclass(slots=True)
class Bodies:
    """The bodies of one language, rendered one after the other in one environment."""

    loader: Folder
    tidy: Tidy
    environment: DocumentEnvironment = field(init=False)
    _ways: Ways[Forms] = field(init=False)
    _known: dict[str, Forms] = field(default_factory=dict)
    _tidied: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.environment = hardened(self.loader, noted, self.tidy, autoescape=False)
        self._ways = Ways(self.environment, self._forms)

    def written(self, name: str, view: LetterView) -> tuple[Written | None, Finding | None]:
        """The body of that file for this client, or why there is none."""
        try:
            made, values = self._ways.taken(name, view)
            return Written(made, tuple(map(self._tidy, values))), None
        except NotALetterError as error:
            return None, _failed(error.message, error.help, Place(self.loader.shown(name)), view)
        except FAILURES as error:
            help = "no letter was made for this client; mend the template"
            return None, _failed(str(error) or type(error).__name__, help, place_of(error, name, self.loader), view)

    def _forms(self, text: str, sources: Sources) -> tuple[Forms, Sources]:
        known = self._known.get(text)
        if known is None:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            known = self._known[text] = _made(text, self.tidy)
        return known, sources

    def _tidy(self, value: str) -> str:
        """Most values stand in the next letter too."""
        known = self._tidied.get(value)
        if known is None:
            if len(self._tidied) >= _MOST_REMEMBERED:
                self._tidied.clear()
            known = self._tidied[value] = self.tidy(value)
        return known


def _made(text: str, tidy: Tidy) -> Forms:
    tidied = tidy(text.strip("\n"))
    parts = body(tidied, tidy)
    if not parts.blocks:
        raise NotALetterError("its body says nothing", "write the letter below the subject")
    branch = hashlib.sha256(tidied.encode("utf-8")).hexdigest()[:12]
    return forms(parts, tidied.partition("\n")[2].strip("\n"), branch)


def _failed(why: str, help: str, place: Place, view: LetterView) -> Finding:
    return Finding("SS968", f"the letter to client {view.client!r} cannot be made: {why}", place, help)
