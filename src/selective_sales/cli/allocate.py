"""`selective-sales allocate`: a run's allocations in hours, per group and per client."""

from __future__ import annotations

import json
from pathlib import Path

import click

from .arguments import Hours, RunFolder
from .exits import Exit
from .output import put


@click.command("allocate")
@click.argument("run", type=RunFolder())
@click.option("--hours", type=Hours(), required=True, help="How many hours there are to share out.")
@click.option("--allocation", metavar="NAME", help="One of the policy's allocations. Default: all.")
@click.option("--clients", type=click.IntRange(0), default=10, show_default=True, help="How many clients of each group the table shows.")
@click.option("--language", metavar="CODE", help="Language of titles. Default: the policy's first.")
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True, help="A table, or everything as JSON."
)
def command(run: Path, hours: float, allocation: str | None, clients: int, language: str | None, format_: str) -> None:
    """Share HOURS out by the allocations of a RUN's policy: each group gets factor x its share, each client its part of that."""
    from ..pipeline.allocating import allocate
    from ..pipeline.finished import open_run
    from .findings import print_findings
    from .hours import as_json, as_text

    opened, findings = open_run(run)
    print_findings(findings)
    if opened is None:
        raise SystemExit(Exit.USAGE)
    made, findings = allocate(opened, hours, allocation)
    print_findings(findings)
    if not made:
        raise SystemExit(Exit.USAGE)
    if format_ == "json":
        put(json.dumps([as_json(one) for one in made], ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(as_text(one, clients, language or one.languages[0]) for one in made), nl=False)
    raise SystemExit(Exit.FINDINGS if any(one.rest is not None and one.rest < 0 for one in made) else Exit.FINE)
