"""Whether limits decide a comparison before any data is read: a field's minimum and maximum, or the two ends of an interval."""

from __future__ import annotations

import datetime
from decimal import Decimal
from enum import Enum

from ..model.expression import CompareOp, Scalar
from ..model.policy import Field


class Verdict(Enum):
    """What the limits say of `field op value`."""

    OPEN = 0
    NEVER = 1
    ALWAYS = 2


def verdict(found: Field, op: CompareOp, value: Scalar) -> Verdict:
    """The verdict by the field's minimum and maximum."""
    low, high = _against(found.minimum, value), _against(found.maximum, value)
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


def _against(limit: Scalar | None, value: Scalar) -> int | None:
    """-1, 0 or 1 as the limit is below, at or above the value; None where there is no limit, or none of this sort."""
    match limit, value:
        case (bool(), _) | (_, bool()):
            return None
        case ((int() | Decimal()), (int() | Decimal())):
            return (limit > value) - (limit < value)
        case datetime.date(), datetime.date():
            return (limit > value) - (limit < value)
        case _:
            return None
