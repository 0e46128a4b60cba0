"""Files by name in, a folder that holds them out: all of them or none, and over nothing that exists."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from ..model.finding import Finding
from ..model.place import Place

Files = Mapping[str, bytes | Path]
"""By path below the folder: bytes, or the file to copy."""


def lay(folder: Path, files: Files) -> tuple[Finding, ...]:
    """Writes the files; findings, and nothing written, where something is in the way or the machine refuses."""
    found = _in_the_way(folder, files)
    if found:
        return found
    refused = _write(folder, files)
    return () if refused is None else (refused,)


def _write(folder: Path, files: Files) -> Finding | None:
    """All files (bytes, or the file to copy), or none: what was made is taken back where one cannot be written."""
    made: list[Path] = []
    try:
        for name, content in files.items():
            target = folder / name
            missing = [parent for parent in (target.parent, *target.parent.parents) if not parent.exists()]
            for parent in reversed(missing):
                parent.mkdir()
                made.append(parent)
            with target.open("xb") as file:
                made.append(target)
                if isinstance(content, Path):
                    with content.open("rb") as source:
                        shutil.copyfileobj(source, file)
                else:
                    file.write(content)
    except OSError as error:
        for path in reversed(made):
            path.rmdir() if path.is_dir() else path.unlink()
        place = Place(str(error.filename or folder))
        return Finding(
            "SS756", f"this could not be written: {error.strerror}", place, "nothing was left behind: check the folder and its rights"
        )
    return None


def _in_the_way(folder: Path, files: Files) -> tuple[Finding, ...]:
    """A finding for everything that stands where a file or one of its folders should go."""
    found: dict[Path, str] = {}
    for name in files:
        target = folder / name
        if os.path.lexists(target):
            found[target] = "this file exists already"
        for parent in target.parents:
            if parent.exists() and not parent.is_dir():
                found[parent] = "a file stands where a folder is needed"
    help_ = "nothing was written: give another folder, or move what is there"
    return tuple(Finding("SS750", message, Place(str(path)), help_) for path, message in found.items())
