"""A checked policy in; out comes whether an expression can be missing (or unknown) for some client that a case could write.

What is doubtful counts as possible, but for overflow, which no case is asked to show.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import assert_never

from ..model.checked import CheckedPolicy
from ..model.expression import (
    Aggregate,
    And,
    Arithmetic,
    AsOf,
    AtLeast,
    Between,
    Call,
    Clamp,
    Compare,
    Constant,
    Decided,
    Expression,
    FieldValue,
    Hit,
    HitPolicy,
    If,
    In,
    IsMissing,
    Member,
    MetricValue,
    Name,
    Negate,
    Not,
    Or,
    ParameterValue,
    Portfolio,
    Rows,
    Size,
    Weighted,
    children,
)

Present = frozenset[Expression]
_NEVER_OF_NO_ROWS = frozenset({"sum", "count", "distinct_count"})
_WHERE_THE_VALUE_IS = frozenset({"total", "average", "median", "rank", "percentile"})
_ZERO_WITHOUT_ROWS = frozenset({HitPolicy.COLLECT, HitPolicy.SUM, HitPolicy.COUNT})


@dataclass(slots=True)
class Missing:
    """Answers for one policy; `metrics` remembers."""

    checked: CheckedPolicy
    metrics: dict[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.checked.metric_order:
            self.metrics[name] = self.possible(self.checked.metric(name).expression)

    def possible(self, node: Expression, present: Present = frozenset()) -> bool:
        """True where the value can be missing, `present` being known to be there."""
        if node in present:
            return False
        match node:
            case Constant(value):
                return value is None
            case ParameterValue() | AsOf() | Decided() | IsMissing():
                return False
            case FieldValue(table, name):
                return self.blank(table, name)
            case MetricValue(name):
                return self.metrics[name]
            case Aggregate():
                return node.function not in _NEVER_OF_NO_ROWS or self.any(children(node), present)
            case Portfolio():
                return node.function not in _WHERE_THE_VALUE_IS or self.any(children(node), present)
            case Call("coalesce", arguments):
                return all(self.possible(argument, present) for argument in arguments)
            case Call(function):
                return function in ("number", "date") or self.any(children(node), present)
            case Arithmetic(_, op, right):
                divides = op == "/" and not (isinstance(right, Constant) and right.value)
                return divides or op == "**" or self.any(children(node), present)
            case If():
                return self.choice(node, present)
            case Weighted(parts, reweigh=True):
                return all(self.possible(part.value, present) for part in parts)
            case Hit():
                return self.hit(node, present)
            case (
                Negate() | Compare() | Between() | In() | Not() | And() | Or() | AtLeast() | Clamp() | Size() | Weighted()
            ):  # fmt: skip
                return self.any(children(node), present)
            case Name() | Member() | Rows():
                raise AssertionError(f"the checker left {node!r} unresolved")
            case _:
                assert_never(node)

    def any(self, nodes: Iterable[Expression], present: Present) -> bool:
        return any(self.possible(node, present) for node in nodes)

    def blank(self, table: str, name: str) -> bool:
        """A cell of that field can be blank; a calculated one where what it is calculated from can."""
        calculation = self.checked.calculation(table, name)
        if calculation is not None:
            return self.possible(calculation.expression)
        found = self.checked.policy.table(table)
        declared = None if found is None else found.field(name)
        if found is not None and found.built_in:
            return False  # earlier runs have no blanks, and without any the table has no rows
        return found is None or declared is None or not (declared.required or declared.missing is not None or name in found.key)

    def choice(self, node: If, present: Present) -> bool:
        """`if x is present then x else 0` is never missing."""
        then, otherwise = present, present
        match node.condition:
            case IsMissing(operand, negated):
                then, otherwise = (present | {operand}, present) if negated else (present, present | {operand})
            case _:
                if self.possible(node.condition, present):
                    return True
        return self.possible(node.then, then) or self.possible(node.otherwise, otherwise)

    def hit(self, node: Hit, present: Present) -> bool:
        """No row need be true; several may disagree."""
        if node.policy in (HitPolicy.UNIQUE, HitPolicy.ANY) and len(node.rows) > 1:
            return True
        last = node.otherwise
        falls_through = node.policy not in _ZERO_WITHOUT_ROWS and last is None and not any(self.always(r.condition) for r in node.rows)
        return falls_through or self.any(children(node), present)

    def always(self, condition: Expression) -> bool:
        """A row whose cells let everything through."""
        if isinstance(condition, MetricValue):
            condition = self.checked.metric(condition.name).expression
        return isinstance(condition, Constant) and condition.value is True
