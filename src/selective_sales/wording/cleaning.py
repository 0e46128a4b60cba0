"""Text that came from data, made safe to read: one line, nothing invisible that could reorder or break what a person sees."""

from __future__ import annotations

import re
import unicodedata

_SPACES = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"
# Marks, embeddings, overrides and isolates of direction: one U+202E shows an address backwards. ZWJ and ZWNJ stay: scripts need them.
_DIRECTION = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_INVISIBLE = "\u00ad\u200b\u2060\ufeff\ufff9\ufffa\ufffb"


def _table() -> dict[int, str | None]:
    controls = (chr(code) for code in range(0xA0) if unicodedata.category(chr(code)) == "Cc")
    table: dict[int, str | None] = dict.fromkeys(map(ord, (*controls, *_DIRECTION, *_INVISIBLE)), None)
    # Half characters cannot be written as UTF-8, and tag characters hide text in text.
    table |= dict.fromkeys((*range(0xD800, 0xE000), *range(0xE0000, 0xE0080)), None)
    return table | dict.fromkeys(map(ord, _SPACES), " ")


_TABLE = _table()
_SHORT_WORD = re.compile(r"(?<![^\s(\[„\"'>—–-])([wziouaWZIOUA]) (?=\S)")


def clean(text: str) -> str:
    """The text on one line, without control, bidirectional and invisible characters.

    >>> clean("ul. D\\u0142uga\\u202e 7\\n")
    'ul. Długa 7 '
    """
    # Whatever is to go is a control, format or separator character: none of them is printable.
    return text if text.isprintable() else text.translate(_TABLE)


def short_words(text: str, language: str) -> str:
    """In Polish, a one-letter word (w, z, i, o, u, a) never ends a line: the space after it does not break.

    >>> short_words("i w domu", "pl") == "i\\u00a0w\\u00a0domu"
    True
    """
    if language.partition("-")[0].partition("_")[0].lower() != "pl":
        return text
    return _SHORT_WORD.sub("\\1\u00a0", text)
