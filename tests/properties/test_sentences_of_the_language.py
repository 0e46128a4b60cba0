"""Sentences of the language's text, one by one, through the whole road: an expression and what it must give for one client."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from selective_sales.model.checked import CheckedPolicy
from tests.making.policies import MadeClient
from tests.making.schema import CLIENTS, ORDERS
from tests.properties.harness import checked_policy, engine_rows, oracle_decision

D = Decimal
DAY = datetime.date.fromisoformat
ROW: dict[str, Any] = {
    "m1": D("100"),
    "m2": D("0.0001"),
    "n1": 0.1,
    "n2": 0.2,
    "i1": 7,
    "i2": -2,
    "t1": "Łódź",
    "t2": "12",
    "b1": True,
    "d1": DAY("2026-01-31"),
    "y1": 30,
}
"""What the client has; every other field is blank."""
ORDER_ROWS: list[dict[str, Any]] = [
    {"amount": D("1.10"), "price": 0.1, "quantity": 1, "status": "paid", "paid": True, "ordered_on": DAY("2026-01-01"), "waited": 1},
    {"amount": D("2.20"), "price": 0.2, "quantity": -1, "status": "sent", "paid": False, "ordered_on": DAY("2026-03-01"), "waited": 2},
    {"amount": D("3.30"), "price": 0.3, "quantity": 4, "status": "late", "paid": None, "ordered_on": DAY("2026-03-01"), "waited": None},
]

SENTENCES: list[tuple[str, Any]] = [
    # numbers are compared on the grid
    ("n1 + n2 <= 0.3", True),
    ("0.21 / 3 >= 0.07", True),
    ("n1 + n2 = 0.3", True),
    ("m1 * 0.3333333", D("33.3333")),
    ("m2 / 2", D("0.0001")),
    ("-m2 / 2", D("-0.0001")),
    ("m1 / 3", D("33.3333")),
    ("m1 / m2", 1_000_000.0),
    ("i1 / 2", 3.5),
    ("m1 / (i1 - 7)", None),
    # a blank is unknown, except where Kleene's logic knows better
    ("n1 > 0 and b2", None),
    ("n1 < 0 and b2", False),
    ("n1 > 0 or b2", True),
    ("not b2", None),
    ("b2 is missing", True),
    ('t1 in ["it", t2]', False),
    ("d2 in [2026-01-01..2026-12-31]", None),
    ("if b2 then 1 else 1", 1),
    ("if b2 then 1 else 2", None),
    ("coalesce(d2, d1)", DAY("2026-01-31")),
    ("min(m1, m2)", D("0.0001")),
    ("max(d1, d2)", None),
    # texts
    ("length(t1)", 4),
    ("upper(t1)", "ŁÓDŹ"),
    ("substring(t1, 2, 2)", "ód"),
    ("number(t2) + 1", 13.0),
    ("number(t1)", None),
    ("date(t2)", None),
    ('matches(t1, "^Ł")', True),
    ('t1 > "Z"', True),
    # dates and spans
    ("d1 + 1 month", DAY("2026-02-28")),
    ("d1 + 30 days", DAY("2026-03-02")),
    ("as_of - d1", 295),
    ("months_between(d1, 2026-02-28)", 1),
    ("months_between(2026-02-28, d1)", -1),
    ("months_between(d1, as_of)", 9),
    ("y1 * 0.35", 11),
    ("y1 / 60 days", 0.5),
    # rounding is half away from zero
    ("round(n1 * 25)", 3.0),
    ("round(-n1 * 25)", -3.0),
    ("round(m1 / 3, 1)", D("33.3")),
    ("floor(-m2)", D("-1")),
    ("round(n1 * 44000, -3)", 4000.0),
    ("round(n1 * 20_000_000_000, -9)", 2000000000.0),
    ("round(2.675, 2) + n1", 2.78),
    # lists: no rows, unknown filters, blank values
    ("sum(orders.amount)", D("6.60")),
    ("sum(orders.price)", 0.6),
    ("count(orders[quantity > 0])", 2),
    ("count(orders[paid])", None),
    ("sum(orders[quantity > 100].amount)", D("0")),
    ("max(orders[quantity > 100].amount)", None),
    ("sum(orders.waited)", None),
    ("sum(orders[quantity < 2].waited)", 3),
    ("mean(orders.amount)", D("2.2000")),
    ("median(orders.price)", 0.2),
    ("median(orders[quantity > 0].amount)", D("2.2000")),
    ("latest(orders[quantity < 2].status by ordered_on)", "sent"),
    ("latest(orders.status by ordered_on)", None),
    ("stddev(orders.amount)", D("1.1000")),
    ("count(orders[amount > client.m2 and i1 is missing])", 3),
]


def yaml_text() -> str:
    """One policy with a metric for every sentence."""
    fields = "\n".join(f"      {c.name}: {c.kind.value}" for c in CLIENTS)
    rows = "\n".join(f"      {c.name}: {c.kind.value}" for c in ORDERS)
    metrics = "\n".join(f"  s{number}: '{sentence}'" for number, (sentence, _) in enumerate(SENTENCES))
    return f"""\
format: 1
policy: {{id: sentences, version: "1", title: Sentences, languages: [en], currency: EUR, strategy: first}}
data:
  clients:
    key: id
    fields:
      id: text
{fields}
  orders:
    belongs_to: clients
    key: id
    fields:
      id: text
{rows}
metrics:
{metrics}
decisions:
  decline: {{title: decline}}
  keep: {{title: keep, default: true}}
rules:
  - id: never
    when: m1 < 0
    then: decline
    reason: Never.
"""


@pytest.fixture(scope="module")
def checked() -> CheckedPolicy:
    found = checked_policy(yaml_text())
    assert found is not None
    return found


@pytest.fixture(scope="module")
def made() -> MadeClient:
    row = {c.name: ROW.get(c.name) for c in CLIENTS}
    return MadeClient(row, tuple({c.name: order.get(c.name) for c in ORDERS} for order in ORDER_ROWS))


@pytest.fixture(scope="module")
def engine_row(checked: CheckedPolicy, made: MadeClient) -> dict[str, Any]:
    return engine_rows(checked, {"c": made})["c"]


@pytest.mark.parametrize(
    ("number", "expected"), [(n, expected) for n, (_, expected) in enumerate(SENTENCES)], ids=[s for s, _ in SENTENCES]
)
def test_sentence(engine_row: dict[str, Any], checked: CheckedPolicy, made: MadeClient, number: int, expected: Any) -> None:
    assert engine_row[f"s{number}"] == expected
    assert oracle_decision(checked, made).metrics[f"s{number}"] == expected
