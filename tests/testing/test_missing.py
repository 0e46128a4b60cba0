"""What can be missing, and so unknown: what a case may be asked to show, and what it must not be asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from selective_sales.pipeline.policies import load_policy
from selective_sales.testing.missing import Missing

POLICY = """\
format: 1
policy: {{id: small, version: "1", title: Small, languages: [en], currency: PLN}}
data:
  clients:
    key: id
    fields:
      id: text
      open: integer
      known: {{type: integer, missing: 3}}
      needed: {{type: integer, required: true}}
      many: {{type: integer, required: true, minimum: 1}}
      sum: {{type: integer, is: known + needed}}
      note: text
  orders:
    belongs_to: clients
    key: id
    fields: {{id: text, amount: {{type: money, missing: 0}}, open: money}}
parameters: {{least: 5}}
tables:
  closed: {{hit_policy: first, inputs: [known], outputs: {{a: integer}}, rows: [["> 1", 1], ["-", 2]]}}
  gaps: {{hit_policy: first, inputs: [known], outputs: {{b: integer}}, rows: [["> 1", 1]]}}
  apart: {{hit_policy: unique, inputs: [known], outputs: {{d: integer}}, rows: [["> 1", 1], ["<= 1", 2]], otherwise: [3]}}
  rest: {{hit_policy: unique, inputs: [known], outputs: {{c: integer}}, rows: [["> 1", 1]], otherwise: [0]}}
scores:
  sure: {{factors: [{{id: x, of: known, weight: 1, worst: 0, best: 5}}]}}
  either:
    missing: reweigh
    factors: [{{id: x, of: known, weight: 1, worst: 0, best: 5}}, {{id: y, of: open, weight: 1, worst: 0, best: 5}}]
  both: {{factors: [{{id: x, of: known, weight: 1, worst: 0, best: 5}}, {{id: y, of: open, weight: 1, worst: 0, best: 5}}]}}
metrics:
  tried: '{tried}'
decisions: {{flag: {{title: f}}, keep: {{title: k, default: true}}}}
rules: [{{id: r, when: tried is present, then: flag, reason: x}}]
"""

NEVER = """\
id
known
needed
sum
known * 2 - needed
known / 4
open is missing
known > least
coalesce(open, 0)
coalesce(open, known)
count(orders)
sum(orders.amount)
count(orders[amount > 1])
if open is present then open else 0
if open is missing then 0 else open + 1
if known > 1 then known else needed
a
c
sure
either
known in [1, 2] or needed between 1 and 3
year(as_of)
d
known / many
if needed > 0 then known / needed else 0
if needed = 0 then 0 else known / needed
if known > 1 and not (needed <= 0) then known / needed else 0
if needed < 2 then 1 else known / needed
total(known)
rank(known)
round(known / 3, 2)
""".splitlines()

FOR_SOME = """\
open
open + known
known / needed
known / (known - 3)
open > least
coalesce(open, open * 2)
count(orders[open > 1])
sum(orders.open)
mean(orders.amount)
max(orders.amount)
if open > 1 then 1 else 2
if known > 1 then open else 1
if open is missing then open else 1
if known > 1 then known else missing
b
both
known in [1, open]
number(note)
share(known)
if needed >= 0 then known / needed else 0
if needed > 0 then 0 else known / needed
many / known
if known > 1 or needed > 0 then known / needed else 0
if needed > 0 then open / needed else 0
rank(open)
rank(known within open)
known ** 2
not (open > 1)
""".splitlines()


def possible(expression: str, folder: Path) -> bool:
    path = folder / "policy.yaml"
    path.write_text(POLICY.format(tried=expression))
    checked, findings = load_policy(path)
    assert checked is not None, findings
    return Missing(checked).metrics["tried"]


@pytest.mark.parametrize("expression", NEVER)
def test_never_missing(expression: str, tmp_path: Path) -> None:
    assert not possible(expression, tmp_path)


@pytest.mark.parametrize("expression", FOR_SOME)
def test_missing_for_some_client(expression: str, tmp_path: Path) -> None:
    assert possible(expression, tmp_path)
