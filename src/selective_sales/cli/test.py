"""`selective-sales test`: policy tests run, their failures told, case by case.

Passed and failed cases go to stdout; findings about files and policies go to stderr (with `--format json` everything is on stdout).
Exit codes: 0 all passed, 2 nothing to run, 3 a policy is invalid, 4 a case or a test file failed, or no case notices a mutant.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .exits import Exit
from .snippet import visible

if TYPE_CHECKING:
    from ..model.finding import Finding
    from ..model.tested import CaseResult, ColumnResult, FileResult, RuleShown, TestReport
    from .mutants import Verdicts


_LONGEST = 4000
"""Characters of a line: lists may be long."""


@click.command("test")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How the results are printed."
)
@click.option("--coverage", is_flag=True, help="Say how much of each policy the cases show, and which case is wanting.")
@click.option(
    "--minimum-coverage", "minimum", type=click.IntRange(0, 100), metavar="PERCENT", help="Fail where the cases show less of a policy."
)
@click.option("--fail-fast", is_flag=True, help="Stop at the first case or file that fails, and say what was not run.")
@click.option("--mutants", is_flag=True, help="Plant small faults into each policy, and say which of them no case notices.")
@click.option("--filter", "only", default="", metavar="TEXT", help="Run only the cases whose name contains TEXT.")
def command(paths: tuple[Path, ...], format_: str, coverage: bool, minimum: int | None, fail_fast: bool, mutants: bool, only: str) -> None:
    """Run policy tests: files whose names end in .test.yaml, in the folders given and below (default: the current folder)."""
    from ..pipeline import cases
    from .coverage import lines, run
    from .mutants import Planted
    from .report import print_findings

    paths = paths or (Path(),)
    planted = Planted.chosen(mutants)
    try:
        report = run(paths, only, fail_fast, coverage or minimum is not None, minimum, planted.watchers)
        judged = planted.judged()
    except (OSError, cases.EngineError) as error:
        print_findings([_stopped(error)])
        sys.exit(Exit.USAGE)
    if format_ == "json":
        click.echo(_json(report, judged))
    else:
        findings = [*report.findings, *(finding for file in report.files for finding in file.findings), *report.unmet]
        print_findings(findings, "text")
        for line in _lines(report):
            click.echo(line)
        for line in lines(report, only):
            click.echo(line)
        for line in judged.lines():
            click.echo(line)
    sys.exit(judged.exit(_exit(report)))


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
    if report.failed or report.unmet or any(has_errors(file.findings) for file in report.files):
        return Exit.TESTS_FAILED
    return Exit.FINE


def _lines(report: TestReport) -> Iterator[str]:
    for file in report.files:
        for case in file.cases:
            if not case.passed and not case.unreviewed:
                yield from (visible(line, _LONGEST) for line in _failure(case))
                yield ""
    if report.files:
        not_run = [file for file in report.files if _not_run(file)]
        for file in not_run:
            yield visible(f"NOT RUN {file.path}: {'its policy' if file.policy_invalid else 'it'} has errors")
        said = f", {_counted(len(not_run), 'file')} not run" if not_run else ""
        unreviewed = f", {report.unreviewed} unreviewed" if report.unreviewed else ""
        yield f"{report.passed} passed, {report.failed} failed{unreviewed}{said}"
        if report.stopped:
            yield visible(f"stopped at the first failure: {_left_out(report)} not run")


def _left_out(report: TestReport) -> str:
    """`12 more cases of a.test.yaml and 2 files`."""
    cases = [f"{_counted(file.left_out, 'more case')} of {file.path}" for file in report.files if file.left_out]
    return " and ".join([*cases, *([_counted(len(report.left_out), "file")] if report.left_out else [])])


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _not_run(file: FileResult) -> bool:
    from ..model.finding import has_errors

    return not file.cases and has_errors(file.findings)


def _failure(case: CaseResult) -> Iterator[str]:
    yield f"FAILED {case.place}: {case.name}"
    for finding in case.findings:
        yield f"  {finding.place}: {finding.code} {finding.message}"
        if finding.help:
            yield f"    = help: {finding.help}"
    from .workings import lines

    deciders = dict(case.decided_by)
    for client in dict.fromkeys(column.client for column in case.columns if not column.matches):
        yield (f"  client {'|'.join(client)}" if client else "  the clients together") + (
            f", decided by {deciders[client]}" if client in deciders else ""
        )
        wrong = [column for column in case.columns if column.client == client and not column.matches]
        width = max(len(column.name) for column in wrong)
        yield from (_column(column, width) for column in wrong)
        for rule in case.rules:
            if rule.client == client:
                yield from _rule(rule)
        yield from lines(case, client)


def _column(column: ColumnResult, width: int) -> str:
    return f"    {column.name:<{width}}  expected {column.expected}, got {column.actual}"


def _rule(rule: RuleShown) -> Iterator[str]:
    became = {"true": "fired", "false": "did not fire", "unknown": "is unknown"}[rule.outcome]
    yield f"    rule {rule.id} ({rule.decision}) {'decided: it ' if rule.decides else ''}{became}"
    for condition in rule.conditions:
        values = ", ".join(f"{name} = {value}" for name, value in condition.values)
        unless = "unless " if condition.of_unless else ""
        yield f"      {unless}{condition.text}: {condition.outcome}" + (f" ({values})" if values else "")


def _json(report: TestReport, judged: Verdicts) -> str:
    """One object: format, passed, failed, findings, and per file its findings and cases. A place is file, line, column."""
    import json

    from .coverage import as_json

    whole = {
        "format": 1,
        "passed": report.passed,
        "failed": report.failed,
        "unreviewed": report.unreviewed,
        "findings": [_finding_json(finding) for finding in (*report.findings, *report.unmet)],
        "files": [_file_json(file) for file in report.files],
        "left_out": list(report.left_out),
        **as_json(report),
        **judged.as_json(),
    }
    return json.dumps(whole, indent=2)


def _finding_json(finding: Finding) -> dict[str, Any]:
    place = finding.place
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "help": finding.help,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
    }


def _file_json(file: FileResult) -> dict[str, Any]:
    return {
        "file": file.path,
        "policy": file.policy,
        "policy_invalid": file.policy_invalid,
        "seconds": round(file.seconds, 3),
        "findings": [_finding_json(finding) for finding in file.findings],
        "cases": [_case_json(case) for case in file.cases],
        "left_out": file.left_out,
    }


def _case_json(case: CaseResult) -> dict[str, Any]:
    from .workings import values_json

    return {
        "case": case.name,
        "file": case.place.file,
        "line": case.place.line,
        "column": case.place.column,
        "passed": case.passed,
        "unreviewed": case.unreviewed,
        "as_of": None if case.as_of is None else case.as_of.isoformat(),
        "seconds": round(case.seconds, 3),
        "findings": [_finding_json(finding) for finding in case.findings],
        "columns": [
            {"client": list(c.client), "column": c.name, "expected": c.expected, "actual": c.actual, "matches": c.matches}
            for c in case.columns
        ],
        "decided_by": [{"client": list(client), "decided_by": decided_by} for client, decided_by in case.decided_by],
        "rules": [_rule_json(rule) for rule in case.rules],
        "values": values_json(case),
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
