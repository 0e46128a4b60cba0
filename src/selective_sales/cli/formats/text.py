"""Findings in, lines for people out: `text` with the line and its carets, `concise` a line each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from ...model.finding import Finding, Severity
from ..snippet import read_lines, snippet, visible

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def texts(findings: Sequence[Finding], colour: bool) -> Iterator[str]:
    """A block for each finding; a file is read once."""
    lines: dict[str, list[str]] = {}
    for finding in findings:
        file = finding.place.file
        if finding.place.line and file not in lines:
            lines[file] = read_lines(file)
        yield _as_text(finding, lines.get(file, []), colour) + "\n"


def concise(findings: Sequence[Finding], colour: bool) -> Iterator[str]:
    """A line for each finding, its help behind it."""
    for finding in findings:
        yield header(finding, colour) + (f"; {visible(finding.help)}" if finding.help else "")


def summary(findings: Sequence[Finding]) -> str:
    """`2 errors, 1 warning in policies/a.yaml`."""
    said = counted(findings)
    files = sorted({finding.place.file for finding in findings if finding.place.file})
    where = visible(files[0]) if len(files) == 1 else f"{len(files)} files"
    return f"{said} in {where}" if files else said


def counted(findings: Sequence[Finding]) -> str:
    """`2 errors, 1 warning`."""
    counts = [(sum(f.severity is severity for f in findings), severity.value) for severity in Severity]
    return ", ".join(f"{count} {word}{'s' if count > 1 else ''}" for count, word in counts if count)


def header(finding: Finding, colour: bool = False) -> str:
    """Where, which code, what."""
    where = visible(str(finding.place))
    weight = "" if finding.severity is Severity.ERROR else f"{finding.severity.value}: "
    code = _styled(finding.code, colour, fg=_COLOURS[finding.severity], bold=True)
    prefix = f"{where}: " if where else ""
    return f"{prefix}{code} {weight}{visible(finding.message)}"


def _as_text(finding: Finding, lines: list[str], colour: bool) -> str:
    """The header, the line with its carets where the file can be shown, and the help."""
    number = str(finding.place.line) if finding.place.line else " "
    gutter = " " * (len(number) + 1)
    out = [header(finding, colour)]
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


def _indented(carets: str, finding: Finding, colour: bool) -> str:
    marks = carets.lstrip()
    return carets[: len(carets) - len(marks)] + _styled(marks, colour, fg=_COLOURS[finding.severity])


def _styled(text: str, colour: bool, fg: str | None = None, bold: bool | None = None) -> str:
    return click.style(text, fg=fg, bold=bold) if colour else text
