"""The cells of one input -> its atoms, and each cell as the atoms for which it is surely true, and may be true.

A cell that compares with another value of the client is *opaque*: it may be true for any value, and is surely true for none. So what is
claimed about rows holds whatever that value is.
"""

from __future__ import annotations

import datetime
import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from ..model.checked import CheckedPolicy
from ..model.expression import (
    And,
    Constant,
    Expression,
    FieldValue,
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
from .value_ranges import Known, placed, range_of

SCALES = {Kind.MONEY: 10**4, Kind.NUMBER: 10**9, Kind.INTEGER: 1, Kind.DAYS: 1, Kind.MONTHS: 1, Kind.DATE: 1}
_LARGE = 10**15
"""Beyond it decimals of 28 digits do not hold every point of the finest grid."""
Interval = tuple[int | None, int | None]
"""Whole numbers of the grid, both ends included; None: without end."""


@dataclass(frozen=True, slots=True)
class Sides:
    """A cell: the atoms for which it is surely true, and those for which it may be."""

    sure: int
    maybe: int


@dataclass(slots=True)
class Column:
    """One input: its atoms in order. `missing` is the bit of the atom "no value", 0 where the input always has one."""

    text: str
    kind: Kind
    atoms: list[Interval | str | bool | None]
    """Intervals of an ordered kind; texts (None: any other); true and false."""
    missing: int
    percent: bool = False

    @property
    def present(self) -> int:
        return (1 << len(self.atoms)) - 1

    @property
    def everything(self) -> int:
        return self.present | self.missing


@dataclass(slots=True)
class ColumnMaker:
    """Makes the column of an input from all cells that test it. `as_of` picks the values of dated parameters."""

    checked: CheckedPolicy
    as_of: datetime.date
    value: Expression
    text: str
    known: Known | None = None
    """Between which values the input lies; None: within a field's declared limits, else anywhere."""

    ends: tuple[list[float], list[float]] | None = None
    """Where the atoms of the column begin and end, and (`places`) the bit of each listed value; made once."""
    places: dict[object, int] = field(default_factory=dict)

    def column(self, cells: Sequence[Expression | None]) -> tuple[Column, list[Sides]]:
        kind = self.value.kind
        if kind in SCALES:
            column = self._ordered(kind, cells)
        elif kind is Kind.BOOLEAN:
            column = Column(self.text, kind, [True, False], 0)
        else:
            column = self._texts(cells)
        column.missing = (1 << len(column.atoms)) if self._may_be_missing() else 0
        column.percent = isinstance(self.value, MetricValue) and self.checked.metric(self.value.name).format == "percent"
        return column, [self._sides(cell, column) for cell in cells]

    def _may_be_missing(self) -> bool:
        match self.value:
            case FieldValue("clients", name):
                found = self.checked.policy.clients.field(name)
                return found is None or found.calculation is not None or not (found.required or found.missing is not None)
            case _:
                return True

    def _domain(self) -> Interval:
        if self.known is None:
            return None, None
        scale = SCALES[self.value.kind]
        low, high = placed(range_of(self.value, self.known), self.value.kind)
        return None if low is None else math.ceil(low * scale), None if high is None else math.floor(high * scale)

    def _listed(self) -> tuple[Scalar, ...]:
        """The only values, where they are declared."""
        match self.value:
            case FieldValue("clients", name):
                found = self.checked.policy.clients.field(name)
                return () if found is None or found.calculation is not None else found.one_of
            case MetricValue(name):
                outputs = (o for t in self.checked.policy.decision_tables for o in t.outputs)
                return next((o.one_of for o in outputs if o.name == name), ())
            case _:
                return ()

    def _texts(self, cells: Sequence[Expression | None]) -> Column:
        listed = [v for v in self._listed() if isinstance(v, str)]
        named = [v for cell in cells if cell is not None for v in self._constants(cell) if isinstance(v, str)]
        atoms: list[Interval | str | bool | None] = list(dict.fromkeys([*listed, *([] if listed else named)]))
        return Column(self.text, Kind.TEXT, atoms if listed else [*atoms, None], 0)

    def _ordered(self, kind: Kind, cells: Sequence[Expression | None]) -> Column:
        """Cut at every value that a cell names; the values themselves are atoms of their own where that is needed."""
        low, high = self._domain()
        cuts: set[int] = set()
        """Where a new atom begins."""
        for cell in cells:
            for first, last in self._cut_by(cell) if cell is not None else ():
                cuts |= {end for end in (first, None if last is None else last + 1) if end is not None}
        listed = sorted({int(self._scaled(v)) for v in self._listed()})
        if listed:
            return Column(self.text, kind, [(v, v) for v in listed], 0)
        inner = sorted(c for c in cuts if (low is None or c > low) and (high is None or c <= high))
        starts: list[int | None] = [low, *inner]
        ends: list[int | None] = [*(c - 1 for c in inner), high]
        atoms: list[Interval | str | bool | None] = list(zip(starts, ends, strict=True))
        return Column(self.text, kind, atoms, 0)

    def _scaled(self, value: Scalar) -> Fraction | int:
        """The value on the grid: a whole number where it is a point of it."""
        if isinstance(value, datetime.date):
            return value.toordinal()
        assert isinstance(value, int | Decimal)
        scale = SCALES[self.value.kind]
        if isinstance(value, Decimal) and (abs(value) > _LARGE or int(value * scale) != value * scale):
            return Fraction(value) * scale
        return int(value * scale)

    def _constants(self, node: Expression) -> Iterator[Scalar]:
        """Every fixed value that the cell names."""
        match node:
            case In(_, tests):
                for test in tests:
                    for end in test_values(test):
                        yield from self._values(end)
            case Not(operand):
                yield from self._constants(operand)
            case And(items) | Or(items):
                for item in items:
                    yield from self._constants(item)
            case _:
                return

    def _cut_by(self, node: Expression) -> Iterator[Interval]:
        """Every interval that a test of the cell lets through."""
        match node:
            case In(_, tests):
                for test in tests:
                    if all(self._values(end) for end in test_values(test)):
                        yield from self._intervals(test)
            case Not(operand):
                yield from self._cut_by(operand)
            case And(items) | Or(items):
                for item in items:
                    yield from self._cut_by(item)
            case _:
                return

    def _values(self, node: Expression) -> tuple[Scalar, ...]:
        """The value on the date, or the items of a list; nothing where it is not fixed."""
        match node:
            case Constant(value) if value is not None:
                return (value,)
            case Negate(Constant(value)) if isinstance(value, int | Decimal):
                return (-value,)
            case ParameterValue(name):
                parameter = self.checked.policy.parameter(name)
                held = None if parameter is None else parameter.value_at(self.as_of)
                return () if held is None else held if isinstance(held, tuple) else (held,)
            case _:
                return ()

    def _sides(self, node: Expression | None, column: Column) -> Sides:
        present = column.present
        match node:
            case None:
                return Sides(column.everything, column.everything)
            case IsMissing(operand, negated) if operand == self.value:
                exact = present if negated else column.missing
                return Sides(exact, exact)
            case In(operand, tests, negated) if operand == self.value:
                found = self._any([self._test(test, column) for test in tests])
                return Sides(present & ~found.maybe, present & ~found.sure) if negated else found
            case Not(operand):
                inner = self._sides(operand, column)
                # A test of a missing input is unknown, and so is its opposite; `not(missing)` is about missing itself.
                about_missing = column.missing if isinstance(operand, IsMissing) else 0
                whole = present | about_missing
                return Sides(whole & ~inner.maybe, whole & ~inner.sure)
            case Or(items):
                return self._any([self._sides(item, column) for item in items])
            case And(items):
                parts = [self._sides(item, column) for item in items]
                sure, maybe = column.everything, column.everything
                for part in parts:
                    sure, maybe = sure & part.sure, maybe & part.maybe
                return Sides(sure, maybe)
            case _ if node == self.value and node.kind is Kind.BOOLEAN:
                return Sides(1, 1)
            case _:
                return Sides(0, column.everything)

    def _any(self, parts: Sequence[Sides]) -> Sides:
        sure = maybe = 0
        for part in parts:
            sure, maybe = sure | part.sure, maybe | part.maybe
        return Sides(sure, maybe)

    def _test(self, test: Test, column: Column) -> Sides:
        if any(not self._values(end) for end in test_values(test)):
            return Sides(0, column.present)
        found = 0
        if self.value.kind in SCALES:
            for low, high in self._intervals(test):
                found |= self._within(low, high, column)
            return Sides(found, found)
        match test:
            case ValueTest(value) | OpTest("=", value):
                found = self._listed_among(self._values(value), column)
                return Sides(found, found)
            case OpTest("!=", value):
                found = column.present & ~self._listed_among(self._values(value), column)
                return Sides(found, found)
            case _:
                return Sides(0, column.present)

    def _listed_among(self, wanted: Sequence[Scalar], column: Column) -> int:
        """The atoms that are one of these texts, or true or false."""
        if not self.places:
            self.places = {atom: 1 << i for i, atom in enumerate(column.atoms)}
        return sum(self.places.get(value, 0) for value in set(wanted) if isinstance(value, str | bool))

    def _within(self, low: int | None, high: int | None, column: Column) -> int:
        """The atoms that lie within the interval (they are cut so that none lies across its ends)."""
        if not self.ends:
            self.ends = ([_begins(atom) for atom in column.atoms], [_ends_at(atom) for atom in column.atoms])
        start = 0 if low is None else bisect_left(self.ends[0], low)
        end = len(column.atoms) if high is None else bisect_right(self.ends[1], high)
        return (1 << end) - (1 << start) if start < end else 0

    def _intervals(self, test: Test) -> Iterator[Interval]:
        match test:
            case ValueTest(value):
                for single in self._values(value):
                    yield _exactly(self._scaled(single))
            case OpTest(op, value):
                exact = self._scaled(self._values(value)[0])
                match op:
                    case ">=":
                        yield math.ceil(exact), None
                    case ">":
                        yield math.floor(exact) + 1, None
                    case "<=":
                        yield None, math.floor(exact)
                    case "<":
                        yield None, math.ceil(exact) - 1
                    case "=":
                        yield _exactly(exact)
                    case "!=":
                        yield None, math.ceil(exact) - 1
                        yield math.floor(exact) + 1, None
            case RangeTest(low, high, low_closed, high_closed):
                first, last = self._scaled(self._values(low)[0]), self._scaled(self._values(high)[0])
                start = math.ceil(first) if low_closed else math.floor(first) + 1
                end = math.floor(last) if high_closed else math.ceil(last) - 1
                if start <= end:
                    yield start, end


def _begins(atom: object) -> float:
    assert isinstance(atom, tuple)
    return -math.inf if atom[0] is None else atom[0]


def _ends_at(atom: object) -> float:
    assert isinstance(atom, tuple)
    return math.inf if atom[1] is None else atom[1]


def _exactly(value: Fraction | int) -> Interval:
    """One point of the grid; an empty interval where the value lies between two."""
    return (int(value), int(value)) if value.denominator == 1 else (1, 0)
