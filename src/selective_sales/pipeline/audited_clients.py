"""A finished run in, its clients' table with what is protected out: what the run kept, else the file that it read, held to its sha256.

A run's facts hold nothing protected, so an audit needs the data once more. Refused: a file that is gone, was never one, or has changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .. import data
from ..deciding import manifest as manifests
from ..engines import duckdb_engine as engine
from ..model.data import ELSEWHERE, Given, file_of
from ..model.finding import Finding, has_errors, in_order
from .finished import FinishedRun
from .policies import file_finding
from .runs import Ending, StoppedError

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Source:
    """Where the clients' table is: a file, or the run's own copy (then `file` is None)."""

    file: Given | None
    kept: Path | None = None

    @property
    def files(self) -> list[Path]:
        return [self.file.absolute()] if isinstance(self.file, Path) else []

    @property
    def folders(self) -> list[Path]:
        return [] if self.kept is None else [self.kept]


def client_source(run: FinishedRun, arguments: Sequence[str]) -> Source:
    """The file that the arguments name, else what the run kept, else the file where it was. Raises StoppedError where there is none."""
    clients = run.checked.policy.clients
    if arguments:
        others = {t.name for t in run.checked.policy.delivered} - {clients.name}
        mine = [a for a in arguments if a.partition("=")[0] not in others or Path(a).is_dir()]
        found, told = data.inputs_from(mine, (replace(clients, source=None),))
        if has_errors(told):
            raise StoppedError(Ending.USAGE, in_order(told))
        return Source(found[clients.name])
    kept = (run.folder / "data").absolute()
    if run.manifest.keeps_data and (kept / "0.parquet").is_file():
        return Source(None, kept)
    entry = next(t for t in run.manifest.tables if t.name == clients.name)
    if entry.sha256 is None:
        message = f"the audit needs the table '{clients.name}' again: it was given in memory, and the run did not keep it"
        help = "evaluate with --keep-data; a run's facts hold nothing protected"
        raise StoppedError(Ending.BROKEN_DATA, (file_finding("SS911", message, run.folder, help),))
    if entry.format in ELSEWHERE:
        message = f"the audit needs the table '{clients.name}' again: it was read from {entry.source}, and the run did not keep it"
        help = f"name it: --data {clients.name}=postgresql://...; or evaluate with --keep-data"
        raise StoppedError(Ending.BROKEN_DATA, (file_finding("SS911", message, entry.source, help),))
    path = Path(entry.source)
    if not file_of(path).is_file():
        message = f"the audit needs the table '{clients.name}' again, and its file is gone: {entry.source} (sha256 {entry.sha256})"
        help = f"name it: --data {clients.name}=FILE; or evaluate with --keep-data. A run's facts hold nothing protected"
        raise StoppedError(Ending.BROKEN_DATA, (file_finding("SS911", message, path, help),))
    return Source(path)


def load_clients(connection: duckdb.DuckDBPyConnection, run: FinishedRun, source: Source, scratch: Path) -> None:
    """Makes the typed table of clients. Raises StoppedError where the file is not the one that the run read."""
    policy, manifest = run.checked.policy, run.manifest
    if source.file is None:
        assert source.kept is not None
        engine.restore_tables(connection, policy.tables[:1], source.kept)
        return
    entry = next(t for t in manifest.tables if t.name == policy.clients.name)
    if isinstance(source.file, Path) and manifests.sha256_of(file_of(source.file)) != entry.sha256:
        raise StoppedError(Ending.BROKEN_DATA, (other_data(source.file, entry.sha256),))
    quarantine = scratch / "quarantine.csv" if manifest.quarantine else None
    inputs = {policy.clients.name: source.file.absolute()}
    loaded = data.load(
        connection, (policy.clients,), inputs, currency=policy.currency, as_of=manifest.as_of, quarantine=quarantine, staging=scratch
    )
    if loaded.tables and loaded.tables[0].sha256 != entry.sha256:
        raise StoppedError(Ending.BROKEN_DATA, (other_data(source.file, entry.sha256),))
    if has_errors(loaded.findings):
        ending = Ending.USAGE if data.is_change(loaded.findings) else Ending.BROKEN_DATA
        raise StoppedError(ending, in_order(loaded.findings))


def other_data(file: Given, sha256: str | None) -> Finding:
    was = "the run read a table in memory, which cannot be compared with it" if sha256 is None else f"the run read one with sha256 {sha256}"
    message = f"the file is not the one that the run read: {was}"
    return file_finding("SS912", message, str(file), "give the file as it was, or evaluate again and audit the new run")


def strangers(run: FinishedRun, source: Source, count: int) -> Finding:
    """Clients of the run who are not in the table: it is another one."""
    message = f"{count} client(s) of the run are not in the table of clients"
    return file_finding("SS912", message, str(source.file or run.folder / "data"), "take the original: the data are not those of the run")
