"""What reads well and means little: decisions, rules and definitions that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from ..model.checked import CheckedPolicy
from ..model.expression import Constant, Expression, Member, Name, Rows, walk
from ..model.policy import Policy, Rule
from ..model.text import Texts
from .catalog import CLIENTS, Catalog, catalog
from .desk import Desk, declared, did_you_mean
from .graph import trees_of
from .words import one_of


def check_sense(checked: CheckedPolicy, known: Catalog, desk: Desk) -> bool:
    """Findings about the whole policy; True where all of its expressions could be read."""
    policy = checked.policy
    _default(policy, desk)
    _rules(policy, known, desk)
    trees = list(_trees(policy))
    was_read = not any(_unread(node) for tree in trees for node in walk(tree))
    _twins(policy, was_read, desk)
    if was_read:
        _unused(policy, trees, desk)
    return was_read


def _unread(node: Expression) -> bool:
    """True for the stand-in of an expression that could not be read: what it would have used is not known."""
    return isinstance(node, Constant) and node.value is None and not node.text


def _default(policy: Policy, desk: Desk) -> None:
    defaults = [d for d in policy.decisions if d.default]
    if not defaults and policy.decisions:
        mildest = policy.decisions[-1]
        desk.meant.add(mildest.id)
        help = f"add default: true to one of them, for example '{mildest.id}'"
        desk.error("SS240", "no decision is the default: what becomes of a client whom no rule names?", mildest.place, help)
    for second in defaults[1:]:
        help = f"leave default: true out of one of the two (the other is at {declared(defaults[0].place)})"
        desk.error("SS241", f"'{second.id}' is a second default decision, beside '{defaults[0].id}'", second.place, help)


def _rules(policy: Policy, known: Catalog, desk: Desk) -> None:
    reached = {rule.then for rule in policy.rules}
    for rule in policy.rules:
        if rule.then not in known.decisions:
            near = desk.closest(rule.then, known.decisions)
            rest = f"the decisions are {one_of(known.decisions, 'and')}"
            help = did_you_mean(near, known.decisions[near].place) if near is not None else rest
            desk.error("SS208", f"unknown decision '{rule.then}'", rule.then_place if rule.then_place.line else rule.place, help)
        _outside(rule, policy, desk)
    for decision in policy.decisions:
        if decision.id not in reached and not decision.default and decision.id not in desk.meant:
            help = "add a rule with then: " + decision.id + ", or leave the decision out"
            desk.warning("SS242", f"no rule leads to the decision '{decision.id}'", decision.place, help)


def _outside(rule: Rule, policy: Policy, desk: Desk) -> None:
    """A rule whose dates never meet the policy's is never in force."""
    late = rule.valid_from is not None and policy.valid_until is not None and rule.valid_from > policy.valid_until
    early = rule.valid_until is not None and policy.valid_from is not None and rule.valid_until < policy.valid_from
    if late or early:
        message = f"the rule '{rule.id}' is never in force: its dates lie outside of the policy's"
        desk.warning("SS269", message, rule.place, "change its dates, or leave the rule out")


def _twins(policy: Policy, was_read: bool, desk: Desk) -> None:
    first: dict[tuple[object, ...], Rule] = {}
    for rule in policy.rules:
        trees = (rule.when,) if rule.unless is None else (rule.when, rule.unless)
        if not was_read and any(_unread(node) for tree in trees for node in walk(tree)):
            continue
        before = first.setdefault((rule.when, rule.unless, rule.then, rule.valid_from, rule.valid_until), rule)
        if before is not rule:
            help = f"leave one of the two out (the other is at {declared(before.place)})"
            desk.warning("SS243", f"the rule '{rule.id}' says the same as '{before.id}'", rule.place, help)


def _trees(policy: Policy) -> Iterator[Expression]:
    for table in policy.tables:
        yield from (f.calculation for f in table.fields if f.calculation is not None)
    known = catalog(policy)
    for value in known.metrics.values():
        yield from trees_of(value, known)
    yield from (tree for f in policy.figures for tree in (f.expression, *f.by))
    yield from (limit.require for limit in policy.limits)
    yield from (guarantee.always for guarantee in policy.guarantees)
    for allocation in policy.allocations:
        yield from (tree for g in allocation.groups for tree in (g.who, g.factor, g.measure or allocation.measure) if tree is not None)
    yield from (measure.expression for measure in policy.measures)
    if policy.fairness is not None:
        yield from (division.expression for division in (*policy.fairness.across, *policy.fairness.within))
    for rule in policy.rules:
        yield rule.when
        if rule.unless is not None:
            yield rule.unless


def _unused(policy: Policy, trees: list[Expression], desk: Desk) -> None:
    """Parameters, child tables and their calculations that nothing reads. Fields of clients are for people and letters too."""
    names = {name for tree in trees for name in _names(tree)} | set(_shown(policy)) | desk.meant
    if policy.report is not None:
        names |= {level.text for level in (policy.report.ours_from, policy.report.theirs_from) if level is not None}
    for parameter in policy.parameters:
        if parameter.name not in names:
            desk.warning("SS244", f"the parameter '{parameter.name}' is used nowhere", parameter.place, "use it, or leave it out")
    for table in policy.tables:
        if table.name == CLIENTS or table.built_in:
            continue
        if table.name not in names:
            desk.note("SS244", f"the table '{table.name}' is used nowhere", table.place, "its data must be delivered, and nothing reads it")
            continue
        for found in table.fields:
            if found.calculation is not None and found.name not in names:
                desk.note(
                    "SS244", f"the calculated field '{table.name}.{found.name}' is used nowhere", found.place, "use it, or leave it out"
                )


def _names(tree: Expression) -> Iterator[str]:
    for node in walk(tree):
        match node:
            case Name(name):
                yield name
            case Member(owner, name):
                yield from (owner, name)
            case Rows(table, _, column):
                yield table
                if column is not None:
                    yield column
            case _:
                pass


def _shown(policy: Policy) -> Iterator[str]:
    for rule in policy.rules:
        for texts in (rule.reason, rule.letter_reason):
            yield from _placeholders(texts)


def _placeholders(texts: Texts | None) -> Iterator[str]:
    for _, template in texts.by_language if texts is not None else ():
        yield from (p.name for p in template.placeholders)
