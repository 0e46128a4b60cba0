"""Between which values an expression lies, whatever the client: interval arithmetic over the limits that the contract declares.

A checked expression in, its `Range` out. A range holds every value that the expression can have where it is not missing, in the engine's
own arithmetic: money rounded to four places, numbers as doubles that are put on the nine-decimal grid. It may be wider than what can occur
(every use of a field counts for itself), never narrower. Portfolio functions and lists are free within what their kind promises.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from ..model.checked import CheckedPolicy
from ..model.expression import (
    Aggregate,
    Arithmetic,
    Call,
    Clamp,
    Constant,
    Expression,
    FieldValue,
    Hit,
    HitPolicy,
    If,
    MetricValue,
    Negate,
    ParameterValue,
    Portfolio,
    Scalar,
    Size,
    Weighted,
)
from ..model.kind import Kind
from ..model.policy import Field, Parameter

End = Fraction | None
"""None: without end."""
Range = tuple[End, End]

ANY: Range = (None, None)
_ZERO, _ONE = Fraction(0), Fraction(1)
_COUNTED: Range = (_ZERO, None)
_SHARE: Range = (_ZERO, _ONE)
_WIDER = Fraction(1, 2**50)
"""More than what one operation on doubles is rounded by, as a part of its result."""
_LARGEST = Fraction(10) ** 290
_SMALLEST = Fraction(1, 10**290)
_MOST_NODES = 400
"""Of one expression: beyond it nothing is claimed."""


@dataclass(slots=True)
class Known:
    """What ranges are made of: the fields of every table, the parameters, and the ranges of what the policy calculates."""

    fields: Mapping[str, Mapping[str, Field]]
    parameters: Mapping[str, Parameter]
    found: dict[str | tuple[str, str], Range] = field(default_factory=dict)
    """Of calculated values by name, of calculated fields by table and name; filled in an order in which each comes after all it uses."""

    def add(self, name: str | tuple[str, str], tree: Expression) -> None:
        self.found[name] = placed(range_of(tree, self), tree.kind)


def known_of(checked: CheckedPolicy) -> Known:
    """What a checked policy promises of its values."""
    tables = checked.policy.tables
    known = Known({t.name: {f.name: f for f in t.fields} for t in tables}, {p.name: p for p in checked.policy.parameters})
    for calculation in checked.calculations:
        known.add((calculation.table, calculation.field), calculation.expression)
    for name in checked.metric_order:
        if not checked.metric(name).is_list:
            known.add(name, checked.metric(name).expression)
    return known


def range_of(node: Expression, known: Known) -> Range:
    """The range of the expression."""
    return _Ranges(known).of(node)


def placed(range: Range, kind: Kind) -> Range:
    """The range of the values as they are compared: a number is put on the grid."""
    return (_on_grid(range[0]), _on_grid(range[1])) if kind is Kind.NUMBER else range


def _on_grid(end: End) -> End:
    if end is None or abs(end) > 10**6:
        return None if end is None else end + (_WIDER * abs(end)) * (1 if end > 0 else -1)
    return Fraction(_half_away(end * 10**9), 10**9)


def _half_away(value: Fraction) -> int:
    found = math.floor(abs(value) + Fraction(1, 2))
    return found if value >= 0 else -found


@dataclass(slots=True)
class _Ranges:
    known: Known
    left: int = _MOST_NODES

    def of(self, node: Expression) -> Range:
        self.left -= 1
        if self.left < 0 or not (node.kind.is_numeric or node.kind is Kind.DATE):
            return ANY
        match node:
            case Constant(value):
                return _end(value), _end(value)
            case ParameterValue(name):
                return _union([(_end(v), _end(v)) for v in _values(self.known.parameters.get(name))])
            case FieldValue(table, name):
                return self._field(table, name)
            case MetricValue(name):
                return self.known.found.get(name, ANY)
            case Negate(operand):
                low, high = self.of(operand)
                return _minus(high), _minus(low)
            case Arithmetic(left, op, right):
                return self._arithmetic(node, self.of(left), op, self.of(right))
            case If(_, then, otherwise):
                return self._any([then, otherwise])
            case Call(function, arguments):
                return self._call(function, arguments)
            case Aggregate() | Portfolio() | Size():
                return self._of_many(node)
            case Clamp():
                return _SHARE
            case Weighted(_, low, high):
                return self._score(node, Fraction(low), Fraction(high))
            case Hit(policy, rows, last):
                return self._hit(policy, [row.value for row in rows], last, node.kind)
            case _:
                return ANY

    def compared(self, node: Expression) -> Range:
        return placed(self.of(node), node.kind)

    def _any(self, nodes: Sequence[Expression]) -> Range:
        """Of a value that is one of these; `missing` adds nothing to what can be."""
        return _union([self.of(node) for node in nodes if not (isinstance(node, Constant) and node.value is None)])

    def _field(self, table: str, name: str) -> Range:
        found = self.known.fields.get(table, {}).get(name)
        if found is None:
            return ANY
        if found.calculation is not None:
            return self.known.found.get((table, name), ANY)
        if found.one_of:
            return _union([(_end(v), _end(v)) for v in found.one_of])
        return _end(found.minimum), _end(found.maximum)

    def _arithmetic(self, node: Arithmetic, left: Range, op: str, right: Range) -> Range:
        if Kind.DATE in (node.kind, node.left.kind, node.right.kind):
            return ANY
        match op:
            case "+":
                found = _plus(left[0], right[0]), _plus(left[1], right[1])
            case "-":
                found = _plus(left[0], _minus(right[1])), _plus(left[1], _minus(right[0]))
            case "*":
                found = _product(left, right)
            case "/":
                found = _quotient(left, right)
            case _:
                return ANY
        return _rounded(found, node.kind)

    def _call(self, function: str, arguments: tuple[Expression, ...]) -> Range:
        match function:
            case "coalesce":
                return self._any(arguments)
            case "min" | "max":
                return _extreme(function, [self.compared(a) for a in arguments])
            case "abs":
                low, high = self.of(arguments[0])
                if low is not None and low >= 0:
                    return low, high
                return _ZERO, None if low is None or high is None else max(-low, abs(high))
            case "round" | "floor" | "ceiling" if len(arguments) == 1:
                low, high = self.compared(arguments[0])
                return None if low is None else Fraction(math.floor(low)), None if high is None else Fraction(math.ceil(high))
            case "length":
                return _COUNTED
            case "month":
                return _ONE, Fraction(12)
            case _:
                return ANY

    def _of_many(self, node: Aggregate | Portfolio | Size) -> Range:
        match node:
            case Size() | Aggregate("count" | "distinct_count" | "stddev"):
                return _COUNTED
            case Aggregate("sum", _, _, value) if value is not None:
                return _summed(self.compared(value))
            case Aggregate("min" | "max" | "latest", _, _, value) if value is not None:
                return self.compared(value)
            case Aggregate("mean" | "median", _, _, value) if value is not None:
                return _rounded(self.compared(value), node.kind)
            case Portfolio("rank"):
                return _ONE, None
            case Portfolio("percentile"):
                return _SHARE
            case Portfolio("total", value):
                return _summed(self.compared(value))
            case Portfolio("average" | "median", value):
                return _rounded(self.compared(value), node.kind)
            case Portfolio("share" | "cumulative_share" | "cumulative_share_before", value):
                low = self.compared(value)[0]
                return _SHARE if low is not None and low >= 0 else ANY
            case _:
                return ANY

    def _score(self, node: Weighted, low: Fraction, high: Fraction) -> Range:
        weights = [self.of(part.weight)[0] for part in node.parts]
        values = [self.of(part.value) for part in node.parts]
        inside = all(low is not None and high is not None and low >= 0 and high <= 1 for low, high in values)
        if not inside or any(weight is None or weight < 0 for weight in weights):
            return ANY
        slack = _WIDER * 4 * len(weights) * (abs(low) + abs(high))
        return low - slack, high + slack

    def _hit(self, policy: HitPolicy, values: list[Expression], last: Expression | None, kind: Kind) -> Range:
        match policy:
            case HitPolicy.COUNT:
                return _COUNTED if last is None else _union([_COUNTED, self._any([last])])
            case HitPolicy.SUM | HitPolicy.COLLECT:
                return ANY
            case _:
                return placed(self._any((*values, *(() if last is None else (last,)))), kind)


def _end(value: Scalar | None) -> End:
    if value is None or isinstance(value, str | bool):
        return None
    return Fraction(value.toordinal()) if isinstance(value, datetime.date) else Fraction(value)


def _values(parameter: Parameter | None) -> Iterator[Scalar]:
    """Every value that the parameter ever has."""
    if parameter is not None:
        for held in (parameter.value, *(d.value for d in parameter.dated)):
            if held is not None:
                yield from held if isinstance(held, tuple) else (held,)


def _union(ranges: list[Range]) -> Range:
    if not ranges:
        return ANY
    lows, highs = [low for low, _ in ranges], [high for _, high in ranges]
    return _least(lows), _greatest(highs)


def _least(ends: list[End]) -> End:
    known = [end for end in ends if end is not None]
    return min(known) if len(known) == len(ends) else None


def _greatest(ends: list[End]) -> End:
    known = [end for end in ends if end is not None]
    return max(known) if len(known) == len(ends) else None


def _extreme(function: str, ranges: list[Range]) -> Range:
    """`min(a, b)` is as low as the lowest, and no higher than any of them; `max` the other way round."""
    lows, highs = [low for low, _ in ranges], [high for _, high in ranges]
    if function == "min":
        return _least(lows), min((high for high in highs if high is not None), default=None)
    return max((low for low in lows if low is not None), default=None), _greatest(highs)


def _summed(range: Range) -> Range:
    """A sum of any number of such values, or of none."""
    low, high = range
    return _ZERO if low is not None and low >= 0 else None, _ZERO if high is not None and high <= 0 else None


def _minus(end: End) -> End:
    return None if end is None else -end


def _plus(one: End, other: End) -> End:
    return None if one is None or other is None else one + other


def _sign(range: Range) -> int:
    """1 where no value is below zero, -1 where none is above, else 0."""
    low, high = range
    return 1 if low is not None and low >= 0 else -1 if high is not None and high <= 0 else 0


def _product(left: Range, right: Range) -> Range:
    if None not in left and None not in right:
        corners = [a * b for a in left for b in right if a is not None and b is not None]
        return min(corners), max(corners)
    return _of_sign(_sign(left) * _sign(right))


def _quotient(left: Range, right: Range) -> Range:
    """Divided by zero is missing, so only what is not zero counts."""
    low, high = right
    if None not in left and low is not None and high is not None and (low > 0 or high < 0):
        return _product(left, (1 / high, 1 / low))
    sign = _sign(left) * _sign(right)
    # Nothing is nearer to zero than the least dividend over the greatest divisor.
    if sign > 0 and left[0] is not None and left[0] > 0 and low is not None and low >= 0 and high is not None:
        return left[0] / high if high else None, None
    return _of_sign(sign)


def _of_sign(sign: int) -> Range:
    return (_ZERO, None) if sign > 0 else (None, _ZERO) if sign < 0 else ANY


def _rounded(range: Range, kind: Kind) -> Range:
    """What the engine's rounding can make of the exact ends. Zero stays zero: no operation rounds across it."""
    low, high = _wider(range[0], -1), _wider(range[1], 1)
    if kind is Kind.NUMBER:
        return low, high
    places = 10**4 if kind is Kind.MONEY else 1
    return _to_places(low, -1, places), _to_places(high, 1, places)


def _to_places(end: End, way: int, places: int) -> End:
    """Half away from zero; before that the engine may have put the product on the grid."""
    if end is None or end == 0:
        return end
    return Fraction(_half_away(end * places + Fraction(way, 10**9)), places)


def _wider(end: End, way: int) -> End:
    if end is None or end == 0:
        return end
    if not _SMALLEST < abs(end) < _LARGEST:
        return None
    found = end + way * abs(end) * _WIDER
    # A double keeps the fraction short; its own rounding is much less than what was added.
    return Fraction(float(found)) if found.denominator > 2**60 or found.numerator > 2**120 else found
