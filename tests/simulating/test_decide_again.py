"""Decided again on other terms: what a run over changed data, or by a changed metric, decides of the same clients."""

from __future__ import annotations

import random
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from selective_sales.engines.duckdb_engine import parquet_rows
from selective_sales.pipeline.finished import FinishedRun, open_run
from selective_sales.pipeline.runs import Request, evaluate
from selective_sales.pipeline.simulating import simulate
from tests.pipeline.small import write_exceptions

from .portfolio import AS_OF, run

POLICY = """\
format: 1
policy: {id: again, version: "1", title: Again, languages: [en], currency: PLN}
data:
  clients:
    key: id
    fields:
      id: text
      segment: {type: text, one_of: [a, b]}
      revenue: money
      cost: money
      net: {type: money, is: revenue - cost}
      large: {type: boolean, is: 'revenue > 800'}
metrics:
  serving: cost * 1.1
  profit: revenue - serving
  part: share(profit within segment)
  place: rank(net)
measures: {revenue: revenue, profit: profit, avoidable_cost: 50% * serving}
scores:
  worth: {factors: [{id: f, of: profit, weight: 1, worst: -500, best: 500}]}
tables:
  tier: {hit_policy: first, inputs: [worth], outputs: {class: {one_of: [low, high]}}, rows: [["< 40", low]], otherwise: [high]}
decisions:
  decline: {title: decline}
  flag: {title: flag, when_unknown: apply}
  develop: {title: develop, when_unknown: skip}
  keep: {title: keep, default: true}
rules:
  - {id: loss, when: net < -100, unless: large, then: decline, reason: x}
  - {id: low, when: class = "low", then: flag, reason: x}
  - {id: part, when: part > 5% or place <= 3, then: develop, reason: x}
"""
HEAD = "id,segment,revenue,cost"


def clients(number: int) -> list[tuple[str, str, Decimal | None, Decimal | None]]:
    chance = random.Random(7)

    def amount() -> Decimal | None:
        return None if chance.random() < 0.05 else Decimal(chance.randrange(0, 10_000_000)) / 10_000

    return [(f"c{i}", chance.choice("ab"), amount(), amount()) for i in range(number)]


def lines(rows: list[tuple[str, str, Decimal | None, Decimal | None]]) -> list[str]:
    return [HEAD, *(",".join("" if cell is None else str(cell) for cell in row) for row in rows)]


def decisions(finished: FinishedRun) -> dict[str, str]:
    return {str(row["id"]): str(row["decision"]) for row in parquet_rows(finished.folder / "decisions.parquet")}


def moves(before: FinishedRun, after: FinishedRun) -> Counter[tuple[str, str]]:
    then = decisions(after)
    return Counter((decision, then[client]) for client, decision in decisions(before).items())


def again(finished: FinishedRun, *changes: str) -> Counter[tuple[str, str]]:
    made, findings = simulate(finished, ["none"], changes, again=True)
    assert made is not None and made.again is not None, findings
    return Counter({(m.before, m.after): m.clients for m in made.again})


def test_changed_fields(tmp_path: Path) -> None:
    rows = clients(120)
    before = run(tmp_path / "before", lines(rows), POLICY)
    was = decisions(before)
    changed = [
        (i, s, None if r is None else r + 100 if was[i] == "decline" else r, None if c is None else c / 2 if was[i] != "keep" else c)
        for i, s, r, c in rows
    ]
    halved = [(i, s, r, None if c is None else c.quantize(Decimal("0.0001"), ROUND_HALF_UP)) for i, s, r, c in changed]
    after = run(tmp_path / "after", lines(halved), POLICY)
    terms = ["decline:revenue=+100", *(f"{decision}:cost=-50%" for decision in ("decline", "flag", "develop", "undetermined"))]
    expected = moves(before, after)
    assert again(before, *terms) == expected
    assert sum(n for (was_, now), n in expected.items() if was_ != now) > 10


