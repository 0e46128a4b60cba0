"""What would have to change: the smallest change of a single field that leads a client to each milder decision.

Nothing is derived from the conditions: each candidate is decided by the compiled query, with the whole portfolio where it counts. Values
are tried near and far, and the nearest that leads to a decision is then closed in on, to the last step of its kind. Many clients are looked
at side by side: a round of tries is one query.
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from .. import compiling
from ..engines import duckdb_engine as engine
from ..engines import tries as trying
from ..model.checked import CheckedPolicy
from ..model.explanation import Change, Explanation
from ..model.expression import Constant, Scalar, walk
from ..model.grid import SCALES, is_value, steps_of, value_at
from ..model.kind import Kind
from ..model.plan import Query
from ..model.policy import Field

if TYPE_CHECKING:
    import duckdb

    from .finished import FinishedRun

SCENARIO = "#scenario"
"""The column that tells scenarios apart: no author can declare it."""
FARTHEST = {Kind.MONEY: 10**13, Kind.NUMBER: 10**15, Kind.INTEGER: 10**9, Kind.DAYS: 36_500, Kind.MONTHS: 1_200, Kind.DATE: 36_500}
"""Steps of the grid: a change beyond is no advice."""
STEPS = 24
"""Values tried between two, in a round of closing in."""
MOST_CLIENTS = 200_000
"""Where the portfolio counts, every try decides all clients: beyond so many nothing is tried."""
MOST_ROWS = 2_000_000
"""Clients that a round of tries may decide."""
MOST_TRIES = 100_000
"""Tries that are decided at once where nobody else takes part."""
MOST_FIELDS = 30


Try = tuple[str, Scalar]
"""A field and the value that it might have."""
Nearest = dict[tuple[str, str], Scalar]
"""By field and decision, the nearest value that leads there."""
Found = TypeVar("Found")
Quest = Generator[list[Try], None, Found]
"""Asks for tries to be decided until it has found what it looks for."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where changes are looked for: the decisions by severity, the fields that can be tried, and what the policy compares with."""

    checked: CheckedPolicy
    fields: tuple[Field, ...]
    thresholds: Mapping[Kind, frozenset[int]]

    @classmethod
    def of(cls, checked: CheckedPolicy, fields: Sequence[Field]) -> Ground:
        fields = tuple(f for f in fields if can_be_tried(f, checked))[:MOST_FIELDS]
        kinds = {f.type for f in fields if f.type in SCALES}
        return cls(checked, fields, {kind: frozenset(thresholds(checked, kind)) for kind in kinds})


