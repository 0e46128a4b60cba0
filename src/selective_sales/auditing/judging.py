"""Clients counted by group and decision in, each group beside the best and the largest out, with verdicts.

Compared are the best group (29 CFR 1607.4(D)) and the largest, which no small group's luck makes, each with every other group that is large
enough. All these tests are one family for Holm's method, over divisions and decisions; where only two decisions occur, the one says of the
groups what the other says, and counts once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ..model.audit import (
    ORDER,
    Carrier,
    Cell,
    Comparison,
    Counted,
    DecisionAudit,
    DivisionAudit,
    Explains,
    GroupAudit,
    GroupName,
    Lacking,
    Rate,
    RuleWithout,
    Verdict,
    worst,
)
from ..model.promises import Fairness
from .fisher import Fisher, fisher, holm
from .strata import strata_of, stratified

Test = tuple[str, str, frozenset[GroupName]]
"""A division, a decision (of two that complement each other the first), and the two groups."""


@dataclass(frozen=True, slots=True)
class Side:
    """A decision in a division: the rate of every group, which are large enough, the best and the largest of those."""

    counted: Counted
    decision: str
    harmful: bool
    rates: Mapping[GroupName, Rate]
    able: tuple[GroupName, ...]
    best: GroupName
    largest: GroupName

    @property
    def pairs(self) -> list[tuple[GroupName, GroupName]]:
        """Every pair that is compared, the group that is worse off first."""
        met = {frozenset((a, b)): (a, b) for b in (self.best, self.largest) for a in self.able if a != b}
        return [pair if self.is_worse(*pair) else (pair[1], pair[0]) for pair in met.values()]

    def is_worse(self, group: GroupName, other: GroupName) -> bool:
        """Where both are equal, the reference is the best, then the largest."""
        one, two = share(self.rates[group]), share(self.rates[other])
        if one == two:
            return (other == self.best, other == self.largest) > (group == self.best, group == self.largest)
        return one > two if self.harmful else one < two


def judge(counted: Sequence[Counted], fairness: Fairness, harmful: frozenset[str]) -> tuple[tuple[DivisionAudit, ...], int]:
    """The divisions with their verdicts, and the number of tests that were allowed for. `harmful` are the decisions that harm."""
    sides = {(c.division, d): side(c, d, fairness, d in harmful) for c in counted for d, _ in fairness.compare if c.too_many is None}
    twins = complements([c for c in counted if c.too_many is None], [d for d, _ in fairness.compare])
    tests = {(key[0], key[1], frozenset(pair)): tested(s, pair) for key, s in sides.items() for pair in s.pairs}
    family = tuple(
        dict.fromkeys(
            (division, twins[decision], pair) for (division, decision, pair), test in tests.items() if test.least <= fairness.significance
        )
    )
    adjusted = dict(zip(family, holm([tests[test].p for test in family]), strict=True))
    divisions = []
    for c in counted:
        judged = [
            Judge(sides[c.division, d], fairness, tests, adjusted, twins).decision() for d, _ in fairness.compare if c.too_many is None
        ]
        divisions.append(DivisionAudit(c.division, c.is_condition, tuple(judged), c.too_many))
    return tuple(divisions), len(family)


def side(counted: Counted, decision: str, fairness: Fairness, harmful: bool) -> Side:
    rates = rates_of(counted.cells, decision)
    able = tuple(g for g, rate in rates.items() if rate.clients >= fairness.smallest_group)
    sign = -1 if harmful else 1
    best = max(able, key=lambda g: (sign * share(rates[g]), rates[g].clients), default=None)
    return Side(counted, decision, harmful, rates, able, best, able[0] if able else None)


def rates_of(cells: Sequence[Cell], decision: str) -> dict[GroupName, Rate]:
    """Every group's rate, the largest group first (then by name, blanks last)."""
    clients: Counter[GroupName] = Counter()
    decided: Counter[GroupName] = Counter()
    for cell in cells:
        clients[cell.group] += cell.clients
        decided[cell.group] += cell.clients if cell.decision == decision else 0
    order = sorted(clients, key=lambda g: (-clients[g], g is None, g or ""))
    return {g: Rate(clients[g], decided[g]) for g in order}


def share(rate: Rate) -> Fraction:
    return rate.value or Fraction(0)


def complements(counted: Sequence[Counted], compared: Sequence[str]) -> dict[str, str]:
    """For each decision, itself; or, where everybody has it or an earlier one, that earlier one."""
    per = Counter(dict.fromkeys(compared, 0))
    for cell in counted[0].cells if counted else ():
        per[cell.decision] += cell.clients
    everybody = per.total()
    found: dict[str, str] = {}
    for decision in compared:
        twin = next((d for d in found if found[d] == d and per[d] + per[decision] == everybody), decision)
        found[decision] = twin
    return found


def tested(side: Side, pair: tuple[GroupName, GroupName]) -> Fisher:
    one, other = (side.rates[g] for g in pair)
    return fisher(one.decided, one.clients, other.decided, other.clients)


