"""What would have to change: the smallest change of a single field that leads a client to each milder decision.

Nothing is derived from the conditions: each candidate is decided by the compiled query, with the whole portfolio where it counts. Values
are tried near and far, and the nearest that leads to a decision is then closed in on, to the last step of its kind.
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from .. import compiling
from ..engines import duckdb_engine as engine
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
MOST_FIELDS = 30


@dataclass(slots=True)
class Search:
    """The tries of one client, and what came of them."""

    connection: duckdb.DuckDBPyConnection
    query: Query
    column: str
    client: Mapping[str, str]
    whole: bool
    clients: int
    known: dict[tuple[str, Scalar], tuple[str, str]] = field(default_factory=dict)

    def decide(self, wanted: Sequence[tuple[str, Scalar]]) -> None:
        """Decides what is not known yet, as many at a time as the machine takes."""
        todo = [one for one in dict.fromkeys(wanted) if one not in self.known]
        most = max(1, MOST_ROWS // max(self.clients, 1)) if self.whole else 2_000
        for start in range(0, len(todo), most):
            part = todo[start : start + most]
            tries = [(str(i), name, value) for i, (name, value) in enumerate(part)]
            found = engine.decide_scenarios(self.connection, self.query, self.column, self.client, tries, whole=self.whole)
            for i, one in enumerate(part):
                self.known[one] = found[str(i)]


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
    fields = [f for f in checked.policy.clients.fields if can_be_tried(f, checked)][:MOST_FIELDS]
    if not milder or not any(f.can_change for f in checked.policy.clients.fields):
        return explanation
    whole = compiling.looks_at_portfolio(checked)
    folder = run.folder.absolute()
    facts = folder / "facts.parquet"
    with (
        tempfile.TemporaryDirectory(prefix="selective-sales-") as temp,
        engine.connected([facts], [], Path(temp), engine.Limits()) as connection,
    ):
        clients = engine.open_base(connection, facts)
        if whole and clients > MOST_CLIENTS:
            return explanation
        column = SCENARIO
        query = compiling.scenario_query(checked, run.manifest.as_of, column)
        for statement in query.prelude:
            connection.execute(statement)
        key = dict(zip(checked.policy.clients.key, explanation.client, strict=True))
        search = Search(connection, query, column, key, whole, clients)
        found = tuple(changes(search, checked, explanation, fields, milder))
    return replace(explanation, changes=found)


def decisions_below(checked: CheckedPolicy, decision: str) -> tuple[str, ...]:
    """The decisions that are milder than this one."""
    names = [d.id for d in checked.policy.decisions]
    return tuple(names[names.index(decision) + 1 :]) if decision in names else ()


def can_be_tried(found: Field, checked: CheckedPolicy) -> bool:
    """A field that somebody could change, and whose every effect stands in the facts."""
    allowed = found.can_change and not found.protected and found.calculation is None and found.name not in checked.policy.clients.key
    known = found.type in SCALES or found.type is Kind.BOOLEAN or bool(found.one_of)
    return allowed and known and found.name not in compiling.fields_in_lists(checked)


def changes(
    search: Search, checked: CheckedPolicy, explanation: Explanation, fields: Sequence[Field], milder: Sequence[str]
) -> Iterator[Change]:
    """For each field and milder decision the smallest change, mildest decision first, then in the order of the fields."""
    now = {f.name: explanation.values[f.name].value for f in fields if f.name in explanation.values}
    tried = {f.name: values_to_try(f, now.get(f.name), checked) for f in fields}
    search.decide([(name, value) for name, values in tried.items() for value in values])
    best: dict[tuple[str, str], Scalar] = {}
    closing: list[Closing] = []
    for f in fields:
        for decision in milder:
            if f.type not in SCALES or f.one_of:
                value = next((v for v in tried[f.name] if search.known[(f.name, v)][0] == decision), None)
                if value is not None:
                    best[(f.name, decision)] = value
            elif (start := now.get(f.name)) is not None:
                closing += brackets(search, f, decision, steps_of(start, f.type), tried[f.name])
    while open_ones := [c for c in closing if not c.done]:
        search.decide([(c.field.name, value_at(n, c.field.type)) for c in open_ones for n in c.between()])
        for one in open_ones:
            narrow(search, one)
    for one in closing:
        start = steps_of(now[one.field.name], one.field.type)
        before = best.get((one.field.name, one.decision))
        if before is None or abs(one.far - start) < abs(steps_of(before, one.field.type) - start):
            best[(one.field.name, one.decision)] = value_at(one.far, one.field.type)
    for decision in reversed(milder):
        for f in fields:
            value = best.get((f.name, decision))
            if value is not None:
                named = explanation.values[f.name]
                yield Change(named, replace(named, value=value, from_=()), decision, search.known[(f.name, value)][1])


def brackets(search: Search, f: Field, decision: str, start: int, tried: Sequence[Scalar]) -> Iterator[Closing]:
    """In either direction from the present value: the first value tried that leads to the decision, and the one before it."""
    steps = sorted({start, *(steps_of(v, f.type) for v in tried)})
    middle = steps.index(start)
    for way in (steps[middle + 1 :], steps[:middle][::-1]):
        before = start
        for n in way:
            if search.known[(f.name, value_at(n, f.type))][0] == decision:
                yield Closing(f, decision, before, n)
                break
            before = n


def narrow(search: Search, one: Closing) -> None:
    """The first of the values between that leads to the decision is the new far end."""
    before = one.near
    for n in one.between():
        if search.known[(one.field.name, value_at(n, one.field.type))][0] == one.decision:
            one.near, one.far = before, n
            return
        before = n
    one.near = before


def values_to_try(f: Field, now: Scalar | None, checked: CheckedPolicy) -> list[Scalar]:
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
    for threshold in thresholds(checked, f.type):
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
