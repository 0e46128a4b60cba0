"""What leaves an expression unknown: the blank fields under it, and the causes where no field is blank, each with its SQL condition.

A score, a table's output and their parts are calculated values like metrics. A blank passes strictly upwards through arithmetic and
comparisons; `coalesce`, `if`, lists, tables and connectives may hide it. Each of those that stands above a field is a *shield*: the field
is named only where the shield itself is unknown. A metric is not looked into: its reasons are its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeGuard

from ..model.checked import CheckedPolicy
from ..model.expression import (
    Aggregate,
    And,
    Arithmetic,
    AtLeast,
    Call,
    Constant,
    Expression,
    FieldValue,
    Hit,
    HitPolicy,
    If,
    IsMissing,
    MetricValue,
    Or,
    Portfolio,
    Weighted,
    children,
    leaves,
    walk,
)
from ..model.sql import balanced, quote_name
from .hits import trues
from .plan import Plan
from .render import Renderer

ABSENT = "not given"
"""The cause where a whole table was not given."""
Shields = tuple[str, ...]
Labels = dict[str, dict[str, None]]
"""Label -> the SQL conditions under which it is to be named, each once."""


@dataclass(frozen=True, slots=True)
class Blame:
    """Finds, below an expression, the labels `field`, `table.field` and `name: cause`, each with the SQL under which it is to be named."""

    checked: CheckedPolicy
    plan: Plan
    renderer: Renderer

    def reasons(self, root: Expression, said_of: str) -> Reasons:
        """What can leave the expression missing: fields, failing operations, and metrics (whose own reasons stand in their columns)."""
        found = Reasons({}, {})
        for node, name, shields in self.below(root, said_of, ()):
            match node:
                case MetricValue(metric):
                    note(found.metrics, metric, shields, "TRUE")
                case FieldValue(_, field):
                    note(found.labels, field, shields, self.unknown(node))
                case Aggregate(table=table):
                    for field, flag in self.plan.aggregate_column(node).blanks:
                        note(found.labels, f"{table}.{field}", (*shields, self.unknown(node)), quote_name(flag))
                case _:
                    pass
            for cause, condition in self.failures(node):
                of = node.table if cause is ABSENT and isinstance(node, Aggregate) else name
                note(found.labels, f"{of}: {cause}", shields, condition)
        return found

    def failures(self, node: Expression) -> Iterator[tuple[str, str]]:
        """The ways in which one operation is missing although its operands are not: cause and SQL condition."""
        match node:
            case Constant(None):
                yield "stated as missing", "TRUE"
            case Arithmetic(_, op, right):
                given = self.given(children(node))
                if op == "/":
                    divisor = f" ({right.name} = 0)" if isinstance(right, FieldValue | MetricValue) else ""
                    zero = f"{self.renderer.sql(right)} = 0"
                    yield f"division by zero{divisor}", f"{given} AND {zero}"
                    given = f"{given} AND NOT {zero}"
                yield "overflow", f"{given} AND {self.unknown(node)}"
            case Call(function=function, arguments=arguments) if function in ("number", "date"):
                yield "unreadable text", f"{self.given(arguments)} AND {self.unknown(node)}"
            case Call(function=function, arguments=arguments) if function in ("abs", "round", "floor", "ceiling", "substring"):
                yield "overflow", f"{self.given(arguments)} AND {self.unknown(node)}"
            case Aggregate(table=table) if table in self.plan.setting.absent:
                yield ABSENT, "TRUE"
            case Portfolio(function=function):
                cause = "overflow" if function in ("total", "average", "median") else "no positive total"
                yield cause, f"{self.given(children(node))} AND {self.unknown(node)}"
            case Hit():
                yield from self.hit_failures(node)
            case Aggregate(function="sum"):
                yield "overflow", f"{self.unknown(node)} AND {self.whole(node)}"
            case Aggregate(function=function) if function not in ("count", "distinct_count"):
                yield "no rows", f"{self.unknown(node)} AND {self.whole(node)}"
            case Aggregate(condition=condition) if condition is not None:
                # An operation within the brackets failed: an unreadable text, a division by zero.
                yield "not computable", f"{self.unknown(node)} AND {self.whole(node)}"
            case _:
                return

    def hit_failures(self, node: Hit) -> Iterator[tuple[str, str]]:
        """What is wrong with a table where no input is: no row for the client, or rows that promised not to meet."""
        conditions = [self.renderer.sql(row.condition) for row in node.rows]
        empty = node.policy not in (HitPolicy.COLLECT, HitPolicy.SUM, HitPolicy.COUNT)
        if node.otherwise is None and empty:
            yield "no row matches", f"({balanced(conditions, 'OR')}) IS FALSE"
        if node.policy in (HitPolicy.UNIQUE, HitPolicy.ANY):
            cause = "more than one row matches" if node.policy is HitPolicy.UNIQUE else "rows that match disagree"
            yield cause, f"{self.unknown(node)} AND {trues(conditions)} > 1"

    def whole(self, node: Aggregate) -> str:
        """No blank below the list function: what the client's own row brings into its brackets is there."""
        read = [part for child in children(node) for part in walk(child) if isinstance(part, MetricValue)]
        return self.given(tuple(read)) if read else "TRUE"

    def given(self, operands: tuple[Expression, ...]) -> str:
        return " AND ".join(f"{self.renderer.sql(part)} IS NOT NULL" for part in operands)

    def unknown(self, node: Expression) -> str:
        return f"{self.renderer.sql(node)} IS NULL"

    def below(self, node: Expression, name: str, shields: Shields) -> Iterator[tuple[Expression, str, Shields]]:
        """Every node under this one, calculated fields opened up, metrics left closed, with the shields above it."""
        if isinstance(node, FieldValue) and (calculation := self.checked.calculation(node.table, node.name)) is not None:
            yield from self.below(calculation.expression, node.name, (*shields, self.unknown(node)))
            return
        yield node, name, shields
        for child, shield in self.steps(node):
            yield from self.below(child, name, (*shields, *shield))

    def steps(self, node: Expression) -> Iterator[tuple[Expression, Shields]]:
        """The nodes directly below, each with the shields it gains."""
        match node:
            case IsMissing():
                return
            case If(condition, then, otherwise):
                own, test = self.unknown(node), self.renderer.sql(condition)
                yield condition, (own, self.unknown(condition))
                yield then, (own, f"{test} IS NOT FALSE")
                yield otherwise, (own, f"{test} IS NOT TRUE")
            case And() | Or() | AtLeast():
                for leaf in leaves(node):
                    yield leaf, (self.unknown(leaf),)
            case Call(function="coalesce"):
                for child in children(node):
                    yield child, (self.unknown(node),)
            case Weighted(parts, reweigh=reweigh):
                for weighed in parts:
                    if self.renderer.weight(weighed.weight) != 0:
                        yield weighed.value, ((self.unknown(node),) if reweigh else ())
            case Hit():
                yield from self.hit_steps(node)
            case Aggregate():
                read = (part for child in children(node) for part in walk(child))
                for part in read:
                    if isinstance(part, MetricValue) or (isinstance(part, FieldValue) and part.table == "clients"):
                        yield part, (self.unknown(node),)
            case _:
                for child in children(node):
                    yield child, ()

    def hit_steps(self, node: Hit) -> Iterator[tuple[Expression, Shields]]:
        """Each input once, behind "a row that tests it is unknown and could have counted"; then the outputs that may be missing."""
        own = self.unknown(node)
        conditions = [self.renderer.sql(row.condition) for row in node.rows]
        testing: dict[Expression, list[int]] = {}
        for i, row in enumerate(node.rows):
            for leaf in leaves(opened(self.checked, row.condition)):
                read = {n for n in walk(leaf) if isinstance(n, FieldValue | MetricValue | Aggregate | Portfolio)}
                if len(read) == 1 and not any(isinstance(n, Arithmetic | Call | If) for n in walk(leaf)):
                    testing.setdefault(read.pop(), []).append(i)
                elif read:
                    yield leaf, (own, open_row(node.policy, conditions, [i]), self.unknown(leaf))
        for read_one, rows in testing.items():
            yield read_one, (own, open_row(node.policy, conditions, rows), self.unknown(read_one))
        for row, condition in zip(node.rows, conditions, strict=True):
            if not isinstance(row.value, Constant) or row.value.value is None:
                yield row.value, (own, f"{condition} IS NOT FALSE")
        if node.otherwise is not None:
            yield node.otherwise, (own,)


