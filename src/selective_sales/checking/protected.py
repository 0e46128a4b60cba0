"""Nothing but the fairness audit reaches a protected field, through any number of steps."""

from __future__ import annotations

from collections.abc import Iterator

from ..model.checked import CheckedPolicy, CheckedRule, Made
from ..model.expression import Expression, FieldValue, MetricValue, walk
from ..model.place import Place
from .catalog import CLIENTS
from .desk import Desk, declared
from .graph import Node
from .words import path as way

Reads = dict[Node, Place]
"""What a tree names directly, metrics by name and fields as (table, field), with the first place of each."""


def check_protected(checked: CheckedPolicy, desk: Desk) -> None:
    """A finding with the path for each rule's way to a protected field, then for metrics and calculations that no rule's path names."""
    protected: set[Node] = {(t.name, f.name) for t in checked.policy.tables for f in t.fields if f.protected}
    if not protected:
        return
    reads = reads_of(checked)
    onward = onward_to(reads, protected)
    covered: set[Node] = set(protected)
    for rule in checked.rules:
        _report(f"rule '{rule.id}'", reads_of_rule(rule), onward, reads, covered, checked, desk)
    told: set[tuple[Node, Place]] = set()
    for what, place_reads in _after_rules(checked):
        named = {node: place for node, place in place_reads.items() if (node, place) not in told}
        told.update(named.items())  # a figure stands again wherever its name does
        _report(what, named, onward, reads, covered, checked, desk)
    for node in [*(m.name for m in reversed(checked.metrics)), *((c.table, c.field) for c in reversed(checked.calculations))]:
        if node in onward and node not in covered:
            covered.add(node)
            _report(node_words(node, checked), reads[node], onward, reads, covered, checked, desk)


def _after_rules(checked: CheckedPolicy) -> Iterator[tuple[str, Reads]]:
    """What looks at decided clients: figures, limits, guarantees, allocations, measures."""
    for figure in checked.figures:
        yield f"figure '{figure.name}'", _merged(_reads(tree) for tree in (figure.expression, *figure.by))
    for limit in checked.limits:
        yield f"limit '{limit.id}'", _reads(limit.require)
    for guarantee in checked.guarantees:
        yield f"guarantee '{guarantee.id}'", _reads(guarantee.always)
    for allocation in checked.allocations:
        trees = [tree for group in allocation.groups for tree in (group.who, group.factor, group.measure)]
        yield f"allocation '{allocation.name}'", _merged(map(_reads, trees))
    for measure in checked.measures:
        if not measure.assumed:
            yield f"measure '{measure.name}'", _reads(measure.expression)


def reads_of(checked: CheckedPolicy) -> dict[Node, Reads]:
    """What every definition of the policy names directly."""
    reads: dict[Node, Reads] = {(c.table, c.field): _reads(c.expression) for c in checked.calculations}
    return reads | {m.name: _reads(m.expression) for m in checked.metrics}


def reads_of_rule(rule: CheckedRule) -> Reads:
    """What a rule names directly, in `when` and in `unless`."""
    trees = (rule.when,) if rule.unless is None else (rule.when, rule.unless)
    return _merged(_reads(tree) for tree in trees)


def way_from(first: Node, onward: dict[Node, Node | None]) -> list[Node]:
    """The way from a definition to the wanted field, both ends included."""
    path = [first]
    while (step := onward[path[-1]]) is not None:
        path.append(step)
    return path


def _reads(tree: Expression) -> Reads:
    found: Reads = {}
    for node in walk(tree):
        match node:
            case FieldValue(table, name):
                found.setdefault((table, name), node.place)
            case MetricValue(name):
                found.setdefault(name, node.place)
            case _:
                pass
    return found


def _merged(parts: Iterator[Reads]) -> Reads:
    merged: Reads = {}
    for part in parts:
        merged = part | merged
    return merged


def onward_to(reads: dict[Node, Reads], wanted: set[Node]) -> dict[Node, Node | None]:
    """For every definition from which a wanted field can be reached: the next step on the shortest way (None: it is one)."""
    users: dict[Node, list[Node]] = {}
    for user, used in reads.items():
        for node in used:
            users.setdefault(node, []).append(user)
    onward: dict[Node, Node | None] = dict.fromkeys(wanted)
    edge = list(wanted)
    while edge:
        reached: list[Node] = []
        for node in edge:
            for user in users.get(node, ()):
                if user not in onward:
                    onward[user] = node
                    reached.append(user)
        edge = reached
    return onward


def _report(
    reader: str,
    names: Reads,
    onward: dict[Node, Node | None],
    reads: dict[Node, Reads],
    covered: set[Node],
    checked: CheckedPolicy,
    desk: Desk,
) -> None:
    for first, place in names.items():
        if first not in onward:
            continue
        path = way_from(first, onward)
        covered.update(path)
        shown = way([reader, *(node_words(n, checked) for n in path)])
        last_reader = node_words(path[-2], checked) if len(path) > 1 else reader
        last_place = reads[path[-2]][path[-1]] if len(path) > 1 else place
        help = f"protected fields are for the fairness audit only: leave it out of {last_reader} ({declared(last_place)})"
        desk.error("SS260", f"{reader} reaches a protected field: {shown}", place, help)


def node_words(node: Node, checked: CheckedPolicy) -> str:
    """The definition or field, as a person calls it."""
    if isinstance(node, str):
        made = checked.metric(node)
        match made.made:
            case Made.PART:
                return f"table '{made.of}'" if any(t.name == made.of for t in checked.tables) else f"score '{made.of}'"
            case Made.SCORE:
                return f"score '{node}'"
            case Made.OUTPUT:
                return f"output '{made.of}.{node}'"
            case _:
                return f"metric '{node}'"
    table, name = node
    return f"field '{name}'" if table == CLIENTS else f"field '{table}.{name}'"
