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
    from ..pipeline.approvals_asked import ApprovalAsked
    from ..pipeline.finished import FinishedRun
    from ..pipeline.letter_standing import Standpoint

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
@click.option("--withdraw", "withdraw_", is_flag=True, help="Take approvals back, with --by and --note: the letters become drafts again.")
@click.option("--not-sent", is_flag=True, help="With --withdraw: the letters that are final have not been sent.")
@click.option("--list", "list_", is_flag=True, help="Approve nothing: show which letters wait, are approved, are final.")
def command(
    run: Path,
    clients: tuple[str, ...],
    decision: str | None,
    all_: bool,
    by: str,
    note: str,
    letters: Path | None,
    withdraw_: bool,
    not_sent: bool,
    list_: bool,
) -> None:
    """Approve letters of the RUN folder that you have read: added to approvals.yaml beside it.

    An approval holds for exactly this client, decision and letter. Where anything changes what the letter says, it holds no more.
    `selective-sales letters` then takes the mark of a draft away. --withdraw takes approvals back; they stay in the file, to be read.
    """
    from ..pipeline.approvals_asked import ApprovalAsked
    from ..pipeline.approving import approve
    from ..pipeline.finished import open_run
    from ..pipeline.letter_standing import standing
    from .findings import print_findings
    from .letters import ending

    if not_sent and not withdraw_:
        raise click.UsageError("--not-sent goes with --withdraw only.")
    if list_ and (clients or decision or all_ or by or note or withdraw_):
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
    asked = ApprovalAsked(by, note, clients, decision, all_, letters)
    if withdraw_:
        _withdraw(run, opened, asked, not_sent)
        return
    approved, findings = approve(opened, asked)
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


def _withdraw(run: Path, opened: FinishedRun, asked: ApprovalAsked, not_sent: bool) -> None:
    from ..pipeline.withdrawing import withdraw
    from .findings import print_findings
    from .letters import ending

    withdrawn, findings = withdraw(opened, asked, not_sent=not_sent)
    print_findings(findings)
    if withdrawn is None:
        raise SystemExit(ending(findings))
    for one in withdrawn.approvals[:MOST]:
        by = f"{visible(one.approved_by, 60)} on {one.approved_at[:10]}"
        click.echo(f"withdrawn: the approval of the letter to {visible('|'.join(one.client), 60)}, {one.decision}, given by {by}")
    count = len(withdrawn.approvals)
    if count > MOST:
        click.echo(f"and {count - MOST:,} more")
    click.echo(
        f"{count:,} {'approval' if count == 1 else 'approvals'} withdrawn by {visible(asked.by.strip())}, in {visible(str(withdrawn.file))}"
    )
    if count:
        click.echo("Their letters are drafts; a file that still stands without the mark gets it back when the letters are written again:")
        for folder in withdrawn.folders[:3]:
            click.echo(f"  selective-sales letters {visible(str(run))} --out {visible(str(folder))}")


def _list(stands: tuple[Standpoint, ...]) -> None:
    """A line for each letter that needs an approval, those that wait first, and the counts."""
    order = [
        "final, and approved by nobody",
        "final, and its approval withdrawn",
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
        if one.withdrawal is not None:
            by += f", its approval withdrawn by {visible(one.withdrawal.withdrawn_by, 60)} on {one.withdrawal.withdrawn_at[:10]}"
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
