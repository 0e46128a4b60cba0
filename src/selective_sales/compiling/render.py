"""A checked expression in, DuckDB SQL out. Pure: names and values pass through model/sql.py only.

Every node stands once in the text of its parent unless it is small, so that nesting cannot make the SQL grow exponentially.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

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
    Scalar,
    Size,
    Test,
    ValueTest,
    Variants,
    Weighted,
    walk,
)
from ..model.kind import Kind
from ..model.policy import Policy
from ..model.sql import balanced, quote_value
from .arithmetic import arithmetic, negate, on_grid
from .dialect import DUCKDB, Dialect, agreeing
from .functions import call
from .hits import hit

Columned = FieldValue | MetricValue | Aggregate | Portfolio
"""What stands in a column of its own."""
DECISION = '"#decision"'
"""The client's final decision, in the relation that figures, limits, guarantees and allocations read."""


VARIANT = '"#variant"'
"""The number of a row's variant of the policy, in every table of a query over many variants (names with # cannot be an author's)."""


@dataclass(frozen=True, slots=True)
class Renderer:
    """Turns expressions into SQL: `column` says under which SQL name a field, metric or aggregate stands in the layer at hand."""

    policy: Policy
    as_of: datetime.date
    column: Callable[[Columned], str]
    lists: frozenset[str] = frozenset()
    """The collected outputs of decision tables: a value stands `in` them."""
    dialect: Dialect = DUCKDB

    def sql(self, node: Expression) -> str:
        """The expression as SQL, in parentheses where it is more than one term."""
        match node:
            case Constant(value):
                return constant(value, node.kind, self.dialect)
            case ParameterValue(name):
                return constant(self.scalar(name), node.kind, self.dialect)
            case AsOf():
                return self.dialect.today(self.as_of)
            case FieldValue() | MetricValue() | Aggregate() | Portfolio():
                return self.column(node)
            case Decided():
                return DECISION
            case Negate(operand):
                return negate(node.kind, self.sql(operand), self.dialect)
            case Arithmetic():
                return arithmetic(node, self.sql, self.dialect)
            case Compare(left, op, right):
                return self.compare(left, op, right)
            case Between(operand, low, high):
                return f"({self.compare(operand, '>=', low)} AND {self.compare(operand, '<=', high)})"
            case In(operand, tests, negated):
                return self.membership(operand, tests, negated)
            case IsMissing(operand, negated):
                return f"({self.sql(operand)} IS {'NOT ' if negated else ''}NULL)"
            case Not(operand):
                return f"(NOT {self.sql(operand)})"
            case And(items):
                return "(" + " AND ".join(map(self.sql, items)) + ")"
            case Or(items):
                return "(" + " OR ".join(map(self.sql, items)) + ")"
            case AtLeast(count, items):
                return self.at_least(count, items)
            case If():
                return self.choice(node)
            case Call():
                return call(node, lambda argument: self.branch(argument, node.kind), self.comparable, self.dialect)
            case Clamp(operand):
                return f"unit({self.sql(operand)})"
            case Weighted():
                return self.weighted(node)
            case Hit():
                return hit(node, self.sql, lambda value: self.value(value, node.kind), self.dialect)
            case Size(operand):
                return f"len({self.sql(operand)})"
            case Variants(default, of):
                cases = " ".join(f"WHEN {number} THEN {self.branch(variant, node.kind)}" for number, variant in of)
                return f"(CASE {VARIANT} {cases} ELSE {self.branch(default, node.kind)} END)"
            case Name() | Member() | Rows():
                raise AssertionError(f"the checker left {node!r} unresolved")
            case _:
                assert_never(node)

    def scalar(self, name: str) -> Scalar | None:
        """A parameter's value on the run's date."""
        parameter = self.policy.parameter(name)
        assert parameter is not None
        value = parameter.value_at(self.as_of)
        assert not isinstance(value, tuple)
        return value

    def compare(self, left: Expression, op: str, right: Expression) -> str:
        """A comparison; calculated numbers meet on the grid."""
        op = "<>" if op == "!=" else op
        return self.dialect.ordered(self.comparable(left), op, self.comparable(right), left.kind)

    def comparable(self, node: Expression) -> str:
        """The expression as it is compared, ranked or written: a calculated number on its grid, a literal bare."""
        match node:
            case Constant(value) if isinstance(value, int | Decimal) and node.kind in (Kind.MONEY, Kind.INTEGER):
                return quote_value(value)
            case ParameterValue(name) if node.kind in (Kind.MONEY, Kind.INTEGER):
                return quote_value(self.scalar(name))
            case _:
                text = self.sql(node)
                return text if on_grid(node) else f"grid({text})"

    def membership(self, operand: Expression, tests: tuple[Test, ...], negated: bool) -> str:
        parts = [self.test(operand, test) for test in self.merged(tests)]
        text = parts[0] if len(parts) == 1 else "(" + " OR ".join(parts) + ")"
        return f"(NOT {text})" if negated else text

    def merged(self, tests: tuple[Test, ...]) -> list[Test | tuple[str, ...]]:
        """The tests with all plain values gathered into one SQL list."""
        values: list[str] = []
        others: list[Test | tuple[str, ...]] = []
        for test in tests:
            match test:
                case ValueTest(ParameterValue(name) as node) if isinstance(value := self.parameter_value(name), tuple):
                    values.extend(bare(item, node.kind, self.dialect) for item in value)
                case ValueTest(Constant(value) as node) if value is not None:
                    values.append(bare(value, node.kind, self.dialect))
                case _:
                    others.append(test)
        return [tuple(values), *others] if values else others

    def parameter_value(self, name: str) -> Scalar | tuple[Scalar, ...] | None:
        parameter = self.policy.parameter(name)
        return None if parameter is None else parameter.value_at(self.as_of)

    def test(self, operand: Expression, test: Test | tuple[str, ...]) -> str:
        match test:
            case tuple():
                return f"({self.comparable(operand)} IN ({', '.join(test)}))"
            case ValueTest(MetricValue(name) as value) if name in self.lists:
                return f"list_contains({self.sql(value)}, {self.comparable(operand)})"
            case ValueTest(value):
                return self.compare(operand, "=", value)
            case OpTest(op, value):
                return self.compare(operand, op, value)
            case RangeTest(low, high, low_closed, high_closed):
                left = self.compare(operand, ">=" if low_closed else ">", low)
                right = self.compare(operand, "<=" if high_closed else "<", high)
                return f"({left} AND {right})"

    def at_least(self, count: Expression, items: tuple[Expression, ...]) -> str:
        """Small items stand twice, large ones once."""
        needed = self.comparable(count)
        tests = [self.sql(item) for item in items]
        if all(map(is_small, items)):
            trues, unknowns = (balanced([f"({test} IS {word})::INTEGER" for test in tests], "+") for word in ("TRUE", "NULL"))
            return f"at_least({needed}, {trues}, {unknowns})"
        return self.dialect.at_least(needed, tests)

    def choice(self, node: If) -> str:
        """`if`: unknown where the condition is, unless both branches agree."""
        then, otherwise = (self.branch(branch, node.kind) for branch in (node.then, node.otherwise))
        if isinstance(node.condition, IsMissing):  # never unknown
            return f"(CASE WHEN {self.sql(node.condition)} THEN {then} ELSE {otherwise} END)"
        condition = self.sql(node.condition)
        if all(is_small(part) for part in (node.condition, node.then, node.otherwise)):
            return f"({agreeing(condition, then, otherwise, node.kind)})"
        return self.dialect.choice(condition, then, otherwise, node.kind)

    def value(self, node: Expression, kind: Kind) -> str:
        """An output as it is compared with others and kept: in the SQL type of `kind`, a calculated number on its grid."""
        text = self.branch(node, kind)
        return text if on_grid(node) else f"grid({text})"

    def weighted(self, node: Weighted) -> str:
        """low + (high - low) * sum / weights, left to right; what weighs nothing plays no role."""
        double, product, add = self.dialect.double, self.dialect.calculated, self.dialect.in_order
        parts = [(double(weight), self.sql(part.value)) for part in node.parts if (weight := self.weight(part.weight)) != 0]
        span = double(node.high - node.low)
        if node.reweigh:
            total = add([f"coalesce({product(weight, '*', value)}, {double(0)})" for weight, value in parts])
            weights = add([f"CASE WHEN {value} IS NULL THEN {double(0)} ELSE {weight} END" for weight, value in parts])
        else:
            total = add([product(weight, "*", value) for weight, value in parts])
            weights = add([weight for weight, _ in parts])
        low = f"{double(node.low)} + " if node.low else ""
        return f"({low}{product(product(span, '*', f'({total})'), '/', f'NULLIF({weights}, {double(0)})')})"

    def weight(self, node: Expression) -> Decimal | int:
        """A weight's number on the run's date."""
        value = node.value if isinstance(node, Constant) else self.scalar(node.name) if isinstance(node, ParameterValue) else None
        assert isinstance(value, int | Decimal), "the checker lets only numbers and parameters weigh"
        return value

    def branch(self, node: Expression, kind: Kind) -> str:
        """A branch as a value of the whole's kind, so that all branches have one SQL type."""
        if kind is Kind.NUMBER and node.kind is Kind.INTEGER:
            return self.dialect.as_double(self.sql(node))
        return self.sql(node)


