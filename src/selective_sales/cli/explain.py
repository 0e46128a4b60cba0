"""`selective-sales explain`: why a client was decided so, and how near other rules were."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import click

from .arguments import RunFolder, text_only
from .exits import Exit
from .output import put, wants_colour


@click.command("explain")
@click.argument("run", type=RunFolder())
@click.argument("client", callback=text_only)
@click.option("--language", type=click.Choice(["pl", "en"]), help="Language of the words. Default: the policy's first.")
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True, help="For people or for programs."
)
@click.option("--all", "all_", is_flag=True, help="Every rule with its conditions, every score, table and metric.")
def command(run: Path, client: str, language: str | None, format_: str, all_: bool) -> None:
    """Say why CLIENT was decided so in the RUN folder: what decided, what would change it, and what data is missing.

    A key of several columns is written with its values joined by |, in quotes: 'PL|1024'.
    """
    from ..pipeline.finished import explain, open_run
    from .findings import print_findings

    opened, findings = open_run(run)
    print_findings(findings)
    if opened is None:
        raise SystemExit(Exit.USAGE)
    explanation, findings = explain(opened, client)
    print_findings(findings)
    if explanation is None:
        raise SystemExit(Exit.USAGE)

    from ..pipeline.memos import as_json, language_finding, spoken

    if format_ == "json":
        put(json.dumps(as_json(explanation), ensure_ascii=False, indent=2))
        return
    spoken_in = language or _default(opened.checked.policy.languages)
    print_findings(language_finding(opened, spoken_in))
    width = min(110, shutil.get_terminal_size().columns)
    bold = wants_colour(sys.stdout)
    strong = lambda heading: click.style(heading, bold=True) if bold else heading  # noqa: E731
    click.echo(spoken(opened, explanation, spoken_in, width, strong, brief=not all_), nl=False)


def _default(languages: tuple[str, ...]) -> str:
    """The first of the policy's languages that this command speaks."""
    return next((language for language in languages if language in ("pl", "en")), "en")
