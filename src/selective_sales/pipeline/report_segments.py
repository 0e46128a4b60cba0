"""What divides a run's clients in, each value's clients, sums and decisions out."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ..engines import reporting as sums
from ..model.checked import CheckedPolicy, Made
from ..model.expression import FieldValue, MetricValue
from ..model.kind import Kind
from ..model.report import Called, Segment, Segments, Tally

if TYPE_CHECKING:
    import duckdb

MOST_DIVISIONS = 4
MOST_VALUES = 12


def segments_shown(checked: CheckedPolicy) -> tuple[tuple[FieldValue | MetricValue, ...], bool]:
    """What divides the clients; where the policy does not say, the outputs of its tables that list their values, and True."""
    if checked.report.segments:
        return checked.report.segments, False
    listed = {o.name for table in checked.policy.decision_tables for o in table.outputs if o.one_of}
    found = [m for m in checked.results if m.made is Made.OUTPUT and m.kind is Kind.TEXT and not m.is_list and m.name in listed]
    return tuple(MetricValue(m.name, kind=m.kind) for m in found[:MOST_DIVISIONS]), bool(found)


def segments_of(connection: duckdb.DuckDBPyConnection, number: int, of: Called) -> Segments:
    """The clients by that value: in the order in which the policy lists the values, else most clients first; missing ones last."""
    rows, further = sums.segments(connection, number, MOST_VALUES)
    found: dict[tuple[str | None, bool], tuple[Tally, dict[str, int]]] = {}
    for value, is_further, decision, *rest in rows:
        key = (None if value is None else str(value), bool(is_further))
        tally, decisions = found.get(key, (Tally(0), {}))
        found[key] = (added(tally, rest), decisions | {str(decision): number_of(rest[0])})
    order = [value for value, _ in of.labels[0][1]] if of.labels else []

    def place(item: tuple[tuple[str | None, bool], tuple[Tally, dict[str, int]]]) -> tuple[object, ...]:
        (value, is_further), (tally, _) = item
        listed = order.index(value) if value in order else len(order)
        return (is_further, value is None, listed, -tally.clients, value or "")

    return Segments(
        of,
        tuple(
            Segment(value, tally, tuple(sorted(decisions.items())), further if is_further else 0)
            for (value, is_further), (tally, decisions) in sorted(found.items(), key=place)
        ),
    )


def added(tally: Tally, row: list[object]) -> Tally:
    clients, money, profit, burden, unknown = row

    def plus(one: Decimal | None, other: object) -> Decimal | None:
        value = other if isinstance(other, Decimal) else None
        return value if one is None else one if value is None else one + value

    return Tally(
        tally.clients + number_of(clients),
        plus(tally.money, money),
        plus(tally.profit, profit),
        plus(tally.burden, burden),
        tally.unknown + number_of(unknown),
    )


def number_of(value: object) -> int:
    assert isinstance(value, int)
    return value
