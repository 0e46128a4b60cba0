"""What unknown rules do to a decision, for both strategies and every `when_unknown`: the cases of tests/cases/decide/certainty.yaml."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

import selective_sales as ss

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "decide" / "certainty.yaml").read_text(encoding="utf-8"))
LISTS = {"fired": "fired", "applied": "applied", "unknown": "unknown", "possible": "possible_decisions", "because": "missing_because"}


def policy_text(case: dict[str, Any]) -> str:
    """A policy whose rule r<n> fires where the field x<n> is true."""
    fields = "\n".join(f"      x{i}: boolean" for i, _ in enumerate(case["rules"], 1))
    decisions = "\n".join(
        f"  {name}: {{{', '.join(f'{k}: {str(v).lower()}' for k, v in body.items())}}}" for name, body in case["decisions"].items()
    )
    rules = "\n".join(f"  - {{id: r{i}, when: x{i}, then: {then}, reason: because}}" for i, then in enumerate(case["rules"], 1))
    return f"""format: 1
policy: {{id: certainty, version: "1", title: Certainty, languages: [en], currency: EUR, strategy: {case["strategy"]}}}
data:
  clients:
    key: id
    fields:
      id: integer
{fields}
decisions:
{decisions}
rules:
{rules}
"""


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_certainty(case: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(policy_text(case), encoding="utf-8")
    cells = {True: "true", False: "false", "blank": ""}
    rows = [",".join([str(i), *(cells[x] for x in client["x"])]) for i, client in enumerate(case["clients"])]
    header = ",".join(["id", *(f"x{i}" for i, _ in enumerate(case["rules"], 1))])
    data = tmp_path / "clients.csv"
    data.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    policy = ss.read(file)
    assert policy.ok, policy.findings
    with ss.evaluate(policy, {"clients": data}, as_of=datetime.date(2026, 1, 1)) as result:
        decided = result.rows()
    for client, row in zip(case["clients"], decided, strict=True):
        assert row["decision"] == client["decision"]
        assert row["policy_decision"] == client["decision"]
        assert row["decided_by"] == client["decided_by"]
        for short, column in LISTS.items():
            assert row[column] == client.get(short, []), column
