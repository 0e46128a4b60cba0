"""A run whose data are read, checked and decided by Spark: the same run folder, and the same words, as DuckDB's.

What looks at the finished run (digest, limits, figures, summary) reads its files, and is DuckDB's as ever. What this engine does not do is
refused before anything is read.
"""

from __future__ import annotations

import importlib.metadata
import os
import signal
import threading
import uuid
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import compiling
from ..compiling.spark_run import contract_patterns, spark_run_query
from ..engines import spark_run, spark_session
from ..engines.memory import java_heap
from ..model import steps
from ..model.checked import CheckedPolicy
from ..model.data import Loaded, is_spark_frame
from ..model.errors import EngineError
from ..model.finding import Finding
from ..model.place import Place
from ..model.plan import Query
from ..model.policy import Table
from ..model.steps import Step
from .history import create_history
from .policies import file_finding
from .runs import Ending, Outcome, Request, Run, StoppedError

if TYPE_CHECKING:
    import duckdb
    from pyspark.sql import DataFrame, SparkSession

    from ..data.spark.places import SparkPlace
    from ..data.spark.tables import SparkTables

LOCAL = spark_session.LOCAL


def places_from(arguments: Sequence[str], tables: Sequence[Table], policy: Path) -> tuple[Mapping[str, SparkPlace], tuple[Finding, ...]]:
    """Where Spark finds each table."""
    from ..data.spark import places

    return places.places_from(arguments, tables, policy)


@contextmanager
def places_of(
    data: Mapping[str, Any], tables: Sequence[Table], policy: Path
) -> Iterator[tuple[Mapping[str, SparkPlace], tuple[Finding, ...]]]:
    """The same of what Python names: paths and `table:NAME` as texts, and DataFrames of a session, which have a name as long as this lasts.

    Raises TypeError for anything else.
    """
    views: dict[str, DataFrame] = {}
    try:
        arguments = [f"{name}={place_text(name, value, views)}" for name, value in data.items()]
        places, findings = places_from(arguments, tables, policy)
        frames = {f"global_temp.{view}" for view in views}
        yield (
            {n: replace(p, shown=f"{n} (a DataFrame of Spark)") if p.location in frames else p for n, p in places.items()},
            findings,
        )
    finally:
        for view, frame in views.items():
            frame.sparkSession.catalog.dropGlobalTempView(view)


def place_text(name: str, value: Any, views: dict[str, DataFrame]) -> str:
    """As `--data` names it. A DataFrame becomes a view that every session of its driver sees."""
    if isinstance(value, str | os.PathLike):
        return os.fspath(value)
    if not is_spark_frame(value):
        kinds = "a path, table:NAME of the catalog, or a DataFrame of Spark (not of Spark Connect)"
        raise TypeError(f"in Spark, {name} is {kinds}, not {type(value).__module__}.{type(value).__name__}")
    view = f"selective_sales_{uuid.uuid4().hex}"
    value.createOrReplaceGlobalTempView(view)
    views[view] = value
    return f"table:global_temp.{view}"


def refused(checked: CheckedPolicy, request: Request) -> Iterator[Finding]:
    """What is asked of a run in Spark, and is not done there."""
    if request.measure:
        yield Finding("SS665", "--profile measures DuckDB, not Spark", Place("--profile"), "leave --profile out, or --engine spark")
    yield from compiling.spark_findings(checked)
    yield from contract_patterns(checked.policy.delivered)[1]


def started(opened: AbstractContextManager[SparkSession]) -> SparkSession:
    """The session. What it says by itself of pandas nobody needs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return opened.__enter__()


@contextmanager
def quiet() -> Iterator[None]:
    """What pyspark logs of errors that become findings nobody needs either."""
    from pyspark.logger import PySparkLogger

    loggers = [PySparkLogger.getLogger(name) for name in ("SQLQueryContextLogger", "DataFrameQueryContextLogger")]
    before = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        yield
    finally:
        for logger, disabled in zip(loggers, before, strict=True):
            logger.disabled = disabled


@contextmanager
def interruptible() -> Iterator[None]:
    """Ctrl-C ends the run as it ends any other: Spark's own handler asks its Java process again in the middle of an answer, and says so."""
    main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, signal.default_int_handler) if main else None
    try:
        with spark_session.without_words_of_py4j():
            yield
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)


@dataclass(slots=True)
class Living:
    """What lives as long as the run: the session, and the views of its tables."""

    session: SparkSession | None = None
    views: SparkTables | None = None
    loaded: Loaded | None = None


@dataclass(frozen=True, slots=True)
class SparkRun(Run):
    """One run in its staging folder."""

    living: Living = field(default_factory=Living)

    def decide(self, findings: tuple[Finding, ...]) -> Outcome:
        told = tuple(refused(self.checked, self.request))
        if told:
            ending = Ending.USAGE if any(f.code == "SS665" for f in told) else Ending.INVALID_POLICY
            raise StoppedError(ending, (*findings, *told))
        steps.begin(Step.STARTING)
        heap, scratch = java_heap(self.request.limits.memory), self.request.temp or self.folder
        opened = spark_session.session(self.request.spark or spark_session.LOCAL, memory=heap, scratch=scratch)
        try:
            session = started(opened)
        except EngineError as error:
            raise StoppedError(
                Ending.USAGE, (*findings, file_finding("SS668", f"Spark does not start: {error}", "--engine", error.help))
            ) from None
        try:
            with quiet(), interruptible(), spark_session.in_plain_words():
                self.living.session = session
                return Run.decide(self, findings)
        finally:
            self.close()
            opened.__exit__(None, None, None)

    def close(self) -> None:
        if self.living.views is not None:
            with spark_session.in_plain_words():
                self.living.views.close()

    @property
    def session(self) -> SparkSession:
        assert self.living.session is not None, "a run loads after it has started"
        return self.living.session

    def load_tables(self, connection: duckdb.DuckDBPyConnection, scratch: Path) -> Loaded:
        from ..data.spark.loading import SparkLoad, load_in_spark
        from ..data.spark.places import SparkPlace

        policy = self.checked.policy
        patterns, _ = contract_patterns(policy.delivered)
        quarantine = self.folder / "quarantine.csv" if self.request.quarantine else None
        asked = SparkLoad(self.session, patterns, policy.currency, self.request.as_of, quarantine, scratch)
        places = {name: place for name, place in self.request.inputs.items() if isinstance(place, SparkPlace)}
        self.living.loaded, self.living.views = load_in_spark(asked, connection, policy.delivered, places)
        return self.living.loaded

    def run_query(self, connection: duckdb.DuckDBPyConnection) -> Query:
        policy, scratch, session = self.checked.policy, self.folder / "scratch", self.session
        history = policy.table("history")
        if history is not None:
            create_history(connection, history, self.earlier)
            spark_run.create_history(session, connection, history, scratch)
        query = spark_run_query(
            self.checked, self.request.as_of, exceptions=bool(self.exceptions), history=self.request.history is not None
        )
        if self.exceptions:
            spark_run.create_exceptions(session, [(e.client, e.decision) for e in self.exceptions], len(query.key))
        assert self.living.loaded is not None
        clients = next(t.rows_used for t in self.living.loaded.tables if t.name == policy.clients.name)
        spark_run.decide(session, connection, query, self.folder, scratch, clients)
        self.copy(connection, query.as_query())
        return query.as_query()

    def keep_data(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        spark_run.keep_tables(self.session, connection, self.checked.policy.tables, folder, self.folder / "scratch")

    def versions(self) -> dict[str, str]:
        return {**Run.versions(self), "spark": importlib.metadata.version("pyspark")}
