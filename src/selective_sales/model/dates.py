"""A date as people write it in, the days that it may mean out: what a hint or a finding proposes instead. Never what is calculated with."""

from __future__ import annotations

import datetime
import re

_PARTS = re.compile(r"([0-9]{1,4})([-/.])([0-9]{1,2})\2([0-9]{1,4})", re.ASCII)


def days_meant(written: str) -> tuple[datetime.date, ...] | None:
    """The days that `22.11.2026`, `2026/11/22` or `05/06/2026` may mean: two where day and month could be exchanged. None: not the form
    of a date; empty: there is no such day.
    """
    found = _PARTS.fullmatch(written)
    if found is None:
        return None
    first, mark, second, third = found[1], found[2], int(found[3]), found[4]
    if len(first) == 4 and len(third) <= 2:
        year, month, day = int(first), second, int(third)
    elif len(third) == 4 and len(first) <= 2:
        year, month, day = int(third), second, int(first)
    else:
        return None
    if mark == "/" and len(third) == 4:
        return _existing((year, month, day), (year, day, month))
    return _existing((year, day, month) if month > 12 else (year, month, day))


def _existing(*dates: tuple[int, int, int]) -> tuple[datetime.date, ...]:
    found = []
    for year, month, day in dict.fromkeys(dates):
        try:
            found.append(datetime.date(year, month, day))
        except ValueError:
            continue
    return tuple(found)
