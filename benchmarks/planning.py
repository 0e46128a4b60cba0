"""From the policy's YAML to SQL, beside what DuckDB takes to plan that SQL: in one process, in turns, over tables without rows."""

from __future__ import annotations

import datetime
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import duckdb

from benchmarks import client_world, made_rules
from benchmarks.client_world import TYPES
from benchmarks.report import Section, Target, table
from selective_sales import compiling
from selective_sales.model.checked import CheckedPolicy
from selective_sales.model.plan import Query
from selective_sales.pipeline.policies import load_policy

T = TypeVar("T")
SIZES = (20, 200)
TARGET = 0.5
AS_OF = datetime.date.fromisoformat(made_rules.AS_OF)
READ, COMPILE, PREPARE, PLAN = "read and check", "compile to SQL", "dictionaries and macros", "DuckDB plans it"


def section(folder: Path, rounds: int) -> Section:
    found = {rules: seconds(folder, rules, rounds) for rules in SIZES}
    rows = [[name, *(took[name] * 1000 for took in found.values())] for name in (READ, COMPILE, PREPARE, PLAN)]
    most = found[200]
    ratio = (most[READ] + most[COMPILE]) / most[PLAN]
    alone = most[COMPILE] / most[PLAN]
    detail = f"{ratio:.2f} x (to SQL alone: {alone:.2f} x)"
    reason = "reading proves which rules can never fire or decide; the SQL itself is made in a fraction of it"
    target = Target("YAML to SQL of 200 rules, beside DuckDB's planning", f"{TARGET:g} x", detail, ratio <= TARGET, reason)
    lines = ("Milliseconds in one process:", "", *table(("", *(f"{rules} rules" for rules in SIZES)), rows))
    return Section("From YAML to SQL", lines, (target,))


def seconds(folder: Path, rules: int, rounds: int) -> dict[str, float]:
    path = folder / f"planned_{rules}.yaml"
    path.write_text(client_world.policy(made_rules.rules(rules, client_world.NAMES)), encoding="utf-8")
    times: dict[str, list[float]] = {name: [] for name in (READ, COMPILE, PREPARE, PLAN)}
    with duckdb.connect() as connection:
        columns = ", ".join(f"{name} {kind}" for name, kind in TYPES.items())
        connection.execute(f"CREATE SCHEMA run; CREATE TABLE clients ({columns})")
        for number in range(rounds + 1):
            checked = timed(times[READ], lambda: read(path))
            query = timed(times[COMPILE], lambda checked=checked: compiling.compile_policy(checked, AS_OF))
            timed(times[PREPARE], lambda query=query: prepare(connection, query))
            connection.execute(f"CREATE OR REPLACE TABLE run.facts AS {query.facts}")
            timed(times[PLAN], lambda query=query: plan(connection, query))
            if not number:
                for taken in times.values():
                    taken.clear()
    return {name: statistics.median(taken) for name, taken in times.items()}


def timed(taken: list[float], job: Callable[[], T]) -> T:
    start = time.perf_counter()
    result = job()
    taken.append(time.perf_counter() - start)
    return result


def read(path: Path) -> CheckedPolicy:
    checked, findings = load_policy(path)
    assert checked is not None, findings
    return checked


def prepare(connection: duckdb.DuckDBPyConnection, query: Query) -> None:
    for statement in query.prelude:
        connection.execute(statement)


def plan(connection: duckdb.DuckDBPyConnection, query: Query) -> None:
    for select in (query.facts, query.decide):
        connection.execute(f"EXPLAIN {select}").fetchall()
