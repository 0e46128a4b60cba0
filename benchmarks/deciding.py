"""`policy.decide`, prepared, for a made policy of 20 rules: beside a bare `SELECT 1` on the same engine, in turns."""

from __future__ import annotations

import datetime
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

import selective_sales as ss
from benchmarks.made_policies import policy
from benchmarks.report import Section, Target

RULES = 20
CALLS = 300
TARGET = 0.003
"""Seconds for a client whom the policy decides."""
AS_OF = datetime.date(2026, 11, 22)
BARE = "SELECT 1"
CLIENT: Mapping[str, Any] = {
    "client_id": "C1", "name": "Brzoza", "revenue": 50000, "cost_to_serve": 20000.5, "discount": 0, "outstanding": 0, "values_fit": 0.8,
    "trust": 0.7, "win_probability": 0.5, "tickets": 3, "payment_delay": 5, "client_since": datetime.date(2020, 1, 1), "industry": "retail",
}  # fmt: skip
ORDERS = [
    {"ordered_on": "2026-10-01", "quantity": 2, "unit_price": 100},
    {"ordered_on": "2026-09-01", "quantity": 3, "unit_price": "100.5"},
]


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of a call: median and shortest by the clock, and the median of the processor's time, which other programs disturb less."""

    median: float
    shortest: float
    processor: float


def seconds(folder: Path) -> dict[str, Times]:
    """How long each takes, in turns."""
    path = folder / "one_client.yaml"
    path.write_text(policy(RULES), encoding="utf-8")
    blanks = {name: value for name, value in CLIENT.items() if name not in ("values_fit", "trust", "cost_to_serve")}
    ten = [{**CLIENT, "client_id": f"C{number}"} for number in range(10)]
    orders = [{**order, "client_id": client["client_id"]} for client in ten for order in ORDERS]
    with ss.read(path) as loaded, duckdb.connect(config={"threads": 1}) as connection:
        contenders: dict[str, Callable[[], object]] = {
            BARE: lambda: connection.execute("SELECT 1").fetchall(),
            "decide": lambda: loaded.decide(CLIENT, as_of=AS_OF, orders=ORDERS),
            "decide, undetermined": lambda: loaded.decide(blanks, as_of=AS_OF, orders=ORDERS),
            "decide_many, 10 clients": lambda: loaded.decide_many(ten, as_of=AS_OF, orders=orders),
        }
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in contenders}
        for number in range(CALLS + 1):
            for name, call in contenders.items():
                start, used = time.perf_counter(), time.process_time()
                call()
                if number:
                    times[name].append((time.perf_counter() - start, time.process_time() - used))
    return {name: measured(found) for name, found in times.items()}


def measured(found: Sequence[tuple[float, float]]) -> Times:
    clock = [one for one, _ in found]
    return Times(statistics.median(clock), min(clock), statistics.median(used for _, used in found))


def section(folder: Path, rounds: int) -> Section:
    """One client, and whether it keeps to the target: judged by the processor's time, as one thread does all the work."""
    times = seconds(folder)
    took = times["decide"].processor
    target = Target(
        f"`policy.decide` of one client, {RULES} rules", f"{TARGET * 1000:g} ms", f"{took * 1000:.2f} ms of the processor", took <= TARGET
    )
    return Section("One client in Python", (report(times).strip(),), (target,))


def report(found: Mapping[str, Times]) -> str:
    """One client, in Markdown."""
    bare = found[BARE].processor
    rows = [
        f"| {name} | {t.median * 1000:.2f} | {t.shortest * 1000:.2f} | {t.processor * 1000:.2f} | {t.processor / bare:.0f} "
        f"| {f'{TARGET * 1000:g}' if name == 'decide' else ''} |"
        for name, t in found.items()
    ]
    heading = f"`policy.decide` of a policy with {RULES} rules, once prepared, beside a bare `{BARE}` ({CALLS} calls each, in turns):"
    columns = f"| | ms | shortest | of the processor | x {BARE} | at most ms |"
    return "\n".join([f"\n{heading}\n", columns, "|---|---|---|---|---|---|", *rows, ""])
