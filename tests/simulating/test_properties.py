"""What holds of every portfolio: parts sum to the whole to the last digit, nothing changes by nothing, and a plain recount agrees."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selective_sales.model.simulation import Simulation, Sums, Whale
from selective_sales.pipeline.finished import FinishedRun
from selective_sales.pipeline.simulating import simulate

from .portfolio import policy, run

POLICY = policy(measures="{revenue: revenue, cost_to_serve: cost, avoidable_cost: 60% * cost, service_hours: hours, conflicts: conflicts}")
PLACES = Decimal("0.0001")
money = st.one_of(st.none(), st.integers(-(10**8), 10**9).map(lambda n: Decimal(n) * PLACES), st.sampled_from([Decimal(0), Decimal(1)]))


@dataclass(frozen=True)
class Client:
    verdict: str
    revenue: Decimal | None
    cost: Decimal | None
    hours: Decimal | None
    conflicts: int | None

    @property
    def profit(self) -> Decimal | None:
        return None if self.revenue is None or self.cost is None else self.revenue - self.cost

    def line(self, number: int) -> str:
        values = (f"c{number}", self.verdict, self.revenue, self.cost, self.hours, self.conflicts)
        return ",".join("" if v is None else format(v, "f") if isinstance(v, Decimal) else str(v) for v in values)


clients = st.lists(
    st.builds(
        Client,
        st.sampled_from(["decline", "flag", "keep", ""]),
        money,
        money,
        st.one_of(st.none(), st.integers(0, 10**12).map(lambda n: Decimal(n) / 10**9)),
        st.one_of(st.none(), st.integers(0, 9)),
    ),
    max_size=40,
)
changes = st.lists(
    st.tuples(
        st.sampled_from(["", "decline:", "flag:", "keep:", "undetermined:"]),
        st.sampled_from(["revenue", "cost"]),
        st.one_of(st.integers(-200, 200).map(lambda n: f"{n:+}%"), st.integers(-(10**6), 10**6).map(lambda n: f"{Decimal(n) * PLACES:+f}")),
    ),
    max_size=3,
)
leaving = st.lists(st.sampled_from(["decline", "flag", "keep", "undetermined"]), unique=True)


@contextmanager
def opened(portfolio: list[Client]) -> Iterator[FinishedRun]:
    with tempfile.TemporaryDirectory() as name:
        lines = ["id,verdict,revenue,cost,hours,conflicts", *(c.line(i) for i, c in enumerate(portfolio))]
        yield run(Path(name), lines, POLICY)


def simulated(finished: FinishedRun, without: list[str], terms: list[str]) -> Simulation:
    made, findings = simulate(finished, without or ["none"], terms)
    assert made is not None and not findings, findings
    return made


def on_terms(client: Client, terms: list[tuple[str, str, str]]) -> Client:
    """The client after the changes, each rounded half away from zero to four places."""
    for whose, name, amount in terms:
        value = getattr(client, name)
        if value is None or whose not in ("", f"{client.verdict or 'undetermined'}:"):
            continue
        changed = value * (1 + Decimal(amount[:-1]) / 100) if amount.endswith("%") else value + Decimal(amount)
        client = replace(client, **{name: changed.quantize(PLACES, ROUND_HALF_UP)})
    return client


def recount(portfolio: list[Client]) -> Sums:
    known = [c for c in portfolio if c.profit is not None]
    return Sums(
        len(portfolio),
        len(known),
        sum((c.revenue for c in known if c.revenue is not None), Decimal(0)),
        sum((c.profit for c in known if c.profit is not None), Decimal(0)),
        sum((c.hours for c in portfolio if c.hours is not None), Decimal(0)),
        sum(c.hours is None for c in portfolio),
        Decimal(sum(c.conflicts for c in portfolio if c.conflicts is not None)),
        sum(c.conflicts is None for c in portfolio),
    )


def curve(values: list[Decimal]) -> Whale:
    """The curve walked client by client."""
    ordered = sorted(values, reverse=True)
    reached = highest = Decimal(0)
    for value in ordered:
        reached += value
        highest = max(highest, reached)
    best = [v for v in ordered if 5 * (1 + sum(w > v for w in values)) <= len(values)]
    above, below = sum(v > 0 for v in values), sum(v < 0 for v in values)
    return Whale(len(values), reached, highest, above, below, len(best), sum(best, Decimal(0)))


@dataclass(frozen=True)
class Asked:
    without: list[str]
    terms: list[tuple[str, str, str]]

    @property
    def changes(self) -> list[str]:
        return [f"{whose}{name}={amount}" for whose, name, amount in self.terms]


asked = st.lists(st.builds(Asked, leaving, changes), min_size=2, max_size=2)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(clients, asked)
def test_what_holds_of_every_portfolio(portfolio: list[Client], questions: list[Asked]) -> None:
    with opened(portfolio) as finished:
        for question in questions:
            made = simulated(finished, question.without, question.changes)
            a_recount_agrees(made, portfolio, question)
            parts_sum_to_the_whole(made)
        nothing_changes_by_nothing(finished, questions[0].without)


def a_recount_agrees(made: Simulation, portfolio: list[Client], question: Asked) -> None:
    gone = [c for c in portfolio if (c.verdict or "undetermined") in question.without]
    stay = [c for c in portfolio if (c.verdict or "undetermined") not in question.without]
    then = [on_terms(c, question.terms) for c in stay]
    whole, today = made.whole, recount(portfolio)
    assert whole.today == today
    costs = [c.cost for c in gone if c.profit is not None and c.cost is not None]
    stranded = sum((cost - (cost * Decimal("0.6")).quantize(PLACES, ROUND_HALF_UP) for cost in costs), Decimal(0))
    left, after = recount(stay), recount(then)
    assert left.profit is not None and after.profit is not None
    assert whole.without == replace(left, profit=left.profit - stranded)
    assert whole.after == replace(after, profit=after.profit - stranded)
    assert made.departure.sums == recount(gone)
    assert today.profit is not None and whole.without.profit == today.profit + made.departure.net
    assert made.today.profit == curve([c.profit for c in portfolio if c.profit is not None])
    assert made.after.profit == curve([c.profit for c in then if c.profit is not None])
    assert made.today.revenue == curve([c.revenue for c in portfolio if c.revenue is not None and c.profit is not None])


def parts_sum_to_the_whole(made: Simulation) -> None:
    leave = [g.steps.today for g in made.groups if g.leaves]
    stay = [g.steps.today for g in made.groups if not g.leaves]
    assert sum(leave + stay, Sums()) == made.whole.today
    assert sum(leave, Sums()) == made.departure.sums
    for steps in (made.whole, *(g.steps for g in made.groups)):
        assert steps.today + steps.leaving == steps.without
        assert steps.without + steps.terms == steps.after
    departure = made.departure
    assert departure.net_if_everything - departure.net_if_nothing == departure.cost
    if departure.break_even is not None:
        assert departure.lost == departure.break_even * Fraction(departure.cost)


def nothing_changes_by_nothing(finished: FinishedRun, without: list[str]) -> None:
    plain = simulated(finished, without, [])
    zero = simulated(finished, without, ["revenue=+0%", "cost=-0", "hours=+0%", "conflicts=+0", "flag:profit=+0%"])
    assert [(g.decision, g.steps) for g in zero.groups] == [(g.decision, g.steps) for g in plain.groups]
    assert zero.after == plain.after and zero.departure == plain.departure
    assert all(g.steps.terms == Sums() and not g.held for g in zero.groups)
