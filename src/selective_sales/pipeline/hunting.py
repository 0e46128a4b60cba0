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
from ..model.expression import ParameterValue, walk
from ..model.grid import SCALES, steps_of
from ..model.kind import Kind
from ..model.mutant import Mutant, Part, Retyped
from ..testing.boundaries import Interest, sensible_step
from ..testing.seeking import Lever, differences
from ..testing.worlds import CLIENTS, World
from .lab import Lab, Row, Told

SEEDS = 16
"""Clients that values are moved of."""
ROUNDS = 9
PIECES = 6
"""Into how many pieces a stretch is cut in which the answer turns."""
PAIRS = 300
"""Worlds with two values moved, for each mutant."""
MOST_PAIRS = 8_000
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
    """A seed and a field of it that is moved: what the policy said at each position so far."""

    seed: World
    lever: Lever
    group: str
    unit: int
    said: dict[int, object] = field(default_factory=dict)

    def gaps(self) -> list[int]:
        """Positions between two at which the policy says different things, while there is room between them."""
        found: dict[int, None] = {}
        known = sorted((n, said) for n, said in self.said.items() if said is not None)
        turning = [(a, b) for (a, x), (b, y) in pairwise(known) if x != y and b - a > self.unit]
        for low, high in turning[:5]:
            width = (high - low) // self.unit
            found |= dict.fromkeys(low + self.unit * max(1, width * i // PIECES) for i in range(1, PIECES))
            found |= dict.fromkeys((low + self.unit, high - self.unit))
        return [n for n in found if n not in self.said]


@dataclass(slots=True)
class Hunt:
    """The search for one policy on one date. `alive` shrinks as `found` grows."""

    lab: Lab
    interests: tuple[Interest, ...]
    seeds: tuple[World, ...]
    reads: dict[int, Fields]
    found: dict[int, Prey] = field(default_factory=dict)

    @property
    def alive(self) -> list[int]:
        return [n for n in self.lab.mutants if n not in self.found]

    def run(self) -> dict[int, Prey]:
        if not self.seeds or not self.lab.mutants:
            return {}
        told = self.take([("s", seed, seed) for seed in self.seeds], {"s": self.alive})
        self.seeds = self.diverse(told)
        self.single()
        self.along_lines()
        if self.alive:
            self.pairs()
        return self.found

    def diverse(self, told: Told) -> tuple[World, ...]:
        """A few seeds, of whom the policy says as many different things as can be."""
        groups: dict[object, list[World]] = {}
        for i, seed in enumerate(self.seeds):
            if i in told.rows:
                groups.setdefault(self.said(told.rows[i]), []).append(seed)
        chosen: list[World] = []
        while len(chosen) < SEEDS and any(groups.values()):
            chosen += [worlds.pop(0) for worlds in groups.values() if worlds]
        return tuple(chosen[:SEEDS])

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

    def for_field(self, one: Interest) -> list[int]:
        return [n for n in self.alive if (one.table, one.field.name) in self.reads[n]]

    def single(self) -> None:
        """Each value of interest at each place of each seed, and other numbers of rows."""
        worlds: list[tuple[str, World, World]] = []
        groups: dict[str, list[int]] = {}
        for k, one in enumerate(self.interests):
            numbers = self.for_field(one)
            if numbers:
                groups[f"f{k}"] = numbers
                worlds += [(f"f{k}", world, seed) for seed in self.seeds for world in moved(seed, one)]
        for t, table in enumerate(dict.fromkeys(one.table for one in self.interests if one.table != CLIENTS)):
            groups[f"t{t}"] = [n for n in self.alive if any(read[0] == table for read in self.reads[n])]
            if groups[f"t{t}"]:
                template = self.template(table)
                worlds += [(f"t{t}", world, seed) for seed in self.seeds for world in recounted(seed, table, template)]
        if worlds:
            self.take(worlds, groups)

    def template(self, table: str) -> tuple[tuple[str, object], ...]:
        return next((tuple(rows[0].items()) for seed in self.seeds if (rows := seed.rows.get(table, ()))), ())

    def along_lines(self) -> None:
        """Moves a field of a seed until the policy's answer turns from one step to the next."""
        lines = list(self.lines())
        wanted = [(line, n) for line in lines for n in line_positions(line, self.interests)]
        for _ in range(ROUNDS):
            if not wanted or not self.alive:
                return
            groups = {line.group: self.for_field(self.interest(line)) for line, _ in wanted}
            tried = [(line, n, w) for line, n in wanted if groups[line.group] and (w := line.lever.at(line.seed, n)) is not None]
            if not tried:
                return
            told = self.take([(line.group, world, line.seed) for line, _, world in tried], groups)
            for line, n in wanted:
                line.said.setdefault(n, None)
            for i, (line, n, _) in enumerate(tried):
                line.said[n] = self.said(told.rows[i]) if i in told.rows else None
            wanted = [(line, n) for line in lines for n in line.gaps()]

    def interest(self, line: Line) -> Interest:
        return self.interests[int(line.group[1:])]

    def lines(self) -> Iterator[Line]:
        for k, one in enumerate(self.interests):
            if one.field.type in SCALES and not one.field.one_of and self.for_field(one):
                unit = min([sensible_step(one.field, value) for value in one.exact], default=None) or sensible_step(one.field, 0)
                for seed in self.seeds:
                    for number in range(min(1, len(seed.rows.get(one.table, ())))):
                        lever = Lever(one.table, number, one.field)
                        if one.field.name in seed.rows[one.table][number] and lever.position(seed) is not None:
                            yield Line(seed, lever, f"l{k}", unit)

    def pairs(self) -> None:
        """Two fields that the mutant reads, each at a value of interest."""
        worlds: list[tuple[str, World, World]] = []
        groups: dict[str, list[int]] = {}
        for n in self.alive:
            own = [one for one in self.interests if (one.table, one.field.name) in self.reads[n]][:8]
            some = list(two_moved(self.seeds, own))
            stride = max(1, len(some) // PAIRS)
            groups[f"p{n}"] = [n]
            worlds += [(f"p{n}", world, seed) for world, seed in some[::stride]]
            if len(worlds) > MOST_PAIRS:
                break
        if worlds:
            self.take(worlds, groups)


def merit(prey: Prey) -> tuple[int, int]:
    """The smaller, the better it shows: a decision before a column that few look at, then few differences from the seed."""
    order = ("decision", "decided_by")
    best = min((order.index(c) if c in order else 3 if c in ("fired", "applied", "unknown", "possible_decisions", "policy_decision") else 2)
               for c in prey.columns)  # fmt: skip
    return best, differences(prey.world, prey.seed)


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


def two_moved(seeds: Iterable[World], fields: Sequence[Interest]) -> Iterator[tuple[World, World]]:
    for seed in seeds:
        for one, other in combinations(fields, 2):
            for first, second in product(moved_values(one), moved_values(other)):
                if has(seed, one) and has(seed, other):
                    yield seed.moved((one.table, 0, one.field.name), first).moved((other.table, 0, other.field.name), second), seed


def moved_values(one: Interest) -> list[object]:
    values = list(one.values)
    return values[:: max(1, len(values) // 8)]


def has(seed: World, one: Interest) -> bool:
    rows = seed.rows.get(one.table, ())
    return bool(rows) and one.field.name in rows[0]


def line_positions(line: Line, interests: Sequence[Interest]) -> list[int]:
    one = interests[int(line.group[1:])]
    at = line.lever.position(line.seed) or 0
    scale = SCALES[one.field.type]
    near = [at + sign * jump * line.unit for jump in JUMPS for sign in (1, -1)]
    sizes = [sign * jump * scale for jump in JUMPS[:6] for sign in (1, -1)] if one.field.type is not Kind.DATE else []
    return list(dict.fromkeys([at, *near, *sizes, *(steps_of(v, one.field.type) for v in one.values if v is not None)]))


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
