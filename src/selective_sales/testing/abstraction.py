"""Two typed trees in; out comes a small world in which they can be compared to the end: every operand a free variable, a few values each.

What stands between `and`, `or`, `if` and the comparisons is kept. Every operand that is not the same for all clients becomes a variable,
the same operand the same variable; it takes one value for each stretch between the values that it is compared with, those values, and
missing, all within what the contract allows. Real clients are among the combinations: where the two trees agree on all of them, no client
can tell one from the other. (They may disagree on a combination that no client can have: then nothing is proved.)
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from math import prod

from ..model.checked import CheckedPolicy
from ..model.expression import (
    Aggregate,
    And,
    Arithmetic,
    AsOf,
    AtLeast,
    Between,
    Call,
    Compare,
    CompareOp,
    Constant,
    Expression,
    FieldValue,
    Hit,
    HitPolicy,
    HitRow,
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
    Scalar,
    Test,
    ValueTest,
    children,
)
from ..model.kind import Kind
from .boundaries import folded
from .operand_bounds import bounds
from .variable import Variable

MOST = 200_000
"""Combinations that are tried; beyond, nothing is proved."""
MIRRORED: dict[CompareOp, CompareOp] = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}
PASSED_ON = (HitPolicy.FIRST, HitPolicy.UNIQUE, HitPolicy.ANY)


@dataclass(slots=True)
class Abstraction:
    """Makes trees over variables; `variables` are those of all trees made so far.

    A metric that is a condition is a variable of its own, or, `levels` deep, what it is made of.
    """

    checked: CheckedPolicy
    as_of: datetime.date
    levels: int = 0
    variables: dict[object, Variable] = field(default_factory=dict)
    failed: bool = False

    @property
    def combinations(self) -> int:
        return prod(len(variable.values()) for variable in self.variables.values())

    def tree(self, node: Expression) -> Expression:
        return self.condition(node) if node.kind is Kind.BOOLEAN else self.value(node)

    def condition(self, node: Expression) -> Expression:
        match node:
            case Constant():
                return node
            case And(items) | Or(items):
                return replace(node, items=tuple(map(self.condition, items)))
            case AtLeast(count, items):
                return replace(node, count=self.fixed(count) or count, items=tuple(map(self.condition, items)))
            case Not(operand):
                return replace(node, operand=self.condition(operand))
            case If(test, then, otherwise):
                return replace(node, condition=self.condition(test), then=self.condition(then), otherwise=self.condition(otherwise))
            case IsMissing(operand):
                return replace(node, operand=self.tree(operand))
            case Compare(left, op, right):
                return self.comparison(left, op, right)
            case Between(operand, low, high):
                return conjunction(self.comparison(operand, ">=", low), self.comparison(operand, "<=", high))
            case In(operand, tests, negated) if not any(is_collected(self.checked, test) for test in tests):
                parts = tuple(part for test in tests for part in self.tested(operand, test))
                some = parts[0] if len(parts) == 1 else Or(parts, kind=Kind.BOOLEAN)
                return Not(some, kind=Kind.BOOLEAN) if negated else some
            case MetricValue(name) if self.checked.metric(name).is_part:
                return self.condition(self.checked.metric(name).expression)
            case MetricValue(name) if self.levels:
                return self.opened(self.checked.metric(name).expression)
            case Hit():
                return self.value(node)
            case _:
                return self.variable(node, node)

    def opened(self, node: Expression) -> Expression:
        """What a metric is made of, one level down."""
        self.levels -= 1
        made = self.condition(node)
        self.levels += 1
        return made

    def comparison(self, left: Expression, op: CompareOp, right: Expression) -> Expression:
        """With a fixed value: the operand against it. Of two operands: which is larger."""
        mine, its = self.constants(left), self.constants(right)
        if its and not mine:
            operand = self.operand(left)
            self.note(left, its)
            return Compare(operand, op, self.fixed(right) or right, kind=Kind.BOOLEAN)
        if mine and not its:
            return self.comparison(right, MIRRORED[op], left)
        if mine and its:
            return Compare(self.fixed(left) or left, op, self.fixed(right) or right, kind=Kind.BOOLEAN)
        return self.difference(left, op, right)

    def difference(self, left: Expression, op: CompareOp, right: Expression) -> Expression:
        """A variable that says how the two operands stand to each other."""
        known = ("difference", right, left) in self.variables
        if known:
            left, op, right = right, MIRRORED[op], left
        key = ("difference", left, right)
        if key not in self.variables:
            blank = self.can_be_blank(left) or self.can_be_blank(right)
            self.variables[key] = Variable(f"#{len(self.variables)}", Kind.INTEGER, only=(-1, 0, 1), blank=blank)
        own = FieldValue("clients", self.variables[key].name, kind=Kind.INTEGER)
        return Compare(own, op, Constant(0, "0", kind=Kind.INTEGER), kind=Kind.BOOLEAN)

    def tested(self, operand: Expression, test: Test) -> Iterable[Expression]:
        match test:
            case ValueTest(ParameterValue() as value) if len(values := self.constants(value)) != 1:
                for one in values:
                    yield self.comparison(operand, "=", Constant(one, kind=value.kind))
            case ValueTest(value):
                yield self.comparison(operand, "=", value)
            case OpTest(op, value):
                yield self.comparison(operand, op, value)
            case RangeTest(low, high, low_closed, high_closed):
                first = self.comparison(operand, ">=" if low_closed else ">", low)
                yield conjunction(first, self.comparison(operand, "<=" if high_closed else "<", high))

    def value(self, node: Expression) -> Expression:
        """What is passed on: constants and choices stay, all else is a variable."""
        match node:
            case Constant():
                return node
            case ParameterValue() | AsOf():
                return self.fixed(node) or self.variable(node, node)
            case If(test, then, otherwise):
                return replace(node, condition=self.condition(test), then=self.tree(then), otherwise=self.tree(otherwise))
            case Hit(policy, rows, otherwise):
                passed_on = policy in PASSED_ON or all(isinstance(row.value, Constant) for row in rows)
                if not passed_on or (policy.collects and policy is HitPolicy.COLLECT):
                    return self.variable(node, node)
                made = tuple(HitRow(self.condition(row.condition), self.tree(row.value)) for row in rows)
                return replace(node, rows=made, otherwise=None if otherwise is None else self.tree(otherwise))
            case Call("coalesce", arguments):
                return replace(node, arguments=tuple(map(self.tree, arguments)))
            case Arithmetic(_, "/", divisor) if not self.constants(divisor):
                zero = Compare(self.operand(divisor), "=", Constant(0, "0", kind=Kind.INTEGER), kind=Kind.BOOLEAN)
                self.note(divisor, (0,))
                nothing = Constant(None, "missing", kind=node.kind)
                return If(zero, nothing, self.variable(node, node), kind=node.kind)
            case _:
                return self.variable(node, node)

    def operand(self, node: Expression) -> Expression:
        """A side of a comparison: a choice stays one."""
        return self.value(node) if isinstance(node, If | Hit) else self.variable(node, node)

    def note(self, node: Expression, values: Iterable[Scalar]) -> None:
        """What the node is compared with, for every variable that may stand for it."""
        match node:
            case If(_, then, otherwise):
                self.note(then, values)
                self.note(otherwise, values)
            case Hit(_, rows, otherwise):
                for one in (*(row.value for row in rows), *(() if otherwise is None else (otherwise,))):
                    self.note(one, values)
            case _:
                if node in self.variables:
                    self.variables[node].thresholds |= set(values)

    def variable(self, key: object, node: Expression) -> Expression:
        if node.kind is Kind.UNKNOWN:
            self.failed = True
            return node
        if key not in self.variables:
            low, high = bounds(self.checked, node)
            only: tuple[Scalar, ...] = ()
            if isinstance(node, FieldValue):
                declared = self.declared(node)
                only = declared
            self.variables[key] = Variable(f"#{len(self.variables)}", node.kind, low, high, self.can_be_blank(node), only)
        return FieldValue("clients", self.variables[key].name, kind=node.kind)

    def declared(self, node: FieldValue) -> tuple[Scalar, ...]:
        table = self.checked.policy.table(node.table)
        found = None if table is None else table.field(node.name)
        return () if found is None else found.one_of

    def can_be_blank(self, node: Expression) -> bool:
        match node:
            case FieldValue(table, name):
                declared = self.checked.policy.table(table)
                found = None if declared is None else declared.field(name)
                return found is None or (found.missing is None and not found.required)
            case Constant(value):
                return value is None
            case ParameterValue() | AsOf():
                return False
            case _:
                return True

    def constants(self, node: Expression) -> tuple[Scalar, ...]:
        return folded(self.checked, node, self.as_of)

    def fixed(self, node: Expression) -> Expression | None:
        """The constant that a parameter or the date is, on this date; the node itself where it is made of such."""
        match node:
            case Constant():
                return node
            case ParameterValue() | AsOf():
                values = self.constants(node)
                return Constant(values[0], kind=node.kind) if len(values) == 1 else None
            case Negate(operand):
                inner = self.fixed(operand)
                return None if inner is None else replace(node, operand=inner)
            case Arithmetic(left, _, right):
                one, other = self.fixed(left), self.fixed(right)
                return None if one is None or other is None else replace(node, left=one, right=other)
            case _:
                return None


def conjunction(one: Expression, other: Expression) -> Expression:
    return And((one, other), kind=Kind.BOOLEAN)


def is_collected(checked: CheckedPolicy, test: Test) -> bool:
    """A list that a table collects."""
    return isinstance(test, ValueTest) and isinstance(test.value, MetricValue) and checked.metric(test.value.name).is_list


def inner_pairs(one: Expression, other: Expression) -> list[tuple[Expression, Expression]]:
    """The pairs of conditions within the brackets of lists, where the two trees differ nowhere else; none where they do."""
    if isinstance(one, Aggregate) and isinstance(other, Aggregate):
        if one.condition is None or other.condition is None or replace(one, condition=other.condition) != other:
            return []
        return [(one.condition, other.condition)]
    mine, its = children(one), children(other)
    if type(one) is not type(other) or len(mine) != len(its):
        return []
    found: list[tuple[Expression, Expression]] = []
    for a, b in zip(mine, its, strict=True):
        if a != b:
            below = inner_pairs(a, b)
            if not below:
                return []
            found += below
    return found
