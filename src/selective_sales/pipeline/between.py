"""Policies between an old and a new one, decided over the same data by the production query.

Data are loaded once for every contract; a policy that reads them otherwise (another column, another range) gets its own load.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .. import compiling, data
from ..comparing.meaning import meaning
from ..engines import duckdb_engine as engine
from ..engines import evidence
from ..model.checked import CheckedPolicy
from ..model.data import Given, Loaded
from ..model.finding import Finding, Severity, has_errors
from ..model.plan import Query
from ..model.policy import Table
from ..model.results import WholeResult
from .changes import SCENARIO
from .history import EarlierRun, create_history, earlier_runs, history_findings
from .policies import date_findings
from .results import whole_result
from .runs import Ending, Request, Run, StoppedError, usable_exceptions
from .sides import OpenSide, undated

if TYPE_CHECKING:
    import datetime

    import duckdb


@dataclass(frozen=True, slots=True)
class Opened:
    """A contract's data, loaded."""

    connection: duckdb.DuckDBPyConnection
    loaded: Loaded
    tables: tuple[tuple[str, tuple[str, ...]], ...]
    """Each with its key."""


@dataclass(slots=True)
class Workshop:
    """Decides policies over the data of the request. `root` is a temporary folder that every connection may use."""

    arguments: Sequence[str]
    request: Request
    root: Path
    stack: ExitStack
    sides: tuple[CheckedPolicy, ...]
    opened: dict[object, Opened] = field(default_factory=dict)
    narrowed: Path | None = None
    """The keys of the only clients that still matter, once that is known."""
    base: tuple[CheckedPolicy, Path, Path] | None = None
    """The old policy, its file and its facts, once it has been decided."""
    policies: int = 0

    def findings(self, side: OpenSide) -> tuple[Finding, ...]:
        """What keeps the side from being decided on the request's date; that it does not hold then is only said."""
        told = date_findings(side.checked, self.request.as_of)
        history = tuple(history_findings(side.checked.policy, self.request.history is not None))
        return history + tuple(
            replace(f, code="SS847", severity=Severity.NOTE, message=f"{f.message}; it is compared as if it held", help="")
            if f.code == "SS701"
            else f
            for f in told
        )

    def decide(self, checked: CheckedPolicy, path: Path) -> tuple[Path, tuple[Finding, ...]]:
        """The folder with the policy's facts and decisions. Raises StoppedError where it cannot be decided over these data."""
        checked = undated(checked)
        opened = self.open(checked, path)
        entries, file, told = usable_exceptions(checked, self.request)
        if has_errors(told):
            raise StoppedError(Ending.INVALID_POLICY, told)
        self.policies += 1
        folder = self.root / f"decided{self.policies}"
        folder.mkdir()
        earlier, more = self.earlier(checked)
        Run(checked, replace(self.request, quarantine=False), folder, entries, file, earlier).run_query(opened.connection)
        return folder, (*told, *more, *opened.loaded.findings)

    def between(self, checked: CheckedPolicy) -> Path | None:
        """The folder with the decisions of a policy between the two, for those who moved; None where the data are not to be had for it.

        Exceptions are left aside: they hold on both sides, and whom they decide does not move. Where the old policy's facts answer all that
        the policy asks, they are not computed again.
        """
        assert self.base is not None
        old, path, facts = self.base
        checked = undated(checked)
        if has_errors(date_findings(checked, self.request.as_of)):
            return None
        self.policies += 1
        folder = self.root / f"between{self.policies}"
        folder.mkdir()
        connection = self.open(undated(old), path).connection
        query = None
        if contract_of(checked) == contract_of(undated(old)):
            query = over_facts(connection, facts, undated(old), checked, self.request.as_of, self.narrowed)
        if query is None:
            try:
                connection = self.open(checked, path).connection
            except StoppedError as stop:
                if data.is_change(stop.outcome.findings):
                    raise
                return None
            history = checked.policy.table("history")
            if history is not None:
                create_history(connection, history, self.earlier(checked)[0])
            query = compiling.compile_policy(checked, self.request.as_of, history=self.request.history is not None)
        evidence.decide_briefly(connection, query, folder / "decisions.parquet")
        return folder

    def whole(self, checked: CheckedPolicy, path: Path, folder: Path) -> WholeResult:
        """What the decided policy came to as a whole."""
        return whole_result(self.open(undated(checked), path).connection, undated(checked), folder, self.request.as_of)

    def earlier(self, checked: CheckedPolicy) -> tuple[tuple[EarlierRun, ...], tuple[Finding, ...]]:
        if self.request.history is None:
            return (), ()
        return earlier_runs(checked.policy, self.request.history, self.request.as_of)

    def open(self, checked: CheckedPolicy, path: Path) -> Opened:
        """The data by the policy's contract."""
        inputs, told = data.inputs_from(self.arguments, checked.policy.delivered, path)
        if has_errors(told):
            raise StoppedError(Ending.USAGE, told)
        key = (contract_of(checked), tuple(sorted((name, str(file.absolute())) for name, file in inputs.items())))
        if key not in self.opened:
            loaded = self.load(checked, inputs, len(self.opened) + 1)
            self.refuse_other_data(loaded.loaded)
            self.opened[key] = replace(loaded, loaded=replace(loaded.loaded, findings=(*told, *loaded.loaded.findings)))
        return self.opened[key]

    def refuse_other_data(self, loaded: Loaded) -> None:
        """Raises StoppedError where a file is not what an earlier load has read: whoever moves would move by the data."""
        read = {table.source: table.sha256 for opened in self.opened.values() for table in opened.loaded.tables}
        others = [t.source for t in loaded.tables if read.get(t.source, t.sha256) != t.sha256]
        if others:
            raise StoppedError(Ending.USAGE, tuple(data.changed_finding(Path(source)) for source in others))

    def load(self, checked: CheckedPolicy, inputs: Mapping[str, Given], number: int) -> Opened:
        folder = self.root / f"load{number}"
        temp = folder / "scratch"
        temp.mkdir(parents=True)
        request = replace(self.request, inputs=inputs)
        earlier = [run.decisions for side in self.sides for run in self.earlier(side)[0]]
        files = [*(p.absolute() for p in inputs.values() if isinstance(p, Path)), *earlier]
        connection = self.stack.enter_context(engine.connected(files, [self.root], self.request.temp or temp, self.request.limits))
        loaded = Run(checked, request, folder, (), None).load(connection, temp, ())
        opened = Opened(connection, loaded, tuple((t.name, t.key) for t in checked.policy.delivered))
        if self.narrowed is not None:
            self.narrow_one(opened)
        return opened

    def narrow(self, moved: Path) -> None:
        """From here on only these clients are decided: allowed where nobody's decision depends on another client."""
        self.narrowed = moved
        for opened in self.opened.values():
            self.narrow_one(opened)

    def narrow_one(self, opened: Opened) -> None:
        assert self.narrowed is not None
        evidence.keep_only(opened.connection, opened.tables, self.narrowed)


