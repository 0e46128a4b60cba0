"""CheckedPolicy and a date in; out comes, for every field that a decision, score or table reaches, the values at which something may turn.

Only a place to look: whether anything turns there, the production query says. A value is of interest where the policy compares the field
with it (and its neighbours on either side), where the contract ends, and where the cell is blank. Pure.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from ..model.checked import CheckedPolicy
from ..model.expression import (
    Aggregate,
    Arithmetic,
    AsOf,
    Between,
    Call,
    Clamp,
    Compare,
    Constant,
    Expression,
    FieldValue,
    If,
    In,
    MetricValue,
    Negate,
    ParameterValue,
    Scalar,
    test_values,
    walk,
)
from ..model.grid import SCALES, is_value, steps_of, value_at
from ..model.kind import Kind
from ..model.policy import Field, Table
from .patterns import fits, sample_of

MOST_VALUES = 60
"""Of one field: a list of a thousand words is no list of boundaries."""
_SENSIBLE = {Kind.MONEY: 100, Kind.NUMBER: 10**7, Kind.INTEGER: 1, Kind.DAYS: 1, Kind.MONTHS: 1, Kind.DATE: 1}
"""The step to a neighbour that a person would write, on the kind's grid: a cent, a hundredth, a day."""
_FIGURES = {Kind.NUMBER, Kind.INTEGER}
Comparison = tuple[Expression, tuple[Expression, ...]]


@dataclass(frozen=True, slots=True)
class Interest:
    """A field of the data with the values worth trying: typed, ascending, None (a blank cell) last where the contract allows it.

    `exact` are those that the policy itself compares the field with: the boundaries proper, without their neighbours.
    """

    table: str
    field: Field
    values: tuple[Scalar | None, ...]
    exact: tuple[Scalar, ...] = ()


def interests(checked: CheckedPolicy, as_of: datetime.date) -> tuple[Interest, ...]:
    """Of every field of the clients and their rows that some rule, score or table reaches: in the policy's order, keys left out."""
    reached = read_fields(checked)
    trees = tuple(reached_trees(checked))
    return tuple(
        _interest(checked, table, field, trees, as_of)
        for table in checked.policy.delivered
        for field in table.fields
        if (table.name, field.name) in reached and field.calculation is None and field.name not in table.key
    )


def read_fields(checked: CheckedPolicy) -> frozenset[tuple[str, str]]:
    """Every (table, field) that a rule or a calculated value reaches."""
    roots = [*(rule.condition for rule in checked.rules), *(metric.expression for metric in checked.metrics)]
    return frozenset[tuple[str, str]]().union(*map(checked.reads, roots))


def reached_trees(checked: CheckedPolicy) -> Iterator[Expression]:
    """Every expression in which a comparison may stand."""
    yield from (rule.condition for rule in checked.rules)
    yield from (metric.expression for metric in checked.metrics)
    yield from (calculation.expression for calculation in checked.calculations)


def comparisons(trees: Iterable[Expression]) -> Iterator[Comparison]:
    """What is compared, with what: `x < 5` is x with 5, and 5 with x."""
    for tree in trees:
        for node in walk(tree):
            match node:
                case Compare(left, _, right):
                    yield left, (right,)
                    yield right, (left,)
                case Between(operand, low, high):
                    yield operand, (low, high)
                case In(operand, tests):
                    yield operand, tuple(value for test in tests for value in test_values(test))
                case Clamp(Arithmetic(above, "/", span)):
                    yield from _ends_of_line(above, span)
                case Call("contains" | "starts_with" | "ends_with" | "matches" | "coalesce", (operand, *others)):
                    yield operand, tuple(others)
                case _:
                    pass


def _ends_of_line(above: Expression, span: Expression) -> Iterator[Comparison]:
    """A factor of a score is worth 0 at its worst and 1 at its best: (of - worst) / (best - worst)."""
    match above:
        case Arithmetic(of, "-", worst):
            yield of, (worst, Arithmetic(worst, "+", span, kind=worst.kind))
        case _:
            yield above, (Constant(0, "0", kind=above.kind), span)


