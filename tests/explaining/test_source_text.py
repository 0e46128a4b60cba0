"""A condition as its author wrote it."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest

from selective_sales import explaining
from selective_sales.explaining.source import expression_text, rendered
from selective_sales.model.expression import (
    Aggregate,
    And,
    Arithmetic,
    AtLeast,
    Between,
    Call,
    Compare,
    Constant,
    Expression,
    FieldValue,
    If,
    In,
    IsMissing,
    MetricValue,
    Negate,
    Not,
    OpTest,
    Or,
    ParameterValue,
    RangeTest,
    ValueTest,
)
from selective_sales.model.kind import Kind
from selective_sales.model.place import Place
from selective_sales.model.policy import SourceFile
from tests.explaining import world

A, B = FieldValue("clients", "a"), FieldValue("clients", "b")
ONE, TWO = Constant(1, "1"), Constant(2, "2")


def test_white_space_and_line_breaks_are_folded() -> None:
    assert explaining.source_text(world.checked(), world.THIN.place) == "margin < 5%"


@pytest.mark.parametrize(
    "place", [Place(""), Place("other.yaml", 1, 1, 1, 5), Place("policy.yaml", 99, 1, 99, 5), Place("policy.yaml", 3, 1, 2, 1)]
)
def test_what_cannot_be_quoted_is_not_quoted(place: Place) -> None:
    assert explaining.source_text(world.checked(), place) == ""


def test_quotes_that_yaml_doubled_are_written_from_the_tree() -> None:
    checked = world.checked()
    source = SourceFile("policy.yaml", "", "when: 'name = ''x'''\n")
    checked = dataclasses.replace(checked, policy=dataclasses.replace(checked.policy, sources=(source,)))
    place = world.at(1, 8, 1, 20)
    leaf = Compare(FieldValue("clients", "name"), "=", Constant("x", kind=Kind.TEXT), place=place)
    assert explaining.source_text(checked, place) == ""
    assert expression_text(checked, leaf) == 'name = "x"'


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (Compare(A, "<=", Arithmetic(ONE, "*", Negate(B))), "a <= (1 * (-b))"),
        (And((IsMissing(A), Not(IsMissing(B, negated=True)))), "(a is missing) and (not (b is present))"),
        (Or((Compare(A, "=", ONE), Compare(B, "=", TWO))), "(a = 1) or (b = 2)"),
        (Between(A, ONE, TWO), "a between 1 and 2"),
        (In(A, (RangeTest(ONE, TWO, False, True),)), "a in (1..2]"),
        (In(A, (ValueTest(ParameterValue("lines")),), negated=True), "a not in lines"),
        (In(A, (ValueTest(ONE), OpTest(">", TWO))), "a in [1, > 2]"),
        (AtLeast(TWO, (A, B)), "at least 2 of: a, b"),
        (If(A, ONE, TWO), "if a then 1 else 2"),
        (Call("round", (MetricValue("margin"), ONE)), "round(margin, 1)"),
        (Aggregate("sum", "orders", Compare(A, ">", ONE), B), "sum(orders[a > 1].b)"),
        (Aggregate("count", "orders"), "count(orders)"),
        (Aggregate("latest", "orders", None, A, B), "latest(orders.a by b)"),
        (Constant('say "hi"', kind=Kind.TEXT), '"say \\"hi\\""'),
        (Constant(90, kind=Kind.DAYS), "90 days"),
        (Constant(None), "missing"),
        (Constant(True, kind=Kind.BOOLEAN), "true"),
        (Constant(Decimal("0.5"), kind=Kind.NUMBER), "0.5"),
        (FieldValue("clients", "koszt obsługi"), "`koszt obsługi`"),
        (FieldValue("clients", "koszt_obsługi"), "koszt_obsługi"),
    ],
)
def test_a_tree_reads_in_the_language(node: Expression, text: str) -> None:
    assert rendered(node) == text
