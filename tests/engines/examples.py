"""Policies with data that more than one engine decides: the ready ones, the whole language, real lines, and a small one in a text."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
from click.testing import CliRunner

from selective_sales.cli.app import main
from selective_sales.pipeline.runs import Request, evaluate
from tests.real_data import real_file
from tests.whole import test_whole_example as whole

ROOT = Path(__file__).parents[2]
AS_OF = datetime.date(2026, 11, 22)
REVIEWS = ("2025-09-30", "2025-12-31", "2026-03-31", "2026-06-30")


@dataclass(frozen=True)
class Example:
    """What `evaluate` needs. `history` is a folder of earlier runs."""

    policy: Path
    inputs: Mapping[str, Path]
    as_of: datetime.date = AS_OF
    history: Path | None = None


def tables_in(folder: Path) -> dict[str, Path]:
    return {file.stem: file for file in sorted(folder.iterdir()) if file.is_file()}


def ready(name: str) -> Example:
    """A ready policy over its data."""
    return Example(ROOT / "policies" / f"{name}.yaml", tables_in(ROOT / "examples" / name / "data"))


def services_agency() -> Example:
    example = ROOT / "examples" / "services-agency"
    return Example(example / "services-agency.yaml", tables_in(example / "data"))


def selective_sales(folder: Path, reviews: tuple[str, ...] = REVIEWS) -> Example:
    """With the history of earlier reviews, which are decided into the folder."""
    return reviewed("selective-sales", folder, reviews)


def portfolio(folder: Path) -> Example:
    """Five layers of portfolio functions on each other, and one earlier review."""
    return reviewed("portfolio", folder, REVIEWS[-1:])


def reviewed(name: str, folder: Path, reviews: tuple[str, ...]) -> Example:
    policy, data = ROOT / "policies" / f"{name}.yaml", ROOT / "examples" / name / "data"
    history, tables = folder / "reviews", tables_in(data)
    history.mkdir()
    for day in reviews:
        earlier = {**tables, **tables_in(data / "earlier" / day)}
        outcome = evaluate(policy, Request(earlier, datetime.date.fromisoformat(day), history / day, history=history))
        assert outcome.summary is not None, outcome.findings
    return Example(policy, tables, datetime.date(2026, 9, 30), history)


def whole_language(folder: Path) -> Example:
    """The policy in which everything that the language has stands once; its tables are written into the folder."""
    files = {"clients": folder / "clients.csv", "orders": folder / "orders.csv"}
    files["clients"].write_text(whole.CLIENTS, encoding="utf-8")
    files["orders"].write_text(whole.ORDERS, encoding="utf-8")
    return Example(whole.POLICY, files, whole.AS_OF)


RETAIL = {
    "examples/online-retail/online-retail.yaml": ("lines", "CustomerID, mode(Country ORDER BY Country) AS Country"),
    "benchmarks/online_retail.yaml": ("orders", "CustomerID AS client_id"),
}
"""Policies over the real lines: what the lines are called there, and the columns of the clients drawn from them."""


def online_retail(policy: str, folder: Path) -> Example:
    lines = real_file("online_retail_uci.parquet")
    table, columns = RETAIL[policy]
    files = {table: lines, "clients": folder / "clients.parquet"}
    select = f"SELECT {columns} FROM '{lines}' WHERE CustomerID IS NOT NULL GROUP BY CustomerID"
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({select}) TO '{files['clients']}'")
    return Example(ROOT / policy, files, datetime.date(2011, 12, 10))


SMALL = """\
format: 1
policy: {id: small, version: "1", title: Small, languages: [en], currency: EUR, strategy: first}
data:
  clients: {key: client_id, fields: {client_id: text, revenue: money, cost: {type: money, missing: 5}}}
metrics: {profit: revenue - cost, margin: profit / revenue}
decisions: {decline: {title: decline}, keep: {title: keep, default: true}}
rules: [{id: loss, when: margin < 0, then: decline, reason: A loss.}]
"""
SMALL_CLIENTS = "('ł', '10.00005', 5, 1), ('b', NULL, 7, 2), ('B', '1', 7.5, 3), ('d', '4', NULL, 4)"
"""Values for `client_id, revenue, cost, more`, revenue as text."""
SMALL_DECIDED = [("B", "decline"), ("b", "undetermined"), ("d", "decline"), ("ł", "keep")]


def small_script(folder: Path, *options: str) -> str:
    """What `compile` prints of the small policy."""
    (folder / "small.yaml").write_text(SMALL, encoding="utf-8")
    printed = CliRunner().invoke(main, ["compile", str(folder / "small.yaml"), *options, "--as-of", "2026-11-22"])
    assert printed.exit_code == 0, printed.stderr
    return printed.stdout
