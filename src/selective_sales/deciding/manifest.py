"""manifest.json: what a run was made of and what came out, as an auditor reads it."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from ..model.data import LoadedTable
from ..model.policy import SourceFile

FORMAT = 1
NAME = "manifest.json"
LARGEST = 16 * 1024 * 1024
T = TypeVar("T")


class NoRunError(Exception):
    """The folder holds no run that this version can read; the message says why."""


class ChangedError(Exception):
    """A file is no longer what it was when the run read it; the message is its path."""


@dataclass(frozen=True, slots=True)
class FileDigest:
    """A file as used: the path as given, its sha256 (hex), and its copy in the run folder."""

    path: str
    sha256: str
    copy: str = ""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """An earlier run that the run looked at."""

    run_id: str
    as_of: datetime.date
    folder: str
    decisions_sha256: str
    approvals: FileDigest | None = None
    """The approvals of its decisions as they stood then; None where there were none, or none is needed."""

    @property
    def digest(self) -> str:
        """What of it this run depends on."""
        return self.decisions_sha256 if self.approvals is None else f"{self.decisions_sha256} {self.approvals.sha256}"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The evidence of a run. `digest` is of the decisions' content, `decisions_sha256` and `facts_sha256` of the files."""

    run_id: str
    policy_id: str
    policy_version: str
    as_of: datetime.date
    written_at: str
    policy_files: tuple[FileDigest, ...]
    exceptions: FileDigest | None
    tables: tuple[LoadedTable, ...]
    quarantine: bool
    keeps_data: bool
    clients: int
    decisions: Mapping[str, int]
    digest: str
    decisions_sha256: str
    facts_sha256: str
    versions: Mapping[str, str]
    history: tuple[HistoryEntry, ...] | None = None
    """The earlier runs; None where no history was given."""
    breaches: tuple[str, ...] = ()
    """The limits, guarantees and allocations that were not kept."""
    results: Mapping[str, Any] = field(default_factory=dict)
    """Figures, limits, guarantees and allocations as JSON values."""
    format: int = field(default=FORMAT)

    @property
    def main_policy(self) -> str:
        """The copy of the policy in the run folder."""
        return self.policy_files[0].copy


def run_id(
    policy_id: str,
    as_of: datetime.date,
    policy_sha256: Sequence[str],
    tables: Sequence[tuple[str, str | None]],
    exceptions_sha256: str | None,
    digest: str,
    history: Sequence[str] | None = None,
) -> str:
    """A name for the run that follows from what it is made of: policy id, date, and ten digits of a hash over all inputs and the result.

    `history` has the digest of each earlier run, where a history was given.
    """
    parts = [*policy_sha256, as_of.isoformat(), *(f"{name}={sha256}" for name, sha256 in tables), exceptions_sha256 or "", digest]
    if history is not None:
        parts += ["history", *history]
    return f"{policy_id}-{as_of.isoformat()}-{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:10]}"


