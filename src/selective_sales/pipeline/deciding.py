"""A policy and a few clients as Python values in, their decisions out: at once by a prepared statement, or as a run without a folder.

The prepared statement takes what stands in the plainest forms. All else goes through the loader (whose findings say what is wrong), as do
history, exceptions and the other clients of a finished run.
"""

from __future__ import annotations

import datetime
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .. import compiling, data
from ..engines import duckdb_engine as engine
from ..engines.prepared import PreparedPolicy
from ..model.checked import CheckedPolicy
from ..model.decision import Decision
from ..model.exceptions import PolicyException
from ..model.finding import Finding, has_errors, in_order
from ..model.place import Place
from ..model.plan import Query
from ..model.policy import Table
from .beside_run import decided_beside, portfolio_findings
from .history import HISTORY, create_history, earlier_runs
from .policies import date_findings, file_finding
from .runs import Ending, Request, usable_exceptions

if TYPE_CHECKING:
    import duckdb

KEPT = 8
"""Statements that stay prepared at once: for four dates, one client and several."""

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom to decide, and how. `alone`: one client, whose child rows need not say whose they are."""

    clients: Sequence[object]
    child_rows: Mapping[str, object]
    as_of: datetime.date
    alone: bool = False
    portfolio: Path | None = None
    exceptions: Path | None = None
    history: Path | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """`decisions` in the order of the clients; None where `findings` say why there are none, and `ending` on which side that lies."""

    decisions: tuple[Decision, ...] | None
    findings: tuple[Finding, ...] = ()
    ending: Ending = Ending.DONE


class RefusedError(Exception):
    """Leaves before anything is decided."""

    def __init__(self, ending: Ending, findings: Sequence[Finding]) -> None:
        super().__init__(ending.value)
        self.answer = Answer(None, in_order(tuple(findings)), ending)


@dataclass(slots=True)
class Decider:
    """Decides by one policy. The statements prepared for the last dates are kept until it is closed; threads may share it."""

    checked: CheckedPolicy
    prepared: dict[tuple[datetime.date, bool], PreparedPolicy] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    looks_around: bool = field(init=False)

    def __post_init__(self) -> None:
        self.looks_around = compiling.looks_at_portfolio(self.checked)

    def decide(self, asked: Asked) -> Answer:
        try:
            self._refuse(asked)
            rows, findings = data.given_rows(self.checked.policy.delivered, asked.clients, asked.child_rows, alone=asked.alone)
            if findings:
                return Answer(None, in_order(findings), Ending.BROKEN_DATA)
            if not asked.clients:
                return Answer(())
            found, reason = self._at_once(asked, rows)
            if found is None:
                found = self._as_run(asked, rows)
        except RefusedError as refused:
            return refused.answer
        except engine.EngineError as error:
            help_ = "give fewer clients at once, or use evaluate"
            return Answer(None, (file_finding("SS704", f"the engine stopped: {error}", "decide", help_),), Ending.USAGE)
        key = self.checked.policy.clients.key
        return Answer(tuple(Decision.of_row(row, key, asked.as_of, reason or None) for row in found))

    def close(self) -> None:
        with self.lock:
            for one in self.prepared.values():
                one.close()
            self.prepared.clear()

    def _refuse(self, asked: Asked) -> None:
        """What makes a decision impossible, whoever the client is."""
        findings = date_findings(self.checked, asked.as_of)
        if has_errors(findings):
            raise RefusedError(Ending.INVALID_POLICY, findings)
        findings = history_findings(asked.history)
        if findings:
            raise RefusedError(Ending.USAGE, findings)
        findings = portfolio_findings(self.checked, asked.portfolio, looks_around=self.looks_around)
        if findings:
            raise RefusedError(Ending.USAGE, findings)

    def _at_once(self, asked: Asked, rows: data.Rows) -> tuple[list[Row] | None, str]:
        """By the prepared statement; None, and why, where it does not take these rows."""
        for name, given in self._beside(asked).items():
            if given:
                return None, f"{name} given"
        literals, reason = data.literals(self.checked.policy.delivered, rows)
        if literals is None:
            return None, reason
        try:
            statement = self._statement(asked.as_of, alone=len(asked.clients) == 1)
            return statement.decide(literals.tables, literals.keys, blanks=literals.blanks), ""
        except engine.EngineError as error:
            # A row that breaks the contract, for one: the loader says which.
            return None, str(error)

    def _beside(self, asked: Asked) -> dict[str, bool]:
        """What the prepared statement does not know, and whether it could change a decision."""
        looks_back = self.checked.policy.table(HISTORY) is not None
        return {
            "a portfolio is": asked.portfolio is not None and self.looks_around,
            "exceptions are": asked.exceptions is not None,
            "history is": asked.history is not None and looks_back,
        }

    def _statement(self, as_of: datetime.date, *, alone: bool) -> PreparedPolicy:
        """The policy prepared for that date, now where it was not."""
        with self.lock:
            if (as_of, alone) not in self.prepared:
                while len(self.prepared) >= KEPT:
                    self.prepared.pop(next(iter(self.prepared))).close()
                policy = self.checked.policy
                tables = {table.name: data.typed_select(table, number) for number, table in enumerate(policy.delivered, 1)}
                query = compiling.prepared_query(self.checked, as_of, tables, alone=alone)
                self.prepared[as_of, alone] = PreparedPolicy(query)
            return self.prepared[as_of, alone]

    def _as_run(self, asked: Asked, rows: data.Rows) -> list[Row]:
        """As `evaluate` does, on a connection of its own."""
        policy = self.checked.policy
        request = Request(inputs={}, as_of=asked.as_of, exceptions=asked.exceptions, history=asked.history)
        exceptions, _, told = usable_exceptions(self.checked, request)
        if has_errors(told):
            raise RefusedError(Ending.INVALID_POLICY, told)
        earlier, told = ((), ()) if asked.history is None else earlier_runs(policy, asked.history, asked.as_of)
        if has_errors(told):
            raise RefusedError(Ending.INVALID_POLICY, told)
        with tempfile.TemporaryDirectory(prefix="selective-sales-") as name:
            folder = Path(name)
            files = {t.name: data.write_lines(t, rows[t.name], folder, n) for n, t in enumerate(policy.delivered)}
            readable = [*files.values(), *(run.decisions for run in earlier)]
            if asked.portfolio is not None:
                readable.append((asked.portfolio / "facts.parquet").absolute())
            with engine.connected(readable, [folder], folder, engine.Limits(threads=1)) as connection:
                tables = tuple(as_given(t, files) for t in policy.delivered)
                loaded = data.load(connection, tables, files, currency=policy.currency, as_of=asked.as_of, quarantine=None, staging=folder)
                if has_errors(loaded.findings):
                    names = {str(path): table for table, path in files.items()}
                    raise RefusedError(Ending.BROKEN_DATA, [said_of_given(f, names) for f in loaded.findings if f.severity == "error"])
                history = policy.table("history")
                if history is not None:
                    create_history(connection, history, earlier)
                query = compiling.compile_policy(self.checked, asked.as_of, exceptions=bool(exceptions), history=asked.history is not None)
                decided = self._decided(connection, query, asked, exceptions)
                order = engine.loaded_keys(connection, policy.clients.name, query.key)
                by_key = {tuple(row[name] for name in query.key): row for row in decided}
                return [by_key[key] for key in order]

    def _decided(
        self, connection: duckdb.DuckDBPyConnection, query: Query, asked: Asked, exceptions: Sequence[PolicyException]
    ) -> list[Row]:
        """The loaded clients' decisions, alone or among the run's other clients."""
        if asked.portfolio is not None and self.looks_around:
            return decided_beside(connection, self.checked, query, asked.portfolio, asked.as_of, exceptions)
        if exceptions:
            engine.create_exceptions(connection, [(e.client, e.decision) for e in exceptions], len(query.key))
        return engine.decided_rows(connection, query)


def history_findings(folder: Path | None) -> tuple[Finding, ...]:
    """That there is no such folder of earlier runs."""
    if folder is None or folder.is_dir():
        return ()
    return (file_finding("SS895", "there is no such folder of earlier runs", folder, "Give a folder; an empty one for the first run"),)


def as_given(table: Table, files: Mapping[str, Path]) -> Table:
    """The table as its rows were handed on (of none the header is written). How fresh the data are is not asked of one client's rows."""
    table = replace(table, fresh_within=None)
    if table.name in files and files[table.name].suffix == ".csv":
        return replace(table, csv=replace(table.csv, delimiter=",", quote='"', encoding="utf-8", header=True))
    return table


def said_of_given(finding: Finding, names: Mapping[str, str]) -> Finding:
    """The finding about the values given instead of the file in which they were handed on."""
    table = names.get(finding.place.file)
    message = finding.message
    for path, name in names.items():
        message = message.replace(path, name)
    place = finding.place if table is None else Place(table, finding.place.line, 0)
    return replace(finding, message=message, place=place)
