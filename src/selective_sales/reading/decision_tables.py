"""The section `tables` -> DecisionTable: inputs, outputs, rows of cells and outputs, `otherwise`.

The rows stand in the policy, or in a CSV file beside it (`rows_from`, read by `table_rows.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..model.decision_tables import DecisionTable, Output, TableRow
from ..model.expression import Constant, Expression, HitPolicy
from ..model.kind import Kind
from .cells import read_cell
from .conditions import UNREADABLE, expression
from .desk import Desk, choice, entries, items, member, text, texts_of, truth
from .names import check_name
from .nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from .scalars import resolve
from .texts import texts
from .values import typed

_KINDS = {kind.value: kind for kind in Kind if kind is not Kind.UNKNOWN}


def read_decision_tables(desk: Desk, section: Node | None) -> tuple[DecisionTable, ...]:
    """All decision tables, in the author's order."""
    return tuple(_table(desk, entry) for entry in entries(section))


@dataclass(frozen=True, slots=True)
class Shape:
    """What every row of a table must have."""

    inputs: tuple[str, ...]
    outputs: tuple[Output, ...]

    @property
    def width(self) -> int:
        return len(self.inputs) + len(self.outputs)


def _table(desk: Desk, entry: Entry) -> DecisionTable:
    name, node = entry.key.value, entry.value
    check_name(desk, entry.key, name, "a table")
    inputs = items(member(node, "inputs"))
    outputs = tuple(_output(desk, output) for output in entries(member(node, "outputs")))
    shape = Shape(tuple(text(item) or "" for item in inputs), outputs)
    hit_policy = member(node, "hit_policy")
    otherwise = member(node, "otherwise")
    return DecisionTable(
        name,
        choice(hit_policy, HitPolicy.UNIQUE),
        tuple(expression(desk, item) for item in inputs),
        shape.inputs,
        outputs,
        _rows(desk, entry, shape),
        _otherwise(desk, otherwise, shape),
        desk.place(entry.key),
        desk.place(hit_policy or entry.key),
        desk.place(otherwise or entry.key),
        texts(desk, member(node, "title")),
    )


def _output(desk: Desk, entry: Entry) -> Output:
    name, node, place = entry.key.value, entry.value, desk.place(entry.key)
    check_name(desk, entry.key, name, "an output")
    if isinstance(node, ScalarNode):
        return Output(name, _KINDS.get(node.value, Kind.UNKNOWN), place)
    if not isinstance(node, MappingNode):
        return Output(name, Kind.UNKNOWN, place)
    written = text(node.get("type"))
    kind = _KINDS.get(written or "text", Kind.UNKNOWN)
    listed = items(node.get("one_of"))
    for label in entries(node.get("labels")):
        if len(texts_of(label.value)) != len(listed):
            message = f"there are {len(texts_of(label.value))} labels in '{label.key.value}' for {len(listed)} values of 'one_of'"
            desk.error("SS119", message, label.key, "write one label for each value of 'one_of', in the same order")
    return Output(
        name,
        kind,
        place,
        one_of=tuple(value for item in listed if (value := typed(desk, item, kind)) is not None),
        labels=tuple((label.key.value, texts_of(label.value)) for label in entries(node.get("labels"))),
        title=texts(desk, node.get("title")),
        format=text(node.get("format")) or "",
        tell_client=truth(node.get("tell_client")),
    )


def _rows(desk: Desk, entry: Entry, shape: Shape) -> tuple[TableRow, ...]:
    rows, file = member(entry.value, "rows"), member(entry.value, "rows_from")
    if (rows is None) is (file is None):
        problem = "has its rows twice: in 'rows' and in a file" if rows is not None else "has no rows"
        desk.error("SS141", f"the table '{entry.key.value}' {problem}", entry.key, "write 'rows', or name a CSV file with 'rows_from'")
    if rows is not None:
        return tuple(row for item in items(rows) if (row := _row(desk, item, shape)) is not None)
    if file is None:
        return ()
    from .table_rows import read_rows

    return read_rows(desk, file, shape)


def _row(desk: Desk, node: Node, shape: Shape) -> TableRow | None:
    if not isinstance(node, SequenceNode):
        return None
    if len(node.items) != shape.width:
        desk.error("SS142", _width(len(node.items), shape), node, _columns(shape))
        return None
    cells = tuple(read_cell(desk, item) for item in node.items[: len(shape.inputs)])
    values = tuple(output_value(desk, item, o) for item, o in zip(node.items[len(shape.inputs) :], shape.outputs, strict=True))
    return TableRow(cells, values, desk.place(node))


def _width(found: int, shape: Shape) -> str:
    return f"this row has {found} {'cell' if found == 1 else 'cells'}, and the table {shape.width} columns"


def _columns(shape: Shape) -> str:
    inputs, outputs = ", ".join(shape.inputs), ", ".join(o.name for o in shape.outputs)
    return f"write one cell for each input ({inputs}) and then for each output ({outputs}); - lets anything through"


def _otherwise(desk: Desk, node: Node | None, shape: Shape) -> tuple[Expression, ...] | None:
    if node is None:
        return None
    values: Sequence[Node] = node.items if isinstance(node, SequenceNode) else [node]
    if len(values) != len(shape.outputs):
        names = ", ".join(o.name for o in shape.outputs)
        message = f"'otherwise' has {len(values)} {'value' if len(values) == 1 else 'values'} for {len(shape.outputs)} outputs"
        desk.error("SS142", message, node, f"write one value for each output: {names}")
        return None
    return tuple(output_value(desk, item, output) for item, output in zip(values, shape.outputs, strict=True))


def output_value(desk: Desk, node: Node, output: Output) -> Expression:
    """What a row gives: of a text output the text itself, of others an expression; `missing`; `{is: expression}` calculates."""
    if isinstance(node, MappingNode):
        return expression(desk, node.get("is"))
    if not isinstance(node, ScalarNode):
        return UNREADABLE
    if resolve(node) is None or not node.value.strip() or (node.plain and node.value.strip() == "-"):
        help = "write a value; write missing where the row gives none"
        desk.error("SS143", f"the output '{output.name}' is empty", node, help)
        return UNREADABLE
    if output.type is not Kind.TEXT:
        return expression(desk, node)
    place = desk.place(node)
    if node.plain and node.value == "missing":
        return Constant(None, "missing", place=place)
    return Constant(node.value, f'"{node.value}"', place=place)
