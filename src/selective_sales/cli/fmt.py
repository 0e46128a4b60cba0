"""`selective-sales fmt`: policies, policy tests and exceptions in canonical layout."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..model.finding import Finding
from .check import below
from .exits import Exit
from .findings import print_findings
from .snippet import visible

if TYPE_CHECKING:
    from ..pipeline import Layout

_STDIN = Path("-")


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(exists=True, allow_dash=True, path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; name the files that would change, and exit with 1 if there are any.")
@click.option("--diff", is_flag=True, help="Like --check, and show what would change.")
def command(paths: tuple[Path, ...], check: bool, diff: bool) -> None:
    """Lay policies out in the canonical form. Comments stay, and so does what the policies say: both are checked before a file is written.

    PATH is a policy, a *.test.yaml, an exceptions.yaml, or a folder of them (default: here). With - the standard input is laid out and
    written to the standard output.
    """
    from .. import pipeline

    if _STDIN in paths:
        if len(paths) > 1:
            raise click.UsageError("- stands alone: the standard input is one file.")
        _stdin(check, diff)
    closed: list[Finding] = []
    files = list(dict.fromkeys(file for path in paths or (Path(),) for file in _files(path, closed)))
    told: list[Finding] = list(closed)
    exits = {Exit.USAGE} if closed else set()
    changed = unchanged = 0
    for file in files:
        layout = pipeline.lay_out(file)
        findings, exit = _ending(layout)
        if layout.changes and not (check or diff):
            findings = pipeline.write_layout(file, layout)
            exit = _exit_of_writing(findings)
        told.extend(findings)
        exits.add(exit)
        if not layout.changes:
            unchanged += not findings
            continue
        if findings:
            continue
        changed += 1
        if check or diff:
            exits.add(Exit.FINDINGS)
        if diff:
            click.echo("\n".join(_diff(layout)))
        else:
            click.echo(f"{'would change' if check else 'changed'} {visible(str(file))}")
    print_findings(told)
    click.echo(_sum(changed, unchanged, len(files) - changed - unchanged, check or diff), err=diff)
    sys.exit(_worst(exits))


def _stdin(check: bool, diff: bool) -> None:
    """One file from the standard input to the standard output."""
    from .. import pipeline

    layout = pipeline.lay_out_content("<stdin>", sys.stdin.buffer.read(_MOST))
    findings, exit = _ending(layout)
    print_findings(findings)
    if exit is Exit.FINE and diff and layout.changes:
        click.echo("\n".join(_diff(layout)))
    elif exit is Exit.FINE and not check and not diff:
        sys.stdout.buffer.write(layout.after)
        sys.stdout.buffer.flush()
    sys.exit(Exit.FINDINGS if exit is Exit.FINE and layout.changes and (check or diff) else exit)


_MOST = 2 * 1024 * 1024
"""Bytes: twice what a file may have, so that a longer one is found too long."""


def _ending(layout: Layout) -> tuple[tuple[Finding, ...], Exit]:
    if layout.invalid:
        return layout.findings, Exit.USAGE if any(finding.code == "SS001" for finding in layout.findings) else Exit.INVALID
    return layout.findings, Exit.FINDINGS if layout.findings else Exit.FINE


def _exit_of_writing(findings: tuple[Finding, ...]) -> Exit:
    return Exit.USAGE if findings else Exit.FINE


def _worst(exits: set[Exit]) -> Exit:
    """A file with errors comes before one that could not be written, and that before one that would change."""
    return next((exit for exit in (Exit.INVALID, Exit.USAGE, Exit.FINDINGS) if exit in exits), Exit.FINE)


def _sum(changed: int, unchanged: int, left: int, only_told: bool) -> str:
    """`2 files changed, 5 in canonical layout already, 1 left alone`."""
    words = [f"{changed} {'file' if changed == 1 else 'files'} {'would change' if only_told else 'changed'}"]
    words += [f"{unchanged} in canonical layout{'' if only_told else ' already'}"]
    return ", ".join(words + ([f"{left} left alone"] if left else []))


def _diff(layout: Layout) -> Iterator[str]:
    before, after = (text.decode("utf-8").splitlines() for text in (layout.before, layout.after))
    name = visible(layout.name)
    for line in difflib.unified_diff(before, after, name, name, lineterm=""):
        yield visible(line, len(line))


def _files(path: Path, closed: list[Finding]) -> list[Path]:
    """The file itself, or what there is to lay out in a folder and below."""
    from .. import pipeline

    if not path.is_dir():
        return [path]
    found = [file for file in sorted(below(path, closed)) if pipeline.is_formatted(file)]
    if not found and not closed:
        raise click.UsageError(f"There is no policy in the folder '{visible(str(path))}'.")
    return found
