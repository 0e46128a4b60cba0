"""Findings on rules that mean little: what never fires, never decides, is always true, or exempts nobody.

Nothing is claimed that is not proved, for every client that the contract allows and for every period of the policy's dates. What has a
finding already is not said again.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Literal

from ..model.checked import CheckedPolicy, CheckedRule
from ..model.expression import And, AtLeast, Constant, Expression, FieldValue, MetricValue, ParameterValue, walk
from ..model.kind import Kind
from ..model.place import Place
from ..model.policy import Rule, Strategy, WhenUnknown
from .boxes import TooMuchWorkError
from .desk import Desk, declared
from .logic import Mode, both, holds_somewhere
from .rule_analysis import QUICK, Look, Verdict, looks
from .value_ranges import Known
from .words import one_of, show

_TOLD_ALREADY = frozenset({"SS217", "SS218", "SS230", "SS232", "SS243", "SS269"})
"""Findings on a rule or a part of it that say why it never, or always, fires."""
_MOST_NAMED = 6


def check_rules(checked: CheckedPolicy, known: Known, desk: Desk) -> None:
    """Findings on every rule, in all periods."""
    told = {(f.place.file, f.place.line, f.place.column) for f in desk.findings if f.code in _TOLD_ALREADY}
    found = looks(checked, known, QUICK)
    if not found:
        return
    decides = [dict(look.decides()) for look in found]
    every = [(rule, written, _where(rule, found, decides)) for rule, written in zip(checked.rules, checked.policy.rules, strict=True)]
    always = {rule.id for rule, _, where in every if where and _is_for_everybody(rule, where)}
    for rule, written, where in every:
        own = Desk()
        if where and not _is_broken(rule):
            _tell(rule, written, where, always, own)
        if own.findings and not (told and _is_told(rule, written, checked, told)):
            desk.findings += own.findings


Where = Sequence[tuple[Look, int, dict[int, Verdict | None]]]
"""The periods in which the rule is in force: the look, the rule's number there, and which rules can decide."""


def _where(rule: CheckedRule, found: Sequence[Look], decides: Sequence[dict[int, Verdict | None]]) -> Where:
    return [(look, look.numbers[rule.id], of_look) for look, of_look in zip(found, decides, strict=True) if rule.id in look.numbers]


def _is_for_everybody(rule: CheckedRule, where: Where) -> bool:
    """True where the condition is false for nobody, whatever the exemption says."""
    try:
        return not isinstance(rule.when, Constant) and all(
            not holds_somewhere(look.parts(number).when, "false", look.reader.sets) and look.boxes(number, "true")
            for look, number, _ in where
        )
    except TooMuchWorkError:
        return False


def _tell(rule: CheckedRule, written: Rule, where: Where, always: set[str], desk: Desk) -> None:
    if rule.id in always:
        message = f"the condition of '{rule.id}' is true for every client{_if_known(where[0])}"
        desk.warning("SS333", message, rule.when.place, "narrow it; a decision for all other clients is the one with default: true")
        return
    try:
        if all(not look.boxes(number, "true") for look, number, _ in where):
            _never_fires(rule, where, desk)
            return
        if rule.unless is not None and _exemption_is_idle(where):
            message = f"the exemption of '{rule.id}' never applies: it is false wherever 'when' is true"
            desk.warning("SS334", message, rule.unless.place, "correct it, or leave it out")
    except TooMuchWorkError:
        pass
    verdicts = [of_look[number] for _, number, of_look in where]
    if all(verdict is not None and verdict.left is None and 0 < len(verdict.by) <= _MOST_NAMED for verdict in verdicts):
        look, number, of_look = where[-1]
        last = of_look[number]
        # Where one of them is for everybody, that is the finding, and this one follows from it.
        if last is not None and not any(look.rules[i].id in always for i in last.by):
            _never_decides(written, look, number, last.by, desk)


def _is_broken(rule: CheckedRule) -> bool:
    """True where nothing follows from the rule: a value that it reads, or a number of parts that it asks for, has an error."""
    for tree in (rule.when, rule.unless):
        for node in walk(tree) if tree is not None else ():
            match node:
                case FieldValue() | MetricValue() | ParameterValue() if node.kind is Kind.UNKNOWN:
                    return True
                case AtLeast(Constant(int(count)), items) if not 1 <= count <= len(items):
                    return True
                case _:
                    pass
    return False


def _is_told(rule: CheckedRule, written: Rule, checked: CheckedPolicy, told: set[tuple[str, int, int]]) -> bool:
    """True where a finding points at the rule, at a part of its condition, or at a parameter or metric that it uses."""
    places = [written.place]
    for tree in (rule.when, rule.unless):
        for node in walk(tree) if tree is not None else ():
            places.append(node.place)
            match node:
                case ParameterValue(name) if (parameter := checked.policy.parameter(name)) is not None:
                    places.append(parameter.place)
                case MetricValue(name):
                    places.extend(inner.place for inner in walk(checked.metric(name).expression))
                case _:
                    pass
    return any((p.file, p.line, p.column) in told for p in places)


