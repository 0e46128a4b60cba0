"""A client's id in, a file name out: safe on every file system, and never the same for two ids."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata

_AS_IT_IS = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,63}")
_LONGEST_STEM = 48
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])")
# Letters that do not come apart into a plain letter and a mark.
_LETTERS = str.maketrans(
    {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ø": "o", "Ø": "O", "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE"}
)


def file_stem(client: tuple[str, ...]) -> str:
    """The file's name without its ending.

    An id of capital letters, digits, `-` and `_` names its file as it is. Any other id becomes plain letters and gets a dot and a short
    hash: also one with small letters, because `abc` and `ABC` are one file on some systems. A dot stands in no id that is kept as it is,
    so the two sorts never meet.

    >>> file_stem(("C-0017",))
    'C-0017'
    >>> file_stem(("../../x",)).startswith("x.")
    True
    """
    text = "-".join(client)
    if len(client) == 1 and _AS_IT_IS.fullmatch(text) and not _RESERVED.fullmatch(text):
        return text
    exact = json.dumps(client, ensure_ascii=True).encode("ascii")
    digest = hashlib.sha256(exact).hexdigest()[:12]
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS)).encode("ascii", "ignore").decode("ascii")
    stem = re.sub(r"[^A-Za-z0-9_]+", "-", plain)[:_LONGEST_STEM].strip("-_") or "client"
    # Windows takes `CON.anything` for a device too.
    return f"{stem}_.{digest}" if _RESERVED.fullmatch(stem) else f"{stem}.{digest}"
