"""The questions of a policy in; out come clients for whom a single leaf decides, on, just below and just above its threshold.

Everything is found by trying: many made-up clients at once, each decided by the production query. Bounded work: a leaf for which no client
is found is given back without one.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ..model.checked import CheckedPolicy
from ..model.expression import AtLeast, Compare, Expression, Scalar, walk
from ..model.grid import SCALES
from ..model.kind import Kind
from ..testing.boundaries import Interest, folded
from ..testing.questions import Question, Sort
from ..testing.seeking import Closing, Lever, cost, difference, differences, first_pool, resets, single_moves
from ..testing.worlds import CLIENTS, World
from .trying import Trial, Tried

POOL = 1200
"""Worlds of the first round, and (a tenth of it) for each question."""
SEARCHES = 10
"""Rounds of moving nearer to a client for whom a leaf decides."""
SIMPLER = 8
"""Rounds of making such a client more like the base."""
CLOSER = 8
"""Rounds of closing in on thresholds."""
_NEAREST = 3
_MOVES = 400
_LEVERS = 6
_JUMPS = (1, 2, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000)
Target = tuple[int, int]
"""A leaf: the number of its question, and its own."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a leaf: worlds, from below its threshold to above (or true and false); () where no client was found."""

    question: int
    leaf: int
    worlds: tuple[Tried, ...]


