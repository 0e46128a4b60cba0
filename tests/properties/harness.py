"""What the property tests stand on: a policy's text and clients in, the compiled query's rows and the oracle's decisions out.

The policy goes the whole road (reading, checking, compiling); the rows go into typed tables directly, as the data room would leave them.
"""

from __future__ import annotations

import datetime
import math
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from selective_sales import checking, compiling, reading
from selective_sales.model.checked import CheckedPolicy
from selective_sales.model.finding import Severity
from selective_sales.model.kind import Kind
from selective_sales.model.sql import quote_name, quote_value
from tests.making.policies import MadeClient
from tests.making.schema import AS_OF, CLIENTS, ORDERS, Column
from tests.oracle import Client, Decided, decide, decide_all, whole

SQL_TYPES = {
    Kind.MONEY: "DECIMAL(18, 4)",
    Kind.NUMBER: "DOUBLE",
    Kind.INTEGER: "BIGINT",
    Kind.TEXT: "VARCHAR",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.DATE: "DATE",
    Kind.DAYS: "BIGINT",
    Kind.MONTHS: "BIGINT",
}


NONSENSE = frozenset({"SS207", "SS217", "SS262", "SS311", "SS312"})
"""What a made policy may be refused for: a comparison with itself or with a text that the other side can never be, a cell that lets
everything through, rows of a table that break their promise."""


def checked_policy(text: str) -> CheckedPolicy | None:
    """The policy read and checked; None where it makes no sense as an example; any other error fails the test."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "policy.yaml"
        path.write_text(text, encoding="utf-8")
        policy, findings = reading.read(path)
        checked = None
        if policy is not None:
            checked, more = checking.check(policy)
            findings += more
    errors = [f for f in findings if f.severity is Severity.ERROR]
    if errors and {f.code for f in errors} <= NONSENSE:
        return None
    assert not errors, "\n".join(f"{f.place.line}:{f.place.column} {f.code} {f.message}" for f in errors) + f"\n{text}"
    assert checked is not None
    return checked


def engine_rows(checked: CheckedPolicy, clients: Mapping[str, MadeClient], as_of: datetime.date = AS_OF) -> dict[str, dict[str, Any]]:
    """The result rows of the compiled query, by client."""
    query = compiling.compile_policy(checked, as_of)
    with duckdb.connect() as connection:
        fill_tables(connection, clients)
        for statement in query.prelude:
            connection.execute(statement)
        connection.execute("CREATE SCHEMA run")
        connection.execute(f"CREATE TABLE run.facts AS {query.facts}")
        result = connection.execute(query.decide)
        names = [column[0] for column in result.description]
        return {row[0]: dict(zip(names, row, strict=True)) for row in result.fetchall()}


def engine_whole(checked: CheckedPolicy, clients: Mapping[str, MadeClient], as_of: datetime.date = AS_OF) -> dict[str, Any]:
    """The figures that are not split, the limits and the guarantees, by the compiled queries."""
    query, results = compiling.compile_policy(checked, as_of), compiling.results_query(checked, as_of)
    with duckdb.connect() as connection:
        fill_tables(connection, clients)
        for statement in (*query.prelude, *results.prelude):
            connection.execute(statement)
        connection.execute("CREATE SCHEMA run")
        connection.execute(f"CREATE TABLE run.facts AS {query.facts}")
        connection.execute(f"CREATE TABLE run.decisions AS {query.decide}")
        connection.execute(f"CREATE VIEW run.results AS {results.relation}")
        assert results.whole is not None
        found = connection.execute(results.whole)
        row = dict(zip([d[0] for d in found.description], found.fetchall()[0], strict=True))
    values: dict[str, Any] = {f"figure {name}": row[column] for name, column in results.figures}
    values |= {f"limit {limit.limit}": row[limit.column] for limit in results.limits}
    for g in results.guarantees:
        values[f"guarantee {g.guarantee}"] = False if row[g.breached] else None if row[g.unknown] else True
    return values


def oracle_whole(checked: CheckedPolicy, clients: Mapping[str, MadeClient], as_of: datetime.date = AS_OF) -> dict[str, Any]:
    """The same by the oracle."""
    return whole(checked, as_of, {key: Client(made.row, {"orders": made.orders}) for key, made in clients.items()})


def fill_tables(connection: duckdb.DuckDBPyConnection, clients: Mapping[str, MadeClient]) -> None:
    """The clients and their rows as typed tables."""
    _fill(connection, "clients", CLIENTS, [(key, client.row) for key, client in clients.items()])
    _fill(connection, "orders", ORDERS, [(key, row) for key, client in clients.items() for row in client.orders])


def _fill(
    connection: duckdb.DuckDBPyConnection, table: str, columns: tuple[Column, ...], rows: Iterable[tuple[str, Mapping[str, Any]]]
) -> None:
    declared = ", ".join(["id VARCHAR", *(f"{quote_name(c.name)} {SQL_TYPES[c.kind]}" for c in columns)])
    connection.execute(f"CREATE TABLE {quote_name(table)} ({declared})")
    lines = [f"({', '.join([quote_value(key), *(_literal(row[c.name], c.kind) for c in columns)])})" for key, row in rows]
    if lines:
        connection.execute(f"INSERT INTO {quote_name(table)} VALUES {', '.join(lines)}")


def _literal(value: Any, kind: Kind) -> str:
    if isinstance(value, float | int) and not isinstance(value, bool):
        return f"'{value!r}'::{SQL_TYPES[kind]}"
    return f"{quote_value(value)}::{SQL_TYPES[kind]}"


def oracle_decision(checked: CheckedPolicy, made: MadeClient, as_of: datetime.date = AS_OF) -> Decided:
    """The oracle's decision for one client who is the whole portfolio."""
    return decide(checked, as_of, Client(made.row, {"orders": made.orders}))


