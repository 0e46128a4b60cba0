"""The made clients decided here and by a PostgreSQL server: `python -m benchmarks.on_postgres "host=..."` [`--clients N --rules N`].

Seconds of the processor are compared (the server's backend runs beside this process), and the two digests must be the same. The server's
time is that of the one SELECT, the tables being there; `evaluate` also reads, checks the contract and writes the facts.
"""

from __future__ import annotations

import argparse
import datetime
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import psycopg

from benchmarks import client_world, made_clients, made_rules
from benchmarks.report import table
from selective_sales import compiling
from selective_sales.engines import digesting
from selective_sales.model.kind import Kind
from selective_sales.model.plan import PortableQuery, ResultColumn
from selective_sales.model.sql import parquet_copy, quote_name, quote_value
from selective_sales.pipeline.runs import Request, evaluate

TYPES = {Kind.MONEY: "DECIMAL(18, 4)", Kind.NUMBER: "DOUBLE", Kind.TEXT: "VARCHAR", Kind.BOOLEAN: "BOOLEAN", Kind.DATE: "DATE"}
BETWEEN = "\x1e"
"""Between the items of a list on its way back."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one engine took."""

    name: str
    seconds: float
    processor: float
    digest: str


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.on_postgres")
    parser.add_argument("address", help="a connection string; credentials from the environment")
    parser.add_argument("--clients", type=int, default=1_000_000)
    parser.add_argument("--rules", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        rows = compared(Path(temporary), given.address, given.clients, given.rules)
    print("\n".join(table(("", "seconds", "of the processor"), [(row.name, row.seconds, row.processor) for row in rows])))
    print(f"The digest of both: {rows[0].digest}")


def compared(folder: Path, address: str, clients: int, rules: int) -> list[Row]:
    """Both, one after the other. Fails where the digests differ."""
    policy = folder / "policy.yaml"
    policy.write_text(client_world.policy(made_rules.rules(rules, client_world.NAMES)), encoding="utf-8")
    made_clients.write(made_clients.clients_sql(clients), folder / "clients.parquet")
    as_of = datetime.date.fromisoformat(str(client_world.AS_OF))
    start, begun = time.process_time(), time.perf_counter()
    outcome = evaluate(policy, Request({"clients": folder / "clients.parquet"}, as_of, folder / "run", keep_data=True))
    here, took = time.process_time() - start, time.perf_counter() - begun
    assert outcome.summary is not None and outcome.checked is not None, outcome.findings
    query = compiling.postgres_query(outcome.checked, as_of)
    with duckdb.connect() as connection, psycopg.connect(address) as server:
        server.execute("SET jit = off")
        load(connection, server, query, folder)
        there, waited = decide(server, query)
        digest = fetch(connection, server, query, folder)
    assert digest == outcome.summary.digest, "the server decides otherwise"
    return [Row("`evaluate`", took, here, outcome.summary.digest), Row("PostgreSQL's SELECT", waited, there, digest)]


def load(connection: duckdb.DuckDBPyConnection, server: psycopg.Connection[Any], query: PortableQuery, folder: Path) -> None:
    """The typed clients that the run kept, as a temporary table of the server."""
    (clients,) = query.tables
    kept, text = folder / "run" / "data" / "0.parquet", folder / "clients.csv"
    names = ", ".join(quote_name(name) for name, _ in clients.columns)
    connection.execute(f"COPY (SELECT {names} FROM {quote_value(str(kept))}) TO {quote_value(str(text))} (FORMAT csv, HEADER false)")
    server.execute(f"CREATE TEMP TABLE clients ({', '.join(f'{quote_name(name)} {kind}' for name, kind in clients.columns)})")
    with server.cursor().copy("COPY clients FROM STDIN (FORMAT csv)") as copy, text.open("rb") as file:
        while part := file.read(1 << 20):
            copy.write(part)
    server.execute("ANALYZE clients")


def decide(server: psycopg.Connection[Any], query: PortableQuery) -> tuple[float, float]:
    """Seconds of the backend's processor (0 where the server is on another machine), and by the clock."""
    for statement in query.prelude:
        server.execute(statement)
    stat = Path(f"/proc/{server.info.backend_pid}/stat")
    before, begun = ticks(stat), time.perf_counter()
    server.execute(f"CREATE TEMP TABLE decided AS {query.select}")
    return (ticks(stat) - before) / 100, time.perf_counter() - begun


def ticks(stat: Path) -> int:
    return sum(map(int, stat.read_text().rpartition(")")[2].split()[11:13])) if stat.is_file() else 0


def fetch(connection: duckdb.DuckDBPyConnection, server: psycopg.Connection[Any], query: PortableQuery, folder: Path) -> str:
    """The digest of what the server decided, put into the form of a run's decisions."""
    text, decisions = folder / "decided.csv", folder / "decided.parquet"
    columns = ", ".join(
        f"array_to_string({quote_name(c.name)}, chr(30))" if c.is_list else quote_name(c.name) for c in query.result_columns
    )
    with server.cursor().copy(f"COPY (SELECT {columns} FROM decided) TO STDOUT (FORMAT csv)") as copy, text.open("wb") as file:
        for part in copy:
            file.write(part)
    types = ", ".join(f"{quote_value(c.name)}: '{'VARCHAR' if c.is_list else TYPES.get(c.kind, 'BIGINT')}'" for c in query.result_columns)
    dialect = "auto_detect = false, header = false, delim = ',', quote = '\"', escape = '\"', allow_quoted_nulls = false"
    relation = f"read_csv({quote_value(str(text))}, {dialect}, columns = {{{types}}})"
    connection.execute(parquet_copy(f"SELECT {', '.join(map(as_list, query.result_columns))} FROM {relation}", str(decisions)))
    return digesting.digest(connection, query.result_columns, decisions)


def as_list(column: ResultColumn) -> str:
    name = quote_name(column.name)
    if not column.is_list:
        return name
    return f"CASE WHEN {name} = '' THEN []::VARCHAR[] ELSE string_split({name}, {quote_value(BETWEEN)}) END AS {name}"


if __name__ == "__main__":
    main()
