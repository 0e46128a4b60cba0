"""What one client shows of a policy, by the oracle: docs/testing.md, "What counts"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from selective_sales.model import expression as e
from selective_sales.model.checked import CheckedPolicy, CheckedTable
from selective_sales.model.coverage import Mark, Part, Way
from tests.oracle.expressions import Evaluator, all_of

OUTCOMES = {True: Way.TRUE, False: Way.FALSE, None: Way.UNKNOWN}


def marks(checked: CheckedPolicy, client: Evaluator) -> Iterator[Mark]:
    """Every mark of rules, conditions, tables and points that the client comes to."""
    for rule in checked.rules:
        begun = rule.valid_from is None or rule.valid_from <= client.as_of
        if begun and (rule.valid_until is None or client.as_of <= rule.valid_until):
            yield Mark(Part.RULE, rule.id, OUTCOMES[client.condition(rule.condition)])
            conditions = [*conditions_of(rule.when), *([] if rule.unless is None else conditions_of(rule.unless))]
            for number, condition in enumerate(conditions, 1):
                yield Mark(Part.CONDITION, rule.id, OUTCOMES[client.condition(condition)], number)
    for table in checked.tables:
        for number in rows_hit(checked, table, client):
            yield Mark(Part.ROW, table.name, Way.HIT, number)
    for score in checked.policy.scores:
        for factor in score.factors:
            number = points_of(checked, f"#{score.name} {factor.id}", client)
            if number is not None:
                yield Mark(Part.POINTS, f"{score.name}.{factor.id}", Way.HIT, number)


def conditions_of(node: e.Expression) -> list[e.Expression]:
    """What stands between the connectives."""
    match node:
        case e.And(items) | e.Or(items) | e.AtLeast(_, items):
            return [condition for item in items for condition in conditions_of(item)]
        case e.Not(operand):
            return conditions_of(operand)
        case _:
            return [node]


def rows_hit(checked: CheckedPolicy, table: CheckedTable, client: Evaluator) -> Iterable[int]:
    """The rows that are true, of `first` and `priority` the one that decides; 0 where all are false and there is an `otherwise`."""
    held = {row.number: all_of([client.condition(cell) for cell in row.cells if cell is not None]) for row in table.rows}
    trues = [number for number, outcome in held.items() if outcome]
    if table.otherwise is not None and all(outcome is False for outcome in held.values()):
        return [0]
    match table.hit_policy:
        case e.HitPolicy.FIRST:
            return trues[:1]
        case e.HitPolicy.PRIORITY:
            return sorted(trues, key=lambda number: (ranks(checked, table, number), number))[:1]
        case _:
            return trues


def ranks(checked: CheckedPolicy, table: CheckedTable, number: int) -> Sequence[int]:
    """Where the row's outputs stand in their `one_of`, left to right."""
    declared = next(t for t in checked.policy.decision_tables if t.name == table.name)
    row = declared.rows[number - 1]
    listed = [(o.one_of, v.value) for o, v in zip(declared.outputs, row.outputs, strict=True) if o.one_of and isinstance(v, e.Constant)]
    return [one_of.index(value) if value in one_of else len(one_of) for one_of, value in listed]  # type: ignore[arg-type]


def points_of(checked: CheckedPolicy, part: str, client: Evaluator) -> int | None:
    """The first points that hold, counted from 1; 0 where the factor is missing and says what that is worth."""
    worth = checked.metric(part).expression
    if isinstance(worth, e.If):
        points: e.Expression = worth.otherwise
        if isinstance(points, e.Hit) and client.condition(worth.condition):
            return 0
        worth = points
    if not isinstance(worth, e.Hit):
        return None
    return next((number for number, row in enumerate(worth.rows, 1) if client.condition(row.condition)), None)
