"""`selective-sales test`: policy tests run, their failures told, case by case.

Passed and failed cases go to stdout; findings about files and policies go to stderr (with `--format json` and `github` everything is on
stdout). With `junit`, `sarif` and `markdown`, which mostly go to a file, a person watching gets the text on stderr.
Exit codes: 0 all passed, 2 nothing to run, 3 a policy is invalid, 4 a case or a test file failed, or no case
notices a mutant.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from . import progress
from .exits import Exit
from .output import put
from .progress import quiet_option
from .snippet import visible

if TYPE_CHECKING:
    from ..model.finding import Finding
    from ..model.tested import TestReport
    from .mutants import Verdicts


FORMATS = ("text", "json", "github", "junit", "sarif", "markdown")
_LONGEST = 4000
"""Characters of a line: lists may be long."""


@click.command("test")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True, help="How the results are printed.")
@click.option("--coverage", is_flag=True, help="Say how much of each policy the cases show, and which case is wanting.")
@click.option(
    "--minimum-coverage", "minimum", type=click.IntRange(0, 100), metavar="PERCENT", help="Fail where the cases show less of a policy."
)
@click.option("--fail-fast", is_flag=True, help="Stop at the first case or file that fails, and say what was not run.")
@click.option("--mutants", is_flag=True, help="Plant small faults into each policy, and say which of them no case notices.")
@quiet_option
@click.option("--filter", "only", default="", metavar="TEXT", help="Run only the cases whose name contains TEXT.")
def command(
    paths: tuple[Path, ...],
    format_: str,
    coverage: bool,
    minimum: int | None,
    fail_fast: bool,
    mutants: bool,
    quiet: bool,
    only: str,
) -> None:
    """Run policy tests: files whose names end in .test.yaml, in the folders given and below (default: the current folder)."""
    from ..pipeline import cases
    from .coverage import run
    from .findings import print_findings
    from .mutants import Planted

    planted = Planted.chosen(mutants)
    try:
        with progress.shown(quiet):
            report = run(paths or (Path(),), only, fail_fast, coverage or minimum is not None, minimum, planted.watchers)
            judged = planted.judged()
    except (OSError, cases.EngineError) as error:
        print_findings([_stopped(error)])
        sys.exit(Exit.USAGE)
    _print(report, format_, only, judged)
    sys.exit(judged.exit(_exit(report)))


def _print(report: TestReport, format: str, only: str, judged: Verdicts) -> None:
    from .coverage import lines
    from .findings import print_findings
    from .formats.tested_json import as_json

    match format:
        case "json":
            put(as_json(report, judged.as_json()))
        case "github":
            _print_github(with_survivors(report, judged))
            for line in judged.sums():
                click.echo(line)
        case _:
            findings = [*report.findings, *(finding for file in report.files for finding in file.findings), *report.unmet]
            print_findings(findings, "text")
            for line in (*_lines(report), *lines(report, only), *judged.lines()):
                click.echo(line, err=format != "text")
            if format != "text":
                put(_document(with_survivors(report, judged), format))


def with_survivors(report: TestReport, judged: Verdicts) -> TestReport:
    """The report with the faults that no case notices among its findings."""
    return replace(report, unmet=(*report.unmet, *judged.survivors()))


def _print_github(report: TestReport) -> None:
    """Annotations, the sum, and the step's summary where GitHub asks for one."""
    from .formats.failures import total
    from .formats.github import annotation
    from .formats.markdown import of_tests
    from .formats.step_summary import add_to_summary
    from .formats.tested import as_github

    for line in (*as_github(report), *map(annotation, add_to_summary(of_tests(report)))):
        click.echo(line)
    click.echo(total(report))


def _document(report: TestReport, format: str) -> str:
    """The report as a whole document."""
    from .formats.markdown import fitted, of_tests
    from .formats.tested import as_junit, as_sarif

    match format:
        case "junit":
            return as_junit(report)
        case "sarif":
            return as_sarif(report, _exit(report))
        case _:
            return fitted(of_tests(report)).rstrip("\n")


def _stopped(error: Exception) -> Finding:
    from ..model.finding import Finding
    from ..model.place import Place

    why = (isinstance(error, OSError) and error.strerror) or str(error)
    room = "check the rights and the room on the disk, also of the folder for temporary files"
    help_ = room if isinstance(error, OSError) else getattr(error, "help", room)
    return Finding("SS621", f"the policy tests could not be run to the end: {why}", Place(""), help_)


def _exit(report: TestReport) -> Exit:
    from ..model.finding import has_errors

    if has_errors(report.findings):
        return Exit.USAGE
    if any(file.policy_invalid for file in report.files):
        return Exit.INVALID
    if report.failed or report.unmet or any(has_errors(file.findings) for file in report.files):
        return Exit.TESTS_FAILED
    return Exit.FINE


def _lines(report: TestReport) -> Iterator[str]:
    from .formats.failures import failed, failure, total

    for file in report.files:
        for case in file.cases:
            if failed(case):
                yield visible(f"FAILED {case.place}: {case.name}", _LONGEST)
                yield from (f"  {line}" for line in failure(case))
                yield ""
    if report.files:
        for file in report.files:
            if file.not_run:
                yield visible(f"NOT RUN {file.path}: {'its policy' if file.policy_invalid else 'it'} has errors")
        yield total(report)
        if report.stopped:
            yield visible(f"stopped at the first failure: {_left_out(report)} not run")


def _left_out(report: TestReport) -> str:
    """`12 more cases of a.test.yaml and 2 files`."""
    cases = [f"{_counted(file.left_out, 'more case')} of {file.path}" for file in report.files if file.left_out]
    return " and ".join([*cases, *([_counted(len(report.left_out), "file")] if report.left_out else [])])


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
