"""A checked policy in, its mutants out: the policy with one small fault, once for each fault that is worth planting.

Allocations and the fairness audit get none: no policy test can expect anything of them. A fault that leaves a part as it was, or that gives
what another one gave, is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ..model.checked import CheckedPolicy
from ..model.expression import walk
from ..model.kind import Kind
from ..model.mutant import LINES, Edit, Mutant, Part
from ..model.place import Place
from ..model.policy import Decision, Policy, Rule, Strategy, WhenUnknown
from .fault_places import between, end_of, plain_span, start_of
from .fault_reads import trees
from .fault_sections import Planted, of_scores, of_tables, region
from .fault_trees import Fault, KindOf, condition_faults, faults
from .fault_values import of_fields, of_parameters


def mutants(checked: CheckedPolicy) -> tuple[Mutant, ...]:
    """Every mutant once, in the order of the policy's parts; whether the checker lets it pass is not known here."""
    seen: set[tuple[Part, str, object]] = set()
    found = []
    policy = checked.policy
    for planted in every(checked):
        mark = (planted.mutant.of, planted.mutant.name, planted.changed)
        if mark not in seen and planted.mutant.policy != policy:
            seen.add(mark)
            found.append(planted.mutant)
    return tuple(found)


def every(checked: CheckedPolicy) -> Iterator[Planted]:
    policy, kind_of = checked.policy, kinds_of(checked)
    yield from of_fields(checked, kind_of)
    yield from of_parameters(checked)
    for metric in policy.metrics:
        change = changer(policy, "metrics", metric)
        for fault in faults(metric.expression, kind_of):
            yield planted(fault, Part.METRIC, metric.name, change(expression=fault.tree))
    yield from of_scores(checked, kind_of)
    yield from of_tables(checked, kind_of)
    yield from of_decisions(policy)
    yield from of_rules(policy, kind_of)
    yield from of_outcomes(policy, kind_of)


def kinds_of(checked: CheckedPolicy) -> KindOf:
    """The kinds of nodes as read, by the place at which a checked node stands."""
    known: dict[Place, Kind] = {}
    for tree in trees(checked):
        for node in walk(tree):
            if node.place.line:
                known.setdefault(node.place, node.kind)
    return lambda node: known.get(node.place, Kind.UNKNOWN)


def changer(policy: Policy, section: str, item: object) -> Callable[..., tuple[Policy, object]]:
    """Gives the policy with one item of a section changed, and the item."""
    items: Sequence[object] = getattr(policy, section)
    at = next(i for i, one in enumerate(items) if one is item)

    def change(**changes: object) -> tuple[Policy, object]:
        new = replace(item, **changes)  # type: ignore[type-var]
        return replace(policy, **{section: (*items[:at], new, *items[at + 1 :])}), new  # type: ignore[arg-type]

    return change


def planted(fault: Fault, of: Part, name: str, changed: tuple[Policy, object]) -> Planted:
    policy, part = changed
    place = fault.edits[0].place if fault.edits else fault.tree.place
    return Planted(Mutant(fault.what, of, name, policy, place, fault.edits), part)


def of_rules(policy: Policy, kind_of: KindOf) -> Iterator[Planted]:
    for i, rule in enumerate(policy.rules):
        change = changer(policy, "rules", rule)
        for fault in condition_faults(rule.when, kind_of):
            yield planted(fault, Part.RULE, rule.id, change(when=fault.tree))
        if rule.unless is not None:
            for fault in condition_faults(rule.unless, kind_of):
                yield planted(fault, Part.RULE, rule.id, change(unless=fault.tree))
            mutant, part = change(unless=None)
            yield Planted(Mutant("'unless' removed", Part.RULE, rule.id, mutant, rule.unless.place, without_unless(rule)), part)
        rest = (*policy.rules[:i], *policy.rules[i + 1 :])
        if rest:
            yield Planted(
                Mutant("the rule removed", Part.RULE, rule.id, replace(policy, rules=rest), rule.place, without_rule(policy, i)), None
            )
        for decision in beside(policy.decisions, rule.then):
            edit = Edit(rule.then_place, re.escape(rule.then), decision)
            mutant, _ = change(then=decision)
            yield Planted(
                Mutant(f"'{decision}' for '{rule.then}'", Part.RANKING, rule.id, mutant, rule.then_place, (edit,)), (rule.id, decision)
            )
    yield from swapped_rules(policy)


def without_unless(rule: Rule) -> tuple[Edit, ...]:
    """The key with its expression; a nesting of conditions has no such span."""
    if rule.unless is None or not plain_span(rule.unless) or not plain_span(rule.when):
        return ()
    return (Edit(between(rule.when.place, end_of(rule.unless.place)), r"(,|\n)\s*unless:\s*['\"]?(.|\n)*", ""),)


def without_rule(policy: Policy, at: int) -> tuple[Edit, ...]:
    """Its lines, up to the next rule's."""
    rule, after = policy.rules[at], policy.rules[at + 1 : at + 2]
    if not after or after[0].place.file != rule.place.file or after[0].place.line <= rule.place.line:
        return ()
    return (Edit(Place(rule.place.file, rule.place.line, 1, after[0].place.line - 1, 1), LINES, ""),)


def beside(decisions: Sequence[Decision], name: str) -> Iterator[str]:
    """The decisions next to this one in the order of severity."""
    names = [decision.id for decision in decisions]
    at = names.index(name)
    yield from names[max(0, at - 1) : at]
    yield from names[at + 1 : at + 2]


