"""`selective-sales preview`: the letter to one client, on the terminal or in a file."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Literal

import click

from .arguments import RunFolder, text_only
from .dates import day
from .exits import Exit
from .output import put
from .snippet import visible


@click.command("preview")
@click.argument("run", type=RunFolder())
@click.option("--client", required=True, callback=text_only, metavar="ID", help="By key or name; a composite key is joined by |.")
@click.option("--language", type=click.Choice(["pl", "en", "by-field"]), help="Default: the client's own, else the policy's first.")
@click.option("--to", type=click.Choice(["md", "html", "txt", "pdf"]), help="Format. Default: what the name of --out ends in, else txt.")
@click.option("--letterhead", type=click.Path(path_type=Path, dir_okay=False), help="Default: letterhead.yaml beside the run.")
@click.option("--template", type=click.Path(path_type=Path, exists=True, file_okay=False), help="A folder with your own bodies and shells.")
@click.option("--date", "date", callback=day, metavar="YYYY-MM-DD", help="The date on the letter. Default: today.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="A new file. Default: the standard output.")
def command(
    run: Path,
    client: str,
    language: Literal["pl", "en", "by-field"] | None,
    to: Literal["md", "html", "txt", "pdf"] | None,
    letterhead: Path | None,
    template: Path | None,
    date: datetime.date | None,
    out: Path | None,
) -> None:
    """Show the letter to one client of the RUN folder, as `letters` would write it: with the mark of a draft while it is one."""
    from ..pipeline.finished import open_run
    from ..pipeline.letter_settings import BatchAsked
    from ..pipeline.letters import preview
    from .findings import print_findings
    from .letters import ending

    named = None if out is None else out.suffix.removeprefix(".")
    format: Literal["md", "html", "txt", "pdf"] = to or next((one for one in ("md", "html", "pdf") if one == named), "txt")  # type: ignore[assignment]
    if format == "pdf" and out is None:
        raise click.UsageError("A PDF is no text for a terminal. Name a file: --out letter.pdf")
    opened, findings = open_run(run)
    print_findings(findings)
    if opened is None:
        raise SystemExit(Exit.USAGE)
    asked = BatchAsked(Path(), (client,), None, language, format, letterhead, template, date)
    shown, findings = preview(opened, asked)
    print_findings(findings)
    if shown is None:
        raise SystemExit(ending(findings))
    if out is not None:
        _write(out, shown)
        click.echo(f"the letter is in {visible(str(out))}")
    elif sys.stdout.isatty():
        # A terminal gets nothing that could steer it, whatever the letter holds.
        click.echo("\n".join(visible(line, len(line)) for line in shown.decode("utf-8").split("\n")), nl=False)
    else:
        put(shown.decode("utf-8").removesuffix("\n"))


def _write(out: Path, content: bytes) -> None:
    """A new file, for its owner only: a letter is personal data."""
    import os

    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise click.UsageError(f"'{visible(str(out))}' is there already. Name a new file.") from None
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
    except OSError as error:
        error.filename = str(out)  # whoever reads of a full disk wants to know where
        raise
