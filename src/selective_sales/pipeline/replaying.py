"""A run folder in, "identical" or what differs and why out: the policy as used, run again over the data it names or keeps."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .. import compiling
from ..deciding import manifest as manifests
from ..engines import digesting
from ..engines import duckdb_engine as engine
from ..model.data import ELSEWHERE, file_of
from ..model.finding import Finding, Severity, has_errors
from .finished import FinishedRun, open_run
from .policies import file_finding
from .runs import Ending, Request, evaluate_checked, versions


@dataclass(frozen=True, slots=True)
class Replay:
    """`identical` is the result's; `differences` say what is not as it was; `findings` why it could not be run, where it could not."""

    identical: bool
    run_id: str
    digest_then: str
    digest_now: str | None
    differences: tuple[str, ...]
    findings: tuple[Finding, ...]


def replay(folder: Path) -> Replay:
    """Runs the evidence of a run again and compares what comes out."""
    run, findings = open_run(folder)
    if run is None:
        return Replay(False, "", "", None, (), findings)
    differences = list(version_differences(run))
    with tempfile.TemporaryDirectory(prefix="selective-sales-") as name:
        again = Path(name) / "again"
        if run.manifest.keeps_data:
            again.mkdir()
            digest: str | None = decide_kept(run, again)
            told: tuple[Finding, ...] = ()
        else:
            sources, changed = usable_sources(run)
            if sources is None:
                return Replay(False, run.manifest.run_id, run.manifest.digest, None, tuple(differences), changed)
            differences += [finding.message for finding in changed]
            digest, told = decide_again(run, sources, again)
        if digest is not None and digest != run.manifest.digest:
            differences += differing_rows(run, again)
    identical = digest == run.manifest.digest
    return Replay(identical, run.manifest.run_id, run.manifest.digest, digest, tuple(differences), told)


def version_differences(run: FinishedRun) -> Iterator[str]:
    now = versions()
    for name, then in run.manifest.versions.items():
        if name == "spark":
            yield f"Spark {then} decided, DuckDB decides again"
            continue
        if now.get(name) != then:
            yield f"{name} was {then}, now it is {now.get(name, 'absent')}"


def usable_sources(run: FinishedRun) -> tuple[dict[str, Path] | None, tuple[Finding, ...]]:
    """The data files that the run read. None where one is gone; a warning where one has changed."""
    sources: dict[str, Path] = {}
    findings = []
    gone = False
    for table in run.manifest.tables:
        path = Path(table.source)
        if table.sha256 is None:
            gone = True
            message = f"the table '{table.name}' was given in memory and the run did not keep it"
            findings.append(
                file_finding("SS713", message, run.folder, "evaluate with --keep-data where a replay must not need the sources")
            )
        elif table.format in ELSEWHERE:
            gone = True
            message = f"the table '{table.name}' was read from {table.source}, whose rows may be others today, and the run did not keep it"
            findings.append(file_finding("SS713", message, table.source, "evaluate with --keep-data where a run must be replayed"))
        elif not file_of(path).is_file():
            gone = True
            message = f"the data of table '{table.name}' is gone: {table.source} (sha256 {table.sha256})"
            findings.append(file_finding("SS713", message, path, "put the file back, or evaluate with --keep-data next time"))
        else:
            sources[table.name] = path
            if manifests.sha256_of(file_of(path)) != table.sha256:
                message = f"the data of table '{table.name}' has changed: {table.source} is no longer the file with sha256 {table.sha256}"
                findings.append(file_finding("SS714", message, path, "", Severity.WARNING))
    earlier = list(history_changes(run))
    findings += earlier
    gone = gone or has_errors(earlier)
    return (None if gone else sources), tuple(findings)


def decide_again(run: FinishedRun, sources: dict[str, Path], again: Path) -> tuple[str | None, tuple[Finding, ...]]:
    """The whole road again, from the sources."""
    request = Request(
        inputs=sources,
        as_of=run.manifest.as_of,
        out=again,
        exceptions=run.exceptions_copy,
        quarantine=run.manifest.quarantine,
        history=history_folder(run, again.parent),
        approvals=approvals_then(run),
    )
    outcome = evaluate_checked(run.checked, request)
    if outcome.ending is not Ending.DONE or outcome.summary is None:
        return None, outcome.findings
    return outcome.summary.digest, tuple(f for f in outcome.findings if has_errors([f]))


def history_folder(run: FinishedRun, temp: Path) -> Path | None:
    """A folder with links to the earlier runs that the run looked at; None where it looked at none."""
    if run.manifest.history is None:
        return None
    folder = temp / "history"
    folder.mkdir(exist_ok=True)
    for number, entry in enumerate(run.manifest.history):
        if Path(entry.folder).is_dir():
            (folder / str(number)).symlink_to(Path(entry.folder).absolute(), target_is_directory=True)
    return folder


def approvals_then(run: FinishedRun) -> dict[str, Path]:
    """The copies of the approvals that the run knew: what was approved since does not count."""
    entries = run.manifest.history or ()
    return {entry.run_id: run.folder / entry.approvals.copy for entry in entries if entry.approvals is not None}


def history_changes(run: FinishedRun) -> Iterator[Finding]:
    """A finding for each earlier run that is gone or no longer what it was."""
    for entry in run.manifest.history or ():
        path = Path(entry.folder) / "decisions.parquet"
        if not path.is_file():
            message = f"the earlier run {entry.run_id} is gone: {entry.folder}"
            yield file_finding("SS713", message, path, "put the folder back, or evaluate with --keep-data next time")
        elif manifests.sha256_of(path) != entry.decisions_sha256:
            yield file_finding("SS714", f"the earlier run {entry.run_id} has changed", path, "", Severity.WARNING)


def decide_kept(run: FinishedRun, again: Path) -> str:
    """The deciding query again, over the typed tables that the run kept."""
    policy = run.checked.policy
    query = compiling.compile_policy(
        run.checked, run.manifest.as_of, exceptions=bool(run.exceptions), history=run.manifest.history is not None
    )
    kept = (run.folder / "data").absolute()
    with engine.connected([], [kept, again], again, engine.Limits()) as connection:
        engine.restore_tables(connection, policy.tables, kept)
        if run.exceptions:
            engine.create_exceptions(connection, [(e.client, e.decision) for e in run.exceptions], len(policy.clients.key))
        engine.decide(connection, query, again)
        return digesting.digest(connection, query.result_columns, again / "decisions.parquet")


def differing_rows(run: FinishedRun, again: Path) -> Iterator[str]:
    """What the two results differ in: how many clients, and the first few of them."""
    key = run.checked.policy.clients.key
    with tempfile.TemporaryDirectory(prefix="selective-sales-") as temp:
        then, now = (run.folder / "decisions.parquet").absolute(), again / "decisions.parquet"
        with engine.connected([then, now], [], Path(temp), engine.Limits()) as connection:
            count, examples = engine.differing(connection, key, then, now)
    yield f"{count} client(s) are decided otherwise or explained by other values" + (f": {', '.join(examples)}" if examples else "")
