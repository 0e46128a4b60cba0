"""A score as read -> its parts and its value: what each factor is worth (0..1), and the weighted mean of that on the score's scale."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from decimal import Decimal

from ..model.checked import CheckedFactor, CheckedMetric, CheckedScore, Made
from ..model.expression import (
    Arithmetic,
    Clamp,
    Constant,
    Expression,
    Hit,
    HitPolicy,
    HitRow,
    If,
    IsMissing,
    MetricValue,
    Negate,
    ParameterValue,
    Scalar,
    Weight,
    Weighted,
)
from ..model.kind import Kind
from ..model.scores import Factor, Score
from .advice import describe
from .catalog import Scope
from .cells import cell_condition
from .literals import Looseness, looseness, parameter_values
from .operators import Clash, arithmetic, unify
from .words import plain, show

Elaborate = Callable[[Expression, Scope], Expression]
_MEASURED = frozenset({Kind.MONEY, Kind.NUMBER, Kind.INTEGER, Kind.DAYS, Kind.MONTHS})
_ZERO = Constant(Decimal(0), "0", kind=Kind.NUMBER)


def score_values(score: Score, scope: Scope, elaborate: Elaborate) -> tuple[CheckedScore, tuple[CheckedMetric, ...]]:
    """The score for explanations, and its calculated values: the parts, then the score itself."""
    parts, factors, weights = [], [], []
    before = len(scope.desk.findings)
    for factor in score.factors:
        of = elaborate(factor.of, scope)
        name = f"#{score.name} {factor.id}"
        tree = _worth(factor, of, scope, elaborate)
        weight = _weight(factor, scope, elaborate)
        parts.append(CheckedMetric(name, Kind.NUMBER, tree, Made.PART, factor.place, factor.title, of=score.name))
        factors.append(CheckedFactor(factor.id, name, weight, of, factor.place, factor.title))
        weights.append(Weight(weight, MetricValue(name, place=factor.place, kind=Kind.NUMBER)))
    if len(scope.desk.findings) == before:
        _check_weights(score, [f.weight for f in factors], scope)
    tree = Weighted(tuple(weights), score.low, score.high, score.reweigh, place=score.place, kind=Kind.NUMBER)
    value = CheckedMetric(
        score.name, Kind.NUMBER, tree, Made.SCORE, score.place, score.title, score.format, score.tell_client, of=score.name
    )
    checked = CheckedScore(score.name, score.low, score.high, score.reweigh, tuple(factors))
    return checked, (*parts, value)


def _worth(factor: Factor, of: Expression, scope: Scope, elaborate: Elaborate) -> Expression:
    tree = _points(factor, of, scope, elaborate) if factor.points else _line(factor, of, scope, elaborate)
    if factor.missing is None:
        return tree
    blank = Constant(factor.missing, plain(factor.missing), kind=Kind.NUMBER, place=factor.place)
    return If(IsMissing(of, place=factor.place, kind=Kind.BOOLEAN), blank, tree, place=factor.place, kind=Kind.NUMBER)


def _points(factor: Factor, of: Expression, scope: Scope, elaborate: Elaborate) -> Expression:
    rows = []
    for cell, worth in factor.points:
        condition = cell_condition(cell, of, scope, elaborate) or Constant(True, "true", kind=Kind.BOOLEAN, place=cell.place)
        rows.append(HitRow(condition, Constant(worth, plain(worth), kind=Kind.NUMBER, place=cell.place)))
    return Hit(HitPolicy.FIRST, tuple(rows), None, place=factor.place, kind=Kind.NUMBER)


def _line(factor: Factor, of: Expression, scope: Scope, elaborate: Elaborate) -> Expression:
    """(of - worst) / (best - worst), cut to 0..1."""
    if factor.worst is None or factor.best is None:
        return _ZERO
    worst, best = elaborate(factor.worst, scope), elaborate(factor.best, scope)
    for end in (worst, best):
        if not isinstance(_unsigned(end), Constant | ParameterValue) and end.kind is not Kind.UNKNOWN:
            help = "write a number, or the name of a parameter"
            scope.desk.error("SS263", f"worst and best are fixed values, and {show(end)} is not", end.place, help)
            return _ZERO
    found = unify((of, worst, best), scope)
    if isinstance(found, Clash):
        message = (
            f"the factor '{factor.id}' measures between different kinds: {describe(found.first, scope)}, {describe(found.second, scope)}"
        )
        scope.desk.error(
            "SS261", message, found.second.place, "write worst and best in the kind of 'of': an amount, a number, or 12 months"
        )
        return _ZERO
    if found.kind is Kind.UNKNOWN:
        return _ZERO
    if found.kind not in _MEASURED:
        help = "use months_between(x, as_of) or days_between" if found.kind is Kind.DATE else "use points: for texts and yes or no"
        scope.desk.error("SS261", f"worst and best need a number or an amount: {describe(of, scope)}", of.place, help)
        return _ZERO
    of, worst, best = found.nodes
    if _may_be_equal(worst, best, scope):
        scope.desk.error("SS263", f"worst and best of the factor '{factor.id}' are the same", best.place, "write two different values")
        return _ZERO
    above = of if _is_zero(worst) else arithmetic(Arithmetic(of, "-", worst, place=factor.place), scope)
    span = _difference(best, worst) or arithmetic(Arithmetic(best, "-", worst, place=factor.place), scope)
    return Clamp(arithmetic(Arithmetic(above, "/", span, place=factor.place), scope), place=factor.place, kind=Kind.NUMBER)


def _unsigned(node: Expression) -> Expression:
    return node.operand if isinstance(node, Negate) else node


def _is_zero(node: Expression) -> bool:
    return isinstance(node, Constant) and node.value == 0


def _difference(best: Expression, worst: Expression) -> Constant | None:
    """best - worst, where both are written out in one kind."""
    match best, worst:
        case Constant(int() | Decimal() as high), Constant(int() | Decimal() as low) if best.kind is worst.kind:
            return Constant(high - low, plain(Decimal(high) - low), kind=best.kind, place=best.place)
        case _:
            return None


def _may_be_equal(worst: Expression, best: Expression, scope: Scope) -> bool:
    """Whether the two are the same on some date."""
    return any(low == high for low, high in zip(*_in_step(worst, best, scope), strict=True))


def _in_step(one: Expression, other: Expression, scope: Scope) -> tuple[list[Scalar | None], list[Scalar | None]]:
    """The values of both on every date on which either changes."""
    dates = sorted(
        {d.since for node in (one, other) if isinstance(node, ParameterValue) for d in scope.catalog.parameters[node.name].dated}
    )

    def at(node: Expression, index: int) -> Scalar | None:
        match node:
            case ParameterValue(name):
                value = scope.catalog.parameters[name].value_at(dates[index]) if dates else scope.catalog.parameters[name].value
                return None if isinstance(value, tuple) else value
            case Constant(value):
                return value
            case _:
                return None

    numbers = range(len(dates) or 1)
    pairs = [(at(one, i), at(other, i)) for i in numbers]
    known = [(a, b) for a, b in pairs if a is not None and b is not None]
    return [a for a, _ in known], [b for _, b in known]


def _weight(factor: Factor, scope: Scope, elaborate: Elaborate) -> Expression:
    weight = elaborate(factor.weight, scope)
    fits = isinstance(weight, Constant | ParameterValue) and (
        weight.kind.family is Kind.NUMBER or (isinstance(weight, ParameterValue) and looseness(weight, scope) is Looseness.NUMBER)
    )
    if weight.kind is not Kind.UNKNOWN and not fits:
        help = "write a number such as 40, or the name of a parameter that holds one"
        scope.desk.error("SS264", f"a weight is a number: {describe(weight, scope)}", weight.place, help)
        return _ZERO
    if any(isinstance(v, int | Decimal) and v < 0 for v in _values(weight, scope)):
        scope.desk.error("SS264", f"the weight of the factor '{factor.id}' is negative", weight.place, "exchange worst and best instead")
    return weight


def _values(weight: Expression, scope: Scope) -> Iterator[Scalar]:
    match weight:
        case Constant(value) if value is not None:
            yield value
        case ParameterValue(name):
            yield from parameter_values(scope.catalog.parameters[name])
        case _:
            pass


def _check_weights(score: Score, weights: list[Expression], scope: Scope) -> None:
    """All zero: no score. A sum near 1 or 100 that is neither: a slip, or a factor that was forgotten."""
    sums = [sum((Decimal(v) for v in column), Decimal(0)) for column in _columns(weights, scope)]
    if any(total == 0 for total in sums):
        scope.desk.error(
            "SS264", f"no factor of the score '{score.name}' weighs anything", score.place, "give at least one a weight above 0"
        )
        return
    for total in sums:
        for whole in (1, 100):
            if total != whole and abs(total - whole) <= Decimal(whole) / 4:
                message = f"the weights of the score '{score.name}' sum to {plain(total)}, not to {whole}"
                help = "that is allowed: each factor counts by its part of the sum; check that none was forgotten"
                scope.desk.note("SS265", message, score.place, help)
                return


def _columns(weights: list[Expression], scope: Scope) -> Iterator[list[int | Decimal]]:
    """The weights on each date on which one of them changes; nothing where one is not known."""
    dated = {d.since for w in weights if isinstance(w, ParameterValue) for d in scope.catalog.parameters[w.name].dated}
    dates: list[datetime.date | None] = [*sorted(dated)]
    for date in dates or [None]:
        column: list[int | Decimal] = []
        for weight in weights:
            value: object = None
            if isinstance(weight, Constant):
                value = weight.value
            elif isinstance(weight, ParameterValue):
                parameter = scope.catalog.parameters[weight.name]
                value = parameter.value if date is None else parameter.value_at(date)
            if isinstance(value, int | Decimal):
                column.append(value)
        if len(column) == len(weights):
            yield column
