"""A cause as the run writes it (`division by zero (revenue = 0)`) in, its words in a language out. One that nobody knows stays as it is."""

from __future__ import annotations

import re
from collections.abc import Callable

from .cleaning import clean
from .words import words

_DIVISION = re.compile(r"division by zero(?: \((.+) = 0\))?")


def cause(written: str, language: str, called: Callable[[str], str]) -> str:
    """The cause in words; `called` gives a value's title by its name."""
    here = words(language).causes
    division = _DIVISION.fullmatch(written)
    if division is not None:
        return here.division if division[1] is None else here.division_of.format(divisor=called(division[1]))
    match written:
        case "overflow":
            return here.overflow
        case "no rows":
            return here.no_rows
        case "unreadable text":
            return here.unreadable
        case "stated as missing":
            return here.stated
        case "not computable":
            return here.not_computable
        case "not given":
            return here.not_given
        case "no row matches":
            return here.no_row
        case "more than one row matches":
            return here.many_rows
        case "rows that match disagree":
            return here.rows_disagree
        case "no positive total":
            return here.no_total
        case _:
            return clean(written)
