"""On a terminal, one line that says what is being done, how far it is and for how long; it is gone when the work is.

Nowhere else is anything written: not into a pipe or a file, not on a build server, not with `--quiet`, and not in the first second.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO, TypeVar

import click

from ..model.steps import Step, told_to, words
from .snippet import visible

Command = TypeVar("Command", bound=Callable[..., Any])
PATIENCE = 1.0
"""Seconds without a line: what is done by then needs none."""
EVERY = 0.2
WIDTH = 80
"""Of a terminal that does not tell."""
ERASE = "\r\x1b[K"


def quiet_option(command: Command) -> Command:
    """Gives the command `--quiet`."""
    return click.option("--quiet", is_flag=True, help="Show no progress on the terminal.")(command)


def wanted(quiet: bool, stream: TextIO | None) -> bool:
    """Whether a person watches, on a terminal that can erase a line."""
    return not quiet and stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("CI")


@contextmanager
def shown(quiet: bool = False) -> Iterator[None]:
    """Shows the line while the work within goes on."""
    stream = sys.stderr
    if not wanted(quiet, stream):
        yield
        return
    line = Line(stream)
    drawing = threading.Thread(target=line.draw_on, name="progress", daemon=True)
    drawing.start()
    try:
        with told_to(line):
            yield
    finally:
        line.stopped.set()
        drawing.join()


class Line:
    """Hears of the steps in the thread that works; draws in one of its own."""

    wants_percent = True

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.stopped = threading.Event()
        self.lock = threading.Lock()
        self.started = time.monotonic()
        self.doing = ""
        self.engines: list[Callable[[], float]] = []

    def begin(self, step: Step, about: str) -> None:
        self.doing = visible(words(step, about), 60)

    def attach(self, percent: Callable[[], float]) -> None:
        with self.lock:
            self.engines.append(percent)

    def detach(self, percent: Callable[[], float]) -> None:
        # The lock: an engine is never asked while it is being closed.
        with self.lock:
            self.engines.remove(percent)

    def percent(self) -> float:
        with self.lock:
            return max((percent() for percent in self.engines), default=-1.0)

    def text(self) -> str:
        """`deciding, sorting and writing  42%  1:05`"""
        seconds = int(time.monotonic() - self.started)
        percent = self.percent()
        far = f"  {int(percent)}%" if 0 < percent < 100 else ""
        return f"{self.doing or 'working'}{far}  {seconds // 60}:{seconds % 60:02}"

    def draw_on(self) -> None:
        """Draws until it is stopped; a terminal that is gone ends it without a word."""
        if self.stopped.wait(PATIENCE):
            return
        with contextlib.suppress(OSError):
            while not self.stopped.is_set():
                self.write(ERASE + self.text()[: self.room() - 1])
                self.stopped.wait(EVERY)
            self.write(ERASE)

    def room(self) -> int:
        """The width of the terminal that is written to: a line that breaks could not be erased."""
        with contextlib.suppress(OSError, ValueError):
            return os.get_terminal_size(self.stream.fileno()).columns or WIDTH
        return WIDTH

    def write(self, text: str) -> None:
        self.stream.write(text)
        self.stream.flush()
