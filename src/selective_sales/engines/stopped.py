"""An error of DuckDB in, what it means for whoever started the run out: what was too small, and how much of it to give.

What it cannot place it passes on in the engine's own first line.
"""

from __future__ import annotations

import os
import re

from ..model.errors import EngineError

MB = 1_000_000
EACH_THREAD = 125 * MB
"""The memory with which a thread has room for its buffers and need not put everything aside; DuckDB's makers name it too."""
_NICE = (*(n * MB for n in (125, 250, 500)), *(n * 1000 * MB for n in (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)))

_USED = re.compile(r"\(([\d.]+) (bytes|[KMGT]iB)/([\d.]+) (bytes|[KMGT]iB) used\)")
_UNITS = {"bytes": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
_FILE = re.compile(r'(?:file|directory) \\*"(?:[^"\\]*/)?([^"/\\]+)\\*"')


def stopped(error: Exception, threads: int | None, memory: str | None) -> EngineError:
    """The error in words; `threads` and `memory` are what the run was given (None: the engine's own choice)."""
    text = plain(error)
    if "depth limit" in text:
        return EngineError(text, "the policy builds values on values deeper than the engine follows: split them, or leave some out")
    if "offload" in text or "max_temp_directory_size" in str(error):
        return EngineError(
            f"there is no room for what does not fit in memory{_how_full(text)}",
            "name a folder with more room with --temp-directory, or give more memory with --memory-limit",
        )
    if "No space left" in text or "File too large" in text or "Disk quota exceeded" in text:
        return EngineError(
            f"there is no room on the disk{_which_file(text)}", "free some room, or write to another disk: --out, --temp-directory"
        )
    if "Out of Memory" in text:
        return _memory(text, threads or os.cpu_count() or 1, memory)
    return EngineError(text)


def plain(error: Exception) -> str:
    """The first line of an engine's message, without what only its makers need."""
    return str(error).splitlines()[0].strip() if str(error) else type(error).__name__


def enough(limit: float, threads: int) -> str:
    """A memory limit that is worth trying where one has been too small: four times as much, and no less than its threads need."""
    wanted = max(4 * limit, threads * EACH_THREAD)
    size = next((nice for nice in _NICE if nice >= wanted), int(wanted))
    return f"{size // MB}MB" if size < 1000 * MB else f"{size // (1000 * MB)}GB"


def _memory(text: str, threads: int, memory: str | None) -> EngineError:
    found = _USED.search(text)
    if found is None or memory is None:
        return EngineError(
            "the machine has not enough free memory for it",
            "end other programs, or set --memory-limit below what is free, and fewer --threads: what does not fit goes to the disk",
        )
    limit = float(found.group(3)) * _UNITS[found.group(4)]
    return EngineError(
        f"the memory limit of {memory} is too small for this run",
        f"give more: --memory-limit {enough(limit, threads)}"
        + ("; or fewer threads, each needs memory of its own: --threads 1" if threads > 1 else ""),
    )


def _how_full(text: str) -> str:
    found = _USED.search(text)
    return f" ({found.group(1)} {found.group(2)} of {found.group(3)} {found.group(4)} used)" if found else ""


def _which_file(text: str) -> str:
    found = _FILE.search(text)
    return f" to write {found.group(1)}" if found else ""
