"""Expressions on one client: a checked tree and the client's typed values in, a value out. None is missing, for a condition: unknown."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from selective_sales.model import expression as e
from selective_sales.model.checked import CheckedPolicy
from selective_sales.model.kind import Kind
from tests.oracle import aggregates, arithmetic, functions, portfolio, tables
from tests.oracle.numbers import grid, within_range

Value = Any
"""Money as Decimal, a number as float, integers and spans as int, str, bool, date; None is missing."""
Row = Mapping[str, Value]


@dataclass
class Client:
    """One client: its row of `clients` and its rows of every child table, typed, blanks as None."""

    row: Row
    children: Mapping[str, Sequence[Row]]


@dataclass
class Evaluator:
    """Values of expressions for one client. `child` is the row of a child table inside its brackets or its `is:`."""

    policy: CheckedPolicy
    as_of: datetime.date
    client: Client
    child: Row | None = None
    child_table: str = ""
    metrics: dict[str, Value] = field(default_factory=dict)
    portfolio: list[Evaluator] = field(default_factory=list)
    """All clients of the run, this one among them; empty: this one alone."""
    final: str = "undetermined"
    """The client's final decision, for what looks at decided clients."""

    @property
    def everybody(self) -> list[Evaluator]:
        return self.portfolio or [self]

    def inside(self, table: str, row: Row) -> Evaluator:
        """The same client, inside one row of a child table."""
        return Evaluator(self.policy, self.as_of, self.client, row, table, self.metrics, self.portfolio, self.final)

    def condition(self, node: e.Expression) -> bool | None:
        """The value of a boolean expression."""
        value = self.value(node)
        assert value is None or isinstance(value, bool), node
        return value

    def value(self, node: e.Expression) -> Value:
        """The value of the node in the kind that the checker gave it; missing where it is outside the kind's range."""
        return fitted(self._value(node), node.kind)

    def _value(self, node: e.Expression) -> Value:
        match node:
            case e.Constant(value):
                return value
            case e.ParameterValue(name):
                return self._parameter(name)
            case e.AsOf():
                return self.as_of
            case e.FieldValue(table, name):
                return self._field(table, name)
            case e.MetricValue(name):
                return self.metric(name)
            case e.Aggregate():
                return aggregates.aggregate(self, node)
            case e.Call(function, arguments):
                take = self.compared if function in ("min", "max", "round", "floor", "ceiling") else self.value
                return functions.call(function, [take(argument) for argument in arguments], node)
            case e.Negate(operand):
                value = self.value(operand)
                return None if value is None else -value
            case e.Arithmetic(left, op, right):
                return arithmetic.calculate(node, self.value(left), op, self.value(right))
            case e.Decided():
                return self.final
            case e.Portfolio():
                return portfolio.portfolio(self, node)
            case e.Clamp(operand):
                value = self.value(operand)
                return None if value is None else min(max(float(value), 0.0), 1.0)
            case e.Weighted():
                return self._weighted(node)
            case e.Hit():
                return self._hit(node)
            case e.Size(operand):
                items = self.value(operand)
                return None if items is None else len(items)
            case e.If(condition, then, otherwise):
                return self._if(condition, then, otherwise)
            case _:
                return self._logic(node)

    def _logic(self, node: e.Expression) -> bool | None:
        match node:
            case e.Compare(left, op, right):
                return self._compare(left, op, right)
            case e.Between(operand, low, high):
                return all_of([self._compare(operand, ">=", low), self._compare(operand, "<=", high)])
            case e.In(operand, tests, negated):
                found = any_of([outcome for test in tests for outcome in self._test(operand, test)])
                return inverse(found) if negated else found
            case e.IsMissing(operand, negated):
                return (self.value(operand) is None) is not negated
            case e.Not(operand):
                return inverse(self.condition(operand))
            case e.And(items):
                return all_of([self.condition(item) for item in items])
            case e.Or(items):
                return any_of([self.condition(item) for item in items])
            case e.AtLeast(count, items):
                return self._at_least(count, [self.condition(item) for item in items])
            case _:
                raise AssertionError(f"not a checked expression: {node!r}")

    def metric(self, name: str) -> Value:
        """A metric's value: a number is put on the nine-decimal grid once, wherever it is used."""
        if name not in self.metrics:
            checked = self.policy.metric(name)
            at_home = Evaluator(self.policy, self.as_of, self.client, metrics=self.metrics, portfolio=self.portfolio, final=self.final)
            self.metrics[name] = fitted(at_home.compared(checked.expression), checked.kind)
        return self.metrics[name]

    def _weighted(self, node: e.Weighted) -> Value:
        """low + (high - low) * sum / weights, the sums in the order of the parts; what weighs nothing is not asked for."""
        total = weights = 0.0
        for part in node.parts:
            weight = float(self.value(part.weight))
            if weight == 0:
                continue
            value = self.value(part.value)
            if value is None and not node.reweigh:
                return None
            if value is not None:
                total, weights = total + weight * value, weights + weight
        return None if weights == 0 else float(node.low) + float(node.high - node.low) * total / weights

    def _hit(self, node: e.Hit) -> Value:
        def given(value: e.Expression) -> Value:
            return fitted(self.compared(value), node.kind)

        def total(values: list[Value]) -> Value:
            addend = e.Constant(None, kind=node.kind)
            return fitted(aggregates.listed(e.Aggregate("sum", "", value=addend, kind=node.kind), values), node.kind)

        counts = node.policy is e.HitPolicy.COUNT
        rows = [(self.condition(row.condition), 0 if counts else given(row.value)) for row in node.rows]
        otherwise = None if node.otherwise is None else given(node.otherwise)
        return tables.hit(node.policy, rows, otherwise, node.otherwise is not None, total)

    def _parameter(self, name: str) -> Value:
        parameter = self.policy.policy.parameter(name)
        assert parameter is not None
        value = parameter.value_at(self.as_of)
        assert not isinstance(value, tuple), "a list parameter stands after `in` only"
        return value

    def _field(self, table: str, name: str) -> Value:
        calculation = self.policy.calculation(table, name)
        if calculation is not None:
            return fitted(self.compared(calculation.expression), calculation.kind)
        if table == self.child_table:
            assert self.child is not None
            return self.child[name]
        assert table == "clients", f"a field of {table} outside its brackets"
        return self.client.row[name]

    def _if(self, condition: e.Expression, then: e.Expression, otherwise: e.Expression) -> Value:
        outcome = self.condition(condition)
        if outcome is not None:
            return self.value(then if outcome else otherwise)
        agree = self._compare(then, "=", otherwise)
        return self.value(then) if agree else None

    def _compare(self, left: e.Expression, op: e.CompareOp, right: e.Expression) -> bool | None:
        return compare(self.compared(left), op, self.compared(right))

    def compared(self, node: e.Expression) -> Value:
        """The value as it is compared: a number that is calculated here is put on the grid; what stands still is on it already."""
        value = self.value(node)
        return value if arithmetic.stands_still(node) else on_grid(value)

    def _test(self, operand: e.Expression, test: e.Test) -> list[bool | None]:
        match test:
            case e.ValueTest(e.ParameterValue(name)) if isinstance(items := self._list(name), tuple):
                return [compare(self.compared(operand), "=", fitted(item, operand.kind)) for item in items]
            case e.ValueTest(e.MetricValue(name)) if self.policy.metric(name).is_list:
                collected = self.metric(name)
                return [None] if collected is None else [any_of([compare(self.compared(operand), "=", item) for item in collected])]
            case e.ValueTest(value):
                return [self._compare(operand, "=", value)]
            case e.OpTest(op, value):
                return [self._compare(operand, op, value)]
            case e.RangeTest(low, high, low_closed, high_closed):
                above = self._compare(operand, ">=" if low_closed else ">", low)
                below = self._compare(operand, "<=" if high_closed else "<", high)
                return [all_of([above, below])]

    def _list(self, name: str) -> object:
        parameter = self.policy.policy.parameter(name)
        return None if parameter is None else parameter.value_at(self.as_of)

    def _at_least(self, count: e.Expression, outcomes: list[bool | None]) -> bool | None:
        needed = self.value(count)
        assert isinstance(needed, int | float | Decimal)
        if outcomes.count(True) >= needed:
            return True
        return False if outcomes.count(True) + outcomes.count(None) < needed else None


