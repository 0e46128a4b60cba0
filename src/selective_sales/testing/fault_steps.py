"""A written value in, its neighbours out: what an author would call just above and just below, and how it would be written.

An amount moves by a hundredth, a percentage by a tenth of one percent (beside counted clients by one percent: so near come the parts of a
case of a few), another number by a hundredth, finer where it is written finer; a
whole number that is compared with whole numbers, a duration and a date move by one. What is calculated with moves by a tenth of itself.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from ..model.expression import Constant, Expression, Negate, Scalar
from ..model.kind import Kind
from ..model.mutant import Edit

SPANS = (Kind.DAYS, Kind.MONTHS)
_UNITS = {Kind.DAYS: "days", Kind.MONTHS: "months"}
Neighbour = tuple[Expression, str, Edit]


def is_literal(node: Expression) -> bool:
    """A written number, duration or date, with or without a minus."""
    node = node.operand if isinstance(node, Negate) else node
    return isinstance(node, Constant) and is_movable(node.value)


def is_movable(value: Scalar | tuple[Scalar, ...] | None) -> bool:
    return isinstance(value, int | Decimal | datetime.date) and not isinstance(value, bool)


def neighbours(node: Expression, other: Kind) -> Iterator[Neighbour]:
    """The literal moved up and down by the smallest step that counts beside a value of the kind `other`."""
    written = node.operand if isinstance(node, Negate) else node
    assert isinstance(written, Constant)
    assert not isinstance(written.value, str | bool)
    if written.value is None:
        return
    step = step_of(written.value, written.text, written.kind, other)
    yield from _moved(node, written, step)


def tenths(node: Expression) -> Iterator[Neighbour]:
    """The literal of a calculation moved by a tenth of itself (a duration by one, zero by one)."""
    written = node.operand if isinstance(node, Negate) else node
    assert isinstance(written, Constant)
    value = written.value
    if isinstance(value, datetime.date) or written.kind in SPANS:
        yield from _moved(node, written, 1)
    elif isinstance(value, int | Decimal):
        yield from _moved(node, written, tenth(value))


def tenth(value: int | Decimal) -> int | Decimal:
    """A tenth of a number, on as many places as it needs; of a whole number a whole number, at least 1."""
    if isinstance(value, int) or value == value.to_integral_value():
        return max(1, abs(int(value)) // 10)
    return (abs(value) / 10).normalize()


def _moved(node: Expression, written: Constant, step: int | Decimal) -> Iterator[Neighbour]:
    for sign, word in ((1, "above"), (-1, "below")):
        value = moved(written.value, sign * step)
        if value is None:
            continue
        text = value_text(value, written.text, written.kind)
        new = replace(written, value=value, text=text)
        if isinstance(node, Negate):
            yield replace(node, operand=new), {"above": "below", "below": "above"}[word], Edit(written.place, "", text)
        else:
            yield as_written(new), word, Edit(written.place, "", text)


def as_written(node: Constant) -> Expression:
    """A negative figure as the minus of a figure, which is how it is read."""
    if isinstance(node.value, int | Decimal) and not isinstance(node.value, bool) and node.value < 0:
        return Negate(replace(node, value=-node.value, text=node.text.removeprefix("-")), place=node.place)
    return node


def moved(value: Scalar | None, step: int | Decimal) -> Scalar | None:
    """The value a step away; None where there is none."""
    if isinstance(value, datetime.date):
        ordinal = value.toordinal() + int(step)
        return datetime.date.fromordinal(ordinal) if 1 <= ordinal <= datetime.date.max.toordinal() else None
    if isinstance(value, int) and isinstance(step, int):
        return value + step
    return Decimal(value) + step if isinstance(value, int | Decimal) else None


def step_of(value: Scalar, text: str, kind: Kind, other: Kind, *, counted: bool = False) -> int | Decimal:
    """The smallest step that counts: `text` is the value as written, `kind` its own, `other` of what stands on the other side; `counted`
    where clients are counted there."""
    if isinstance(value, datetime.date) or kind in SPANS or other in (*SPANS, Kind.DATE):
        return 1
    assert isinstance(value, int | Decimal)
    exponent = Decimal(value).as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    if other is Kind.INTEGER and places <= 0:
        return 1
    coarsest = 3 if text.rstrip().endswith("%") and not counted else 2
    return Decimal(1).scaleb(-max(coarsest, places))


def value_text(value: Scalar, like: str, kind: Kind) -> str:
    """The value written as its neighbour is: a percentage, a duration with its unit, a date in the same form."""
    if isinstance(value, datetime.date):
        return f'@"{value.isoformat()}"' if like.startswith("@") else value.isoformat()
    if kind in SPANS:
        unit = _UNITS[kind]
        return f"{value} {unit[:-1] if value == 1 else unit}"
    assert isinstance(value, int | Decimal)
    if like.rstrip().endswith("%"):
        return f"{_plain(Decimal(value) * 100)}%"
    return _plain(value)


def _plain(value: int | Decimal) -> str:
    text = format(Decimal(value), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
