"""The sections about decided clients -> typed: figures, limits, guarantees, allocations, fairness."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ..model.checked import (
    CheckedAcross,
    CheckedAllocation,
    CheckedFairness,
    CheckedFigure,
    CheckedGroup,
    CheckedGuarantee,
    CheckedLimit,
)
from ..model.expression import (
    Aggregate,
    Constant,
    Decided,
    Expression,
    FieldValue,
    Member,
    MetricValue,
    Name,
    ParameterValue,
    children,
    walk,
)
from ..model.kind import Kind
from ..model.place import Place
from ..model.policy import Allocation, Fairness, Figure, Group, Policy
from .advice import describe
from .catalog import CLIENTS, Catalog, Reader, Scope
from .conditions import condition
from .desk import Desk, declared
from .kinds import elaborate, elaborate_condition
from .literals import parameter_values
from .ranges import check_values
from .words import KIND_WORDS, name_text, one_of, path, show

ScopeFor = Callable[[Reader], Scope]
_GROUPS = frozenset({Kind.TEXT, Kind.BOOLEAN, Kind.INTEGER})
_MEASURES = frozenset({Kind.MONEY, Kind.NUMBER, Kind.INTEGER, Kind.DAYS, Kind.MONTHS})


@dataclass(slots=True)
class Figures:
    """The figures, each typed when it is first needed; what uses itself is a finding."""

    catalog: Catalog
    scope: Scope
    row_scope: Scope
    done: dict[str, Expression] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)

    def inlined(self, tree: Expression) -> Expression:
        """The tree as read with every figure's own tree in the place of its name (outside of brackets)."""
        match tree:
            case Name(name) if name in self.catalog.figures and name not in self.catalog.parameters:
                figure = self.catalog.figures[name]
                if name in self.open:
                    way = path([*self.open[self.open.index(name) :], name])
                    self.scope.desk.error("SS231", f"these figures use each other: {way}", tree.place, "write what one of them is made of")
                    return Constant(None, place=tree.place)
                if figure.by:
                    split = one_of(map(show, figure.by), "and")
                    help = "use a figure that is not split, or write the condition for the clients you mean within the brackets"
                    self.scope.desk.error("SS284", f"'{name}' is split by {split}: it has many values", tree.place, help)
                    return Constant(None, place=tree.place)
                self.open.append(name)
                inner = self.inlined(figure.expression)
                self.open.pop()
                return inner
            case _:
                return _rebuilt(tree, self.inlined)

    def figure(self, declared_figure: Figure) -> CheckedFigure:
        self.open.append(declared_figure.name)
        tree = elaborate(self.inlined(declared_figure.expression), self.scope)
        self.open.pop()
        check_values(tree, self.scope)
        if tree.kind is not Kind.UNKNOWN and not any(isinstance(n, Aggregate) or _unread(n) for n in walk(tree)):
            help = "write for example count(clients[...]) or sum(clients.revenue)"
            self.scope.desk.warning("SS285", f"the figure '{declared_figure.name}' looks at no client", declared_figure.place, help)
        return CheckedFigure(declared_figure.name, tree.kind, tree, tuple(map(self.split, declared_figure.by)), declared_figure.place)

    def split(self, by: Expression) -> Expression:
        """What a figure is split by: a field or metric with few values, or the decision."""
        found = elaborate(by, self.row_scope)
        if found.kind is Kind.UNKNOWN or (isinstance(found, FieldValue | MetricValue | Decided) and found.kind in _GROUPS):
            return found
        what = KIND_WORDS[found.kind] if isinstance(found, FieldValue | MetricValue) else "calculated here"
        help = "name a field or metric that is a text, a yes or no, or a whole number; or decision"
        self.scope.desk.error("SS283", f"a figure cannot be split by {show(by)}: it is {what}", by.place, help)
        return replace(found, kind=Kind.UNKNOWN)