def _if_known(where: tuple[Look, int, dict[int, Verdict | None]]) -> str:
    look, _, _ = where
    blank = any(column.missing for column in look.reader.columns)
    return " whose values are known" if blank else ""


def _exemption_is_idle(where: Where) -> bool:
    """True where the rule would be the same without it: an exemption counts where it is true, or unknown while 'when' is true."""
    for look, number, _ in where:
        parts = look.parts(number)
        assert parts.unless is not None
        modes: tuple[tuple[Mode, Mode], ...] = (("not false", "true"), ("true", "not false"))
        if any(both(look.of_logic(parts.when, when), look.of_logic(parts.unless, unless)) for when, unless in modes):
            return False
    return True


def _never_fires(rule: CheckedRule, where: Where, desk: Desk) -> None:
    look, number, _ = where[-1]
    applied = ""
    if look.counts(number) == "not false" and look.boxes(number, "not false"):
        applied = "; it only counts where too little is known of a client (when_unknown: apply)"
    place, why = _why(rule, look)
    desk.warning("SS330", f"the rule '{rule.id}' can never fire: {why}{applied}", place, _help(rule, look))


def _why(rule: CheckedRule, look: Look) -> tuple[Place, str]:
    if rule.unless is not None and look.of(rule.when, "true"):
        return rule.unless.place, "'unless' takes away every client whom 'when' lets in"
    items = rule.when.items if isinstance(rule.when, And) else (rule.when,)
    for item in items:
        if not look.of(item, "true"):
            return item.place, _excluding(item, look) or f"'{show(item)}' is never true"
    return rule.when.place, _excluding(rule.when, look) or "its parts exclude each other"


def _excluding(condition: Expression, look: Look) -> str | None:
    """What is never true together: two parts of an `and`, or as many as `at_least` asks for."""
    if isinstance(condition, AtLeast):
        return f"{show(condition.count)} of its parts are never true together"
    if isinstance(condition, And):
        for one, other in combinations(condition.items, 2):
            if not both(look.of(one, "true"), look.of(other, "true")):
                return f"'{show(one)}' and '{show(other)}' exclude each other"
    return None


def _help(rule: CheckedRule, look: Look) -> str:
    if rule.unless is not None and look.of(rule.when, "true"):
        return "narrow 'unless', or leave the rule out"
    if isinstance(rule.when, And):
        return "write 'or' if one of them is enough, correct a limit, or leave the rule out"
    return "correct it, or leave the rule out"


def _never_decides(written: Rule, look: Look, number: int, by: tuple[int, ...], desk: Desk) -> None:
    rule, others = look.rules[number], [look.rules[i] for i in by]
    ids = [f"'{other.id}'" for other in others]
    same = all(other.decision == rule.decision for other in others)
    whenever = "whenever it fires" if look.unknown(number) is not WhenUnknown.APPLY else "whenever it fires or is applied"
    named = ids[0] if len(ids) == 1 else f"one of {one_of(ids, 'and')}"
    message = f"the rule '{rule.id}' never decides: {whenever}, {named}"
    places = {r.id: r.place for r in look.checked.policy.rules}
    at = f"({ids[0]} is at {declared(places[others[0].id])})"
    what = ids[0] if len(ids) == 1 else "one of them"
    if same:
        help = f"put it before {one_of(ids)}, narrow {what}, or leave it out if its reason need not be told apart {at}"
        desk.note("SS332", f"{message} fires too, comes first, and decides the same", written.place, help)
        return
    movable = look.checked.policy.strategy is Strategy.FIRST
    help = f"{f'put it before {one_of(ids)}, ' if movable else ''}narrow {what}, or leave it out {at}"
    how = _how(look, number, by)
    severer = all(other.decision != rule.decision for other in others)
    comes = "comes first" if movable else "is more severe" if severer else "comes first or is more severe"
    match how:
        case "true":
            message = f"{message} fires too, and {comes}"
        case "applied":
            message = f"{message} fires or is applied too, and {comes}"
        case _:
            message += f" fires and {comes}, or" if how == "held" else ""
            message += " is unknown and holds the client (when_unknown: hold)"
            if not _fires_with(look, number, by):
                help = (
                    f"let {what} say what a blank means (coalesce, or unless: ... is missing), or give its decision when_unknown: skip {at}"
                )
    desk.warning("SS331", message, written.place, help)


def _fires_with(look: Look, number: int, by: tuple[int, ...]) -> bool:
    """Whether the others fire wherever the rule itself fires: what is unknown is not the point then."""
    try:
        return look.covers(look.boxes(number, "true"), [(i, "true") for i in by])
    except TooMuchWorkError:
        return False


def _how(look: Look, number: int, by: tuple[int, ...]) -> Literal["true", "applied", "held", "unknown"]:
    """How the others take every client: they fire, are applied, or are unknown and hold the client (some of them, or only so)."""
    own = look.boxes(number, look.counts(number))
    try:
        if look.covers(own, [(i, "true") for i in by]):
            return "true"
        if look.covers(own, [(i, look.counts(i)) for i in by]):
            return "applied"
    except TooMuchWorkError:
        pass
    return "held" if any(both(own, look.boxes(i, "true")) for i in by) else "unknown"
