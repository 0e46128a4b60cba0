"""The made clients with ten orders each as a policy's head and as SQL: list functions over a child table."""

from __future__ import annotations

from benchmarks.client_world import DECISIONS, typed
from benchmarks.made_clients import KINDS
from benchmarks.made_rules import AS_OF, Leaf, Names, Range, Rule
from benchmarks.yardstick import World

HEAD = """\
format: 1
policy:
  id: made-orders
  version: "1"
  title: {en: "Made clients by their orders"}
  languages: [en]
  currency: EUR
  strategy: most_severe

data:
  clients:
    key: client_id
    fields:
      client_id: text
      revenue: {type: money, minimum: 0}
      cost: {type: money, minimum: 0}
      tickets: {type: integer, minimum: 0}
      strategic: boolean
  orders:
    belongs_to: clients
    key: client_id
    fields:
      client_id: text
      ordered_on: date
      quantity: integer
      unit_price: {type: money, minimum: 0}
      kind: {type: text, one_of: [goods, service, rent]}
      amount: {type: money, is: quantity * unit_price}

metrics:
  spent: sum(orders.amount)
  recent: 'sum(orders[ordered_on in (as_of - 12 months..as_of]].amount)'
  returned: 'sum(orders[quantity < 0].amount)'
  largest: max(orders.amount)
  mean_price: mean(orders.unit_price)
  lines: count(orders)
  returns: 'count(orders[quantity < 0])'
  services: 'count(orders[kind = "service"])'
  days_silent: as_of - max(orders.ordered_on)

"""
CELLS = ("client_id", "revenue", "cost", "tickets", "strategic")
METRICS = ("spent", "recent", "returned", "largest", "mean_price", "lines", "returns", "services", "days_silent")
NAMES = Names(
    ranges=(
        Range("revenue", 0, 90_000),
        Range("cost", 0, 60_000),
        Range("tickets", 0, 60),
        Range("spent", 5_000, 55_000),
        Range("recent", 0, 25_000),
        Range("returned", -1_500, 0),
        Range("largest", 3_000, 13_000),
        Range("mean_price", 120, 380),
        Range("returns", 0, 4),
        Range("services", 0, 7),
        Range("days_silent", 0, 250, 0, " days"),
    ),
    values={},
    exemptions=(Leaf("strategic", "is true"), Leaf("recent", "is missing")),
)
LINES = """SELECT nullif(trim(client_id), '') AS client_id, CAST(ordered_on AS DATE) AS ordered_on, CAST(quantity AS BIGINT) AS quantity,
  CAST(unit_price AS DECIMAL(18, 4)) AS unit_price, nullif(trim(kind), '') AS kind,
  CAST(quantity * CAST(unit_price AS DECIMAL(18, 4)) AS DECIMAL(18, 4)) AS amount FROM read_parquet($orders)"""
RECENT = f"ordered_on > DATE '{AS_OF}' - INTERVAL 12 MONTHS AND ordered_on <= DATE '{AS_OF}'"


def amounts(condition: str) -> str:
    """A sum that is missing where an amount in it is."""
    return (
        f"CAST(CASE WHEN count_if({condition} AND amount IS NULL) = 0 THEN coalesce(sum(amount) FILTER ({condition}), 0) END"
        " AS DECIMAL(18, 4))"
    )


PER_CLIENT = f"""SELECT client_id, {amounts("TRUE")} AS spent, {amounts(RECENT)} AS recent, {amounts("quantity < 0")} AS returned,
  CASE WHEN count(amount) = count(*) THEN max(amount) END AS largest,
  CASE WHEN count(unit_price) = count(*) THEN CAST(sum(unit_price) / count(*) AS DECIMAL(18, 4)) END AS mean_price,
  count(*) AS lines, count(*) FILTER (quantity < 0) AS returns, count(*) FILTER (kind = 'service') AS services,
  max(ordered_on) AS last_order
  FROM lines GROUP BY client_id"""
VALUES = f"""SELECT c.*, spent, recent, returned, largest, mean_price, coalesce(lines, 0) AS lines, coalesce(returns, 0) AS returns,
  coalesce(services, 0) AS services, DATE '{AS_OF}' - last_order AS days_silent
  FROM ({typed(CELLS)}) AS c LEFT JOIN per_client USING (client_id)"""
CONTRACT = (
    f"CREATE TEMP VIEW lines AS {LINES}",
    f"CREATE TEMP VIEW cells AS {typed(CELLS)}",
    "SELECT CASE WHEN count_if(client_id IS NULL OR revenue < 0 OR cost < 0 OR tickets < 0) > 0 THEN error('a cell is not as agreed') END"
    " FROM cells",
    f"SELECT CASE WHEN count_if(client_id IS NULL OR unit_price < 0 OR kind NOT IN {KINDS}) > 0 THEN error('an order is not as agreed') END"
    " FROM lines",
    f"CREATE TEMP TABLE per_client AS {PER_CLIENT}",
    "SELECT CASE WHEN count(*) > 0 THEN error('an order of nobody') END FROM per_client ANTI JOIN cells USING (client_id)",
)
MISSING = {name: (f"{name} IS NULL", "orders.unit_price") for name in ("spent", "recent", "returned", "largest", "mean_price")}
WORLD = World(
    values=VALUES,
    facts=VALUES,
    contract=CONTRACT,
    metrics=METRICS,
    numbers=(),
    causes={"revenue": ("revenue IS NULL", "revenue"), "cost": ("cost IS NULL", "cost"), "tickets": ("tickets IS NULL", "tickets")}
    | MISSING,
    below={},
)


def policy(rules: tuple[Rule, ...]) -> str:
    """The policy's text."""
    return HEAD + DECISIONS + "".join(rule.written() for rule in rules)