def fitted(value: Value, kind: Kind) -> Value:
    """The value in its kind's Python type: money Decimal, number float; missing where the kind cannot hold it."""
    if value is None or isinstance(value, bool | str | datetime.date | list):
        return value
    if kind is Kind.NUMBER:
        value = float(value)
    elif kind is Kind.MONEY:
        value = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    elif isinstance(value, Decimal) and value == int(value):
        value = int(value)
    return value if within_range(value, kind) else None


def on_grid(value: Value) -> Value:
    """The value as it is written out: a number on nine decimals."""
    return fitted(grid(value), Kind.NUMBER) if isinstance(value, float) else value


def compare(left: Value, op: e.CompareOp, right: Value) -> bool | None:
    """Kleene's comparison: unknown where a side is missing; text by its UTF-8 bytes."""
    if left is None or right is None:
        return None
    a, b = _comparable(left, right), _comparable(right, left)
    match op:
        case "=":
            return bool(a == b)
        case "!=":
            return bool(a != b)
        case "<":
            return bool(a < b)
        case "<=":
            return bool(a <= b)
        case ">":
            return bool(a > b)
        case ">=":
            return bool(a >= b)


def _comparable(value: Value, other: Value) -> Any:
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, float) or isinstance(other, float):
        assert isinstance(value, int | float), (value, other)
        return float(value)
    assert type(value) is type(other), (value, other)
    return value


def all_of(outcomes: Sequence[bool | None]) -> bool | None:
    """Kleene's `and`."""
    return False if False in outcomes else None if None in outcomes else True


def any_of(outcomes: Sequence[bool | None]) -> bool | None:
    """Kleene's `or`."""
    return True if True in outcomes else None if None in outcomes else False


def inverse(outcome: bool | None) -> bool | None:
    """Kleene's `not`."""
    return None if outcome is None else not outcome
