"""Findings in, printed out: for people (text, concise), for programs (json, sarif, junit, gitlab), for a review (github, markdown).

`text` and `concise` go to stderr, beside a command's result. All other forms are themselves the result and go to stdout; with `sarif`,
`junit`, `gitlab` and `markdown`, which mostly go to a file, a person watching gets the text on stderr too.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import click

from ..model.finding import Finding, in_order
from .exits import Exit
from .formats.text import concise, summary, texts
from .output import put, wants_colour
from .snippet import nearby

FORMATS = ("text", "concise", "json", "github", "gitlab", "sarif", "junit", "markdown")
MOST = 50
"""More findings than a person mends at once are counted, not shown."""

format_option = click.option(
    "--format", "format", type=click.Choice(FORMATS), default="text", show_default=True, help="How findings are printed."
)
"""`--format`, the same for every command that reports findings."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """A file that was looked at, and what was found in it."""

    path: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class About:
    """What else a form may tell: the command, the files it looked at (those without findings too), how it ends."""

    command: str = "check"
    files: tuple[FileReport, ...] = ()
    exit: Exit | None = None
    strict: bool = False


def print_findings(findings: Iterable[Finding], format: str = "text", about: About | None = None) -> None:
    """The findings in the order of their places, each once.

    For people 50 at most, then the count of the rest, then the sum of all; for programs all of them.
    """
    ordered, about = in_order(findings), about or About()
    match format:
        case "json":
            from .formats.objects import finding_object

            click.echo(json.dumps([finding_object(finding) for finding in ordered], indent=2))
        case "github":
            _print_github(ordered, about)
        case "sarif" | "junit" | "gitlab" | "markdown":
            _print_text(ordered, "text")
            put(_document(ordered, format, about))
        case _:
            _print_text(ordered, format)


def _print_text(ordered: Sequence[Finding], format: str) -> None:
    colour = wants_colour(sys.stderr)
    ordered = [replace(finding, place=replace(finding.place, file=nearby(finding.place.file))) for finding in ordered]
    shown, rest = ordered[:MOST], len(ordered) - MOST
    for line in concise(shown, colour) if format == "concise" else texts(shown, colour):
        click.echo(line, err=True, color=colour)
    if rest > 0:
        click.echo(f"and {rest} more", err=True)
    if ordered:
        click.echo(summary(ordered), err=True)


def _print_github(ordered: Sequence[Finding], about: About) -> None:
    """Annotations, and the step's summary where GitHub asks for one."""
    from .formats.github import annotation
    from .formats.markdown import of_check
    from .formats.step_summary import add_to_summary

    for finding in ordered[:MOST]:
        click.echo(annotation(finding))
    if len(ordered) > MOST:
        click.echo(f"::notice::and {len(ordered) - MOST} more findings")
    if about.files:
        for warning in add_to_summary(of_check(about.files, ordered)):
            click.echo(annotation(warning))


def _document(ordered: Sequence[Finding], format: str, about: About) -> str:
    """The findings as a whole document."""
    match format:
        case "sarif":
            from .formats.sarif import results_of, sarif

            return sarif(about.command, results_of(ordered), about.exit)
        case "junit":
            from .formats.checked import as_junit

            return as_junit(about.files, ordered, about.strict)
        case "gitlab":
            from .formats.gitlab import gitlab

            return gitlab(ordered)
        case _:
            from .formats.markdown import fitted, of_check

            return fitted(of_check(about.files, ordered)).rstrip("\n")
