"""A source in, its typed table in the engine out, with one state column per row still on it, and what is known of its bad rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..model.finding import Finding, Severity
from ..model.place import Place
from ..model.sql import quote_name, quote_value
from .accounted import account
from .forms import WRITTEN, Source
from .layers import Layers, build
from .rejects import Reject
from .settle import Settlement, settle, settled_words
from .statements import Statements


@dataclass(frozen=True, slots=True)
class Staged:
    """A typed table with its state columns. `number` tells its helper tables apart; `records` counts the readable ones."""

    number: int
    source: Source
    layers: Layers
    settlement: Settlement
    records: int
    rejects: tuple[Reject, ...]
    flagged: int
    rounded: tuple[tuple[str, int], ...]
    unaccounted: Finding | None = None
    """That rows and rejects are not the records of the file: then nothing can be set aside."""

    @property
    def table(self) -> str:
        """The typed table's quoted name."""
        return quote_name(self.source.table.name)

    @property
    def marks(self) -> str:
        """Reasons that need more than one row to be seen: (record, field, reason)."""
        return f"_marks{self.number}"

    @property
    def bad(self) -> str:
        """The numbers of the bad records: (record)."""
        return f"_bad{self.number}"

    @property
    def lost(self) -> str:
        """The numbers of the records without client that the contract takes out: (record)."""
        return f"_lost{self.number}"

    @property
    def rows_read(self) -> int:
        return self.records + len(self.rejects)

    def words(self) -> tuple[str, ...]:
        """What was settled about the file."""
        return (*self.source.settled, *settled_words(self.source, self.settlement))


def stage(connection: Statements, number: int, source: Source, currency: str) -> tuple[Staged | None, tuple[Finding, ...]]:
    """Make the typed table: by an assumption from the first rows, made again where all rows refute it."""
    assumed = settle(connection, source, currency, whole=False)
    if assumed.findings:
        assumed = settle(connection, source, currency, whole=True)
        if assumed.findings:
            return None, assumed.findings
    staged = _make(connection, number, source, assumed, currency)
    if assumed.open and staged.flagged:
        proven = settle(connection, source, currency, whole=True)
        if proven.findings:
            return None, proven.findings
        if proven.columns != assumed.columns:
            staged = _make(connection, number, source, proven, currency)
    return staged, ()


def _make(connection: Statements, number: int, source: Source, settlement: Settlement, currency: str) -> Staged:
    layers = build(source, settlement.columns, currency)
    connection.execute(layers.typed_table())
    rejects = _rejects(connection) if source.rejects else ()
    name = quote_name(source.table.name)
    words = ", ".join(f"bit_or({state})" for state in layers.states)
    records, flagged, *states = _row(connection, f"SELECT count(*), count_if({layers.states[0]} & 1 = 1), {words} FROM {name}")
    counted = [
        (field, f"count_if({state} & {1 << bit} <> 0)")
        for state, bit, field in layers.rounded_fields()
        if (states[layers.states.index(state)] or 0) >> bit & 1
    ]
    rejects, unaccounted = account(source, records, rejects)
    rounded: tuple[tuple[str, int], ...] = ()
    if counted:
        row = _row(connection, f"SELECT {', '.join(sql for _, sql in counted)} FROM {name}")
        rounded = tuple((field, count) for (field, _), count in zip(counted, row, strict=True))
    return Staged(number, source, layers, settlement, records, rejects, flagged, rounded, unaccounted)


def _rejects(connection: Statements) -> tuple[Reject, ...]:
    """The reader's faults, one per record, in file order."""
    rows = connection.execute(
        "SELECT line_byte_position - 1, min_by(error_type::VARCHAR, byte_position), min_by(left(csv_line, 300), byte_position) "
        "FROM _rejects GROUP BY line_byte_position ORDER BY line_byte_position"
    ).fetchall()
    connection.execute("DROP TABLE _rejects")
    connection.execute("DROP TABLE _rejects_scan")
    return tuple(Reject(int(position), str(fault), str(text or "")) for position, fault, text in rows)