@pytest.mark.parametrize(
    ("change", "was", "now"),
    [
        ("serving=-40%", "serving: cost * 1.1", "serving: (cost * 1.1) * 0.6"),
        ("profit=+75.5", "profit: revenue - serving", "profit: revenue - serving + 75.5"),
        ("net=-200", "is: revenue - cost}", "is: revenue - cost - 200}"),
        ("worth=-50%", 'rows: [["< 40"', 'rows: [["< 80"'),
        ("place=+1", "place <= 3", "place <= 2"),
    ],
)
def test_changed_metrics_and_calculated_fields(tmp_path: Path, change: str, was: str, now: str) -> None:
    assert was in POLICY
    rows = lines(clients(120))
    before = run(tmp_path / "before", rows, POLICY)
    after = run(tmp_path / "after", rows, POLICY.replace(was, now))
    expected = moves(before, after)
    assert any(a != b for a, b in expected), "a change that moves nobody shows nothing"
    assert again(before, change) == expected


def test_on_the_same_terms_nobody_moves(tmp_path: Path) -> None:
    before = run(tmp_path, lines(clients(60)), POLICY)
    assert again(before) == Counter({(d, d): n for d, n in Counter(decisions(before).values()).items()})


def test_exceptions_hold(tmp_path: Path) -> None:
    rows = [("x", "a", Decimal(10), Decimal(500)), ("y", "a", Decimal(10), Decimal(500)), ("z", "b", Decimal(900), Decimal(1))]
    exceptions = write_exceptions(tmp_path, 'client: x, decision: keep, because: r, approved_by: d, expires: "2026-12-01"')
    finished = run(tmp_path / "run", lines(rows), POLICY, exceptions)
    assert decisions(finished)["x"] == "keep" and decisions(finished)["y"] == "decline"
    assert again(finished, "cost=-99%")[("keep", "keep")] == 1
    assert again(finished, "cost=-99%")[("decline", "decline")] == 0


def test_the_sums_do_not_depend_on_it(tmp_path: Path) -> None:
    finished = run(tmp_path, lines(clients(60)), POLICY)
    plain, _ = simulate(finished, None, ["cost=-10%"])
    other, _ = simulate(finished, None, ["cost=-10%"], again=True)
    assert plain is not None and other is not None
    assert (plain.groups, plain.today, plain.after, plain.departure) == (other.groups, other.today, other.after, other.departure)
    blank = [r for r in parquet_rows(finished.folder / "facts.parquet") if r["revenue"] is not None and r["cost"] is None]
    assert blank, "there must be a client with a revenue and without a profit, who is in no sum of money"
    assert other.again is not None and sum(m.revenue for m in other.again) == plain.whole.today.revenue


LISTS = """\
format: 1
policy: {id: lists, version: "1", title: Lists, languages: [en], currency: PLN}
data:
  clients: {key: id, fields: {id: text, revenue: money, floor: money, profit: money}}
  orders: {belongs_to: clients, key: id, without_client: ignore, fields: {id: text, amount: money}}
metrics: {big: 'sum(orders[amount > floor].amount)'}
decisions: {decline: {title: decline}, keep: {title: keep, default: true}}
rules: [{id: small, when: big < 5, then: decline, reason: x}]
"""


def test_what_lists_look_at_is_refused(tmp_path: Path) -> None:
    finished = run_with_orders(tmp_path)
    _, findings = simulate(finished, None, ["floor=+1"], again=True)
    assert [f.code for f in findings] == ["SS868"] and "orders[amount > floor]" in findings[0].message
    _, findings = simulate(finished, None, ["revenue=+1"], again=True)
    assert [f.code for f in findings] == ["SS868"] and "the profit is not calculated" in findings[0].message
    made, findings = simulate(finished, None, ["profit=+1"], again=True)
    assert made is not None and not findings


def run_with_orders(folder: Path) -> FinishedRun:
    (folder / "policy.yaml").write_text(LISTS, encoding="utf-8")
    (folder / "clients.csv").write_text("id,revenue,floor,profit\na,10,1,2\nb,20,1,3\n", encoding="utf-8")
    (folder / "orders.csv").write_text("id,amount\na,5\nb,7\n", encoding="utf-8")
    inputs = {name: folder / f"{name}.csv" for name in ("clients", "orders")}
    outcome = evaluate(folder / "policy.yaml", Request(inputs, AS_OF, out=folder / "run"))
    assert outcome.summary is not None, outcome.findings
    opened, findings = open_run(folder / "run")
    assert opened is not None, findings
    return opened