def oracle_decisions(checked: CheckedPolicy, clients: Mapping[str, MadeClient], as_of: datetime.date = AS_OF) -> dict[str, Decided]:
    """The oracle's decisions for the clients of one run."""
    return decide_all(checked, as_of, {key: Client(made.row, {"orders": made.orders}) for key, made in clients.items()})


@dataclass(frozen=True)
class Disagreement:
    """What the two say of one client, column by column where they differ."""

    client: str
    made: MadeClient
    columns: tuple[tuple[str, Any, Any], ...]

    def __str__(self) -> str:
        cells = "\n".join(f"    {name}: {value!r}" for name, value in self.made.row.items())
        rows = "\n".join(f"    {order!r}" for order in self.made.orders)
        found = "\n".join(f"  {name}: engine {engine!r}, oracle {oracle!r}" for name, engine, oracle in self.columns)
        return f"client {self.client}\n{found}\n  row\n{cells}\n  orders\n{rows}"


def disagreements(checked: CheckedPolicy, clients: Mapping[str, MadeClient]) -> list[Disagreement]:
    """Every client of whom the engine and the oracle do not say the same."""
    rows = engine_rows(checked, clients)
    assert set(rows) == set(clients), "a client was lost or invented"
    decisions = oracle_decisions(checked, clients)
    found = [Disagreement(key, made, tuple(differing(rows[key], decisions[key], made))) for key, made in clients.items()]
    return [d for d in found if d.columns]


def differing(row: Mapping[str, Any], decided: Decided, made: MadeClient) -> Iterable[tuple[str, Any, Any]]:
    """The columns in which the engine's row and the oracle's decision differ: name, the engine's value, the oracle's."""
    expected: dict[str, Any] = {
        "decision": decided.decision,
        "policy_decision": decided.decision,
        "decided_by": decided.decided_by,
        "fired": list(decided.fired),
        "applied": list(decided.applied),
        "unknown": list(decided.unknown),
        "possible_decisions": list(decided.possible_decisions),
        **decided.metrics,
    }
    for name, value in expected.items():
        if not same(row[name], value):
            yield name, row[name], value
    causes = row["missing_because"]
    if bool(causes) is not bool(decided.matters):
        yield "missing_because", causes, f"{'some' if decided.matters else 'no'} cause"
    fields = {label for label in causes if ": " not in label}
    if not decided.because_at_least <= fields <= decided.because_at_most:
        yield "missing_because", causes, f"at least {set(decided.because_at_least)}, at most {set(decided.because_at_most)}"
    for label in fields:
        if not _blank(label, made):
            yield "missing_because", label, "a field without a blank"


def _blank(label: str, made: MadeClient) -> bool:
    """True for a field that is blank in the client's row, or in one of its orders."""
    table, _, name = label.rpartition(".")
    return any(row[name] is None for row in (made.orders if table else (made.row,)))


EXACT = 2**53 / 1e9
"""Up to here a double holds nine decimals; beyond it a quotient is within one step of the exact one (docs/language.md, "Numbers")."""


def same(engine: Any, oracle: Any) -> bool:
    if isinstance(engine, float) and isinstance(oracle, float) and abs(oracle) > EXACT:
        return abs(engine - oracle) <= math.ulp(oracle)
    return engine == oracle and (engine is None) is (oracle is None)
