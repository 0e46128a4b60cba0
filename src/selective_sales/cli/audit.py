"""`selective-sales audit`: are groups of clients decided alike, and if not, what does it come from?"""

from __future__ import annotations

import json
from pathlib import Path

import click

from . import progress
from .arguments import RunFolder, language_option, tables_format_option
from .exits import Exit
from .machine import machine_options
from .output import put
from .progress import quiet_option


@click.command("audit")
@click.argument("run", type=RunFolder())
@click.option(
    "--data",
    "data_",
    multiple=True,
    metavar="TABLE=FILE|FOLDER",
    help="Where the clients' file is now; it must be the one that the run read. Default: what the run kept, else where it was.",
)
@machine_options
@quiet_option
@language_option
@tables_format_option
def command(
    run: Path,
    data_: tuple[str, ...],
    threads: int | None,
    memory_limit: str | None,
    temp_directory: Path | None,
    quiet: bool,
    language: str | None,
    format_: str,
) -> None:
    """Compare how the groups named in a RUN's policy are decided, and say what a gap comes from.

    Selection rates, ratios and exact tests by the policy's section `fairness`. Passing is a policy standard, not a legal finding.
    """
    from ..pipeline.auditing import audit
    from ..pipeline.finished import open_run
    from ..pipeline.runs import Ending, Limits
    from .findings import print_findings

    opened, findings = open_run(run)
    print_findings(findings)
    if opened is None:
        raise SystemExit(Exit.USAGE)
    with progress.shown(quiet):
        audited = audit(opened, data_, Limits(threads, memory_limit), temp_directory)
    print_findings(audited.findings)
    made = audited.audit
    if made is None:
        raise SystemExit(Exit.DATA if audited.ending is Ending.BROKEN_DATA else Exit.USAGE)
    if format_ == "json":
        from .audit_json import as_json

        put(json.dumps(as_json(made), ensure_ascii=False, indent=2))
    else:
        from .audit_text import as_markdown, as_text

        spoken = language or made.languages[0]
        if format_ == "markdown":
            put(as_markdown(made, spoken).removesuffix("\n"))
        else:
            click.echo(as_text(made, spoken), nl=False)
    raise SystemExit(Exit.FINDINGS if made.fails else Exit.FINE)
