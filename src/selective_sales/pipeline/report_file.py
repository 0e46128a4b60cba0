"""A finished run in, its report in a file out: whole or not at all, readable by its owner only.

Refused: a place inside a run folder (a run is evidence), a file that is no report of this program (unless it may be overwritten).
"""

from __future__ import annotations

import contextlib
import glob
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from .. import wording
from ..deciding import manifest as manifests
from ..documents import report as pages
from ..model.finding import Finding, has_errors
from ..resources import folder as resource_folder
from ..staging import sync
from .finished import FinishedRun
from .memos import language_finding
from .policies import file_finding
from .reporting import ReportAsked, report_data

_BEGINNING = 200
"""So many bytes of a file tell whether it is a report."""
_AN_HOUR = 3600


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """The file and its size in bytes."""

    path: Path
    size: int


def write_report(
    run: FinishedRun, path: Path, language: str, asked: ReportAsked, *, overwrite: bool = False
) -> tuple[WrittenReport | None, tuple[Finding, ...]]:
    """Writes the report of the run in that language."""
    refused = refusals(path, overwrite=overwrite)
    if refused:
        return None, refused
    data, findings = report_data(run, asked)
    if data is None or has_errors(findings):
        return None, findings
    content = pages.print_report(data, wording.speaker(language, data.head.currency), resource_folder("templates"))
    refused = refusals(path, overwrite=overwrite)  # it may have come meanwhile
    if refused:
        return None, refused
    publish(path, content)
    return WrittenReport(path, len(content)), (*language_finding(run, language), *findings)


def refusals(path: Path, *, overwrite: bool) -> tuple[Finding, ...]:
    """Why nothing can be written there."""
    real = path.absolute()
    for folder in real.resolve().parents:
        if (folder / manifests.NAME).is_file():
            message = f"'{path}' lies in a run folder: the run is evidence, and nothing is added to it"
            return (file_finding("SS980", message, path, "name a file beside the run folder"),)
    if real.is_dir():
        return (file_finding("SS980", f"'{path}' is a folder", path, "name a file: --out report.html"),)
    if real.exists() and not real.is_file():
        return (file_finding("SS980", f"'{path}' is no file, but a device or a pipe", path, "name a file: --out report.html"),)
    if not real.parent.is_dir():
        return (file_finding("SS980", f"there is no folder for '{path}'", path, "make it first, or name another"),)
    if (real.exists() or real.is_symlink()) and not overwrite and not is_report(real):
        message = f"'{path}' is there already, and is no report of this program: it is not replaced"
        return (file_finding("SS981", message, path, "name another file, or say --overwrite"),)
    return ()


def is_report(path: Path) -> bool:
    """Whether the file begins as a report does."""
    if not path.is_file() or path.is_symlink():
        return False
    with path.open("rb") as file:
        return pages.MARK.encode() in file.read(_BEGINNING)


def publish(path: Path, content: bytes) -> None:
    """The file appears whole, with rights for its owner only: it names clients. Raises OSError as it comes."""
    folder, begins = path.absolute().parent, f".{path.name[:100]}."
    for left in folder.glob(f"{glob.escape(begins)}*.part"):
        if time.time() - left.stat().st_mtime > _AN_HOUR:  # a killed process left it: nobody writes for so long
            left.unlink(missing_ok=True)
    staging = folder / f"{begins}{secrets.token_hex(6)}.part"
    handle = os.open(staging, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(handle)
        os.replace(staging, path.absolute())
    finally:  # also after Ctrl-C; what was replaced is not there any more
        staging.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        sync(path.absolute().parent)
