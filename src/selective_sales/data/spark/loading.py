"""Tables and their places in, views of Spark with the policy's names and types out, and what is to be said of them.

The contract, its order and its words are DuckDB's: `load_opened` runs the same statements, in a Spark session.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...model.data import Loaded
from ...model.finding import Finding
from ...model.policy import Table
from ..contract import contract_findings
from ..loading import load_opened
from ..unchanged import changed, stamps
from .places import SparkPlace
from .sources import Opening
from .tables import SparkTables
from .words import Words, name

if TYPE_CHECKING:
    import duckdb
    from pyspark.sql import SparkSession


@dataclass(frozen=True, slots=True)
class SparkLoad:
    """What the loading in Spark needs beside the tables. `patterns` has each pattern of the contract as Java reads it."""

    session: SparkSession
    patterns: Mapping[str, str]
    currency: str
    as_of: datetime.date
    quarantine: Path | None
    staging: Path


def load_in_spark(
    asked: SparkLoad, connection: duckdb.DuckDBPyConnection, tables: tuple[Table, ...], places: Mapping[str, SparkPlace]
) -> tuple[Loaded, SparkTables]:
    """One view per table in the session; `connection` judges patterns. The views live until they are closed."""
    views = SparkTables(asked.session, connection, Words(asked.patterns))
    findings = contract_findings(connection, tables)
    if findings:
        return Loaded((), (), 0, tuple(findings)), views
    before = stamps({f"{table} {n}": file for table, place in places.items() for n, file in enumerate(place.files)})
    loaded = load_opened(
        views, Opening(views, asked.staging).open, tables, places, currency=asked.currency, as_of=asked.as_of, quarantine=asked.quarantine,
        staging=asked.staging,
    )  # fmt: skip
    digests = {place.alone: t.sha256 for t in loaded.tables if (place := places[t.name]).alone is not None and t.sha256 is not None}
    gone: tuple[Finding, ...] = changed(before, {path: sha256 for path, sha256 in digests.items() if path is not None})
    if gone:
        return Loaded((), (), 0, gone), views
    for table in tables:
        if table.name in views.views and "rowid" in views.views[table.name].columns:
            frame = views.views[table.name]
            views.view(table.name, frame.select(*(name(f.name) for f in table.fields if f.calculation is None)))
    return loaded, views
