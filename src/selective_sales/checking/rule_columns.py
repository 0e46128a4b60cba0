"""The conditions of a policy's rules -> logic over columns: one column for each value that conditions compare with fixed values.

A column is a field, a metric, or an expression as it stands; its atoms are cut at every value that any condition compares it with. Two
values compared with each other have a column of their own (less, equal, more), and so has a condition of another sort (true, false).
Columns are free: each may hold anything, whatever the others hold. So there are more combinations here than there can be clients, never
fewer, and what holds for all of them holds for every client.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from typing import cast

from ..model.checked import CheckedPolicy
from ..model.expression import (
    And,
    AtLeast,
    Between,
    Compare,
    CompareOp,
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
    Scalar,
    Test,
    ValueTest,
    test_values,
)
from ..model.kind import Kind
from .boxes import TooMuchWorkError
from .logic import Choice, Leaf, Logic, Many, Opposite, Settled
from .table_columns import Column, ColumnMaker
from .value_ranges import Known
from .words import show

_DEEPEST = 12
"""Definitions within definitions that are looked through."""
_MOST_NODES = 2000
"""Of one condition, definitions looked through."""
_LARGE_NUMBER = 9_000_000
"""Below it, doubles tell all numbers of nine places apart; above it nothing is claimed of a comparison."""
_LARGE_INTEGER = 2**53

_FLIPPED: dict[CompareOp, CompareOp] = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_AGAINST: dict[CompareOp, int] = {"<": 0b001, "=": 0b010, ">": 0b100, "<=": 0b011, ">=": 0b110, "!=": 0b101}
"""The atoms less, equal and more for which the comparison is true."""


@dataclass(slots=True)
class _Draft:
    """A column in the making: what is tested, and the tests so far."""

    text: str
    maker: ColumnMaker | None
    """None for two values compared with each other."""
    percent: bool = False
    tests: dict[object, tuple[int, Expression | CompareOp]] = field(default_factory=dict)
    """By what is asked: the test's number, and the test."""


