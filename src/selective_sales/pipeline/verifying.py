"""Policy tests and another engine in, which cases it decides as this program does out.

The cases go the whole road here: loaded by the contract, decided by the production query. The same typed tables then go to the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from .. import compiling
from ..engines import postgres_engine, spark_engine, spark_session
from ..model.checked import CheckedPolicy
from ..model.data import AddressError, address
from ..model.errors import EngineError as EngineError
from ..model.finding import Finding, Severity, in_order
from ..model.place import Place
from ..resources import folder
from .cases import DecidedBatch, run_tests

T = TypeVar("T")
MEMORY = "3g"
"""Of Spark's driver: the plans of large policies need it, not the cases' few rows."""
ENGINES = "spark, or postgresql://HOST/DATABASE"


class NotStartedError(EngineError):
    """The other engine could not be asked at all."""


@contextmanager
def started(engine: AbstractContextManager[T]) -> Iterator[T]:
    """What another engine is asked with. Raises NotStartedError where it is not there, EngineError where it fails later."""
    with ExitStack() as stack:
        try:
            asked = stack.enter_context(engine)
        except postgres_engine.MissingDriverError:
            raise
        except EngineError as error:
            raise NotStartedError(str(error), error.help) from error
        yield asked


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that the engine gives otherwise."""

    case: str
    client: str
    column: str
    here: object
    there: object


@dataclass(slots=True)
class FileVerdict:
    """What was compared of a test file, and what differs; `unsayable` is why its policy was not sent."""

    file: str
    cases: int = 0
    clients: int = 0
    differences: list[Difference] = field(default_factory=list)
    unsayable: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Verification:
    """`server` is how the address may be shown. Where nothing was compared, `findings` say why."""

    server: str
    files: tuple[FileVerdict, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def agrees(self) -> bool:
        """Every case that was sent is decided the same, and some was."""
        return any(file.cases for file in self.files) and not any(file.differences for file in self.files)


@dataclass(slots=True)
class Comparing:
    """Looks at each batch of cases once it is decided here, and has it decided there."""

    unsayable: Callable[[CheckedPolicy], tuple[Finding, ...]]
    decide: Callable[[DecidedBatch], list[dict[str, object]]]
    files: dict[Path, FileVerdict] = field(default_factory=dict)

    def decided(self, batch: DecidedBatch) -> None:
        verdict = self.files.setdefault(batch.path, FileVerdict(str(batch.path)))
        verdict.unsayable = self.unsayable(batch.whole)
        if verdict.unsayable:
            return
        there = self.decide(batch)
        verdict.cases += len(batch.batch.cases)
        verdict.clients += len(batch.rows)
        verdict.differences += differences(batch, there)


def differences(batch: DecidedBatch, there: Sequence[dict[str, object]]) -> list[Difference]:
    """Cell by cell; with exceptions, which are no part of the query, up to the policy's own decision."""
    titles = {ready.key: ready.case.name for ready in batch.batch.cases}
    keys = batch.whole.policy.clients.key
    given = {tuple(row[k] for k in keys): row for row in there}
    left_out = {"decision", "decided_by"} if batch.batch.exceptions else set()
    found = []
    for row in batch.rows:
        other = given.pop(tuple(row[k] for k in keys), None)
        case, client = titles.get(str(row[keys[0]]), str(row[keys[0]])), ", ".join(str(row[k]) for k in keys[1:])
        if other is None:
            found.append(Difference(case, client, "", "decided", "lost"))
            continue
        found += [Difference(case, client, c, row[c], other[c]) for c in other if c not in left_out and not same(row[c], other[c])]
    return found + [Difference(str(key[0]), str(key[1:]), "", "unknown", "decided") for key in given]


def same(here: object, there: object) -> bool:
    return here == there and (here is None) is (there is None)


def verify_postgres(text: str, paths: Sequence[Path]) -> Verification:
    """Compares all cases of the test files at the paths; without any, those that come with the program. Raises EngineError, OSError."""
    try:
        server = address(text, ENGINES)
    except AddressError as error:
        return Verification("", (), (Finding("SS998", str(error), Place("verify-engine"), "For example postgresql://db.example.com/crm"),))
    try:
        with started(postgres_engine.connected(server.url)) as cursor:

            def decide(batch: DecidedBatch) -> list[dict[str, object]]:
                query = compiling.postgres_query(batch.whole, batch.batch.as_of, partition=batch.batch.case_column)
                return postgres_engine.decided_rows(cursor, batch.connection, query)

            return compared(server.shown, Comparing(compiling.postgres_findings, decide), paths)
    except postgres_engine.MissingDriverError:
        help = "pip install 'selective-sales[sources]'"
        return Verification(server.shown, (), (Finding("SS644", "asking PostgreSQL needs the extra 'sources'", Place(server.shown), help),))


def verify_spark(master: str, paths: Sequence[Path]) -> Verification:
    """The same, by a Spark of that master. Raises NotStartedError where there is none, EngineError."""
    with started(spark_session.session(master, spark_session.FEW_ROWS, MEMORY)) as session:

        def decide(batch: DecidedBatch) -> list[dict[str, object]]:
            query = compiling.spark_query(batch.whole, batch.batch.as_of, partition=batch.batch.case_column)
            return spark_engine.decided_rows(session, batch.connection, query)

        return compared(f"spark {master}", Comparing(compiling.spark_findings, decide), paths)


def compared(shown: str, comparing: Comparing, paths: Sequence[Path]) -> Verification:
    """All cases of the test files at the paths; without any, those that come with the program."""
    report = run_tests(tuple(paths) or (folder("policies"), folder("examples")), watchers=(comparing,))
    findings = (*report.findings, *(f for file in report.files for f in file.findings if f.severity is Severity.ERROR))
    return Verification(shown, tuple(comparing.files.values()), in_order(findings))
