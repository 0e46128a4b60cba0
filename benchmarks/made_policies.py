"""A number of rules and a seed in, the YAML text of a realistic policy out: what `check` is timed on."""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass

HEAD = """\
format: 1
policy:
  id: made-{rules}-rules
  version: "1"
  title: {{en: "A made policy of {rules} rules"}}
  languages: [en]
  currency: EUR
  strategy: most_severe

data:
  clients:
    key: client_id
    fields:
      client_id: text
      name: text
      revenue: {{type: money, minimum: 0, tell_client: true}}
      cost_to_serve: {{type: money, can_change: true}}
      discount: money
      outstanding: money
      values_fit: {{type: number, minimum: 0, maximum: 1}}
      trust: {{type: number, minimum: 0, maximum: 1}}
      win_probability: {{type: number, minimum: 0, maximum: 1}}
      conflicts: {{type: integer, missing: 0}}
      tickets: integer
      referrals: {{type: integer, missing: 0}}
      payment_delay: days
      client_since: date
      industry: {{type: text, one_of: [it, retail, public, health, energy]}}
      strategic: {{type: boolean, missing: false}}
  orders:
    belongs_to: clients
    key: client_id
    fields:
      client_id: text
      ordered_on: date
      quantity: integer
      unit_price: money
      amount: {{type: money, is: quantity * unit_price}}

parameters:
  minimum_fit: 0.4
  key_industries: [it, public]
  hourly_cost: {{value: 180, kind: money, title: "Cost of a service hour"}}
  long_delay: 60 days

metrics:
  profit: revenue - cost_to_serve
  margin: {{is: profit / revenue, title: {{en: margin}}, format: percent}}
  recent_revenue: 'sum(orders[ordered_on in (as_of - 12 months..as_of]].amount)'
  order_count: 'count(orders[quantity > 0])'
  returns: 'count(orders[quantity < 0])'
  months_as_client: months_between(client_since, as_of)
  last_order: max(orders.ordered_on)
  service_cost: tickets * hourly_cost

decisions:
  decline: {{title: {{en: decline}}, when_unknown: hold}}
  renegotiate: {{title: {{en: renegotiate}}}}
  flag: {{title: {{en: flag}}, when_unknown: apply}}
  develop: {{title: {{en: develop}}, when_unknown: skip}}
  keep: {{title: {{en: keep}}, default: true}}

rules:
"""


@dataclass(frozen=True)
class Term:
    """A name with the literals it is compared with, and how a reason shows it."""

    text: str
    low: float
    high: float
    places: int
    shown: str
    unit: str = ""


TERMS = (
    Term("revenue", 1_000, 90_000, 0, "revenue"),
    Term("cost_to_serve", 500, 60_000, 0, "cost_to_serve"),
    Term("profit", -5_000, 30_000, 0, "profit"),
    Term("margin", 0, 0.5, 3, "margin"),
    Term("recent_revenue", 1_000, 90_000, 0, "recent_revenue"),
    Term("service_cost", 100, 20_000, 0, "service_cost"),
    Term("outstanding", 0, 9_000, 0, "outstanding"),
    Term("values_fit", 0.1, 0.9, 2, "values_fit"),
    Term("trust", 0.1, 0.9, 2, "trust"),
    Term("win_probability", 0.1, 0.9, 2, "win_probability"),
    Term("conflicts", 1, 9, 0, "conflicts"),
    Term("tickets", 2, 60, 0, "tickets"),
    Term("order_count", 1, 40, 0, "order_count"),
    Term("returns", 1, 12, 0, "returns"),
    Term("months_as_client", 3, 60, 0, "months_as_client"),
    Term("payment_delay", 10, 120, 0, "payment_delay", " days"),
    Term("as_of - last_order", 30, 400, 0, "last_order", " days"),
)
EXEMPTIONS = (
    "strategic",
    "months_as_client < 6",
    "industry in key_industries",
    "strategic or referrals >= 3",
    "values_fit is missing",
)


def policy(rules: int, seed: int = 20261122) -> str:
    """The policy's text: the same for the same number and seed."""
    chance = random.Random(seed)
    return HEAD.format(rules=rules) + "\n".join(_rule(chance, number) for number in range(1, rules + 1)) + "\n"


def _rule(chance: random.Random, number: int) -> str:
    terms = chance.sample(TERMS, 3)
    then = chance.choice(("decline", "renegotiate", "flag", "develop"))
    lines = [f"  - id: rule-{number:03}", f'    title: {{en: "Rule {number}"}}', *_when(chance, terms)]
    if chance.random() < 0.3:
        lines.append(f"    unless: {_exemption(chance)}")
    shown = " and ".join(f"{{{term.shown}}}" for term in terms[:2])
    lines += [f"    then: {then}", f'    reason: {{en: "Seen together: {shown}."}}', f'    source: "Rule book, page {number}"']
    return "\n".join(lines)


def _when(chance: random.Random, terms: list[Term]) -> list[str]:
    leaves = [_comparison(chance, term) for term in terms]
    match chance.randrange(4):
        case 0:
            return [f"    when: {leaves[0]} and {leaves[1]}"]
        case 1:
            return [f"    when: {leaves[0]} and ({leaves[1]} or {leaves[2]})"]
        case 2:
            return ["    when:", "      at_least: 2", f"      of: [{', '.join(leaves)}]"]
        case _:
            return ["    when:", f"      all: [{leaves[0]}, {{any: [{leaves[1]}, {leaves[2]}]}}]"]


def _comparison(chance: random.Random, term: Term) -> str:
    threshold = f"{chance.uniform(term.low, term.high):.{term.places}f}{term.unit}"
    return f"{term.text} {chance.choice(('<', '>', '<=', '>='))} {threshold}"


def _exemption(chance: random.Random) -> str:
    return chance.choice(EXEMPTIONS)


if __name__ == "__main__":
    sys.stdout.write(policy(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
