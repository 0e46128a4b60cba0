"""Written values -> values of a kind: money, numbers, dates, spans of time.

In: a scalar node and the kind that is asked for (or none: then the kind that its text suggests). Out: the value, or a finding that says
what such a value looks like. Numbers come from their text, never through a float.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal

from ..model.dates import days_meant
from ..model.expression import Scalar
from ..model.kind import Kind
from .desk import Desk, text
from .nodes import Node, ScalarNode
from .scalars import Plain, resolve

MONEY_LIMIT = Decimal(10) ** 14
_INTEGER_LIMIT = 2**63
_LONGEST_SPAN = 100_000
"""Years, in whatever unit: far beyond every calendar, and safe to calculate with."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SPAN = re.compile(r"(-?[0-9]{1,18})\s+(day|week|month|year)s?")
_PERCENT = re.compile(r"(-?[0-9]{1,30}(?:\.[0-9]{1,30})?)%")
_DIGIT = re.compile(r"[-+−]?[0-9]")
_UNITS = {"day": (Kind.DAYS, 1), "week": (Kind.DAYS, 7), "month": (Kind.MONTHS, 1), "year": (Kind.MONTHS, 12)}
_LOOKS = {
    Kind.MONEY: "an amount of money is a number of at most 4 decimal places, such as 1250.50, without quotes and currency",
    Kind.NUMBER: "a number looks like 12 or 0.5, or 5%, without quotes",
    Kind.INTEGER: "a whole number looks like 12, without quotes",
    Kind.TEXT: "write a text",
    Kind.BOOLEAN: "write true or false, without quotes",
    Kind.DATE: 'a date looks like "2026-01-31"',
    Kind.DAYS: "a number of days looks like 90 days, 3 weeks, or 90",
    Kind.MONTHS: "a number of months looks like 12 months, 2 years, or 12",
}
_CALLED = {
    Kind.MONEY: "an amount of money",
    Kind.NUMBER: "a number",
    Kind.INTEGER: "a whole number",
    Kind.TEXT: "a text",
    Kind.BOOLEAN: "true or false",
    Kind.DATE: "a date",
    Kind.DAYS: "a number of days",
    Kind.MONTHS: "a number of months",
}


@dataclass(frozen=True, slots=True)
class Suggested:
    """A value with the kind its text suggests; `adapts` for a bare number or percentage, whose place decides about money or number."""

    value: Scalar
    kind: Kind
    adapts: bool = False


def date_of(desk: Desk, node: Node | None, code: str = "SS113") -> datetime.date | None:
    """The date that is written; a finding where there is no such day."""
    written = text(node)
    if node is None or written is None:
        return None
    if _DATE.fullmatch(written) is None:
        desk.error(code, f"'{written[:40]}' is not a date", node, date_help(written))
        return None
    try:
        return datetime.date.fromisoformat(written)
    except ValueError:
        desk.error(code, f"there is no such day as {written}", node, "check the month and the day")
        return None


def date_help(written: str) -> str:
    """How to write that date: the day itself where it can be told."""
    days = days_meant(written)
    shown = " or ".join(f'"{day.isoformat()}"' for day in days or ())
    return f"write {shown}" if shown else 'write the date as year-month-day: "2026-01-31"'


def has_date_form(node: Node | None) -> bool:
    """True where year-month-day is written, whether or not there is such a day. Another form is the schema's to find."""
    written = text(node)
    return written is not None and _DATE.fullmatch(written) is not None


def typed(desk: Desk, node: Node | None, kind: Kind) -> Scalar | None:
    """The value as one of that kind, or None with a finding. Silent where nothing is written, or the kind itself is in error."""
    written = text(node)
    if written is None or not isinstance(node, ScalarNode) or kind is Kind.UNKNOWN:
        return None
    if kind is Kind.DATE and _DATE.fullmatch(written):
        return date_of(desk, node)
    value = _convert(written, resolve(node), kind)
    if value is None:
        desk.error("SS114", f"'{written[:40]}' is not {_CALLED[kind]}", node, _typed_help(written, kind))
    return value


