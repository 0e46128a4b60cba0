"""Child rows without client in, by the table's `without_client`: listed to be taken out, or marked as bad."""

from __future__ import annotations

from dataclasses import dataclass

from ..model.finding import Finding, Severity
from ..model.place import Place
from ..model.policy import WithoutClient
from .staged import Staged, orphans, position
from .statements import Statements


@dataclass(frozen=True, slots=True)
class Clientless:
    """Rows without client that the contract takes out: how many, and whether they count as set aside or as ignored."""

    set_aside: int = 0
    ignored: int = 0


def find_clientless(connection: Statements, child: Staged, clients: Staged) -> Clientless:
    """List the child's rows without client in its table `lost` where the contract takes them out, with the reason among the marks.

    Where it does not they are marked only, which makes them bad rows. A row whose key cannot be read is none of them: it is bad.
    """
    without, key = child.source.table.without_client, position(child.source, child.source.table.key[0])
    connection.execute(
        f"INSERT INTO {child.marks} SELECT record, {key}, reason FROM ({orphans(child, clients)} AND {child.layers.states[0]} & 2 = 0)"
    )
    if without is WithoutClient.STOP:
        return Clientless()
    connection.execute(f"INSERT INTO {child.lost} SELECT record FROM {child.marks}")
    count = _count(connection, f"SELECT count(*) FROM {child.lost}")
    return Clientless(ignored=count) if without is WithoutClient.IGNORE else Clientless(set_aside=count)


def said_of_clientless(child: Staged, taken: Clientless, *, listed: bool) -> tuple[Finding, ...]:
    """That rows were taken out; `listed` says that they stand in quarantine.csv."""
    table, count = child.source.table, taken.set_aside + taken.ignored
    if not count:
        return ()
    rows = "1 row has" if count == 1 else f"{count} rows have"
    message = f"{table.name}: {rows} no client in the table clients: {'ignored' if taken.ignored else 'set aside'}"
    severity = Severity.NOTE if taken.ignored else Severity.WARNING
    help_ = f"As the table's without_client: {table.without_client} says"
    if listed and taken.set_aside:
        help_ += "; the rows are in quarantine.csv"
    return (Finding("SS532", message, Place(child.source.shown), help_, severity),)


def cannot_set_aside(connection: Statements, staged: Staged) -> Finding | None:
    """That rows of a child table cannot be given to any client: to set them aside would lower somebody's sums unseen."""
    if staged.source.table.belongs_to is None:
        return None
    unreadable = _count(connection, f"SELECT count(*) FROM {staged.table} WHERE {staged.layers.states[0]} & 2 <> 0") + len(staged.rejects)
    without = _count(
        connection,
        f"SELECT count(*) FROM {staged.marks} WHERE reason IN ('blank_client', 'no_client') "
        f"AND record NOT IN (SELECT record FROM {staged.lost})",
    )
    count = unreadable + without
    if not count:
        return None
    rows = "1 row" if count == 1 else f"{count} rows"
    message = f"{staged.source.table.name}: {rows} cannot be set aside, because nobody can say which client the row belongs to"
    help_ = "Correct these rows: without them some client's sums would be too low"
    if without:
        help_ += "; or say in the table what to do with a client that is blank or unknown: without_client: set_aside or ignore"
    return Finding("SS534", message, Place(staged.source.shown), help_)


def _count(connection: Statements, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0
