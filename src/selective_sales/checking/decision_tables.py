"""A decision table as read -> its parts (inputs, rows), its outputs as calculated values, and the table for analysis and explanations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ..model.checked import CheckedInput, CheckedMetric, CheckedRow, CheckedTable, Made
from ..model.decision_tables import DecisionTable, Output
from ..model.expression import And, Constant, Expression, FieldValue, Hit, HitPolicy, HitRow, MetricValue, walk
from ..model.kind import Kind
from ..model.place import Place
from .advice import describe
from .catalog import Scope
from .cells import cell_condition
from .desk import declared
from .literals import Looseness, looseness, settle
from .words import KIND_WORDS, one_of, value_text

Elaborate = Callable[[Expression, Scope], Expression]
_SUMMED = frozenset({Kind.MONEY, Kind.NUMBER, Kind.INTEGER, Kind.DAYS, Kind.MONTHS})
_ORDERED = _SUMMED | {Kind.DATE}


@dataclass(slots=True)
class TableInMaking:
    """A table whose inputs and rows are there; each output's values are typed when its turn in the graph comes."""

    table: DecisionTable
    inputs: tuple[CheckedInput, ...]
    rows: list[tuple[str, tuple[Expression | None, ...]]]
    parts: tuple[CheckedMetric, ...]
    values: dict[str, tuple[tuple[Expression, ...], Expression | None]] = field(default_factory=dict)
    """Output -> its typed value in each row, and otherwise."""

    def checked(self) -> CheckedTable:
        """The table, when every output has been typed."""
        names = tuple(o.name for o in self.table.outputs)
        rows = tuple(
            CheckedRow(i + 1, part, cells, tuple(self.values[n][0][i] for n in names), row.place, tuple(c.text for c in row.cells))
            for i, ((part, cells), row) in enumerate(zip(self.rows, self.table.rows, strict=True))
        )
        last = [self.values[n][1] for n in names]
        otherwise = tuple(e for e in last if e is not None) if all(e is not None for e in last) else None
        return CheckedTable(self.table.name, self.table.hit_policy, self.inputs, names, rows, otherwise, self.table.place)


def begin_table(table: DecisionTable, scope: Scope, elaborate: Elaborate) -> TableInMaking:
    """The inputs and row conditions."""
    parts: list[CheckedMetric] = []
    inputs = []
    for number, (tree, text) in enumerate(zip(table.inputs, table.input_texts, strict=True), 1):
        value = elaborate(tree, scope)
        if looseness(value, scope) is not Looseness.FIXED and not any(isinstance(n, FieldValue | MetricValue) for n in walk(value)):
            scope.desk.error(
                "SS266", f"the input {text} is a written value: it is the same for everybody", tree.place, "name a field or metric"
            )
        if not isinstance(value, FieldValue | MetricValue):
            name = f"#{table.name} input {number}"
            parts.append(CheckedMetric(name, value.kind, value, Made.PART, tree.place, of=table.name))
            value = MetricValue(name, place=tree.place, kind=value.kind)
        inputs.append(CheckedInput(text, value))
    rows = []
    for number, row in enumerate(table.rows, 1):
        cells = tuple(cell_condition(cell, i.value, scope, elaborate) for cell, i in zip(row.cells, inputs, strict=True))
        held = tuple(cell for cell in cells if cell is not None)
        tree = Constant(True, "true", place=row.place, kind=Kind.BOOLEAN) if not held else held[0]
        if len(held) > 1:
            tree = And(held, place=row.place, kind=Kind.BOOLEAN)
        name = f"#{table.name} row {number}"
        parts.append(CheckedMetric(name, Kind.BOOLEAN, tree, Made.PART, row.place, of=table.name))
        rows.append((name, cells))
    _check_policy(table, scope)
    return TableInMaking(table, tuple(inputs), rows, tuple(parts))


def output_value(making: TableInMaking, output: Output, scope: Scope, elaborate: Elaborate) -> CheckedMetric:
    """The output as a calculated value."""
    table = making.table
    index = table.outputs.index(output)
    values = tuple(_typed(row.outputs[index], output, table.hit_policy, scope, elaborate) for row in table.rows)
    last = None if table.otherwise is None else _typed(table.otherwise[index], _counted(output, table), table.hit_policy, scope, elaborate)
    making.values[output.name] = (values, last)
    order = range(len(table.rows))
    policy = table.hit_policy
    if policy is HitPolicy.PRIORITY:
        order, policy = sorted(order, key=lambda i: _rank(table, i)), HitPolicy.FIRST  # type: ignore[assignment]
    rows = tuple(HitRow(MetricValue(making.rows[i][0], place=table.rows[i].place, kind=Kind.BOOLEAN), values[i]) for i in order)
    kind = Kind.INTEGER if policy is HitPolicy.COUNT else output.type
    tree = Hit(policy, rows, last, place=output.place, kind=kind)
    labels = tuple((language, tuple(zip(map(_written, output.one_of), words, strict=False))) for language, words in output.labels)
    return CheckedMetric(
        output.name, kind, tree, Made.OUTPUT, output.place, output.title, output.format, output.tell_client,
        policy is HitPolicy.COLLECT, table.name, labels,
    )  # fmt: skip


