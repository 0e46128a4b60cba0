"""A run in, what it cost out: its steps by the stop-watch, its rules, metrics and functions measured anew when all is decided."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from .. import compiling, explaining
from ..engines import profiling as engine
from ..model import steps
from ..model.checked import CheckedPolicy
from ..model.expression import NOWHERE, Expression, walk
from ..model.place import Place
from ..model.profile import Cost, Measured, Phase, Probe, Profile, Sort, Timed, Together
from ..model.steps import Step

if TYPE_CHECKING:
    import datetime
    from pathlib import Path

    import duckdb

    from .runs import Outcome


SAID = {
    Together.PLANNING: "planning the query: once, however many clients",
    Together.LISTS: "naming which rules fired, and which are unknown",
    Together.REASONS: "naming the blank cells that leave a client undetermined",
    Together.WRITING: "sorting the clients by key, and writing their decisions",
}


class StopWatch:
    """Takes the time of every step it hears of."""

    wants_percent = False

    def __init__(self) -> None:
        self.started = time.perf_counter()
        self.steps: list[tuple[Step, str, float]] = []

    def begin(self, step: Step, about: str) -> None:
        self.steps.append((step, about, time.perf_counter()))

    def attach(self, percent: Callable[[], float]) -> None:
        """Only who draws asks the engine."""

    def detach(self, percent: Callable[[], float]) -> None:
        """As above."""

    def phases(self, ended: float) -> tuple[Phase, ...]:
        ends = [begun for _, _, begun in self.steps[1:]] + [ended]
        return tuple(Phase(step, about, end - begun) for (step, about, begun), end in zip(self.steps, ends, strict=True))


@contextmanager
def timed() -> Iterator[StopWatch]:
    """Times the steps of what is done within."""
    watch = StopWatch()
    with steps.told_to(watch):
        yield watch


def measured(
    connection: duckdb.DuckDBPyConnection, checked: CheckedPolicy, as_of: datetime.date, scratch: Path, *, exceptions: bool, history: bool
) -> Measured:
    """What each part of the policy costs, on a sample of the tables in the connection; `scratch` is a folder that it may write to.

    Nothing that was decided is touched.
    """
    memory = peak_memory()
    tables = [t for t in checked.policy.tables if history or t.name != "history"]
    steps.begin(Step.MEASURING, "the policy's parts")
    with engine.sampled(connection, tables, compiling.width(checked)) as sample:
        file = str(scratch / "measured.parquet")
        rounds = compiling.profile_rounds(checked, as_of, exceptions=exceptions, history=history, repeat=sample.repeat, scratch=file)
        found = engine.measure(connection, sample, rounds)
    return Measured(found, sample.sampled.get(tables[0].name, 0), sample.repeat, memory)


def profile(watch: StopWatch, outcome: Outcome) -> Profile | None:
    """The profile of a run that has ended; None where nothing was measured."""
    ended = time.perf_counter()
    measured, checked, summary = outcome.measured, outcome.checked, outcome.summary
    if measured is None or checked is None or summary is None:
        return None
    phases = watch.phases(ended)
    own = tuple(p for p in phases if p.step is not Step.MEASURING)
    measuring = sum(p.seconds for p in phases if p.step is Step.MEASURING)
    total = ended - watch.started - measuring
    found = costs(checked, measured.timed)
    return Profile(total, own, found, summary.clients, measured.sample, measured.repeated, measuring, measured.peak_memory)


def costs(checked: CheckedPolicy, timed: tuple[Timed, ...]) -> tuple[Cost, ...]:
    """The probes in the policy's words; the hidden parts of a score or a table count as one."""
    made: dict[tuple[Sort, str, str], Cost] = {}
    for one in timed:
        name, text, place = words_of(checked, one.probe)
        cost = Cost(one.probe.sort, name, text, place, one.seconds, one.per_million)
        before = made.get((cost.sort, name, text))
        made[cost.sort, name, text] = cost if before is None else both(before, cost)
    return tuple(made.values())


def words_of(checked: CheckedPolicy, probe: Probe) -> tuple[str, str, Place]:
    """What the policy calls it, the expression as it was written, and where it stands."""
    text = "" if probe.node is None else explaining.whole_text(checked, probe.node)
    own = NOWHERE if probe.node is None else probe.node.place
    match probe.sort:
        case Sort.RULE:
            rule = next(r for r in checked.policy.rules if r.id == probe.name)
            return rule.id, text, rule.place
        case Sort.METRIC:
            metric = checked.metric(probe.name)
            return (metric.of, "its factors, inputs and rows", metric.place) if metric.is_part else (metric.name, text, metric.place)
        case Sort.FIELD:
            return probe.name, text, own
        case Sort.TABLE:
            table = checked.policy.table(probe.name)
            return probe.name, "its rows, brought to their clients", own if table is None else table.place
        case Sort.LIST | Sort.PORTFOLIO:
            return text, f"for {', '.join(users(checked, probe.node))}", own
        case Sort.DECIDING:
            return probe.name, SAID[Together(probe.name)], own
        case _:
            assert_never(probe.sort)


def users(checked: CheckedPolicy, node: Expression | None) -> list[str]:
    """The metrics and rules in which a list or portfolio function stands; scores and tables for their hidden parts."""
    parts = [((m.of if m.is_part else m.name), m.expression) for m in checked.metrics]
    parts += [(rule.id, rule.condition) for rule in checked.rules]
    return list(dict.fromkeys(name for name, tree in parts if any(n == node for n in walk(tree)))) or ["the result as a whole"]


def both(one: Cost, other: Cost) -> Cost:
    return replace(one, seconds=total(one.seconds, other.seconds), per_million=total(one.per_million, other.per_million))


def total(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one + other


def peak_memory() -> int | None:
    """The bytes that this process held at most; None where the system does not tell."""
    try:
        import resource
    except ImportError:
        return None
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held if sys.platform == "darwin" else held * 1024