def folded(checked: CheckedPolicy, node: Expression, as_of: datetime.date) -> tuple[Scalar, ...]:
    """The values of what does not depend on a client: constants, parameters, the date and sums of them; nothing where it does."""
    match node:
        case Constant(value):
            return () if value is None else (value,)
        case ParameterValue(name):
            parameter = checked.policy.parameter(name)
            found = None if parameter is None else parameter.value_at(as_of)
            return () if found is None else found if isinstance(found, tuple) else (found,)
        case AsOf():
            return (as_of,)
        case Negate(operand):
            return tuple(-v for v in folded(checked, operand, as_of) if isinstance(v, int | Decimal))
        case Arithmetic(left, op, right):
            firsts, seconds = folded(checked, left, as_of), folded(checked, right, as_of)
            sums = (_computed(a, op, b, right.kind) for a in firsts[:1] for b in seconds[:1])
            return tuple(value for value in sums if value is not None)
        case _:
            return ()


def _computed(left: Scalar, op: str, right: Scalar, right_kind: Kind) -> Scalar | None:
    match left, right:
        case (datetime.date(), int()) if op in "+-":
            count = right if op == "+" else -right
            try:
                return add_months(left, count) if right_kind is Kind.MONTHS else left + datetime.timedelta(days=count)
            except (OverflowError, ValueError):
                return None
        case (int() | Decimal(), int() | Decimal()):
            one, other = Decimal(left), Decimal(right)
            match op:
                case "+":
                    return one + other
                case "-":
                    return one - other
                case "*":
                    return one * other
                case "/" if other:
                    return one / other
                case _:
                    return None
        case _:
            return None


def add_months(day: datetime.date, count: int) -> datetime.date:
    """The day so many months later, at most the month's last; ValueError where there is no such year."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    if not datetime.MINYEAR <= year <= datetime.MAXYEAR:
        raise ValueError
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _interest(checked: CheckedPolicy, table: Table, field: Field, trees: tuple[Expression, ...], as_of: datetime.date) -> Interest:
    exact = _exact(checked, table, field, trees, as_of)
    if field.type is Kind.BOOLEAN:
        values: list[Scalar] = [True, False]
    elif field.one_of:
        values = list(field.one_of)
    elif field.type is Kind.TEXT:
        values = list(_texts(field, exact))
    else:
        related = _related(checked, field.type, trees, as_of)
        values = [value_at(n, field.type) for n in _near(field, exact, related)]
    blank: tuple[None, ...] = () if field.required else (None,)
    return Interest(table.name, field, (*values[:MOST_VALUES], *blank), tuple(exact))


def _exact(checked: CheckedPolicy, table: Table, field: Field, trees: tuple[Expression, ...], as_of: datetime.date) -> list[Scalar]:
    """What the field itself is compared with, also within the brackets of a list function and through a metric that only names it."""
    found: dict[Scalar, None] = {}
    for operand, others in comparisons(trees):
        if _names(checked, operand, table.name, field.name):
            for other in others:
                found |= dict.fromkeys(v for v in folded(checked, other, as_of) if _is_of(v, field.type))
    return sorted(found, key=_order)


def _names(checked: CheckedPolicy, node: Expression, table: str, name: str) -> bool:
    """Whether the node is that field, under whatever name, or a sum, latest value, ... of it alone."""
    match node:
        case FieldValue(own, field):
            calculation = checked.calculation(own, field)
            return (own, field) == (table, name) if calculation is None else _names(checked, calculation.expression, table, name)
        case MetricValue(metric):
            return _names(checked, checked.metric(metric).expression, table, name)
        case Aggregate(function, _, _, value) if value is not None and function in ("sum", "min", "max", "mean", "median", "latest"):
            return _names(checked, value, table, name)
        case Call("coalesce" | "lower" | "upper" | "trim" | "round" | "abs", (operand, *_)):
            return _names(checked, operand, table, name)
        case If(_, then, _):
            return _names(checked, then, table, name)
        case _:
            return False


def _related(checked: CheckedPolicy, kind: Kind, trees: tuple[Expression, ...], as_of: datetime.date) -> list[Scalar]:
    """What anything is compared with in that kind: a sum of the field may be, or a date that is so far from the run's."""
    found: dict[Scalar, None] = {}
    for operand, others in comparisons(trees):
        for value in (v for other in others for v in folded(checked, other, as_of)):
            if operand.kind in (Kind.DAYS, Kind.MONTHS) and kind is Kind.DATE and isinstance(value, int):
                found |= dict.fromkeys(_dates_at(as_of, value, operand.kind))
            elif _is_of(value, kind) and (operand.kind is kind or {operand.kind, kind} == _FIGURES):
                found[value] = None
    return sorted(found, key=_order)