def is_small(node: Expression) -> bool:
    """True where writing the expression twice or thrice does no harm."""
    for size, part in enumerate(walk(node)):
        if size >= 12 or isinstance(part, If | AtLeast) or (isinstance(part, Call) and part.function in ("min", "max")):
            return False
    return True


def constant(value: Scalar | None, kind: Kind, dialect: Dialect = DUCKDB) -> str:
    """A literal of a kind: its SQL type is the kind's own."""
    if value is None:
        return f"NULL::{dialect.types[kind]}" if kind is not Kind.UNKNOWN else "NULL"
    match kind:
        case Kind.NUMBER:
            assert isinstance(value, int | Decimal)
            return dialect.double(value)
        case Kind.MONEY:
            return f"{signed(quote_value(value))}::DECIMAL(18, 4)"
        case Kind.INTEGER | Kind.DAYS | Kind.MONTHS:
            return f"{signed(quote_value(value))}::BIGINT"
        case _:
            return dialect.typed(quote_value(value), kind)


def signed(digits: str) -> str:
    """A negative literal in parentheses: a cast binds before the minus."""
    return f"({digits})" if digits.startswith("-") else digits


def bare(value: Scalar, kind: Kind, dialect: Dialect = DUCKDB) -> str:
    """A literal inside a list of values."""
    if kind is Kind.NUMBER and isinstance(value, int | Decimal):
        return dialect.double(value)
    return quote_value(value)
