"""What can be said of rules before any data: which can never fire, never decide, or never stand alone.

A checked policy in, a `Look` for each period in which the same rules and parameters count. A rule is boxes over the columns of all rules;
what is asked is whether the boxes of others cover it. A witness is sought first, greedily: most rules have one, and a witness ends the
question. Where there is none, the search is exact; `Work` stops what would take too long, and then nothing is claimed.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import NamedTuple

from ..model.checked import CheckedPolicy, CheckedRule
from ..model.expression import Expression, MetricValue, ParameterValue, walk
from ..model.policy import Strategy, WhenUnknown
from .boxes import Box, TooMuchWorkError, Work, bits, covered, uncovered
from .logic import Logic, Many, Mode, Narrowed, Opposite, boxes, meeting
from .rule_columns import ColumnsOfRules
from .value_ranges import Known

MOST_DATES = 12
ANY_DAY = datetime.date(9999, 12, 31)
_MOST_LEFT_OUT = 40
"""Rules of which it is tried which can be left out: nobody reads the names of more."""
_MOST_NEAR = 100
"""Boxes that are held together against one."""
_MOST_TRIED = 6
"""Atoms of a column that the greedy search for a witness tries: those that let the fewest boxes live."""


class Verdict(NamedTuple):
    """Whether some client is left: `left` narrows the columns that matter (None: nobody is left, because `by` take everybody)."""

    left: Narrowed | None
    by: tuple[int, ...] = ()


class Effort(NamedTuple):
    """How hard is searched: states per rule, and boxes of other rules held against one rule's where no witness is found at once."""

    states: int
    together: int


QUICK = Effort(60, 15)
"""For a check, which is to be quick."""
THOROUGH = Effort(1500, 1000)
"""For a report that somebody asked for."""


class Parts(NamedTuple):
    """A rule's conditions as logic: `when`, `unless`, and the whole."""

    when: Logic
    unless: Logic | None
    whole: Logic


