"""The made clients as a policy's head and as SQL: fifteen columns, four metrics."""

from __future__ import annotations

import datetime

from benchmarks.made_clients import BLANK, INDUSTRIES, REGIONS
from benchmarks.made_rules import AS_OF, Leaf, Names, Range, Rule
from benchmarks.yardstick import World

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

"""
DECISIONS = """\
decisions:
  decline: {title: {en: decline}}
  renegotiate: {title: {en: renegotiate}}
  flag: {title: {en: flag}, when_unknown: apply}
  develop: {title: {en: develop}, when_unknown: skip}
  keep: {title: {en: keep}, default: true}

rules:
"""
NAMES = Names(
    ranges=(
        Range("revenue", 0, 90_000),
        Range("cost", 0, 60_000),
        Range("outstanding", 0, 9_000),
        Range("profit", -40_000, 70_000),
        Range("net_revenue", 0, 80_000),
        Range("margin", -1.5, 0.9, 3),
        Range("discount", 0, 0.4, 3),
        Range("trust", 0, 1, 2),
        Range("fit", 0, 1, 2),
        Range("tickets", 0, 60),
        Range("referrals", 0, 6),
        Range("conflicts", 0, 10),
        Range("payment_delay", 0, 120, 0, " days"),
        Range("months_as_client", 5, 178),
    ),
    values={"industry": INDUSTRIES, "region": REGIONS},
    exemptions=(
        Leaf("strategic", "is true"),
        Leaf("referrals", ">=", "4"),
        Leaf("trust", "is missing"),
        Leaf("client_since", ">=", datetime.date(2026, 1, 1)),
    ),
)
TYPES = {
    "client_id": "VARCHAR", "revenue": "DECIMAL(18, 4)", "cost": "DECIMAL(18, 4)", "outstanding": "DECIMAL(18, 4)", "discount": "DOUBLE",
    "trust": "DOUBLE", "fit": "DOUBLE", "tickets": "BIGINT", "referrals": "BIGINT", "conflicts": "BIGINT", "payment_delay": "BIGINT",
    "client_since": "DATE", "industry": "VARCHAR", "region": "VARCHAR", "strategic": "BOOLEAN",
}  # fmt: skip
BELOW = {
    "profit": ("revenue", "cost"),
    "margin": ("revenue", "cost", "no margin"),
    "net_revenue": ("revenue", "discount"),
    "months_as_client": ("client_since",),
}


def policy(rules: tuple[Rule, ...]) -> str:
    """The policy's text."""
    head = HEAD.format(count=len(rules), industries=", ".join(INDUSTRIES), regions=", ".join(REGIONS))
    return head + DECISIONS + "".join(rule.written() for rule in rules)


def typed(names: tuple[str, ...] = tuple(TYPES)) -> str:
    """The file's columns by their kinds; a blank text is missing."""
    cells = [
        f"nullif(trim({name}), '') AS {name}" if TYPES[name] == "VARCHAR" else f"CAST({name} AS {TYPES[name]}) AS {name}" for name in names
    ]
    return f"SELECT {', '.join(cells)} FROM read_parquet($clients)"


def with_metrics(cells: str) -> str:
    """The cells and the four metrics."""
    first = f"""SELECT *, CAST(revenue - cost AS DECIMAL(18, 4)) AS profit,
      CAST(revenue - CAST(revenue * CAST(discount AS DECIMAL(10, 9)) AS DECIMAL(18, 4)) AS DECIMAL(18, 4)) AS net_revenue,
      date_sub('month', client_since, DATE '{AS_OF}') AS months_as_client FROM ({cells})"""
    second = f"SELECT *, CAST(profit * 10000 AS BIGINT) / nullif(CAST(revenue * 10000 AS BIGINT), 0) AS quotient FROM ({first})"
    # Not round(quotient, 9): it gives 0.777992187 for 34854.05 / 44800, which is 0.7779921875.
    return f"SELECT *, sign(quotient) * floor(abs(quotient) * 1e9 + 0.5) / 1e9 AS margin FROM ({second})"


def contract(cells: str) -> str:
    """Stops where a cell is not as agreed."""
    bad = [
        "client_id IS NULL",
        *(f"{name} < 0" for name in ("revenue", "cost", "outstanding", "tickets", "referrals", "conflicts")),
        *(f"NOT isfinite({name}) OR {name} < 0 OR {name} > 1" for name in ("discount", "trust", "fit")),
        f"industry NOT IN {INDUSTRIES}",
        f"region NOT IN {REGIONS}",
    ]
    return f"SELECT CASE WHEN count_if({' OR '.join(bad)}) > 0 THEN error('a cell is not as agreed') END FROM ({cells})"


WORLD = World(
    values=with_metrics(typed()),
    facts=typed(),
    contract=(contract(typed()),),
    metrics=("profit", "margin", "net_revenue", "months_as_client"),
    numbers=("margin",),
    causes={name: (f"{name} IS NULL", name) for name in BLANK}
    | {"no margin": ("revenue = 0 AND cost IS NOT NULL", "margin: division by zero (revenue = 0)")},
    below=BELOW,
)