def sha256_of(path: Path) -> str:
    """The file's sha256, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy_sources(sources: tuple[SourceFile, ...], folder: Path) -> tuple[FileDigest, ...]:
    """Writes the policy's files as they were read, each where it stood below the main one's folder. Raises ChangedError.

    The reader lets no file stand outside of that folder, so no copy can leave the run folder.
    """
    copies = []
    root = os.path.abspath(Path(sources[0].path).parent)
    for source in sources:
        relative = Path(os.path.relpath(os.path.abspath(source.path), root))
        if relative.is_absolute() or ".." in relative.parts:
            raise ChangedError(source.path)
        copy = (Path("policy") / relative).as_posix()
        content = Path(source.path).read_bytes()
        if hashlib.sha256(content).hexdigest() != source.sha256:
            raise ChangedError(source.path)
        (folder / copy).parent.mkdir(parents=True, exist_ok=True)
        (folder / copy).write_bytes(content)
        copies.append(FileDigest(source.path, source.sha256, copy))
    return tuple(copies)


def write(manifest: Manifest, folder: Path) -> None:
    content = asdict(manifest)
    content["as_of"] = manifest.as_of.isoformat()
    for entry in content["history"] or ():
        entry["as_of"] = entry["as_of"].isoformat()
    ordered = {"format": content.pop("format"), **content}
    (folder / NAME).write_text(json.dumps(ordered, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def read(folder: Path) -> Manifest:
    """The manifest of a run folder. Raises NoRunError."""
    path = folder / NAME
    if not path.is_file():
        raise NoRunError(f"{folder} is not a run folder: it has no {NAME}")
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST + 1)
        content = json.loads(text.decode("utf-8")) if len(text) <= LARGEST else None
    except (OSError, ValueError, RecursionError) as error:
        raise NoRunError(f"{path} cannot be read: {error}") from None
    if not isinstance(content, dict) or type(content.get("format")) is not int or content["format"] != FORMAT:
        raise NoRunError(f"{path} is of another format than {FORMAT}")
    try:
        return from_json(content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NoRunError(f"{path} is damaged: {type(error).__name__} {error}") from None


def from_json(content: dict[str, Any]) -> Manifest:
    """The manifest in a JSON object. Raises KeyError, TypeError or ValueError where a value is missing or not of its type."""
    files = tuple(file_digest(item) for item in listed(content["policy_files"]))
    if not files:
        raise ValueError("no policy file")
    return Manifest(
        run_id=typed(content["run_id"], str),
        policy_id=typed(content["policy_id"], str),
        policy_version=typed(content["policy_version"], str),
        as_of=datetime.date.fromisoformat(content["as_of"]),
        written_at=typed(content["written_at"], str),
        policy_files=files,
        exceptions=None if content["exceptions"] is None else file_digest(content["exceptions"]),
        tables=tuple(table_of(item) for item in listed(content["tables"])),
        quarantine=typed(content["quarantine"], bool),
        keeps_data=typed(content["keeps_data"], bool),
        clients=typed(content["clients"], int),
        decisions={typed(name, str): typed(count, int) for name, count in typed(content["decisions"], dict).items()},
        digest=typed(content["digest"], str),
        decisions_sha256=typed(content["decisions_sha256"], str),
        facts_sha256=typed(content["facts_sha256"], str),
        versions={typed(name, str): typed(version, str) for name, version in typed(content["versions"], dict).items()},
        history=None if content.get("history") is None else tuple(history_entry(item) for item in listed(content["history"])),
        breaches=tuple(typed(item, str) for item in listed(content.get("breaches", []))),
        results=typed(content.get("results", {}), dict),
    )


def history_entry(item: Any) -> HistoryEntry:
    as_of = datetime.date.fromisoformat(typed(item["as_of"], str))
    approvals = None if item.get("approvals") is None else file_digest(item["approvals"])
    return HistoryEntry(typed(item["run_id"], str), as_of, typed(item["folder"], str), typed(item["decisions_sha256"], str), approvals)


def typed(value: Any, kind: type[T]) -> T:
    """The value, if it is of the type. Raises TypeError."""
    if type(value) is not kind:
        raise TypeError(f"{kind.__name__} expected")
    return value


def listed(value: Any) -> list[Any]:
    found: list[Any] = typed(value, list)
    return found


def file_digest(item: Any) -> FileDigest:
    return FileDigest(typed(item["path"], str), typed(item["sha256"], str), typed(item["copy"], str))


def table_of(item: Any) -> LoadedTable:
    return LoadedTable(
        name=typed(item["name"], str),
        source=typed(item["source"], str),
        format=typed(item["format"], str),
        sha256=None if item["sha256"] is None else typed(item["sha256"], str),
        rows_read=typed(item["rows_read"], int),
        rows_used=typed(item["rows_used"], int),
        rows_set_aside=typed(item["rows_set_aside"], int),
        rows_ignored=typed(item["rows_ignored"], int),
        settled=tuple(typed(text, str) for text in listed(item["settled"])),
    )
