"""A checked policy in; out comes whether an expression can be missing (or unknown) for some client that a case could write.

What is doubtful counts as possible, but for overflow, which no case is asked to show.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
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
    CompareOp,
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

_NEVER_OF_NO_ROWS = frozenset({"sum", "count", "distinct_count"})
_WHERE_THE_VALUE_IS = frozenset({"total", "average", "median", "rank", "percentile"})
_ZERO_WITHOUT_ROWS = frozenset({HitPolicy.COLLECT, HitPolicy.SUM, HitPolicy.COUNT})


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a client inside a branch: values that are present, and values that are not zero."""

    present: frozenset[Expression] = frozenset()
    nonzero: frozenset[Expression] = frozenset()

    def where(self, condition: Expression, holds: bool) -> Known:
        """The same, and what follows from the condition being true, or false."""
        match condition:
            case Not(operand):
                return self.where(operand, not holds)
            case And(items) if holds:
                return reduce(lambda known, item: known.where(item, True), items, self)
            case Or(items) if not holds:
                return reduce(lambda known, item: known.where(item, False), items, self)
            case IsMissing(operand, negated) if negated is holds:
                return Known(self.present | {operand}, self.nonzero)
            case Compare(left, op, Constant(int() | Decimal() as end)) if _excludes_zero(op, end, holds):
                return Known(self.present, self.nonzero | {left})
            case _:
                return self


def _excludes_zero(op: CompareOp, end: int | Decimal, holds: bool) -> bool:
    """Whether a value that stands so to the written end is never zero: zero itself would give the other outcome."""
    zero = {"=": end == 0, "!=": end != 0, "<": end > 0, "<=": end >= 0, ">": end < 0, ">=": end <= 0}[op]
    return zero is not holds


@dataclass(slots=True)
class Missing:
    """Answers for one policy; `metrics` remembers."""

    checked: CheckedPolicy
    metrics: dict[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.checked.metric_order:
            self.metrics[name] = self.possible(self.checked.metric(name).expression)

    def possible(self, node: Expression, known: Known = Known()) -> bool:
        """True where the value can be missing, for a client of whom so much is known."""
        if node in known.present:
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
                return node.function not in _NEVER_OF_NO_ROWS or self.any(children(node), known)
            case Portfolio():
                return node.function not in _WHERE_THE_VALUE_IS or self.any(children(node), known)
            case Call("coalesce", arguments):
                return all(self.possible(argument, known) for argument in arguments)
            case Call(function):
                return function in ("number", "date") or self.any(children(node), known)
            case Arithmetic(_, op, right):
                return (op == "/" and not self.is_nonzero(right, known)) or op == "**" or self.any(children(node), known)
            case If():
                return self.choice(node, known)
            case Weighted(parts, reweigh=True):
                return all(self.possible(part.value, known) for part in parts)
            case Hit():
                return self.hit(node, known)
            case (
                Negate() | Compare() | Between() | In() | Not() | And() | Or() | AtLeast() | Clamp() | Size() | Weighted()
            ):  # fmt: skip
                return self.any(children(node), known)
            case Name() | Member() | Rows():
                raise AssertionError(f"the checker left {node!r} unresolved")
            case _:
                assert_never(node)

    def any(self, nodes: Iterable[Expression], known: Known) -> bool:
        return any(self.possible(node, known) for node in nodes)

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

    def is_nonzero(self, node: Expression, known: Known) -> bool:
        """A divisor that is never zero where it is present."""
        match node:
            case Constant(value):
                return bool(value)
            case FieldValue("clients", name):
                declared = self.checked.policy.clients.field(name)
                bounded = declared is not None and isinstance(low := declared.minimum, int | Decimal) and low > 0
                return bounded or node in known.nonzero
            case _:
                return node in known.nonzero

    def choice(self, node: If, known: Known) -> bool:
        """`if x is present then x else 0` is never missing, `if x > 0 then 1 / x else 0` only where x is."""
        if self.possible(node.condition, known):
            return True
        return self.possible(node.then, known.where(node.condition, True)) or self.possible(
            node.otherwise, known.where(node.condition, False)
        )

    def hit(self, node: Hit, known: Known) -> bool:
        """No row need be true. That the rows of `unique` meet is a mistake, which no case is asked to show."""
        last = node.otherwise
        falls_through = node.policy not in _ZERO_WITHOUT_ROWS and last is None and not any(self.always(r.condition) for r in node.rows)
        return falls_through or self.any(children(node), known)

    def always(self, condition: Expression) -> bool:
        """A row whose cells let everything through."""
        if isinstance(condition, MetricValue):
            condition = self.checked.metric(condition.name).expression
        return isinstance(condition, Constant) and condition.value is True
