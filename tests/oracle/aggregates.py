"""List functions over the client's rows of a child table."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from selective_sales.model import expression as e
from selective_sales.model.kind import Kind
from tests.oracle.numbers import half_away, money, nearest, nine_places, unscaled

if TYPE_CHECKING:
    from tests.oracle.expressions import Evaluator


def aggregate(evaluator: Evaluator, node: e.Aggregate) -> Any:
    """The list function's value. A row whose filter is unknown, or whose value is missing, makes it missing."""
    values, keys = [], []
    for inside in _rows(evaluator, node.table):
        chosen = True if node.condition is None else inside.condition(node.condition)
        if chosen is None:
            return None
        if chosen:
            values.append(0 if node.value is None else inside.value(node.value))
            keys.append(None if node.by is None else inside.value(node.by))
    if None in values or (node.by is not None and None in keys):
        return None
    if node.function == "count":
        return len(values)
    return _latest(values, keys) if node.function == "latest" else listed(node, values)


def _rows(evaluator: Evaluator, table: str) -> list[Evaluator]:
    """The rows of a child table that are the client's; of `clients`, as figures and limits see it, everybody."""
    if table == "clients":
        return evaluator.everybody
    return [evaluator.inside(table, row) for row in evaluator.client.children.get(table, ())]


def _latest(values: list[Any], keys: list[Any]) -> Any:
    candidates = [value for value, key in zip(values, keys, strict=True) if key == max(keys)]
    return candidates[0] if candidates and all(c == candidates[0] for c in candidates) else None


def listed(node: e.Aggregate, values: list[Any]) -> Any:
    """Every list function of values but `count` and `latest`."""
    assert node.value is not None
    if node.function == "distinct_count":
        return len({nine_places(v) if isinstance(v, float) else v for v in values})
    if node.function == "sum":
        return _sum(values, node.value.kind)
    if not values:
        return None
    if node.function in ("min", "max"):
        return _extreme(node, values)
    return _deviation(node, values) if node.function == "stddev" else _middle(node, values)


def _extreme(node: e.Aggregate, values: list[Any]) -> Any:
    choose = min if node.function == "min" else max
    if isinstance(values[0], float):
        values = [nine_places(v) / 1e9 for v in values]
    return choose(values, key=str.encode) if isinstance(values[0], str) else choose(values)


def _sum(values: list[Any], kind: Kind) -> Any:
    if kind is Kind.MONEY:
        return money(sum(unscaled(v) for v in values))
    if kind is Kind.NUMBER:
        return nearest(Fraction(sum(nine_places(v) for v in values), 10**9))
    return sum(values)


def _middle(node: e.Aggregate, values: list[Any]) -> Any:
    """The mean or the median: on more places than the values have, then one rounding."""
    assert node.value is not None
    kind = node.value.kind
    counts = [unscaled(v) if kind is Kind.MONEY else nine_places(v) if kind is Kind.NUMBER else v for v in values]
    if node.function == "median":
        ordered = sorted(counts)
        counts = ordered[(len(ordered) - 1) // 2 : len(ordered) // 2 + 1]
    total = sum(counts)
    if kind is Kind.MONEY:
        return money(half_away(Fraction(total, len(counts))))
    if kind is Kind.NUMBER:
        # a median takes no sum of many: the two in the middle are doubles
        whole = sum(count / 1e9 for count in counts) if node.function == "median" else nearest(Fraction(total, 10**9))
        return whole / len(counts)
    exact = Fraction(total, len(counts))
    return nearest(exact) if node.kind is Kind.NUMBER else half_away(exact)


def _deviation(node: e.Aggregate, values: list[Any]) -> Any:
    """The sample's standard deviation, to the last places of its kind; missing for fewer than two values."""
    if len(values) < 2:
        return None
    numbers = [Fraction(nine_places(v), 10**9) if isinstance(v, float) else Fraction(v) for v in values]
    mean = sum(numbers) / len(numbers)
    result = math.sqrt(sum((n - mean) ** 2 for n in numbers) / (len(numbers) - 1))
    return money(half_away(Fraction(result) * 10**4)) if node.kind is Kind.MONEY else result
