"""An expression's text in; its tree, or one finding that says what to write instead, out.

Refuses what is longer than 20,000 characters or nested without end; never raises, whatever the text is. Only the first
mistake of an expression is told: what follows it can rarely be read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ..model.expression import Expression, Test, children, test_values
from ..model.finding import Finding
from ..model.place import Place
from .expression_parser import Parser
from .expression_tokens import RefusedError, Slip, UnexpectedError, tokenize

LONGEST = 20_000
"""Characters of one expression."""
TALLEST = 150
"""Nodes above each other in a tree: `a + b + c ...` is a tall tree although it has no brackets."""

Locate = Callable[[int, int], Place]
_Read = TypeVar("_Read")


def parse(text: str, locate: Locate) -> tuple[Expression | None, tuple[Finding, ...]]:
    """The tree of `text` with exact places, or None with the first mistake. `locate(start, end)` maps offsets of `text` to a place."""
    return _parsed(text, locate, Parser.whole, lambda tree: [tree])


def parse_tests(text: str, locate: Locate) -> tuple[tuple[Test, ...] | None, tuple[Finding, ...]]:
    """The tests of one item of a decision table's cell, all of which must hold: `>= 30 and < 50`, `[1..3)`, `"a"`, `missing`."""
    return _parsed(text, locate, Parser.whole_cell, lambda tests: [value for test in tests for value in test_values(test)])


def _parsed(
    text: str, locate: Locate, read: Callable[[Parser], _Read], trees: Callable[[_Read], list[Expression]]
) -> tuple[_Read | None, tuple[Finding, ...]]:
    if len(text) > LONGEST:
        message = f"the expression is {len(text):,} characters long"
        slip = Slip("SS152", message, f"at most {LONGEST:,} are read: give its parts names, as metrics", 0, 1)
        return None, (_finding(slip, locate),)
    tokens = tokenize(text)
    try:
        found = read(Parser(tokens, locate))
    except RefusedError as refused:
        return None, (_finding(refused.slip, locate),)
    except UnexpectedError as unexpected:
        from .expression_slips import diagnose  # only a mistake pays for loading what is known about mistakes

        return None, (_finding(diagnose(text, tokens, unexpected), locate),)
    if len(tokens) > TALLEST and any(map(_is_too_tall, trees(found))):
        slip = Slip("SS152", "too many operators build on each other", "split the expression into metrics", 0, len(text))
        return None, (_finding(slip, locate),)
    return found, ()


def _finding(slip: Slip, locate: Callable[[int, int], Place]) -> Finding:
    return Finding(slip.code, slip.message, locate(slip.start, slip.end), slip.help)


def _is_too_tall(tree: Expression) -> bool:
    """Level by level, without recursion: other rooms may then recurse over any tree."""
    level: list[Expression] = [tree]
    for _ in range(TALLEST):
        level = [child for node in level for child in children(node)]
        if not level:
            return False
    return True
