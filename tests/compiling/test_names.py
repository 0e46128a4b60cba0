"""No name of an author is taken for one of the generated query's own, whatever it is."""

from __future__ import annotations

import datetime
import string
from pathlib import Path

import pytest

import selective_sales as ss

OURS = "v1 v2 f0 u0 m0 at id key run facts rules masks ranks sorted matters xs grid money".split()
NAMES = [*string.ascii_lowercase, *OURS]

POLICY = """format: 1
policy: {{id: names, version: "1", languages: [en], currency: EUR}}
data:
  clients:
    key: {name}
    fields:
      {name}: integer
      amount: money
      other: boolean
  items:
    belongs_to: clients
    key: {name}
    fields:
      {name}: integer
      quantity: integer
      on_day: date
      word: text
metrics:
  total_quantity: sum(items.quantity)
  middle_quantity: median(items[quantity > 0].quantity)
  spread: stddev(items[quantity > 0].quantity)
  newest: latest(items.word by on_day)
  size: if (if amount > 1 then true else false) then 1 else 2
  enough: if total_quantity >= 500 then "many" else "few"
decisions: {{decline: {{}}, keep: {{default: true}}}}
rules:
  - id: many
    when: {{at_least: 2, of: [total_quantity >= 500, amount > 1, if other then true else false]}}
    then: decline
    reason: "{{total_quantity}}"
"""


@pytest.mark.parametrize("name", dict.fromkeys(NAMES))
def test_a_key_of_any_name_decides_alike(tmp_path: Path, name: str) -> None:
    (tmp_path / "p.yaml").write_text(POLICY.format(name=name), encoding="utf-8")
    (tmp_path / "clients.csv").write_text(f"{name},amount,other\n1,1,true\n1000,2,\n", encoding="utf-8")
    (tmp_path / "items.csv").write_text(f"{name},quantity,on_day,word\n1,500,2026-01-01,a\n1000,3,2026-01-01,b\n", encoding="utf-8")
    exceptions = tmp_path / "exceptions.yaml"
    entry = '{client: "1000", decision: decline, because: x, approved_by: y, expires: "2027-01-01"}'
    exceptions.write_text(f"format: 1\nexceptions:\n  - {entry}\n", encoding="utf-8")
    policy = ss.read(tmp_path / "p.yaml")
    assert policy.ok, policy.findings
    data = {"clients": tmp_path / "clients.csv", "items": tmp_path / "items.csv"}
    with ss.evaluate(policy, data, as_of=datetime.date(2026, 1, 2), exceptions=exceptions) as result:
        first, second = result.rows()
        assert result.summary.amount == "amount"
    assert (first[name], first["decision"], first["total_quantity"], first["newest"], first["size"]) == (1, "decline", 500, "a", 2)
    assert (second[name], second["decision"], second["policy_decision"], second["total_quantity"]) == (1000, "decline", "undetermined", 3)
    assert (second["decided_by"], second["newest"], second["size"], second["middle_quantity"]) == ("exception", "b", 1, 3)
