"""A draft as printed in; a finding out where it could be taken for a letter that may be sent.

The shipped shells mark a draft on every page. A shell of one's own might not: then nothing is published.
"""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Literal, Protocol

from ..documents.letters.words import WORDS
from ..model.finding import Finding
from ..model.letter import Letter
from .policies import file_finding

Format = Literal["md", "html", "txt", "pdf"]
_UNSHOWN = re.compile(r"<!--.*?(?:-->|\Z)|<(head|script|style|template)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
"""What a browser shows nothing of. Whether a style sheet hides the rest is not looked at."""
_TAG = re.compile(r"<[^>]*>")


class Printer(Protocol):
    """Puts letters on paper."""

    def printed(self, letter: Letter, format: Format, draft: bool) -> bytes: ...


def unmarked(press: Printer, letter: Letter, format: Format, content: bytes, own_shell: bool, place: Path) -> Finding | None:
    """A finding where the draft does not say that it is one. With a shell of one's own it is held against the final letter."""
    mark = WORDS[letter.case.language].draft
    if format == "pdf":
        marked = not own_shell or press.printed(letter, format, False) != content
    else:
        marks = _count(mark, content, format)
        marked = marks > (_count(mark, press.printed(letter, format, False), format) if own_shell else 0)
    if marked:
        return None
    ending = "typ" if format == "pdf" else f"{format}.j2"
    help = (
        f"nothing was published; in letters/shell.{ending} of your templates, let a draft say {{{{ words.draft }}}} and a final letter not"
    )
    if format == "pdf":
        help = "nothing was published; in letters/shell.typ of your templates, set words.draft on every page where letter.draft is true"
    message = f"the letter to client {letter.case.key[:60]!r} is a draft, and nothing on it says so: {mark!r} is missing"
    return file_finding("SS974", message, place, help)


def _count(mark: str, content: bytes, format: Format) -> int:
    """How often a reader sees the mark."""
    text = content.decode("utf-8", "replace")
    if format != "txt":
        text = _UNSHOWN.sub(" ", text)
    if format == "html":
        text = html.unescape(_TAG.sub("", text))
    return text.count(mark)
