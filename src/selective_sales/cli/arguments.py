"""Arguments of the command line in, what the commands work with out.

Refused, as usage errors that say what is asked for: bytes that are no UTF-8 (a client's id from a file of another encoding), a policy or
nothing in place of a run folder, a folder in place of a policy.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from .snippet import visible

_NAMED = 3

Value = TypeVar("Value", str, tuple[str, ...])
csv_for_option = click.option(
    "--csv-for",
    "csv_for",
    type=click.Choice(["excel-pl"]),
    help="Write CSV as this program opens it: semicolons, decimal commas, a byte order mark. Default: as programs read it.",
)
language_option = click.option("--language", metavar="CODE", help="Language of the words: pl, else English. Default: the policy's first.")
tables_format_option = click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="Tables for a terminal or a page, or everything as JSON.",
)


def text_only(ctx: click.Context, parameter: click.Parameter, value: Value) -> Value:
    """The value, or a usage error: the system hands what it cannot read over as halves of characters, which no client's id has."""
    for word in (value,) if isinstance(value, str) else value:
        if any("\ud800" <= character <= "\udfff" for character in word):
            raise click.BadParameter(f"'{visible(word, 60)}' is not UTF-8 text")
    return value


class Hours(click.FloatRange):
    """Hours to share out: above zero, at most a billion."""

    def __init__(self) -> None:
        super().__init__(min=0, min_open=True, max=1e9)

    def convert(self, value: float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        hours = float(super().convert(value, param, ctx))
        # What is no number is neither below the range nor above it.
        if math.isnan(hours):
            self.fail(f"{value!r} is not a number", param, ctx)
        return hours


class RunFolder(click.Path):
    """The folder of a run, which `evaluate` wrote."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        path = Path(value)
        if not _is(path.is_dir):
            what = "is a file, not the folder of a run" if _is(path.exists) else "does not exist"
            self.fail(
                f"'{visible(str(path), 200)}' {what}. A run is what this writes: selective-sales evaluate POLICY --data ... --out FOLDER",
                param,
                ctx,
            )
        return super().convert(value, param, ctx)


class PolicyFile(click.Path):
    """The one policy that a command is about."""

    def __init__(self) -> None:
        super().__init__(exists=True, dir_okay=False, path_type=Path)

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        path = Path(value)
        if _is(path.is_dir):
            inside = sorted(p for p in path.glob("*.y*ml") if not p.name.endswith((".test.yaml", ".test.yml")))[:_NAMED]
            named = f": {', '.join(visible(str(p), 200) for p in inside)}" if inside else ""
            self.fail(f"'{visible(str(path), 200)}' is a folder. Name the policy in it{named}", param, ctx)
        return super().convert(value, param, ctx)


def _is(what: Callable[[], bool]) -> bool:
    """False, too, for what cannot be a path at all."""
    try:
        return what()
    except (OSError, ValueError):
        return False
