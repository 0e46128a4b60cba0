"""How much of the machine a command may use: the same options wherever clients are decided."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

MEMORY = re.compile(r"\d+(\.\d+)?\s*(KB|MB|GB|TB|KiB|MiB|GiB|TiB)", re.IGNORECASE)


def memory_size(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """A size such as 4GB or 500MiB."""
    if value is not None and not MEMORY.fullmatch(value.strip()):
        raise click.BadParameter("write a size such as 4GB or 500MB")
    return value


MEMORY_HELP = "How much memory to use, such as 4GB; beyond it the disk is used. Default: 75% of the machine's, or of the container's."
TEMP_HELP = "Where to put what does not fit in memory. Default: beside the run folder, else the system's place."
_OPTIONS = (
    click.option("--threads", type=click.IntRange(1, 1024), help="How many threads to use. Default: all."),
    click.option("--memory-limit", callback=memory_size, metavar="SIZE", help=MEMORY_HELP),
    click.option("--temp-directory", type=click.Path(path_type=Path, exists=True, file_okay=False), help=TEMP_HELP),
)


def machine_options(command: Command) -> Command:
    """Gives the command `--threads`, `--memory-limit` and `--temp-directory`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
