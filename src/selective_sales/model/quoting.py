"""Foreign text in, YAML that cannot be anything but that text out. Whatever a file's header holds passes through here."""

from __future__ import annotations

import re
import unicodedata

_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SHOWN = re.compile(r"[^\x00-\x1f\"\\\x7f-\xa0\u2028\u2029\ufeff\ud800-\udfff]")
_YAML_1_1_BOOLEANS = frozenset({"y", "n", "yes", "no", "on", "off"})


def quoted(text: str) -> str:
    """The text as one double-quoted YAML scalar on one line: breaks, control and direction characters are escaped."""
    return '"' + "".join(_escaped(c) for c in text) + '"'


def _escaped(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    if _SHOWN.match(character) and unicodedata.category(character) not in {"Cf", "Cc", "Cs", "Co", "Cn"}:
        return character
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def key(name: str) -> str:
    """A name as a mapping's key. Some editors still read `no` and `on` as booleans: those are quoted."""
    return quoted(name) if name.lower() in _YAML_1_1_BOOLEANS else name


def shortened(text: str, length: int = 40) -> str:
    """The text quoted for a comment, cut where it is long."""
    return quoted(text if len(text) <= length else text[: length - 1] + "…")
