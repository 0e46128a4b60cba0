"""The grid that a kind's values stand on: money on four places, a number on nine, days and months whole, a date on its day.

A value is so many steps of its grid. What looks for a threshold walks in steps, and never through floats.
"""

from __future__ import annotations

import datetime
from decimal import Decimal

from .expression import Scalar
from .kind import Kind

SCALES = {Kind.MONEY: 10**4, Kind.NUMBER: 10**9, Kind.INTEGER: 1, Kind.DAYS: 1, Kind.MONTHS: 1, Kind.DATE: 1}
"""Steps per unit, of the kinds that have a grid."""
_MOST = {Kind.MONEY: 10**18 - 1, Kind.NUMBER: 10**24 - 1, Kind.INTEGER: 2**63 - 1, Kind.DAYS: 10**15 - 1, Kind.MONTHS: 10**15 - 1}
"""The farthest step, either way, that a cell of a data file can hold."""


def steps_of(value: Scalar | None, kind: Kind) -> int:
    """The value in steps of its grid."""
    if isinstance(value, datetime.date):
        return value.toordinal()
    assert isinstance(value, int | Decimal)
    return int((Decimal(value) * SCALES[kind]).to_integral_value())


def is_value(steps: int, kind: Kind) -> bool:
    """Whether so many steps are a value at all: a date between the years 1 and 9999, a figure that a cell can hold."""
    if kind is Kind.DATE:
        return 1 <= steps <= datetime.date.max.toordinal()
    return abs(steps) <= _MOST[kind]


def value_at(steps: int, kind: Kind) -> Scalar:
    """The value at that step."""
    if kind is Kind.DATE:
        return datetime.date.fromordinal(steps)
    return steps if SCALES[kind] == 1 else Decimal(steps) / SCALES[kind]