def contract_of(checked: CheckedPolicy) -> object:
    """What a load depends on: equal for policies that can share one."""
    return (checked.policy.currency, tuple(meaning(bare(table)) for table in checked.policy.delivered))


def bare(table: Table) -> Table:
    """The table without what is only said of it, and without what is calculated."""
    fields = tuple(
        replace(f, label=None, description="", labels=(), tell_client=False, can_change=False, protected=False)
        for f in table.fields
        if f.calculation is None
    )
    return replace(table, fields=fields, display=None)


def over_facts(
    connection: duckdb.DuckDBPyConnection,
    facts: Path,
    base: CheckedPolicy,
    checked: CheckedPolicy,
    as_of: datetime.date,
    moved: Path | None,
) -> Query | None:
    """The query that decides a policy over the facts of another one's run (of those who moved alone); None where they do not serve it."""
    columns = compiling.served_columns(base, as_of, checked, as_of, SCENARIO)
    if columns is None:
        return None
    evidence.open_scenario(connection, facts, columns, SCENARIO, base.policy.clients.key, moved)
    return replace(compiling.scenario_query(checked, as_of, SCENARIO), key=checked.policy.clients.key)


def looks_at_portfolio(sides: Sequence[CheckedPolicy]) -> bool:
    return any(compiling.looks_at_portfolio(checked) for checked in sides)