def _typed_help(written: str, kind: Kind) -> str:
    from .nearly import nearly

    found = nearly(written) if kind is not Kind.TEXT else None
    return found.help if found is not None and kind in found.kinds else _LOOKS[kind]


def suggested(desk: Desk, node: Node | None) -> Suggested | None:
    """The value with the kind its text suggests; None with a finding for an impossible date or a number beyond all bounds."""
    written = text(node)
    if written is None or not isinstance(node, ScalarNode):
        return None
    value = resolve(node)
    match value:
        case bool():
            return Suggested(value, Kind.BOOLEAN)
        case int() if abs(value) >= _INTEGER_LIMIT:
            desk.error("SS114", f"{written[:40]} is too large for a whole number", node, "whole numbers have at most 18 digits")
            return None
        case int():
            return Suggested(value, Kind.INTEGER, adapts=True)
        case Decimal():
            return Suggested(value, Kind.NUMBER, adapts=True)
        case _:
            return _suggested_text(desk, node, written)


def _suggested_text(desk: Desk, node: ScalarNode, written: str) -> Suggested | None:
    if _DATE.fullmatch(written):
        day = date_of(desk, node)
        return None if day is None else Suggested(day, Kind.DATE)
    span = _span(written)
    if span is not None:
        return Suggested(span[1], span[0])
    percent = _PERCENT.fullmatch(written)
    if percent is not None:
        return Suggested(Decimal(percent.group(1)) / 100, Kind.NUMBER, adapts=True)
    if _DIGIT.match(written) is None:
        return Suggested(written, Kind.TEXT)
    if node.plain and re.fullmatch(r"-?[0-9][0-9]*(?:_[0-9]+)+(?:\.[0-9]+)?", written):
        desk.warning(
            "SS129",
            f"'{written[:40]}' is a text here, not a number",
            node,
            f"write {written.replace('_', '')[:40]}, or quote it if it is a text",
        )
        return Suggested(written, Kind.TEXT)
    return _nearly_text(desk, node, written)


def _nearly_text(desk: Desk, node: ScalarNode, written: str) -> Suggested | None:
    """A text that begins like a number: refused where it is nearly another value, unless quotes say that a text is meant."""
    from .nearly import nearly  # only such a text pays for it

    found = nearly(written)
    if found is None:
        return Suggested(written, Kind.TEXT)
    message = f"'{written[:40]}' is a text here, not {found.what}"
    if node.plain:
        desk.error("SS130", message, node, f"{found.help}; for a text add kind: text")
        return None
    desk.warning("SS130", message, node, f"{found.help}; for a text add kind: text")
    return Suggested(written, Kind.TEXT)


def _convert(written: str, value: Plain, kind: Kind) -> Scalar | None:
    percent = _PERCENT.fullmatch(written)
    match kind, value:
        case Kind.TEXT, _:
            return written
        case Kind.BOOLEAN, bool():
            return value
        case (_, bool()) | (Kind.BOOLEAN, _):
            return None
        case Kind.MONEY, int() | Decimal():
            return _money(Decimal(value))
        case Kind.NUMBER, int() | Decimal():
            return Decimal(value)
        case Kind.NUMBER, _ if percent is not None:
            return Decimal(percent.group(1)) / 100
        case Kind.INTEGER, int() | Decimal():
            return _whole(value)
        case Kind.DAYS | Kind.MONTHS, int():
            return value if abs(value) <= _LONGEST_SPAN * 366 else None
        case Kind.DAYS | Kind.MONTHS, _:
            span = _span(written)
            return span[1] if span is not None and span[0] is kind else None
        case _:
            return None


def _money(value: Decimal) -> Decimal | None:
    if abs(value) >= MONEY_LIMIT or value != round(value, 4):
        return None
    return value


def _whole(value: int | Decimal) -> int | None:
    return int(value) if value == int(value) and -_INTEGER_LIMIT < value < _INTEGER_LIMIT else None


def _span(written: str) -> tuple[Kind, int] | None:
    found = _SPAN.fullmatch(written)
    if found is None:
        return None
    kind, factor = _UNITS[found.group(2)]
    length = int(found.group(1)) * factor
    return (kind, length) if abs(length) <= _LONGEST_SPAN * 366 else None