@dataclass(slots=True)
class Look:
    """The rules in force on one date, as boxes. A rule that is too intricate has no logic: nothing is claimed of it, nor through it."""

    date: datetime.date
    checked: CheckedPolicy
    rules: tuple[CheckedRule, ...]
    reader: ColumnsOfRules
    logic: list[Parts | None]
    effort: Effort
    work: Work = field(default_factory=Work)
    found: dict[tuple[int, Mode], list[Narrowed]] = field(default_factory=dict)
    when_unknown: dict[str, WhenUnknown] = field(default_factory=dict)
    """By decision."""
    numbers: dict[str, int] = field(init=False)
    ids: dict[tuple[int, Mode], int] = field(default_factory=dict)
    """The boxes of a rule as bits among all boxes."""
    all_boxes: list[Narrowed] = field(default_factory=list)
    narrowing: list[list[tuple[int, int]]] = field(default_factory=list)
    """Per column the boxes that narrow it, as bits, each with its atoms."""
    keeps: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    touched: list[int] = field(default_factory=list)
    """Per column the boxes that narrow it."""
    ordered: list[int] = field(default_factory=list)
    """The columns, those first that most boxes narrow."""

    def __post_init__(self) -> None:
        self.numbers = {rule.id: number for number, rule in enumerate(self.rules)}

    def boxes(self, rule: int, mode: Mode) -> list[Narrowed]:
        """Where the rule is true (or not false ...). Refuses (TooMuchWorkError) a rule that is too intricate."""
        if (rule, mode) not in self.found:
            found, columns = boxes(self.parts(rule).whole, mode, self.reader.sets), self.reader.columns
            # What lets all of a column through does not narrow it.
            self.found[(rule, mode)] = [{c: atoms for c, atoms in box.items() if atoms != columns[c].everything} for box in found]
        return self.found[(rule, mode)]

    def parts(self, rule: int) -> Parts:
        found = self.logic[rule]
        if found is None:
            raise TooMuchWorkError
        return found

    def of(self, condition: Expression, mode: Mode) -> list[Narrowed]:
        """Of a part of a rule that has been read."""
        return self.of_logic(self.reader.read(condition), mode)

    def of_logic(self, logic: Logic, mode: Mode) -> list[Narrowed]:
        return boxes(logic, mode, self.reader.sets)

    def unknown(self, rule: int) -> WhenUnknown:
        return self.when_unknown[self.rules[rule].decision]

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
        """When an earlier rule keeps one with that decision from deciding: where it counts, or is unknown and holds the client."""
        holds = self.unknown(other) is WhenUnknown.HOLD and self.rules[other].decision != decision
        return "not false" if holds else self.counts(other)

    def decides(self) -> Iterator[tuple[int, Verdict | None]]:
        """Each rule, and whether a client is left for it to decide; None: not known."""
        self._index()
        stopping, holding, held = 0, dict.fromkeys(self.when_unknown, 0), dict.fromkeys(self.when_unknown, 0)
        for rule in self.order():
            decision = self.rules[rule].decision
            live = stopping & ~holding[decision] | held[decision]
            yield rule, self._left_by(rule, live)
            # What is unknown holds a client whom a rule with another decision would take.
            stopping |= self.ids.get((rule, self.stops(rule, "")), 0)
            if self.unknown(rule) is WhenUnknown.HOLD:
                holding[decision] |= self.ids.get((rule, "not false"), 0)
                held[decision] |= self.ids.get((rule, "true"), 0)

    def alone(self, rule: int) -> Verdict | None:
        """Whether a client is left for whom the rule counts and no other does; None: not known."""
        self._index()
        others = [other for other in range(len(self.rules)) if other != rule]
        return self._left_by(rule, sum(self.ids.get((other, self.counts(other)), 0) for other in others))

    def implies(self, rule: int, other: int) -> bool:
        """Whether the other fires wherever this one fires. Refuses (TooMuchWorkError) what takes too long."""
        self._index()
        self.work = Work(self.effort.states)
        own = self.boxes(rule, "true")
        others = self.boxes(other, "true")
        narrow = {column for box in own for column in box}
        # Mostly some box of the other asks nothing of columns that this one leaves open; else they must leave nothing open together.
        if len(others) == 1 and not others[0].keys() <= narrow:
            return False
        return self.covers(own, [(other, "true")])

    def _left_by(self, rule: int, live: int) -> Verdict | None:
        """Whether a client is left for whom the rule counts, outside of all live boxes; None: not known."""
        self.work = Work(self.effort.states)
        taken = 0
        try:
            own = self.boxes(rule, self.counts(rule))
            for box in own:
                near = self._near(box, live)
                whole = self._whole(box, near)
                if whole:
                    taken |= whole
                    continue
                if near and near.bit_count() <= _MOST_NEAR and self._is_taken(box, near):
                    taken |= near
                    continue
                left = self._search(box, live)
                if left is not None:
                    return Verdict(left)
                taken |= live
            return Verdict(None, self._fewest(own, taken))
        except TooMuchWorkError:
            return None

    def _index(self) -> None:
        """All boxes of all rules, and which of them each atom lets live; once."""
        if self.all_boxes:
            return
        for rule in range(len(self.rules)):
            modes: tuple[Mode, ...] = ("true", "not false") if self.unknown(rule) is WhenUnknown.HOLD else (self.counts(rule),)
            for mode in modes:
                first = len(self.all_boxes)
                try:
                    self.all_boxes += self.boxes(rule, mode)
                except TooMuchWorkError:
                    continue
                self.ids[(rule, mode)] = ((1 << len(self.all_boxes)) - 1) & ~((1 << first) - 1)
        self.narrowing = [[] for _ in self.reader.columns]
        for i, box in enumerate(self.all_boxes):
            for narrowed, atoms in box.items():
                self.narrowing[narrowed].append((1 << i, atoms))
        self.touched = [sum(bit for bit, _ in narrowing) for narrowing in self.narrowing]
        self.ordered = sorted(range(len(self.touched)), key=lambda c: -self.touched[c].bit_count())

    def _keeps(self, column: int) -> list[tuple[int, int]]:
        """The atoms of a column, those first that let the fewest boxes live: the atom's bit, and the boxes that may hold there."""
        if column not in self.keeps:
            free = ((1 << len(self.all_boxes)) - 1) & ~self.touched[column]
            kept = dict.fromkeys(bits(self.reader.columns[column].everything), free)
            for bit, atoms in self.narrowing[column]:
                for atom in bits(atoms):
                    kept[atom] |= bit
            ordered = sorted(kept.items(), key=lambda item: item[1].bit_count())
            self.keeps[column] = [(1 << atom, some) for atom, some in ordered]
        return self.keeps[column]

    def _witness(self, box: Narrowed, live: int) -> Narrowed | None:
        """A point of the box in which none of the live boxes lies, by taking for each column what lets the fewest live."""
        found = dict(box)
        for column in chain(box, (c for c in self.ordered if c not in box)):
            if not live:
                return found
            if not live & self.touched[column]:
                continue
            allowed = box.get(column, -1)
            some = (item for item in self._keeps(column) if item[0] & allowed)
            tried = [(live & kept, atom) for atom, kept in islice(some, _MOST_TRIED)]
            live, found[column] = min(tried, key=_number_left)
        return None if live else found

    def _near(self, box: Narrowed, live: int) -> int:
        """The live boxes that narrow no other columns than this one does: what shadows a rule is mostly among them."""
        for column, touched in enumerate(self.touched):
            if column not in box:
                live &= ~touched
        return live

    def _whole(self, box: Narrowed, live: int) -> int:
        """The live boxes that hold in all of the box, each by itself; 0 where none does."""
        for column, atoms in box.items():
            for atom, kept in self._keeps(column):
                if not live:
                    return 0
                if atom & atoms:
                    live &= kept
        return live

    def _is_taken(self, box: Narrowed, live: int) -> bool:
        """Whether the live boxes hold in all of the box."""
        return self._first_left(box, live) is None

    def _search(self, box: Narrowed, live: int) -> Narrowed | None:
        """A point of the box in which none of the live boxes lies, sought until it is found or known not to be."""
        if live.bit_count() > self.effort.together:
            raise TooMuchWorkError
        return self._witness(box, live) or self._first_left(box, live)

    def _first_left(self, box: Narrowed, live: int) -> Narrowed | None:
        meets = [other for i in bits(live) if meeting(box, other := self.all_boxes[i]) is not None]
        if not meets:
            return box
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

    def _fewest(self, own: Sequence[Narrowed], taken: int) -> tuple[int, ...]:
        """The rule whose boxes cover all, else as few of them as are found by leaving out one after the other."""
        of_rule = dict.fromkeys(self.order(), 0)
        for (rule, _), ids in self.ids.items():
            of_rule[rule] |= ids & taken
        of_rule = {rule: ids for rule, ids in of_rule.items() if ids}
        for rule, ids in of_rule.items():
            if all(self._is_taken(box, ids) for box in own):
                return (rule,)
        left = list(of_rule)
        if len(left) > _MOST_LEFT_OUT:
            return tuple(left)
        try:
            for rule in of_rule:
                rest = sum(of_rule[other] for other in left if other != rule)
                if all(self._is_taken(box, rest) for box in own):
                    left.remove(rule)
        except TooMuchWorkError:
            pass
        return tuple(left)


def _number_left(tried: tuple[int, int]) -> int:
    return tried[0].bit_count()


def looks(checked: CheckedPolicy, known: Known, effort: Effort) -> list[Look]:
    """A look for each period of the policy's life; none where there are too many periods."""
    dates = periods(checked)
    return [] if len(dates) > MOST_DATES else [look(checked, known, date, effort) for date in dates]


def look(checked: CheckedPolicy, known: Known, date: datetime.date, effort: Effort) -> Look:
    """The rules that are in force on that date."""
    rules = tuple(rule for rule in checked.rules if rule.in_force(date))
    reader = ColumnsOfRules(checked, date, known)
    logic: list[Parts | None] = []
    for rule in rules:
        try:
            when = reader.read(rule.when)
            unless = None if rule.unless is None else reader.read(rule.unless)
            logic.append(Parts(when, unless, when if unless is None else Many(2, (when, Opposite(unless)))))
        except TooMuchWorkError:
            logic.append(None)
    reader.finish()
    return Look(date, checked, rules, reader, logic, effort, when_unknown={d.id: d.when_unknown for d in checked.policy.decisions})


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
