"""What every reading of an expression keeps to: exact places, one finding at most, no crash, no hang."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selective_sales.model.expression import Call, Compare, Constant, Expression, Rows, children, walk
from selective_sales.model.place import Place
from selective_sales.reading.expression import parse


def here(start: int, end: int) -> Place:
    return Place("policy.yaml", 1, start + 1, 1, end + 1)


def tree_of(text: str) -> Expression:
    tree, findings = parse(text, here)
    assert tree is not None, findings
    return tree


def under(text: str, place: Place) -> str:
    return text[place.column - 1 : place.end_column - 1]


def test_every_node_stands_at_its_own_text() -> None:
    text = "  (revenue - `cost to serve`) / max(1, b) >= 5% and not strategic"
    places = [under(text, node.place) for node in walk(tree_of(text))]
    assert places == [
        "(revenue - `cost to serve`) / max(1, b) >= 5% and not strategic",
        "(revenue - `cost to serve`) / max(1, b) >= 5%",
        "(revenue - `cost to serve`) / max(1, b)",
        "revenue - `cost to serve`",
        "revenue",
        "`cost to serve`",
        "max(1, b)",
        "1",
        "b",
        "5%",
        "not strategic",
        "strategic",
    ]


def test_the_parts_of_rows_and_calls_have_places_too() -> None:
    text = "sum(orders[amount > 5].amount)"
    call = tree_of(text)
    assert isinstance(call, Call) and under(text, call.function_place) == "sum"
    rows = call.arguments[0]
    assert isinstance(rows, Rows)
    assert under(text, rows.table_place) == "orders"
    assert under(text, rows.column_place) == "amount"
    assert rows.column_place.column == 24


@pytest.mark.parametrize("written", ["1_000", "5%", "3 weeks", '"a\\"b"', "2026-11-22", '@"P90D"', 'duration("P12M")', "missing", "true"])
def test_a_constant_keeps_what_the_author_wrote(written: str) -> None:
    tree = tree_of(f" {written} ")
    assert isinstance(tree, Constant)
    assert tree.text == written
    assert (tree.place.column, tree.place.end_column) == (2, 2 + len(written))


def test_a_percentage_is_exact_however_long() -> None:
    tree = tree_of("x = 123456789012345678.123456789012345678%")
    assert isinstance(tree, Compare) and isinstance(tree.right, Constant)
    assert tree.right.value == Decimal("1234567890123456.78123456789012345678")


@pytest.mark.parametrize("count", [50, 51])
def test_fifty_brackets_within_each_other_are_the_most(count: int) -> None:
    tree, findings = parse("(" * count + "a" + ")" * count, here)
    assert (tree is not None) == (count == 50)
    assert [finding.code for finding in findings] == ([] if count == 50 else ["SS152"])


@pytest.mark.parametrize(
    "text",
    [
        "(" * 9_000,
        "a[" * 5_000,
        "f(" * 5_000,
        "not " * 4_000 + "a",
        "-" * 15_000 + "a",
        "if " * 6_000,
        "if a then " * 1_900,
        "if a then b else " * 1_100 + "c",
        "a+" * 9_000 + "a",
        "a**" * 6_000 + "a",
        "x in [" * 3_000,
        "x in (" * 3_000,
        "x in ((" * 2_000,
        "1" * 19_000 + "x",
        '"\\' * 9_000,
        "a and " * 3_000 + "b",
        "1.1" * 6_000,
        "1 " * 9_000,
        "`" * 9_999,
        " " * 19_000 + "§",
    ],
    ids=lambda text: text[:12],
)
def test_an_endless_expression_is_refused_or_read_and_never_crashes(text: str) -> None:
    started = time.process_time()
    tree, findings = parse(text, here)
    assert (tree is None) == (len(findings) == 1)
    assert time.process_time() - started < 1
    if tree is not None:
        assert sum(1 for _ in walk(tree)) > 0  # recursion over any tree that is given out is safe


@pytest.mark.parametrize("char", ["a", "(", '"', "1", "\n", "\u202e", "=>"])
def test_a_megabyte_is_refused_at_once(char: str) -> None:
    started = time.process_time()
    tree, findings = parse(char * 1_000_000, here)
    assert tree is None
    assert [finding.code for finding in findings] == ["SS152"]
    assert time.process_time() - started < 0.5


@given(st.text(max_size=60))
def test_any_text_gives_a_tree_or_one_finding(text: str) -> None:
    tree, findings = parse(text, here)
    assert (tree is None) == (len(findings) == 1)
    for finding in findings:
        assert finding.message and finding.help
        assert 1 <= finding.place.column <= finding.place.end_column <= max(len(text), 1) + 1


WORDS = (
    "a b orders is not null like case when select if then else in between and or = == => <= > ( ) [ ] { } , ; : . .. 5 5% 1,000 1 000 90d "
    "zł € \" ' „ ” ` @ ! != && than more equals sum count of * ** ^ − ≥ … # // $ \\ by within missing present true IF( "
    "22.11.2026 2026-1-5 1e3 k"
).split(" ")


@given(st.lists(st.sampled_from(WORDS), max_size=10), st.sampled_from([" ", ""]))
def test_any_row_of_slips_gives_a_tree_or_one_helpful_finding(words: list[str], between: str) -> None:
    text = between.join(words)
    tree, findings = parse(text, here)
    assert (tree is None) == (len(findings) == 1)
    for finding in findings:
        assert finding.code.startswith("SS1") and finding.message and finding.help
        assert 1 <= finding.place.column <= max(len(text), 1) + 1


def test_a_tall_tree_within_the_limit_is_given_out() -> None:
    tree = tree_of(" + ".join(["a"] * 140))
    depth = 0
    level: list[Expression] = [tree]
    while level:
        depth += 1
        level = [child for node in level for child in children(node)]
    assert depth == 140
