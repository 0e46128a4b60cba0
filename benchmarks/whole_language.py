"""A policy with 50 rules, 3 scores, 2 decision tables and 10 portfolio metrics over a million made clients, beside SQL by hand.

Both write the same columns as Parquet in the order of the key, in turns, with two threads. The hand-written SQL takes no care of blanks
(the clients have none): what it costs to decide nobody by a blank cell is part of the ratio.
"""

from __future__ import annotations

import datetime
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from benchmarks.report import Section, table, within
from selective_sales import compiling
from selective_sales.model.checked import CheckedPolicy
from selective_sales.pipeline.policies import load_policy

CLIENTS = 1_000_000
RULES = 50
TARGET = 1.3
BY_HAND, COMPILED = "hand-written SQL", "facts and decisions"
PORTFOLIO = [
    ("p_share", "share(revenue)"),
    ("p_rank", "rank(revenue)"),
    ("p_before", "cumulative_share_before(revenue)"),
    ("p_upto", "cumulative_share(revenue)"),
    ("p_percentile", "percentile(profit)"),
    ("p_total", "total(profit)"),
    ("p_average", "average(cost)"),
    ("p_rep_share", "share(revenue within rep)"),
    ("p_rep_rank", "rank(profit within rep)"),
    ("p_rep_before", "cumulative_share_before(profit within rep)"),
]
MADE = f"""
SELECT 'C' || lpad(CAST(i AS VARCHAR), 8, '0') AS client_id, 'R' || (hash(i, 1) % 50) AS rep,
       CAST((hash(i, 2) % 100000000) / 100.0 AS DECIMAL(18, 4)) AS revenue, CAST((hash(i, 3) % 80000000) / 100.0 AS DECIMAL(18, 4)) AS cost,
       CAST(hash(i, 4) % 20 AS BIGINT) AS referrals, CAST(hash(i, 5) % 120 AS BIGINT) AS months,
       (hash(i, 6) % 1000) / 1000.0::DOUBLE AS trust, CAST(hash(i, 7) % 30 AS BIGINT) AS orders, CAST(hash(i, 8) % 6 AS BIGINT) AS conflicts
FROM range({CLIENTS}) AS t(i)
"""


def policy() -> str:
    """The policy's text."""
    metrics = "".join(f"  {name}: {text}\n" for name, text in PORTFOLIO)
    decisions = ("decline", "renegotiate", "flag", "develop", "keep")
    rules = "".join(f"  - {{id: r{i}, when: '{condition(i)}', then: {decisions[i % 4]}, reason: x}}\n" for i in range(RULES))
    return f"""format: 1
policy: {{id: whole, version: "1", title: Whole, languages: [en], currency: PLN}}
data:
  clients:
    key: client_id
    fields:
      {{client_id: text, rep: text, revenue: money, cost: money, referrals: integer, months: integer, trust: number, orders: integer,
       conflicts: integer}}
metrics:
  profit: revenue - cost
{metrics}
scores:
  value:
    factors:
      - {{id: profit, of: profit, weight: 40, worst: 0, best: 500000}}
      - {{id: referrals, of: referrals, weight: 20, points: [["0", 0], ["[1..3]", 0.5], ["> 3", 1]]}}
      - {{id: months, of: months, weight: 40, worst: 0, best: 60}}
  loyalty:
    factors:
      - {{id: months, of: months, weight: 3, worst: 0, best: 120}}
      - {{id: orders, of: orders, weight: 1, worst: 0, best: 24}}
  burden:
    factors:
      - {{id: conflicts, of: conflicts, weight: 2, worst: 5, best: 0}}
      - {{id: cost, of: cost, weight: 1, worst: 800000, best: 0}}
tables:
  relationship:
    hit_policy: unique
    inputs: [orders, months, trust]
    outputs: {{stage: {{one_of: [deal, cooperation, partnership, synergy]}}, contact_every: days}}
    rows:
      - [">= 12", ">= 36", ">= 0.8", synergy, 14 days]
      - [">= 12", ">= 36", "< 0.8", partnership, 30 days]
      - [">= 12", "< 36", "-", cooperation, 60 days]
    otherwise: [deal, 180 days]
  care:
    hit_policy: first
    inputs: [value, p_before]
    outputs: {{care: text}}
    rows:
      - [">= 70", "-", high]
      - ["-", "< 80%", high]
      - [">= 40", "-", middle]
      - ["-", "-", low]
decisions:
  decline: {{title: decline}}
  renegotiate: {{title: renegotiate}}
  flag: {{title: flag}}
  develop: {{title: develop}}
  keep: {{title: keep, default: true}}
rules:
{rules}"""


