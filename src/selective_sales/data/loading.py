"""The room's one way in: tables and inputs in, typed tables and what is to be said of them out.

Order: open every source, stage every table, find the bad rows (also those that only several rows or tables show), then either
stop with them or set them aside with their clients.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb

from ..model import steps
from ..model.data import Address, BadRow, Loaded, LoadedTable
from ..model.finding import Finding, Severity
from ..model.place import Place
from ..model.policy import Table
from ..model.sql import quote_name
from ..model.steps import Step
from .bad import SHOWN, Problem, count_problems, problems
from .clientless import Clientless, cannot_set_aside, find_clientless, said_of_clientless
from .contract import contract_findings
from .opening import open_address, open_file, open_memory
from .quarantine import SetAside, set_aside
from .sources import Opened, first_line
from .staged import Staged, drop_states, mark_duplicates, notes, open_marks, stage
from .statements import Statements, UnreadableError
from .unchanged import changed, stamps

Opener = Callable[[int, Table, object], Opened]
"""The table's number, the table, what was given for it: its source out."""


def load_tables(
    connection: duckdb.DuckDBPyConnection,
    tables: tuple[Table, ...],
    inputs: Mapping[str, Path | object],
    *,
    currency: str,
    as_of: datetime.date,
    quarantine: Path | None,
    staging: Path,
) -> Loaded:
    """See `data.load`."""
    findings = contract_findings(connection, tables)
    if findings:
        return Loaded((), (), 0, tuple(findings))

    def opened(number: int, table: Table, data: object) -> Opened:
        copy = copied(staging, number)
        match data:
            case Path():
                return open_file(connection, table, data, copy)
            case Address():
                return open_address(connection, table, data, copy)
            case _:
                return open_memory(connection, table, data, f"_in{number}")

    before = stamps(inputs)
    try:
        loaded = load_opened(connection, opened, tables, inputs, currency=currency, as_of=as_of, quarantine=quarantine, staging=staging)
    except (duckdb.Error, OSError):
        # A file that is cut short or removed under the reader's hands stops it anywhere.
        if findings := list(changed(before, {})):
            return Loaded((), (), 0, tuple(findings))
        raise
    for number, table in enumerate(tables):
        if table.name in inputs and not isinstance(inputs[table.name], Path | Address):
            connection.unregister(f"_in{number}")
    findings = list(changed(before, {Path(table.source): table.sha256 for table in loaded.tables if table.sha256 is not None}))
    return Loaded((), (), 0, tuple(findings)) if findings else loaded


def load_opened(
    connection: Statements,
    opener: Opener,
    tables: tuple[Table, ...],
    inputs: Mapping[str, object],
    *,
    currency: str,
    as_of: datetime.date,
    quarantine: Path | None,
    staging: Path,
) -> Loaded:
    """The tables, from data that stay what they are, by whatever engine runs the statements."""
    findings: list[Finding] = []
    staged: list[Staged] = []
    for number, table in enumerate(tables):
        steps.begin(Step.READING, table.name)
        found, said = _stage(connection, opener, number, table, inputs, currency)
        findings += said
        if found is not None:
            staged.append(found)
    complete = len(staged) == len(tables)
    steps.begin(Step.CHECKING)
    taken = _find_bad(connection, staged)
    shown, count = _first_problems(connection, staged)
    unaccounted = [one.unaccounted for one in staged if one.unaccounted is not None]
    findings += unaccounted
    unknowable = unaccounted + [finding for one in staged if (finding := cannot_set_aside(connection, one))]
    goes_on = quarantine is not None and not unknowable and complete
    findings += _bad_findings(shown, count, Severity.ERROR if quarantine is None or unknowable else Severity.WARNING)
    for one in staged:
        findings += said_of_clientless(one, taken.get(one.number, Clientless()), listed=goes_on)
    aside: dict[str, SetAside] = {}
    if quarantine is not None and goes_on and (count or any(lost.set_aside for lost in taken.values())):
        aside, said = set_aside(connection, staged, quarantine)
        findings += said
    elif quarantine is not None and complete:
        findings += [finding for finding in unknowable if finding not in unaccounted]
    for one in staged:
        connection.execute(f"DELETE FROM {one.table} WHERE rowid IN (SELECT record FROM {one.lost})")
        findings += notes(one)
        findings += _freshness(connection, one, as_of)
        drop_states(connection, one)
    _clean_up(connection, staged)
    for number in range(len(tables)):
        copied(staging, number).unlink(missing_ok=True)
    loaded = tuple(_loaded(one, taken.get(one.number, Clientless()), aside.get(one.source.table.name, SetAside(0))) for one in staged)
    return Loaded(loaded, tuple(problem.row for problem in shown), count, tuple(findings))


