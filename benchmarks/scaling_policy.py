"""The made rules as a policy: what a company would write."""

from __future__ import annotations

from benchmarks.made_clients import INDUSTRIES, REGIONS
from benchmarks.scaling_rules import Rule

HEAD = """\
format: 1
policy:
  id: made-clients
  version: "1"
  title: {{en: "Made clients by {count} rules"}}
  languages: [en]
  currency: EUR
  strategy: most_severe

data:
  clients:
    key: client_id
    fields:
      client_id: text
      revenue: {{type: money, minimum: 0}}
      cost: {{type: money, minimum: 0}}
      outstanding: {{type: money, minimum: 0}}
      discount: {{type: number, minimum: 0, maximum: 1}}
      trust: {{type: number, minimum: 0, maximum: 1}}
      fit: {{type: number, minimum: 0, maximum: 1}}
      tickets: {{type: integer, minimum: 0}}
      referrals: {{type: integer, minimum: 0}}
      conflicts: {{type: integer, minimum: 0}}
      payment_delay: days
      client_since: date
      industry: {{type: text, one_of: [{industries}]}}
      region: {{type: text, one_of: [{regions}]}}
      strategic: boolean

metrics:
  profit: revenue - cost
  margin: {{is: profit / revenue, title: {{en: margin}}, format: percent}}
  net_revenue: revenue - revenue * discount
  months_as_client: months_between(client_since, as_of)

decisions:
  decline: {{title: {{en: decline}}}}
  renegotiate: {{title: {{en: renegotiate}}}}
  flag: {{title: {{en: flag}}, when_unknown: apply}}
  develop: {{title: {{en: develop}}, when_unknown: skip}}
  keep: {{title: {{en: keep}}, default: true}}

rules:
"""


def policy(rules: tuple[Rule, ...]) -> str:
    """The policy's text."""
    head = HEAD.format(count=len(rules), industries=", ".join(INDUSTRIES), regions=", ".join(REGIONS))
    return head + "\n".join(map(_written, rules)) + "\n"


def _written(rule: Rule) -> str:
    lines = [f"  - id: {rule.id}", *rule.when]
    if rule.unless:
        lines.append(f"    unless: '{rule.unless}'")
    shown = " and ".join(f"{{{name}}}" for name in rule.shown)
    return "\n".join([*lines, f"    then: {rule.decision}", f'    reason: {{en: "Seen together: {shown}."}}'])
