"""CheckedPolicy and a date in; out come the conditions on which something turns: each rule, row of a table, point of a score, `if`.

Conditions are opened up, so that each leaf is one comparison: a metric that is true or false by its expression, `between`, intervals and
lists by their parts. They serve to look for clients; what is decided, the policy's own query says. Pure.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from ..model.checked import CheckedPolicy, CheckedRule, Made
from ..model.expression import (
    NOWHERE,
    And,
    Arithmetic,
    AtLeast,
    Between,
    Clamp,
    Compare,
    CompareOp,
    Constant,
    Expression,
    Hit,
    If,
    In,
    MetricValue,
    Not,
    OpTest,
    Or,
    ParameterValue,
    RangeTest,
    Test,
    ValueTest,
    leaves,
    walk,
)
from ..model.kind import Kind
from ..model.place import Place

MOST_LEAVES = 40
"""A condition that would be opened into more leaves stays as it is."""


class Sort(StrEnum):
    RULE = "rule"
    ROW = "row"
    POINT = "point"
    IF = "if"


@dataclass(frozen=True, slots=True)
class Question:
    """A condition with its opened form. `columns` are the results that show it, beside the decision; `name` is what people call it."""

    sort: Sort
    name: str
    rule: CheckedRule
    columns: tuple[str, ...] = ()
    place: Place = field(default=NOWHERE, compare=False)
    said: tuple[str, str] | None = None
    """What stands against what, in words, where the leaf is nowhere written as it is."""

    @property
    def group(self) -> str:
        """Questions that speak of the same thing: the rows of a table, the points of a factor."""
        return self.columns[0] if self.sort is Sort.ROW else self.name

    @property
    def leaves(self) -> tuple[Expression, ...]:
        """In the order of an explaining query: those of `when`, then those of `unless`."""
        unless = () if self.rule.unless is None else tuple(leaves(self.rule.unless))
        return (*leaves(self.rule.when), *unless)


def questions(checked: CheckedPolicy, as_of: datetime.date, rules: frozenset[str] = frozenset()) -> tuple[Question, ...]:
    """Every question of the policy on that date; of `rules` alone, where some are named, with the values that they reach."""
    own = [_of_rule(checked, rule) for rule in checked.rules if rule.in_force(as_of) and (not rules or rule.id in rules)]
    return (*own, *(question for question in _of_values(checked) if not rules or _reached(checked, question, own)))


def _reached(checked: CheckedPolicy, question: Question, rules: list[Question]) -> bool:
    names = {node.name for rule in rules for node in checked.reached(rule.rule.condition) if isinstance(node, MetricValue)}
    return bool(names & set(question.columns))


def _of_rule(checked: CheckedPolicy, rule: CheckedRule) -> Question:
    unless = None if rule.unless is None else opened(checked, rule.unless)
    made = CheckedRule(f"#{rule.id}", rule.decision, opened(checked, rule.when), unless)
    return Question(Sort.RULE, rule.id, made, (), rule.when.place)


def _of_values(checked: CheckedPolicy) -> Iterator[Question]:
    for table in checked.tables:
        for row in table.rows:
            cells = tuple(cell for cell in row.cells if cell is not None)
            if cells:
                whole = cells[0] if len(cells) == 1 else And(cells, kind=Kind.BOOLEAN, place=row.place)
                yield _asked(checked, Sort.ROW, f"{table.name}, row {row.number}", whole, table.outputs, row.place)
    for score in checked.scores:
        for factor in score.factors:
            for condition in _of_factor(checked.metric(factor.part).expression):
                yield _asked(checked, Sort.POINT, f"{score.name}, {factor.id}", condition, (score.name,), factor.place)
            for end, condition in zip(("its worst", "its best"), _ends(checked.metric(factor.part).expression), strict=False):
                yield replace(_asked(checked, Sort.POINT, score.name, condition, (score.name,), factor.place), said=(factor.id, end))
    for metric in checked.metrics:
        if metric.made is Made.METRIC and not metric.is_list:
            for node in walk(metric.expression):
                if isinstance(node, If):
                    yield _asked(checked, Sort.IF, metric.name, node.condition, (metric.name,), node.condition.place)


def _asked(checked: CheckedPolicy, sort: Sort, name: str, condition: Expression, columns: tuple[str, ...], place: Place) -> Question:
    decision = checked.policy.default_decision.id
    return Question(sort, name, CheckedRule(f"#{name}", decision, opened(checked, condition), None), columns, place)


def _of_factor(worth: Expression) -> Iterator[Expression]:
    """The conditions of a factor's points."""
    for node in walk(worth):
        if isinstance(node, Hit):
            yield from (row.condition for row in node.rows if not isinstance(row.condition, Constant))