def condition(i: int) -> str:
    """The i-th rule's condition, in words that are both the policy's and SQL's."""
    forms = (
        f"cost > revenue and months < {i + 3}",
        f'value < {i} and stage = "deal"',
        f"conflicts >= {i % 5 + 1} and trust < 0.{i % 9 + 1}",
        f"p_before < 0.{i % 8 + 1} and loyalty > {i + 20}",
        f"p_rep_rank <= {i * 20 + 5} and burden < {i}",
    )
    return forms[i % 5]


def by_hand() -> str:
    """The same by hand: windows over narrow rows, joined; every rule once; sorted in the end."""
    rules = [condition(i).replace('"', "'") for i in range(RULES)]
    flags = ", ".join(f"({rule}) AS f{i}" for i, rule in enumerate(rules))
    decisions = ("decline", "renegotiate", "flag", "develop")
    choice = " ".join(f"WHEN {' OR '.join(f'f{i}' for i in range(RULES) if i % 4 == d)} THEN '{name}'" for d, name in enumerate(decisions))
    by = " ".join(f"WHEN f{i} THEN 'r{i}'" for d in range(4) for i in range(RULES) if i % 4 == d)
    listed = ", ".join(f"CASE WHEN f{i} THEN 'r{i}' END" for i in range(RULES))
    return f"""
WITH base AS (SELECT *, revenue - cost AS profit FROM clients),
by_revenue AS (SELECT client_id, rank() OVER w AS p_rank, sum(revenue) OVER w AS upto,
  sum(revenue) OVER (ORDER BY revenue DESC RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE GROUP) AS before
  FROM base WINDOW w AS (ORDER BY revenue DESC)),
by_profit AS (SELECT client_id, percent_rank() OVER (ORDER BY profit) AS p_percentile FROM base),
by_rep AS (SELECT client_id, rank() OVER w AS p_rep_rank,
  sum(profit) OVER (PARTITION BY rep ORDER BY profit DESC RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE GROUP) AS rep_before
  FROM base WINDOW w AS (PARTITION BY rep ORDER BY profit DESC)),
reps AS (SELECT rep, sum(revenue) AS rep_revenue, sum(profit) AS rep_profit FROM base GROUP BY rep),
totals AS (SELECT sum(revenue) AS total_revenue, sum(profit) AS p_total, sum(cost) AS total_cost, count(*) AS n FROM base),
metrics AS (
  SELECT base.*, p_rank, p_percentile, p_rep_rank, p_total,
    CAST(total_cost / n AS DECIMAL(18, 4)) AS p_average, revenue::DOUBLE / total_revenue::DOUBLE AS p_share,
    upto::DOUBLE / total_revenue::DOUBLE AS p_upto, coalesce(before, 0)::DOUBLE / total_revenue::DOUBLE AS p_before,
    revenue::DOUBLE / rep_revenue::DOUBLE AS p_rep_share, coalesce(rep_before, 0)::DOUBLE / rep_profit::DOUBLE AS p_rep_before,
    round((40 * least(greatest(profit::DOUBLE / 500000, 0), 1)
      + 20 * CASE WHEN referrals = 0 THEN 0 WHEN referrals <= 3 THEN 0.5 ELSE 1 END
      + 40 * least(greatest(months / 60.0, 0), 1)), 9) AS value,
    round(100 * (3 * least(months / 120.0, 1) + least(orders / 24.0, 1)) / 4, 9) AS loyalty,
    round(100 * (2 * least(greatest((conflicts - 5) / -5.0, 0), 1)
      + least(greatest((cost::DOUBLE - 800000) / -800000, 0), 1)) / 3, 9) AS burden,
    CASE WHEN orders >= 12 AND months >= 36 AND trust >= 0.8 THEN 'synergy' WHEN orders >= 12 AND months >= 36 THEN 'partnership'
      WHEN orders >= 12 THEN 'cooperation' ELSE 'deal' END AS stage,
    CASE WHEN orders >= 12 AND months >= 36 AND trust >= 0.8 THEN 14 WHEN orders >= 12 AND months >= 36 THEN 30
      WHEN orders >= 12 THEN 60 ELSE 180 END AS contact_every
  FROM base JOIN by_revenue USING (client_id) JOIN by_profit USING (client_id) JOIN by_rep USING (client_id)
    JOIN reps USING (rep) CROSS JOIN totals
),
cared AS (SELECT *, CASE WHEN value >= 70 OR p_before < 0.8 THEN 'high' WHEN value >= 40 THEN 'middle' ELSE 'low' END AS care FROM metrics),
flags AS (SELECT *, {flags} FROM cared)
SELECT client_id, CASE {choice} ELSE 'keep' END AS decision, CASE {by} ELSE 'default' END AS decided_by,
  list_filter([{listed}], lambda x: x IS NOT NULL) AS fired,
  value, loyalty, burden, stage, contact_every, care, profit, p_share, p_rank, p_before, p_upto, p_percentile, p_total, p_average,
  p_rep_share, p_rep_rank, p_rep_before
FROM flags ORDER BY client_id
"""


