"""`selective-sales approve`: a named person says that letters may be sent; or how the letters of a run stand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .arguments import RunFolder, text_only
from .exits import Exit
from .snippet import visible

if TYPE_CHECKING:
    from ..pipeline.approving import Standpoint

MOST = 50
"""Letters that are listed one by one; letters.csv and approvals.yaml have all."""


@click.command("approve")
@click.argument("run", type=RunFolder())
@click.option("--client", "clients", multiple=True, callback=text_only, metavar="ID", help="The letter to this client. Repeatable.")
@click.option("--decision", metavar="ID", help="All letters with this decision.")
@click.option("--all", "all_", is_flag=True, help="All letters that wait for an approval.")
@click.option("--by", callback=text_only, default="", metavar="NAME", help="Who approves: a person, first and last name.")
@click.option("--note", callback=text_only, default="", metavar="TEXT", help="What that person has looked at, in their own words.")
@click.option("--letters", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Default: the batch beside the run.")
@click.option("--list", "list_", is_flag=True, help="Approve nothing: show which letters wait, are approved, are final.")
def command(
    run: Path, clients: tuple[str, ...], decision: str | None, all_: bool, by: str, note: str, letters: Path | None, list_: bool
) -> None:
    """Approve letters of the RUN folder that you have read: added to approvals.yaml beside it.

    An approval holds for exactly this client, decision and letter. Where anything changes what the letter says, it holds no more.
    `selective-sales letters` then takes the mark of a draft away.
    """
    from ..pipeline.approving import ApprovalAsked, approve, standing
    from ..pipeline.finished import open_run
    from .findings import print_findings
    from .letters import ending

    if list_ and (clients or decision or all_ or by or note):
        raise click.UsageError("--list approves nothing: it goes with --letters only.")
    opened, findings = open_run(run)
    print_findings(findings)
    if opened is None:
        raise SystemExit(Exit.USAGE)
    if list_:
        stands, findings = standing(opened, letters)
        print_findings(findings)
        if stands is None:
            raise SystemExit(ending(findings))
        _list(stands)
        return
    approved, findings = approve(opened, ApprovalAsked(by, note, clients, decision, all_, letters))
    print_findings(findings)
    if approved is None:
        raise SystemExit(ending(findings))
    for letter in approved.letters[:MOST]:
        named = f" ({visible(letter.name, 60)})" if letter.name and letter.name != letter.key else ""
        click.echo(f"approved: {letter.reference}  {visible(letter.key, 60)}{named}, {letter.decision}")
    if len(approved.letters) > MOST:
        click.echo(f"and {len(approved.letters) - MOST:,} more")
    count = len(approved.letters)
    click.echo(f"{count:,} {'letter' if count == 1 else 'letters'} approved by {visible(by.strip())}, in {visible(str(approved.file))}")
    if count:
        click.echo("They lose the mark of a draft when the letters are written again:")
        click.echo(f"  selective-sales letters {visible(str(run))} --out {visible(str(approved.folder))}")


def _list(stands: tuple[Standpoint, ...]) -> None:
    """A line for each letter that needs an approval, those that wait first, and the counts."""
    order = [
        "final, and approved by nobody",
        "final, and not what the run says",
        "waits again",
        "waits for approval",
        "approved",
        "final",
        "withdrawn",
    ]
    ordered = sorted(stands, key=lambda one: order.index(one.stand.value))
    for one in ordered[:MOST]:
        letter = one.letter
        by = "" if one.approval is None else f", {visible(one.approval.approved_by, 60)} on {one.approval.approved_at[:10]}"
        why = f"; changed since: {', '.join(one.causes)}" if one.causes else ""
        why += f" ({visible('; '.join(letter.differs), 400)})" if letter.differs and why else ""
        click.echo(f"{one.stand.value:18}  {letter.reference}  {visible(letter.key, 40)}, {letter.decision}{by}{why}")
    if len(ordered) > MOST:
        click.echo(f"and {len(ordered) - MOST:,} more")
    counts = Counter(one.stand.value for one in stands)
    total = ", ".join(f"{counts[stand]:,} {_of_several(stand, counts[stand])}" for stand in order if counts[stand])
    click.echo(f"{len(stands):,} {'letter needs' if len(stands) == 1 else 'letters need'} an approval{': ' if total else ''}{total}")


def _of_several(stand: str, count: int) -> str:
    return stand if count == 1 else stand.replace("waits", "wait")
