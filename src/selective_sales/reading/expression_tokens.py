"""Expression text in, tokens out: one compiled pattern, every character belongs to some token.

Nothing is refused here. What is no token of the language still becomes one (`wrong`, `unclosed`, `bad_number`, `date_like`,
`other`), so that the parser stops exactly there and the slips can say what to write instead.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import NamedTuple

KEYWORDS = frozenset(
    "if then else or and not in is between within by missing present null true false".split(),
)
COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})

# Possessive quantifiers keep hostile input linear: a run of digits is read once, whatever follows it.
_PATTERN = re.compile(
    r"""\s*(?:
      (?P<name>[^\W\d_]\w*)
    | (?P<sign>\.\.|\*\*|!=(?!=)|<=|>=|[-+](?!>)|[*/()\[\],.@]|<(?!>)|>|=(?![=<>]))
    | (?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2}(?![\w-]))
    | (?P<date_like>(?:[0-9]{4}([-/.])[0-9]{1,2}\5[0-9]{1,2}|[0-9]{1,2}([-/.])[0-9]{1,2}\6[0-9]{4})(?![\w]))
    | (?P<duration>[0-9][0-9_]*+(?:\.[0-9]++)?+\s++(?:day|week|month|year)s?\b)
    | (?P<percent>[0-9][0-9_]*+(?:\.[0-9]++)?+%(?!\w))
    | (?P<number>[0-9][0-9_]*+(?:\.[0-9]++)?+(?!\w|\.[0-9]))
    | (?P<text>"[^"\\]*+(?:\\.[^"\\]*+)*+"|'[^'\\]*+(?:\\.[^'\\]*+)*+')
    | (?P<quoted>`[^`]+`)
    | (?P<end>\Z)
    | (?P<bad_number>[0-9]\w*+(?:\.[0-9]\w*+)*+)
    | (?P<unclosed>["'`].*)
    | (?P<wrong>===?|!==|=>|=<|<>|->|\+>|&&?|\|\|?|:=|!)
    | (?P<other>.)
    )""",
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A piece of an expression. `kind` is a keyword or sign itself, else the name of its group in the pattern."""

    kind: str
    text: str
    start: int
    end: int


class Expected(Enum):
    """What the parser waited for when it met something else."""

    VALUE = auto()
    OPERATOR = auto()
    CLOSE = auto()
    CHAIN_END = auto()
    THEN = auto()
    ELSE = auto()
    BETWEEN_AND = auto()
    RANGE = auto()
    TARGET = auto()
    IS_WORD = auto()
    IN_WORD = auto()
    NAME = auto()
    AT_TEXT = auto()


class Slip(NamedTuple):
    """A finding before it has a place: offsets into the expression's text."""

    code: str
    message: str
    help: str
    start: int
    end: int


class UnexpectedError(Exception):
    """The token at `index` cannot stand there. `opener`: index of the bracket that waits to be closed, or -1."""

    def __init__(self, index: int, expected: Expected, opener: int = -1) -> None:
        super().__init__(index, expected, opener)
        self.index = index
        self.expected = expected
        self.opener = opener


class RefusedError(Exception):
    """A form that the grammar allows and the language does not: an impossible date, an unknown escape."""

    def __init__(self, slip: Slip) -> None:
        super().__init__(slip)
        self.slip = slip


def tokenize(text: str) -> list[Token]:
    """All tokens of the text; the last one is of kind `end`."""
    tokens: list[Token] = []
    for match in _PATTERN.finditer(text):
        group = match.lastgroup or "other"
        start, end = match.span(group)
        piece = text[start:end]
        if group == "sign" or (group == "name" and piece in KEYWORDS):
            group = piece
        tokens.append(Token(group, piece, start, end))
        if group == "end":
            break
    return tokens
