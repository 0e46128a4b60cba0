"""The parser reads exactly the language of the reference grammar, and builds the same trees."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selective_sales.model.place import Place
from selective_sales.reading.expression import parse
from tests.reading.expression_grammar import read

PIECES = (
    "a b orders as_of `cost to serve` day client sum latest duration if then else or and not in is between within by missing null present "
    "true false = != < <= > >= + - * / ** ( ) [ ] , . .. @ 1 2.5 1_000 5% 0.5% 2026-11-22 2026-02-30 2026-1-5 1-5 90<days 1<year "
    '3<weeks 1.5<days "it" \'x\' "P12M" "P1Y2D" "a\\n" "a\\q" != ! == => ; % # 5x 1.5.2 zł'
).split(" ")


def here(start: int, end: int) -> Place:
    return Place("policy.yaml", 1, start + 1, 1, end + 1)


def agrees(text: str) -> None:
    """Both read it to equal trees, or neither reads it and the parser says why in one finding."""
    tree, findings = parse(text, here)
    expected = read(text)
    assert tree == expected, text
    assert (tree is None) == (len(findings) == 1), text


BACKSLASH = chr(92)


def quote(text: str) -> str:
    return f'"{text}"'


NAMES = ("a", "b", "revenue", "`cost to serve`", "as_of", "day", "months")
LITERALS = (
    *(
        "1",
        "2.50",
        "1_000",
        "5%",
        "12.5%",
        '"it"',
        "'x'",
        "true",
        "false",
        "missing",
        "null",
        "2026-11-22",
        "90 days",
        "3 weeks",
        "2 years",
    ),
    *('@"2026-11-22"', '@"P1Y6M"', '@"-P90D"', 'duration("P12M")', '"a\\"b"', "-1", "- 90 days"),
)


class Author:
    """Writes expressions by the rules of the language, each form as likely as the others."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def pick(self, *choices: str) -> str:
        return self.chance.choice(choices)

    def expression(self, depth: int = 3) -> str:
        if depth > 0 and self.chance.random() < 0.15:
            return f"if {self.expression(depth - 1)} then {self.expression(depth - 1)} else {self.expression(depth - 1)}"
        items = [self.pick("", "", "", "not ", "not not ") + self.comparison(depth) for _ in range(self.pick_count())]
        return "".join(item + self.pick(" and ", " or ") for item in items[:-1]) + items[-1]

    def pick_count(self) -> int:
        return self.chance.choice((1, 1, 1, 2, 3))

    def comparison(self, depth: int) -> str:
        left = self.sum(depth)
        match self.chance.randrange(6):
            case 0:
                return left
            case 1:
                return f"{left} {self.pick('is missing', 'is present')}"
            case 2:
                return f"{left} between {self.sum(depth)} and {self.sum(depth)}"
            case 3:
                return f"{left} {self.pick('in', 'not in')} {self.target(depth)}"
            case _:
                return f"{left} {self.pick('=', '!=', '<', '<=', '>', '>=')} {self.sum(depth)}"

    def target(self, depth: int) -> str:
        match self.chance.randrange(3):
            case 0:
                return self.pick(*NAMES)
            case 1:
                return self.interval(depth)
            case _:
                tests = ", ".join(self.test(depth) for _ in range(self.pick_count()))
                return self.pick(f"[{tests}]", f"({tests})")

    def interval(self, depth: int) -> str:
        return f"{self.pick('(', '[')}{self.sum(depth)}..{self.sum(depth)}{self.pick(')', ']')}"

    def test(self, depth: int) -> str:
        match self.chance.randrange(3):
            case 0:
                return f"{self.pick('<', '>=', '=')} {self.sum(depth)}"
            case 1:
                return self.interval(depth)
            case _:
                return self.sum(depth)

    def sum(self, depth: int) -> str:
        items = [self.pick("", "", "", "-") + self.atom(depth) for _ in range(self.pick_count())]
        return "".join(item + self.pick(" + ", " - ", "*", "/", " ** ") for item in items[:-1]) + items[-1]

    def atom(self, depth: int) -> str:
        if depth <= 0 or self.chance.random() < 0.6:
            return self.pick(*NAMES, *LITERALS, "orders.amount")
        inner = self.expression(depth - 1)
        return self.pick(
            f"({inner})",
            f"sum(orders[{inner}].amount)",
            f"count( orders[{inner}])",
            f"f({inner}, {self.expression(depth - 1)})",
            f"rank({inner} within region, `the rep`)",
            f"latest({inner} by ordered_on)",
            f"matches({inner}, {self.pick(quote('[0-9]+'), quote(BACKSLASH + 'd'), 'a', quote('x') + ' + b')})",
            "f()",
        )


expressions = st.integers(0, 2**32).map(lambda seed: Author(seed).expression())


@given(expressions)
def test_what_the_grammar_makes_is_read_to_the_same_tree(text: str) -> None:
    assert read(text) is not None, text
    agrees(text)


@given(expressions, st.integers(0, 10_000), st.sampled_from(PIECES), st.sampled_from(["insert", "replace", "delete", "swap", "glue"]))
def test_a_damaged_expression_is_read_or_refused_by_both(text: str, at: int, piece: str, damage: str) -> None:
    tokens = text.split(" ")
    index = at % len(tokens)
    match damage:
        case "insert":
            tokens.insert(index, piece.replace("<", " "))
        case "replace":
            tokens[index] = piece.replace("<", " ")
        case "delete":
            del tokens[index]
        case "swap":
            tokens[index], tokens[-1] = tokens[-1], tokens[index]
        case _:
            tokens[index] += piece
    agrees(" ".join(tokens))


@given(st.lists(st.sampled_from(PIECES), max_size=12), st.sampled_from([" ", ""]))
def test_any_row_of_words_is_read_or_refused_by_both(words: list[str], between: str) -> None:
    agrees(between.join(words).replace("<", " "))


@given(st.text(st.sampled_from("ab1.0 5%(),[]<>=!-*/\"'`@_\n"), max_size=20))
def test_any_row_of_characters_is_read_or_refused_by_both(text: str) -> None:
    agrees(text)


@pytest.mark.parametrize("seed", range(4))
def test_long_rows_of_words_agree_too(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(500):
        agrees(" ".join(chance.choices(PIECES, k=chance.randint(1, 8))).replace("<", " "))
