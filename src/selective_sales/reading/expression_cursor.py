"""A walk along an expression's tokens: where the parser stands, which bracket is open, how deep it has gone."""

from __future__ import annotations

from collections.abc import Callable

from ..model.place import Place
from .expression_refusals import too_deep
from .expression_tokens import Expected, RefusedError, Token, UnexpectedError

DEEPEST = 50
"""Brackets within brackets, and `if`s within them."""
CLOSERS = {"(": ")", "[": "]"}


class Cursor:
    """`kind` is the kind of the token here, `opener` the index of the bracket that is open, or -1.

    `locate` maps offsets of the text to a place in the file.
    """

    __slots__ = ("depth", "index", "kind", "locate", "opener", "tokens")

    def __init__(self, tokens: list[Token], locate: Callable[[int, int], Place]) -> None:
        self.tokens = tokens
        self.locate = locate
        self.index = 0
        self.kind = tokens[0].kind
        self.depth = 0
        self.opener = -1

    def advance(self) -> Token:
        """The token here; the parser goes on to the next one."""
        token = self.tokens[self.index]
        self.index += 1
        self.kind = self.tokens[self.index].kind
        return token

    def take(self, kind: str, expected: Expected) -> Token:
        """The token here, which must be of that kind."""
        if self.kind != kind:
            raise self.unexpected(expected)
        return self.advance()

    def unexpected(self, expected: Expected) -> UnexpectedError:
        return UnexpectedError(self.index, expected, self.opener)

    def span(self, start: int) -> Place:
        """From that offset to the end of the token just read."""
        return self.locate(start, self.tokens[self.index - 1].end)

    def open(self) -> tuple[str, int]:
        """Goes into a bracket; gives what closes it, and what `close` needs to go back."""
        token = self.advance()
        self.deeper(token)
        outer, self.opener = self.opener, self.index - 1
        return CLOSERS[token.kind], outer

    def deeper(self, token: Token) -> None:
        """Counts a bracket or an `if` within another; too many are refused before Python's stack is in danger."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise RefusedError(too_deep(token.start, token.end, DEEPEST))

    def close(self, closer: str, outer: int) -> None:
        """Comes out of a bracket."""
        self.take(closer, Expected.CLOSE)
        self.depth -= 1
        self.opener = outer
