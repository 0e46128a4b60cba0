"""A policy and client data in, a run out: the decisions with their evidence in a run folder that appears whole or not at all."""

from __future__ import annotations

import datetime
import importlib.metadata
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from .. import compiling, data, reading
from ..deciding import exceptions as exception_list
from ..deciding import manifest as manifests
from ..engines import digesting
from ..engines import duckdb_engine as engine
from ..engines.duckdb_engine import Limits as Limits
from ..model import steps
from ..model.checked import CheckedPolicy
from ..model.data import Loaded
from ..model.exceptions import ExceptionsFile, PolicyException
from ..model.finding import Finding, has_errors, in_order
from ..model.plan import Query
from ..model.profile import Measured
from ..model.steps import Step
from ..staging import FolderTakenError, staged
from .history import EarlierRun, copy_approvals, create_history, earlier_runs, history_findings
from .policies import date_findings, file_finding, glob_finding, load_policy
from .profiling import measured
from .results import BREACHES, result_findings, whole_result, write_breaches
from .results_json import results_json
from .summary import Summary, summarise

if TYPE_CHECKING:
    import duckdb


class Ending(Enum):
    """How a run ended: DONE, or the side on which the error lies."""

    DONE = "done"
    INVALID_POLICY = "invalid policy"
    BROKEN_DATA = "broken data"
    USAGE = "usage"


@dataclass(frozen=True, slots=True)
class Request:
    """What a run is asked for. `inputs` maps a table's name to its file or to a table in memory; `out` None keeps no run folder."""

    inputs: Mapping[str, Path | object]
    as_of: datetime.date
    out: Path | None = None
    exceptions: Path | None = None
    quarantine: bool = False
    write_csv: bool = False
    write_xlsx: bool = False
    keep_data: bool = False
    limits: Limits = field(default_factory=Limits)
    temp: Path | None = None
    history: Path | None = None
    """A folder of earlier runs of the same policy."""
    language: str | None = None
    """Of the workbook; the policy's first where None."""
    for_excel: bool = field(default=False, kw_only=True)
    """Whether the CSV files are written as a Polish Excel opens them."""
    approvals: Mapping[str, Path] | None = field(default=None, kw_only=True)
    """The approvals of the earlier runs by their ids, as a replay has them; None: those that stand beside each run now."""
    measure: bool = False
    """Whether to measure afterwards what each part of the policy costs."""
    spark: str | None = field(default=None, kw_only=True)
    """The Spark master that reads and decides; None: DuckDB does. Then `inputs` are places of Spark."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a request. `summary` is None where nothing was decided; then nothing was written either."""

    ending: Ending
    findings: tuple[Finding, ...]
    summary: Summary | None = None
    query: Query | None = None
    folder: Path | None = None
    measured: Measured | None = None
    checked: CheckedPolicy | None = None


class StoppedError(Exception):
    """Leaves a run before anything is published."""

    def __init__(self, ending: Ending, findings: tuple[Finding, ...]) -> None:
        super().__init__(ending.value)
        self.outcome = Outcome(ending, in_order(findings))


def evaluate(policy: Path, request: Request) -> Outcome:
    """Decides every client of the request's data by the policy."""
    checked, findings = load_policy(policy)
    if checked is None:
        return Outcome(Ending.INVALID_POLICY, findings)
    return evaluate_checked(checked, request, findings)


def evaluate_files(
    policy: Path, arguments: Sequence[str], request: Callable[[Mapping[str, object]], Request], *, spark: bool = False
) -> Outcome:
    """Decides every client of the files named by `TABLE=FILE` and `FOLDER` arguments (and the policy's `source:`)."""
    steps.begin(Step.POLICY)
    checked, findings = load_policy(policy)
    if checked is None:
        return Outcome(Ending.INVALID_POLICY, findings)
    inputs: Mapping[str, object]
    if spark:
        from .spark_runs import places_from

        inputs, told = places_from(arguments, checked.policy.delivered, policy)
    else:
        inputs, told = data.inputs_from(arguments, checked.policy.delivered, policy)
    if has_errors(told):
        return Outcome(Ending.USAGE, in_order((*findings, *told)))
    return evaluate_checked(checked, request(inputs), (*findings, *told))


