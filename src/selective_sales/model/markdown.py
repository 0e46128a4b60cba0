"""Data into Markdown: the characters that would mark something up are escaped, so that a name reads as it is written."""

from __future__ import annotations

import re
from functools import lru_cache

_ALWAYS = re.compile(r"([\\`*\[\]<>|~])")
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_WWW = re.compile(r"(?i)(www)\.")
_LINE_START = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|[-+](?=\s|$)|[-=+]{2,}(?=\s*$)|(?<!\d)\d{1,9}(?=[.)](?:\s|$)))")


@lru_cache(maxsize=8192)
def escaped(text: str) -> str:
    """The text so that a Markdown reader shows exactly these characters, wherever in a line, a list, a heading or a table it stands.

    An address in data is not turned into a link. Remembered: most of a memo's texts stand in the next memo too.
    """
    text = _ALWAYS.sub(r"\\\1", text.strip(" "))
    text = _UNDERSCORE.sub(r"\\_", text)
    text = _ENTITY.sub(r"\\&", text)
    text = text.replace("://", "\\://")
    text = _WWW.sub(r"\1\\.", text)
    return _LINE_START.sub(_mark, text)


def _mark(match: re.Match[str]) -> str:
    marker = match[2]
    return f"{match[1]}{marker}\\" if marker[0].isdigit() else f"{match[1]}\\{marker}"
