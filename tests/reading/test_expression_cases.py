"""Expressions as authors write them, good and bad: tests/cases/expression."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from selective_sales.model.expression import (
    And,
    Arithmetic,
    AsOf,
    Between,
    Call,
    Compare,
    Constant,
    Expression,
    If,
    In,
    IsMissing,
    Member,
    Name,
    Negate,
    Not,
    OpTest,
    Or,
    RangeTest,
    Rows,
    Test,
    ValueTest,
)
from selective_sales.model.kind import Kind
from selective_sales.model.place import Place
from selective_sales.reading.expression import parse

CASES = Path(__file__).parents[1] / "cases" / "expression"


def cases(pattern: str) -> list[Any]:
    return [case for file in sorted(CASES.glob(pattern)) for case in yaml.safe_load(file.read_text(encoding="utf-8"))]


def here(start: int, end: int) -> Place:
    return Place("policy.yaml", 1, start + 1, 1, end + 1)


@pytest.mark.parametrize("case", cases("bad-*.yaml"), ids=lambda case: case["expression"])
def test_a_slip_is_told_with_the_right_form(case: dict[str, Any]) -> None:
    tree, findings = parse(case["expression"], here)
    wanted = case["finding"]
    assert tree is None
    assert [(finding.code, finding.place.column) for finding in findings] == [(wanted["code"], wanted["column"])]
    assert wanted["message"] in findings[0].message
    assert wanted["help"] in findings[0].help


@pytest.mark.parametrize("case", cases("bad-*.yaml"), ids=lambda case: case["expression"])
def test_the_form_that_is_proposed_can_be_read(case: dict[str, Any]) -> None:
    _, findings = parse(case["expression"], here)
    _, proposes, proposal = findings[0].help.partition("write: ")
    if proposes:
        proposal = proposal.partition(" (every")[0].partition(" (or `")[0].partition(", or ")[0]
        assert parse(proposal, here)[0] is not None


def test_there_are_many_more_bad_expressions_than_good_ones() -> None:
    assert len(cases("bad-*.yaml")) >= 70


@pytest.mark.parametrize("case", cases("good.yaml"), ids=lambda case: case["expression"])
def test_a_good_expression_gives_its_tree(case: dict[str, Any]) -> None:
    tree, findings = parse(case["expression"], here)
    assert findings == ()
    assert tree is not None
    assert short(tree) == case["tree"]


def short(node: Expression) -> str:
    """The tree in a form that a case can hold: operator first."""
    match node:
        case Constant(value):
            return constant(value, node.kind)
        case Name(name):
            return name
        case AsOf():
            return "as-of"
        case Member(owner, name):
            return f"{owner}.{name}"
        case Rows(table, condition, column):
            return f"{table}[{short(condition)}]" + (f".{column}" if column else "")
        case Call(function, arguments, within, by):
            after = (["within", *map(short, within)] if within else []) + (["by", short(by)] if by else [])
            return "(" + " ".join([function, *map(short, arguments), *after]) + ")"
        case Negate(operand):
            return f"(neg {short(operand)})"
        case Not(operand):
            return f"(not {short(operand)})"
        case Arithmetic(left, op, right) | Compare(left, op, right):
            return f"({op} {short(left)} {short(right)})"
        case Between(operand, low, high):
            return f"(between {short(operand)} {short(low)} {short(high)})"
        case In(operand, tests, negated):
            return f"({'not-in' if negated else 'in'} {short(operand)} {' '.join(map(short_test, tests))})"
        case IsMissing(operand, negated):
            return f"({'present' if negated else 'missing'} {short(operand)})"
        case And(items):
            return f"(and {' '.join(map(short, items))})"
        case Or(items):
            return f"(or {' '.join(map(short, items))})"
        case If(condition, then, otherwise):
            return f"(if {short(condition)} {short(then)} {short(otherwise)})"
        case _:
            raise AssertionError(f"a reader makes no {type(node).__name__}")


def short_test(test: Test) -> str:
    match test:
        case ValueTest(value):
            return short(value)
        case OpTest(op, value):
            return f"({op} {short(value)})"
        case RangeTest(low, high, low_closed, high_closed):
            return f"{'[' if low_closed else '('}{short(low)}..{short(high)}{']' if high_closed else ')'}"


def constant(value: object, kind: Kind) -> str:
    match value:
        case None:
            return "missing"
        case bool():
            return str(value).lower()
        case str():
            return json.dumps(value, ensure_ascii=False)
        case datetime.date():
            return value.isoformat()
        case _:
            return f"{value}{({Kind.DAYS: 'd', Kind.MONTHS: 'm'}).get(kind, '')}"