def evaluate_checked(checked: CheckedPolicy, request: Request, findings: tuple[Finding, ...] = ()) -> Outcome:
    """Decides every client by a policy that has been read and checked."""
    unusable = glob_finding(request.out) if request.out else ()
    if request.write_xlsx:
        from .workbooks import missing_extra

        unusable = (*unusable, *missing_extra())
    if unusable:
        return Outcome(Ending.USAGE, unusable)
    try:
        entries, file, told = usable_exceptions(checked, request)
        findings = (*findings, *date_findings(checked, request.as_of), *told)
        if has_errors(findings):
            raise StoppedError(Ending.INVALID_POLICY, findings)
        earlier: tuple[EarlierRun, ...] = ()
        if request.history is not None:
            earlier, told = earlier_runs(checked.policy, request.history, request.as_of, request.approvals)
            findings = (*findings, *told)
            if has_errors(findings):
                raise StoppedError(Ending.INVALID_POLICY, findings)
        findings = (*findings, *history_findings(checked.policy, request.history is not None))
        with place_for(request.out) as folder:
            outcome = kind_of_run(request)(checked, request, folder, entries, file, earlier).decide(findings)
        return replace(outcome, folder=request.out) if request.out else outcome
    except StoppedError as stop:
        return stop.outcome
    except FolderTakenError as error:
        help = "a run is evidence and never overwritten: name a new folder with --out, or remove the old one yourself"
        return Outcome(Ending.USAGE, (file_finding("SS703", f"the folder '{error}' is there already", str(error), help),))
    except engine.EngineError as error:
        stopped = file_finding("SS704", f"the engine stopped: {error}", engine_place(request), error.help)
        return Outcome(Ending.USAGE, in_order((*findings, stopped)))
    except OSError as error:
        place = error.filename or engine_place(request)
        message = f"the run could not be written: {error.strerror or error}"
        return Outcome(Ending.USAGE, (file_finding("SS705", message, place, "check the folder, its rights and the room on the disk"),))
    except manifests.ChangedError as error:
        return Outcome(Ending.USAGE, (file_finding("SS706", "the file changed while the run read it", str(error), "run again"),))


def kind_of_run(request: Request) -> type[Run]:
    if request.spark is None:
        return Run
    from .spark_runs import SparkRun

    return SparkRun


def engine_place(request: Request) -> str:
    return str(request.out) if request.out else "run"


def usable_exceptions(
    checked: CheckedPolicy, request: Request
) -> tuple[tuple[PolicyException, ...], ExceptionsFile | None, tuple[Finding, ...]]:
    """The exceptions in force on the run's date."""
    if request.exceptions is None:
        return (), None, ()
    file, read = reading.read_exceptions(request.exceptions)
    if file is None:
        return (), None, read
    entries, told = exception_list.resolve(checked.policy, file, request.as_of)
    return entries, file, (*read, *told)


@contextmanager
def place_for(out: Path | None) -> Iterator[Path]:
    """The staging folder of a run that is kept, or a temporary one."""
    if out is not None:
        with staged(out, mode=0o700) as staging:
            yield staging
    else:
        with tempfile.TemporaryDirectory(prefix="selective-sales-") as name:
            yield Path(name)


