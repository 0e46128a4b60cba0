"""Commands in, their median times out, run in turns so that a slow minute of the machine falls on all of them."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""A program that is installed has its modules compiled: without that every start would be timed as if it were the first."""


@dataclass(frozen=True)
class Contender:
    """A command, what must be done before each of its runs (a result folder must not exist), and how it may exit."""

    command: Sequence[str]
    before: Callable[[], None] = lambda: None
    exits: tuple[int, ...] = (0,)


def medians(contenders: Mapping[str, Contender], rounds: int) -> dict[str, float]:
    """Seconds of each command, by its name: the median of so many rounds after one that warms up."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds + 1):
        for name, contender in contenders.items():
            seconds = _run(name, contender)
            if number:
                times[name].append(seconds)
    return {name: statistics.median(seconds) for name, seconds in times.items()}


def _run(name: str, contender: Contender) -> float:
    contender.before()
    start = time.perf_counter()
    done = subprocess.run(contender.command, capture_output=True, text=True, check=False, env=ENVIRONMENT)
    seconds = time.perf_counter() - start
    if done.returncode not in contender.exits:
        raise SystemExit(f"{name}: exit code {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return seconds
