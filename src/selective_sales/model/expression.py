"""The nodes of an expression, as read and as checked.

One family serves both. Reading makes `Name`, `Member`, `Rows` and leaves every `kind` UNKNOWN; checking replaces those three by
`FieldValue`, `ParameterValue`, `MetricValue`, `AsOf`, `Decided`, `Aggregate` and `Portfolio`, makes the arithmetic of scores (`Clamp`,
`Weighted`) and of decision tables (`Hit`), and sets every kind. The compiler meets checked trees only.
Places take no part in equality.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
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
    """A value of the same client that the policy calculates: a metric, a score, a table output, or a part of those (`CheckedMetric`)."""

    name: str


@dataclass(frozen=True, slots=True)
class AsOf(Node):
    """The run's date."""


@dataclass(frozen=True, slots=True)
class Decided(Node):
    """The client's final decision, after exceptions: in figures, limits, guarantees, allocations and the fairness audit."""


@dataclass(frozen=True, slots=True)
class Aggregate(Node):
    """A list function over the rows of a child table that belong to the client; in figures and limits, over `clients` as a whole.

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
class Portfolio(Node):
    """A portfolio function: a client's `value` seen among all clients of the run that have one, `within` those who share the groups.

    `function`: total average median share rank percentile cumulative_share cumulative_share_before. Missing where the client's own value
    or one of the groups is.
    """

    function: str
    value: Expression
    within: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Clamp(Node):
    """A number cut to 0..1: what a linear factor of a score is worth."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Weight:
    """A part of a `Weighted`: `weight` is a constant or a parameter, `value` a number from 0 to 1."""

    weight: Expression
    value: Expression


@dataclass(frozen=True, slots=True)
class Weighted(Node):
    """A score: low + (high - low) * sum(weight * value) / sum(weight), in the order of the parts.

    A missing value makes it missing; where `reweigh`, its part is left out of both sums (all missing: missing). A part whose weight is
    zero plays no role, missing or not.
    """

    parts: tuple[Weight, ...]
    low: Decimal
    high: Decimal
    reweigh: bool = False


class HitPolicy(StrEnum):
    """How the rows of a decision table that are true make the output."""

    UNIQUE = "unique"
    ANY = "any"
    FIRST = "first"
    PRIORITY = "priority"
    COLLECT = "collect"
    SUM = "collect sum"
    MIN = "collect min"
    MAX = "collect max"
    COUNT = "collect count"

    @property
    def collects(self) -> bool:
        return self.value.startswith("collect")


@dataclass(frozen=True, slots=True)
class HitRow:
    """A row of a `Hit`: `condition` is true, false or unknown, `value` the output that the row gives (it may be missing)."""

    condition: Expression
    value: Expression


@dataclass(frozen=True, slots=True)
class Hit(Node):
    """One output of a decision table, or the points of a factor: what the rows that are true, and those that might be, agree on.

    `kind` is the items' kind where `policy` is COLLECT (the value is then a list), else the output's. PRIORITY stands here as FIRST, its
    rows sorted. `otherwise` None: missing; where the policy collects: zero for SUM and COUNT, the empty list for COLLECT.
    """

    policy: HitPolicy
    rows: tuple[HitRow, ...]
    otherwise: Expression | None = None


@dataclass(frozen=True, slots=True)
class Size(Node):
    """`count(output)`: how many items a collected list has."""

    operand: Expression


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

    As read, `x in name` has one ValueTest of a Name; checked, a list parameter is one ValueTest of its ParameterValue, a collected list of
    a decision table one ValueTest of its MetricValue.
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


@dataclass(frozen=True, slots=True)
class Variants(Node):
    """`default`, but for the rows of a numbered variant its own expression: how many mutants of a policy stand in one query.

    Neither read nor checked: compiling makes it. `of` has (number, expression) pairs in the order of the numbers.
    """

    default: Expression
    of: tuple[tuple[int, Expression], ...]


