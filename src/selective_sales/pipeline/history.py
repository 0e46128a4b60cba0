"""A folder of earlier runs in, the table `history` out: what became of each client before."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .. import reading
from ..deciding import manifest as manifests
from ..deciding.approvals import NAME as APPROVALS
from ..deciding.manifest import FileDigest, HistoryEntry, Manifest, NoRunError
from ..engines import duckdb_engine as engine
from ..model.batch import ApprovalsFile
from ..model.finding import Finding, Severity
from ..model.kind import Kind
from ..model.policy import Policy, Table
from .finished import tampered
from .policies import file_finding

if TYPE_CHECKING:
    import datetime

    import duckdb

HISTORY = "history"
MOST_RUNS = 1000


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """A run that counts: its folder, its manifest, its policy's decisions that need an approval, and the file with their approvals."""

    folder: Path
    manifest: Manifest
    need_approval: tuple[str, ...]
    approvals: ApprovalsFile | None = None

    @property
    def decisions(self) -> Path:
        return (self.folder / "decisions.parquet").absolute()

    @property
    def entry(self) -> HistoryEntry:
        m, file = self.manifest, self.approvals
        used = None if file is None or file.sha256 is None else FileDigest(file.path, file.sha256, _copy_of(file.sha256))
        return HistoryEntry(m.run_id, m.as_of, str(self.folder), m.decisions_sha256, used)

    @property
    def approved(self) -> list[tuple[str, ...]]:
        """The client's key and the decision of each approval of this run's letters that was not withdrawn."""
        entries = () if self.approvals is None else self.approvals.holding
        return [(*entry.client, entry.decision) for entry in entries if entry.run == self.manifest.run_id]


def earlier_runs(
    policy: Policy, folder: Path, as_of: datetime.date, approvals: Mapping[str, Path] | None = None
) -> tuple[tuple[EarlierRun, ...], tuple[Finding, ...]]:
    """The complete runs of this policy before the date, the earliest first; notes and warnings on the others.

    Of several runs of one date the one written last counts. Approvals are those beside each run, or those given by the run's id. A file of
    approvals that is not whole is an error: nobody could say what was approved.
    """
    findings: list[Finding] = []
    by_date: dict[datetime.date, EarlierRun] = {}
    for place in _run_folders(folder):
        run = _usable(policy, place, as_of, findings)
        if run is None:
            continue
        other = by_date.get(run.manifest.as_of)
        if other is not None:
            first, last = sorted((other, run), key=lambda r: (r.manifest.written_at, r.manifest.run_id))
            message = f"two earlier runs are as of {run.manifest.as_of.isoformat()}: the one written last counts"
            findings.append(file_finding("SS717", message, first.folder, f"it is {last.folder}", Severity.NOTE))
            run = last
        by_date[run.manifest.as_of] = run
    runs = [by_date[date] for date in sorted(by_date)]
    files: dict[Path, ApprovalsFile | None] = {}
    for run in runs:
        beside = _approvals_of(run, approvals)
        if beside is not None and beside not in files:
            files[beside], told = reading.read_approvals(beside)
            findings += told
    return tuple(replace(run, approvals=files.get(_approvals_of(run, approvals) or run.folder)) for run in runs), tuple(findings)


def _approvals_of(run: EarlierRun, given: Mapping[str, Path] | None) -> Path | None:
    """The file of approvals that counts for the run; None where there is none, or none of its decisions needs one."""
    if not run.need_approval:
        return None
    if given is not None:
        return given.get(run.manifest.run_id)
    place = run.folder.resolve().parent / APPROVALS
    return place if place.exists() else None


def copy_approvals(runs: Sequence[EarlierRun], folder: Path) -> None:
    """Copies the approvals that the runs have into a run folder, each file once. Raises ChangedError where one is no more what was read."""
    for run in runs:
        file = run.approvals
        if file is None or file.sha256 is None:
            continue
        copy = folder / _copy_of(file.sha256)
        if copy.exists():
            continue
        copy.parent.mkdir(exist_ok=True)
        shutil.copyfile(file.path, copy)
        if manifests.sha256_of(copy) != file.sha256:
            raise manifests.ChangedError(file.path)


def _copy_of(sha256: str) -> str:
    """Where a run folder has its copy of a file of approvals."""
    return f"history/approvals-{sha256[:12]}.yaml"


def _run_folders(folder: Path) -> list[Path]:
    """The run folders directly in the folder (or the folder itself, where it is one)."""
    if (folder / manifests.NAME).is_file():
        return [folder]
    return sorted(p for p in folder.iterdir() if p.is_dir() and (p / manifests.NAME).is_file())[:MOST_RUNS]


def _usable(policy: Policy, folder: Path, as_of: datetime.date, findings: list[Finding]) -> EarlierRun | None:
    try:
        manifest = manifests.read(folder)
    except NoRunError as error:
        findings.append(
            file_finding("SS716", f"an earlier run is left out: {error}", folder, "take it from where it was kept whole", Severity.WARNING)
        )
        return None
    if manifest.policy_id != policy.id:
        message = f"a run of the policy '{manifest.policy_id}' is left out"
        findings.append(file_finding("SS717", message, folder, f"history has runs of '{policy.id}' only", Severity.NOTE))
        return None
    if manifest.as_of >= as_of:
        message = f"the run as of {manifest.as_of.isoformat()} is left out: it is not before {as_of.isoformat()}"
        findings.append(file_finding("SS717", message, folder, "", Severity.NOTE))
        return None
    broken = next(tampered(folder, manifest), None)
    if broken is not None:
        message = f"an earlier run is left out: {broken.message}"
        findings.append(file_finding("SS716", message, folder, "take it from where it was kept whole", Severity.WARNING))
        return None
    then, _ = reading.read(folder / manifest.main_policy)
    if then is None or then.clients.key != policy.clients.key:
        message = "an earlier run is left out: its clients had another key"
        findings.append(file_finding("SS716", message, folder, f"the key is now {', '.join(policy.clients.key)}", Severity.WARNING))
        return None
    return EarlierRun(folder, manifest, tuple(d.id for d in then.decisions if d.approval_required))


def create_history(connection: duckdb.DuckDBPyConnection, table: Table, runs: Sequence[EarlierRun]) -> None:
    """The table `history` with a row per client and earlier run (none: empty)."""
    kinds = {f.name: f.type for f in table.fields}
    engine.create_history(
        connection,
        table.name,
        [(name, kinds[name]) for name in table.key],
        [(r.decisions, r.manifest.as_of, r.manifest.policy_version, r.need_approval, r.approved) for r in runs],
    )


def history_findings(policy: Policy, given: bool) -> Iterator[Finding]:
    """What a reader must know where history is given and not used, or used and not given."""
    uses = policy.table(HISTORY) is not None
    if uses and not given:
        message = "the policy looks at history, and none was given: every list of earlier decisions is missing"
        yield Finding(
            "SS718",
            message,
            policy.place,
            "give the folder of earlier runs: --history FOLDER (an empty one for the first run)",
            Severity.WARNING,
        )
    elif given and not uses:
        yield Finding("SS718", "the policy does not look at history: --history changes nothing", policy.place, "", Severity.NOTE)


def kinds_of(table: Table) -> dict[str, Kind]:
    return {f.name: f.type for f in table.fields}
