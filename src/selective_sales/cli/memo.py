"""`selective-sales memo`: internal memos on decisions, one file per client."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from .arguments import RunFolder, text_only
from .exits import Exit
from .progress import wanted

if TYPE_CHECKING:
    from ..model.finding import Finding

_TEMPLATE_CODES = frozenset({"SS801", "SS802", "SS803", "SS804", "SS805", "SS806", "SS807"})
"""What is wrong with a template: mend it. The other findings are about what was asked for."""
_EVERY = 0.2
"""Seconds between two looks at the progress."""


@click.command("memo")
@click.argument("run", type=RunFolder())
@click.option(
    "--client",
    "clients",
    multiple=True,
    callback=text_only,
    metavar="ID",
    help="Only this client, by key or name. Repeatable; a composite key is joined by |.",
)
@click.option("--decision", metavar="ID", help="Only clients with this decision.")
@click.option("--language", type=click.Choice(["pl", "en"]), required=True, help="Language of the memos.")
@click.option("--to", "format_", type=click.Choice(["md", "html"]), required=True, help="Markdown or HTML.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="The folder to write: new or empty.")
@click.option(
    "--template", type=click.Path(path_type=Path, exists=True, file_okay=False), help="A folder with your own memo.<language>.<format>.j2."
)
def command(
    run: Path,
    clients: tuple[str, ...],
    decision: str | None,
    language: str,
    format_: Literal["md", "html"],
    out: Path,
    template: Path | None,
) -> None:
    """Write an internal memo for each client of the RUN folder: the decision, its reasons, what else was near, and the values behind.

    Memos appear in the folder all together or not at all, with an index memos.json. They hold personal data and reasons that are not for
    the client.
    """
    from ..pipeline.finished import open_run
    from ..pipeline.memos import memos
    from .findings import print_findings

    opened, findings = open_run(run)
    print_findings(findings)
    if opened is None:
        raise SystemExit(Exit.USAGE)
    with _progress() as told:
        written, findings = memos(
            opened, language=language, format=format_, folder=out, clients=clients, decision=decision, templates=template, told=told
        )
    print_findings(findings)
    if written is None:
        raise SystemExit(_exit(findings))
    click.echo(f"{len(written.memos)} {'memo' if len(written.memos) == 1 else 'memos'} in {out}")


@contextmanager
def _progress() -> Iterator[Callable[[int], None]]:
    """A line that counts, where a person watches; it disappears when all is done."""
    if not wanted(False, sys.stderr):
        yield lambda written: None
        return
    last = time.monotonic()
    shown = False

    def told(written: int) -> None:
        nonlocal last, shown
        if time.monotonic() - last >= _EVERY:
            last, shown = time.monotonic(), True
            click.echo(f"\r{written} memos ...", err=True, nl=False)

    try:
        yield told
    finally:
        if shown:
            click.echo("\r\033[K", err=True, nl=False)


def _exit(findings: Iterable[Finding]) -> Exit:
    return Exit.INVALID if any(finding.code in _TEMPLATE_CODES for finding in findings) else Exit.USAGE
