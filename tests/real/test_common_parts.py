"""The common parts over the real online retail data, against SQL written by hand and known figures."""

from __future__ import annotations

import datetime
import shutil
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from selective_sales.model.results import Kept
from selective_sales.pipeline.runs import Limits, Request, evaluate
from tests.real_data import real_file

COMMON = Path(__file__).resolve().parents[2] / "policies" / "common"
AS_OF = datetime.date(2011, 12, 10)
# The data say nothing of costs: goods are taken to cost 60% of net sales, and the only work that is known is orders and returns.
POLICY = """\
format: 1
uses:
  - common/data/orders.yaml
  - common/waterfall.yaml
  - common/time-driven-costs.yaml
  - common/avoidable-costs.yaml
  - common/abc-revenue.yaml
  - common/abc-profit.yaml
  - common/abc-hours.yaml
  - common/whale-curve.yaml
  - common/rfm.yaml
  - common/lifetime-value.yaml
  - common/over-served.yaml
policy: {id: retail-parts, version: "1", title: Retail, languages: [pl, en], currency: GBP}
data:
  clients: {key: client_id, fields: {client_id: text}}
  orders: {belongs_to: clients, key: client_id, without_client: ignore, fields: {invoice_is_cancelled: boolean}}
parameters:
  goods: {value: 60%, source: "An assumption of this test."}
metrics:
  cost_of_goods: goods * revenue
  tickets: 0
  visits: 0
  revisions: 0
  returned_orders: distinct_count(orders[invoice_is_cancelled].order_id)
decisions: {develop: {title: develop}, keep: {title: keep, default: true}}
rules:
  - {id: large, when: revenue_class = "A", then: develop, reason: "Class {revenue_class}, {rfm_segment}."}
"""
LINES = """
SELECT CAST(CustomerID AS VARCHAR) AS client_id, InvoiceNo AS order_id, CAST(InvoiceDate AS DATE) AS ordered_on, Quantity AS quantity,
       CAST(round(UnitPrice, 4) AS DECIMAL(18, 4)) AS unit_price, starts_with(InvoiceNo, 'C') AS invoice_is_cancelled
FROM '{orders}'
"""


