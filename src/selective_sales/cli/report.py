"""Findings in, printed lines out: for people (text, concise), for programs (json) and for a pull request's page (github).

`text` and `concise` go to stderr, beside a command's result; `json` and `github` are themselves the result and go to stdout.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Sequence

import click

from ..model.finding import Finding, Severity, in_order
from .snippet import read_lines, snippet, visible

FORMATS = ("text", "concise", "json", "github")
MOST = 50
"""More findings than a person mends at once are counted, not shown."""

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


format_option = click.option(
    "--format", "format", type=click.Choice(FORMATS), default="text", show_default=True, help="How findings are printed."
)
"""`--format`, the same for every command that reports findings."""


def print_findings(findings: Iterable[Finding], format: str = "text") -> None:
    """The findings in the order of their places, each once; 50 at most, then the count of the rest, then the sum of all."""
    ordered = in_order(findings)
    if format == "json":
        click.echo(json.dumps(findings_json(ordered), indent=2))
        return
    shown, rest = ordered[:MOST], len(ordered) - MOST
    if format == "github":
        for finding in shown:
            click.echo(_as_github(finding))
        if rest > 0:
            click.echo(f"::notice::and {rest} more findings")
        return
    colour = _wants_colour()
    if format == "concise":
        for finding in shown:
            click.echo(_as_line(finding, colour), err=True, color=colour)
    else:
        _print_texts(shown, colour)
    if rest > 0:
        click.echo(f"and {rest} more", err=True)
    if ordered:
        click.echo(summary(ordered), err=True)


def findings_json(findings: Iterable[Finding]) -> list[dict[str, str | int]]:
    """Every finding once, in the order of their places, for programs."""
    return [_as_json(finding) for finding in in_order(findings)]


def summary(findings: Sequence[Finding]) -> str:
    """`2 errors, 1 warning in policies/a.yaml`."""
    counts = [(sum(f.severity is severity for f in findings), severity.value) for severity in Severity]
    said = ", ".join(f"{count} {word}{'s' if count > 1 else ''}" for count, word in counts if count)
    files = sorted({finding.place.file for finding in findings if finding.place.file})
    where = visible(files[0]) if len(files) == 1 else f"{len(files)} files"
    return f"{said} in {where}" if files else said


def _print_texts(findings: Sequence[Finding], colour: bool) -> None:
    lines: dict[str, list[str]] = {}
    for finding in findings:
        file = finding.place.file
        if finding.place.line and file not in lines:
            lines[file] = read_lines(file)
        click.echo(_as_text(finding, lines.get(file, []), colour) + "\n", err=True, color=colour)


def _as_text(finding: Finding, lines: list[str], colour: bool) -> str:
    """The header, the line with its carets where the file can be shown, and the help."""
    number = str(finding.place.line) if finding.place.line else " "
    gutter = " " * (len(number) + 1)
    out = [_header(finding, colour)]
    found = snippet(lines, finding.place)
    if found is not None:
        line, carets = found
        bar = _styled("|", colour, fg="blue")
        out += [
            f"{gutter}{bar}",
            f"{_styled(number, colour, fg='blue')} {bar} {line}".rstrip(),
            f"{gutter}{bar} {_indented(carets, finding, colour)}",
        ]
    if finding.help:
        out.append(f"{gutter}= {_styled('help:', colour, bold=True)} {visible(finding.help)}")
    return "\n".join(out)


def _as_line(finding: Finding, colour: bool) -> str:
    help = f"; {visible(finding.help)}" if finding.help else ""
    return _header(finding, colour) + help


def _header(finding: Finding, colour: bool) -> str:
    where = visible(str(finding.place))
    weight = "" if finding.severity is Severity.ERROR else f"{finding.severity.value}: "
    code = _styled(finding.code, colour, fg=_COLOURS[finding.severity], bold=True)
    prefix = f"{where}: " if where else ""
    return f"{prefix}{code} {weight}{visible(finding.message)}"


def _indented(carets: str, finding: Finding, colour: bool) -> str:
    marks = carets.lstrip()
    return carets[: len(carets) - len(marks)] + _styled(marks, colour, fg=_COLOURS[finding.severity])


def _styled(text: str, colour: bool, fg: str | None = None, bold: bool | None = None) -> str:
    return click.style(text, fg=fg, bold=bold) if colour else text


def _wants_colour() -> bool:
    return sys.stderr.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _as_json(finding: Finding) -> dict[str, str | int]:
    place = finding.place
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "help": finding.help,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
    }


def _as_github(finding: Finding) -> str:
    """A workflow command of GitHub Actions: it becomes an annotation at the line."""
    place = finding.place
    level = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}[finding.severity]
    properties = [("file", place.file)] if place.file else []
    if place.line:
        properties += [("line", str(place.line)), ("endLine", str(max(place.end_line, place.line)))]
        if place.end_line in (0, place.line):  # columns are for spans of one line only
            properties += [("col", str(place.column)), ("endColumn", str(place.column + place.width))]
    properties.append(("title", finding.code))
    message = visible(finding.message) + (f"\n{visible(finding.help)}" if finding.help else "")
    said = ",".join(f"{name}={_escaped(visible(value)).replace(':', '%3A').replace(',', '%2C')}" for name, value in properties)
    return f"::{level} {said}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
