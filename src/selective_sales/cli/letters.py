"""`selective-sales letters`: the letters of a run as a batch: new, or brought up to date."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from .arguments import RunFolder, text_only
from .dates import day
from .exits import Exit
from .progress import quiet_option, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..model.batch import BatchLetter
    from ..model.finding import Finding
    from ..pipeline.letter_batch import Made

_INVALID = frozenset(f"SS{code:03}" for code in (*range(2, 200), *range(800, 808), *range(950, 956), *range(959, 970), 978))
"""What is wrong with a template, a letterhead or approvals: a file to mend. The other findings are about what was asked for."""

_LEFT_OUT = frozenset({"SS956", "SS958"})
"""Clients with a decision that has a letter, and no letter. (As a note SS958 tells of letters that were written.)"""
_FATES = {
    "new": "new",
    "changed": "changed",
    "final": "now final",
    "untouched": "untouched",
    "kept": "final and kept, though the run says something else",
    "withdrawn": "withdrawn",
}
_NAMED = 5
_OUT_HELP = "The folder of the batch: new or empty, or an earlier batch, which is brought up to date."


@click.command("letters")
@click.argument("run", type=RunFolder())
@click.option("--out", type=click.Path(path_type=Path), required=True, help=_OUT_HELP)
@click.option("--decision", metavar="ID", help="Only letters with this decision.")
@click.option(
    "--client",
    "clients",
    multiple=True,
    callback=text_only,
    metavar="ID",
    help="Only this client, by key or name. Repeatable; a composite key is joined by |.",
)
@click.option(
    "--language",
    type=click.Choice(["pl", "en", "by-field"]),
    help="Default: the batch's, else the policy's.",
)
@click.option("--to", type=click.Choice(["md", "html", "txt", "pdf"]), help="Format of the letters. Default: the batch's, else html.")
@click.option("--letterhead", type=click.Path(path_type=Path, dir_okay=False), help="Default: letterhead.yaml beside the run.")
@click.option("--template", type=click.Path(path_type=Path, exists=True, file_okay=False), help="A folder with your own bodies and shells.")
@click.option("--date", "date", callback=day, metavar="YYYY-MM-DD", help="The date on the letters. Default: the batch's, else today.")
@click.option("--dry-run", is_flag=True, help="Make and check every letter, write nothing, say what would be new, changed, final, stale.")
@click.option("--sample", is_flag=True, help="One letter of each decision, language and way through its body, as drafts.")
@quiet_option
def command(
    run: Path,
    out: Path,
    decision: str | None,
    clients: tuple[str, ...],
    language: Literal["pl", "en", "by-field"] | None,
    to: Literal["md", "html", "txt", "pdf"] | None,
    letterhead: Path | None,
    template: Path | None,
    date: datetime.date | None,
    dry_run: bool,
    sample: bool,
    quiet: bool,
) -> None:
    """Write the letters to the clients of the RUN folder: all together or not at all, each one looked at before.

    A letter that needs an approval is a draft, marked so on every page, until `selective-sales approve` says who approved it and this
    command is run again. The folder holds personal data, with an index for programs (letters.json) and for people (letters.csv).
    """
    from ..model.finding import Severity
    from ..pipeline.finished import open_run
    from .findings import print_findings

    opened, findings = open_run(run)
    print_findings(findings)
    if opened is None:
        raise SystemExit(Exit.USAGE)
    from ..pipeline.letter_settings import BatchAsked
    from ..pipeline.letters import letters

    asked = BatchAsked(out, clients, decision, language, to, letterhead, template, date, dry_run, sample)
    with shown(quiet):
        made, findings = letters(opened, asked)
    print_findings(findings)
    if made is None:
        raise SystemExit(ending(findings))
    for line in told(run, made, dry_run):
        click.echo(line)
    if made.stands_against or any(finding.code in _LEFT_OUT and finding.severity is not Severity.NOTE for finding in findings):
        raise SystemExit(Exit.FINDINGS)


def ending(findings: Sequence[Finding]) -> Exit:
    """3 where a file that a person wrote is to be mended, else 2."""
    from ..model.finding import has_errors

    return Exit.INVALID if any(finding.code in _INVALID and has_errors([finding]) for finding in findings) else Exit.USAGE


def told(run: Path, made: Made, dry_run: bool) -> list[str]:
    """What came of it, and what is to be done next."""
    from ..model.batch import Status
    from .snippet import visible

    letters = [letter for letter in made.batch.letters if letter.status is not Status.WITHDRAWN]
    counts = [f"{made.fates[fate]:,} {_FATES[fate.value]}" for fate in made.fates if made.fates[fate]]
    where = visible(str(made.folder))
    would = " would be" if dry_run else ""
    lines = [f"{_counted(len(letters), 'letter')}{would} in {where}{': ' if counts else ''}{', '.join(counts)}"]
    final = sum(letter.status is Status.FINAL for letter in letters)
    against = [letter for letter in made.batch.letters if letter.status is Status.FINAL and letter.stale]
    standing = f"{final - len(against):,} final, {len(letters) - final:,} {'draft' if len(letters) - final == 1 else 'drafts'}"
    lines.append(standing + _named("final", "run no longer says", against))
    gone = [letter for letter in made.batch.letters if letter.status is Status.WITHDRAWN and letter.file is not None]
    lines[-1] += _named("final", "run gives to nobody any more", gone)
    if made.batch.sample:
        lines.append("They are examples, marked as drafts: look at them, then write the letters into another folder.")
    elif made.waiting:
        lines.append(f"{_counted(made.waiting, 'draft')} {'waits' if made.waiting == 1 else 'wait'} for approval. Once they are read:")
        lines.append(f'  selective-sales approve {visible(str(run))} --letters {where} --all --by "NAME" --note "TEXT"')
    if not dry_run and not made.written:
        lines.append("Nothing was written: the batch is up to date.")
    return lines


def _named(what: str, says: str, letters: Sequence[BatchLetter]) -> str:
    """The letters that should not be sent, counted apart and by name."""
    from .snippet import visible

    if not letters:
        return ""
    names = ", ".join(visible(letter.key, 40) for letter in letters[:_NAMED])
    more = f" and {len(letters) - _NAMED:,} more" if len(letters) > _NAMED else ""
    return f", {len(letters):,} {what} that the {says}: {names}{more}"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what if count == 1 else what + 's'}"
