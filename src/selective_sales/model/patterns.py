"""Whether a regular expression is one that RE2 reads: a pattern in, the problem in words out, or None.

RE2 is the engine's pattern language. Its grammar is followed here sign by sign, so that a pattern is judged before there is an engine;
nothing is ever matched. Stricter than RE2 in one point: `{,5}`, `{05}` and the like are plain signs to RE2, which no author means.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from .pattern_names import POSIX, UNICODE

LONGEST = 1000
MOST_REPEATS = 1000
_LARGEST = 80_000
"""Steps of the compiled pattern; RE2 gives up a little above."""
_OF_UNICODE = 200
"""Steps of a class of letters of all alphabets, the largest there is."""

_OF_DIGITS = 50

_REPEAT = re.compile(r"\{(0|[1-9][0-9]{0,7})(,(0|[1-9][0-9]{0,7})?)?\}")
_MEANT_AS_REPEAT = re.compile(r"\{(?:[0-9]+(?:,[0-9]*)?|,[0-9]+)\}")
_FLAGS = re.compile(r"\?(?:[imsU]*|[imsU]*-[imsU]+)[:)]")
_NAMED = re.compile(r"\?P<(\w+)>")
_HEX = re.compile(r"x(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2}))")
_OCTAL = re.compile(r"0[0-7]{0,2}|[1-7][0-7]{1,2}")
_ELSEWHERE = (
    (("?=", "?!", "?<=", "?<!"), "look-around '(?=', '(?!', '(?<' is not possible"),
    (("?P=", "?P>", "?&", "?R"), "a back-reference or a recursion is not possible"),
    (("?(",), "a condition '(?(' is not possible"),
    (("?>",), "an atomic group '(?>' is not possible"),
    (("?#",), "a comment '(?#' is not possible"),
    (("?<", "?'"), "a named group is written (?P<name>...)"),
)


class _RefusedError(Exception):
    """Carries the problem out of the middle of a pattern."""


def pattern_problem(pattern: str) -> str | None:
    """Why the pattern cannot be used, or None."""
    if len(pattern) > LONGEST:
        return f"it is longer than {LONGEST} characters"
    try:
        _Reader(pattern).read()
    except _RefusedError as refused:
        return str(refused)
    return None


@dataclass(slots=True)
class _Part:
    """What a repetition would repeat. `times`: the most repetitions within each other in it; `steps`: its size when compiled."""

    times: int
    steps: int


class _Group:
    """An open group: what has been read of it, and its last part apart, since a repetition may follow."""

    def __init__(self) -> None:
        self.last: _Part | None = None
        self.whole = _Part(1, 2)

    def add(self, part: _Part | None) -> None:
        if self.last is not None:
            self.whole = _Part(max(self.whole.times, self.last.times), self.whole.steps + self.last.steps)
        self.last = part


class _Reader:
    """Reads a pattern once, from left to right; groups are a stack and not a recursion."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.groups = [_Group()]
        self.repeated = False
        """A repetition has just been read."""

    def read(self) -> None:
        while self.at < len(self.text):
            before, self.repeated = self.repeated, False
            match self.text[self.at]:
                case "(":
                    self._open()
                case ")":
                    self._close()
                case "|":
                    self.groups[-1].add(None)
                    self.at += 1
                case "*" | "+" | "?":
                    self.at += 1
                    self._repeat(1, 1, before)
                case "{":
                    self._braces(before)
                case "[":
                    self._class()
                case "\\":
                    self._escape()
                case sign:
                    self._one(2 if sign == "." else 1, 1)
        if len(self.groups) > 1:
            raise _RefusedError("a '(' is not closed")
        self.groups[-1].add(None)
        if self.groups[-1].whole.steps > _LARGEST:
            raise _RefusedError("its repetitions make it too large")

    def _one(self, steps: int, length: int) -> None:
        self.groups[-1].add(_Part(1, steps))
        self.at += length

    def _open(self) -> None:
        rest = self.text[self.at + 1 : self.at + 1 + LONGEST]
        if not rest.startswith("?"):
            self.groups.append(_Group())
            self.at += 1
        elif named := _NAMED.match(rest):
            if not all(sign == "_" or unicodedata.category(sign)[0] in "LMN" for sign in named[1]):
                raise _RefusedError("the name of a group consists of letters, digits and '_'")
            self.groups.append(_Group())
            self.at += 1 + named.end()
        elif flags := _FLAGS.match(rest):
            if flags[0].endswith(":"):
                self.groups.append(_Group())
            self.at += 1 + flags.end()
        else:
            problems = (problem for starts, problem in _ELSEWHERE if rest.startswith(starts))
            raise _RefusedError(next(problems, f"'({rest[:2]}' has no meaning; the flags of a pattern are i, m, s and U"))

    def _close(self) -> None:
        if len(self.groups) == 1:
            raise _RefusedError("a ')' closes nothing")
        closed = self.groups.pop()
        closed.add(None)
        self.groups[-1].add(closed.whole)
        self.at += 1

    def _braces(self, before: bool) -> None:
        found = _REPEAT.match(self.text, self.at)
        if found is None:
            meant = _MEANT_AS_REPEAT.match(self.text, self.at)
            if meant is None:
                self._one(1, 1)
                return
            if len(meant[0]) > len("{1000,1000}"):
                raise _RefusedError(f"at most {MOST_REPEATS} repetitions are possible")
            raise _RefusedError(f"'{meant[0]}' is no repetition: write {{2}}, {{2,}} or {{0,5}}")
        least = int(found[1])
        most = least if found[2] is None else int(found[3]) if found[3] else None
        if max(least, most or 0) > MOST_REPEATS:
            raise _RefusedError(f"at most {MOST_REPEATS} repetitions are possible")
        if most is not None and most < least:
            raise _RefusedError("a repetition {m,n} runs backwards")
        self.at = found.end()
        self._repeat(least if most is None else most, max(least, most or 0), before)

    def _repeat(self, times: int, most: int, before: bool) -> None:
        """The last part `times` times."""
        part = self.groups[-1].last
        if before:
            raise _RefusedError("two repetitions follow each other")
        if part is None:
            raise _RefusedError("'*', '+', '?' or '{' has nothing before it to repeat")
        if self.text.startswith("?", self.at):
            self.at += 1
        part.times *= max(times, 1)
        part.steps = part.steps * max(times, 1) + 1
        if most > 1 and part.times > MOST_REPEATS:
            raise _RefusedError(f"at most {MOST_REPEATS} repetitions are possible, those within each other multiplied")
        self.repeated = True

    def _escape(self) -> None:
        match self.text[self.at + 1 : self.at + 2]:
            case "Q":
                end = self.text.find("\\E", self.at + 2)
                quoted = self.text[self.at + 2 : end if end >= 0 else None]
                if quoted:
                    self._one(len(quoted), 0)
                    self._one(1, 0)
                self.at = end + 2 if end >= 0 else len(self.text)
            case "A" | "b" | "B" | "C" | "z":
                self._one(2, 2)
            case _:
                self._one(self._class_escape() or self._sign_escape()[1], 0)

    def _class_escape(self) -> int:
        r"""Passes over `\d`, `\pL`, `\p{Greek}`; says how large they are, 0 where there is none."""
        letter = self.text[self.at + 1 : self.at + 2]
        if letter in ("d", "s", "w", "D", "S", "W"):
            self.at += 2
            return 3
        if letter not in ("p", "P"):
            return 0
        end = self.text.find("}", self.at) if self.text.startswith("{", self.at + 2) else self.at + 2
        name = self.text[self.at + 2 : end + 1] if end >= 0 else ""
        if name.strip("{}").removeprefix("^") not in UNICODE:
            raise _RefusedError(
                f"'\\{letter}{name}' is no class of signs that is known; write \\p{{L}} for letters, \\p{{Greek}} for a script"
            )
        self.at = end + 1
        return _OF_DIGITS if name.strip("{}").startswith("N") else _OF_UNICODE

    def _sign_escape(self) -> tuple[int, int]:
        """Passes over a backslash that stands for one sign; its code, and how large it is."""
        start = self.at + 1
        sign = self.text[start : start + 1]
        if sign == "":
            raise _RefusedError("a backslash at the end stands before nothing")
        if found := _OCTAL.match(self.text, start):
            self.at = found.end()
            return int(found[0], 8), 1
        if sign.isascii() and sign.isdigit():
            raise _RefusedError("a back-reference is not possible")
        if found := _HEX.match(self.text, start):
            code = int(found[1] or found[2], 16)
            if code <= 0x10FFFF:
                self.at = found.end()
                return code, 1
        if sign in ("a", "f", "n", "r", "t", "v") or (sign.isascii() and not sign.isalnum()):
            self.at += 2
            return ord({"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}.get(sign, sign)), 1
        if sign == "Z":
            raise _RefusedError("'\\Z' is not known; the end is '\\z' or '$'")
        if sign == "u":
            raise _RefusedError("'\\u' is not known; a sign by its number is written \\x{41}")
        raise _RefusedError(f"a backslash stands before '{sign}', with which it means nothing")

    def _class(self) -> None:
        steps = 2
        self.at += 2 if self.text.startswith("^", self.at + 1) else 1
        first = True
        while first or not self.text.startswith("]", self.at):
            if self.at >= len(self.text):
                raise _RefusedError("a '[' is not closed")
            steps += self._posix() or (self._class_escape() if self.text.startswith("\\", self.at) else 0) or self._range()
            first = False
        self._one(steps, 1)

    def _posix(self) -> int:
        end = self.text.find(":]", self.at + 2) if self.text.startswith("[:", self.at) else -1
        if end < 0:
            return 0
        name = self.text[self.at + 2 : end]
        if name.removeprefix("^") not in POSIX:
            raise _RefusedError(f"'[:{name}:]' is no class of signs that is known")
        self.at = end + 2
        return 2

    def _range(self) -> int:
        """One sign of a class, or a range such as a-z."""
        low = self._sign()
        if self.text.startswith("-", self.at) and self.text[self.at + 1 : self.at + 2] not in ("", "]"):
            self.at += 1
            if self._sign() < low:
                raise _RefusedError("a range such as a-z runs backwards")
        return 1

    def _sign(self) -> int:
        if self.at >= len(self.text):
            raise _RefusedError("a '[' is not closed")
        if self.text[self.at] == "\\":
            return self._sign_escape()[0]
        self.at += 1
        return ord(self.text[self.at - 1])
