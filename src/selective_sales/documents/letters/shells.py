"""The shell of a letter: what stands around its body on the page. Its view in, a document in Markdown, HTML or plain text out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from ...model.markdown import escaped
from ..environment import DocumentEnvironment, Folder, hardened, printable
from .view import ShellView

Page = Literal["md", "html", "txt"]
PAGES: tuple[Page, ...] = ("md", "html", "txt")
CSS = "letters/shell.css"
_NAMES = tuple(ShellView.__dataclass_fields__)


def shell_name(page: Page) -> str:
    """The file of a shell in a template folder."""
    return f"letters/shell.{page}.j2"


@dataclass(slots=True)
class Shells:
    """An environment per format, made when a letter of that format is printed first."""

    loader: Folder
    _made: dict[str, DocumentEnvironment] = field(default_factory=dict)

    def environment(self, page: Page) -> DocumentEnvironment:
        """The environment of the shell of that format."""
        made = self._made.get(page)
        if made is None:
            finalize = _in_markdown if page == "md" else printable
            made = self._made[page] = hardened(self.loader, finalize, str, autoescape=page == "html")
        return made

    def page(self, page: Page, view: ShellView) -> str:
        """The letter on its page."""
        return self.environment(page).get_template(shell_name(page)).render({name: getattr(view, name) for name in _NAMES})


def _in_markdown(value: Any) -> Any:
    value = printable(value)
    return escaped(value) if type(value) is str else value
