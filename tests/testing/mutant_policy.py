"""A small policy in which parts can be put, for tests of mutants."""

from __future__ import annotations

from pathlib import Path

from selective_sales.model.checked import CheckedPolicy
from selective_sales.pipeline.policies import load_policy

HEAD = """\
format: 1
policy: {id: small, version: "1", title: Small, languages: [en], currency: PLN, strategy: most_severe}
data:
  clients:
    key: id
    fields:
      id: text
      revenue: {type: money, minimum: 0}
      cost: money
      trust: {type: number, minimum: 0, maximum: 1}
      conflicts: integer
      delay: days
      since: date
      trade: {type: text, one_of: [it, retail, public]}
      strategic: boolean
      referrals: {type: integer, missing: 0}
  orders:
    belongs_to: clients
    key: id
    fields: {id: text, ordered_on: date, amount: money}
"""
DECISIONS = """\
decisions:
  decline: {title: decline}
  flag: {title: flag, when_unknown: apply}
  keep: {title: keep, default: true}
"""
RULES = """\
rules:
  - {id: any-conflict, when: strategic, then: flag, reason: Because.}
"""


def policy_text(parts: str) -> str:
    """The whole policy: with decisions and one rule, where the parts have none."""
    decisions = "" if "decisions:" in parts else DECISIONS
    return HEAD + parts + decisions + ("" if "rules:" in parts else RULES)


def small_policy(folder: Path, parts: str) -> CheckedPolicy:
    path = folder / "small.yaml"
    path.write_text(policy_text(parts), encoding="utf-8")
    checked, findings = load_policy(path)
    assert checked is not None, [f"{f.place}: {f.message}" for f in findings]
    return checked
