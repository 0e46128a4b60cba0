"""`selective-sales init`: a folder that works at once, from a sample or from a client file."""

from __future__ import annotations

from pathlib import Path

import click

from .exits import Exit
from .findings import print_findings


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path), default=".")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A file of clients (CSV, FILE.xlsx, 'FILE.xlsx#Sheet') to draw the data contract from.",
)
@click.option(
    "--key",
    metavar="COLUMN[,COLUMN]",
    help="With --from: the column, or the columns together, that name each client once. Without it the likely one is taken, and said.",
)
def command(folder: Path, source: Path | None, key: str | None) -> None:
    """Lay out a working policy, sample data and editor settings in FOLDER (default: here).

    Nothing that exists is overwritten: if one of the files is there already, nothing is written at all.

    A file in which no columns name a client needs a number for each row. For a file with commas:

    \b
    awk '{print (NR == 1 ? "row_id" : NR - 1) "," $0}' FILE > numbered.csv
    """
    if key is not None and source is None:
        raise click.UsageError("--key names columns of a file: give the file with --from FILE")
    from ..pipeline.starting_out import start_from

    laid, findings = start_from(folder, source, key)
    print_findings(findings, "text")
    if laid is None:
        about_the_call = any(f.code in {"SS750", "SS756", "SS759"} for f in findings)
        raise SystemExit(Exit.USAGE if about_the_call else Exit.DATA)
    if laid.settled:
        click.echo(f"Found in {source}: {', '.join(laid.settled)}")
    click.echo(f"Wrote {len(laid.files)} files to {laid.folder}:")
    for name in laid.files:
        click.echo(f"  {name.as_posix()}")
    policy = f"policies/{laid.policy_id}.yaml"
    click.echo("\nNext:")
    if laid.folder != Path():
        click.echo(f"  cd {laid.folder}")
    click.echo("  selective-sales check policies")
    click.echo("  selective-sales test policies")
    click.echo(f"  selective-sales evaluate {policy} --data data --out out/run")
