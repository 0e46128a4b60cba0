"""The fairness audit: decisions that exist, divisions of clients over protected fields."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from ..model.checked import CheckedAcross, CheckedFairness
from ..model.expression import Aggregate, Expression, FieldValue, walk
from ..model.kind import Kind
from ..model.place import Place
from ..model.promises import Across, Fairness
from .catalog import CLIENTS, Catalog, Scope
from .desk import Desk, did_you_mean
from .kinds import elaborate
from .literals import Looseness, looseness
from .portfolio import GROUPS
from .ranges import check_values
from .words import KIND_WORDS, name_text, one_of, plain, show


def check_fairness(fairness: Fairness, scope: Scope) -> CheckedFairness:
    """What the audit will compare."""
    _decisions(fairness, scope.catalog, scope.desk)
    _numbers(fairness, scope.desk)
    _twice([(f"'{a.id}' divides the clients", a.id, a.place) for a in (*fairness.across, *fairness.within)], scope.desk)
    across = tuple(CheckedAcross(a.id, _division(a, scope), a.place) for a in fairness.across)
    return CheckedFairness(fairness, across, tuple(CheckedAcross(a.id, _business(a, scope), a.place) for a in fairness.within))


def _decisions(fairness: Fairness, catalog: Catalog, desk: Desk) -> None:
    for name, place in fairness.compare:
        if name in catalog.decisions or name == "undetermined":
            continue
        near = desk.closest(name, catalog.decisions)
        help = did_you_mean(near, catalog.decisions[near].place) if near else f"the decisions are {one_of(catalog.decisions, 'and')}"
        desk.error("SS208", f"unknown decision '{name}'", place, help)
    _twice([(f"the decision '{name}' is compared", name, place) for name, place in fairness.compare], desk)


def _twice(named: Iterable[tuple[str, str, Place]], desk: Desk) -> None:
    seen: set[str] = set()
    for what, name, place in named:
        if name in seen:
            desk.error("SS201", f"{what} twice", place, "name it once, or give the other its own id: {id: ..., is: ...}")
        seen.add(name)


def _division(division: Across, scope: Scope) -> Expression:
    example = "write a condition {id: ..., is: " + f"{_example(scope)}" + "}, or name a field of texts"
    tree = _groups(division, scope, example)
    odd = any(node.kind is Kind.UNKNOWN or isinstance(node, Aggregate) for node in walk(tree))
    if tree.kind in GROUPS and not odd and not _reaches_protected(tree, scope.catalog):
        fields = dict.fromkeys(name_text(n.name) for n in walk(tree) if isinstance(n, FieldValue))
        what = one_of(fields, "and") or "what divides the clients"
        help = f"the audit is about what no rule may use: mark {what} as protected: true"
        scope.desk.note("SS288", f"the audit divides clients by '{division.id}', which is not protected", division.place, help)
    return tree


def _business(field: Across, scope: Scope) -> Expression:
    """What might explain a gap: nothing protected, or the gap would explain itself."""
    tree = _groups(field, scope, "write a condition {id: ..., is: revenue > 10000}, or name a field of texts")
    if _reaches_protected(tree, scope.catalog):
        help = "within: names business fields, which might explain a gap; what is protected stands after across:"
        scope.desk.error("SS914", f"'{field.id}' is protected: it cannot explain a gap between protected groups", field.place, help)
    return tree


def _groups(division: Across, scope: Scope, example: str) -> Expression:
    """What divides the clients into groups."""
    tree = elaborate(division.expression, scope)
    check_values(tree, scope)
    if looseness(tree, scope) is Looseness.ANY:
        scope.desk.error("SS219", f"'{division.id}' is missing for every client", division.place, example)
    elif tree.kind not in (*GROUPS, Kind.UNKNOWN):
        message = f"clients cannot be divided by {show(division.expression)}: it is {KIND_WORDS[tree.kind]}"
        scope.desk.error("SS283", message, division.place, example)
    elif any(isinstance(node, Aggregate) for node in walk(tree)):
        help = f"make it a metric, such as  how_it_is: {show(division.expression)}  and name that here"
        scope.desk.error("SS913", f"'{division.id}' looks at rows of another table", division.place, help)
    return tree


def _example(scope: Scope) -> str:
    """A condition over a protected field that is no text, as an author would write it."""
    for found in scope.catalog.fields[CLIENTS].values():
        if found.protected and found.type.is_numeric:
            return f"{name_text(found.name)} <= 25"
        if found.protected and found.type is Kind.DATE:
            return f"{name_text(found.name)} > as_of - 25 years"
    return "age <= 25"


def _reaches_protected(tree: Expression, catalog: Catalog) -> bool:
    fields = [catalog.field(n.table, n.name) for n in walk(tree) if isinstance(n, FieldValue)]
    return any(f is not None and f.protected for f in fields)


def _numbers(fairness: Fairness, desk: Desk) -> None:
    ratio, significance = fairness.minimum_ratio, fairness.significance
    if not 0 < ratio <= 1:
        help = f"write {plain(ratio)}%" if 1 < ratio <= 100 else "0.8 is the common rule of four fifths"
        desk.error("SS289", f"minimum_ratio is above 0 and at most 1, here {plain(ratio)}", fairness.place, help)
    if not 0 < significance < 1:
        help = f"write {plain(significance)}%" if Decimal(1) <= significance < 100 else "0.05 is common"
        desk.error("SS289", f"significance lies between 0 and 1, here {plain(significance)}", fairness.place, help)
    if not 0 < fairness.strong_association <= 1:
        message = f"strong_association is above 0 and at most 1, here {plain(fairness.strong_association)}"
        desk.error("SS289", message, fairness.place, "0.3 is a medium association, 0.5 a strong one")