@dataclass(slots=True)
class Decided:
    """The tries of one client, and what came of them: a decision, and what decided."""

    client: tuple[str, ...]
    known: dict[Try, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decider:
    """Decides clients anew, with one field changed, as many at a time as the machine takes."""

    connection: duckdb.DuckDBPyConnection
    query: Query
    key: tuple[str, ...]
    kinds: Mapping[str, Kind]
    whole: bool
    clients: int

    def decide(self, wanted: Sequence[tuple[Decided, Try]]) -> None:
        """Decides what is not known yet."""
        todo = [(one, attempt) for one, attempt in wanted if attempt not in one.known]
        most = max(1, MOST_ROWS // max(self.clients, 1)) if self.whole else MOST_TRIES
        for start in range(0, len(todo), most):
            part = todo[start : start + most]
            tries = [(one.client, name, value) for one, (name, value) in part]
            found = trying.decide_tries(self.connection, self.query, SCENARIO, self.key, self.kinds, tries, whole=self.whole)
            for (one, attempt), decision in zip(part, found, strict=True):
                one.known[attempt] = decision


@dataclass(slots=True)
class Closing:
    """Closing in on a decision: `near` (steps of the grid) does not lead to it, `far` does."""

    field: Field
    decision: str
    near: int
    far: int

    @property
    def done(self) -> bool:
        return abs(self.far - self.near) <= 1

    def between(self) -> list[int]:
        """Values between the two, from near to far."""
        gap = self.far - self.near
        if abs(gap) <= STEPS + 1:
            return list(range(self.near, self.far, 1 if gap > 0 else -1))[1:]
        return [self.near + gap * i // (STEPS + 1) for i in range(1, STEPS + 1)]


def with_changes(run: FinishedRun, explanation: Explanation) -> Explanation:
    """The explanation with what would have to change; unchanged where no decision is milder, or it cannot be told."""
    checked = run.checked
    milder = decisions_below(checked, explanation.policy_decision)
    if not milder or not any(f.can_change for f in checked.policy.clients.fields):
        return explanation
    ground = Ground.of(checked, checked.policy.clients.fields)
    now = {f.name: explanation.values[f.name].value for f in ground.fields if f.name in explanation.values}
    with deciding(run, ground) as decider:
        if decider is None:
            return explanation
        decided = Decided(explanation.client)
        (best,) = look_for(decider, [(decided, quest(ground, decided, now, milder))])
    return replace(explanation, changes=tuple(changes(explanation, ground, decided, best, milder)))


@contextmanager
def deciding(run: FinishedRun, ground: Ground) -> Iterator[Decider | None]:
    """A decider over the run's facts; None where every try would decide more clients than is worth it."""
    checked, whole = run.checked, compiling.looks_at_portfolio(run.checked)
    facts = run.folder.absolute() / "facts.parquet"
    with (
        tempfile.TemporaryDirectory(prefix="selective-sales-") as temp,
        engine.connected([facts], [], Path(temp), engine.Limits()) as connection,
    ):
        clients = engine.open_base(connection, facts)
        if whole and clients > MOST_CLIENTS:
            yield None
            return
        query = compiling.scenario_query(checked, run.manifest.as_of, SCENARIO, reasons=False)
        for statement in query.prelude:
            connection.execute(statement)
        kinds = {f.name: f.type for f in ground.fields}
        yield Decider(connection, query, checked.policy.clients.key, kinds, whole, clients)


def look_for(decider: Decider, quests: Sequence[tuple[Decided, Quest[Found]]]) -> list[Found]:
    """What each quest has found. They go on side by side, so that a round of tries is decided for all clients at once."""
    found: dict[int, Found] = {}
    open_ones = list(enumerate(quests))
    while open_ones:
        wanted, still = [], []
        for number, (decided, asking) in open_ones:
            try:
                wanted += [(decided, attempt) for attempt in dict.fromkeys(next(asking))]
            except StopIteration as done:
                found[number] = done.value
            else:
                still.append((number, (decided, asking)))
        decider.decide(wanted)
        open_ones = still
    return [found[number] for number in range(len(quests))]


def decisions_below(checked: CheckedPolicy, decision: str) -> tuple[str, ...]:
    """The decisions that are milder than this one."""
    names = [d.id for d in checked.policy.decisions]
    return tuple(names[names.index(decision) + 1 :]) if decision in names else ()


def can_be_tried(found: Field, checked: CheckedPolicy) -> bool:
    """A field that somebody could change, and whose every effect stands in the facts."""
    allowed = found.can_change and not found.protected and found.calculation is None and found.name not in checked.policy.clients.key
    known = found.type in SCALES or found.type is Kind.BOOLEAN or bool(found.one_of)
    return allowed and known and found.name not in compiling.fields_in_lists(checked)


def quest(ground: Ground, decided: Decided, now: Mapping[str, Scalar | None], milder: Sequence[str]) -> Quest[Nearest]:
    """Looks for the smallest change of each field to each milder decision: near and far values first, then closing in on the nearest."""
    tried = {f.name: values_to_try(f, now.get(f.name), ground) for f in ground.fields}
    yield [(name, value) for name, values in tried.items() for value in values]
    best: Nearest = {}
    closing: list[Closing] = []
    for f in ground.fields:
        for decision in milder:
            if f.type not in SCALES or f.one_of:
                value = next((v for v in tried[f.name] if decided.known[(f.name, v)][0] == decision), None)
                if value is not None:
                    best[(f.name, decision)] = value
            elif (start := now.get(f.name)) is not None:
                closing += brackets(decided, f, decision, steps_of(start, f.type), tried[f.name])
    while open_ones := [c for c in closing if not c.done]:
        yield [(c.field.name, value_at(n, c.field.type)) for c in open_ones for n in c.between()]
        for one in open_ones:
            narrow(decided, one)
    for one in closing:
        start = steps_of(now[one.field.name], one.field.type)
        before = best.get((one.field.name, one.decision))
        if before is None or abs(one.far - start) < abs(steps_of(before, one.field.type) - start):
            best[(one.field.name, one.decision)] = value_at(one.far, one.field.type)
    return best


def changes(explanation: Explanation, ground: Ground, decided: Decided, best: Nearest, milder: Sequence[str]) -> Iterator[Change]:
    """For each field and milder decision the smallest change, mildest decision first, then in the order of the fields."""
    for decision in reversed(milder):
        for f in ground.fields:
            value = best.get((f.name, decision))
            if value is not None:
                named = explanation.values[f.name]
                yield Change(named, replace(named, value=value, from_=()), decision, decided.known[(f.name, value)][1])


def brackets(decided: Decided, f: Field, decision: str, start: int, tried: Sequence[Scalar]) -> Iterator[Closing]:
    """In either direction from the present value: the first value tried that leads to the decision, and the one before it."""
    steps = sorted({start, *(steps_of(v, f.type) for v in tried)})
    middle = steps.index(start)
    for way in (steps[middle + 1 :], steps[:middle][::-1]):
        before = start
        for n in way:
            if decided.known[(f.name, value_at(n, f.type))][0] == decision:
                yield Closing(f, decision, before, n)
                break
            before = n


def narrow(decided: Decided, one: Closing) -> None:
    """The first of the values between that leads to the decision is the new far end."""
    before = one.near
    for n in one.between():
        if decided.known[(one.field.name, value_at(n, one.field.type))][0] == one.decision:
            one.near, one.far = before, n
            return
        before = n
    one.near = before


def values_to_try(f: Field, now: Scalar | None, ground: Ground) -> list[Scalar]:
    """Near and far values that the contract allows: every value of a short list, else steps away from the present one and thresholds."""
    if f.type is Kind.BOOLEAN:
        return [value for value in (True, False) if value != now]
    if f.one_of:
        return [value for value in f.one_of if value != now]
    if now is None:
        return []
    start = steps_of(now, f.type)
    offsets = [k * 10**e for e in range(18) for k in (1, 2, 5) if k * 10**e <= FARTHEST[f.type]]
    low = None if f.minimum is None else steps_of(f.minimum, f.type)
    high = None if f.maximum is None else steps_of(f.maximum, f.type)
    wanted = {start + sign * offset for offset in offsets for sign in (1, -1)} | {0, *(x for x in (low, high) if x is not None)}
    for threshold in ground.thresholds[f.type]:
        wanted |= {threshold - 1, threshold, threshold + 1}
    inside = (n for n in wanted if (low is None or n >= low) and (high is None or n <= high) and n != start)
    return [value_at(n, f.type) for n in sorted(inside) if is_value(n, f.type)]


def thresholds(checked: CheckedPolicy, kind: Kind) -> set[int]:
    """What the policy compares with, in steps of the kind."""
    trees = [rule.condition for rule in checked.rules] + [m.expression for m in checked.metrics]
    values: list[object] = [n.value for tree in trees for n in walk(tree) if isinstance(n, Constant)]
    values += [p.value for p in checked.policy.parameters]
    if kind is Kind.DATE:
        return {value.toordinal() for value in values if isinstance(value, datetime.date)}
    numbers = [Decimal(v) for v in values if isinstance(v, int | Decimal) and not isinstance(v, bool)]
    return {int(n * SCALES[kind]) for n in numbers[:200] if abs(n) < 10**12}
