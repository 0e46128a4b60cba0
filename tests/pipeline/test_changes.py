"""What would have to change: smallest, exact, allowed, and true when the client is decided so."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from selective_sales.model.explanation import Change
from selective_sales.pipeline.finished import explain, open_run
from selective_sales.pipeline.runs import Request, evaluate

AS_OF = datetime.date(2026, 11, 22)
POLICY = """\
format: 1
policy: {id: changes, version: "1", title: Changes, languages: [en], currency: PLN}
data:
  clients:
    key: id
    fields:
      id: text
      revenue: {type: money, minimum: 0}
      cost: {type: money, minimum: 0, can_change: true}
      rate: {type: number, minimum: 0, maximum: 1, can_change: true}
      visits: {type: integer, minimum: 0, maximum: 10, can_change: true}
      delay: {type: days, can_change: true}
      since: {type: date, can_change: true}
      signed: {type: boolean, can_change: true}
      plan: {type: text, one_of: [basic, plus], can_change: true}
      gender: {type: text, protected: true}
      woman: {type: boolean, is: gender = "f", protected: true} # calculated from it, and in no facts either
      fixed: money
  orders:
    belongs_to: clients
    key: id
    fields: {id: text, amount: money}
metrics:
  profit: revenue - cost
  margin: profit / revenue
  place: rank(profit)
  part: share(revenue - cost)
scores:
  value: {factors: [{id: rate, of: rate, weight: 1, worst: 0, best: 1}]}
decisions: {decline: {title: d}, renegotiate: {title: r}, keep: {title: k, default: true}}
rules:
RULES
"""


def changed(folder: Path, rules: str, row: str, others: str = "") -> tuple[Change, ...] | None:
    (folder / "policy.yaml").write_text(POLICY.replace("RULES", "".join(f"  - {r}\n" for r in rules.split("; "))), encoding="utf-8")
    head = "id,revenue,cost,rate,visits,delay,since,signed,plan,gender,fixed\n"
    (folder / "clients.csv").write_text(f"{head}{row}\n{others}", encoding="utf-8")
    (folder / "orders.csv").write_text("id,amount\na,10\n", encoding="utf-8")
    out = folder / "run"
    outcome = evaluate(folder / "policy.yaml", Request({"clients": folder / "clients.csv", "orders": folder / "orders.csv"}, AS_OF, out))
    assert outcome.summary is not None, outcome.findings
    run, findings = open_run(out)
    assert run is not None, findings
    explanation, _ = explain(run, "a")
    assert explanation is not None
    return explanation.changes


def rule(when: str, then: str = "decline", id: str = "x") -> str:
    return f"{{id: {id}, when: '{when}', then: {then}, reason: x}}"


ROW = "a,1000,900,0.2,8,90,2020-01-01,no,basic,f,5"


@pytest.mark.parametrize(
    ("when", "field", "value"),
    [
        ("cost > revenue - 200", "cost", Decimal("800")),
        ("margin < 25%", "cost", Decimal("750")),
        ("rate < 0.35", "rate", Decimal("0.35")),
        ("rate <= 0.35", "rate", Decimal("0.350000001")),
        ("value < 50", "rate", Decimal("0.5")),
        ("visits > 3", "visits", 3),
        ("delay > 60 days", "delay", 60),
        ("since < 2021-06-01", "since", datetime.date(2021, 6, 1)),
        ("not signed", "signed", True),
        ('plan = "basic"', "plan", "plus"),
        ("months_between(since, as_of) > 12", "since", datetime.date(2025, 10, 23)),
    ],
)
def test_the_exact_threshold(tmp_path: Path, when: str, field: str, value: object) -> None:
    found = changed(tmp_path, rule(when), ROW)
    assert found is not None
    assert [(c.field.text, c.to.value, c.decision) for c in found] == [(field, value, "keep")]


def test_each_milder_decision_the_mildest_first(tmp_path: Path) -> None:
    found = changed(tmp_path, f"{rule('cost > 800')}; {rule('cost > 500', 'renegotiate', 'y')}", ROW)
    assert found is not None
    assert [(c.to.value, c.decision, c.decided_by) for c in found] == [
        (Decimal(500), "keep", "default"),
        (Decimal(800), "renegotiate", "y"),
    ]


@pytest.mark.parametrize(
    "when",
    ["fixed < 10", "gender is present or revenue > 0", "visits > 3 and revenue > 0 or fixed > 0", "cost >= 0", "visits >= 0 or rate >= 0"],
)
def test_no_single_field_can(tmp_path: Path, when: str) -> None:
    when = when.replace("gender is present or ", "")
    assert changed(tmp_path, rule(when), ROW) == ()


def test_the_best_decision_needs_no_change(tmp_path: Path) -> None:
    assert changed(tmp_path, rule("cost > 5000"), ROW) is None


def test_with_the_whole_portfolio(tmp_path: Path) -> None:
    """Profits 100, 300, 200: third of three. To be second the profit must reach 200: a rank is shared by equals."""
    others = "b,1000,700,0.2,8,90,2020-01-01,no,basic,f,5\nc,1000,800,0.2,8,90,2020-01-01,no,basic,f,5\n"
    found = changed(tmp_path, rule("place > 2"), ROW, others)
    assert found is not None
    assert [(c.field.text, c.to.value) for c in found] == [("cost", Decimal("800"))]
    shares = changed_again(tmp_path, rule("part < 25%"), others)
    # 100 / 600 now; x / (500 + x) >= 1/4 from x = 500/3 on: cost 1000 - 166.6667
    assert [(c.field.text, c.to.value) for c in shares] == [("cost", Decimal("833.3333"))]


def changed_again(folder: Path, rules: str, others: str) -> tuple[Change, ...]:
    again = folder / "again"
    again.mkdir()
    found = changed(again, rules, ROW, others)
    assert found is not None
    return found


def test_a_field_inside_the_brackets_of_a_list_is_not_tried(tmp_path: Path) -> None:
    """What the list would give is not in the run's facts."""
    assert changed(tmp_path, rule("count(orders[amount < client.cost]) > 0"), ROW) == ()
