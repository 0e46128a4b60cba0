"""The mutants that no case noticed in; out, for as many as can be, a client whom the mutant decides otherwise than the policy.

The search starts from the clients of the cases: as they are, then with one value of a field moved to where something may turn, then along a
field until the policy's answer turns from one step to the next, then with two values moved. Bounded work; the same clients in every run.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise, product

from ..model.checked import CheckedPolicy
from ..model.expression import ParameterValue, Scalar, walk
from ..model.grid import SCALES, steps_of
from ..model.kind import Kind
from ..model.mutant import Mutant, Part, Retyped
from ..testing.boundaries import Interest, sensible_step
from ..testing.seeking import Lever, differences
from ..testing.worlds import CLIENTS, World
from .lab import Lab, Row, Told

SEEDS = 6
"""Clients that values are moved of, for each mutant."""
ROUNDS = 12
PIECES = 6
"""Into how many pieces a stretch is cut in which the answer turns."""
PAIRS = 240
"""Worlds with two values moved, for each mutant."""
MOST_PAIRS = 8_000
SECOND = 16
"""Clients with one thing moved already, for each mutant."""
JUMPS = (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)
Fields = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Prey:
    """A client whom the mutant decides otherwise: the seed that it was made of, its row by the policy and by the mutant."""

    world: World
    seed: World
    today: Row
    mutated: Row

    @property
    def columns(self) -> list[str]:
        """The columns in which the two differ."""
        return [name for name, value in self.today.items() if name in self.mutated and self.mutated[name] != value and name != "missing_because"]


@dataclass(slots=True)
class Line:
    """A seed and a field of it that is moved: what the policy said at each position so far. `mutants` are tried on it."""

    seed: World
    lever: Lever
    one: Interest
    unit: int
    mutants: list[int]
    said: dict[int, object] = field(default_factory=dict)

    def gaps(self) -> list[int]:
        """Positions between two at which the policy says different things, while there is room between them."""
        found: dict[int, None] = {}
        known = sorted((n, said) for n, said in self.said.items() if said is not None)
        turning = [(a, b) for (a, x), (b, y) in pairwise(known) if x != y and b - a > 1]
        for low, high in turning[:4]:
            if high - low <= self.unit:
                found[(low + high) // 2] = None
                continue
            width = (high - low) // self.unit
            found |= dict.fromkeys(low + self.unit * max(1, width * i // PIECES) for i in range(1, PIECES))
            found |= dict.fromkeys((low + self.unit, high - self.unit))
        return [n for n in found if n not in self.said]

    def first_positions(self) -> list[int]:
        """Values of interest, near and far."""
        at, scale, kind = self.lever.position(self.seed) or 0, SCALES[self.one.field.type], self.one.field.type
        near = [at + sign * jump * self.unit for jump in JUMPS for sign in (1, -1)]
        sizes = [sign * jump * scale for jump in JUMPS[:6] for sign in (1, -1)] if kind is not Kind.DATE else []
        return list(dict.fromkeys([at, *near, *sizes, *(steps_of(v, kind) for v in self.one.values if v is not None)]))


@dataclass(slots=True)
class Hunt:
    """The search for one policy on one date. `lab.mutants` shrinks as `found` grows."""

    lab: Lab
    interests: tuple[Interest, ...]
    seeds: tuple[World, ...]
    reads: dict[int, Fields]
    near: dict[int, list[int]] = field(default_factory=dict)
    """By mutant the seeds that are worth moving."""
    answers: dict[object, object] = field(default_factory=dict)
    """What the policy says of each seed, by its identity."""
    turned: dict[str, list[World]] = field(default_factory=dict)
    """By group of single moves one world for each answer that is not the seed's."""
    found: dict[int, Prey] = field(default_factory=dict)

    @property
    def alive(self) -> list[int]:
        return list(self.lab.mutants)

    def run(self) -> dict[int, Prey]:
        if not self.seeds or not self.lab.mutants:
            return {}
        told = self.take([("s", seed, seed) for seed in self.seeds], {"s": self.alive})
        self.answers = {seed.identity: self.said(told.rows[i]) for i, seed in enumerate(self.seeds) if i in told.rows}
        self.near = {n: self.worth_moving(n, told) for n in self.alive}
        self.single()
        self.along_lines(self.lines())
        self.pairs()
        self.along_lines(self.second_lines())
        return self.found

    def worth_moving(self, number: int, told: Told) -> list[int]:
        """Seeds for whom the mutant's rule speaks, then others of whom the policy says as many different things as can be."""
        mutant = self.lab.mutants[number]
        groups: dict[object, list[int]] = {}
        for i, row in sorted(told.rows.items(), key=lambda one: size(self.seeds[one[0]])):
            speaks = mutant.name in (*named(row["fired"]), *named(row["applied"]), *named(row["unknown"]))
            groups.setdefault((not speaks, str(row["decided_by"])), []).append(i)
        ordered = [groups[key] for key in sorted(groups)]  # type: ignore[type-var]
        chosen: list[int] = []
        while len(chosen) < SEEDS and any(ordered):
            chosen += [own.pop(0) for own in ordered if own]
        return chosen[:SEEDS]

    def said(self, row: Row) -> object:
        """What can turn from one step to the next: the decision and how it came about, and of values whether they are there, and which word."""
        kinds = {m.name: m.kind for m in self.lab.checked.results}
        own = tuple(str(row[name]) for name in ("decision", "decided_by", "fired", "applied", "unknown"))
        words = (row[n] if kinds[n] in (Kind.TEXT, Kind.BOOLEAN) else row[n] is None for n in kinds)
        return own, tuple(map(str, words))

    def take(self, worlds: Sequence[tuple[str, World, World]], groups: Mapping[str, Sequence[int]]) -> Told:
        """Tries worlds (group, world, seed) and keeps, of what tells a mutant, the simplest."""
        told = self.lab.tell([(group, world) for group, world, _ in worlds], groups)
        for n, rows in told.otherwise.items():
            offers = [Prey(worlds[i][1], worlds[i][2], told.rows[i], row) for i, row in rows.items()]
            if n not in self.found and (shown := [offer for offer in offers if offer.columns]):
                self.found[n] = min(shown, key=merit)
        for n in self.found:
            self.lab.mutants.pop(n, None)
        return told

    def reading(self, number: int) -> list[int]:
        """The fields of interest that the mutant reads, by their numbers."""
        return [k for k, one in enumerate(self.interests) if (one.table, one.field.name) in self.reads[number]]

    def places(self) -> dict[tuple[int, int], list[int]]:
        """(seed, field) -> the mutants that are tried when that field of that seed is moved."""
        found: dict[tuple[int, int], list[int]] = {}
        for n in self.alive:
            for seed in self.near[n]:
                for k in self.reading(n):
                    found.setdefault((seed, k), []).append(n)
        return found

    def single(self) -> None:
        """Each value of interest at each place of a seed, and other numbers of rows."""
        worlds: list[tuple[str, World, World]] = []
        groups: dict[str, list[int]] = {}
        for (i, k), numbers in self.places().items():
            one, seed = self.interests[k], self.seeds[i]
            groups[f"{i}x{k}"] = numbers
            worlds += [(f"{i}x{k}", world, seed) for world in moved(seed, one)]
            if one.table != CLIENTS and f"{i}x{one.table}" not in groups:
                groups[f"{i}x{one.table}"] = []
                worlds += [(f"{i}x{one.table}", world, seed) for world in recounted(seed, one.table, self.template(one.table))]
            if one.table != CLIENTS:
                groups[f"{i}x{one.table}"] = sorted({*groups[f"{i}x{one.table}"], *numbers})
        told = self.take(worlds, groups)
        answers: set[tuple[str, object]] = {(group, self.said_of(seed)) for group, _, seed in worlds}
        for at, (group, world, _) in enumerate(worlds):
            answer = (group, self.said(told.rows[at])) if at in told.rows else None
            if answer is not None and answer not in answers:
                answers.add(answer)
                self.turned.setdefault(group, []).append(world)

    def said_of(self, seed: World) -> object:
        return self.answers.get(seed.identity)

    def second_lines(self) -> Iterator[Line]:
        """Lines that start from a seed with one thing moved already, where that turned the answer or made a row."""
        for n in self.alive:
            own = self.reading(n)
            tables = dict.fromkeys(self.interests[k].table for k in own)
            starts: list[tuple[int, World]] = []
            for i in self.near[n][:3]:
                starts += [(k, world) for k in own for world in self.turned.get(f"{i}x{k}", [])[:4]]
                starts += [(-1, w) for t in tables if t != CLIENTS for w in self.turned.get(f"{i}x{t}", [])[:2]]
                starts += [(-1, w) for t in tables if t != CLIENTS for w in list(recounted(self.seeds[i], t, self.template(t)))[:2]]
            for moved_field, world in starts[:: max(1, len(starts) // SECOND)]:
                lines = (self.line(world, self.interests[k], [n]) for k in own if k != moved_field)
                yield from (line for line in lines if line is not None)

    def template(self, table: str) -> tuple[tuple[str, object], ...]:
        return next((tuple(rows[0].items()) for seed in self.seeds if (rows := seed.rows.get(table, ()))), ())

    def along_lines(self, lines: Iterable[Line]) -> None:
        """Moves a field of a seed until the policy's answer turns from one step to the next."""
        lines = list(lines)
        wanted = [(i, n) for i, line in enumerate(lines) for n in line.first_positions()]
        for _ in range(ROUNDS):
            alive = set(self.alive)
            groups = {str(i): [n for n in lines[i].mutants if n in alive] for i in {i for i, _ in wanted}}
            tried = [(i, n, w) for i, n in wanted if groups[str(i)] and (w := lines[i].lever.at(lines[i].seed, n)) is not None]
            if not tried:
                return
            told = self.take([(str(i), world, lines[i].seed) for i, _, world in tried], groups)
            for i, n in wanted:
                lines[i].said.setdefault(n, None)
            for at, (i, n, _) in enumerate(tried):
                lines[i].said[n] = self.said(told.rows[at]) if at in told.rows else None
            wanted = [(i, n) for i, line in enumerate(lines) if groups.get(str(i)) for n in line.gaps()]

    def lines(self) -> Iterator[Line]:
        for (i, k), numbers in self.places().items():
            one, seed = self.interests[k], self.seeds[i]
            line = self.line(seed, one, numbers)
            if line is not None:
                yield line

    def line(self, seed: World, one: Interest, numbers: list[int]) -> Line | None:
        if one.field.type not in SCALES or one.field.one_of or not has(seed, one):
            return None
        lever = Lever(one.table, 0, one.field)
        unit = min([sensible_step(one.field, value) for value in one.exact], default=sensible_step(one.field, 0))
        return None if lever.position(seed) is None else Line(seed, lever, one, unit, numbers)

    def pairs(self) -> None:
        """Two fields that the mutant reads, each at a value of interest."""
        worlds: list[tuple[str, World, World]] = []
        groups: dict[str, list[int]] = {}
        for n in self.alive:
            own = [self.interests[k] for k in self.reading(n)][:8]
            some = list(two_moved([self.seeds[i] for i in self.near[n]], own))
            groups[f"p{n}"] = [n]
            worlds += [(f"p{n}", made(*one), one[0]) for one in some[:: max(1, len(some) // PAIRS)]]
            if len(worlds) > MOST_PAIRS:
                break
        self.take(worlds, groups)


@dataclass(frozen=True, slots=True)
class Catch:
    """A client to show: whom some mutants decide otherwise, each in the columns that are named."""

    world: World
    today: Row
    mutants: Mapping[int, tuple[str, ...]]


def few(lab: Lab, found: Mapping[int, Prey], mutants: Mapping[int, Mutant]) -> list[Catch]:
    """As few of the clients as tell all mutants that are found: the one that tells most first."""
    worlds = list({prey.world.identity: prey for prey in found.values()}.values())
    lab.mutants = {n: mutants[n] for n in found}
    told = lab.tell([("s", prey.world) for prey in worlds], {"s": list(found)})
    tells: dict[int, dict[int, tuple[str, ...]]] = {}
    for n, rows in told.otherwise.items():
        for i, row in rows.items():
            columns = Prey(worlds[i].world, worlds[i].seed, told.rows[i], row).columns
            if columns and rank(columns) <= rank(found[n].columns):
                tells.setdefault(i, {})[n] = tuple(columns)
    catches: list[Catch] = []
    left = set(found)
    while left:
        best = max(tells, key=lambda i: (len(left & tells[i].keys()), -size(worlds[i].world)), default=None)
        if best is None or not left & tells[best].keys():
            return catches
        own = {n: columns for n, columns in tells.pop(best).items() if n in left}
        catches.append(Catch(worlds[best].world, told.rows[best], own))
        left -= own.keys()
    return catches


def rank(columns: Sequence[str]) -> int:
    """A decision before what decided, before a value, before the rules that fired."""
    order = ("decision", "decided_by")
    lists = ("fired", "applied", "unknown", "possible_decisions", "policy_decision")
    return min(order.index(c) if c in order else 3 if c in lists else 2 for c in columns)


def merit(prey: Prey) -> tuple[int, int]:
    """The smaller, the better it shows: a decision before a column that few look at, then few differences from the seed."""
    return rank(prey.columns), differences(prey.world, prey.seed) + size(prey.world) // 4


def moved(seed: World, one: Interest) -> Iterator[World]:
    """The seed with one value of interest there."""
    for number in range(min(2, len(seed.rows.get(one.table, ())))):
        if one.field.name in seed.rows[one.table][number]:
            spot = (one.table, number, one.field.name)
            yield from (seed.moved(spot, value) for value in one.values if value != seed.value(spot))


def recounted(seed: World, table: str, template: tuple[tuple[str, object], ...]) -> Iterator[World]:
    """The seed with another number of rows."""
    lever = Lever(table, template=template)  # type: ignore[arg-type]
    count = len(seed.rows.get(table, ()))
    yield from filter(None, (lever.at(seed, n) for n in sorted({0, 1, 2, 3, count - 1, count + 1, 12} - {count})))


Two = tuple[World, Interest, Scalar | None, Interest, Scalar | None]


def two_moved(seeds: Iterable[World], fields: Sequence[Interest]) -> Iterator[Two]:
    for seed in seeds:
        for one, other in combinations(fields, 2):
            if has(seed, one) and has(seed, other):
                yield from ((seed, one, first, other, second) for first, second in product(some_values(one), some_values(other)))


def made(seed: World, one: Interest, first: Scalar | None, other: Interest, second: Scalar | None) -> World:
    return seed.moved((one.table, 0, one.field.name), first).moved((other.table, 0, other.field.name), second)


def some_values(one: Interest) -> list[Scalar | None]:
    return list(one.values)[:: max(1, len(one.values) // 8)]


def has(seed: World, one: Interest) -> bool:
    rows = seed.rows.get(one.table, ())
    return bool(rows) and one.field.name in rows[0]


def size(world: World) -> int:
    """How many rows there are to read."""
    return sum(map(len, world.rows.values())) + sum(map(size, world.others))


def named(value: object) -> tuple[str, ...]:
    """A list column of the result."""
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()


def fields_read(checked: CheckedPolicy, mutants: Mapping[int, Mutant], parts: Mapping[int, Retyped]) -> dict[int, Fields]:
    """By mutant the fields of the data that the place reads, and through what it is seen."""
    whole = frozenset[tuple[str, str]]().union(*(checked.reads(rule.condition) for rule in checked.rules)) if checked.rules else frozenset()
    return {n: read_by(checked, mutant, parts[n]) or whole for n, mutant in mutants.items()}


def read_by(checked: CheckedPolicy, mutant: Mutant, parts: Retyped) -> Fields:
    match mutant.of:
        case Part.RULE:
            return frozenset[tuple[str, str]]().union(*(checked.reads(r.condition) for r in checked.rules if r.id == mutant.name))
        case Part.METRIC | Part.SCORE | Part.TABLE:
            return frozenset[tuple[str, str]]().union(*(checked.reads(checked.metric(name).expression) for name in parts.values))
        case Part.PARAMETER:
            trees = [r.condition for r in checked.rules] + [m.expression for m in checked.metrics]
            using = [t for t in trees if any(isinstance(n, ParameterValue) and n.name == mutant.name for n in walk(t))]
            return frozenset[tuple[str, str]]().union(*map(checked.reads, using))
        case Part.FIELD:
            table, _, name = mutant.name.partition(".")
            trees = [r.condition for r in checked.rules] + [m.expression for m in checked.metrics]
            return frozenset[tuple[str, str]]().union(*(reads for t in trees if (table, name) in (reads := checked.reads(t))))
        case _:
            return frozenset()


def new_hunt(
    checked: CheckedPolicy,
    as_of: datetime.date,
    mutants: Mapping[int, Mutant],
    parts: Mapping[int, Retyped],
    interests: tuple[Interest, ...],
    seeds: Iterable[World],
) -> Hunt:
    own = {n: m for n, m in mutants.items() if m.of not in (Part.FIGURE, Part.LIMIT, Part.GUARANTEE)}
    unique = {seed.identity: seed for seed in seeds}
    return Hunt(Lab(checked, as_of, own, parts), interests, tuple(unique.values()), fields_read(checked, own, parts))