@dataclass(frozen=True, slots=True)
class Judge:
    """Gives the verdicts of one decision in one division."""

    side: Side
    fairness: Fairness
    tests: Mapping[Test, Fisher]
    adjusted: Mapping[Test, float]
    twins: Mapping[str, str]

    def decision(self) -> DecisionAudit:
        return DecisionAudit(self.side.decision, self.side.harmful, tuple(map(self.group, self.side.rates)))

    def group(self, name: GroupName) -> GroupAudit:
        side = self.side
        made = GroupAudit(name, side.rates[name], False, False, None, None, Verdict.INSUFFICIENT)
        if name not in side.able:
            return replace(made, lacking=Lacking.SMALL)
        best, largest = side.best, side.largest
        made = replace(made, is_best=name == best, is_largest=name == largest, to_best=self.ratio(name, best),
                       to_largest=self.ratio(name, largest))  # fmt: skip
        if len(side.able) < 2:
            return replace(made, lacking=Lacking.ALONE)
        comparisons = tuple(sorted((self.comparison(*pair) for pair in side.pairs if pair[0] == name), key=self.weight))
        if not comparisons:
            return replace(made, verdict=None)
        verdict = worst(c.verdict for c in comparisons)
        lacking = Lacking.RARE if verdict is Verdict.INSUFFICIENT else None
        return self.explained(replace(made, verdict=verdict, lacking=lacking, comparisons=comparisons))

    def weight(self, comparison: Comparison) -> tuple[object, ...]:
        """The decisive comparison comes first: the worst; of equals the one with the best group."""
        return (ORDER.index(comparison.verdict), comparison.reference != self.side.best)

    def ratio(self, group: GroupName, reference: GroupName) -> Fraction | None:
        one, other = share(self.side.rates[group]), share(self.side.rates[reference])
        return one / other if other else None

    def comparison(self, group: GroupName, reference: GroupName) -> Comparison:
        side = self.side
        one, other, least = share(side.rates[group]), share(side.rates[reference]), Fraction(self.fairness.minimum_ratio)
        below = one * least > other if side.harmful else one < least * other
        key = (side.counted.division, side.decision, frozenset((group, reference)))
        adjusted = self.adjusted.get((key[0], self.twins[side.decision], key[2]))
        if adjusted is None:
            verdict = Verdict.INSUFFICIENT
        else:
            significant = one != other and adjusted < self.fairness.significance
            verdict = Verdict.FAIL if below and significant else Verdict.WATCH if below or significant else Verdict.FINE
        return Comparison(reference, self.ratio(group, reference), below, self.tests[key].p, adjusted, verdict)

    def explained(self, made: GroupAudit) -> GroupAudit:
        """With what business fields explain of the decisive comparison; a gap that one of them has hidden is to be watched."""
        side, first = self.side, made.comparisons[0]
        one, other = side.rates[made.group], side.rates[first.reference]
        explained = tuple(
            stratified(field, strata_of(cells, made.group, first.reference, side.decision), first, one, other, self.fairness,
                       harmful=side.harmful)
            for field, cells in side.counted.strata
        )  # fmt: skip
        hidden = any(s.explains is Explains.HIDES for s in explained) and made.verdict in (Verdict.FINE, Verdict.INSUFFICIENT)
        if hidden:
            made = replace(made, verdict=Verdict.WATCH, lacking=None)
        return replace(made, explained=explained)


def without_rules(divisions: Sequence[DivisionAudit], without: Sequence[RuleWithout]) -> tuple[DivisionAudit, ...]:
    """The divisions, with what becomes of each gap that failed or is to be watched if a rule did not exist; largest part first."""
    return tuple(
        replace(
            division,
            decisions=tuple(replace(d, groups=tuple(carried(g, division.id, d, without) for g in d.groups)) for d in division.decisions),
        )
        for division in divisions
    )


def carried(group: GroupAudit, division: str, decision: DecisionAudit, without: Sequence[RuleWithout]) -> GroupAudit:
    if group.verdict not in (Verdict.FAIL, Verdict.WATCH):
        return group
    found = sorted(carriers(group, division, decision, without), key=lambda c: -(c.part or 0))
    return replace(group, carriers=tuple(found))


def carriers(group: GroupAudit, division: str, decision: DecisionAudit, without: Sequence[RuleWithout]) -> Iterator[Carrier]:
    """The rules without which both groups' rates would lie otherwise apart."""
    reference = group.comparisons[0].reference
    now = {g.group: g.rate for g in decision.groups}
    before = share(now[group.group]) - share(now[reference])
    for rule in without:
        counted = next((c for c in rule.counted if c.division == division), None)
        then = {} if counted is None else rates_of(counted.cells, decision.decision)
        if group.group in then and reference in then and (then[group.group], then[reference]) != (now[group.group], now[reference]):
            after = share(then[group.group]) - share(then[reference])
            yield Carrier(rule.rule, then[group.group], then[reference], (before - after) / before if before else None)
