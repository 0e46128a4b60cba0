"""What can be said of rules before any data: which can never fire, never decide, or never stand alone.

A checked policy in, a `Look` for each period in which the same rules and parameters count. A rule is boxes over the columns of all rules;
what is asked is whether the boxes of others cover it. A witness is sought first, greedily: most rules have one, and a witness ends the
question. Where there is none, the search is exact; `Work` stops what would take too long, and then nothing is claimed.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from ..model.checked import CheckedPolicy, CheckedRule
from ..model.expression import Expression, MetricValue, ParameterValue, walk
from ..model.policy import Strategy, WhenUnknown
from .boxes import Box, TooMuchWorkError, Work, bits, covered, uncovered
from .logic import Logic, Many, Mode, Narrowed, Opposite, boxes, meeting
from .rule_columns import ColumnsOfRules
from .value_ranges import Known

MOST_DATES = 12
ANY_DAY = datetime.date(9999, 12, 31)
_MOST_TRIED = 6
"""Atoms of a column that the greedy search for a witness tries: those that let the fewest boxes live."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether some client is left: `left` narrows the columns that matter (None: nobody is left, because `by` take everybody)."""

    left: Narrowed | None
    by: tuple[int, ...] = ()


@dataclass(slots=True)
class Look:
    """The rules in force on one date, as boxes. A rule that is too intricate has no logic: nothing is claimed of it, nor through it."""

    date: datetime.date
    checked: CheckedPolicy
    rules: tuple[CheckedRule, ...]
    reader: ColumnsOfRules
    logic: list[Logic | None]
    work: Work
    found: dict[tuple[int, Mode], list[Narrowed]] = field(default_factory=dict)
    ids: dict[tuple[int, Mode], int] = field(default_factory=dict)
    """The boxes of a rule as bits among all boxes."""
    all_boxes: list[Narrowed] = field(default_factory=list)
    keeps: list[list[tuple[int, int]]] = field(default_factory=list)
    """Per column its atoms, those first that let the fewest boxes live: the atom's bit, and the boxes that may hold there."""
    touched: list[int] = field(default_factory=list)
    """Per column the boxes that narrow it."""
    ordered: list[int] = field(default_factory=list)
    """The columns, those first that most boxes narrow."""
    together: int = 60
    """Boxes of other rules that are held against one rule's, where no witness is found at once."""

    def boxes(self, rule: int, mode: Mode) -> list[Narrowed]:
        """Where the rule is true (or not false ...). Refuses (TooMuchWorkError) a rule that is too intricate."""
        logic = self.logic[rule]
        if logic is None:
            raise TooMuchWorkError
        if (rule, mode) not in self.found:
            self.found[(rule, mode)] = boxes(logic, mode, self.reader.sets)
        return self.found[(rule, mode)]

    def of(self, condition: Expression, mode: Mode) -> list[Narrowed]:
        """Of a part of a rule that has been read."""
        return boxes(self.reader.read(condition), mode, self.reader.sets)

    def unknown(self, rule: int) -> WhenUnknown:
        decision = self.checked.policy.decision(self.rules[rule].decision)
        assert decision is not None
        return decision.when_unknown

    def counts(self, rule: int) -> Mode:
        """When the rule counts as fired: also where it is unknown, if it is applied then."""
        return "not false" if self.unknown(rule) is WhenUnknown.APPLY else "true"

    def order(self) -> list[int]:
        """The rules as they decide: the first that fired decides."""
        severity = {decision.id: i for i, decision in enumerate(self.checked.policy.decisions)}
        if self.checked.policy.strategy is Strategy.FIRST:
            return list(range(len(self.rules)))
        return sorted(range(len(self.rules)), key=lambda i: (severity[self.rules[i].decision], i))

    def stops(self, other: int, decision: str) -> Mode:
        """When an earlier rule keeps one with that decision from deciding: where it counts, and where it is unknown and holds the client."""
        holds = self.unknown(other) is WhenUnknown.HOLD and self.rules[other].decision != decision
        return "not false" if holds else self.counts(other)

    def decides(self) -> Iterator[tuple[int, Verdict | None]]:
        """Each rule, and whether a client is left for it to decide; None: not known."""
        before: list[int] = []
        for rule in self.order():
            yield rule, self.left_by(rule, self.counts(rule), [(b, self.stops(b, self.rules[rule].decision)) for b in before])
            before.append(rule)

    def left_by(self, rule: int, mode: Mode, others: Sequence[tuple[int, Mode]]) -> Verdict | None:
        """Whether there may be a client for whom the rule holds in that mode and none of the others does in theirs; None: not known."""
        try:
            own = self.boxes(rule, mode)
            self._index()
            live = 0
            for other in others:
                live |= self.ids.get(other, 0)
            for box in own:
                if not self._is_taken(box, self._local(box, live)):
                    left = self._witness(box, live) or self._search(box, live)
                    if left is not None:
                        return Verdict(left)
            return Verdict(None, self._fewest(own, others))
        except TooMuchWorkError:
            return None

    def _index(self) -> None:
        """All boxes of all rules, and which of them each atom lets live; once."""
        if self.keeps:
            return
        for rule in range(len(self.rules)):
            for mode in ("true", "not false"):
                first = len(self.all_boxes)
                try:
                    self.all_boxes += self.boxes(rule, mode)
                except TooMuchWorkError:
                    continue
                self.ids[(rule, mode)] = ((1 << len(self.all_boxes)) - 1) & ~((1 << first) - 1)
        everything = (1 << len(self.all_boxes)) - 1
        narrowing: list[list[tuple[int, int]]] = [[] for _ in self.reader.columns]
        for i, box in enumerate(self.all_boxes):
            for narrowed, atoms in box.items():
                narrowing[narrowed].append((1 << i, atoms))
        for number, column in enumerate(self.reader.columns):
            touched = sum(bit for bit, _ in narrowing[number])
            kept = dict.fromkeys(bits(column.everything), everything & ~touched)
            for bit, atoms in narrowing[number]:
                for atom in bits(atoms):
                    kept[atom] |= bit
            ordered = sorted(kept.items(), key=lambda item: item[1].bit_count())
            self.keeps.append([(1 << atom, some) for atom, some in ordered])
            self.touched.append(touched)
        self.ordered = sorted(range(len(self.touched)), key=lambda c: -self.touched[c].bit_count())

    def _witness(self, box: Narrowed, live: int) -> Narrowed | None:
        """A point of the box in which none of the live boxes lies, by taking for each column what lets the fewest live."""
        found = dict(box)
        for column in chain(box, (c for c in self.ordered if c not in box)):
            if not live:
                return found
            if not live & self.touched[column]:
                continue
            allowed = box.get(column, -1)
            tried = [(live & kept, atom) for atom, kept in self.keeps[column] if atom & allowed]
            live, found[column] = min(tried[:_MOST_TRIED], key=lambda item: item[0].bit_count())
        return None if live else found

    def _local(self, box: Narrowed, live: int) -> list[Narrowed]:
        """The boxes that narrow no other columns than this one does: what shadows a rule is mostly among them."""
        for column, touched in enumerate(self.touched):
            if column not in box:
                live &= ~touched
        return self._meeting(box, live)

    def _meeting(self, box: Narrowed, live: int) -> list[Narrowed]:
        return [other for i in bits(live) if meeting(box, other := self.all_boxes[i]) is not None]

    def _is_taken(self, box: Narrowed, others: Sequence[Narrowed]) -> bool:
        """Whether the others hold in all of the box; they narrow its columns only."""
        columns = list(box)
        if len(others) < 2:
            return any(all(not atoms & ~other.get(column, -1) for column, atoms in box.items()) for other in others)
        return covered(self._dense(box, columns), [self._dense(other, columns) for other in others], self.work)

    def _search(self, box: Narrowed, live: int) -> Narrowed | None:
        """A point of the box in which none of the live boxes lies, sought until it is found or known not to be."""
        if live.bit_count() > self.together:
            raise TooMuchWorkError
        meets = self._meeting(box, live)
        columns = sorted({c for other in (box, *meets) for c in other}, key=lambda c: -sum(c in other for other in meets))
        left = next(uncovered(self._dense(box, columns), [self._dense(other, columns) for other in meets], self.work), None)
        return None if left is None else dict(zip(columns, left, strict=True))

    def _dense(self, box: Narrowed, columns: Sequence[int]) -> Box:
        return tuple(box.get(c, self.reader.columns[c].everything) for c in columns)

    def covers(self, own: Sequence[Narrowed], others: Sequence[tuple[int, Mode]]) -> bool:
        """Whether the others together hold wherever these boxes are. Refuses (TooMuchWorkError) what takes too long."""
        by = [box for rule, mode in others for box in self.boxes(rule, mode)]
        for box in own:
            meets = [other for other in by if meeting(box, other) is not None]
            columns = sorted({c for other in (box, *meets) for c in other})
            if not covered(self._dense(box, columns), [self._dense(other, columns) for other in meets], self.work):
                return False
        return True

    def _fewest(self, own: Sequence[Narrowed], others: Sequence[tuple[int, Mode]]) -> tuple[int, ...]:
        """One of the others that covers all, else as few as are found by leaving out one after the other."""
        usable = [other for other in others if self.logic[other[0]] is not None and other in self.ids]
        meets = [o for o in usable if any(meeting(a, b) is not None for a in own for b in self.boxes(*o))]
        single = next((o for o in meets if self.covers(own, [o])), None)
        if single is not None:
            return (single[0],)
        for other in list(meets):
            rest = [o for o in meets if o != other]
            if self.covers(own, rest):
                meets = rest
        return tuple(rule for rule, _ in meets)