Expression = (
    Constant | Name | Member | Rows | FieldValue | ParameterValue | MetricValue | AsOf | Decided | Aggregate | Portfolio | Call | Negate
    | Arithmetic | Compare | Between | In | IsMissing | Not | And | Or | AtLeast | If | Clamp | Weighted | Hit | Size | Variants
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
        case Constant() | Name() | Member() | FieldValue() | ParameterValue() | MetricValue() | AsOf() | Decided():
            return ()
        case Rows(condition=condition):
            return (condition,)
        case Aggregate(condition=condition, value=value, by=by):
            return tuple(x for x in (condition, value, by) if x is not None)
        case Call(arguments=arguments, within=within, by=by):
            return (*arguments, *within, *(() if by is None else (by,)))
        case Portfolio(_, value, within):
            return (value, *within)
        case Negate(operand) | Not(operand) | IsMissing(operand) | Clamp(operand) | Size(operand):
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
        case Weighted(parts):
            return tuple(node for part in parts for node in (part.weight, part.value))
        case Hit(_, rows, last):
            return (*(node for row in rows for node in (row.condition, row.value)), *(() if last is None else (last,)))
        case Variants(default, of):
            return (default, *(variant for _, variant in of))


def with_test_values(test: Test, values: Iterator[Expression]) -> Test:
    """The test with other expressions in it, left to right."""
    match test:
        case ValueTest() | OpTest():
            return replace(test, value=next(values))
        case RangeTest():
            return replace(test, low=next(values), high=next(values))


def with_children(node: Expression, parts: tuple[Expression, ...]) -> Expression:
    """The node with other nodes directly below: as many, and in the order, as `children` gives them."""
    new = iter(parts)
    match node:
        case Constant() | Name() | Member() | FieldValue() | ParameterValue() | MetricValue() | AsOf() | Decided():
            return node
        case Rows():
            return replace(node, condition=next(new))
        case Aggregate(condition=condition, value=value, by=by):
            condition, value, by = (None if x is None else next(new) for x in (condition, value, by))
            return replace(node, condition=condition, value=value, by=by)
        case Call(arguments=arguments, within=within, by=by):
            arguments = tuple(next(new) for _ in arguments)
            for _ in within:
                next(new)
            return replace(node, arguments=arguments, by=None if by is None else next(new))
        case Portfolio(_, _, within):
            return replace(node, value=next(new), within=tuple(next(new) for _ in within))
        case Negate() | Not() | IsMissing() | Clamp() | Size():
            return replace(node, operand=next(new))
        case Arithmetic() | Compare():
            return replace(node, left=next(new), right=next(new))
        case Between():
            return replace(node, operand=next(new), low=next(new), high=next(new))
        case In(_, tests):
            return replace(node, operand=next(new), tests=tuple(with_test_values(test, new) for test in tests))
        case And() | Or():
            return replace(node, items=parts)
        case AtLeast():
            return replace(node, count=parts[0], items=parts[1:])
        case If():
            return replace(node, condition=next(new), then=next(new), otherwise=next(new))
        case Weighted(weighed):
            return replace(node, parts=tuple(Weight(next(new), next(new)) for _ in weighed))
        case Hit(_, rows, last):
            return replace(node, rows=tuple(HitRow(next(new), next(new)) for _ in rows), otherwise=None if last is None else next(new))
        case Variants(_, of):
            return replace(node, default=next(new), of=tuple((number, next(new)) for number, _ in of))


def walk(node: Expression) -> Iterator[Expression]:
    """The node and all nodes below it, depth first, left to right."""
    todo = [node]
    while todo:
        found = todo.pop()
        yield found
        todo.extend(reversed(children(found)))


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


def measured_sides(leaf: Expression) -> tuple[Expression, tuple[Expression, ...]] | None:
    """Of a condition: what is measured, and the thresholds that it is measured against; None where it has none."""
    fixed = (Constant, ParameterValue)
    match leaf:
        case Compare(left, _, right) if isinstance(left, fixed) and not isinstance(right, fixed):
            return right, (left,)
        case Compare(left, _, right):
            return left, (right,)
        case Between(operand, low, high):
            return operand, (low, high)
        case In(operand, tests):
            return operand, tuple(value for test in tests for value in test_values(test))
        case _:
            return None
