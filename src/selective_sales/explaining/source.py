"""A node as its author wrote it; where the file cannot be quoted word for word, the same meaning written anew from the tree."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import assert_never

from ..model.checked import CheckedPolicy
from ..model.expression import (
    Aggregate,
    And,
    Arithmetic,
    AsOf,
    AtLeast,
    Between,
    Call,
    Clamp,
    Compare,
    Constant,
    Decided,
    Expression,
    FieldValue,
    Hit,
    If,
    In,
    IsMissing,
    Member,
    MetricValue,
    Name,
    Negate,
    Not,
    OpTest,
    Or,
    ParameterValue,
    Portfolio,
    RangeTest,
    Rows,
    Size,
    Test,
    ValueTest,
    Variants,
    Weighted,
)
from ..model.kind import Kind
from ..model.place import Place

_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""Where YAML counts a new line."""


def source_text(checked: CheckedPolicy, place: Place) -> str:
    """The span of the policy's file with white space folded to single spaces; "" where it cannot be quoted word for word.

    A span with a doubled quote or a backslash is not quoted: YAML may have written it differently from what it means.
    """
    source = next((s for s in checked.policy.sources if s.path == place.file), None)
    return "" if source is None else _quoted(source.text, place)


@lru_cache(maxsize=10_000)
def _quoted(text: str, place: Place) -> str:
    """Cached: the same few spans are asked for again for every client."""
    if place.line < 1 or place.end_line < place.line:
        return ""
    lines = _LINE_BREAK.split(text)[place.line - 1 : place.end_line]
    if len(lines) != place.end_line - place.line + 1:
        return ""
    lines[-1] = lines[-1][: place.end_column - 1]
    lines[0] = lines[0][place.column - 1 :]
    quoted = " ".join(" ".join(lines).split())
    return "" if "''" in quoted or "\\" in quoted else quoted


def expression_text(checked: CheckedPolicy, node: Expression) -> str:
    """The node as written, or from the tree."""
    return source_text(checked, node.place) or rendered(node)


def whole_text(checked: CheckedPolicy, node: Expression) -> str:
    """The node as written where that is one text; what is written as a list (`all:`, `unless:`) from the tree."""
    text = source_text(checked, node.place)
    return rendered(node) if isinstance(node, And | Or | AtLeast) and text != rendered(node) else text or rendered(node)


def rendered(node: Expression) -> str:
    """The node in the language's own form. Operands that are not atoms stand in parentheses, so that nothing reads differently."""
    match node:
        case Constant(value, text):
            return text or _constant(value, node.kind)
        case Name(name) | ParameterValue(name) | MetricValue(name) | FieldValue(_, name):
            return _name(name)
        case Member(owner, name):
            return f"{_name(owner)}.{_name(name)}"
        case AsOf():
            return "as_of"
        case Rows() | Aggregate() | Call():
            return _call(node)
        case Negate(operand):
            return f"-{_atom(operand)}"
        case Not(operand):
            return f"not {_atom(operand)}"
        case Arithmetic(left, op, right) | Compare(left, op, right):
            return f"{_atom(left)} {op} {_atom(right)}"
        case Between(operand, low, high):
            return f"{_atom(operand)} between {_atom(low)} and {_atom(high)}"
        case In(operand, tests, negated):
            return f"{_atom(operand)} {'not in' if negated else 'in'} {_tests(tests)}"
        case IsMissing(operand, negated):
            return f"{_atom(operand)} is {'present' if negated else 'missing'}"
        case And(items):
            return " and ".join(map(_atom, items))
        case Or(items):
            return " or ".join(map(_atom, items))
        case AtLeast(count, items):
            return f"at least {rendered(count)} of: {', '.join(map(rendered, items))}"
        case If(condition, then, otherwise):
            return f"if {rendered(condition)} then {rendered(then)} else {rendered(otherwise)}"
        case Decided():
            return "decision"
        case Portfolio(function, value, within):
            return f"{function}({' within '.join([rendered(value), *filter(None, [', '.join(map(rendered, within))])])})"
        case Clamp(operand):
            return rendered(operand)
        case Size(operand):
            return f"count({rendered(operand)})"
        case Weighted(parts):
            return " + ".join(f"{_atom(part.weight)} * {_atom(part.value)}" for part in parts)
        case Hit(policy, rows):
            return f"{policy} of {len(rows)} rows"
        case Variants(default):
            return rendered(default)
        case _:
            assert_never(node)


def _call(node: Rows | Aggregate | Call) -> str:
    match node:
        case Rows(table, condition, column):
            return f"{table}[{rendered(condition)}]{'' if column is None else f'.{_name(column)}'}"
        case Aggregate(function, table, condition, value, by):
            rows = table if condition is None else f"{table}[{rendered(condition)}]"
            rows += "" if value is None else f".{_atom(value)}"
            return f"{function}({rows}{'' if by is None else f' by {rendered(by)}'})"
        case Call(function, arguments, within, by):
            inside = ", ".join(map(rendered, arguments))
            inside += f" within {', '.join(_name(name.name) for name in within)}" if within else ""
            return f"{function}({inside}{'' if by is None else f' by {rendered(by)}'})"
        case _:
            assert_never(node)


_ATOMS = (
    Constant, Name, Member, Rows, FieldValue, ParameterValue, MetricValue, AsOf, Decided, Aggregate, Portfolio, Call, Size
)  # fmt: skip


def _atom(node: Expression) -> str:
    return rendered(node) if isinstance(node, _ATOMS) else f"({rendered(node)})"


def _tests(tests: tuple[Test, ...]) -> str:
    match tests:
        case (RangeTest() as only,):
            return _test(only)
        case (ValueTest(ParameterValue(name)),):
            return _name(name)
        case _:
            return f"[{', '.join(map(_test, tests))}]"


def _test(test: Test) -> str:
    match test:
        case ValueTest(value):
            return rendered(value)
        case OpTest(op, value):
            return f"{op} {rendered(value)}"
        case RangeTest(low, high, low_closed, high_closed):
            return f"{'[' if low_closed else '('}{rendered(low)}..{rendered(high)}{']' if high_closed else ')'}"
        case _:
            assert_never(test)


def _constant(value: object, kind: Kind) -> str:
    match value:
        case None:
            return "missing"
        case bool():
            return "true" if value else "false"
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case int() if kind in (Kind.DAYS, Kind.MONTHS):
            return f"{value} {kind}"
        case _:
            return str(value)


def _name(name: str) -> str:
    return name if name.isidentifier() else f"`{name}`"