@dataclass(slots=True)
class Search:
    """The search of one policy. `base` is the client that all cases start from."""

    checked: CheckedPolicy
    trial: Trial
    interests: tuple[Interest, ...]
    base: World
    seeds: tuple[World, ...]
    as_of: datetime.date
    tried: list[Tried] = field(default_factory=list)
    best: dict[Target, Tried] = field(default_factory=dict)

    @property
    def asked(self) -> tuple[Question, ...]:
        return self.trial.asked

    @property
    def targets(self) -> list[Target]:
        return [(q, i) for q, question in enumerate(self.asked) for i in range(len(question.leaves))]

    def run(self) -> list[Found]:
        """Every leaf with its worlds."""
        self.take(first_pool(self.interests, self.base, self.seeds, POOL))
        self.choose_base()
        self.take([w for q in range(len(self.asked)) for w in first_pool(self.fields(q), self.base, self.seeds, POOL // 10)])
        self.approach()
        self.simplify()
        return self.close_in()

    def take(self, worlds: Iterable[World]) -> None:
        """Tries the worlds and keeps what came of them."""
        self.tried += [found for found in self.trial.of(list(worlds)) if found is not None]

    def choose_base(self) -> None:
        """The client for whom as few rules as possible fire, as near as can be to what was thought plausible."""
        if self.tried:
            first = self.base
            self.base = min(self.tried, key=lambda t: (spoken(t.results), differences(t.world, first))).world

    def fields(self, question: int) -> tuple[Interest, ...]:
        return self.reached(self.asked[question].rule.condition)

    def reached(self, node: Expression) -> tuple[Interest, ...]:
        """The fields that it reads."""
        read = self.checked.reads(node)
        return tuple(one for one in self.interests if (one.table, one.field.name) in read)

    def approach(self) -> None:
        """Moves from the nearest worlds towards those in which a leaf decides, for as many leaves as it takes, a bounded number of times."""
        ranked: dict[Target, list[tuple[float, Tried]]] = {}
        fresh = self.tried
        for _ in range(SEARCHES):
            self.rank(fresh, ranked)
            open_ones = [target for target in self.targets if target not in self.best]
            if not open_ones:
                return
            before = len(self.tried)
            self.take(w for target in open_ones for w in self.nearer(target, ranked.get(target, [])))
            fresh = self.tried[before:]
        self.rank(fresh, ranked)

    def rank(self, fresh: Sequence[Tried], ranked: dict[Target, list[tuple[float, Tried]]]) -> None:
        """Of each leaf the best world in which it decides, else the nearest."""
        for target in self.targets:
            q, leaf = target
            deciding = [t for t in fresh if t.decides(q, leaf)]
            if deciding:
                known = [self.best[target]] if target in self.best else []
                self.best[target] = min((*known, *deciding), key=lambda t: self.merit(q, t))
            if target not in self.best:
                counts = self.counts(q)
                rule = self.asked[q].rule
                new = [(cost(rule, leaf, [(x.outcome, x.operands) for x in t.leaves[q]], counts), t) for t in fresh]
                ranked[target] = sorted((*ranked.get(target, []), *new), key=lambda one: one[0])[:_NEAREST]

    def counts(self, question: int) -> dict[Expression, int]:
        nodes = [n.count for n in walk(self.asked[question].rule.condition) if isinstance(n, AtLeast)]
        values = ((node, folded(self.checked, node, self.as_of)) for node in nodes)
        return {node: int(found[0]) for node, found in values if found and not isinstance(found[0], str | datetime.date)}

    def nearer(self, target: Target, nearest: Sequence[tuple[float, Tried]]) -> Iterator[World]:
        fields = self.fields(target[0])
        for _, one in nearest:
            moves = list(single_moves(one.world, self.base, fields))
            stride = max(1, len(moves) // _MOVES)
            yield from moves[::stride]

    def merit(self, question: int, tried: Tried) -> tuple[int, int]:
        """The smaller, the better it shows: what else speaks for this client, then how far it is from the base."""
        return self.beside(question, tried), differences(tried.world, self.base)

    def beside(self, question: int, tried: Tried) -> int:
        """How many other rules (or rows of the same table) speak, too."""
        asked = self.asked[question]
        if asked.sort is Sort.RULE:
            own = tried.results["decided_by"] == asked.name or asked.name in named(tried.results["fired"])
            return spoken(tried.results) - own
        same = [q for q, other in enumerate(self.asked) if q != question and (other.sort, other.group) == (asked.sort, asked.group)]
        return sum(tried.outcomes[q] is not False for q in same)

    def simplify(self) -> None:
        """Undoes what is not needed, difference by difference: a case shows only what matters."""
        self.accept({target: [self.bare(target[0], self.best[target].world)] for target in self.best})
        for _ in range(SIMPLER):
            if not self.accept({target: list(resets(self.best[target].world, self.base)) for target in self.best}):
                return

    def bare(self, question: int, world: World) -> World:
        """The base with only the question's fields as in the world."""
        fields = {(one.table, one.field.name) for one in self.fields(question)}
        rows = dict(self.base.rows)
        for table in {table for table, _ in fields}:
            template = next(iter(self.base.rows.get(table, ())), {})
            rows[table] = tuple(
                {name: value if (table, name) in fields else template.get(name, value) for name, value in row.items()}
                for row in world.rows.get(table, ())
            )
        return World({table: rows[table] for table in world.rows}, world.others)

    def accept(self, wanted: dict[Target, list[World]]) -> bool:
        """Takes for each leaf the best of the worlds, where it is better than what there is."""
        self.trial.of([w for worlds in wanted.values() for w in worlds])
        better = False
        for target, worlds in wanted.items():
            found = [t for t in self.trial.of(worlds) if t is not None and t.decides(*target)]
            now = self.best[target]
            best = min((now, *found), key=lambda t: self.merit(target[0], t))
            if best is not now and self.merit(target[0], best) < self.merit(target[0], now):
                self.best[target], better = best, True
        return better

    def close_in(self) -> list[Found]:
        """Pulls levers until the leaves turn from one step to the next."""
        closings = {target: self.closings(target) for target in self.best}
        for _ in range(CLOSER):
            open_ones = [(t, c, positions) for t, found in closings.items() for c in found if (positions := c.next_positions())]
            if not open_ones:
                break
            self.measure(open_ones)
        return [Found(*target, self.chosen(target, closings.get(target, []))) for target in self.targets]

    def closings(self, target: Target) -> list[Closing]:
        """A closing for each lever of a leaf that compares figures or dates, with its first points."""
        q, leaf = target
        node, tried = self.asked[q].leaves[leaf], self.best[target]
        if not isinstance(node, Compare) or node.left.kind not in SCALES or node.right.kind not in SCALES:
            return []
        thresholds = [v for side in (node.left, node.right) for v in folded(self.checked, side, self.as_of)]
        found = [
            Closing(tried.world, lever, lever.unit([v for v in thresholds if isinstance(v, type(lever_value(tried.world, lever)))]), {})
            for lever in self.levers(node, tried.world)
        ]
        self.measure([(target, closing, list(self.first_positions(closing))) for closing in found])
        return found

    def levers(self, node: Expression, world: World) -> list[Lever]:
        """What could be moved: the fields that the leaf reads, in the first rows; then how many rows there are."""
        fields = [one for one in self.reached(node) if one.field.type in SCALES and not one.field.one_of]
        values = [Lever(one.table, n, one.field) for one in fields for n in range(min(2, len(world.rows.get(one.table, ()))))]
        usable = [lever for lever in values if lever.position(world) is not None]
        tables = dict.fromkeys(one.table for one in self.reached(node) if one.table != CLIENTS)
        rows = [Lever(t, template=tuple(next(iter(self.base.rows.get(t, ())), {}).items())) for t in tables]
        return [*usable[:_LEVERS], *rows[:2]]

    def first_positions(self, closing: Closing) -> Iterator[int]:
        start = closing.lever.position(closing.world) or 0
        if closing.lever.field is None:
            yield from {0, 1, 2, 3, 4, 6, 10, 20, 40, 60, start - 1, start, start + 1}
            return
        yield start
        lever_field = closing.lever.field
        exact = next(one for one in self.interests if (one.table, one.field) == (closing.lever.table, lever_field))
        scale = SCALES[lever_field.type]
        for value in exact.values:
            if value is not None:
                yield from (closing_position(value, lever_field.type),)
        yield from (start + sign * jump * closing.unit for jump in _JUMPS for sign in (1, -1))
        yield from (sign * jump * scale for jump in _JUMPS[:7] for sign in (1, -1))

    def measure(self, wanted: Sequence[tuple[Target, Closing, Sequence[int]]]) -> None:
        """Tries the positions, all in one run, and notes what the leaf's difference is at each."""
        worlds = [(t, c, n, c.lever.at(c.world, n)) for t, c, positions in wanted for n in positions]
        found = iter(self.trial.of([world for *_, world in worlds if world is not None]))
        for (q, leaf), closing, position, world in worlds:
            tried = None if world is None else next(found)
            closing.points[position] = None if tried is None else difference(tried.leaves[q][leaf].operands)

    def chosen(self, target: Target, closings: Sequence[Closing]) -> tuple[Tried, ...]:
        """Of all levers the one that shows the threshold best; where none does, a client on each side, one move apart."""
        offers = [self.deciding(target, c) for c in closings]
        good = [offer for offer in offers if self.both_sides(target, offer)]
        if good:
            return max(good, key=len)
        return self.sides(target)

    def deciding(self, target: Target, closing: Closing) -> tuple[Tried, ...]:
        worlds = [w for n in closing.boundary() if (w := closing.lever.at(closing.world, n)) is not None]
        return tuple(t for t in self.trial.of(worlds) if t is not None and t.decides(*target))

    def both_sides(self, target: Target, offer: Sequence[Tried]) -> bool:
        q, leaf = target
        return {t.leaves[q][leaf].outcome for t in offer} == {True, False}

    def sides(self, target: Target) -> tuple[Tried, ...]:
        if target not in self.best:
            return ()
        q, leaf = target
        now = self.best[target]
        moves = single_moves(now.world, self.base, self.reached(self.asked[q].leaves[leaf]))
        found = [t for t in self.trial.of(list(moves)) if t is not None and t.decides(q, leaf)]
        others = [t for t in found if t.leaves[q][leaf].outcome is not now.leaves[q][leaf].outcome]
        if not others:
            others = [t for t in self.tried if t.decides(q, leaf) and t.leaves[q][leaf].outcome is not now.leaves[q][leaf].outcome]
        if not others:
            return (now,)
        other = min(others, key=lambda t: self.merit(q, t))
        return (now, other) if now.leaves[q][leaf].outcome else (other, now)


def lever_value(world: World, lever: Lever) -> Scalar | None:
    return None if lever.spot is None else world.value(lever.spot)


def closing_position(value: Scalar, kind: Kind) -> int:
    from ..model.grid import steps_of

    return steps_of(value, kind)


def named(value: object) -> tuple[str, ...]:
    """A list column of the result."""
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()


def spoken(results: object) -> int:
    """How many rules say something of a client: those that fired, and those that cannot be told."""
    assert isinstance(results, dict)
    return len(named(results["fired"])) + len(named(results["applied"])) + len(named(results["unknown"]))
