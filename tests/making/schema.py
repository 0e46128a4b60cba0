"""The tables that made policies speak of. Thresholds and rows take their values from the same short lists, so that ties are common."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from selective_sales.model.kind import Kind
from tests.making.choices import Choices

Value = Decimal | int | float | str | bool | datetime.date | None
AS_OF = datetime.date(2026, 11, 22)

MONEY = ("0", "100", "0.01", "0.0001", "1", "99.9999", "1000", "5000.25", "-5", "-0.0001", "33.3333", "0.5")
NUMBER = ("0", "0.3", "1", "0.1", "0.2", "0.5", "3", "0.07", "0.21", "0.333333333", "-0.5", "2.675", "0.000000001", "1000000", "123456.789")
INTEGER = (0, 1, 2, 3, 7, -1, 12, 100, 1000)
TEXT = ("it", "public", "retail", "Łódź", "a b", "12", "-3.5", "2026-01-31", "x'y", 'say "no"', "Z", "\\", "zzz")
DATE = ("2026-11-22", "2026-01-31", "2026-02-28", "2024-02-29", "2025-12-31", "2026-03-31", "2000-01-01", "2025-11-22")
DAYS = (0, 30, 60, 90, 1, 365, -1, 7)
MONTHS = (0, 1, 6, 12, -1, 120)
RARE: dict[Kind, tuple[Value, ...]] = {
    Kind.MONEY: (Decimal("99999999999999.9999"), Decimal("-99999999999999.9999"), Decimal("50000000000000")),
    Kind.NUMBER: (1e15, -1e12, 9007199254740993.0),
    Kind.INTEGER: (2**63 - 1, -(2**63), 2**53, 3037000500),
    Kind.TEXT: ("é", "\N{SNOWMAN}", "A" * 300),
    Kind.DATE: (datetime.date(1, 1, 1), datetime.date(9999, 12, 31)),
    Kind.DAYS: (100_000, 10**12),
    Kind.MONTHS: (12_000, -(2**63)),
}


@dataclass(frozen=True)
class Column:
    """A column of a table; `calculation` is its text where it is calculated."""

    name: str
    kind: Kind
    calculation: str = ""


CLIENTS = (
    Column("m1", Kind.MONEY),
    Column("m2", Kind.MONEY),
    Column("n1", Kind.NUMBER),
    Column("n2", Kind.NUMBER),
    Column("i1", Kind.INTEGER),
    Column("i2", Kind.INTEGER),
    Column("t1", Kind.TEXT),
    Column("t2", Kind.TEXT),
    Column("b1", Kind.BOOLEAN),
    Column("b2", Kind.BOOLEAN),
    Column("d1", Kind.DATE),
    Column("d2", Kind.DATE),
    Column("y1", Kind.DAYS),
    Column("o1", Kind.MONTHS),
)
ORDERS = (
    Column("amount", Kind.MONEY),
    Column("price", Kind.NUMBER),
    Column("quantity", Kind.INTEGER),
    Column("status", Kind.TEXT),
    Column("paid", Kind.BOOLEAN),
    Column("ordered_on", Kind.DATE),
    Column("waited", Kind.DAYS),
    Column("i1", Kind.INTEGER),
)


def typical(choices: Choices, kind: Kind) -> Value:
    """A value of the kind from its short list."""
    match kind:
        case Kind.MONEY:
            return Decimal(choices.one(MONEY))
        case Kind.NUMBER:
            return float(choices.one(NUMBER))
        case Kind.INTEGER:
            return choices.one(INTEGER)
        case Kind.TEXT:
            return choices.one(TEXT)
        case Kind.BOOLEAN:
            return choices.often(50)
        case Kind.DATE:
            return datetime.date.fromisoformat(choices.one(DATE))
        case Kind.DAYS:
            return choices.one(DAYS)
        case Kind.MONTHS:
            return choices.one(MONTHS)
        case _:
            raise AssertionError(kind)


def cell(choices: Choices, kind: Kind, *, blanks: int, rare: int) -> Value:
    """A cell: blank or extreme in so many percent of the cases."""
    if choices.often(blanks):
        return None
    if kind in RARE and choices.often(rare):
        return choices.one(RARE[kind])
    return typical(choices, kind)
