"""`selective-sales simulate`: a run's portfolio without the declined clients and on other terms."""

from __future__ import annotations

import json
from pathlib import Path

import click

from . import progress
from .arguments import RunFolder, language_option, tables_format_option
from .exits import Exit
from .progress import quiet_option


@click.command("simulate")
@click.argument("run", type=RunFolder())
@click.option(
    "--without",
    multiple=True,
    metavar="DECISION,...",
    help="Whose clients leave: decision=decline,flag, or none. Repeatable. Default: the decisions that need approval, else the first.",
)
@click.option(
    "--change",
    "changes",
    multiple=True,
    metavar="[DECISION:]NAME=AMOUNT",
    help="Other terms: cost_to_serve=-10%, renegotiate:revenue=+5%, profit=-500 (less), service_hours=12 (exactly). Repeatable.",
)
@click.option("--decide-again", is_flag=True, help="Also decide everybody again on the other terms, and show who would move.")
@quiet_option
@language_option
@tables_format_option
def command(
    run: Path, without: tuple[str, ...], changes: tuple[str, ...], decide_again: bool, quiet: bool, language: str | None, format_: str
) -> None:
    """Show what a RUN's portfolio would bring without the declined clients, and on other terms: what is lost, what is saved, what is left.

    The clients keep the decisions of the run.
    """
    from ..pipeline.finished import open_run
    from ..pipeline.simulating import simulate
    from .findings import print_findings

    opened, findings = open_run(run)
    print_findings(findings)
    if opened is None:
        raise SystemExit(Exit.USAGE)
    with progress.shown(quiet):
        made, findings = simulate(opened, without or None, changes, again=decide_again)
    print_findings(findings)
    if made is None:
        raise SystemExit(Exit.USAGE)
    if format_ == "json":
        from .simulation_json import as_json

        click.echo(json.dumps(as_json(made), ensure_ascii=False, indent=2))
    else:
        from .simulation_text import as_markdown, as_text

        spoken = language or made.languages[0]
        click.echo(as_text(made, spoken) if format_ == "text" else as_markdown(made, spoken), nl=False)
