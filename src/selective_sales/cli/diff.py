"""`selective-sales diff`: what two policies differ in, by meaning, and which clients that moves, by which change, with what money."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from . import progress
from .arguments import csv_for_option
from .dates import as_of_option
from .evaluate import SETTLED
from .exits import Exit
from .machine import machine_options
from .output import put
from .progress import quiet_option

if TYPE_CHECKING:
    from ..pipeline.comparing import Compared

FORMATS = ("text", "json", "markdown")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")


@click.command("diff")
@click.argument("old", type=click.Path(path_type=Path, exists=True))
@click.argument("new", type=click.Path(path_type=Path, exists=True))
@click.option("--data", "data_", multiple=True, metavar="TABLE=FILE|FOLDER", help="Decide the clients of these data by both. Repeatable.")
@as_of_option
@click.option("--exceptions", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="An exceptions.yaml, for both sides.")
@click.option(
    "--history", type=click.Path(path_type=Path, exists=True, file_okay=False), help="A folder with the run folders of earlier runs."
)
@click.option("--quarantine", is_flag=True, help="Set bad rows aside and go on without them.")
@click.option(
    "--expect", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Gates: what may change at most. Exit 1 beyond."
)
@click.option("--clients", "most", type=click.IntRange(0), default=5, show_default=True, help="How many clients of each cause to name.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="A CSV file to write with every client who moves.")
@machine_options
@csv_for_option
@quiet_option
@click.option("--language", metavar="CODE", help="Language of the words. Default: the new policy's first.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True, help="For people, programs, a review.")
def command(
    old: Path,
    new: Path,
    data_: tuple[str, ...],
    as_of: datetime.date | None,
    exceptions: Path | None,
    history: Path | None,
    quarantine: bool,
    expect: Path | None,
    most: int,
    out: Path | None,
    threads: int | None,
    memory_limit: str | None,
    temp_directory: Path | None,
    csv_for: str | None,
    quiet: bool,
    language: str | None,
    format_: str,
) -> None:
    """Say how the policy NEW differs from OLD, and with --data which clients get another decision, by which change, with what money.

    OLD and NEW are policies, folders with one policy, or run folders. Two runs are compared by what they decided. Comments and layout are
    no change; texts are told apart from what decides.
    """
    from ..pipeline import comparing, runs
    from .findings import print_findings

    if out is not None and out.exists():
        raise click.UsageError(f"the file '{out}' is there already: name a new one with --out")
    if out is not None and not out.absolute().parent.is_dir():
        raise click.UsageError(f"there is no folder for '{out}'")
    if csv_for is not None and out is None:
        raise click.UsageError("--csv-for goes with --out FILE")
    if not data_ and (exceptions or history or quarantine):
        raise click.UsageError("--exceptions, --history and --quarantine go with --data: a run has its own")
    limits = runs.Limits(threads, memory_limit)
    request = runs.Request(
        {}, as_of or datetime.date.today(), None, exceptions, quarantine, limits=limits, temp=temp_directory, history=history
    )
    ask = comparing.Ask(old, new, data_, request, None if format_ == "json" else most, out, expect, language, for_excel=csv_for is not None)
    with progress.shown(quiet):
        compared = comparing.compare(ask)
    print_findings([f for f in compared.findings if f.code != SETTLED or compared.comparison is None])
    if compared.comparison is not None:
        print_comparison(compared, language, format_)
    raise SystemExit(exit_code(compared))


def print_comparison(compared: Compared, language: str | None, format_: str) -> None:
    comparison = compared.comparison
    assert comparison is not None
    spoken = language or comparison.languages[0]
    if language is not None and language not in comparison.languages:
        click.echo(f"The policy has no texts in '{language[:40]}', its languages are: {', '.join(comparison.languages)}", err=True)
    if format_ == "json":
        from .diff_json import as_json

        put(as_json(comparison, spoken))
    elif format_ == "markdown":
        from .diff_markdown import as_markdown

        put(as_markdown(comparison, spoken).removesuffix("\n"))
    else:
        from .diff_text import as_text

        click.echo(as_text(comparison, spoken), nl=False)


def exit_code(compared: Compared) -> Exit:
    from ..pipeline.runs import Ending

    if compared.ending is Ending.DONE and compared.comparison is not None:
        return Exit.FINDINGS if any(not gate.kept for gate in compared.comparison.gates) else Exit.FINE
    return {
        Ending.DONE: Exit.USAGE,
        Ending.INVALID_POLICY: Exit.INVALID,
        Ending.BROKEN_DATA: Exit.DATA,
        Ending.USAGE: Exit.USAGE,
    }[compared.ending]
