r"""A pattern of the language (RE2) in, the same pattern for PostgreSQL out; None where PostgreSQL has no equal.

Only whether a pattern is found anywhere is asked, so greedy and lazy mean the same. `.` is any sign but a line's end; `\d`, `\w` and
`\s` are ASCII's, as RE2 reads them. Refused: flags, `\b`, classes of Unicode and POSIX, more than 255 repetitions.
"""

from __future__ import annotations

import re

MOST_REPEATS = 255
_GROUP = re.compile(r"\((?:\?:|\?P<\w+>|(?!\?))")
_REPEAT = re.compile(r"\{(\d+)(,(\d*))?\}|[*+?]")
_HEX = re.compile(r"x(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2}))")
_OCTAL = re.compile(r"0[0-7]{0,2}|[1-7][0-7]{1,2}")
_CLASSES = {"d": "0-9", "w": "0-9A-Za-z_", "s": r"\u0009\u000a\u000c\u000d\u0020"}
_SIGNS = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


class NoEqualError(Exception):
    """Ends the reading of a pattern that cannot be said."""


def postgres_pattern(pattern: str) -> str | None:
    """The pattern in PostgreSQL's words."""
    try:
        return "".join(Pattern(pattern).parts())
    except NoEqualError:
        return None


class Pattern:
    """A pattern and how far it is read. It has passed the checker: brackets and groups are closed, escapes are known."""

    most_repeats = MOST_REPEATS
    end = "$"
    """What is true at the end of the text only."""

    @staticmethod
    def sign(character: str) -> str:
        """One sign as itself, whatever it means elsewhere."""
        if character.isalnum() or character == "_":
            return character
        code = ord(character)
        return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def parts(self) -> list[str]:
        found: list[str] = []
        repeatable = False
        while self.at < len(self.text):
            if match := _REPEAT.match(self.text, self.at):
                found.append(self.repeat(match, repeatable))
                repeatable = False
            elif match := _GROUP.match(self.text, self.at):
                found.append("(?:")
                self.at = match.end()
                repeatable = False
            else:
                repeatable = self.text[self.at] not in "^$|"
                found.append(self.atom())
        return found

    def repeat(self, match: re.Match[str], repeatable: bool) -> str:
        bounds = [int(n) for n in (match[1], match[3]) if n]
        if not repeatable or any(n > self.most_repeats for n in bounds):
            raise NoEqualError
        self.at = match.end()
        if self.text.startswith("?", self.at):
            self.at += 1
        return match[0]

    def atom(self) -> str:
        character = self.take()
        match character:
            case ".":
                return r"[^\u000a]"
            case "$":
                return self.end
            case "^" | "|" | ")":
                return character
            case "[":
                return self.brackets()
            case "\\":
                return self.escape()
            case "(":
                raise NoEqualError
            case _:
                return self.sign(character)

    def take(self) -> str:
        self.at += 1
        return self.text[self.at - 1]

    def escape(self) -> str:
        letter = self.text[self.at]
        if letter in _CLASSES:
            self.at += 1
            return f"[{_CLASSES[letter]}]"
        if letter.lower() in _CLASSES:
            self.at += 1
            return f"[^{_CLASSES[letter.lower()]}]"
        if letter in "Az":
            self.at += 1
            if _REPEAT.match(self.text, self.at):
                raise NoEqualError
            return "^" if letter == "A" else self.end
        return self.sign(self.escaped())

    def escaped(self) -> str:
        """The sign behind a backslash."""
        if match := _OCTAL.match(self.text, self.at):
            self.at = match.end()
            return self.known(chr(int(match[0], 8)))
        if match := _HEX.match(self.text, self.at):
            self.at = match.end()
            return self.known(chr(int(match[1] or match[2], 16)))
        letter = self.take()
        if letter in _SIGNS:
            return _SIGNS[letter]
        if letter.isalnum():
            raise NoEqualError
        return letter

    def known(self, character: str) -> str:
        """Texts hold neither NUL nor half a sign."""
        if character == "\0" or "\ud800" <= character <= "\udfff":
            raise NoEqualError
        return character

    def brackets(self) -> str:
        negated = self.text.startswith("^", self.at)
        self.at += negated
        found: list[str] = []
        while not found or not self.text.startswith("]", self.at):
            found.append(self.member())
        self.at += 1
        return f"[{'^' if negated else ''}{''.join(found)}]"

    def member(self) -> str:
        if self.text.startswith("[:", self.at):
            raise NoEqualError
        if self.text.startswith("\\", self.at) and self.text[self.at + 1] in _CLASSES:
            self.at += 2
            return _CLASSES[self.text[self.at - 1]]
        low = self.one()
        if self.text.startswith("-", self.at) and self.text[self.at + 1] != "]":
            self.at += 1
            return f"{self.sign(low)}-{self.sign(self.one())}"
        return self.sign(low)

    def one(self) -> str:
        character = self.take()
        return self.escaped() if character == "\\" else character
