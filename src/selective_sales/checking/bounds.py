"""Whether limits decide a comparison before any data is read: a field's minimum and maximum, or the two ends of an interval."""

from __future__ import annotations

import datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from ..model.expression import CompareOp, Scalar


class Verdict(Enum):
    """What the limits say of `field op value`."""

    OPEN = 0
    NEVER = 1
    ALWAYS = 2


def verdict(least: Scalar | Fraction | None, greatest: Scalar | Fraction | None, op: CompareOp, value: Scalar) -> Verdict:
    """The verdict by the least and the greatest value that the tested side can have; None: without limit. A date may be its ordinal."""
    low, high = _against(least, value), _against(greatest, value)
    match op:
        case "<":
            never, always = low is not None and low >= 0, high is not None and high < 0
        case "<=":
            never, always = low is not None and low > 0, high is not None and high <= 0
        case ">":
            never, always = high is not None and high <= 0, low is not None and low > 0
        case ">=":
            never, always = high is not None and high < 0, low is not None and low >= 0
        case "=":
            never, always = _outside(low, high), False
        case "!=":
            never, always = False, _outside(low, high)
    return Verdict.NEVER if never else Verdict.ALWAYS if always else Verdict.OPEN


def is_empty(low: Scalar, high: Scalar, *, closed: bool) -> bool:
    """True where no value lies from `low` to `high`; `closed`: both ends belong to the interval."""
    order = _against(low, high)
    return order is not None and (order > 0 or (order == 0 and not closed))


def _outside(low: int | None, high: int | None) -> bool:
    return (low is not None and low > 0) or (high is not None and high < 0)


def _against(limit: Scalar | Fraction | None, value: Scalar) -> int | None:
    """-1, 0 or 1 as the limit is below, at or above the value; None where there is no limit, or none of this sort."""
    match limit, value:
        case (bool(), _) | (_, bool()):
            return None
        case Fraction(), (int() | Decimal() | datetime.date()):
            exact = Fraction(value.toordinal() if isinstance(value, datetime.date) else value)
            return (limit > exact) - (limit < exact)
        case ((int() | Decimal()), (int() | Decimal())):
            return (limit > value) - (limit < value)
        case datetime.date(), datetime.date():
            return (limit > value) - (limit < value)
        case _:
            return None
