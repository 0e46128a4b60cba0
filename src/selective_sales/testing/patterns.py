"""A regular expression in, a short text that it is likely to match out; None where the pattern has forms that are not followed here.

Whoever uses the text asks the pattern again: nothing rests on this reading being complete.
"""

from __future__ import annotations

import re
import warnings

LONGEST = 20
"""Characters of a text that Python is asked about: its matching may take time that doubles with each."""
_REPEAT = re.compile(r"\{(\d{1,3})(?:,\d*)?\}")
_CLASSES = {"d": "1", "w": "a", "s": " ", "D": "a", "S": "a", "W": "-"}
_NOTHING = frozenset("^$")


def sample_of(pattern: str) -> str | None:
    """A text for the pattern: of alternatives the first, of each class its first sign, as few repetitions as are asked for (of `+` one)."""
    text, at = _alternatives(pattern, 0)
    return text if text is not None and at == len(pattern) and len(text) <= LONGEST else None


def fits(pattern: str, text: str) -> bool:
    """Whether the whole text has the pattern, as far as Python's patterns are the engine's; False where that cannot be told quickly."""
    if len(text) > LONGEST:
        return False
    try:
        with warnings.catch_warnings():
            # Python warns of what it may once read otherwise, such as [[:alpha:]], which the engine reads otherwise already.
            warnings.simplefilter("error")
            return re.fullmatch(pattern, text) is not None
    except (re.error, RecursionError, OverflowError, Warning):
        return False


def _alternatives(pattern: str, at: int) -> tuple[str | None, int]:
    """The first of the alternatives from here on, and where they end: at a closing bracket or the pattern's end."""
    first, at = _sequence(pattern, at)
    while pattern[at : at + 1] == "|":
        _, at = _sequence(pattern, at + 1)
    return first, at


def _sequence(pattern: str, at: int) -> tuple[str | None, int]:
    text: str | None = ""
    while at < len(pattern) and pattern[at] not in "|)":
        piece, at = _piece(pattern, at)
        count, at = _count(pattern, at)
        text = None if text is None or piece is None or len(text) > LONGEST else text + piece * count
    return text, at


def _piece(pattern: str, at: int) -> tuple[str | None, int]:
    match pattern[at]:
        case "(":
            start = at + 3 if pattern.startswith("(?:", at) else at + 1
            if pattern.startswith("?", start):
                return None, len(pattern)
            text, end = _alternatives(pattern, start)
            return text, end + 1
        case "[":
            return _class(pattern, at + 1)
        case "\\":
            sign = pattern[at + 1 : at + 2]
            return (_CLASSES.get(sign, sign) if not sign.isalnum() or sign in _CLASSES else None), at + 2
        case ".":
            return "a", at + 1
        case sign if sign in _NOTHING:
            return "", at + 1
        case sign:
            return sign, at + 1


def _class(pattern: str, at: int) -> tuple[str | None, int]:
    """The first sign of a class; of one that excludes, a sign that it is unlikely to exclude."""
    end = pattern.find("]", at + 1)
    if end < 0 or pattern.startswith("[:", at):
        return None, len(pattern)
    if pattern[at] == "^":
        return next((sign for sign in "a1A-" if sign not in pattern[at:end]), None), end + 1
    if pattern[at] == "\\":
        return _CLASSES.get(pattern[at + 1], pattern[at + 1]), end + 1
    return pattern[at], end + 1


def _count(pattern: str, at: int) -> tuple[int, int]:
    """How often the piece before stands in the sample, and where its repetition ends."""
    found = _REPEAT.match(pattern, at)
    if found is not None:
        return int(found[1]), found.end() + pattern.startswith("?", found.end())
    sign = pattern[at : at + 1]
    if sign in ("*", "?", "+"):
        return int(sign == "+"), at + 1 + pattern.startswith("?", at + 1)
    return 1, at
