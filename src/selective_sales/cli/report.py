"""`selective-sales report`: a run in one HTML file that needs nothing else."""

from __future__ import annotations

from pathlib import Path

import click

from . import progress
from .arguments import Hours, RunFolder
from .exits import Exit
from .findings import print_findings
from .machine import machine_options
from .progress import quiet_option


@click.command("report")
@click.argument("run", type=RunFolder())
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The HTML file to write. A report that is there is replaced.")
@click.option("--language", type=click.Choice(["pl", "en"]), required=True, help="Language of the report.")
@click.option("--compare", type=RunFolder(), metavar="OLD_RUN", help="An earlier run: also say what changed since.")
@click.option("--hours", type=Hours(), help="Hours to share out by the policy's allocations.")
@click.option("--overwrite", is_flag=True, help="Replace the file even if it is no report.")
@machine_options
@quiet_option
def command(
    run: Path,
    out: Path,
    language: str,
    compare: Path | None,
    hours: float | None,
    overwrite: bool,
    threads: int | None,
    memory_limit: str | None,
    temp_directory: Path | None,
    quiet: bool,
) -> None:
    """Write one HTML file about the RUN folder, to be opened in a browser, offline, or printed.

    Decisions by clients and money, the whale curve, Pareto, the matrix of attractiveness, segments, who decides, which data are missing,
    limits, fairness, what changed, time plans, and the portfolio without those who leave. It names clients: the file is for its owner only.
    """
    from ..pipeline.finished import open_run
    from ..pipeline.report_file import write_report
    from ..pipeline.reporting import ReportAsked
    from ..pipeline.runs import Limits

    opened, findings = open_run(run)
    print_findings(findings)
    if opened is None:
        raise SystemExit(Exit.USAGE)
    asked = ReportAsked(compare, hours, Limits(threads, memory_limit), temp_directory)
    with progress.shown(quiet):
        written, findings = write_report(opened, out, language, asked, overwrite=overwrite)
    print_findings(findings)
    if written is None:
        raise SystemExit(Exit.USAGE)
    click.echo(f"{out}: {max(1, round(written.size / 1000))} kB")
