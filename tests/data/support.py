"""What the tests of the data room share: tables built from short YAML contracts, and a connection locked down as in a run."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from selective_sales import data
from selective_sales.model.data import Loaded
from selective_sales.model.kind import Kind
from selective_sales.model.policy import CsvDialect, Field, Table, WithoutClient

AS_OF = datetime.date(2026, 11, 22)


def locked(inputs: Mapping[str, object], staging: Path) -> duckdb.DuckDBPyConnection:
    """A connection that may read the named files and the staging folder, and nothing else."""
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"})
    paths = [str(path.absolute()) for path in inputs.values() if isinstance(path, Path)]
    for setting, values in (("allowed_paths", paths), ("allowed_directories", [str(staging)])):
        listed = ", ".join("'" + value.replace("'", "''").replace("\0", "") + "'" for value in values)
        connection.execute(f"SET {setting} = [{listed}]")
    connection.execute("SET python_enable_replacements = false")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def load(
    tables: tuple[Table, ...],
    inputs: Mapping[str, Path | object],
    folder: Path,
    *,
    currency: str = "PLN",
    quarantine: Path | None = None,
    as_of: datetime.date = AS_OF,
) -> tuple[duckdb.DuckDBPyConnection, Loaded]:
    """Load in a locked connection; `folder` gets a staging folder."""
    staging = folder / "staging"
    staging.mkdir(exist_ok=True)
    connection = locked(inputs, staging)
    loaded = data.load(connection, tables, inputs, currency=currency, as_of=as_of, quarantine=quarantine, staging=staging)
    assert list(staging.iterdir()) == [], "transcoded copies stay behind"
    return connection, loaded


def table(name: str, contract: Mapping[str, Any]) -> Table:
    """A table from its YAML, in the policy language's own words (places apart)."""
    given = dict(contract)
    fields = tuple(_field(field, spec) for field, spec in given.pop("fields").items())
    key = given.pop("key")
    csv = CsvDialect(**given.pop("csv", {}))
    without = WithoutClient(given.pop("without_client", "stop"))
    tokens = tuple(given.pop("missing_tokens", ()))
    return Table(
        name, (key,) if isinstance(key, str) else tuple(key), fields, csv=csv, without_client=without, missing_tokens=tokens, **given
    )


def _field(name: str, spec: str | Mapping[str, Any]) -> Field:
    if isinstance(spec, str):
        return Field(name, Kind(spec))
    given = dict(spec)
    kind = Kind(given.pop("type"))
    for key in ("minimum", "maximum", "missing"):
        if key in given:
            given[key] = _value(given[key], kind)
    for key in ("one_of", "missing_tokens", "true_words", "false_words"):
        if key in given:
            given[key] = tuple(_value(value, kind) if key == "one_of" else value for value in given[key])
    return Field(name, kind, **given)


def _value(value: Any, kind: Kind) -> Any:
    match kind:
        case Kind.MONEY | Kind.NUMBER:
            return Decimal(str(value))
        case Kind.DATE:
            return datetime.date.fromisoformat(str(value))
        case _:
            return value
