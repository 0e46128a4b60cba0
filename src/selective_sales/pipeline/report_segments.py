"""What divides a run's clients in, each value's clients, sums and decisions out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..engines import reporting as sums
from ..model.checked import CheckedPolicy, Made
from ..model.expression import FieldValue, MetricValue
from ..model.kind import Kind
from ..model.report import Called, Segment, Segments, Tally
from .report_tallies import tally, together, whole

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
        before, decisions = found.get(key, (Tally(0), {}))
        found[key] = (together((before, tally(rest))), decisions | {str(decision): whole(rest[0])})
    order = [value for value, _ in of.labels[0][1]] if of.labels else []

    def place(item: tuple[tuple[str | None, bool], tuple[Tally, dict[str, int]]]) -> tuple[object, ...]:
        (value, is_further), (own, _) = item
        listed = order.index(value) if value in order else len(order)
        return (is_further, value is None, listed, -own.clients, value or "")

    return Segments(
        of,
        tuple(
            Segment(value, own, tuple(sorted(decisions.items())), further if is_further else 0)
            for (value, is_further), (own, decisions) in sorted(found.items(), key=place)
        ),
    )