@dataclass(frozen=True)
class Retail:
    """The folder of the run, its outcome, and a connection with the decisions `d` and the order lines `lines`."""

    folder: Path
    outcome: Any
    connection: duckdb.DuckDBPyConnection

    def asked(self, select: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(select).fetchall()

    def figure(self, name: str) -> Any:
        return {figure.name: figure for figure in self.outcome.summary.whole.figures}[name]

    def value(self, name: str) -> Any:
        return self.figure(name).rows[0].value


@pytest.fixture(scope="module")
def retail(tmp_path_factory: pytest.TempPathFactory) -> Retail:
    orders = real_file("online_retail_uci.parquet")
    folder = tmp_path_factory.mktemp("parts")
    shutil.copytree(COMMON, folder / "common")
    # The data are of a year and nine days: all of them are wanted here, for the known figures. Some lines are of nobody known.
    part = folder / "common" / "data" / "orders.yaml"
    text = part.read_text(encoding="utf-8")
    assert text.count("value: 12 months") == 1
    part.write_text(text.replace("value: 12 months", "value: 13 months"), encoding="utf-8")
    (folder / "policy.yaml").write_text(POLICY, encoding="utf-8")
    connection = duckdb.connect()
    connection.execute(f"COPY ({LINES.format(orders=orders)}) TO '{folder / 'orders.parquet'}'")
    connection.execute(f"CREATE VIEW lines AS SELECT * FROM '{folder / 'orders.parquet'}' WHERE client_id IS NOT NULL")
    connection.execute(f"COPY (SELECT DISTINCT client_id FROM lines) TO '{folder / 'clients.parquet'}'")
    request = Request(
        {"clients": folder / "clients.parquet", "orders": folder / "orders.parquet"}, AS_OF, folder / "run", limits=Limits(threads=2)
    )
    outcome = evaluate(folder / "policy.yaml", request)
    assert outcome.summary is not None, outcome.findings
    connection.execute(f"CREATE VIEW d AS SELECT * FROM '{folder / 'run' / 'decisions.parquet'}'")
    # By hand: what the parts say, in the words of SQL.
    connection.execute("""
      CREATE TABLE by_hand AS
      WITH sums AS (
        SELECT client_id,
               coalesce(sum(quantity * unit_price) FILTER (quantity > 0), 0)::DECIMAL(38, 4) AS gross_sales,
               coalesce(-sum(quantity * unit_price) FILTER (quantity < 0), 0)::DECIMAL(38, 4) AS returns,
               count(DISTINCT order_id) FILTER (quantity > 0) AS order_count,
               count(DISTINCT order_id) FILTER (invoice_is_cancelled) AS returned_orders,
               max(ordered_on) FILTER (quantity > 0) AS last_order_on
        FROM lines GROUP BY client_id
      ), minutes AS (
        SELECT *, gross_sales - returns AS revenue, 15 * order_count + 30 * returned_orders AS minutes FROM sums
      )
      SELECT *, round(0.6 * revenue, 4)::DECIMAL(38, 4) AS cost_of_goods, round(1.25 * minutes, 4)::DECIMAL(38, 4) AS cost_to_serve,
             (revenue - round(0.6 * revenue, 4) - round(1.25 * minutes, 4))::DECIMAL(38, 4) AS profit
      FROM minutes
    """)
    return Retail(folder, outcome, connection)


def test_every_client_is_classified(retail: Retail) -> None:
    assert retail.asked("SELECT count(*), count(revenue_class), count(profit_class), count(hours_class), count(served) FROM d") == [
        (4372, 4372, 4372, 4372, 4372)
    ]
    # Who only ever sent things back has no last order, and no orders: that is a class of its own.
    assert retail.asked(
        "SELECT count(*), count_if(rfm_segment = 'none'), count_if(last_order_on IS NULL) FROM d WHERE rfm_segment IS NOT NULL"
    ) == [(4372, 33, 33)]
    assert retail.asked("SELECT decision, count(*) FROM d GROUP BY decision ORDER BY decision") == [("develop", 1178), ("keep", 3194)]


def test_the_waterfall_is_exact(retail: Retail) -> None:
    assert retail.asked("SELECT sum(revenue), count_if(revenue < 0), count_if(revenue = 0) FROM d") == [(Decimal("8300065.8140"), 41, 14)]
    names = (
        "gross_sales",
        "returns",
        "revenue",
        "cost_of_goods",
        "cost_to_serve",
        "profit",
        "order_count",
        "returned_orders",
        "last_order_on",
    )
    differing = ", ".join(f"count_if(d.{name} IS DISTINCT FROM h.{name})" for name in names)
    joined = "d JOIN by_hand AS h USING (client_id)"
    assert retail.asked(f"SELECT count(*), {differing} FROM {joined}") == [(4372, *[0] * 9)]


def test_abc_by_revenue_has_the_known_classes(retail: Retail) -> None:
    assert [(row.by[0], row.value) for row in retail.figure("clients_by_revenue_class").rows] == [
        ("A", 1178),
        ("B", 1456),
        ("C", 1683),
        ("none", 55),
    ]


@pytest.mark.parametrize(
    ("of", "name"), [("revenue", "revenue"), ("profit", "profit"), ("15 * order_count + 30 * returned_orders", "hours")]
)
def test_abc_is_what_sql_by_hand_gives(retail: Retail, of: str, name: str) -> None:
    assert retail.asked(f"""
      WITH mine AS (SELECT client_id, ({of})::DECIMAL(38, 4) AS x FROM by_hand),
      placed AS (
        SELECT client_id, x, sum(x) OVER (ORDER BY x DESC RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
               - sum(x) OVER (PARTITION BY x) AS before, sum(x) OVER () AS whole
        FROM mine WHERE x > 0
      ), classed AS (
        SELECT client_id, CASE WHEN round(before::DOUBLE / whole::DOUBLE, 9) < 0.8 THEN 'A'
                               WHEN round(before::DOUBLE / whole::DOUBLE, 9) < 0.95 THEN 'B' ELSE 'C' END AS class
        FROM placed
      )
      SELECT count(*), count_if(d.{name}_class IS DISTINCT FROM coalesce(c.class, 'none')) FROM d LEFT JOIN classed AS c USING (client_id)
    """) == [(4372, 0)]


def test_the_whale_curve_is_what_sql_by_hand_gives(retail: Retail) -> None:
    ((total, at_peak, clients, eroded),) = retail.asked("""
      WITH curve AS (SELECT profit, sum(profit) OVER (ORDER BY profit DESC, client_id ROWS UNBOUNDED PRECEDING) AS so_far FROM by_hand)
      SELECT sum(profit), max(so_far), count_if(profit > 0), max(so_far) - sum(profit) FROM curve
    """)
    assert retail.value("total_profit") == total
    assert retail.value("profit_at_peak") == at_peak
    assert retail.value("clients_at_peak") == clients
    assert retail.value("profit_eroded") == eroded > 0
    assert float(retail.value("peak_share")) == pytest.approx(float(at_peak / total), abs=1e-9)
    assert retail.value("profit_not_known") == 0


def test_rfm_is_what_sql_by_hand_gives(retail: Retail) -> None:
    assert retail.asked("""
      WITH placed AS (
        SELECT client_id, last_order_on AS last,
               least(5, 1 + floor(5 * percent_rank() OVER (PARTITION BY last IS NULL ORDER BY last))) AS recency,
               least(5, 1 + floor(5 * percent_rank() OVER (ORDER BY order_count))) AS frequency,
               least(5, 1 + floor(5 * percent_rank() OVER (ORDER BY revenue))) AS money
        FROM by_hand
      )
      SELECT count(*), count_if(d.recency_score IS DISTINCT FROM CASE WHEN last IS NOT NULL THEN p.recency END),
             count_if(d.frequency_score IS DISTINCT FROM p.frequency), count_if(d.monetary_score IS DISTINCT FROM p.money)
      FROM d JOIN placed AS p USING (client_id)
    """) == [(4372, 0, 0, 0)]
    limits = {one.id: one.kept is Kept.HELD for one in retail.outcome.summary.whole.limits}
    assert limits == {"rfm-enough-clients": True, "rfm-recency-fifths": True, "rfm-frequency-fifths": True, "rfm-monetary-fifths": True}


def test_over_served_is_what_sql_by_hand_gives(retail: Retail) -> None:
    assert retail.asked("""
      WITH shares AS (
        SELECT client_id, minutes, profit,
               (minutes / (sum(minutes) OVER ())) / nullif(greatest(profit, 0) / (sum(profit) OVER ()), 0) AS index
        FROM by_hand
      ), balanced AS (
        SELECT client_id, CASE WHEN minutes = 0 THEN 'not_served' WHEN profit <= 0 OR index > 2 THEN 'over'
                               WHEN index < 0.5 THEN 'under' ELSE 'balanced' END AS expected
        FROM shares
      )
      SELECT count(*), count_if(served IS DISTINCT FROM expected) FROM d JOIN balanced USING (client_id)
    """) == [(4372, 0)]
