"""The file of approvals that stands beside a run folder."""

from __future__ import annotations

from pathlib import Path

from .. import reading
from ..deciding.approvals import NAME, NotAppendedError
from ..model.batch import ApprovalsFile
from ..model.finding import Finding, Severity
from .finished import FinishedRun


def approvals_path(run: Path) -> Path:
    """Where the approvals of a run folder's letters stand."""
    return run.resolve().parent / NAME


def read_approvals(run: FinishedRun) -> tuple[ApprovalsFile | None, tuple[Finding, ...]]:
    """approvals.yaml beside the run folder; an empty one where there is none."""
    path = approvals_path(run.folder)
    if not path.exists() and not path.is_symlink():
        return ApprovalsFile(str(path), None, ()), ()
    return reading.read_approvals(path)


def read_whole(path: Path) -> ApprovalsFile:
    """What the file says. Raises NotAppendedError where it has an error."""
    file, findings = reading.read_approvals(path)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if file is None or errors:
        raise NotAppendedError(errors[0].message if errors else "it is no file of approvals")
    return file
