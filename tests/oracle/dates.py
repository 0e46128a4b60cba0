"""The language's calendar: months clamp to the month's end, whole months between two dates."""

from __future__ import annotations

import calendar
import datetime


def add_months(day: datetime.date, months: int) -> datetime.date | None:
    """The same day so many months on, or the month's last day; None outside the years 1 to 9999."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    if not datetime.MINYEAR <= year <= datetime.MAXYEAR:
        return None
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_days(day: datetime.date, days: int) -> datetime.date | None:
    """So many days on; None outside the years 1 to 9999."""
    ordinal = day.toordinal() + days
    if not 1 <= ordinal <= datetime.date.max.toordinal():
        return None
    return datetime.date.fromordinal(ordinal)


def months_between(start: datetime.date, end: datetime.date) -> int:
    """The largest n with start + n months <= end; negated with the dates swapped where end is before start."""
    if end < start:
        return -months_between(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    reached = add_months(start, months)
    return months if reached is not None and reached <= end else months - 1