@dataclass(frozen=True, slots=True)
class Run:
    """One run in its staging folder."""

    checked: CheckedPolicy
    request: Request
    folder: Path
    exceptions: tuple[PolicyException, ...]
    exceptions_file: ExceptionsFile | None
    earlier: tuple[EarlierRun, ...] = ()

    def decide(self, findings: tuple[Finding, ...]) -> Outcome:
        scratch = self.folder / "scratch"
        scratch.mkdir()
        files = [p.absolute() for p in self.request.inputs.values() if isinstance(p, Path)]
        files += [run.decisions for run in self.earlier]
        costs: Measured | None = None
        steps.begin(Step.STARTING)
        with engine.connected(files, [self.folder], self.request.temp or scratch, self.request.limits) as connection:
            loaded = self.load(connection, scratch, findings)
            findings = (*findings, *loaded.findings)
            query = self.run_query(connection)
            steps.begin(Step.DIGEST)
            digest = digesting.digest(connection, query.result_columns, self.folder / "decisions.parquet")
            run_id = manifests.run_id(
                self.checked.policy.id,
                self.request.as_of,
                [s.sha256 for s in self.checked.policy.sources],
                [(t.name, t.sha256) for t in loaded.tables],
                self.exceptions_sha256,
                digest,
                self.history_sha256,
            )
            steps.begin(Step.RESULTS)
            whole = whole_result(connection, self.checked, self.folder, self.request.as_of)
            if self.request.out is not None and whole.breaches:
                write_breaches(connection, self.checked, whole, self.folder, self.request.as_of)
            steps.begin(Step.COUNTING)
            summary = summarise(connection, self.checked, self.folder, self.request.as_of, loaded, run_id, digest, whole)
            findings = (*findings, *result_findings(self.checked, whole))
            effects = [(e.client, e.policy_decision, e.decision) for e in summary.exceptions]
            findings = (*findings, *exception_list.applied(self.exceptions, effects))
            if self.request.measure:
                costs = self.measured(connection, scratch)
        if self.request.write_xlsx:
            self.write_workbook(summary)
        if self.request.for_excel:
            self.rewrite_tables(query)
        if self.request.out is not None:
            steps.begin(Step.PUBLISHING)
        shutil.rmtree(scratch)
        if self.request.out is not None:
            manifests.write(self.manifest(summary), self.folder)
        return Outcome(Ending.DONE, in_order(findings), summary, query, measured=costs, checked=self.checked)

    def rewrite_tables(self, query: Query) -> None:
        """The run's CSV files, whichever there are."""
        from .excel_csv import rewrite_for_excel

        decided = [n for n, column in enumerate(query.result_columns) if column.kind.is_numeric and not column.is_list]
        for name, numbers in (("decisions.csv", decided), ("quarantine.csv", []), (BREACHES, [])):
            if (self.folder / name).is_file():
                rewrite_for_excel(self.folder / name, numbers)

    def write_workbook(self, summary: Summary) -> None:
        from .workbooks import NAME, write_decisions
        from .worklist import Ground

        steps.begin(Step.COPYING)
        ground = Ground(
            self.checked, self.folder, self.request.as_of, summary.run_id, self.request.history is not None, self.request.limits
        )
        write_decisions(ground, summary, self.request.language or self.checked.policy.languages[0], self.folder / NAME)

    def measured(self, connection: duckdb.DuckDBPyConnection, scratch: Path) -> Measured:
        exceptions, history = bool(self.exceptions), self.request.history is not None
        return measured(connection, self.checked, self.request.as_of, scratch, exceptions=exceptions, history=history)

    @property
    def exceptions_sha256(self) -> str | None:
        return None if self.exceptions_file is None else self.exceptions_file.sha256

    @property
    def history_sha256(self) -> list[str] | None:
        return None if self.request.history is None else [run.entry.digest for run in self.earlier]

    def load(self, connection: duckdb.DuckDBPyConnection, scratch: Path, findings: tuple[Finding, ...]) -> Loaded:
        policy, loaded = self.checked.policy, self.load_tables(connection, scratch)
        if has_errors(loaded.findings):
            ending = Ending.USAGE if data.is_change(loaded.findings) else Ending.BROKEN_DATA
            raise StoppedError(ending, (*findings, *loaded.findings))
        if self.request.write_xlsx:
            from .workbooks import too_many

            clients = next(t.rows_used for t in loaded.tables if t.name == policy.clients.name)
            if refused := too_many(clients):
                raise StoppedError(Ending.USAGE, (*findings, *refused))
        return loaded

    def load_tables(self, connection: duckdb.DuckDBPyConnection, scratch: Path) -> Loaded:
        policy = self.checked.policy
        return data.load(
            connection,
            policy.delivered,
            {name: p.absolute() if isinstance(p, Path) else p for name, p in self.request.inputs.items()},
            currency=policy.currency,
            as_of=self.request.as_of,
            quarantine=self.folder / "quarantine.csv" if self.request.quarantine else None,
            staging=scratch,
        )

    def run_query(self, connection: duckdb.DuckDBPyConnection) -> Query:
        key = self.checked.policy.clients.key
        history = self.checked.policy.table("history")
        if history is not None:
            create_history(connection, history, self.earlier)
        query = compiling.compile_policy(
            self.checked, self.request.as_of, exceptions=bool(self.exceptions), history=self.request.history is not None
        )
        if self.exceptions:
            engine.create_exceptions(connection, [(e.client, e.decision) for e in self.exceptions], len(key))
        engine.decide(connection, query, self.folder)
        self.copy(connection, query)
        return query

    def copy(self, connection: duckdb.DuckDBPyConnection, query: Query) -> None:
        """What is written beside the decisions where somebody wants it."""
        if self.request.write_csv or self.request.keep_data:
            steps.begin(Step.COPYING)
        if self.request.write_csv:
            engine.write_csv(connection, query.result_columns, self.folder / "decisions.parquet", self.folder / "decisions.csv")
        if self.request.keep_data:
            (self.folder / "data").mkdir()
            self.keep_data(connection, self.folder / "data")

    def keep_data(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        engine.keep_tables(connection, self.checked.policy.tables, folder)

    def versions(self) -> dict[str, str]:
        return versions()

    def manifest(self, summary: Summary) -> manifests.Manifest:
        policy = self.checked.policy
        policy_files = manifests.copy_sources(policy.sources, self.folder)
        copy_approvals(self.earlier, self.folder)
        exceptions = None
        if self.exceptions_file is not None and self.request.exceptions is not None:
            (self.folder / "exceptions").mkdir()
            copy = "exceptions/exceptions.yaml"
            shutil.copyfile(self.request.exceptions, self.folder / copy)
            if manifests.sha256_of(self.folder / copy) != self.exceptions_file.sha256:
                raise manifests.ChangedError(str(self.request.exceptions))
            exceptions = manifests.FileDigest(str(self.request.exceptions), self.exceptions_file.sha256, copy)
        return manifests.Manifest(
            run_id=summary.run_id,
            policy_id=policy.id,
            policy_version=policy.version,
            as_of=self.request.as_of,
            written_at=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            policy_files=policy_files,
            exceptions=exceptions,
            tables=summary.loaded.tables,
            quarantine=self.request.quarantine,
            keeps_data=self.request.keep_data,
            clients=summary.clients,
            decisions={c.name: c.clients for c in summary.decisions},
            digest=summary.digest,
            decisions_sha256=manifests.sha256_of(self.folder / "decisions.parquet"),
            facts_sha256=manifests.sha256_of(self.folder / "facts.parquet"),
            versions=self.versions(),
            history=None if self.request.history is None else tuple(run.entry for run in self.earlier),
            breaches=summary.whole.breaches,
            results=results_json(summary.whole),
        )


def versions() -> dict[str, str]:
    """What decided: this program and its engine."""
    return {name: importlib.metadata.version(name) for name in ("selective-sales", "duckdb")}
