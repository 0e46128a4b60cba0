"""`evaluate` of clients with ten orders each, beside SQL by hand: `python -m benchmarks.child_tables --clients N [--memory-limit SIZE]`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks import made_clients, made_rules, order_world, yardstick
from benchmarks.contest import EVALUATE, Contest, Limits, race
from benchmarks.report import Section
from benchmarks.scaling import client_file

CLIENTS = 200_000
RULES = 20


def contest(folder: Path, clients: int, rules: int = RULES) -> Contest:
    made = made_rules.rules(rules, order_world.NAMES)
    scripts = [yardstick.script(made, order_world.WORLD, facts=facts) for facts in (False, True)]
    tables = {"clients": client_file(folder, clients), "orders": order_file(folder, clients)}
    return Contest(order_world.policy(made), *scripts, tables, folder / f"{clients}_orders")


def order_file(folder: Path, clients: int) -> Path:
    file = folder / f"orders_{clients}.parquet"
    if not file.exists():
        partial = folder / "partial.parquet"
        made_clients.write(made_clients.orders_sql(clients), partial)
        partial.rename(file)
    return file


def section(folder: Path, rounds: int) -> Section:
    found = race(contest(folder, CLIENTS), rounds)
    heading = (
        f"{CLIENTS:,} clients with {made_clients.ROWS_PER_CLIENT} orders each, {RULES} rules over sums, counts, means and newest dates:"
    )
    return Section("Child tables", (heading, "", *found.rows()))


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.child_tables", description="evaluate over child tables, beside SQL by hand."
    )
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--rounds", type=int, default=5, help="the median counts")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--memory-limit", help="like 1GB")
    parser.add_argument("--once", action="store_true", help="one round, none before to warm up")
    parser.add_argument("--folder", type=Path, help="work here, and keep the made data (default: a temporary folder)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        contested = contest(folder, given.clients)
        rounds = 1 if given.once else given.rounds
        found = race(contested, rounds, Limits(given.threads, given.memory_limit), warm_up=not given.once)
    sys.stdout.write("\n".join([*found.rows(), "", f"{EVALUATE}: {found.ratio():.2f} x, {found.cpu_ratio():.2f} x by processor time", ""]))


if __name__ == "__main__":
    main()
