"""Sections of what was measured in, RESULTS.md out: the targets first, then every comparison, then what was taken by hand."""

from __future__ import annotations

import datetime
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.timing import Measured

INTRODUCTION = """\
Nobody can read seconds off a shared machine: **the ratios are the result**. Whatever is compared ran in turns, as whole commands unless
said otherwise, and the median counts. "Without start" is the command's time less what Python and the imports need before any work."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is promised, what was measured; `met` None where it was not measured. `reason` says why, where it is not met."""

    what: str
    allowed: str
    measured: str
    met: bool | None
    reason: str = ""

    @property
    def verdict(self) -> str:
        if self.met is None:
            return f"not measured{f': {self.reason}' if self.reason else ''}"
        return "met" if self.met else f"**missed**{f': {self.reason}' if self.reason else ''}"


@dataclass(frozen=True, slots=True)
class Section:
    """One comparison in Markdown, with the targets that it answers."""

    title: str
    lines: tuple[str, ...]
    targets: tuple[Target, ...] = ()


def within(what: str, allowed: float, measured: float, unit: str, reason: str = "", detail: str = "") -> Target:
    """A target of at most so much."""
    return Target(what, f"{allowed:g} {unit}", f"{measured:.2f} {unit}{detail}", measured <= allowed, reason)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> tuple[str, ...]:
    """A Markdown table; a float has two decimals, a None is blank."""
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    lines += [f"| {' | '.join(map(_cell, row))} |" for row in rows]
    return tuple(lines)


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case float():
            return f"{value:.3f}" if abs(value) < 0.1 else f"{value:.2f}"
        case _:
            return str(value)


def beside(found: Mapping[str, Measured], yardstick: str) -> tuple[str, ...]:
    """A table of commands as multiples of the yardstick."""
    rows = [(name, one.seconds, one.peak_mb, one.seconds / found[yardstick].seconds) for name, one in found.items()]
    return table(("", "seconds", "peak MB", f"x {yardstick}"), rows)


def whole(sections: Sequence[Section], rounds: int) -> str:
    """RESULTS.md."""
    targets = [target for section in sections for target in section.targets]
    parts = [
        "# How fast it is\n",
        f"{machine()}, {datetime.datetime.now(datetime.UTC):%Y-%m-%d}. Written by `make bench` ({rounds} rounds).\n",
        INTRODUCTION + "\n",
        "![How the cost grows with clients and with rules](growth.svg)\n",
        "## Targets\n",
        "\n".join(table(("target", "at most", "measured", ""), ((t.what, t.allowed, t.measured, t.verdict) for t in targets))) + "\n",
    ]
    parts += ["\n".join([f"## {section.title}\n", *section.lines, ""]) for section in sections]
    return "\n".join(parts)


def machine() -> str:
    """What it ran on, in words."""
    return f"Python {platform.python_version()}, DuckDB {duckdb.__version__}, {processor()}, {os.cpu_count()} cores, {memory_gb():.0f} GB"


def processor() -> str:
    info = Path("/proc/cpuinfo")
    names = (
        [line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")] if info.exists() else []
    )
    return names[0] if names else platform.machine()


def memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