def section(folder: Path, rounds: int) -> Section:
    found = seconds(folder, min(rounds, 5))
    ratio = found[COMPILED] / found[BY_HAND]
    heading = (
        f"{RULES} rules, 3 scores, 2 decision tables and {len(PORTFOLIO)} portfolio metrics over {CLIENTS:,} clients, in one process,"
        " beside SQL by hand that gives the same and takes no care of blanks; both write Parquet in the order of the key:\n"
    )
    rows = [(name, value, value / found[BY_HAND]) for name, value in found.items()]
    target = within("scores, tables, portfolio metrics", TARGET, ratio, f"x {BY_HAND}", "to decide nobody by a blank cell has its price")
    return Section("The whole language", (heading, *table(("", "seconds", f"x {BY_HAND}"), rows)), (target,))


def seconds(folder: Path, rounds: int) -> dict[str, float]:
    """Median seconds of both, in turns, in one process over the same table."""
    (folder / "whole.yaml").write_text(policy(), encoding="utf-8")
    checked, findings = load_policy(folder / "whole.yaml")
    assert checked is not None, findings
    found: dict[str, list[float]] = {BY_HAND: [], COMPILED: []}
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2")
        connection.execute(f"CREATE TABLE clients AS {MADE}")
        connection.execute("CREATE SCHEMA run")
        for _ in range(rounds):
            found[BY_HAND].append(timed(lambda: by_hand_once(connection, folder)))
            found[COMPILED].append(timed(lambda: compiled_once(connection, checked, folder)))
        same(connection, folder)
    return {name: statistics.median(times) for name, times in found.items()}


def timed(job: Callable[[], None]) -> float:
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def by_hand_once(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    connection.execute(f"COPY ({by_hand()}) TO '{folder / 'hand.parquet'}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)")


def compiled_once(connection: duckdb.DuckDBPyConnection, checked: CheckedPolicy, folder: Path) -> None:
    """What the engine room does: facts.parquet, then decisions.parquet from it."""
    query = compiling.compile_policy(checked, datetime.date(2026, 11, 22))
    for statement in query.prelude:
        connection.execute(statement)
    facts = folder / "facts.parquet"
    written = "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
    connection.execute(f"COPY ({query.facts}) TO '{facts}' {written}")
    connection.execute(f"CREATE OR REPLACE VIEW run.facts AS SELECT * FROM read_parquet('{facts}')")
    connection.execute(f"COPY ({query.decide}) TO '{folder / 'decisions.parquet'}' {written}")


def same(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Both decided alike: a benchmark of two different things would say nothing."""
    differing = connection.execute(
        f"SELECT count(*) FROM '{folder / 'hand.parquet'}' AS h JOIN '{folder / 'decisions.parquet'}' AS d USING (client_id)"
        " WHERE h.decision <> d.decision OR h.decided_by <> d.decided_by OR h.fired <> d.fired OR h.stage <> d.stage OR h.care <> d.care"
        " OR h.p_rank <> d.p_rank OR abs(h.value - d.value) > 1e-6 OR abs(h.p_rep_before - d.p_rep_before) > 1e-9"
    ).fetchone()
    assert differing == (0,), f"{differing} clients are decided otherwise by hand"
