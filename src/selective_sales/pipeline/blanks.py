"""Mutants of what a blank cell stands for: the batch's files once more, as tables whose blanks are blank, and how variants fill them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from .. import compiling, data
from ..model.checked import CheckedPolicy
from ..model.expression import Scalar
from ..model.mutant import Mutant, Part
from ..model.policy import Field, Table
from .cases import DecidedBatch


def field_of(checked: CheckedPolicy, name: str, tables: Iterable[Table]) -> Field:
    table, _, field = name.partition(".")
    return next(f for t in tables if t.name == table for f in t.fields if f.name == field)


def is_blank_filled(own: CheckedPolicy, mutant: Mutant) -> bool:
    """Whether the mutant changes what a blank cell stands for."""
    if mutant.of is not Part.FIELD:
        return False
    return field_of(own, mutant.name, own.policy.tables).missing != field_of(own, mutant.name, mutant.policy.tables).missing


def tables_with_blanks(batch: DecidedBatch, own: CheckedPolicy, blanks: Mapping[int, Mutant]) -> dict[str, tuple[str, dict[str, str]]]:
    """Loads the batch once more with its blanks left blank, where a mutant fills them otherwise; the columns' SQL by table."""
    others: dict[str, dict[str, list[tuple[int, Scalar | None]]]] = {}
    for n, mutant in blanks.items():
        table_name, _, name = mutant.name.partition(".")
        value = field_of(own, mutant.name, mutant.policy.tables).missing
        others.setdefault(table_name, {}).setdefault(name, []).append((n, value))
    if not others:
        return {}
    load_blank(batch)
    found: dict[str, tuple[str, dict[str, str]]] = {}
    for table in batch.whole.policy.tables:
        if table.name in others:
            fields = [f for f in table.fields if f.missing is not None]
            columns = {f.name: compiling.filled(f, others[table.name].get(f.name, [])) for f in fields}
            found[table.name] = (blank_name(table.name), columns)
    return found


def blank_name(table: str) -> str:
    return f"#blank {table}"


def load_blank(batch: DecidedBatch) -> None:
    """The batch's files as tables of other names, no blank filled."""
    tables = tuple(
        replace(table, name=blank_name(table.name), fields=tuple(replace(f, missing=None) for f in table.fields))
        for table in batch.whole.policy.tables
    )
    files = {table.name: batch.folder / "in" / f"table{number}.csv" for number, table in enumerate(tables)}
    currency, as_of = batch.whole.policy.currency, batch.batch.as_of
    data.load(batch.connection, tables, files, currency=currency, as_of=as_of, quarantine=None, staging=batch.folder)