def swapped_rules(policy: Policy) -> Iterator[Planted]:
    """Neighbours in the order change places: where the first rule decides any two, else two that lead to the same decision."""
    for i, rule in enumerate(policy.rules):
        after = range(i + 1, len(policy.rules))
        other = next((j for j in after if policy.strategy is Strategy.FIRST or policy.rules[j].then == rule.then), None)
        if other is not None:
            rules = list(policy.rules)
            rules[i], rules[other] = rules[other], rules[i]
            mutant = replace(policy, rules=tuple(rules))
            what = f"after the rule '{rules[i].id}', not before"
            yield Planted(Mutant(what, Part.RANKING, rule.id, mutant, rule.place), (rule.id, rules[i].id))


def of_decisions(policy: Policy) -> Iterator[Planted]:
    """The ranking: how unknown rules count, the order of severity, the default, the strategy."""
    led_to = {rule.then for rule in policy.rules}
    decisions = policy.decisions
    for i, decision in enumerate(decisions):
        change = changer(policy, "decisions", decision)
        for when in WhenUnknown:
            if decision.id in led_to and when is not decision.when_unknown:
                what = f"when_unknown: '{when}' for '{decision.when_unknown}'"
                mutant, part = change(when_unknown=when)
                edits = (said_when_unknown(policy, decision, when),)
                yield Planted(Mutant(what, Part.RANKING, decision.id, mutant, decision.place, edits), part)
        if i + 1 < len(decisions) and policy.strategy is Strategy.MOST_SEVERE and {decision.id, decisions[i + 1].id} <= led_to:
            order = (*decisions[:i], decisions[i + 1], decision, *decisions[i + 2 :])
            what = f"less severe than '{decisions[i + 1].id}', not more"
            yield Planted(Mutant(what, Part.RANKING, decision.id, replace(policy, decisions=order), decision.place), order)
    other = Strategy.FIRST if policy.strategy is Strategy.MOST_SEVERE else Strategy.MOST_SEVERE
    if not in_order_of_severity(policy):
        what, edit = (
            f"strategy: {other} for {policy.strategy}",
            Edit(region(policy.place, None, lines=16), r"strategy:\s*\w+", f"strategy: {other}"),
        )
        yield Planted(Mutant(what, Part.RANKING, "strategy", replace(policy, strategy=other), policy.place, (edit,)), other)
    yield from other_default(policy)


def in_order_of_severity(policy: Policy) -> bool:
    """Whether the first rule that fires is the most severe one anyway."""
    severity = {decision.id: i for i, decision in enumerate(policy.decisions)}
    ranks = [severity[rule.then] for rule in policy.rules]
    return ranks == sorted(ranks)


def said_when_unknown(policy: Policy, decision: Decision, when: WhenUnknown) -> Edit:
    """The key with another value; where the decision has none, one more key in its braces."""
    own = braces(policy, decision.place)
    if own is None:
        return Edit(line_of(decision.place), r"when_unknown:\s*\w+", f"when_unknown: {when}")
    place, inside = own
    if "when_unknown" in inside:
        return Edit(place, r"when_unknown:\s*\w+", f"when_unknown: {when}")
    return Edit(place, r"\}$", f"{', ' if inside.strip() else ''}when_unknown: {when}}}")


_BRACES = re.compile(r"""[^{}"'\n]*:\s*(\{(?:[^{}"'\n]|"[^"\n]*"|'[^'\n]*'|\{(?:[^{}"'\n]|"[^"\n]*"|'[^'\n]*')*\})*\})""")
"""A key and its map in braces, which may hold texts by language in braces of their own."""


def braces(policy: Policy, name: Place) -> tuple[Place, str] | None:
    """The span of the map in braces behind the name, and what stands in it; None where there is none on its line."""
    text = next((source.text for source in policy.sources if source.path == name.file), "")
    line = "".join(text.splitlines()[name.line - 1 : name.line])
    found = _BRACES.match(line, name.column - 1)
    if found is None:
        return None
    return Place(name.file, name.line, found.start(1) + 1, name.line, found.end(1) + 1), found[1][1:-1]


def line_of(place: Place) -> Place:
    return Place(place.file, place.line, place.column, place.line + 1, 1)


def other_default(policy: Policy) -> Iterator[Planted]:
    default = policy.default_decision
    name = next(beside(policy.decisions, default.id), None)
    if name is not None:
        decisions = tuple(replace(d, default=d.id == name) for d in policy.decisions)
        mutant = replace(policy, decisions=decisions)
        yield Planted(Mutant(f"the default is '{name}'", Part.RANKING, default.id, mutant, start_of(default.place)), name)


def of_outcomes(policy: Policy, kind_of: KindOf) -> Iterator[Planted]:
    """Figures, limits and guarantees."""
    for figure in policy.figures:
        change = changer(policy, "figures", figure)
        for fault in faults(figure.expression, kind_of):
            yield planted(fault, Part.FIGURE, figure.name, change(expression=fault.tree))
    for limit in policy.limits:
        change = changer(policy, "limits", limit)
        for fault in condition_faults(limit.require, kind_of):
            yield planted(fault, Part.LIMIT, limit.id, change(require=fault.tree))
    for guarantee in policy.guarantees:
        change = changer(policy, "guarantees", guarantee)
        for fault in condition_faults(guarantee.always, kind_of):
            yield planted(fault, Part.GUARANTEE, guarantee.id, change(always=fault.tree))
