"""One leaf condition of one client: its outcome, its operands, and how far the value is from the threshold."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ..model.explanation import LeafOutcome, NamedValue, Outcome
from ..model.expression import Compare, Expression, FieldValue, MetricValue, ParameterValue, Scalar, measured_sides
from ..model.kind import Kind
from ..model.queries import LeafColumns
from .source import expression_text
from .values import Client, Get, Sources

_Measured = tuple[NamedValue, NamedValue, Decimal | int, Kind]


def outcome_of(value: object) -> Outcome:
    """What a fetched boolean says: NULL is unknown."""
    match value:
        case None:
            return Outcome.UNKNOWN
        case _:
            return Outcome.TRUE if value else Outcome.FALSE


@dataclass(frozen=True, slots=True)
class Leaf:
    """All about a leaf that does not depend on the client. `measured` is what stands against `thresholds`, None where nothing does."""

    text: str
    columns: LeafColumns
    shown: tuple[Get, ...]
    measured: Get | None
    thresholds: tuple[Get, ...]
    is_yes_or_no: bool

    @classmethod
    def prepared(cls, sources: Sources, columns: LeafColumns) -> Leaf:
        shown = tuple(get for node, column in columns.operands if (get := sources.get(node, column)) is not None)
        by_node = dict(columns.operands)
        sides = measured_sides(columns.leaf)
        measured = None if sides is None else sources.get(sides[0], by_node.get(sides[0]))
        thresholds = () if sides is None else tuple(get for node in sides[1] for get in _thresholds(sources, node, by_node))
        return cls(expression_text(sources.checked, columns.leaf), columns, shown, measured, thresholds, _is_yes_or_no(columns.leaf))

    def outcome(self, client: Client, rule: Outcome) -> LeafOutcome:
        """The leaf as this client met it. `rule` is the outcome of the whole rule."""
        outcome = outcome_of(client.row[self.columns.column])
        flipped = outcome_of(client.row[self.columns.flipped])
        measured = None if outcome is Outcome.UNKNOWN else self._measure(client)
        value, threshold, distance, kind = measured or (None, None, None, Kind.UNKNOWN)
        return LeafOutcome(
            text=self.text,
            place=self.columns.leaf.place,
            outcome=outcome,
            of_unless=self.columns.of_unless,
            operands=tuple(named for get in self.shown if (named := get(client)) is not None and not named.literal),
            distance=distance,
            distance_kind=kind,
            relative_distance=_relative(threshold, distance),
            value=value,
            threshold=threshold,
            flips=outcome is not Outcome.UNKNOWN and flipped is not Outcome.UNKNOWN and flipped is not rule,
        )

    def can_be_near(self, leaf: LeafOutcome) -> bool:
        """True where it makes sense to say that this leaf was nearly otherwise: it has a distance, or it is a yes or no of the data."""
        return self.is_yes_or_no or leaf.distance is not None

    def _measure(self, client: Client) -> _Measured | None:
        """The value, the nearest threshold, value minus threshold and its kind; None where there is nothing to measure."""
        value = None if self.measured is None else self.measured(client)
        if value is None:
            return None
        nearest: _Measured | None = None
        for get in self.thresholds:
            threshold = get(client)
            difference = None if threshold is None else _difference(value, threshold)
            if threshold is None or difference is None:
                continue
            if nearest is None or abs(Decimal(difference[0])) < abs(Decimal(nearest[2])):
                nearest = (value, threshold, *difference)
        return nearest


def _is_yes_or_no(node: Expression) -> bool:
    match node:
        case FieldValue() | MetricValue() | ParameterValue():
            return True
        case Compare(left=left):
            return left.kind is Kind.BOOLEAN
        case _:
            return False


def _thresholds(sources: Sources, node: Expression, columns: Mapping[Expression, str]) -> list[Get]:
    """One threshold; for a parameter that is a list, each of its items."""
    items = sources.items(node) if isinstance(node, ParameterValue) else ()
    if items:
        return [lambda client, item=item: item for item in items]  # type: ignore[misc]
    get = sources.get(node, columns.get(node))
    return [] if get is None else [get]


def _difference(value: NamedValue, threshold: NamedValue) -> tuple[Decimal | int, Kind] | None:
    """Value minus threshold, exactly; None for texts, booleans and missing values."""
    match value.value, threshold.value:
        case (bool(), _) | (_, bool()):
            return None
        case (datetime.date() as a, datetime.date() as b):
            return (a - b).days, Kind.DAYS
        case (int() as a, int() as b):
            return a - b, Kind.MONEY if Kind.MONEY in (value.kind, threshold.kind) else value.kind
        case (Decimal() | int() as a, Decimal() | int() as b):
            kind = value.kind if value.kind is not Kind.INTEGER else Kind.NUMBER
            return Decimal(a) - Decimal(b), kind
        case _:
            return None


def _relative(threshold: NamedValue | None, distance: Scalar | None) -> float | None:
    """|distance| / |threshold|; None where the threshold is zero or a date."""
    if threshold is None or not isinstance(distance, Decimal | int) or not isinstance(threshold.value, Decimal | int):
        return None
    return float(abs(Decimal(distance)) / abs(Decimal(threshold.value))) if threshold.value else None