@dataclass(frozen=True, slots=True)
class Reasons:
    """Labels with their conditions, and metrics (whose own reasons stand in their columns) with theirs."""

    labels: Labels
    metrics: Labels


def either(conditions: dict[str, None]) -> str:
    return balanced([f"({c})" for c in conditions], "OR")


def note(found: Labels, label: str, shields: Shields, condition: str) -> None:
    found.setdefault(label, {})[" AND ".join(dict.fromkeys([*shields, condition]))] = None


def opened(checked: CheckedPolicy, condition: Expression) -> Expression:
    """A row's condition as its cells: that of a table's row stands in a column of its own."""
    return checked.metric(condition.name).expression if is_row(condition, checked) else condition


def is_row(condition: Expression, checked: CheckedPolicy) -> TypeGuard[MetricValue]:
    """True for the column of a table's row; a factor's points may ask for a metric that is true or false."""
    return isinstance(condition, MetricValue) and checked.metric(condition.name).is_part


def open_row(policy: HitPolicy, conditions: list[str], rows: list[int]) -> str:
    """One of these rows is unknown and could have counted: where the first true row decides, only those before it."""
    if policy is not HitPolicy.FIRST:
        return "(" + balanced([f"{conditions[i]} IS NULL" for i in rows], "OR") + ")"
    wanted, parts = set(rows), []
    for i in range(rows[-1] + 1):
        parts.append(f"WHEN {conditions[i]} THEN FALSE" + (f" WHEN {conditions[i]} IS NULL THEN TRUE" if i in wanted else ""))
    return f"(CASE {' '.join(parts)} ELSE FALSE END)"


def metrics_reached(checked: CheckedPolicy, conditions: list[Expression]) -> set[str]:
    """The metrics below the conditions, through any number of metrics."""
    todo = list(conditions)
    found: set[str] = set()
    opened_rows: set[str] = set()
    while todo:
        tree = todo.pop()
        rows = {row.condition.name for hit in walk(tree) if isinstance(hit, Hit) for row in hit.rows if is_row(row.condition, checked)}
        for node in walk(tree):
            if isinstance(node, MetricValue) and node.name not in found | opened_rows:
                (opened_rows if node.name in rows else found).add(node.name)
                todo.append(checked.metric(node.name).expression)
    return found


def source_name(leaf: Expression) -> str:
    """What a cause is said of where no metric stands between: the first field of the leaf."""
    return next((n.name for n in walk(leaf) if isinstance(n, FieldValue | MetricValue)), "condition")
