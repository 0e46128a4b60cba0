"""CheckedPolicy in; out come the edges of the rows that a list function counts: `orders[ordered_on > as_of - 12 months]` has one.

For each edge clients with a single row on, just before and just after it. Whether the result differs there is for the query to say. Pure.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product

from ..model.checked import CheckedPolicy, Made
from ..model.expression import Aggregate, Expression, FieldValue, Scalar, walk
from ..model.grid import SCALES, is_value, steps_of, value_at
from ..model.kind import Kind
from ..model.place import Place
from .boundaries import Interest, allows, comparisons, folded, sensible_step
from .seeking import Lever
from .worlds import World

MOST_HOMES = 24
_BEFORE = {Kind.DATE: ("just before", "on", "just after")}
_BELOW = ("just below", "exactly", "just above")


@dataclass(frozen=True, slots=True)
class RowEdge:
    """`homes` are clients, each a tuple of the worlds at the edge; in one of them the result `column` should differ from world to world.

    `stands` says of each world where its row is: `just before`, `on`. `threshold` is the expression of the edge.
    """

    owner: str
    column: str
    place: Place
    field: Interest
    threshold: Expression
    stands: tuple[str, ...]
    homes: tuple[tuple[World, ...], ...]


def row_edges(
    checked: CheckedPolicy, as_of: datetime.date, base: World, interests: tuple[Interest, ...], rules: frozenset[str]
) -> Iterator[RowEdge]:
    """The edges in every metric and rule; of some rules and the metrics that these reach, where they are named."""
    fields = {(one.table, one.field.name): one for one in interests}
    for owner, column, place, tree in _owners(checked, as_of, rules):
        done: set[tuple[str, str, Scalar]] = set()
        for aggregate in walk(tree):
            if not isinstance(aggregate, Aggregate) or aggregate.condition is None:
                continue
            for operand, others in comparisons([aggregate.condition]):
                one = fields.get((operand.table, operand.name)) if isinstance(operand, FieldValue) else None
                for other in others if one is not None and one.table == aggregate.table else ():
                    for value in folded(checked, other, as_of):
                        if one is not None and (one.table, one.field.name, value) not in done:
                            done.add((one.table, one.field.name, value))
                            edge = _edge(owner, column, place, one, other, value, aggregate.condition, base, interests)
                            if edge is not None:
                                yield edge


def _owners(checked: CheckedPolicy, as_of: datetime.date, rules: frozenset[str]) -> Iterator[tuple[str, str, Place, Expression]]:
    own = [rule for rule in checked.rules if rule.in_force(as_of) and (not rules or rule.id in rules)]
    reached = {getattr(node, "name", "") for rule in own for node in checked.reached(rule.condition)}
    for metric in checked.metrics:
        if metric.made is Made.METRIC and (not rules or metric.name in reached):
            yield metric.name, metric.name, metric.place, metric.expression
    for rule in own:
        yield rule.id, "fired", rule.when.place, rule.condition


def _edge(
    owner: str,
    column: str,
    place: Place,
    one: Interest,
    threshold: Expression,
    value: Scalar,
    condition: Expression,
    base: World,
    interests: tuple[Interest, ...],
) -> RowEdge | None:
    positions = list(_positions(one, value))
    if len(positions) < 2:
        return None
    homes = tuple(
        tuple(home.moved((one.table, 0, one.field.name), at) for _, at in positions) for home in _homes(one, condition, base, interests)
    )
    return RowEdge(owner, column, place, one, threshold, tuple(stands for stands, _ in positions), homes)


def _positions(one: Interest, value: Scalar) -> Iterator[tuple[str, Scalar]]:
    """The edge with its neighbours; of what has none, the value and another."""
    kind = one.field.type
    if kind in SCALES and not one.field.one_of and not isinstance(value, str | bool):
        at, step = steps_of(value, kind), sensible_step(one.field, value)
        for stands, n in zip(_BEFORE.get(kind, _BELOW), (at - step, at, at + step), strict=True):
            if is_value(n, kind) and allows(one.field, value_at(n, kind)):
                yield stands, value_at(n, kind)
        return
    if allows(one.field, value):
        yield "is", value
        yield from (("is not", other) for other in one.values[:3] if other is not None and other != value)


def _homes(one: Interest, condition: Expression, base: World, interests: tuple[Interest, ...]) -> Iterator[World]:
    """The base with one row in the table; what else the condition asks of the row takes the values that it is compared with."""
    template = tuple(base.template(one.table).items())
    home = Lever(one.table, template=template).at(base.with_rows(one.table, base.rows.get(one.table, ())[:1]), 1)
    if home is None or not template:
        return
    compared = {(n.table, n.name) for n in walk(condition) if isinstance(n, FieldValue)}
    others = [i for i in interests if (i.table, i.field.name) in compared and i.table == one.table and i is not one]
    choices = [tuple(dict.fromkeys((home.value((i.table, 0, i.field.name)), *i.exact, *i.values)))[:6] for i in others]
    for values in islice(product(*choices), MOST_HOMES):
        world = home
        for other, value in zip(others, values, strict=True):
            world = world.moved((other.table, 0, other.field.name), value)
        yield world
