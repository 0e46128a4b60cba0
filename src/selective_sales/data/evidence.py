"""A column's cells in, its decimal mark or date format out: proven by the whole column, or a finding.

A mark is proven by a cell that can be read one way only (`12,50`, `1.234,5`, `0,125`). `1,234` alone proves nothing. The same
counts, taken of the first rows, give an assumption that the reading of all rows confirms or refutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..model.kind import Kind
from ..model.sql import quote_value
from .currency import suffix_pattern

GROUP_SPACES = " \u00a0\u202f\u2007\u2009"
"""The spaces that separate thousands."""

_TIME = r"(?:[T ](?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]+)?)?(?:Z| ?[+-][0-9]{2}:?[0-9]{2})?)?"


YEAR = "(?:[1-9][0-9]{3}|0(?:[0-9]{2}[1-9]|[0-9][1-9]0|[1-9]00))"
"""A year from 0001 to 9999."""


@dataclass(frozen=True, slots=True)
class Numerals:
    """How numbers are written: the decimal mark ('' where no mark may occur at all) and what may stand between thousands."""

    decimal: str
    thousands: str


@dataclass(frozen=True, slots=True)
class DateForm:
    """A date format: how people write it, the pattern of the date alone and with a time behind it, and the engine's format."""

    shown: str
    alone: str
    timed: str
    format: str


def _date_form(shown: str, pattern: str, format_: str) -> DateForm:
    alone = pattern.replace("YEAR", YEAR)
    return DateForm(shown, alone, f"({alone}){_TIME}", format_)


ISO = _date_form("YYYY-MM-DD", r"YEAR-[0-9]{2}-[0-9]{2}", "%Y-%m-%d")
DATE_FORMS: tuple[DateForm, ...] = (
    ISO,
    _date_form("DD.MM.YYYY", r"[0-9]{1,2}\.[0-9]{1,2}\.YEAR", "%d.%m.%Y"),
    _date_form("DD/MM/YYYY", r"[0-9]{1,2}/[0-9]{1,2}/YEAR", "%d/%m/%Y"),
    _date_form("MM/DD/YYYY", r"[0-9]{1,2}/[0-9]{1,2}/YEAR", "%m/%d/%Y"),
    _date_form("DD-MM-YYYY", r"[0-9]{1,2}-[0-9]{1,2}-YEAR", "%d-%m-%Y"),
    _date_form("MM-DD-YYYY", r"[0-9]{1,2}-[0-9]{1,2}-YEAR", "%m-%d-%Y"),
    _date_form("YYYY/MM/DD", r"YEAR/[0-9]{1,2}/[0-9]{1,2}", "%Y/%m/%d"),
    _date_form("YYYY.MM.DD", r"YEAR\.[0-9]{1,2}\.[0-9]{1,2}", "%Y.%m.%d"),
    _date_form("YYYYMMDD", r"YEAR[0-9]{4}", "%Y%m%d"),
)
_RIVALS = ((2, 3), (4, 5))
"""Pairs of forms that look alike: day and month in either order."""


def date_sql(cell: str, form: DateForm) -> str:
    """The cell as a DATE by that form, NULL where it is not one (also for a day that no calendar has)."""
    timed, format_ = quote_value(form.timed), quote_value(form.format)
    return (
        f"CASE WHEN regexp_full_match({cell}, {quote_value(form.alone)}) THEN CAST(try_strptime({cell}, {format_}) AS DATE) "
        f"WHEN regexp_full_match({cell}, {timed}) THEN CAST(try_strptime(regexp_extract({cell}, {timed}, 1), {format_}) AS DATE) END"
    )


def in_calendar(date: str) -> str:
    """The SQL date, NULL where it is not in the years 1 to 9999."""
    return f"CASE WHEN {date} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN {date} END"


def numeral_columns(cell: str, currency: str) -> tuple[str, ...]:
    """The cell without sign and currency: the column that `numeral_counts` reads."""
    bare = f"regexp_replace(regexp_replace({cell}, '^[+\u2212-]', ''), {quote_value(suffix_pattern(currency))}, '')"
    return (f"{bare} AS {cell}_bare",)