def _dates_at(as_of: datetime.date, span: int, kind: Kind) -> Iterator[datetime.date]:
    """The days so far before and after the run's date."""
    for count in (-span, span):
        try:
            yield add_months(as_of, count) if kind is Kind.MONTHS else as_of + datetime.timedelta(days=count)
        except (OverflowError, ValueError):
            continue


def _near(field: Field, exact: list[Scalar], related: list[Scalar]) -> list[int]:
    """The thresholds with a neighbour on either side, and the ends of the contract: in steps, ascending, within the contract."""
    kind = field.type
    low = None if field.minimum is None else steps_of(field.minimum, kind)
    high = None if field.maximum is None else steps_of(field.maximum, kind)
    wanted = dict.fromkeys(n for n in (low, high, 0 if kind is not Kind.DATE else None) if n is not None)
    for threshold in (*exact, *related):
        at, step = steps_of(threshold, kind), sensible_step(field, threshold)
        wanted |= dict.fromkeys((at, at - step, at + step))
    inside = [n for n in wanted if is_value(n, kind) and (low is None or n >= low) and (high is None or n <= high)]
    return sorted(inside[:MOST_VALUES])


def sensible_step(field: Field, threshold: Scalar) -> int:
    """The step to the neighbour of a threshold: as fine as the threshold is written, and at least a cent or a hundredth."""
    step = _SENSIBLE[field.type]
    if isinstance(threshold, Decimal) and field.type in (Kind.MONEY, Kind.NUMBER):
        exponent = threshold.normalize().as_tuple().exponent
        scale = SCALES[field.type]
        if isinstance(exponent, int) and exponent < 0:
            step = min(step, max(1, scale // 10**-exponent))
    return step


def allows(field: Field, value: Scalar | None) -> bool:
    """Whether a cell of the field may hold the value: by its range, its list of values and its pattern."""
    if value is None:
        return not field.required
    if field.one_of:
        return value in field.one_of
    if isinstance(value, str):
        return field.pattern is None or fits(field.pattern, value)
    if isinstance(value, bool):
        return True
    return _within(field, value)


def _within(field: Field, value: int | Decimal | datetime.date) -> bool:
    at = steps_of(value, field.type)
    low = None if field.minimum is None else steps_of(field.minimum, field.type)
    high = None if field.maximum is None else steps_of(field.maximum, field.type)
    return is_value(at, field.type) and (low is None or at >= low) and (high is None or at <= high)


def _texts(field: Field, exact: list[Scalar]) -> Iterator[str]:
    """The words the field is compared with, words that contain or fit them, and one that nothing is compared with."""
    words = [value for value in exact if isinstance(value, str)]
    samples = [sample for word in words if (sample := sample_of(word)) is not None]
    other = next(word for n in range(len(words) + 1) if (word := f"other{n or ''}") not in words)
    own = None if field.pattern is None else sample_of(field.pattern)
    fitting = [] if own is None else [own, *(f"{w}{own[len(w) :]}" for w in words), *(f"{own[: -len(w)]}{w}" for w in words if w)]
    for text in dict.fromkeys((*words, *samples, other, *(f"{w} {other}" for w in words), *fitting)):
        if text.strip() == text and text and allows(field, text):
            yield text


def _is_of(value: Scalar, kind: Kind) -> bool:
    """Whether a field of that kind can hold the value."""
    match value:
        case bool():
            return kind is Kind.BOOLEAN
        case str():
            return kind is Kind.TEXT
        case datetime.date():
            return kind is Kind.DATE
        case int() | Decimal():
            return kind in SCALES and kind is not Kind.DATE and is_value(steps_of(value, kind), kind)


def _order(value: Scalar) -> tuple[int, Decimal, str]:
    match value:
        case str():
            return 2, Decimal(0), value
        case datetime.date():
            return 1, Decimal(value.toordinal()), ""
        case _:
            return 0, Decimal(value), ""
