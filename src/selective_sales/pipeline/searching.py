"""The questions of a policy in; out come clients for whom a single leaf decides, on, just below and just above its threshold.

Everything is found by trying: many made-up clients at once, each decided by the production query. Bounded work: a leaf for which no client
is found is given back without one.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ..model.checked import CheckedPolicy
from ..model.expression import AtLeast, Compare, Expression, FieldValue, walk
from ..model.grid import SCALES, steps_of
from ..testing.boundaries import Interest, folded
from ..testing.questions import Question, Sort
from ..testing.seeking import Closing, Lever, below_zero, cost, difference, differences, first_pool, length, resets, single_moves
from ..testing.worlds import ALL, CLIENTS, World, beside
from .trying import Trial, Tried

POOL = 600
"""Worlds of the first round, and (a tenth of it) for each question."""
SEARCHES = 10
"""Rounds of moving nearer to a client for whom a leaf decides."""
SIMPLER = 8
"""Rounds of making such a client more like the base."""
STARTS = 6
"""Clients from whom a threshold is closed in on."""
CLOSER = 8
"""Rounds of closing in on thresholds."""
PATIENCE = 3
"""Rounds without coming nearer, after which a leaf is given up."""
NEAREST = 3
MOVES = 1500
"""Worlds of a round of moving nearer."""
_LEVERS = 6
_JUMPS = (1, 2, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000)
Target = tuple[int, int]
"""A leaf: the number of its question, and its own."""
Aim = tuple[int, int, bool]
"""A leaf that decides, and holds or does not."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a leaf: worlds, from below its threshold to above (or true and false); () where no client was found."""

    question: int
    leaf: int
    worlds: tuple[Tried, ...]
    near: bool = False
    """Whether the worlds are neighbours: one step of one value apart."""


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
    best: dict[Aim, Tried] = field(default_factory=dict)
    apart: dict[int, tuple[int, int]] = field(default_factory=dict)
    """How far from the base each world is that was tried, and how long its values are to read."""
    rivals: dict[int, list[int]] = field(default_factory=dict)
    """By question the others that speak of the same thing."""

    @property
    def asked(self) -> tuple[Question, ...]:
        return self.trial.asked

    @property
    def targets(self) -> list[Target]:
        return [(q, i) for q, question in enumerate(self.asked) for i in range(len(question.leaves))]

    @property
    def aims(self) -> list[Aim]:
        return [(q, i, side) for q, i in self.targets for side in (True, False)]

    def run(self) -> list[Found]:
        """Every leaf with its worlds."""
        for q, asked in enumerate(self.asked):
            same = (n for n, other in enumerate(self.asked) if (other.sort, other.group) == (asked.sort, asked.group))
            self.rivals[q] = [n for n in same if n != q]
        self.take(first_pool(self.interests, self.base, self.seeds, POOL))
        self.choose_base()
        self.take([w for q in range(len(self.asked)) for w in first_pool(self.fields(q), self.home(q), self.seeds, POOL // 10)])
        self.approach()
        self.simplify()
        return self.close_in()

    def home(self, question: int) -> World:
        """The base; with other clients beside it where the question looks at the portfolio."""
        others = beside(self.checked, self.asked[question].rule.condition, self.base, self.interests)
        return replace(self.base, others=others)

    def take(self, worlds: Iterable[World]) -> None:
        """Tries the worlds and keeps what came of them."""
        self.tried += [found for found in self.trial.of(list(worlds)) if found is not None]

    def choose_base(self) -> None:
        """The client for whom as few rules as possible fire, as near as can be to what was thought plausible."""
        if self.tried:
            first = self.base
            self.base = min(self.tried, key=lambda t: (len(t.fired) + len(t.unknown), differences(t.world, first), length(t.world))).world

    def fields(self, question: int) -> tuple[Interest, ...]:
        return self.reached(self.asked[question].rule.condition)

    def reached(self, node: Expression) -> tuple[Interest, ...]:
        """The fields that it reads."""
        read = self.checked.reads(node)
        return tuple(one for one in self.interests if (one.table, one.field.name) in read)

    def approach(self) -> None:
        """Moves from the nearest worlds towards those in which a leaf decides, one way and the other, a bounded number of times."""
        ranked: dict[Aim, list[tuple[float, Tried]]] = {}
        patience = dict.fromkeys(self.aims, PATIENCE)
        fresh = self.tried
        for _ in range(SEARCHES):
            before = {aim: ranked[aim][0][0] for aim in ranked if ranked[aim]}
            self.rank(fresh, ranked)
            for aim, cost_before in before.items():
                if ranked[aim][0][0] >= cost_before:
                    patience[aim] -= 1
            open_ones = [aim for aim in self.aims if aim not in self.best and patience[aim] > 0]
            if not open_ones:
                return
            count = len(self.tried)
            self.take(w for aim in open_ones for w in self.nearer(aim, ranked.get(aim, []), MOVES // len(open_ones)))
            fresh = self.tried[count:]
        self.rank(fresh, ranked)

    def rank(self, fresh: Sequence[Tried], ranked: dict[Aim, list[tuple[float, Tried]]]) -> None:
        """Of each leaf, either way, the best world in which it decides, else the nearest."""
        for t in fresh:
            for q, leaves in enumerate(t.leaves):
                for i in range(len(leaves)):
                    if t.decides(q, i):
                        self.better((q, i, bool(leaves[i].outcome)), t)
        for q, i, side in self.aims:
            if (q, i, side) not in self.best:
                counts, rule = self.counts(q), self.asked[q].rule
                new = [(cost(rule, (i, side), [(x.outcome, x.operands) for x in t.leaves[q]], counts), t) for t in fresh]
                known = ranked.get((q, i, side), [])
                ranked[q, i, side] = sorted((*known, *new), key=lambda one: one[0])[:NEAREST]

    def better(self, aim: Aim, tried: Tried) -> bool:
        """Takes the world for the aim where it is the best so far."""
        now = self.best.get(aim)
        if now is None or self.merit(aim, tried) < self.merit(aim, now):
            self.best[aim] = tried
            return True
        return False

    def counts(self, question: int) -> dict[Expression, int]:
        nodes = [n.count for n in walk(self.asked[question].rule.condition) if isinstance(n, AtLeast)]
        values = ((node, folded(self.checked, node, self.as_of)) for node in nodes)
        return {node: int(found[0]) for node, found in values if found and not isinstance(found[0], str | datetime.date)}

    def nearer(self, aim: Aim, nearest: Sequence[tuple[float, Tried]], most: int) -> Iterator[World]:
        """Some moves away from the nearest worlds, of the fields that the question reads."""
        fields = self.fields(aim[0])
        for _, one in nearest:
            moves = list(single_moves(one.world, self.base, fields))
            yield from moves[:: 1 + len(moves) * len(nearest) // max(most, 1)]

    def merit(self, aim: Aim, tried: Tried) -> tuple[bool, int, tuple[int, int]]:
        """The smaller, the better it shows: certain, little else that speaks for this client, believable, and near the base."""
        if id(tried) not in self.apart:
            self.apart[id(tried)] = (differences(tried.world, self.base), length(tried.world))
        return tried.leaves[aim[0]][aim[1]].flipped is None, self.beside(aim[0], tried) + 2 * below_zero(tried.world), self.apart[id(tried)]

    def beside(self, question: int, tried: Tried) -> int:
        """How many other rules (or rows of the same table) speak, too."""
        asked = self.asked[question]
        if asked.sort is not Sort.RULE:
            return sum(tried.outcomes[q] is not False for q in self.rivals[question])
        return len(tried.fired - {asked.name}) + 2 * len(tried.unknown)

    def simplify(self) -> None:
        """Undoes what is not needed, difference by difference: a case shows only what matters."""
        self.accept({aim: [self.bare(aim[0], tried.world)] for aim, tried in self.best.items()})
        for _ in range(SIMPLER):
            if not self.accept({aim: list(resets(tried.world, self.base)) for aim, tried in self.best.items()}):
                return

    def bare(self, question: int, world: World) -> World:
        """The base with only the question's fields as in the world."""
        fields = {(one.table, one.field.name) for one in self.fields(question)}
        rows = dict(self.base.rows)
        for table in {table for table, _ in fields}:
            template = self.base.template(table)
            rows[table] = tuple(
                {name: value if (table, name) in fields else template.get(name, value) for name, value in row.items()}
                for row in world.rows.get(table, ())
            )
        return replace(world, rows={table: rows[table] for table in world.rows}, others=world.others if self.home(question).others else ())

    def accept(self, wanted: dict[Aim, list[World]]) -> bool:
        """Takes for each aim the best of the worlds, where it is better than what there is."""
        self.trial.of([w for worlds in wanted.values() for w in worlds])
        found = [(aim, t) for aim, worlds in wanted.items() for t in self.trial.of(worlds) if t is not None and self.meets(aim, t)]
        taken = [self.better(aim, t) for aim, t in found]
        return any(taken)

    def meets(self, aim: Aim, tried: Tried) -> bool:
        q, leaf, side = aim
        return tried.decides(q, leaf) and tried.leaves[q][leaf].outcome is side

    def close_in(self) -> list[Found]:
        """Pulls levers until the leaves turn from one step to the next: from the clients for whom they hold, then from the others, then
        from further ones, as long as no lever meets the threshold itself.
        """
        offers: dict[Target, tuple[Tried, ...]] = {}
        starts = {(q, i): self.starts((q, i)) for q, i in self.targets}
        for first, last in ((0, 1), (1, 2), (2, STARTS)):
            wanted = {t: s[first:last] for t, s in starts.items() if not self.is_exact(t, offers.get(t, ()))}
            closings = {target: [c for world in worlds for c in self.closings(target, world)] for target, worlds in wanted.items()}
            self.measure([(t, c, list(self.first_positions(c))) for t, found in closings.items() for c in found])
            for _ in range(CLOSER):
                open_ones = [(t, c, positions) for t, found in closings.items() for c in found if (positions := c.next_positions())]
                if not open_ones:
                    break
                self.measure(open_ones)
            for target, found in closings.items():
                offers[target] = self.better_shown(target, offers.get(target, ()), *(self.deciding(target, c) for c in found))
        self.trial.of([world for t in self.targets if not offers.get(t) for world in self.one_move_away(t)])
        return [Found(*t, offers.get(t) or self.sides(t), bool(offers.get(t))) for t in self.targets]

    def starts(self, target: Target) -> list[World]:
        """Worlds to close in from: the best ones, then some that were tried and are as good as any.

        Where a field is compared with others, it is moved from the client nearer to the base: no more is moved than this field.
        """
        best = [self.best[aim] for side in (True, False) if (aim := (*target, side)) in self.best]
        node = self.asked[target[0]].leaves[target[1]]
        if isinstance(node, Compare) and isinstance(node.left, FieldValue) and self.checked.reads(node.right):
            best.sort(key=lambda t: (below_zero(t.world), differences(t.world, self.base)))
        if not best:
            return []
        others = (t for t in self.tried if t.decides(*target))
        aim = (*target, True)
        more = sorted(others, key=lambda t: self.merit(aim, t))[: STARTS - len(best)]
        return [t.world for t in (*best, *more)]

    def is_exact(self, target: Target, offer: Sequence[Tried]) -> bool:
        return any(difference(t.leaves[target[0]][target[1]].operands) == 0 for t in offer)

    def better_shown(self, target: Target, *offers: tuple[Tried, ...]) -> tuple[Tried, ...]:
        """The offer that shows both sides best: with a client on the threshold itself, on as many sides as can be, and believable."""
        good = [offer for offer in offers if self.both_sides(target, offer)]
        return max(good, key=lambda o: (self.is_exact(target, o), len(o), -sum(below_zero(t.world) for t in o)), default=())

    def closings(self, target: Target, world: World) -> list[Closing]:
        """A closing for each lever of a leaf that compares figures or dates."""
        node = self.asked[target[0]].leaves[target[1]]
        if not isinstance(node, Compare) or node.left.kind not in SCALES or node.right.kind not in SCALES:
            return []
        thresholds = [v for side in (node.left, node.right) for v in folded(self.checked, side, self.as_of)]
        return [Closing(world, lever, lever.unit(thresholds), {}) for lever in self.levers(node, world)]

    def levers(self, node: Compare, world: World) -> list[Lever]:
        """What could be moved: the fields that the leaf reads, first those of its left side; then how many rows there are."""
        first = self.checked.reads(node.left)
        read = sorted(self.reached(node), key=lambda one: (one.table, one.field.name) not in first)
        fields = [one for one in read if one.field.type in SCALES and not one.field.one_of]
        counts = {one.table: len(world.rows.get(one.table, ())) for one in fields}
        values = [
            Lever(f.table, n, f.field) for f in fields for n in (0, 1, ALL) if (n < counts[f.table] if n != ALL else counts[f.table] > 1)
        ]
        usable = [lever for lever in values if lever.position(world) is not None]
        tables = dict.fromkeys(one.table for one in self.reached(node) if one.table != CLIENTS)
        rows = [Lever(t, template=tuple(self.base.template(t).items())) for t in tables]
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
                yield steps_of(value, lever_field.type)
        yield from (start + sign * jump * closing.unit for jump in _JUMPS for sign in (1, -1))
        yield from (sign * jump * scale for jump in _JUMPS[:7] for sign in (1, -1))

    def measure(self, wanted: Sequence[tuple[Target, Closing, Sequence[int]]]) -> None:
        """Tries the positions, all in one run, and notes what the leaf's difference is at each."""
        worlds = [(t, c, n, c.lever.at(c.world, n)) for t, c, positions in wanted for n in positions]
        found = iter(self.trial.of([world for *_, world in worlds if world is not None]))
        for (q, leaf), closing, position, world in worlds:
            tried = None if world is None else next(found)
            closing.points[position] = None if tried is None else difference(tried.leaves[q][leaf].operands)

    def deciding(self, target: Target, closing: Closing) -> tuple[Tried, ...]:
        """The worlds at the threshold, as far as the leaf decides there; all of them where it decides on one side only."""
        worlds = [w for n in closing.boundary() if (w := closing.lever.at(closing.world, n)) is not None]
        tried = tuple(t for t in self.trial.of(worlds) if t is not None)
        deciding = tuple(t for t in tried if t.decides(*target))
        return deciding if self.both_sides(target, deciding) else tried if deciding else ()

    def both_sides(self, target: Target, offer: Sequence[Tried]) -> bool:
        q, leaf = target
        return {t.leaves[q][leaf].outcome for t in offer} >= {True, False}

    def sides(self, target: Target) -> tuple[Tried, ...]:
        """A client on each side, where there is no step from one to the next: as much alike as can be."""
        found = [self.best[aim] for side in (True, False) if (aim := (*target, side)) in self.best]
        return self.alike(target, *found) if len(found) == 2 else tuple(found)

    def one_move_away(self, target: Target) -> list[World]:
        """Worlds that may show the other side of a leaf: one value of what it reads is another."""
        fields = self.reached(self.asked[target[0]].leaves[target[1]])
        homes = [self.best[aim].world for side in (True, False) if (aim := (*target, side)) in self.best]
        return [world for home in homes for world in single_moves(home, self.base, fields)]

    def alike(self, target: Target, true: Tried, false: Tried) -> tuple[Tried, Tried]:
        """Of the clients one move from either, the pair that differs least."""
        q, leaf = target
        pairs = [(true, false)]
        for other in self.trial.of(self.one_move_away(target)):
            if other is not None and other.decides(q, leaf):
                pairs.append((other, false) if other.leaves[q][leaf].outcome else (true, other))
        return min(pairs, key=lambda pair: (differences(pair[0].world, pair[1].world), sum(self.beside(q, t) for t in pair)))
