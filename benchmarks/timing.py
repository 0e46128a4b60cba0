"""Commands in; their times, processor times and peak memory out, run in turns so that a slow minute of the machine falls on all of them."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""A program that is installed has its modules compiled: without that every start would be timed as if it were the first."""
KILOBYTES = 1 if sys.platform == "darwin" else 1024
"""The unit in which the system tells the peak memory."""

LAUNCHER = """
import os, sys, time
start = time.perf_counter()
process = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, used = os.wait4(process, 0)
seconds = time.perf_counter() - start
with open(sys.argv[1], "w") as told:
    told.write(f"{seconds} {used.ru_utime + used.ru_stime} {used.ru_maxrss} {os.waitstatus_to_exitcode(status)}")
"""


@dataclass(frozen=True)
class Contender:
    """A command, what must be done before each of its runs (a result folder must not exist), and how it may exit."""

    command: Sequence[str]
    before: Callable[[], None] = lambda: None
    exits: tuple[int, ...] = (0,)


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds by the clock, seconds of all processors, peak memory in bytes."""

    seconds: float
    cpu: float
    peak: int

    @property
    def peak_mb(self) -> int:
        return round(self.peak / 1e6)


def medians(contenders: Mapping[str, Contender], rounds: int) -> dict[str, float]:
    """Seconds of each command, by its name: the median of so many rounds after one that warms up."""
    return {name: found.seconds for name, found in measured(contenders, rounds).items()}


def measured(contenders: Mapping[str, Contender], rounds: int, *, warm_up: bool = True) -> dict[str, Measured]:
    """What each command takes, by its name: medians of the times, the largest peak."""
    found: dict[str, list[Measured]] = {name: [] for name in contenders}
    for number in range(rounds + warm_up):
        for name, contender in contenders.items():
            one = run(name, contender)
            if number >= warm_up:
                found[name].append(one)
    return {name: middle(runs) for name, runs in found.items()}


def middle(runs: Sequence[Measured]) -> Measured:
    return Measured(statistics.median(r.seconds for r in runs), statistics.median(r.cpu for r in runs), max(r.peak for r in runs))


def run(name: str, contender: Contender) -> Measured:
    """One run of the command as a process of its own; ends the benchmark where it fails.

    A small process starts it: the system counts the memory of the one that starts another as that other's own.
    """
    contender.before()
    with tempfile.TemporaryFile() as said, tempfile.NamedTemporaryFile() as told:
        launch = [sys.executable, "-I", "-S", "-c", LAUNCHER, told.name, *contender.command]
        subprocess.run(launch, stdout=said, stderr=subprocess.STDOUT, env=ENVIRONMENT, check=True)
        seconds, cpu, peak, code = told.read().split()
        if int(code) not in contender.exits:
            said.seek(0)
            raise SystemExit(f"{name}: exit code {int(code)}\n{said.read()[-4000:].decode(errors='replace')}")
    return Measured(float(seconds), float(cpu), int(peak) * KILOBYTES)