def _rebuilt(tree: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """The tree with its operands changed; what stands within brackets of a list stays."""
    from dataclasses import fields

    from ..model.expression import Call, Rows

    if isinstance(tree, Rows) or not children(tree):
        return tree
    changed: dict[str, object] = {}
    for part in fields(tree):
        value = getattr(tree, part.name)
        if part.name in ("place", "kind", "within", "by", "function_place") or isinstance(value, str | bool | Place):
            continue
        if isinstance(value, tuple) and value and all(hasattr(v, "kind") and hasattr(v, "place") for v in value):
            changed[part.name] = tuple(map(change, value))
        elif hasattr(value, "kind") and hasattr(value, "place"):
            changed[part.name] = change(value)
    if isinstance(tree, Call) and not changed:
        return tree
    return replace(tree, **changed)  # type: ignore[arg-type]


def check_figures(policy: Policy, catalog: Catalog, scope_for: ScopeFor) -> tuple[tuple[CheckedFigure, ...], tuple[CheckedLimit, ...]]:
    """The figures and the limits, which may use them."""
    scope = scope_for("whole")
    figures = Figures(catalog, scope, scope_for("whole").inside(CLIENTS))
    checked = tuple(map(figures.figure, policy.figures))
    limits = []
    for limit in policy.limits:
        tree = condition(elaborate(figures.inlined(limit.require), scope), scope)
        check_values(tree, scope)
        if tree.kind is not Kind.UNKNOWN and not any(isinstance(n, Aggregate) or _unread(n) for n in walk(tree)):
            help = "a limit compares lists of clients: count(clients[...]) <= 100"
            scope.desk.warning("SS285", f"the limit '{limit.id}' looks at no client: it is always the same", limit.place, help)
        limits.append(CheckedLimit(limit.id, tree, limit.on_breach, limit.place, limit.title))
    return checked, tuple(limits)


def _unread(node: Expression) -> bool:
    """What could not be read, or names nothing: it has a finding of its own."""
    return isinstance(node, Name | Member) or (isinstance(node, Constant) and node.value is None and not node.text)


def check_guarantees(policy: Policy, scope_for: ScopeFor) -> tuple[CheckedGuarantee, ...]:
    scope = scope_for("guarantee")
    checked = []
    for guarantee in policy.guarantees:
        tree = elaborate_condition(guarantee.always, scope)
        check_values(tree, scope)
        checked.append(CheckedGuarantee(guarantee.id, tree, guarantee.on_breach, guarantee.place, guarantee.title))
    return tuple(checked)


def check_allocations(policy: Policy, scope_for: ScopeFor) -> tuple[CheckedAllocation, ...]:
    scope = scope_for("guarantee")
    return tuple(_allocation(a, scope) for a in policy.allocations)


def _allocation(allocation: Allocation, scope: Scope) -> CheckedAllocation:
    groups = tuple(_group(group, allocation, scope) for group in allocation.groups)
    return CheckedAllocation(allocation.name, groups, allocation.place, allocation.rest, allocation.title)


def _group(group: Group, allocation: Allocation, scope: Scope) -> CheckedGroup:
    who = elaborate_condition(group.who, scope)
    check_values(who, scope)
    measure = group.measure if group.measure is not None else allocation.measure
    typed: Expression = Constant(None, place=group.place)
    if measure is None:
        help = "add measure: revenue, to the group or to the allocation"
        scope.desk.error("SS286", f"nothing says what the share of the group '{group.id}' is measured by", group.place, help)
    else:
        typed = elaborate(measure, scope)
        if typed.kind is not Kind.UNKNOWN and typed.kind not in _MEASURES:
            scope.desk.error(
                "SS286", f"a share is measured by an amount or a number: {describe(typed, scope)}", measure.place, "name another"
            )
    return CheckedGroup(group.id, who, _factor(group, scope), typed, group.place, group.title)


def _factor(group: Group, scope: Scope) -> Expression:
    factor = elaborate(group.factor, scope)
    if factor.kind is Kind.UNKNOWN:
        return factor
    if factor.kind.family is not Kind.NUMBER or any(isinstance(n, FieldValue | MetricValue | Decided | Aggregate) for n in walk(factor)):
        help = "write a number such as 0.5 or 50%, or the name of a parameter"
        scope.desk.error("SS287", f"a factor is one number for the whole group: {describe(factor, scope)}", factor.place, help)
    elif any(isinstance(v, int | Decimal) and not 0 <= v <= 1 for v in _written(factor, scope)):
        help = "0.5 or 50% gives the group half of its share"
        scope.desk.warning("SS287", f"the factor of the group '{group.id}' is not between 0 and 1", factor.place, help)
    return factor


def _written(node: Expression, scope: Scope) -> Iterator[object]:
    match node:
        case Constant(value):
            yield value
        case ParameterValue(name):
            yield from parameter_values(scope.catalog.parameters[name])
        case _:
            pass


def check_fairness(policy: Policy, catalog: Catalog, scope_for: ScopeFor, desk: Desk) -> CheckedFairness | None:
    """What the audit will compare: decisions that exist, divisions over protected fields."""
    fairness = policy.fairness
    if fairness is None:
        return None
    for name, place in fairness.compare:
        if name not in catalog.decisions and name != "undetermined":
            near = desk.closest(name, catalog.decisions)
            known = catalog.decisions.get(near) if near else None
            help = (
                f"did you mean '{near}'? (declared at {declared(known.place)})"
                if known
                else f"the decisions are {one_of(catalog.decisions, 'and')}"
            )
            desk.error("SS208", f"unknown decision '{name}'", place, help)
    _check_numbers(fairness, desk)
    scope = scope_for("audit")
    across = []
    for division in fairness.across:
        tree = elaborate(division.expression, scope)
        if tree.kind is not Kind.UNKNOWN and tree.kind not in _GROUPS:
            help = "write {id: young, is: age <= 25}, or name a field of texts"
            desk.error(
                "SS283", f"clients cannot be divided by {show(division.expression)}: it is {KIND_WORDS[tree.kind]}", division.place, help
            )
        elif tree.kind is not Kind.UNKNOWN and not _reaches_protected(tree, catalog):
            help = f"mark the field as protected: true, so that no rule can use it: {name_text(division.id)}"
            desk.note("SS288", f"the audit divides clients by '{division.id}', which is not protected", division.place, help)
        across.append(CheckedAcross(division.id, tree, division.place))
    return CheckedFairness(fairness, tuple(across))


def _reaches_protected(tree: Expression, catalog: Catalog) -> bool:
    fields = [catalog.field(n.table, n.name) for n in walk(tree) if isinstance(n, FieldValue)]
    return any(f is not None and f.protected for f in fields)


def _check_numbers(fairness: Fairness, desk: Desk) -> None:
    if not 0 < fairness.minimum_ratio <= 1:
        desk.error("SS289", "minimum_ratio is above 0 and at most 1", fairness.place, "0.8 is the common rule of four fifths")
    if not 0 < fairness.significance < 1:
        desk.error("SS289", "significance lies between 0 and 1", fairness.place, "0.05 is common")