def open_marks(connection: Statements, staged: Staged) -> None:
    """Make the tables that are filled with what several rows show: marks, and records that are taken out."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {staged.marks} (record BIGINT, field INTEGER, reason VARCHAR)")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {staged.lost} (record BIGINT)")


def drop_states(connection: Statements, staged: Staged) -> None:
    """Take the state columns off: what stays are the policy's fields."""
    for state in staged.layers.states:
        connection.execute(f"ALTER TABLE {staged.table} DROP COLUMN {state}")


def mark_duplicates(connection: Statements, staged: Staged) -> None:
    """Mark every row of a duplicate client key, and of a duplicate value of a unique field; rows that are taken out do not count."""
    table = staged.source.table
    kept = f"rowid NOT IN (SELECT record FROM {staged.lost})" if table.belongs_to is not None else "TRUE"
    groups = [((table.key), "duplicate")] if table.belongs_to is None else []
    groups += [((column.field.name,), "not_unique") for column in staged.source.columns if column.field.unique]
    for names, reason in groups:
        if reason == "not_unique" and names == table.key and table.belongs_to is None:
            continue
        key = ", ".join(quote_name(name) for name in names)
        present = " AND ".join(f"{quote_name(name)} IS NOT NULL" for name in names)
        twice = f"SELECT {key} FROM {staged.table} WHERE {present} AND {kept} GROUP BY {key} HAVING count(*) > 1"
        if connection.execute(f"{twice} LIMIT 1").fetchone() is None:
            continue
        connection.execute(
            f"INSERT INTO {staged.marks} SELECT rowid, {position(staged.source, names[0])}, {quote_value(reason)} "
            f"FROM {staged.table} WHERE ({key}) IN ({twice}) AND {kept}"
        )


def same_client(child: Staged, clients: Staged, row: str, client: str) -> str:
    """SQL that is true where the child's row belongs to the client; kinds that differ are compared as text."""
    parts = []
    for own, theirs in zip(child.source.table.key, clients.source.table.key, strict=False):
        left, right = f"{row}.{quote_name(own)}", f"{client}.{quote_name(theirs)}"
        own_field, their_field = child.source.table.field(own), clients.source.table.field(theirs)
        if own_field is not None and their_field is not None and own_field.type is not their_field.type:
            left, right = f"CAST({left} AS VARCHAR)", f"CAST({right} AS VARCHAR)"
        parts.append(f"{left} = {right}")
    return " AND ".join(parts)


def orphans(child: Staged, clients: Staged) -> str:
    """A SELECT of `record` and `reason` over the child's rows whose client is blank or unknown."""
    blank = " OR ".join(f"{quote_name(name)} IS NULL" for name in child.source.table.key)
    same = same_client(child, clients, "child", "client")
    return (
        f"SELECT rowid AS record, CASE WHEN {blank} THEN 'blank_client' ELSE 'no_client' END AS reason FROM {child.table} AS child "
        f"WHERE NOT EXISTS (SELECT 1 FROM {clients.table} AS client WHERE {same})"
    )


def position(source: Source, field: str) -> int:
    """The position of a field among the source's columns."""
    return next(index for index, column in enumerate(source.columns) if column.field.name == field)


def notes(staged: Staged) -> tuple[Finding, ...]:
    """What was settled and what was rounded, said."""
    place = Place(staged.source.shown)
    found = []
    words = staged.words()
    if words:
        found.append(Finding("SS518", f"{staged.source.table.name}: read with {', '.join(words)}", place, "", Severity.NOTE))
    for field, count in staged.rounded:
        declared = staged.source.table.field(field)
        places = "4" if declared is not None and declared.type == "money" else "9"
        cells = "1 cell has" if count == 1 else f"{count} cells have"
        message = f"{staged.source.table.name}: {cells} more than {places} decimal places in '{field}': rounded"
        found.append(Finding("SS519", message, place, "", Severity.NOTE))
    return tuple(found)


def is_text(source: Source, index: int) -> bool:
    """True where a column was written by people, so that its numerals were settled."""
    return source.columns[index].form in WRITTEN


def _row(connection: Statements, sql: str) -> Sequence[int]:
    return connection.execute(sql).fetchone() or ()
