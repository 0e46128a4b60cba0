"""Rows of sums from the engine in, tallies out; a sum that nobody has stays unknown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from ..model.report import Tally


def tally(row: Sequence[object]) -> Tally:
    clients, money, profit, burden, unknown = row
    return Tally(whole(clients), optional(money), optional(profit), optional(burden), whole(unknown))


def together(tallies: Iterable[Tally]) -> Tally:
    """The sums of several; a sum that none has stays unknown."""
    result = Tally(0)
    for t in tallies:
        result = Tally(
            result.clients + t.clients,
            plus(result.money, t.money),
            plus(result.profit, t.profit),
            plus(result.burden, t.burden),
            result.unknown + t.unknown,
        )
    return result


def plus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return other if one is None else one if other is None else one + other


def optional(value: object) -> Decimal | None:
    return None if value is None else amount(value)


def amount(value: object) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def whole(value: object) -> int:
    assert isinstance(value, int)
    return value
