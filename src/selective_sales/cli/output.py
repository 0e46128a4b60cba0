"""What a program reads goes to the standard output in UTF-8, whatever the locale; what a person reads, in the locale's encoding.

A character that the locale cannot write is shown as its escape (`\\u0142`): a name is no reason for a traceback.
"""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO

import click


def put(text: str) -> None:
    """The text and a line's end, in UTF-8. A part of a file's name that is no text at all (a lone surrogate) is escaped."""
    click.echo(text.encode("utf-8", errors="backslashreplace"))


def never_stop_at_a_character() -> None:
    """From now on a character that an output's encoding lacks is written as its escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def wants_colour(stream: TextIO | None) -> bool:
    """Whether what goes there may be coloured or bold: a terminal that can, and nobody who said no."""
    return stream is not None and stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def flush_or_drop() -> None:
    """What is left for the standard output, if it can still be written: at the program's end it would be an error of Python's own."""
    try:
        sys.stdout.flush()
    except OSError:
        write_nothing_more(1)


def write_nothing_more(*numbers: int) -> None:
    """Turns outputs (1: the standard one, 2: the one for errors) to nowhere, so that what is still buffered for one that takes no more
    raises nothing at the end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for number in numbers:
        os.dup2(nowhere, number)
