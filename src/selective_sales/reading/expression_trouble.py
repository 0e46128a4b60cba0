"""The spot where an expression stopped making sense, and the tools to say what to write there instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..model.place import Place
from .expression_parser import Parser
from .expression_tokens import Expected, RefusedError, Slip, Token, UnexpectedError, tokenize

_LONGEST_SHOWN = 100
YAML_CUT = "if the expression goes on in the file, YAML has cut it there: put the whole expression in single quotes"


@dataclass(frozen=True, slots=True)
class Trouble:
    """The text, its tokens, and what the parser expected at the token `index`. `opener`: the waiting bracket's index, or -1."""

    text: str
    tokens: list[Token]
    index: int
    expected: Expected
    opener: int

    @property
    def here(self) -> Token:
        """The token that cannot stand where it stands."""
        return self.tokens[self.index]

    @property
    def before(self) -> Token:
        return self.at(-1)

    @property
    def after(self) -> Token:
        return self.at(1)

    def at(self, offset: int) -> Token:
        """The token so far from here; of kind `start` or `end` outside the text."""
        index = self.index + offset
        if index < 0:
            return Token("start", "", 0, 0)
        return self.tokens[min(index, len(self.tokens) - 1)]

    def touches(self, offset: int) -> bool:
        """True where no space stands between that token and the one before it."""
        return self.at(offset - 1).end == self.at(offset).start

    def slip(self, code: str, message: str, help: str, first: int = 0, last: int = 0) -> Slip:
        """A slip over the tokens first..last, counted from here. At the end of the text it points at the last thing written."""
        start, end = self.at(first), self.at(last)
        if start.kind == "end" and self.index:
            start = end = self.before
        return Slip(code, message, help, start.start, end.end)

    def write(self, new: str, first: int = 0, last: int = 0, otherwise: str = "") -> str:
        """`write: ...` with the tokens first..last replaced; the whole expression where that then reads, else only what changes."""
        start, end = self.at(first).start, self.at(last).end
        whole = spliced(self.text, [(start, end, new)])
        if reads(whole):
            return f"write: {whole}"
        return otherwise or f"write {new.strip()} instead of {self.text[start:end]}"


def spliced(text: str, changes: Iterable[tuple[int, int, str]]) -> str:
    """The text with the spans replaced, each before the next; spaces are mended around words and around what is left out."""
    written, done = "", 0
    for start, end, new in changes:
        written += text[done:start]
        done = end
        if not new:
            if not written or written[-1].isspace():
                done += len(text[end:]) - len(text[end:].lstrip())
        elif new.replace(" ", "").isalpha():  # a word needs the spaces that a sign did without
            left = "" if written[-1:] in ("", "(", "[") or written[-1].isspace() else " "
            right = "" if text[end : end + 1] in ("", ")", "]") or text[end].isspace() else " "
            written += left + new + right
        else:
            written += new
    return (written + text[done:]).strip()


def reads(text: str) -> bool:
    """True where the text is a short expression without a mistake: what may be shown as the right form."""
    if len(text) > _LONGEST_SHOWN:
        return False
    try:
        Parser(tokenize(text), lambda start, end: Place("")).whole()
    except (UnexpectedError, RefusedError):
        return False
    return True


def is_value(token: Token) -> bool:
    """True where a token can end a value."""
    return token.kind in ("name", "quoted", "number", "percent", "duration", "date", "text", "true", "false", "missing", "null", ")", "]")


def begins_value(token: Token) -> bool:
    """True where a token can begin a value."""
    return token.kind in ("name", "quoted", "number", "percent", "duration", "date", "text", "true", "false", "missing", "null", "(", "@")
