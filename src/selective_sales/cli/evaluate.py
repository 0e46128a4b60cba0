"""`selective-sales evaluate`: decide every client, print what came of it, keep the evidence."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from . import progress
from .arguments import PolicyFile, csv_for_option
from .dates import as_of_option
from .exits import Exit
from .machine import machine_options
from .output import put
from .progress import quiet_option

if TYPE_CHECKING:
    from ..model.finding import Finding
    from ..model.profile import Profile
    from ..pipeline.runs import Outcome

SETTLED = "SS518"
"""What was found out about a file: the summary says it too."""
FORMATS = ("text", "json", "github", "markdown")


@click.command("evaluate")
@click.argument("policy", type=PolicyFile())
@click.option(
    "--data", "data_", multiple=True, metavar="TABLE=FILE|FOLDER", help="A table's file, or a folder with a file per table. Repeatable."
)
@as_of_option
@click.option("--exceptions", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="An exceptions.yaml.")
@click.option(
    "--history",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder with the run folders of earlier runs of the same policy: its rules may look at them.",
)
@click.option("--quarantine", is_flag=True, help="Set bad rows aside into quarantine.csv and go on without them.")
@click.option("--out", type=click.Path(path_type=Path), help="The run folder to write: decisions, facts, manifest. Must not exist yet.")
@click.option(
    "--write",
    "write",
    multiple=True,
    type=click.Choice(["csv", "xlsx"]),
    help="Also write decisions.csv, or the workbook decisions.xlsx, into the run folder. Repeatable.",
)
@csv_for_option
@click.option("--keep-data", is_flag=True, help="Keep the data in the run folder, so that a replay does not need the sources.")
@machine_options
@click.option(
    "--engine",
    "engine",
    type=click.Choice(["duckdb", "spark"]),
    default="duckdb",
    show_default=True,
    help="What reads, checks and decides: DuckDB in this program, or Spark (extra: spark).",
)
@click.option(
    "--master", metavar="URL", help="Of Spark: local[4], spark://HOST:7077, yarn, k8s://... Default: local[*], all cores of this machine."
)
@click.option("--profile", is_flag=True, help="Also measure what each step, rule and metric costs: extra work after the run.")
@quiet_option
@click.option("--language", metavar="CODE", help="Language of the summary and the workbook. Default: the policy's first.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True, help="How to print the summary.")
def command(
    policy: Path,
    data_: tuple[str, ...],
    as_of: datetime.date | None,
    exceptions: Path | None,
    history: Path | None,
    quarantine: bool,
    out: Path | None,
    write: tuple[str, ...],
    csv_for: str | None,
    keep_data: bool,
    threads: int | None,
    memory_limit: str | None,
    temp_directory: Path | None,
    engine: str,
    master: str | None,
    profile: bool,
    quiet: bool,
    language: str | None,
    format_: str,
) -> None:
    """Decide every client of the data by a POLICY, and say what came of it.

    With --out the decisions and their evidence are kept in a run folder, which `explain`, `memo` and `replay` read. Personal data is in
    it: keep it as you keep the client data itself.
    """
    from ..pipeline import profiling, runs

    if write and out is None:
        raise click.UsageError(f"--write {write[0]} needs --out RUN_FOLDER to write into")
    if csv_for is not None and not ("csv" in write or (quarantine and out is not None)):
        raise click.UsageError("--csv-for goes with --write csv, or with --quarantine and --out RUN_FOLDER")
    if keep_data and out is None:
        raise click.UsageError("--keep-data needs --out RUN_FOLDER to keep the data in")
    if profile and format_ == "markdown":
        raise click.UsageError("--profile goes with --format text, json or github: a page for a review has no room for it")
    if master is not None and engine != "spark":
        raise click.UsageError("--master names a Spark master: give --engine spark with it")
    spark = None if engine != "spark" else master or (f"local[{threads}]" if threads else "local[*]")
    day = as_of or datetime.date.today()
    limits = runs.Limits(threads, memory_limit)

    def request(inputs: Mapping[str, object]) -> runs.Request:
        csv, xlsx = "csv" in write, "xlsx" in write
        return runs.Request(
            inputs, day, out, exceptions, quarantine, csv, xlsx, keep_data, limits, temp_directory, history, language, profile,
            for_excel=csv_for is not None,
            spark=spark,
        )  # fmt: skip

    with progress.shown(quiet), profiling.timed() as watch:
        outcome = runs.evaluate_files(policy, data_, request, spark=spark is not None)
        cost = profiling.profile(watch, outcome)
    if language is not None and outcome.summary is not None and language not in outcome.summary.languages:
        click.echo(f"The policy has no texts in '{language}', its languages are: {', '.join(outcome.summary.languages)}", err=True)
    show(outcome, language, format_, cost)
    raise SystemExit(exit_code(outcome))


def exit_code(outcome: Outcome) -> Exit:
    from ..pipeline.runs import Ending

    if outcome.ending is Ending.DONE and outcome.summary is not None and outcome.summary.whole.failed:
        return Exit.FINDINGS
    return {
        Ending.DONE: Exit.FINE,
        Ending.INVALID_POLICY: Exit.INVALID,
        Ending.BROKEN_DATA: Exit.DATA,
        Ending.USAGE: Exit.USAGE,
    }[outcome.ending]


def show(outcome: Outcome, language: str | None, format_: str, cost: Profile | None) -> None:
    """Findings to stderr, the summary to stdout. On GitHub findings become annotations, and the step gets its summary."""
    from .findings import print_findings
    from .profile_text import as_text as profile_text
    from .summary import as_json, as_text

    findings = [f for f in outcome.findings if f.code != SETTLED or outcome.summary is None]
    print_findings(findings, "github" if format_ == "github" else "text")
    if format_ == "github":
        _add_to_summary(outcome, findings, language)
    if format_ == "markdown":
        from .formats.decided import of_run
        from .formats.markdown import fitted

        put(fitted(of_run(outcome, findings, language)).rstrip("\n"))
    elif outcome.summary is not None and format_ == "json":
        put(as_json(outcome, cost))
    elif outcome.summary is not None:
        text = as_text(outcome, language) + ("" if cost is None else "\n" + profile_text(cost))
        click.echo(_unheeded(text) if format_ == "github" else text, nl=False)


def _unheeded(text: str) -> str:
    from .formats.github import unheeded

    return unheeded(text)


def _add_to_summary(outcome: Outcome, findings: list[Finding], language: str | None) -> None:
    from .findings import print_findings
    from .formats.decided import of_run
    from .formats.step_summary import add_to_summary

    print_findings(add_to_summary(of_run(outcome, findings, language)), "github")
