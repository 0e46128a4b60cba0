"""Pieces of Markdown in, appended to the summary that GitHub Actions shows of a step, where a step runs at all.

GitHub names the file in GITHUB_STEP_SUMMARY and takes a mebibyte of it: what is there already counts.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from ...model.finding import Finding, Severity
from ...model.place import Place
from .markdown import ROOM, fitted

VARIABLE = "GITHUB_STEP_SUMMARY"


def add_to_summary(pieces: Sequence[str]) -> tuple[Finding, ...]:
    """Appends what there is room for. A summary that cannot be written is a warning: it changes nothing about the result."""
    name = os.environ.get(VARIABLE)
    if not name:
        return ()
    file = Path(name)
    try:
        taken = file.stat().st_size if file.exists() else 0
        text = fitted(pieces, ROOM - taken).encode("utf-8", "backslashreplace")
        with file.open("ab") as stream:
            stream.write(text)
    except OSError as error:
        help = f"check the file that {VARIABLE} names; the result itself is not touched by it"
        return (Finding("SS821", f"the summary of the step could not be written: {error.strerror}", Place(name), help, Severity.WARNING),)
    return ()