@dataclass(slots=True)
class ColumnsOfRules:
    """Reads conditions into logic; `finish` then makes the columns."""

    checked: CheckedPolicy
    as_of: datetime.date
    known: Known
    drafts: dict[object, int] = field(default_factory=dict)
    made: list[_Draft] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    sets: list[list[tuple[int, int, int]]] = field(default_factory=list)
    left: int = 0

    def read(self, node: Expression) -> Logic:
        """The condition as logic. Refuses (TooMuchWorkError) one that is very large, definitions looked through."""
        self.left = _MOST_NODES
        return self._logic(node, 0)

    def finish(self) -> None:
        for draft in self.made:
            if draft.maker is None:
                column = Column(draft.text, Kind.UNKNOWN, ["<", "=", ">"], 0b1000)
                self.columns.append(column)
                true_for = [_AGAINST[cast("CompareOp", op)] for op in draft.tests]
                self.sets.append([(atoms, 0b111 & ~atoms, 0b1111) for atoms in true_for])
                continue
            cells = [cast("Expression", cell) for _, cell in draft.tests.values()]
            column, sides = draft.maker.column(cells)
            column.percent |= draft.percent
            self.columns.append(column)
            present, everything = column.present, column.everything
            self.sets.append(
                [
                    (side.sure, (everything if isinstance(cell, IsMissing) else present) & ~side.sure, everything)
                    for cell, side in zip(cells, sides, strict=True)
                ]
            )

    def _logic(self, node: Expression, depth: int) -> Logic:
        self._spend()
        match node:
            case Constant(bool() as settled):
                return Settled(settled)
            case Constant(None):
                return Settled(None)
            case And(items):
                return Many(len(items), tuple(self._logic(item, depth) for item in items))
            case Or(items):
                return Many(1, tuple(self._logic(item, depth) for item in items))
            case AtLeast(count, items):
                return self._at_least(count, items, depth)
            case Not(operand):
                return Opposite(self._logic(operand, depth))
            case If(condition, then, otherwise):
                return Choice(self._logic(condition, depth), self._logic(then, depth), self._logic(otherwise, depth), Settled(True))
            case Compare(left, op, right):
                return self._compare(left, op, right, depth)
            case Between(operand, low, high):
                return Many(2, (self._compare(operand, ">=", low, depth), self._compare(operand, "<=", high, depth)))
            case In(operand, tests, negated):
                found = self._in(operand, tests, depth)
                return Opposite(found) if negated else found
            case IsMissing(operand, negated):
                value = self._named(operand)
                return self._test(value, ("missing", negated), IsMissing(value, negated, kind=Kind.BOOLEAN))
            case MetricValue(name) if depth < _DEEPEST and self._is_condition(name):
                return self._logic(self.checked.metric(name).expression, depth + 1)
            case _:
                value = self._named(node)
                return self._test(value, "true", value)

    def _at_least(self, count: Expression, items: tuple[Expression, ...], depth: int) -> Logic:
        held = self.values(count)
        if len(held) != 1 or not isinstance(held[0], int | Decimal):
            raise TooMuchWorkError
        return Many(int(held[0]), tuple(self._logic(item, depth) for item in items))

    def _is_condition(self, name: str) -> bool:
        """A metric that is a condition itself, not a value of the client's."""
        found = self.checked.metric(name)
        return not found.is_list and isinstance(
            found.expression, And | Or | Not | Compare | Between | In | IsMissing | AtLeast | If | MetricValue | FieldValue
        )

    def _named(self, node: Expression) -> Expression:
        """What a metric stands for that only gives another name."""
        for _ in range(_DEEPEST):
            if not isinstance(node, MetricValue):
                break
            found = self.checked.metric(node.name)
            if found.is_list or found.expression.kind is not node.kind or not isinstance(found.expression, MetricValue | FieldValue):
                break
            node = found.expression
        return node

    def _chosen(self, node: Expression) -> tuple[Expression, If | None]:
        """The value, and the `if` that it is made by, if any."""
        node = self._named(node)
        if isinstance(node, If):
            return node, node
        if isinstance(node, MetricValue):
            found = self.checked.metric(node.name)
            if not found.is_list and isinstance(found.expression, If) and found.expression.kind is node.kind:
                return node, found.expression
        return node, None

    def _compare(self, left: Expression, op: CompareOp, right: Expression, depth: int, known_as: MetricValue | None = None) -> Logic:
        """A comparison; `known_as` is what the author calls the left side, where it stands for something else."""
        self._spend()
        if self._is_fixed(left):
            if self._is_fixed(right):
                return Settled(self._fixed(left, op, right))
            left, op, right = right, _FLIPPED[op], left
        value, choice = self._chosen(left)
        if not self._is_fixed(right):
            return self._against(value, op, self._named(right))
        if isinstance(right, Constant) and right.value is None:
            return Settled(None)
        if choice is not None and depth < _DEEPEST:
            return self._choice(value, choice, op, right, depth + 1)
        if not self._is_safe(value, op, right):
            return self._against(value, op, right)
        return self._test(value, (op, self.values(right)), In(value, (OpTest(op, right),), kind=Kind.BOOLEAN), known_as)

    def _choice(self, value: Expression, choice: If, op: CompareOp, right: Expression, depth: int) -> Logic:
        condition = self._logic(choice.condition, depth)
        # `if c then x else missing` is known by its own name.
        single = self._is_fixed(choice.then) or self._is_fixed(choice.otherwise)
        known_as = value if single and isinstance(value, MetricValue) else None
        then, otherwise = (self._compare(branch, op, right, depth, known_as) for branch in (choice.then, choice.otherwise))
        agree: Logic
        if self._is_fixed(choice.then) and self._is_fixed(choice.otherwise):
            agree = Settled(self._fixed(choice.then, "=", choice.otherwise) is True)
        else:
            # Free, and nobody else's: whether two values are the same is not quite whether they compare as equal.
            agree = self._against(choice.then, "=", choice.otherwise, "the same")
        return Choice(condition, then, otherwise, agree)

    def _in(self, operand: Expression, tests: tuple[Test, ...], depth: int) -> Logic:
        value, choice = self._chosen(operand)
        ends = [end for test in tests for end in test_values(test)]
        if any(isinstance(end, MetricValue) and self.checked.metric(end.name).is_list for end in ends):
            whole = In(value, tests, kind=Kind.BOOLEAN)
            return self._test(whole, "true", whole)
        plain = all(self._is_fixed(end) and self.values(end) and self._is_safe(value, "=", end) for end in ends)
        if (
            plain
            and choice is None
            and not (value.kind is Kind.TEXT and any(_orders(test) for test in tests))
            and not self._is_fixed(value)
        ):
            return self._test(value, tests, In(value, tests, kind=Kind.BOOLEAN))
        return Many(1, tuple(self._one_test(operand, test, depth) for test in tests))

    def _one_test(self, operand: Expression, test: Test, depth: int) -> Logic:
        match test:
            case ValueTest(ParameterValue() as listed) if self._is_fixed(listed):
                items = tuple(Constant(v, kind=listed.kind) for v in self.values(listed))
                return Many(1, tuple(self._compare(operand, "=", item, depth) for item in items)) if items else Settled(None)
            case ValueTest(value):
                return self._compare(operand, "=", value, depth)
            case OpTest(op, value):
                return self._compare(operand, op, value, depth)
            case RangeTest(low, high, low_closed, high_closed):
                lower = self._compare(operand, ">=" if low_closed else ">", low, depth)
                return Many(2, (lower, self._compare(operand, "<=" if high_closed else "<", high, depth)))

    def _test(self, value: Expression, asked: object, cell: Expression, known_as: MetricValue | None = None) -> Logic:
        """A test of a column by fixed values; `asked` is the same for tests that are."""
        number = self.drafts.get(value)
        if number is None:
            named = value if known_as is None or isinstance(value, FieldValue | MetricValue) else known_as
            number = self._draft(value, show(named), ColumnMaker(self.checked, self.as_of, value, show(named), self.known))
            self.made[number].percent = isinstance(named, MetricValue) and self.checked.metric(named.name).format == "percent"
        return self._leaf(number, asked, cell)

    def _against(self, left: Expression, op: CompareOp, right: Expression, how: str = "against") -> Logic:
        """Two values compared with each other: `a < b`, `b > a` and `not (a >= b)` are of one column."""
        if left != right and (how, right, left) in self.drafts:
            left, op, right = right, _FLIPPED[op], left
        key = (how, left, right)
        number = self.drafts.get(key)
        if number is None:
            number = self._draft(key, f"{show(left)} \0 {show(right)}", None)
        return self._leaf(number, op, op)

    def _draft(self, key: object, text: str, maker: ColumnMaker | None) -> int:
        self.drafts[key] = len(self.made)
        self.made.append(_Draft(text, maker))
        return len(self.made) - 1

    def _spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise TooMuchWorkError

    def _leaf(self, number: int, asked: object, test: Expression | CompareOp) -> Logic:
        tests = self.made[number].tests
        return Leaf(number, tests.setdefault(asked, (len(tests), test))[0])

    def _is_fixed(self, node: Expression) -> bool:
        return isinstance(node, Constant | ParameterValue) or (isinstance(node, Negate) and isinstance(node.operand, Constant))

    def values(self, node: Expression) -> tuple[Scalar, ...]:
        """The value on the date, or the items of a list; nothing for `missing`."""
        match node:
            case Constant(value):
                return () if value is None else (value,)
            case Negate(Constant(value)) if isinstance(value, int | Decimal):
                return (-value,)
            case ParameterValue(name):
                parameter = self.checked.policy.parameter(name)
                held = None if parameter is None else parameter.value_at(self.as_of)
                return () if held is None else held if isinstance(held, tuple) else (held,)
            case _:
                return ()

    def _fixed(self, left: Expression, op: CompareOp, right: Expression) -> bool | None:
        """The comparison of two fixed values."""
        one, other = self.values(left), self.values(right)
        if len(one) != 1 or len(other) != 1:
            return None
        a, b = cast("int", one[0]), cast("int", other[0])  # or two texts, two dates: the checker has seen to it that both are of one kind
        order = 0b010 if a == b else 0b001 if a < b else 0b100
        return bool(order & _AGAINST[op])

    def _is_safe(self, value: Expression, op: CompareOp, right: Expression) -> bool:
        """False for what the atoms cannot tell exactly: order among texts, numbers beyond what doubles tell apart."""
        match value.kind:
            case Kind.TEXT:
                return op in ("=", "!=")
            case Kind.NUMBER:
                return all(_size(v) < _LARGE_NUMBER for v in self.values(right))
            case Kind.INTEGER:
                return all(_size(v) < _LARGE_INTEGER for v in self.values(right))
            case _:
                return True


def _size(value: Scalar) -> Decimal:
    assert isinstance(value, int | Decimal)
    return abs(Decimal(value))


def _orders(test: Test) -> bool:
    """True for a test by order, not by equality."""
    return isinstance(test, RangeTest) or (isinstance(test, OpTest) and test.op not in ("=", "!="))
