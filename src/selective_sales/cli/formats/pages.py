"""A finding's code in, its page out: what docs/findings says about it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...resources import resource

_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")


@dataclass(frozen=True, slots=True)
class Page:
    """The title, the first paragraph as plain text, and everything below the title in Markdown."""

    title: str
    summary: str
    markdown: str


def page(code: str) -> Page:
    """The page of a code that exists."""
    text = resource("findings", f"{code}.md").read_text(encoding="utf-8")
    heading, _, body = text.partition("\n")
    summary = body.strip().split("\n\n", 1)[0]
    return Page(heading.removeprefix(f"# {code}:").strip(), plain(summary), body.strip())


def plain(markdown: str) -> str:
    """Running text without its marks for code and its links."""
    return " ".join(_LINK.sub(r"\1", markdown).replace("`", "").replace("**", "").split())