def _written(value: object) -> str:
    return str(value)


def _counted(output: Output, table: DecisionTable) -> Output:
    """What `otherwise` stands for: a number where rows are counted."""
    return replace(output, type=Kind.INTEGER, one_of=()) if table.hit_policy is HitPolicy.COUNT else output


def _rank(table: DecisionTable, row: int) -> tuple[int, ...]:
    """The place of the row's outputs in their `one_of`, left to right."""
    ranks = []
    for output, value in zip(table.outputs, table.rows[row].outputs, strict=True):
        if output.one_of:
            known = isinstance(value, Constant) and value.value in output.one_of
            ranks.append(output.one_of.index(value.value) if known else len(output.one_of))  # type: ignore[union-attr]
    return tuple(ranks)


def _typed(tree: Expression, output: Output, policy: HitPolicy, scope: Scope, elaborate: Elaborate) -> Expression:
    """The value of one row, in the output's kind; one of its values, where they are listed."""
    if isinstance(tree, Constant) and tree.value is None:
        if tree.text and policy is HitPolicy.PRIORITY and output.one_of:
            scope.desk.error("SS267", f"with the hit policy 'priority' '{output.name}' cannot be missing", tree.place, _listed(output))
        return replace(tree, kind=output.type)
    value = elaborate(tree, scope)
    if value.kind is Kind.UNKNOWN or output.type is Kind.UNKNOWN:
        return value
    free = looseness(value, scope)
    if free is Looseness.NUMBER and output.type in (Kind.MONEY, Kind.NUMBER):
        value = settle(value, output.type, scope)
    if value.kind is not output.type and not (value.kind is Kind.INTEGER and output.type is Kind.NUMBER):
        message = f"the output '{output.name}' is {KIND_WORDS[output.type]}, and {describe(value, scope)}"
        help = f"write {KIND_WORDS[output.type]}, or declare the output (at {declared(output.place)}) as type: {value.kind.value}"
        scope.desk.error("SS267", message, tree.place, help)
        return replace(tree, kind=Kind.UNKNOWN)
    if output.one_of:
        _check_listed(value, output, policy, scope)
    return value


def _check_listed(value: Expression, output: Output, policy: HitPolicy, scope: Scope) -> None:
    if not isinstance(value, Constant):
        if policy is HitPolicy.PRIORITY:
            message = f"with the hit policy 'priority' the output '{output.name}' is one of its written values"
            scope.desk.error("SS267", message, value.place, _listed(output))
        return
    if value.value in output.one_of or (isinstance(value.value, int) and Decimal(value.value) in output.one_of):
        return
    near = scope.desk.closest(value.value, [v for v in output.one_of if isinstance(v, str)]) if isinstance(value.value, str) else None
    help = f"did you mean {near}?" if near is not None else _listed(output)
    scope.desk.error("SS217", f"the output '{output.name}' is never {value_text(value.value)}", value.place, help)


def _listed(output: Output) -> str:
    return f"its values are {one_of(map(value_text, output.one_of), 'and')} (declared at {declared(output.place)})"


def _check_policy(table: DecisionTable, scope: Scope) -> None:
    """What the hit policy asks of the outputs."""
    policy, place = table.hit_policy, table.hit_policy_place
    if policy is HitPolicy.PRIORITY and not any(o.one_of for o in table.outputs):
        help = "add one_of to an output, the best value first"
        scope.desk.error("SS268", "the hit policy 'priority' needs the order of an output's values", place, help)
    if policy in (HitPolicy.SUM, HitPolicy.MIN, HitPolicy.MAX, HitPolicy.COUNT):
        if len(table.outputs) != 1:
            message = f"the hit policy '{policy}' gives one value, and the table has {len(table.outputs)} outputs"
            scope.desk.error("SS268", message, place, "keep one output; make a second table for another")
        kinds = {HitPolicy.SUM: _SUMMED, HitPolicy.COUNT: frozenset(Kind)}.get(policy, _ORDERED)
        for output in table.outputs:
            if output.type not in kinds and output.type is not Kind.UNKNOWN:
                message = f"the hit policy '{policy}' cannot take '{output.name}', which is {KIND_WORDS[output.type]}"
                scope.desk.error(
                    "SS268", message, output.place, "declare the output as type: number or money, or choose another hit policy"
                )


def place_of_row(table: DecisionTable, number: int) -> Place:
    return table.rows[number - 1].place
