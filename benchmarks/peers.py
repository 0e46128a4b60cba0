"""Other rules engines beside ours: the same rules over the same clients, in one process, in microseconds per client.

The clients have no blanks, and the peers get the four metrics calculated: none of them tells unknown from false, and not all of them
calculate. Reading and writing is excluded for them. Each gives the fired rules and the decision, which must be those of `evaluate`.
"""

from __future__ import annotations

import datetime
import importlib.metadata
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from benchmarks import client_world, made_rules
from benchmarks.made_clients import BLANK, clients_sql
from benchmarks.made_rules import Rule
from benchmarks.peer_languages import PEERS, Decided, Peer, Row, plain_value
from benchmarks.report import Section, table
from selective_sales import compiling
from selective_sales.model.plan import Query
from selective_sales.pipeline.policies import load_policy

AS_OF = datetime.date.fromisoformat(made_rules.AS_OF)
CLIENTS = 10_000
MANY = 1_000_000
SIZES = (20, 200)
SECONDS = 2.0
"""What a slow peer may take in a round: it gets fewer clients."""
OURS = "selective_sales, {clients:,} clients: facts and decisions, three-valued"


def section(folder: Path, rounds: int) -> Section:
    found = {size: microseconds(folder, size, min(rounds, 3)) for size in SIZES}
    names = list(dict.fromkeys(name for took in found.values() for name in took))
    rows = [(name, *(found[size].get(name, "not installed") for size in SIZES)) for name in names]
    heading = (
        "Microseconds per client in one process, by 20 and by 200 rules; reading and writing is excluded. For ours the engine's planning is"
        " included, which few clients must bear.\n"
    )
    return Section("Peers", (heading, *table(("", *(f"{size} rules" for size in SIZES)), rows)))


def microseconds(folder: Path, size: int, rounds: int) -> dict[str, float | str]:
    """Of ours and of each peer, by its name; the peers' answers are compared with ours."""
    rules = made_rules.rules(size, client_world.NAMES)
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        query = prepared(connection, folder, rules)
        load(connection, CLIENTS)
        expected = ours(connection, query)
        rows = of_clients(connection)
        jobs: dict[str, Callable[[], float]] = {
            OURS.format(clients=CLIENTS): lambda: per_client(lambda: decide(connection, query), CLIENTS)
        }
        absent = {}
        for peer in PEERS:
            if not peer.installed:
                absent[peer.name] = "not installed"
                continue
            name = f"{peer.name} ({peer.package} {importlib.metadata.version(peer.package)})" if peer.package else peer.name
            jobs[name] = job(name, peer, rules, rows, expected)
        times: dict[str, list[float]] = {name: [] for name in jobs}
        for _ in range(rounds):
            for name, one in jobs.items():
                times[name].append(one())
        load(connection, MANY)
        many = [per_client(lambda: decide(connection, query), MANY) for _ in range(rounds)]
    first = {OURS.format(clients=MANY): statistics.median(many)}
    return {**first, **{name: statistics.median(taken) for name, taken in times.items()}, **absent}


def job(name: str, peer: Peer, rules: Sequence[Rule], rows: Sequence[Row], expected: Decided) -> Callable[[], float]:
    """A measurement of the peer over as many clients as it manages; the first two hundred are compared first."""
    few = min(200, len(rows))
    start = time.perf_counter()
    compare(name, peer.plain(peer.prepare(rules, rows[:few])()), expected[:few])
    pace = (time.perf_counter() - start) / few
    count = max(few, min(len(rows), int(SECONDS / pace)))
    decide_all = peer.prepare(rules, rows[:count])
    compare(name, peer.plain(decide_all()), expected[:count])
    return lambda: per_client(decide_all, count)


def compare(name: str, found: Decided, expected: Decided) -> None:
    wrong = [(one, other) for one, other in zip(found, expected, strict=True) if one != other]
    if wrong:
        raise SystemExit(f"{name} decides {len(wrong)} clients otherwise, first {wrong[0]}")


def per_client(work: Callable[[], object], clients: int) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) / clients * 1e6


def prepared(connection: duckdb.DuckDBPyConnection, folder: Path, rules: tuple[Rule, ...]) -> Query:
    path = folder / f"peers_{len(rules)}.yaml"
    path.write_text(client_world.policy(rules), encoding="utf-8")
    checked, findings = load_policy(path)
    assert checked is not None, findings
    query = compiling.compile_policy(checked, AS_OF)
    connection.execute("CREATE SCHEMA run")
    for statement in query.prelude:
        connection.execute(statement)
    return query


def load(connection: duckdb.DuckDBPyConnection, clients: int) -> None:
    """So many clients without a blank cell, typed as the data room types them."""
    cells = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in client_world.TYPES.items())
    full = " AND ".join(f"{name} IS NOT NULL" for name in BLANK)
    made = f"SELECT {cells} FROM ({clients_sql(2 * clients)}) WHERE {full} AND revenue > 0 LIMIT {clients}"
    connection.execute(f"CREATE OR REPLACE TABLE clients AS {made}")
    (there,) = connection.execute("SELECT count(*) FROM clients").fetchone() or (0,)
    assert there == clients


def decide(connection: duckdb.DuckDBPyConnection, query: Query) -> None:
    connection.execute(f"CREATE OR REPLACE TABLE run.facts AS {query.facts}")
    connection.execute(f"CREATE OR REPLACE TABLE run.decided AS {query.decide}")


def ours(connection: duckdb.DuckDBPyConnection, query: Query) -> Decided:
    decide(connection, query)
    return connection.execute("SELECT decision, fired FROM run.decided ORDER BY client_id").fetchall()


def of_clients(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """The clients and their metrics as the peers take them: numbers, texts, booleans; a date as a number of days."""
    found = connection.execute(f"SELECT * FROM ({client_world.with_metrics('FROM clients')}) ORDER BY client_id")
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, map(plain_value, row), strict=True)) for row in found.fetchall()]
