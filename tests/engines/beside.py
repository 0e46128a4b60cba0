"""Typed tables of a DuckDB connection in; what DuckDB and another engine decide over them out, cell by cell and as digests."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pyarrow

from selective_sales import compiling
from selective_sales.engines import digesting, duckdb_engine
from selective_sales.model.checked import CheckedPolicy
from selective_sales.model.kind import Kind
from selective_sales.model.plan import Query, ResultColumn
from selective_sales.model.sql import parquet_copy, quote_name
from selective_sales.pipeline.runs import Request, evaluate
from tests.engines.examples import Example
from tests.making.policies import MadeClient
from tests.making.schema import AS_OF
from tests.properties.harness import fill_tables

TYPES = {Kind.MONEY: "DECIMAL(18, 4)", Kind.NUMBER: "DOUBLE", Kind.TEXT: "VARCHAR", Kind.BOOLEAN: "BOOLEAN", Kind.DATE: "DATE"}
Rows = list[tuple[Any, ...]]


class Engine(Protocol):
    """An engine beside DuckDB, ready to decide."""

    @property
    def name(self) -> str: ...

    @property
    def operators(self) -> Sequence[str]:
        """The arithmetic of numbers in which it has DuckDB's last digits."""

    def decide(self, checked: CheckedPolicy, connection: duckdb.DuckDBPyConnection, as_of: datetime.date, *, history: bool) -> Rows:
        """The decisions over the typed tables of the connection, which are copied to where the engine reads them."""


@dataclass(frozen=True)
class Both:
    """The rows of both engines, by column."""

    columns: tuple[ResultColumn, ...]
    duckdb: Rows
    name: str
    other: Rows

    def differences(self) -> list[str]:
        """In words, cell by cell, as far as the rows are of the same clients."""
        if len(self.duckdb) != len(self.other):
            return [f"DuckDB has {len(self.duckdb)} rows, {self.name} {len(self.other)}"]
        return [
            f"{ours[0]}: {column.name}: DuckDB {left!r}, {self.name} {right!r}"
            for ours, theirs in zip(self.duckdb, self.other, strict=True)
            for column, left, right in zip(self.columns, ours, theirs, strict=True)
            if left != right or (left is None) is not (right is None)
        ]

    def digests(self, folder: Path) -> tuple[str, str]:
        """Of both results, put into the same form."""
        return digest_of(self.columns, self.duckdb, folder / "a.parquet"), digest_of(self.columns, self.other, folder / "b.parquet")


def both(
    engine: Engine, checked: CheckedPolicy, connection: duckdb.DuckDBPyConnection, as_of: datetime.date = AS_OF, *, history: bool = True
) -> Both:
    """`connection` has the typed tables."""
    query = compiling.compile_policy(checked, as_of, history=history)
    found = by_duckdb(query, connection)
    return Both(query.result_columns, found, engine.name, engine.decide(checked, connection, as_of, history=history))


def by_duckdb(query: Query, connection: duckdb.DuckDBPyConnection) -> Rows:
    for statement in query.prelude:
        connection.execute(statement)
    connection.execute("CREATE SCHEMA IF NOT EXISTS run")
    connection.execute(f"CREATE OR REPLACE TABLE run.facts AS {query.facts}")
    return connection.execute(query.decide).fetchall()


def digest_of(columns: Sequence[ResultColumn], rows: Sequence[tuple[Any, ...]], path: Path) -> str:
    declared = ", ".join(f"{quote_name(c.name)} {TYPES.get(c.kind, 'BIGINT')}{'[]' if c.is_list else ''}" for c in columns)
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE result ({declared})")
        if rows:
            # As a whole: row by row an engine of columns takes a millisecond for each.
            connection.register("given", pyarrow.table([list(cells) for cells in zip(*rows, strict=True)], [c.name for c in columns]))
            connection.execute("INSERT INTO result SELECT * FROM given")
        connection.execute(parquet_copy("SELECT * FROM result", str(path)))
        return digesting.digest(connection, columns, path)


def agree(engine: Engine, checked: CheckedPolicy, made: dict[str, MadeClient]) -> Rows:
    """The rows of those clients, on which both agree."""
    with duckdb.connect() as connection:
        fill_tables(connection, made)
        found = both(engine, checked, connection)
    assert len(found.other) == len(made)
    assert_same(found)
    return found.other


def agree_on(engine: Engine, example: Example, folder: Path) -> int:
    """Evaluates the example as a user would, and decides its typed tables by the other engine; how many clients there were."""
    request = Request(example.inputs, example.as_of, folder / "run", keep_data=True, history=example.history)
    outcome = evaluate(example.policy, request)
    assert outcome.summary is not None and outcome.checked is not None, outcome.findings
    history = example.history is not None
    tables = [t for t in outcome.checked.policy.tables if history or not t.built_in]
    with duckdb.connect() as connection:
        duckdb_engine.restore_tables(connection, tables, folder / "run" / "data")
        found = both(engine, outcome.checked, connection, example.as_of, history=history)
    assert_same(found)
    assert found.digests(folder) == (outcome.summary.digest, outcome.summary.digest)
    return len(found.other)


def assert_same(found: Both) -> None:
    differences = found.differences()
    assert not differences, "\n".join(differences[:10])
