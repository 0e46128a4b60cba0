"""`selective-sales replay`: does a run's evidence give the same again?"""

from __future__ import annotations

import json
from pathlib import Path

import click

from .arguments import RunFolder
from .exits import Exit
from .output import put
from .progress import quiet_option, shown


@click.command("replay")
@click.argument("run", type=RunFolder())
@quiet_option
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(run: Path, quiet: bool, format_: str) -> None:
    """Run the evidence in a RUN folder again and say "identical", or what differs and why.

    The policy is the one kept in the run folder; the data are the files that the run read, or the copy made by --keep-data.
    """
    from ..pipeline.replaying import replay
    from .findings import print_findings

    with shown(quiet):
        result = replay(run)
    print_findings(result.findings, "text")
    if format_ == "json":
        content = {
            "identical": result.identical,
            "run_id": result.run_id,
            "digest_then": result.digest_then,
            "digest_now": result.digest_now,
            "differences": list(result.differences),
        }
        put(json.dumps(content, ensure_ascii=False, indent=2))
    elif result.digest_now is not None:
        verdict = "identical" if result.identical else "different"
        click.echo(f"{verdict}: {result.run_id}, digest {result.digest_then}" + ("" if result.identical else f", now {result.digest_now}"))
        for difference in result.differences:
            click.echo(f"  {difference}")
    if result.digest_now is None:
        raise SystemExit(Exit.USAGE if not result.run_id else Exit.DATA)
    raise SystemExit(Exit.FINE if result.identical else Exit.FINDINGS)
