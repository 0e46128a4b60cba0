"""Portfolio functions over the real online retail data, against SQL written by hand and known figures."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from selective_sales.pipeline.runs import Limits, Request, evaluate
from tests.real_data import real_file

AS_OF = datetime.date(2011, 12, 10)
POLICY = """\
format: 1
policy: {id: retail-portfolio, version: "1", title: Retail, languages: [en], currency: GBP}
data:
  clients:
    key: client_id
    fields: {client_id: text, country: text}
  orders:
    belongs_to: clients
    key: client_id
    without_client: ignore
    fields:
      client_id: {type: text, column: CustomerID}
      quantity: {type: integer, column: Quantity}
      unit_price: {type: money, column: UnitPrice}
      amount: {type: money, is: quantity * unit_price}
metrics:
  net: sum(orders.amount)
  in_the_black: net > 0
  place: rank(net)
  best: place <= 20% * total(1)
  part: share(net)
  upto: cumulative_share(net within in_the_black)
  before: cumulative_share_before(net within in_the_black)
  class: if not in_the_black then "none" else if upto <= 80% then "A" else if upto <= 95% then "B" else "C"
  class_before: if not in_the_black then "none" else if before < 80% then "A" else if before < 95% then "B" else "C"
  in_country: share(net within country)
  of_hundred: percentile(net)
  typical: median(net)
  usual: average(net within country)
figures:
  of_best: sum(clients[best].net) / sum(clients.net)
  best_count: count(clients[best])
  by_class: {is: count(clients), by: class}
decisions: {develop: {title: develop}, keep: {title: keep, default: true}}
rules:
  - {id: key-client, when: class_before = "A" and part > 0, then: develop, reason: "Class {class_before}."}
"""
NET = """
net AS (
  SELECT CAST(CustomerID AS VARCHAR) AS id, any_value(Country) AS country,
         CAST(sum(Quantity * CAST(round(UnitPrice, 4) AS DECIMAL(18, 4))) AS DECIMAL(38, 4)) AS net
  FROM '{orders}' WHERE CustomerID IS NOT NULL GROUP BY CustomerID
)
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Any]:
    orders = real_file("online_retail_uci.parquet")
    folder = tmp_path_factory.mktemp("portfolio")
    clients = folder / "clients.parquet"
    select = f"SELECT CustomerID AS client_id, min(Country) AS country FROM '{orders}' WHERE CustomerID IS NOT NULL GROUP BY CustomerID"
    duckdb.connect().execute(f"COPY ({select}) TO '{clients}'")
    (folder / "policy.yaml").write_text(POLICY, encoding="utf-8")
    outcome = evaluate(
        folder / "policy.yaml", Request({"clients": clients, "orders": orders}, AS_OF, folder / "run", limits=Limits(threads=2))
    )
    assert outcome.summary is not None, outcome.findings
    return orders, folder, outcome


def asked(run: tuple[Path, Path, Any], select: str) -> list[tuple[Any, ...]]:
    _, folder, _ = run
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW d AS SELECT * FROM '{folder / 'run' / 'decisions.parquet'}'")
        return connection.execute(select).fetchall()


def test_a_fifth_of_the_clients_holds_three_quarters_of_net_revenue(run: tuple[Path, Path, Any]) -> None:
    figures = {f.name: f for f in run[2].summary.whole.figures}
    assert figures["best_count"].rows[0].value == 874
    assert round(figures["of_best"].rows[0].value, 4) == Decimal("0.7382")
    assert asked(run, "SELECT count_if(best), round(sum(net) FILTER (best) / sum(net), 4) FROM d") == [(874, 0.7382)]


def test_classes_at_80_and_95(run: tuple[Path, Path, Any]) -> None:
    assert asked(run, "SELECT class, count(*) FROM d WHERE in_the_black GROUP BY class ORDER BY class") == [
        ("A", 1177),
        ("B", 1456),
        ("C", 1684),
    ]
    found = asked(run, "SELECT class_before, count(*) FROM d WHERE in_the_black GROUP BY class_before ORDER BY class_before")
    assert found == [("A", 1178), ("B", 1456), ("C", 1683)]
    split = {f.name: f for f in run[2].summary.whole.figures}["by_class"]
    assert [(row.by[0], row.value) for row in split.rows] == [("A", 1177), ("B", 1456), ("C", 1684), ("none", 55)]


def test_every_function_is_what_sql_by_hand_gives(run: tuple[Path, Path, Any]) -> None:
    orders, folder, _ = run
    by_hand = f"""
      WITH {NET.format(orders=orders)},
      mine AS (SELECT id, d.country, n.net FROM net AS n JOIN '{folder / "clients.parquet"}' AS d ON CAST(d.client_id AS VARCHAR) = n.id)
      SELECT id, net,
        rank() OVER (ORDER BY net DESC) AS place,
        net::DOUBLE / (sum(net) OVER ())::DOUBLE AS part,
        (sum(net) OVER (PARTITION BY net > 0 ORDER BY net DESC))::DOUBLE / (sum(net) OVER (PARTITION BY net > 0))::DOUBLE AS upto,
        percent_rank() OVER (ORDER BY net) AS of_hundred,
        net::DOUBLE / (sum(net) OVER (PARTITION BY country))::DOUBLE AS in_country,
        sum(net) OVER (PARTITION BY country) AS country_total,
        sum(net) OVER (PARTITION BY net > 0) AS half_total
      FROM mine
    """
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW d AS SELECT * FROM '{folder / 'run' / 'decisions.parquet'}'")
        differing = connection.execute(f"""
          SELECT count(*), count_if(d.net <> h.net), count_if(d.place <> h.place), count_if(abs(d.part - h.part) > 1e-9),
                 count_if(abs(d.of_hundred - h.of_hundred) > 1e-9),
                 count_if(h.half_total > 0 AND (d.upto IS NULL OR abs(d.upto - h.upto) > 1e-9)),
                 count_if(h.half_total <= 0 AND d.upto IS NOT NULL),
                 count_if(h.country_total > 0 AND (d.in_country IS NULL OR abs(d.in_country - h.in_country) > 1e-9)),
                 count_if(h.country_total <= 0 AND d.in_country IS NOT NULL)
          FROM d JOIN ({by_hand}) AS h ON d.client_id = h.id
        """).fetchall()
        median = connection.execute("SELECT any_value(typical), round(median(net), 4) FROM d").fetchall()
    assert differing == [(4372, 0, 0, 0, 0, 0, 0, 0, 0)]
    assert float(median[0][0]) == pytest.approx(float(median[0][1]), abs=1e-3)


@pytest.mark.parametrize("threads", [1, 4])
def test_the_same_whatever_the_threads(run: tuple[Path, Path, Any], threads: int, tmp_path: Path) -> None:
    orders, folder, outcome = run
    request = Request({"clients": folder / "clients.parquet", "orders": orders}, AS_OF, tmp_path / "run", limits=Limits(threads=threads))
    again = evaluate(folder / "policy.yaml", request)
    assert again.summary is not None
    assert again.summary.digest == outcome.summary.digest
