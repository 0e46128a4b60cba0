"""A checked policy and the dates of its cases in; out comes all that cases can show of it, and what no case can show, with why."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from ..model.checked import CheckedFactor, CheckedPolicy, CheckedRule, CheckedTable
from ..model.coverage import OTHERWISE, Exempt, Item, Mark, Part, Way
from ..model.expression import (
    Aggregate,
    AsOf,
    Decided,
    Expression,
    FieldValue,
    Hit,
    If,
    ParameterValue,
    Portfolio,
    leaves,
    walk,
)
from ..model.place import Place
from ..model.policy import Strategy, WhenUnknown
from .missing import Missing
from .needs import Needs

UNDETERMINED = "undetermined"
Text = Callable[[Expression], str]
_VARYING = (FieldValue, Aggregate, Portfolio, Decided, ParameterValue, AsOf)


def coverable(checked: CheckedPolicy, dates: Collection[datetime.date], text: Text) -> tuple[tuple[Item, ...], tuple[Exempt, ...]]:
    """The items in the policy's order. Without dates every rule counts as in force. `text` is an expression as its author wrote it."""
    found = Coverable(checked, frozenset(dates), text)
    found.collect()
    return tuple(found.items), tuple(found.exempt)


@dataclass(slots=True)
class Coverable:
    """Collects items and exemptions."""

    checked: CheckedPolicy
    dates: frozenset[datetime.date]
    text: Text
    items: list[Item] = field(default_factory=list)
    exempt: list[Exempt] = field(default_factory=list)
    needs: Needs = field(init=False)
    missing: Missing = field(init=False)

    def __post_init__(self) -> None:
        self.needs, self.missing = Needs(self.checked), Missing(self.checked)

    def collect(self) -> None:
        places = {rule.id: rule.place for rule in self.checked.policy.rules}
        in_force = [rule for rule in self.checked.rules if self.in_force(rule, places[rule.id])]
        for rule in in_force:
            self.rule(rule, places[rule.id])
        for table in self.checked.tables:
            self.table(table)
        for score in self.checked.scores:
            for factor in score.factors:
                self.points(score.name, factor)
        self.decisions(in_force, places)
        self.whole()

    def add(self, mark: Mark, place: Place, text: str = "", *, counts: bool = True, of_unless: bool = False, hint: str = "") -> None:
        self.items.append(Item(mark, place, text, counts, of_unless, hint))

    def in_force(self, rule: CheckedRule, place: Place) -> bool:
        if not self.dates or any(rule.in_force(date) for date in self.dates):
            return True
        ends = (("from", rule.valid_from), ("until", rule.valid_until))
        when = " ".join(f"{word} {date.isoformat()}" for word, date in ends if date is not None)
        why = f"it is in force {when}, and no case has such an as_of"
        self.exempt.append(Exempt(Part.RULE, rule.id, why, place))
        return False

    def rule(self, rule: CheckedRule, place: Place) -> None:
        """That it fires and does not; where it has several conditions, that each is true and false."""
        conditions = [(leaf, False) for leaf in leaves(rule.when)]
        conditions += [] if rule.unless is None else [(leaf, True) for leaf in leaves(rule.unless)]
        only = self.quoted(rule.when) if len(conditions) == 1 else ""
        if not self.varies(rule.condition):
            self.exempt.append(Exempt(Part.RULE, rule.id, "its condition is the same for every client", rule.when.place))
            return
        for way in (Way.TRUE, Way.FALSE):
            self.add(Mark(Part.RULE, rule.id, way), place, only)
        if self.missing.possible(rule.condition):
            self.add(Mark(Part.RULE, rule.id, Way.UNKNOWN), place, only, counts=False)
        if len(conditions) > 1:
            for number, (leaf, of_unless) in enumerate(conditions, 1):
                self.condition(rule.id, number, leaf, of_unless)

    def quoted(self, when: Expression) -> str:
        """The only condition of a rule; "" where no text has it whole: of `none: [...]` it would be the word alone."""
        text = self.text(when)
        return text if self.text(next(leaves(when))) in text else ""

    def condition(self, rule: str, number: int, leaf: Expression, of_unless: bool) -> None:
        text = self.text(leaf)
        if not self.varies(leaf):
            self.exempt.append(Exempt(Part.CONDITION, rule, f"`{text}` is the same for every client", leaf.place))
            return
        hint = self.set_in_the_case(leaf)
        for way in (Way.TRUE, Way.FALSE):
            self.add(Mark(Part.CONDITION, rule, way, number), leaf.place, text, of_unless=of_unless, hint=hint)
        if self.missing.possible(leaf):
            self.add(Mark(Part.CONDITION, rule, Way.UNKNOWN, number), leaf.place, text, counts=False, of_unless=of_unless)

    def varies(self, expression: Expression) -> bool:
        """Cases can make it different: by the client's values, a parameter or the date."""
        return any(isinstance(node, _VARYING) for node in self.checked.reached(expression))

    def set_in_the_case(self, leaf: Expression) -> str:
        """Where no value of a client is read: what the case sets beside its clients."""
        nodes = list(self.checked.reached(leaf))
        if any(isinstance(node, (FieldValue, Aggregate, Portfolio)) for node in nodes):
            return ""
        names = dict.fromkeys(node.name for node in nodes if isinstance(node, ParameterValue))
        return f"a case may set parameters: {{{next(iter(names))}: ...}}" if names else "a case may set an as_of of its own"

    def table(self, table: CheckedTable) -> None:
        for row in table.rows:
            self.add(Mark(Part.ROW, table.name, Way.HIT, row.number), row.place, ", ".join(row.cell_texts))
        if table.otherwise is not None:
            declared = next(t for t in self.checked.policy.decision_tables if t.name == table.name)
            self.add(Mark(Part.ROW, table.name, Way.HIT, OTHERWISE), declared.otherwise_place, "otherwise")

    def points(self, score: str, factor: CheckedFactor) -> None:
        declared = next(f for s in self.checked.policy.scores if s.name == score for f in s.factors if f.id == factor.id)
        worth = self.checked.metric(factor.part).expression
        if not any(isinstance(node, Hit) for node in walk(worth)):
            return
        name = f"{score}.{factor.id}"
        if isinstance(worth, If) and self.missing.possible(factor.of):
            self.add(Mark(Part.POINTS, name, Way.HIT, OTHERWISE), factor.place, "missing")
        for number, (cell, _) in enumerate(declared.points, 1):
            self.add(Mark(Part.POINTS, name, Way.HIT, number), cell.place, cell.text or "-")

    def decisions(self, in_force: Iterable[CheckedRule], places: dict[str, Place]) -> None:
        """Each decision that a rule in force or the default leads to, or that only an exception can give; and `undetermined`."""
        alive, all_ = ({rule.decision for rule in rules} for rules in (in_force, self.checked.rules))
        for decision in self.checked.policy.decisions:
            if decision.id in all_ - alive and not decision.default:
                why = "its rules are not in force on any date that the cases have"
                self.exempt.append(Exempt(Part.DECISION, decision.id, why, decision.place))
                continue
            only = decision.id not in all_ and not decision.default
            hint = "no rule leads to it: a case may give an exception" if only else ""
            self.add(Mark(Part.DECISION, decision.id, Way.REACHED), decision.place, hint=hint)
        holding = next(filter(self.can_hold, in_force), None)
        if holding is not None:
            hint = self.blank_for(holding)
            self.add(Mark(Part.DECISION, UNDETERMINED, Way.REACHED), places[holding.id], holding.id, hint=hint)

    def can_hold(self, rule: CheckedRule) -> bool:
        """The rule can be unknown and then, by itself, change the decision."""
        policy = self.checked.policy
        holds = next(d.when_unknown for d in policy.decisions if d.id == rule.decision) is WhenUnknown.HOLD
        if not holds or not self.missing.possible(rule.condition):
            return False
        if rule.decision != policy.default_decision.id:
            return True
        severity = {d.id: i for i, d in enumerate(policy.decisions)}
        rank = {r.id: (severity[r.decision] if policy.strategy is Strategy.MOST_SEVERE else 0, i) for i, r in enumerate(self.checked.rules)}
        return any(rank[other.id] > rank[rule.id] and other.decision != rule.decision for other in self.checked.rules)

    def blank_for(self, rule: CheckedRule) -> str:
        """A blank that may leave the rule unknown."""
        doubtful = (leaf for leaf in leaves(rule.condition) if self.missing.possible(leaf))
        read = (pair for leaf in doubtful for pair in sorted(self.checked.reads(leaf), key=lambda pair: (pair[0] != "clients", pair)))
        blank = next((pair for pair in read if self.checked.calculation(*pair) is None and self.missing.blank(*pair)), None)
        if blank is None:
            return "no cell behind it can be blank: a division by zero, an empty list or a total that is not positive may leave it open"
        table, name = blank
        return f"a case may write {name}: missing" + ("" if table == "clients" else f" in a row of {table}")

    def whole(self) -> None:
        """Limits and guarantees: that a case expects them held, and breached."""
        sorts = [(Part.LIMIT, limit.id, limit.require, limit.place) for limit in self.checked.limits]
        sorts += [(Part.GUARANTEE, g.id, g.always, g.place) for g in self.checked.guarantees]
        for part, name, condition, place in sorts:
            if not self.varies(condition):
                self.exempt.append(Exempt(part, name, "its condition is the same whatever the clients", place))
                continue
            decided = part is Part.GUARANTEE and any(isinstance(node, Decided) for node in walk(condition))
            hint = "where the rules never break it, an exception in the case can" if decided else ""
            self.add(Mark(part, name, Way.HELD), place, self.text(condition))
            self.add(Mark(part, name, Way.BREACHED), place, self.text(condition), hint=hint)
