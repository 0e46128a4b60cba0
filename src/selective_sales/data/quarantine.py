"""Staged tables with bad rows in; the bad rows and their clients taken out, and a CSV of them written.

A client with one bad row is set aside whole, with every row in every table: a sum without the bad row would decide it wrongly.
So clients read = clients used + clients set aside.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..model.finding import Finding, Severity
from ..model.place import Place
from ..model.policy import WithoutClient
from ..model.sql import quote_name
from .bad import Problem, problems
from .staged import Staged, position, same_client
from .statements import Statements

COLUMNS = ("table", "file", "row", "column", "value", "why", "cells")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER = re.compile("[+-]?[0-9]+([.,][0-9]+)?")


@dataclass(frozen=True, slots=True)
class SetAside:
    """How many rows of a table were set aside, unreadable ones included."""

    rows: int


def set_aside(connection: Statements, staged: list[Staged], path: Path) -> tuple[dict[str, SetAside], tuple[Finding, ...]]:
    """Write the quarantine file, delete the rows from the typed tables, and say how many."""
    clients = next(one for one in staged if one.source.table.belongs_to is None)
    _list_clients(connection, clients, staged)
    for one in staged:
        _mark_companions(connection, one, clients)
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            for one in staged:
                writer.writerows(_rows(problems(connection, one, _listed(one), one.rejects)))
    except OSError as error:
        finding = Finding(
            "SS538", f"the quarantine file '{path}' cannot be written: {error.strerror}", Place(str(path)), "Name another file"
        )
        return {}, (finding,)
    counts: dict[str, SetAside] = {}
    for one in staged:
        row = connection.execute(f"DELETE FROM {one.table} WHERE rowid IN (SELECT record FROM {one.bad})").fetchone()
        counts[one.source.table.name] = SetAside((int(row[0]) if row else 0) + len(one.rejects))
    connection.execute("DROP TABLE _aside")
    return counts, _said(staged, counts, clients, path)


def _list_clients(connection: Statements, clients: Staged, staged: list[Staged]) -> None:
    """`_aside`: the record numbers of all clients that must go, by their own bad rows or a child's."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE _aside AS SELECT record FROM {clients.bad}")
    for one in staged:
        if one is clients:
            # Every row of a duplicate key is bad already, so a client's other rows need no search.
            continue
        same = same_client(one, clients, "child", "client")
        connection.execute(
            f"INSERT INTO _aside SELECT DISTINCT client.rowid FROM {clients.table} AS client, {one.table} AS child "
            f"WHERE {same} AND child.rowid IN (SELECT record FROM {one.bad})"
        )


def _mark_companions(connection: Statements, one: Staged, clients: Staged) -> None:
    """Mark the good rows that go with their client, and add them to the bad ones."""
    key = position(one.source, one.source.table.key[0])
    if one is clients:
        going = "SELECT record FROM _aside"
    else:
        same = same_client(one, clients, "child", "client")
        going = (
            f"SELECT DISTINCT child.rowid AS record FROM {one.table} AS child, {clients.table} AS client "
            f"WHERE {same} AND client.rowid IN (SELECT record FROM _aside)"
        )
    connection.execute(
        f"INSERT INTO {one.marks} SELECT DISTINCT record, {key}, 'with_client' FROM ({going}) "
        f"WHERE record NOT IN (SELECT record FROM {one.bad})"
    )
    connection.execute(f"INSERT INTO {one.bad} SELECT DISTINCT record FROM {one.marks} WHERE reason = 'with_client'")


def _listed(one: Staged) -> str:
    """The records that the file holds: the bad ones, and those without client where the table says that they are set aside."""
    if one.source.table.without_client is not WithoutClient.SET_ASIDE:
        return one.bad
    return f"(SELECT record FROM {one.bad} UNION SELECT record FROM {one.lost})"


def _rows(found: Iterator[Problem]) -> Iterator[tuple[str, ...]]:
    for problem in found:
        row = problem.row
        cells = json.dumps(dict(problem.raw), ensure_ascii=False)
        line = (row.table, row.place.file, str(row.place.line), row.column, "" if row.value is None else row.value, row.why, cells)
        yield tuple(_harmless(cell) for cell in line)


def _harmless(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet would take it for a formula; a plain number is none."""
    if cell.startswith(_FORMULA_STARTS) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def _said(staged: list[Staged], counts: dict[str, SetAside], clients: Staged, path: Path) -> tuple[Finding, ...]:
    found = []
    for one in sorted(staged, key=lambda each: each is not clients):
        count = counts[one.source.table.name].rows
        if count:
            what = "clients" if one is clients else f"rows of {quote_name(one.source.table.name)[1:-1]}"
            message = f"{count} of {one.rows_read} {what} are set aside"
            help_ = f"They and the reasons are in {path.name} of the run folder. A client with one bad row is set aside with all its rows"
            found.append(Finding("SS531", message, Place(one.source.shown), help_, Severity.WARNING))
    return tuple(found)
