"""How much memory the engine gets: a part of what the user allows the program, or three quarters of the machine's or the container's."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

PART = 0.75
OF_GIVEN = 0.85
"""The rest of a stated limit is for what the engine does not count: buffers of files that it reads and writes, the program itself."""
OF_JAVA = 0.6
"""Of the same, where a Java process beside this one does the work: it takes more than its heap, and this program needs some too."""
LEAST_HEAP = 512 * 2**20
"""Less, and Spark does not start."""
SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)(i?)B", re.IGNORECASE)
UNLIMITED = 2**60
"""Where nothing is limited, version 1 of the control groups writes a number near the largest that there is."""


def given_limit(size: str) -> str:
    """The engine's limit for a size such as 1GB or 500MiB that the whole program may have; what is no size is left to the engine."""
    known = bytes_of(size)
    return size if known is None else f"{int(known * OF_GIVEN)}B"


def bytes_of(size: str) -> float | None:
    """Of a size such as 1GB or 500MiB; None of what is no size."""
    found = SIZE.fullmatch(size.strip())
    if found is None:
        return None
    number, prefix, binary = found.groups()
    unit: int = (1024 if binary else 1000) ** " KMGT".index(prefix.upper() or " ")
    return float(number) * unit


def java_heap(size: str | None, root: Path = Path("/")) -> str | None:
    """The heap, in Java's words, of a Spark on this machine: by the size that the whole program may have, or by what there is.

    None where neither is known.
    """
    allowed = bytes_of(size) if size else None
    if allowed is None:
        known = [amount for amount in (machine_memory(), container_memory(root)) if amount is not None]
        allowed = min(known) * PART if known else None
    return None if allowed is None else f"{int(max(allowed * OF_JAVA, LEAST_HEAP)) >> 20}m"


def default_limit(root: Path = Path("/")) -> str:
    """As the engine takes it: bytes, or a part of what it sees itself where this system does not tell."""
    known = [amount for amount in (machine_memory(), container_memory(root)) if amount is not None]
    return f"{int(min(known) * PART)}B" if known else f"{PART:.0%}"


def machine_memory() -> int | None:
    """Bytes of the machine's memory; None where the system has another way of telling."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None


def container_memory(root: Path = Path("/")) -> int | None:
    """The lowest limit of the control groups in which this process is (Linux, both versions); None where there is none."""
    limits = [amount for file in limit_files(root) if (amount := limit_in(file)) is not None]
    return min(limits, default=None)


def limit_files(root: Path) -> Iterator[Path]:
    """Where the limits of this process's groups stand: its own, those above it, and the one that a container sees as the topmost."""
    groups = root / "sys/fs/cgroup"
    for line in lines_of(root / "proc/self/cgroup"):
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if number == "0" and not controllers:
            base, name = groups, "memory.max"
        elif "memory" in controllers.split(","):
            base, name = groups / "memory", "memory.limit_in_bytes"
        else:
            continue
        parts = [part for part in path.split("/") if part not in ("", "..")]
        for depth in range(len(parts), -1, -1):
            yield base.joinpath(*parts[:depth], name)


def lines_of(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []


def limit_in(file: Path) -> int | None:
    """The bytes that stand in the file; None for `max`, for what is no limit, and where there is no such file."""
    text = "".join(lines_of(file)).strip()
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < UNLIMITED else None
