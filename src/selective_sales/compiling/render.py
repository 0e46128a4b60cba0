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
from ..model.sql import balanced, in_order, quote_value
from .arithmetic import arithmetic, negate, on_grid
from .functions import call
from .hits import hit
from .sql_types import SQL_TYPES

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

    def sql(self, node: Expression) -> str:
        """The expression as SQL, in parentheses where it is more than one term."""
        match node:
            case Constant(value):
                return constant(value, node.kind)
            case ParameterValue(name):
                return constant(self.scalar(name), node.kind)
            case AsOf():
                return quote_value(self.as_of)
            case FieldValue() | MetricValue() | Aggregate() | Portfolio():
                return self.column(node)
            case Decided():
                return DECISION
            case Negate(operand):
                return negate(node.kind, self.sql(operand))
            case Arithmetic():
                return arithmetic(node, self.sql)
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
                return call(node, lambda argument: self.branch(argument, node.kind), self.comparable)
            case Clamp(operand):
                return f"unit({self.sql(operand)})"
            case Weighted():
                return self.weighted(node)
            case Hit():
                return hit(node, self.sql, lambda value: self.value(value, node.kind))
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
        return f"({self.comparable(left)} {op} {self.comparable(right)})"

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
                    values.extend(bare(item, node.kind) for item in value)
                case ValueTest(Constant(value) as node) if value is not None:
                    values.append(bare(value, node.kind))
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
        """Large items stand once: a true one counts `many`, an unknown one 1, and the sum is taken apart again."""
        needed = self.comparable(count)
        tests = [self.sql(item) for item in items]
        if all(map(is_small, items)):
            trues, unknowns = (balanced([f"({test} IS {word})::INTEGER" for test in tests], "+") for word in ("TRUE", "NULL"))
            return f"at_least({needed}, {trues}, {unknowns})"
        many = len(items) + 1
        total = balanced([f"coalesce({test}::INTEGER * {many}, 1)" for test in tests], "+")
        return let({"s": total}, f"at_least({needed}, {BOUND}.s // {many}, {BOUND}.s % {many})")

    def choice(self, node: If) -> str:
        """`if`: unknown where the condition is, unless both branches agree."""
        then, otherwise = (self.branch(branch, node.kind) for branch in (node.then, node.otherwise))
        if isinstance(node.condition, IsMissing):  # never unknown
            return f"(CASE WHEN {self.sql(node.condition)} THEN {then} ELSE {otherwise} END)"
        names = {"c": self.sql(node.condition), "t": then, "e": otherwise}
        same = "grid({t}) = grid({e})" if node.kind is Kind.NUMBER else "{t} = {e}"
        agree = "CASE WHEN {c} THEN {t} WHEN NOT {c} THEN {e} WHEN " + same + " THEN {t} END"
        if all(is_small(part) for part in (node.condition, node.then, node.otherwise)):
            return "(" + agree.format(**names) + ")"
        return let(names, agree.format(c=f"{BOUND}.c", t=f"{BOUND}.t", e=f"{BOUND}.e"))

    def value(self, node: Expression, kind: Kind) -> str:
        """An output as it is compared with others and kept: in the SQL type of `kind`, a calculated number on its grid."""
        text = self.branch(node, kind)
        return text if on_grid(node) else f"grid({text})"

    def weighted(self, node: Weighted) -> str:
        """low + (high - low) * sum / weights, left to right; what weighs nothing plays no role."""
        parts = [(double(weight), self.sql(part.value)) for part in node.parts if (weight := self.weight(part.weight)) != 0]
        span = double(node.high - node.low)
        if node.reweigh:
            total = in_order([f"coalesce({weight} * {value}, 0e0)" for weight, value in parts])
            weights = in_order([f"CASE WHEN {value} IS NULL THEN 0e0 ELSE {weight} END" for weight, value in parts])
        else:
            total = in_order([f"{weight} * {value}" for weight, value in parts])
            weights = in_order([weight for weight, _ in parts])
        low = f"{double(node.low)} + " if node.low else ""
        return f"({low}{span} * ({total}) / NULLIF({weights}, 0e0))"

    def weight(self, node: Expression) -> Decimal | int:
        """A weight's number on the run's date."""
        value = node.value if isinstance(node, Constant) else self.scalar(node.name) if isinstance(node, ParameterValue) else None
        assert isinstance(value, int | Decimal), "the checker lets only numbers and parameters weigh"
        return value

    def branch(self, node: Expression, kind: Kind) -> str:
        """A branch as a value of the whole's kind, so that all branches have one SQL type."""
        if kind is Kind.NUMBER and node.kind is Kind.INTEGER:
            return f"{self.sql(node)}::DOUBLE"
        return self.sql(node)


BOUND = '"#b"'
"""The name that `let` gives its parts (with # it cannot be a field's)."""


def let(names: dict[str, str], body: str) -> str:
    """SQL has no let: a list of one struct, and a lambda over it, name each part once."""
    struct = ", ".join(f"'{name}': {sql}" for name, sql in names.items())
    return f'list_transform([{{{struct}}}], lambda "#b": {body})[1]'


def is_small(node: Expression) -> bool:
    """True where writing the expression twice or thrice does no harm."""
    for size, part in enumerate(walk(node)):
        if size >= 12 or isinstance(part, If | AtLeast) or (isinstance(part, Call) and part.function in ("min", "max")):
            return False
    return True


def constant(value: Scalar | None, kind: Kind) -> str:
    """A literal of a kind: its SQL type is the kind's own."""
    if value is None:
        return f"NULL::{SQL_TYPES[kind]}" if kind is not Kind.UNKNOWN else "NULL"
    match kind:
        case Kind.NUMBER:
            assert isinstance(value, int | Decimal)
            return double(value)
        case Kind.MONEY:
            return f"{signed(quote_value(value))}::DECIMAL(18, 4)"
        case Kind.INTEGER | Kind.DAYS | Kind.MONTHS:
            return f"{signed(quote_value(value))}::BIGINT"
        case _:
            return quote_value(value)


def signed(digits: str) -> str:
    """A negative literal in parentheses: a cast binds before the minus."""
    return f"({digits})" if digits.startswith("-") else digits


def bare(value: Scalar, kind: Kind) -> str:
    """A literal inside a list of values."""
    if kind is Kind.NUMBER and isinstance(value, int | Decimal):
        return double(value)
    return quote_value(value)


def double(value: int | Decimal) -> str:
    """A DOUBLE literal: the shortest digits of the nearest double, with an exponent so that SQL does not read a decimal."""
    text = repr(float(value))
    return text if "e" in text else f"{text}e0"
