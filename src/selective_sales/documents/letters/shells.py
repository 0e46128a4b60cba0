"""The shell of a letter: what stands around its body on the page. Its view in, a document in Markdown, HTML or plain text out."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

from markupsafe import Markup

from ...model.markdown import escaped
from ..environment import DocumentEnvironment, Folder, hardened
from .filling import Filling, Path, filling, noted
from .sources import sources
from .view import ShellView
from .ways import Sources, Ways

Page = Literal["md", "html", "txt"]
PAGES: tuple[Page, ...] = ("md", "html", "txt")
CSS = "letters/shell.css"


def shell_name(page: Page) -> str:
    """The file of a shell in a template folder."""
    return f"letters/shell.{page}.j2"


@dataclass(slots=True)
class Shells:
    """An environment per format, made when a letter of that format is printed first."""

    loader: Folder
    _made: dict[tuple[str, str], Ways[Filling]] = field(default_factory=dict)

    def environment(self) -> DocumentEnvironment:
        """An environment for shells. What it prints are marks; values are escaped when they are put in."""
        return hardened(self.loader, noted, str, autoescape=False)

    def texts(self) -> Iterator[str]:
        """The style sheet, the shells and all that they include, as they are written."""
        yield self.loader.text(CSS)
        environment = self.environment()
        for page in PAGES:
            yield from (source.text for source in sources(environment, shell_name(page)))

    def page(self, page: Page, view: ShellView) -> str:
        """The letter on its page. Raises what rendering raises."""
        ways = self._made.get((page, view.language))
        if ways is None:
            ways = self._made[page, view.language] = Ways(self.environment(), partial(_settled, _ESCAPE[page], view))
        made, values = ways.taken(shell_name(page), view)
        escape = _ESCAPE[page]
        return made.filled([value if isinstance(value, Markup) else escape(value) for value in values])


def _settled(escape: Callable[[str], str], view: ShellView, text: str, printed: Sources) -> tuple[Filling, Sources]:
    """The page with its marks; what is the same on every page of the language is put in once and for all."""
    settled: dict[int, str] = {}
    left: list[Path | str] = []
    for place, source in enumerate(printed):
        if isinstance(source, str):
            settled[place] = escape(source)
        elif source[0] in _SAME:
            value = _at(view, source)
            settled[place] = str(value) if isinstance(value, Markup) else escape(value)
        else:
            left.append(source)
    return filling(text).settled(settled), tuple(left)


def _at(view: ShellView, path: Path) -> str:
    found: Any = view
    for step in path:
        found = found[step] if isinstance(step, int) else getattr(found, step)
    assert isinstance(found, str)
    return found


_SAME = frozenset({"language", "sender", "contact", "signatory", "place", "words", "css", "logo", "accent", "ink"})
"""What a letterhead and a language settle. A press has one letterhead."""
_ESCAPE: dict[Page, Callable[[str], str]] = {"md": escaped, "html": html.escape, "txt": str}
