"""`selective-sales suggest-tests`: boundary cases with today's answers, written for a person to review."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .arguments import PolicyFile
from .dates import as_of_option
from .exits import Exit
from .findings import print_findings
from .snippet import visible

if TYPE_CHECKING:
    from ..model.finding import Finding
    from ..pipeline.suggesting import Suggested

_SHOWN = 10


@click.command("suggest-tests")
@click.argument("policy", type=PolicyFile())
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where the cases go: a new file that ends in .test.yaml, or - for the screen. Default: POLICY.suggested.test.yaml beside it.",
)
@as_of_option
@click.option("--rule", "rules", multiple=True, metavar="ID", help="Only the cases of this rule; repeatable.")
def command(policy: Path, out: Path | None, as_of: date | None, rules: tuple[str, ...]) -> None:
    """Write test cases on, just below and just above each threshold of POLICY, with the answers it gives today.

    The cases are marked as unreviewed: until a person has deleted the mark, they count neither as passed nor as coverage.
    """
    from ..pipeline import suggesting

    screen = out is not None and str(out) == "-"
    target = policy.with_name(f"{policy.stem}.suggested.test.yaml") if out is None else out
    refused = () if screen else suggesting.refused(target)
    if refused:
        print_findings(refused)
        sys.exit(Exit.USAGE)
    found, findings = suggesting.suggest(policy, as_of or date.today(), rules, policy.parent if screen else target.parent)
    if found is None:
        print_findings(findings)
        sys.exit(_exit(findings))
    if screen:
        click.echo(found.text, nl=False)
    else:
        written = suggesting.write(target, found.text)
        if written:
            print_findings(written)
            sys.exit(Exit.USAGE)
    _say(found, None if screen else target)


def _exit(findings: tuple[Finding, ...]) -> Exit:
    """A rule that is not there is a slip of the call; that nothing can be suggested is a finding; all else is the policy's."""
    from ..model.finding import Severity

    codes = {finding.code for finding in findings if finding.severity is Severity.ERROR}
    if codes <= {"SS652", "SS701", "SS702"}:
        return Exit.USAGE
    return Exit.FINDINGS if codes <= {"SS653", "SS654"} else Exit.INVALID


def _say(found: Suggested, target: Path | None) -> None:
    """What was written, how much of the policy it shows, and what is missing; beside the cases where these go to the screen."""
    aside = target is None
    if target is not None:
        click.echo(visible(f"Wrote {found.cases} unreviewed cases to {target}."))
    click.echo(f"{found.both_sides} of {found.conditions} conditions have a case on both sides.", err=aside)
    for note in found.missed[:_SHOWN]:
        click.echo(visible(f"  {note}", 200), err=aside)
    if len(found.missed) > _SHOWN:
        click.echo(f"  and {len(found.missed) - _SHOWN} more, as comments in the file", err=aside)
    if found.left_out:
        click.echo(f"{found.left_out} more cases have no room in one file: name some rules with --rule.", err=aside)
    if target is not None:
        click.echo("Read each case, and delete its line `unreviewed: true` where you agree with what it expects.")
