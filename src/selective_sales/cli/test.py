"""`selective-sales test`: policy tests run, their failures told, case by case.

Passed and failed cases go to stdout; findings about files and policies go to stderr (with `--format json` and `github` everything is on
stdout). With `junit`, `sarif` and `markdown`, which mostly go to a file, a person watching gets the text on stderr.
Exit codes: 0 all passed, 2 nothing to run, 3 a policy is invalid, 4 a case or a test file failed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .exits import Exit
from .formats.objects import finding_object
from .output import put
from .snippet import visible

if TYPE_CHECKING:
    from ..model.finding import Finding
    from ..model.tested import CaseResult, FileResult, RuleShown, TestReport


FORMATS = ("text", "json", "github", "junit", "sarif", "markdown")
_LONGEST = 4000
"""Characters of a line: lists may be long."""


@click.command("test")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True, help="How the results are printed.")
@click.option("--filter", "only", default="", metavar="TEXT", help="Run only the cases whose name contains TEXT.")
def command(paths: tuple[Path, ...], format_: str, only: str) -> None:
    """Run policy tests: files whose names end in .test.yaml, in the folders given and below (default: the current folder)."""
    from ..pipeline import cases
    from .report import print_findings

    try:
        report = cases.run_tests(paths or (Path(),), only)
    except (OSError, cases.EngineError) as error:
        print_findings([_stopped(error)])
        sys.exit(Exit.USAGE)
    _print(report, format_)
    sys.exit(_exit(report))


def _print(report: TestReport, format: str) -> None:
    from .report import print_findings

    match format:
        case "json":
            put(_json(report))
        case "github":
            _print_github(report)
        case _:
            findings = [*report.findings, *(finding for file in report.files for finding in file.findings)]
            print_findings(findings, "text")
            for line in _lines(report):
                click.echo(line, err=format != "text")
            if format != "text":
                put(_document(report, format))


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
    help_ = "check the rights and the room on the disk, also of the folder for temporary files"
    return Finding("SS621", f"the policy tests could not be run to the end: {why}", Place(""), help_)


def _exit(report: TestReport) -> Exit:
    from ..model.finding import has_errors

    if has_errors(report.findings):
        return Exit.USAGE
    if any(file.policy_invalid for file in report.files):
        return Exit.INVALID
    if report.failed or any(has_errors(file.findings) for file in report.files):
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


def _json(report: TestReport) -> str:
    """One object: format, passed, failed, findings, and per file its findings and cases. A place is file, line, column."""
    import json

    whole = {
        "format": 1,
        "passed": report.passed,
        "failed": report.failed,
        "findings": [finding_object(finding) for finding in report.findings],
        "files": [_file_json(file) for file in report.files],
    }
    return json.dumps(whole, indent=2)


def _file_json(file: FileResult) -> dict[str, Any]:
    return {
        "file": file.path,
        "policy": file.policy,
        "policy_invalid": file.policy_invalid,
        "seconds": round(file.seconds, 3),
        "findings": [finding_object(finding) for finding in file.findings],
        "cases": [_case_json(case) for case in file.cases],
    }


def _case_json(case: CaseResult) -> dict[str, Any]:
    return {
        "case": case.name,
        "file": case.place.file,
        "line": case.place.line,
        "column": case.place.column,
        "passed": case.passed,
        "as_of": None if case.as_of is None else case.as_of.isoformat(),
        "seconds": round(case.seconds, 3),
        "findings": [finding_object(finding) for finding in case.findings],
        "columns": [
            {"client": list(c.client), "column": c.name, "expected": c.expected, "actual": c.actual, "matches": c.matches}
            for c in case.columns
        ],
        "decided_by": [{"client": list(client), "decided_by": decided_by} for client, decided_by in case.decided_by],
        "rules": [_rule_json(rule) for rule in case.rules],
    }


def _rule_json(rule: RuleShown) -> dict[str, Any]:
    return {
        "client": list(rule.client),
        "rule": rule.id,
        "decision": rule.decision,
        "outcome": rule.outcome.value,
        "decides": rule.decides,
        "conditions": [
            {"condition": c.text, "outcome": c.outcome.value, "unless": c.of_unless, "values": dict(c.values)} for c in rule.conditions
        ],
    }
