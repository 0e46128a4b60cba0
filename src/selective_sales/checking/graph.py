"""Which definition uses which: an order in which each comes after all it uses, and the cycles that have none.

A node is the name of a calculated value (metric, score, table output), or (table, field) for a calculated field. Nothing here recurses: a
chain of definitions may be as long as the policy, until it is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..model.decision_tables import Cell
from ..model.expression import Call, Expression, Member, Name, Rows, ValueTest, children, test_values
from ..model.kind import Kind
from ..model.place import Place
from ..model.policy import Metric
from ..model.scores import Score
from .catalog import CLIENTS, Catalog, OutputOf, Value
from .cells import is_plain_text
from .desk import Desk, declared
from .words import path

_MOST_CYCLES = 50
"""Of a knot of definitions nobody reads more ways round."""

LONGEST_CHAIN = 200
"""So many definitions may stand one on another. Each is a query around a query, and an engine nests only so many (DuckDB about 500)."""

Node = str | tuple[str, str]
"""A metric, or a calculated field."""


@dataclass(frozen=True, slots=True)
class Graph:
    """`order`: uses before users, cycles left out of account; `cycles`: each as the nodes of one way round."""

    order: tuple[Node, ...]
    cycles: tuple[tuple[Node, ...], ...]
    places: Mapping[tuple[Node, Node], Place]


def build(catalog: Catalog) -> Graph:
    """The graph of all metrics and calculated fields."""
    uses: dict[Node, dict[Node, Place]] = {}
    for table, fields in catalog.fields.items():
        for field in fields.values():
            if field.calculation is not None:
                uses[(table, field.name)] = references(field.calculation, catalog, None if table == CLIENTS else table)
    for value in catalog.metrics.values():
        found: dict[Node, Place] = {}
        for tree in trees_of(value, catalog):
            found = references(tree, catalog, None) | found
        uses[value.name] = found
    return graph_of(uses)


def graph_of(uses: Mapping[Node, Mapping[Node, Place]]) -> Graph:
    """The graph of definitions that use each other, each use with its place."""
    order, cycles = _order(uses)
    return Graph(order, cycles, {(a, b): place for a, found in uses.items() for b, place in found.items()})


def trees_of(value: Value, catalog: Catalog) -> Iterator[Expression]:
    """The trees as read that a calculated value is made of."""
    match value:
        case Metric(expression=expression):
            yield expression
        case Score(factors=factors):
            for factor in factors:
                yield from (tree for tree in (factor.of, factor.weight, factor.worst, factor.best) if tree is not None)
                for cell, _ in factor.points:
                    yield from _tested(cell, factor.of, catalog)
        case OutputOf(table, _):
            yield from table.inputs
            for row in table.rows:
                for cell, tested in zip(row.cells, table.inputs, strict=False):
                    yield from _tested(cell, tested, catalog)
                yield from row.outputs[value.number : value.number + 1]
            yield from (table.otherwise or ())[value.number : value.number + 1]


def _tested(cell: Cell, operand: Expression, catalog: Catalog) -> Iterator[Expression]:
    """What a cell compares with. A word alone is a text where the input is a field of texts, so no reference then."""
    field = catalog.field(CLIENTS, operand.name) if isinstance(operand, Name) else None
    of_texts = field is not None and field.type is Kind.TEXT
    for item in cell.items:
        for test in item.tests:
            if not (of_texts and isinstance(test, ValueTest) and is_plain_text(item)):
                yield from test_values(test)


def references(tree: Expression, catalog: Catalog, table: str | None) -> dict[Node, Place]:
    """The metrics and calculated fields that a tree as read names, each with the first place where it does."""
    found: dict[Node, Place] = {}
    todo: list[tuple[Expression, str | None]] = [(tree, table)]
    while todo:
        node, row = todo.pop()
        for name, place in _named(node, catalog, row):
            found.setdefault(name, place)
        below = node.table if isinstance(node, Rows) and node.table in catalog.tables else row
        todo.extend((child, below) for child in reversed(children(node)) if not (isinstance(node, Call) and child is node.by))
    return found


def _named(node: Expression, catalog: Catalog, row: str | None) -> Iterable[tuple[Node, Place]]:
    match node:
        case Name(name):
            for table in dict.fromkeys((row or CLIENTS, CLIENTS)):
                field = catalog.field(table, name)
                if field is not None:
                    return [((table, name), node.place)] if field.calculation is not None else []
            return [(name, node.place)] if name in catalog.metrics and name not in catalog.parameters else []
        case Member(owner, name) if owner in catalog.decision_tables and name in catalog.metrics:
            return [(name, node.place)]
        case Member(owner, name):
            table = CLIENTS if owner == "client" else owner
            field = catalog.field(table, name)
            if field is None:
                return [(name, node.place)] if owner == "client" and name in catalog.metrics else []
            return [((table, name), node.place)] if field.calculation is not None else []
        case Rows(table, _, str() as column):
            field = catalog.field(table, column)
            return [((table, column), node.place)] if field is not None and field.calculation is not None else []
        case _:
            return []


def _order(uses: Mapping[Node, Mapping[Node, Place]]) -> tuple[tuple[Node, ...], tuple[tuple[Node, ...], ...]]:
    """Depth first with an own stack; a way back to what is still open is a cycle."""
    order: list[Node] = []
    cycles: list[tuple[Node, ...]] = []
    done: set[Node] = set()
    for start in uses:
        if start in done:
            continue
        open_nodes: dict[Node, None] = {start: None}
        stack = [iter(uses[start])]
        while stack:
            node = next(stack[-1], None)
            if node is None:
                stack.pop()
                finished, _ = open_nodes.popitem()
                done.add(finished)
                order.append(finished)
            elif node in open_nodes:
                if len(cycles) >= _MOST_CYCLES:
                    continue
                way = list(open_nodes)
                cycles.append(tuple(way[way.index(node) :]))
            elif node in uses and node not in done:
                open_nodes[node] = None
                stack.append(iter(uses[node]))
    return tuple(order), tuple(cycles)


def report_cycles(graph: Graph, desk: Desk) -> frozenset[Node]:
    """A finding for each cycle, and every node that stands in one."""
    for cycle in graph.cycles:
        way = [*cycle, cycle[0]]
        place = graph.places[(way[0], way[1])]
        shown = path(_words(n) for n in way)
        if len(cycle) == 1:
            message, help = f"{_words(way[0])} uses itself", "write what it is made of"
        else:
            last = graph.places[(way[-2], way[-1])]
            message, help = (
                f"these definitions use each other: {shown}",
                f"one of them must do without the others (the way back is at {declared(last)})",
            )
        desk.error("SS231", message, place, help)
    return frozenset(node for cycle in graph.cycles for node in cycle)


def report_chains(graph: Graph, desk: Desk) -> None:
    """A finding where definitions stand one on another higher than an engine follows: at the first in order that is too high."""
    below: dict[Node, list[Node]] = {}
    for user, used in graph.places:
        below.setdefault(user, []).append(used)
    height: dict[Node, int] = {}
    for node in graph.order:
        highest = max(below.get(node, ()), key=lambda used: height.get(used, 0), default=None)
        height[node] = 1 + (0 if highest is None else height.get(highest, 0))
        if highest is not None and height[node] > LONGEST_CHAIN:
            message = f"{_words(node)} stands on {LONGEST_CHAIN} definitions, each made from the one before"
            help = f"let it use fewer: at most {LONGEST_CHAIN} may stand one on another"
            desk.error("SS721", message, graph.places[(node, highest)], help)
            return


def _words(node: Node) -> str:
    return f"'{node}'" if isinstance(node, str) else f"'{node[0]}.{node[1]}'"
