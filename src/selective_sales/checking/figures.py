"""The figures of a policy, each typed when it is first needed; figures and limits may use them by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ..model.checked import CheckedFigure
from ..model.expression import Aggregate, Decided, Expression, FieldValue, Member, MetricValue, Name, children, walk
from ..model.kind import Kind
from ..model.policy import Figure
from .catalog import CLIENTS, Catalog, Reader, Scope
from .kinds import elaborate
from .literals import Looseness, looseness
from .ranges import check_values
from .words import KIND_WORDS, one_of, path, show

ScopeFor = Callable[[Reader], Scope]
GROUPS = frozenset({Kind.TEXT, Kind.BOOLEAN, Kind.INTEGER})
"""The kinds that divide clients into groups."""
_MOST_STEPS = 10
"""Figures made of figures made of figures ..., where the later ones are written first."""
_DEEPEST = 60
"""Levels of a figure's tree that may stand in another: Python's stack is to be safe however many figures there are."""
_LARGEST = 1000
"""Nodes that the figures named in one expression may have together: a figure made of two of the one before it doubles with every step."""


@dataclass(slots=True)
class Figures:
    """What is known of figures so far. `open` are those being typed."""

    catalog: Catalog
    scope: Scope
    done: dict[str, Expression] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=lambda: [0])
    """Of each expression being typed: the nodes of the figures that it has named so far."""

    @classmethod
    def begin(cls, catalog: Catalog, scope_for: ScopeFor) -> Figures:
        figures = cls(catalog, scope_for("whole"))
        figures.scope = replace(figures.scope, figure=figures.named)
        return figures

    def named(self, name: Name) -> Expression:
        """The figure's expression at the place of its name; the name itself (kind unknown) after a finding."""
        figure = self.catalog.figures[name.name]
        if self.sizes[-1] > _LARGEST or not self._may_stand(figure, name):
            return name
        tree = self.tree(figure)
        self.sizes[-1] += sum(1 for _ in walk(tree))
        if self.sizes[-1] > _LARGEST or depth(tree) > _DEEPEST:
            self._too_much(name)
            return name
        return name if tree.kind is Kind.UNKNOWN else replace(tree, place=name.place)

    def expression(self, tree: Expression) -> Expression:
        """The typed tree of a figure or of what a limit requires, figures in the place of their names."""
        self.sizes.append(0)
        typed = elaborate(tree, self.scope)
        self.sizes.pop()
        return typed

    def _may_stand(self, figure: Figure, name: Name) -> bool:
        desk = self.scope.desk
        if figure.name in self.open:
            cycle = [*self.open[self.open.index(figure.name) :], figure.name]
            uses = f"the figure '{figure.name}' uses itself" if len(cycle) == 2 else f"these figures use each other: {path(cycle)}"
            desk.error("SS231", uses, name.place, "write what it is made of" if len(cycle) == 2 else "write what one of them is made of")
            return False
        if figure.by:
            split = one_of(map(show, figure.by), "and")
            help = "use a figure that is not split, or write the condition for the clients you mean within the brackets"
            desk.error("SS284", f"'{figure.name}' is split by {split}: it has many values", name.place, help)
            return False
        if len(self.open) >= _MOST_STEPS:
            self._too_much(name)
            return False
        return True

    def _too_much(self, name: Name) -> None:
        message = f"'{name.name}' is made of figures that are made of figures, too many times over"
        self.scope.desk.error("SS290", message, name.place, "make a metric of what belongs to one client, and a figure of that")

    def tree(self, figure: Figure) -> Expression:
        """The figure's typed expression."""
        if figure.name not in self.done:
            self.open.append(figure.name)
            tree = self.expression(figure.expression)
            self.open.pop()
            if looseness(tree, self.scope) is Looseness.ANY:
                self.scope.desk.error("SS219", f"'{figure.name}' is always missing", tree.place, "write for example sum(clients.revenue)")
            self.done[figure.name] = tree
        return self.done[figure.name]

    def check(self, figure: Figure) -> CheckedFigure:
        """The figure with its findings."""
        tree = self.tree(figure)
        check_values(tree, self.scope)
        if looks_at_no_client(tree):
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
        help = f"name one of {fitting(self.catalog)}; or decision"
        if not isinstance(by, Name | Member):
            message = f"a figure is split by what has a name: {show(by)} is calculated here"
            self.scope.desk.error("SS283", message, by.place, "make it a metric, and name that")
            return by
        found = elaborate(by, self.scope.inside(CLIENTS))
        if found.kind is Kind.UNKNOWN or (isinstance(found, FieldValue | MetricValue | Decided) and found.kind in GROUPS):
            return found
        what = KIND_WORDS[found.kind] if isinstance(found, FieldValue | MetricValue) else "the same for every client"
        self.scope.desk.error("SS283", f"a figure cannot be split by {show(by)}: it is {what}", by.place, help)
        return replace(found, kind=Kind.UNKNOWN)


def fitting(catalog: Catalog) -> str:
    """The fields of clients that divide them into groups, in words."""
    fields = [f.name for f in catalog.fields[CLIENTS].values() if f.type in GROUPS and not f.protected and f.name not in _key(catalog)]
    shown = ", ".join(fields[:6]) + (" ..." if len(fields) > 6 else "")
    return f"{shown}, or a metric that is a text, a yes or no, or a whole number" if fields else "the metrics with few values"


def _key(catalog: Catalog) -> tuple[str, ...]:
    return catalog.tables[CLIENTS].key


def looks_at_no_client(tree: Expression) -> bool:
    """True where nothing in the tree is a list of clients, nor in error."""
    return not any(isinstance(node, Aggregate) or node.kind is Kind.UNKNOWN for node in walk(tree))


def depth(tree: Expression) -> int:
    """How many nodes stand below each other at most."""
    return 1 + max(map(depth, children(tree)), default=0)
