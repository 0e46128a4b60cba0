"""Paths in, test files out: `*.test.yaml`, in folders and below. Hidden folders, virtual environments and run folders are passed over.

Also the findings on files that are not there.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from ..model.cases import CaseFile
from ..model.finding import Finding, Severity, has_errors
from ..model.place import Place

ENDING = ".test.yaml"
_PASSED_OVER = frozenset({"__pycache__", "node_modules", "venv"})


def find(paths: tuple[Path, ...]) -> tuple[tuple[Path, ...], tuple[Finding, ...]]:
    """The test files, each once, in the order of the paths, within a folder by name. A path that holds none is a finding."""
    found: dict[Path, Path] = {}
    findings: list[Finding] = []
    for path in paths:
        before = len(findings)
        files = tuple(_below(path, findings)) if path.is_dir() else (path,) if path.is_file() and path.name.endswith(ENDING) else ()
        if not files and not has_errors(findings[before:]):
            findings.append(_nothing(path))
        for file in files:
            found.setdefault(file.resolve(), file)
    return tuple(found.values()), tuple(findings)


def real_path(path: Path | str) -> Path:
    """The path without links, by which two names of one file are told to be one; of links that run in a circle, the path as it is."""
    return Path(os.path.realpath(path))


def none_matches(only: str, paths: tuple[Path, ...]) -> Finding:
    """Nothing was run, because no case has that text in its name."""
    return Finding(
        "SS619", f"no case has '{only}' in its name", Place(str(paths[0])), "give another text to --filter, or none to run all cases"
    )


def no_policy(file: CaseFile, path: Path) -> Finding:
    """The policy of a test file is not there."""
    return Finding("SS620", f"there is no policy '{path}'", file.policy_place, "write the path of the policy, relative to the test file")


def _below(folder: Path, findings: list[Finding]) -> Iterator[Path]:
    """The test files of a folder; what lies there and cannot be read is a finding."""
    for here, folders, names in os.walk(folder, onerror=lambda error: findings.append(_closed(error))):
        folders[:] = sorted(name for name in folders if looked_into(Path(here, name)))
        for file in (Path(here, name) for name in sorted(names) if name.endswith(ENDING) and not name.startswith(".")):
            if _is_special(file):
                findings.append(Finding("SS600", f"'{file}' is a device or a pipe, not a file", Place(str(file)), "delete or rename it"))
            else:
                yield file


def looked_into(folder: Path) -> bool:
    """Not hidden, no virtual environment, and not the evidence of a run, which keeps a policy of its own."""
    is_run = (folder / "manifest.json").is_file() and (folder / "decisions.parquet").is_file()
    return not (folder.name.startswith(".") or folder.name in _PASSED_OVER or is_run)


def _is_special(file: Path) -> bool:
    """A named pipe would be waited for without end. A broken link is a file that cannot be read, and is told as such."""
    try:
        return not stat.S_ISREG(file.stat().st_mode)
    except OSError:
        return False


def _closed(error: OSError) -> Finding:
    message = f"the folder '{error.filename}' cannot be read: {error.strerror}"
    help_ = "its test files were passed over; check whether you may read it"
    return Finding("SS622", message, Place(str(error.filename)), help_, Severity.WARNING)


def _nothing(path: Path) -> Finding:
    if not path.exists():
        message, help_ = f"there is no file or folder '{path}'", "give the path of a test file, or of a folder that holds some"
    elif path.is_dir():
        message, help_ = f"no policy tests in '{path}'", f"the name of a test file ends in {ENDING}"
    else:
        message, help_ = f"'{path.name}' is not a file of policy tests", f"the name of a test file ends in {ENDING}"
    return Finding("SS600", message, Place(str(path)), help_)