def numeral_counts(cell: str) -> tuple[str, ...]:
    """SQL aggregates over a column of cells: proofs of a point, proofs of a comma, ambiguous cells, an example of each."""
    bare = f"{cell}_bare"
    point, comma = (quote_value(_proof(mark, other)) for mark, other in ((".", ","), (",", ".")))
    unclear = quote_value(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
    return tuple(
        part
        for pattern in (point, comma, unclear)
        for part in (
            f"count_if(regexp_full_match({bare}, {pattern}))",
            f"min(CASE WHEN regexp_full_match({bare}, {pattern}) THEN {cell} END)",
        )
    )


def _proof(mark: str, other: str) -> str:
    """The pattern of a number in which `mark` can only be the decimal mark."""
    m, o, spaces = f"\\{mark}", f"\\{other}", f"[{GROUP_SPACES}]"
    shapes = (
        f"[0-9]*{m}[0-9]{{1,2}}",
        f"[0-9]*{m}[0-9]{{4,}}",
        f"(?:0[0-9]*|[0-9]{{4,}}|){m}[0-9]+",
        f"[0-9]{{1,3}}(?:{spaces}[0-9]{{3}})+{m}[0-9]+",
        f"[0-9]{{1,3}}(?:{o}[0-9]{{3}})+{m}[0-9]+",
        f"[0-9]{{1,3}}(?:{o}[0-9]{{3}}){{2,}}",
    )
    return "|".join(shapes)


@dataclass(frozen=True, slots=True)
class Unsettled:
    """Why a column could not be settled: what is wrong, and what to declare."""

    code: str
    message: str
    help: str


def settle_numerals(counts: Sequence[object], kind: Kind) -> Numerals | Unsettled:
    """What the counts of `numeral_counts` prove. A column without any mark allows none."""
    points, point, commas, comma, unclear, example = counts
    declare = 'Declare it in the policy, in the table: csv: {decimal: ","} or csv: {decimal: "."}'
    if points and commas:
        return Unsettled("SS516", f"both '{point}' and '{comma}' occur: the decimal mark is now a point, now a comma", declare)
    if points:
        return Numerals(".", "," + GROUP_SPACES)
    if commas:
        return Numerals(",", "." + GROUP_SPACES)
    if unclear:
        word = "an amount" if kind is Kind.MONEY else "a number"
        return Unsettled("SS516", f"'{example}' is {word} that can be read in two ways, and no other cell proves the decimal mark", declare)
    return Numerals("", GROUP_SPACES)


def date_columns(cell: str) -> tuple[str, ...]:
    """The cell as a date by each form: columns that `date_counts` reads."""
    return tuple(f"{date_sql(cell, form)} AS {cell}_{number}" for number, form in enumerate(DATE_FORMS))


def date_counts(cell: str) -> tuple[str, ...]:
    """SQL aggregates over a column of cells: non-blank ones, those each form reads; then per pair of rivals (forms that look alike)
    those that only the first reads, only the second, and those that both read, differently.
    """
    parts = [f"count({cell})", *(f"count({cell}_{number})" for number in range(len(DATE_FORMS)))]
    for first, second in _RIVALS:
        for one, other in ((first, second), (second, first)):
            parts.append(f"count_if({cell}_{one} IS NOT NULL AND {cell}_{other} IS NULL)")
        parts.append(f"count_if({cell}_{first} <> {cell}_{second})")
    return tuple(parts)


def settle_dates(counts: Sequence[object], *, whole: bool) -> DateForm | Unsettled:
    """The form that reads most cells (ISO where none reads any); unsettled where day and month cannot be told apart.

    A day that is also a month proves nothing: only of all rows (`whole`) it does not matter which way they are read.
    """
    numbers = [value if isinstance(value, int) else 0 for value in counts]
    read, only = numbers[1 : 1 + len(DATE_FORMS)], numbers[1 + len(DATE_FORMS) :]
    best = max(range(len(DATE_FORMS)), key=lambda index: (read[index], -index))
    help_ = 'Declare it in the policy, at the field: format: "%d/%m/%Y" (day first) or format: "%m/%d/%Y" (month first)'
    for pair, (first, second) in enumerate(_RIVALS):
        if best not in (first, second) or read[best] == 0:
            continue
        only_first, only_second, differing = only[3 * pair : 3 * pair + 3]
        if only_first and only_second:
            return Unsettled("SS517", "some dates have the day first and some the month", help_)
        if not only_first and not only_second and (differing or not whole):
            return Unsettled("SS517", "no date tells whether the day or the month stands first", help_)
    return DATE_FORMS[best] if read[best] else ISO