def _stage(
    connection: Statements, opener: Opener, number: int, table: Table, inputs: Mapping[str, object], currency: str
) -> tuple[Staged | None, tuple[Finding, ...]]:
    """Open and stage one table; what the engine cannot read is a finding."""
    if table.name not in inputs:
        help_ = f"Give its file: --data {table.name}=FILE"
        return None, (Finding("SS505", f"there is no data for the table '{table.name}'", table.place, help_),)
    data = inputs[table.name]
    shown = f"{table.name} (in memory)"
    try:
        opened = opener(number, table, data)
        if opened.source is None:
            return None, opened.findings
        shown = opened.source.shown
        staged, findings = stage(connection, number, opened.source, currency)
    except (duckdb.InternalException, duckdb.OutOfMemoryException):
        raise
    except UnreadableError as error:
        message = f"{table.name}: {error}" if error.line else f"'{shown}' cannot be read: {error}"
        return None, (Finding(error.code, message, Place(shown, error.line, int(error.line > 0)), error.help),)
    except duckdb.Error as error:
        if "No space left" in str(error):
            # As with memory: the machine's limit, not a fault of the data.
            raise
        shown = str(data) if isinstance(data, Path | Address) else shown
        message = f"'{shown}' cannot be read: {first_line(error)}"
        return None, (Finding("SS509", message, Place(shown), "Write the file again, and check that it is complete"),)
    return staged, (*opened.findings, *findings)


def _find_bad(connection: Statements, staged: list[Staged]) -> dict[int, Clientless]:
    """Mark what only several rows show, list the rows that the contract takes out, and the bad records."""
    clients = next((one for one in staged if one.source.table.belongs_to is None), None)
    taken: dict[int, Clientless] = {}
    for one in staged:
        open_marks(connection, one)
        if one.source.table.belongs_to is not None and clients is not None:
            taken[one.number] = find_clientless(connection, one, clients)
        mark_duplicates(connection, one)
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {one.bad} AS SELECT record FROM (SELECT record FROM {one.marks} "
            f"UNION SELECT rowid FROM {one.table} WHERE {one.layers.states[0]} & 1 = 1) "
            f"WHERE record NOT IN (SELECT record FROM {one.lost})"
        )
    return taken


def _first_problems(connection: Statements, staged: list[Staged]) -> tuple[list[Problem], int]:
    """The first problems in table and file order, and how many there are in all."""
    shown: list[Problem] = []
    count = 0
    for one in staged:
        bad = connection.execute(f"SELECT count(*) FROM {one.bad}").fetchone()
        in_records = count_problems(connection, one, one.bad) if bad and bad[0] else 0
        count += in_records + len(one.rejects)
        if len(shown) < SHOWN and in_records + len(one.rejects):
            first = f"(SELECT record FROM {one.bad} ORDER BY record LIMIT {SHOWN})"
            shown += problems(connection, one, first, one.rejects[:SHOWN])
    return shown[:SHOWN], count


def _bad_findings(shown: list[Problem], count: int, severity: Severity) -> list[Finding]:
    found = [Finding(problem.row.code, _sentence(problem.row), problem.row.place, problem.help, severity) for problem in shown]
    if count > len(shown) and shown:
        rest = count - len(shown)
        message = (
            f"and {rest} more bad {'cell or row' if rest == 1 else 'cells and rows'} ({count} in all; the first {len(shown)} are shown)"
        )
        found.append(
            Finding(
                "SS530", message, Place(shown[-1].row.place.file), "Correct the file, or set the bad rows aside with --quarantine", severity
            )
        )
    return found


def _sentence(row: BadRow) -> str:
    if not row.column:
        return f"{row.table}: the row {row.why}"
    value = "the cell" if row.value is None else f"'{_printable(row.value)}'"
    return f"{row.table}: {row.column}: {value} {row.why}"


def _printable(text: str) -> str:
    """Control and direction characters replaced: a cell must not steer the terminal it is shown in."""
    return "".join(char if char.isprintable() else "\ufffd" for char in text)


def _freshness(connection: Statements, staged: Staged, as_of: datetime.date) -> list[Finding]:
    """`fresh_within`: the newest date must not be older."""
    table = staged.source.table
    if table.fresh_within is None or table.date_field is None or table.field(table.date_field) is None:
        return []
    row = connection.execute(f"SELECT CAST(max({quote_name(table.date_field)}) AS VARCHAR) FROM {staged.table}").fetchone()
    newest = row[0] if row else None
    if newest is not None and (as_of - datetime.date.fromisoformat(newest)).days <= table.fresh_within:
        return []
    said = f"the newest {table.date_field} is {newest}" if newest else f"no row has a {table.date_field}"
    message = f"{table.name}: {said}; on {as_of} the data may be {table.fresh_within} days old"
    severity = Severity.ERROR if table.when_stale == "fail" else Severity.WARNING
    return [Finding("SS533", message, Place(staged.source.shown), "Get newer data, or change fresh_within in the policy", severity)]


def copied(staging: Path, number: int) -> Path:
    """Where the transcoded copy of a table's file goes."""
    return staging / f"table{number}.utf8"


def _clean_up(connection: Statements, staged: list[Staged]) -> None:
    for one in staged:
        connection.execute(f"DROP TABLE IF EXISTS {one.marks}")
        connection.execute(f"DROP TABLE IF EXISTS {one.bad}")
        connection.execute(f"DROP TABLE IF EXISTS {one.lost}")


def _loaded(staged: Staged, lost: Clientless, aside: SetAside) -> LoadedTable:
    out = lost.set_aside + aside.rows
    source = staged.source
    used = staged.rows_read - lost.ignored - out
    return LoadedTable(
        source.table.name, source.shown, source.format, source.sha256, staged.rows_read, used, out, lost.ignored, staged.words()
    )
