"""The mutants that no case noticed in; out, for as many as can be, a client whom the mutant decides otherwise than the policy.

The search starts from the clients of the cases: as they are, then with one value of a field moved to where something may turn, then along a
field until the policy's answer turns from one step to the next, then with two values moved. Bounded work; the same clients in every run.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..model.checked import CheckedPolicy
from ..model.grid import SCALES
from ..model.kind import Kind
from ..model.mutant import Mutant, Part, Retyped
from ..testing.boundaries import Interest, sensible_step
from ..testing.fault_moves import Line, has, made, moved, recounted, two_moved
from ..testing.fault_reads import Fields, fields_read
from ..testing.seeking import Lever
from ..testing.worlds import CLIENTS, World, plausible
from .lab import Lab, Row, Told
from .prey import Prey, merit, size

SEEDS = 6
"""Clients that values are moved of, for each mutant."""
ROUNDS = 12
PAIRS = 240
"""Worlds with two values moved, for each mutant."""
MOST_PAIRS = 8_000
SECOND = 16
"""Clients with one thing moved already, for each mutant."""


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
        """What can turn from one step to the next: the decision and how it came about, of values whether they are there, and words."""
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
        """A row for a table: the first that a case has, else a plausible one."""
        plain = tuple((one.field.name, plausible(one, self.lab.as_of)) for one in self.interests if one.table == table)
        return next((tuple(rows[0].items()) for seed in self.seeds if (rows := seed.rows.get(table, ()))), plain)

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


def named(value: object) -> tuple[str, ...]:
    """A list column of the result."""
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()


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
