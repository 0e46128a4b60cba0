"""The figures of a policy, each typed after those that it uses; figures and limits may use them by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ..model.checked import CheckedFigure
from ..model.expression import Aggregate, Decided, Expression, FieldValue, Member, MetricValue, Name, Rows, children, walk
from ..model.kind import Kind
from ..model.place import Place
from ..model.promises import Figure
from .catalog import CLIENTS, Catalog, Reader, Scope
from .graph import Node, graph_of, report_cycles
from .kinds import elaborate
from .literals import Looseness, looseness
from .portfolio import GROUPS, groups
from .ranges import check_values
from .words import KIND_WORDS, one_of, show

ScopeFor = Callable[[Reader], Scope]
_DEEPEST = 60
"""Levels of a figure's tree that may stand in another: Python's stack is to be safe however many figures there are."""
_LARGEST = 1000
"""Nodes that the figures named in one expression may have together: a figure made of two of the one before it doubles with every step."""


@dataclass(slots=True)
class Figures:
    """What is known of figures so far: `trees` has each from the time when all that it uses are there; those of a cycle are never there."""

    catalog: Catalog
    scope: Scope
    trees: dict[str, Expression] = field(default_factory=dict)
    sizes: list[int] = field(default_factory=lambda: [0])
    """Of each expression being typed: the nodes of the figures that it has named so far."""

    @classmethod
    def begin(cls, catalog: Catalog, scope_for: ScopeFor) -> Figures:
        """All figures typed, with the findings about their expressions."""
        figures = cls(catalog, scope_for("whole"))
        figures.scope = replace(figures.scope, figure=figures.named)
        graph = graph_of({figure.name: _uses(figure, catalog) for figure in catalog.figures.values()})
        cyclic = report_cycles(graph, figures.scope.desk)
        for name in graph.order:
            if isinstance(name, str) and name not in cyclic:
                figures.trees[name] = figures.typed(catalog.figures[name])
        return figures

    def named(self, name: Name) -> Expression:
        """The figure's expression at the place of its name; the name itself (kind unknown) after a finding."""
        figure, tree = self.catalog.figures[name.name], self.trees.get(name.name)
        if figure.by:
            split = one_of(map(show, figure.by), "and")
            help = "use a figure that is not split, or write the condition for the clients you mean within the brackets"
            self.scope.desk.error("SS284", f"'{figure.name}' is split by {split}: it has many values", name.place, help)
            return name
        if tree is None or tree.kind is Kind.UNKNOWN or self.sizes[-1] > _LARGEST:
            return name
        self.sizes[-1] += sum(1 for _ in walk(tree))
        if self.sizes[-1] > _LARGEST or depth(tree) > _DEEPEST:
            message = f"'{name.name}' is made of figures that are made of figures, too many times over"
            self.scope.desk.error("SS290", message, name.place, "make a metric of what belongs to one client, and a figure of that")
            return name
        return replace(tree, place=name.place)

    def expression(self, tree: Expression) -> Expression:
        """The typed tree of a figure or of what a limit requires, figures in the place of their names."""
        self.sizes.append(0)
        typed = elaborate(tree, self.scope)
        self.sizes.pop()
        return typed

    def typed(self, figure: Figure) -> Expression:
        """The figure's typed expression."""
        tree = self.expression(figure.expression)
        if looseness(tree, self.scope) is Looseness.ANY:
            self.scope.desk.error("SS219", f"'{figure.name}' is always missing", tree.place, "write for example sum(clients.revenue)")
        return tree

    def check(self, figure: Figure) -> CheckedFigure:
        """The figure with the findings about what it says."""
        tree = self.trees.get(figure.name, figure.expression)
        before = len(self.scope.desk.findings)
        if figure.name in self.trees:
            check_values(tree, self.scope)
        if looks_at_no_client(tree) and len(self.scope.desk.findings) == before:
            help = "write for example count(clients[...]) or sum(clients.revenue)"
            self.scope.desk.warning("SS285", f"the figure '{figure.name}' looks at no client", figure.place, help)
        return CheckedFigure(figure.name, tree.kind, tree, self._split(figure), figure.place)

    def _split(self, figure: Figure) -> tuple[Expression, ...]:
        """What the figure is split by: fields or metrics with few values, or the decision."""
        found: list[Expression] = []
        for by in figure.by:
            part = self._by(by)
            if part.kind is not Kind.UNKNOWN and part in found:
                self.scope.desk.error("SS283", f"'{figure.name}' is split by {show(by)} twice", by.place, "name it once")
            found.append(part)
        return tuple(found)

    def _by(self, by: Expression) -> Expression:
        if not isinstance(by, Name | Member):
            message = f"a figure is split by what has a name: {show(by)} is calculated here"
            self.scope.desk.error("SS283", message, by.place, "make it a metric, and name that")
            return by
        found = elaborate(by, self.scope.inside(CLIENTS))
        if found.kind is Kind.UNKNOWN or (isinstance(found, FieldValue | MetricValue | Decided) and found.kind in GROUPS):
            return found
        what = KIND_WORDS[found.kind] if isinstance(found, FieldValue | MetricValue) else "the same for every client"
        help = f"name one of {groups(self.scope)}; or decision; or a metric that is a text, a yes or no, or a whole number"
        self.scope.desk.error("SS283", f"a figure cannot be split by {show(by)}: it is {what}", by.place, help)
        return replace(found, kind=Kind.UNKNOWN)


def _uses(figure: Figure, catalog: Catalog) -> dict[Node, Place]:
    """The figures that a figure names, outside of brackets, each with the first place where it does."""
    found: dict[Node, Place] = {}
    todo = [figure.expression]
    while todo:
        node = todo.pop()
        if isinstance(node, Name) and node.name in catalog.figures and node.name not in catalog.parameters:
            found.setdefault(node.name, node.place)
        elif not isinstance(node, Rows):
            todo.extend(reversed(children(node)))
    return found


def looks_at_no_client(tree: Expression) -> bool:
    """True where nothing in the tree is a list of clients, nor in error."""
    return not any(isinstance(node, Aggregate) or node.kind is Kind.UNKNOWN for node in walk(tree))


def depth(tree: Expression) -> int:
    """How many nodes stand below each other at most."""
    return 1 + max(map(depth, children(tree)), default=0)