def looks(checked: CheckedPolicy, known: Known, work: Work) -> list[Look]:
    """A look for each period of the policy's life; none where there are too many periods."""
    dates = periods(checked)
    return [] if len(dates) > MOST_DATES else [look(checked, known, date, work) for date in dates]


def look(checked: CheckedPolicy, known: Known, date: datetime.date, work: Work) -> Look:
    """The rules that are in force on that date."""
    rules = tuple(rule for rule in checked.rules if rule.in_force(date))
    reader = ColumnsOfRules(checked, date, known)
    logic: list[Logic | None] = []
    for rule in rules:
        try:
            when = reader.read(rule.when)
            logic.append(when if rule.unless is None else Many(2, (when, Opposite(reader.read(rule.unless)))))
        except TooMuchWorkError:
            logic.append(None)
    reader.finish()
    return Look(date, checked, rules, reader, logic, work)


def periods(checked: CheckedPolicy) -> list[datetime.date]:
    """A day of each period within the policy's own dates in which the same rules and the same values of parameters count."""
    policy = checked.policy
    cuts = {d.since for p in policy.parameters if p.dated and p.name in _parameters(checked) for d in p.dated}
    cuts |= {rule.valid_from for rule in checked.rules if rule.valid_from is not None}
    ends = [rule.valid_until for rule in checked.rules if rule.valid_until is not None]
    cuts |= {end + datetime.timedelta(1) for end in ends if end < datetime.date.max}
    if not cuts:
        return [policy.valid_from or policy.valid_until or ANY_DAY]
    before = min(cuts) - datetime.timedelta(1) if min(cuts) > datetime.date.min else min(cuts)
    first = policy.valid_from or before
    days = [first, *(cut for cut in sorted(cuts) if cut > first and (policy.valid_until is None or cut <= policy.valid_until))]
    # On a day on which a parameter has no value yet, no run is made.
    return [day for day in days if all(p.value_at(day) is not None for p in policy.parameters)]


def _parameters(checked: CheckedPolicy) -> set[str]:
    """The parameters that rules reach, through metrics."""
    todo = [tree for rule in checked.rules for tree in (rule.when, rule.unless) if tree is not None]
    names: set[str] = set()
    seen: set[str] = set()
    while todo:
        for node in walk(todo.pop()):
            match node:
                case ParameterValue(name):
                    names.add(name)
                case MetricValue(name) if name not in seen:
                    seen.add(name)
                    todo.append(checked.metric(name).expression)
                case _:
                    pass
    return names
