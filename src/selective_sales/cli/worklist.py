"""`selective-sales worklist`: which facts to collect next, about whom, and what they would settle."""

from __future__ import annotations

import io
import json
import tempfile
from pathlib import Path

import click

from .arguments import RunFolder, csv_for_option, language_option
from .exits import Exit
from .output import put

SHOWN = 10


@click.command("worklist")
@click.argument("run", type=RunFolder())
@click.option("--top", type=click.IntRange(0), help=f"How many clients to name. Default: {SHOWN} in the text, all in JSON and CSV.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write into this file, which must not exist yet.")
@language_option
@csv_for_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
    help="Tables for a person, everything as JSON, or the clients as CSV.",
)
def command(run: Path, top: int | None, out: Path | None, language: str | None, format_: str, csv_for: str | None) -> None:
    """Say which facts to collect next, and about whom: what the undetermined clients of a RUN wait for, by the revenue it would settle.

    A fact alone settles a client where nothing else that is missing matters to its decision; several settle it together.
    """
    from ..pipeline.finished import open_run
    from ..pipeline.worklist import lack_words, out_findings, publish, worklist, write_clients
    from .findings import print_findings

    if csv_for is not None and format_ != "csv":
        raise click.UsageError("--csv-for goes with --format csv")
    if out is not None and (out.exists() or out.is_symlink()):
        raise click.UsageError(f"the file '{out}' is there already: name a new one with --out")
    if out is not None and not out.absolute().parent.is_dir():
        raise click.UsageError(f"there is no folder for '{out}'")
    opened, findings = open_run(run)
    print_findings(findings)
    if opened is None:
        raise SystemExit(Exit.USAGE)
    refused = () if out is None else out_findings(opened, out)
    if refused:
        print_findings(refused)
        raise SystemExit(Exit.USAGE)
    if format_ == "csv":
        if out is not None:
            write_clients(opened, out, top, for_excel=csv_for is not None)
        else:
            with tempfile.TemporaryDirectory(prefix="selective-sales-") as name:
                made = Path(name) / "worklist.csv"
                write_clients(opened, made, top, for_excel=csv_for is not None)
                pour(made)
        return
    made_list = worklist(opened, SHOWN if top is None and format_ == "text" else top)
    spoken = language or made_list.languages[0]
    words = lack_words(opened.checked, spoken)
    if format_ == "json":
        from .worklist_text import as_json

        text = json.dumps(as_json(made_list, words), ensure_ascii=False, indent=2) + "\n"
    else:
        from .worklist_text import as_text

        text = as_text(made_list, spoken, words)
    if out is not None:
        publish(out, io.BytesIO(text.encode("utf-8", errors="backslashreplace")))
    elif format_ == "json":
        put(text.removesuffix("\n"))
    else:
        click.echo(text, nl=False)


def pour(path: Path) -> None:
    """A file to the standard output, as it is."""
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            click.echo(chunk, nl=False)
