"""Data files as they are before they are read in, and findings on those that are no longer so afterwards out.

A file is read several times over: digested, settled, typed, looked at for the lines of bad rows. All of it must be of one file.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..model.data import file_of
from ..model.finding import Finding
from ..model.place import Place

CODE = "SS706"
COARSE = 2_000_000_000
"""Nanoseconds: the coarsest clock of a file system. What was written so shortly before may be written again under the same time."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells one state of a file from another without reading it, and whether that is to be relied on."""

    device: int
    inode: int
    size: int
    written: int
    touched: int
    settled: bool


def stamps(inputs: Mapping[str, Path | object]) -> dict[Path, Stamp]:
    """The stamp of every file that is there. What is not there, or is none, is somebody else's finding."""
    found = {}
    for path in inputs.values():
        stamp = _stamp(path) if isinstance(path, Path) else None
        if isinstance(path, Path) and stamp is not None:
            found[path] = stamp
    return found


def changed(before: Mapping[Path, Stamp], digests: Mapping[Path, str]) -> tuple[Finding, ...]:
    """A finding for each file that is not what it was; `digests` has the sha256 of those that were read."""
    return tuple(finding for path, stamp in before.items() if (finding := _changed(path, stamp, digests.get(path))) is not None)


def _changed(path: Path, before: Stamp, digest: str | None) -> Finding | None:
    now = _stamp(path)
    if now is None:
        return changed_finding(path, "the file was removed while the run read it", "Put it back, and run again")
    same = (now.device, now.inode, now.size, now.written) == (before.device, before.inode, before.size, before.written)
    if same and before.settled and now.touched == before.touched:
        return None
    # A time can be set back, and a clock can be too coarse to show a change: then only the bytes tell.
    if same and digest in (None, _digest(path)):
        return None
    return changed_finding(path)


def changed_finding(path: Path, message: str = "the file changed while the run read it", help_: str = "") -> Finding:
    """SS706 at the file."""
    return Finding(CODE, message, Place(str(file_of(path))), help_ or "Wait until it is written, and run again")


def is_change(findings: Iterable[Finding]) -> bool:
    """True where one of the findings says that a file changed: the rest then says nothing of the data."""
    return any(finding.code == CODE for finding in findings)


def _stamp(path: Path) -> Stamp | None:
    try:
        status = os.stat(file_of(path))
    except (OSError, ValueError):
        return None
    latest = max(status.st_mtime_ns, status.st_ctime_ns)
    return Stamp(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns, latest + COARSE < time.time_ns())


def _digest(path: Path) -> str | None:
    try:
        with file_of(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
