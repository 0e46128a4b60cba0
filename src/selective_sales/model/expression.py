"""The nodes of an expression, as read and as checked.

One family serves both. Reading makes `Name`, `Member`, `Rows` and leaves every `kind` UNKNOWN; checking replaces those three by
`FieldValue`, `ParameterValue`, `MetricValue`, `AsOf` and `Aggregate` and sets every kind. The compiler meets checked trees only.
Places take no part in equality.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from .kind import Kind
from .place import Place

CompareOp = Literal["=", "!=", "<", "<=", ">", ">="]
ArithmeticOp = Literal["+", "-", "*", "/", "**"]
Scalar = Decimal | int | str | bool | datetime.date

NOWHERE = Place("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What every node has: where it stands, and (after checking) its kind."""

    place: Place = field(default=NOWHERE, compare=False)
    kind: Kind = Kind.UNKNOWN


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """A written value. Numbers and percentages are Decimal or int (kind adapts), durations int with kind DAYS or MONTHS.

    `value is None` is the literal `missing`. `text` is how the author wrote it.
    """

    value: Scalar | None
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A bare name, before it is known what it names."""

    name: str


@dataclass(frozen=True, slots=True)
class Member(Node):
    """`owner.name`: a child's column, `client.country`, `relationship.stage`; before it is known which."""

    owner: str
    name: str


@dataclass(frozen=True, slots=True)
class Rows(Node):
    """`table[condition]` or `table[condition].column`: the argument of a list function, as read."""

    table: str
    condition: Expression
    column: str | None = None
    table_place: Place = field(default=NOWHERE, compare=False)
    column_place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class FieldValue(Node):
    """A field of a table: of `clients` in the client's row, of a child table inside its brackets or its `is:`."""

    table: str
    name: str


@dataclass(frozen=True, slots=True)
class ParameterValue(Node):
    """A parameter; its value comes from the policy as of the run's date. Where that is a list (only after `in`), kind is the items'."""

    name: str


@dataclass(frozen=True, slots=True)
class MetricValue(Node):
    """A metric of the same client (later also a score or a table output)."""

    name: str


@dataclass(frozen=True, slots=True)
class AsOf(Node):
    """The run's date."""


@dataclass(frozen=True, slots=True)
class Aggregate(Node):
    """A list function over the rows of a child table that belong to the client.

    `function`: sum mean median min max stddev count distinct_count latest. `value` is None for `count` of rows; `by` only for `latest`.
    Inside `condition`, `value` and `by` a FieldValue of the child's table is the row's own, any other node the client's.
    """

    function: str
    table: str
    condition: Expression | None = None
    value: Expression | None = None
    by: Expression | None = None


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function with its arguments, in order. `within` and `by` hold the names after those words, as read."""

    function: str
    arguments: tuple[Expression, ...]
    within: tuple[Name, ...] = ()
    by: Expression | None = None
    function_place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Negate(Node):
    operand: Expression


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    left: Expression
    op: ArithmeticOp
    right: Expression


@dataclass(frozen=True, slots=True)
class Compare(Node):
    left: Expression
    op: CompareOp
    right: Expression


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`x between low and high`: both ends included."""

    operand: Expression
    low: Expression
    high: Expression


@dataclass(frozen=True, slots=True)
class ValueTest:
    """`= value`: an item of a list."""

    value: Expression


@dataclass(frozen=True, slots=True)
class OpTest:
    """`< value`: an item of a list with an operator."""

    op: CompareOp
    value: Expression


@dataclass(frozen=True, slots=True)
class RangeTest:
    """`[low..high)`: an interval; the ends are included where `low_closed`, `high_closed`."""

    low: Expression
    high: Expression
    low_closed: bool
    high_closed: bool


Test = ValueTest | OpTest | RangeTest


@dataclass(frozen=True, slots=True)
class In(Node):
    """`x in [...]`, `x not in (...)`, `x in [a..b]`, `x in parameter_list`.

    As read, `x in name` has one ValueTest of a Name; checked, a list parameter is one ValueTest of its ParameterValue.
    """

    operand: Expression
    tests: tuple[Test, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class IsMissing(Node):
    """`x is missing`, or `x is present` where negated: never unknown."""

    operand: Expression
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Not(Node):
    operand: Expression


@dataclass(frozen=True, slots=True)
class And(Node):
    """All of the items (`and`, `all:`). `none:` is Not(Or)."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    """Any of the items (`or`, `any:`)."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AtLeast(Node):
    """At least `count` of the items: true if trues >= count, false if trues + unknowns < count, else unknown."""

    count: Expression
    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class If(Node):
    condition: Expression
    then: Expression
    otherwise: Expression


Expression = (
    Constant | Name | Member | Rows | FieldValue | ParameterValue | MetricValue | AsOf | Aggregate | Call | Negate | Arithmetic
    | Compare | Between | In | IsMissing | Not | And | Or | AtLeast | If
)  # fmt: skip


def test_values(test: Test) -> tuple[Expression, ...]:
    """The expressions a test holds, left to right."""
    match test:
        case ValueTest(value) | OpTest(_, value):
            return (value,)
        case RangeTest(low, high):
            return (low, high)


def children(node: Expression) -> tuple[Expression, ...]:
    """The nodes directly below, left to right."""
    match node:
        case Constant() | Name() | Member() | FieldValue() | ParameterValue() | MetricValue() | AsOf():
            return ()
        case Rows(condition=condition):
            return (condition,)
        case Aggregate(condition=condition, value=value, by=by):
            return tuple(x for x in (condition, value, by) if x is not None)
        case Call(arguments=arguments, within=within, by=by):
            return (*arguments, *within, *(() if by is None else (by,)))
        case Negate(operand) | Not(operand) | IsMissing(operand):
            return (operand,)
        case Arithmetic(left, _, right) | Compare(left, _, right):
            return (left, right)
        case Between(operand, low, high):
            return (operand, low, high)
        case In(operand, tests):
            return (operand, *(value for test in tests for value in test_values(test)))
        case And(items) | Or(items):
            return items
        case AtLeast(count, items):
            return (count, *items)
        case If(condition, then, otherwise):
            return (condition, then, otherwise)


def walk(node: Expression) -> Iterator[Expression]:
    """The node and all nodes below it, depth first, left to right."""
    yield node
    for child in children(node):
        yield from walk(child)


def leaves(node: Expression) -> Iterator[Expression]:
    """The conditions an explanation shows one by one: what stands between `and`, `or`, `not`, `all`, `any`, `none`, `at_least`."""
    match node:
        case And(items) | Or(items):
            for item in items:
                yield from leaves(item)
        case AtLeast(_, items):
            for item in items:
                yield from leaves(item)
        case Not(operand):
            yield from leaves(operand)
        case _:
            yield node