def _ends(worth: Expression) -> Iterator[Expression]:
    """Where a factor's line begins and ends: whether its value has come to the worst, and to the best."""
    for node in walk(worth):
        match node:
            case Clamp(Arithmetic(above, "/", span)):
                for end in (Constant(0, "0", kind=above.kind, place=above.place), span):
                    yield Compare(above, ">=", end, kind=Kind.BOOLEAN, place=above.place)
            case _:
                pass


def opened(checked: CheckedPolicy, condition: Expression) -> Expression:
    """The condition with single comparisons for leaves; as it was where that would be too many."""
    whole = _opened(checked, condition, MOST_LEAVES)
    return whole if sum(1 for _ in leaves(whole)) <= MOST_LEAVES else condition


def _opened(checked: CheckedPolicy, node: Expression, depth: int) -> Expression:
    match node:
        case And(items) | Or(items):
            return replace(node, items=tuple(_opened(checked, item, depth) for item in items))
        case AtLeast(_, items):
            return replace(node, items=tuple(_opened(checked, item, depth) for item in items))
        case Not(operand):
            return replace(node, operand=_opened(checked, operand, depth))
        case MetricValue(name) if depth > 0 and node.kind is Kind.BOOLEAN and _is_condition(checked.metric(name).expression):
            return _opened(checked, checked.metric(name).expression, depth - 10)
        case Between(operand, low, high):
            return _all(node, _compare(operand, ">=", low), _compare(operand, "<=", high))
        case In(operand, tests, negated) if not any(map(_is_whole, tests)):
            parts = tuple(_tested(operand, test) for test in tests)
            some = parts[0] if len(parts) == 1 else Or(parts, kind=Kind.BOOLEAN, place=node.place)
            return Not(some, kind=Kind.BOOLEAN, place=node.place) if negated else some
        case _:
            return node


def _is_condition(node: Expression) -> bool:
    """What can be opened: not an `if`, nor a yes or no of the data."""
    return isinstance(node, And | Or | AtLeast | Not | Compare | Between | In | MetricValue)


def _is_whole(test: Test) -> bool:
    """A list that a parameter or a table gives, or the test for a blank: one leaf."""
    match test:
        case ValueTest(Constant(value)):
            return value is None
        case ValueTest(ParameterValue() | MetricValue()):
            return True
        case _:
            return False


def _tested(operand: Expression, test: Test) -> Expression:
    match test:
        case ValueTest(value):
            return _compare(operand, "=", value)
        case OpTest(op, value):
            return _compare(operand, op, value)
        case RangeTest(low, high, low_closed, high_closed):
            first = _compare(operand, ">=" if low_closed else ">", low)
            return _all(operand, first, _compare(operand, "<=" if high_closed else "<", high))


def _compare(left: Expression, op: CompareOp, right: Expression) -> Compare:
    return Compare(left, op, right, kind=Kind.BOOLEAN, place=right.place)


def _all(node: Expression, *items: Expression) -> And:
    return And(items, kind=Kind.BOOLEAN, place=node.place)
