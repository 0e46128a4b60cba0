"""A report of policy tests in, its forms for other programs out: JUnit, SARIF, annotations, Markdown.

A case that failed becomes a finding (SS820) at its own line. A case or a file that could not be run keeps the findings that say why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ...model.finding import Finding, Severity, has_errors, in_order
from ...model.place import Place
from ...model.tested import CaseResult, FileResult, TestReport
from ..exits import Exit
from .failures import failed, failure, in_short, unreviewed
from .github import annotated, annotation
from .junit import Case, Ended, Suite, junit
from .pages import page
from .sarif import Result, sarif

FAILED = "SS820"
_UNREVIEWED = "nobody has reviewed yet what this case expects"


def as_junit(report: TestReport) -> str:
    """A suite for each file. The time of a run in which cases were decided together is shared out among them."""
    suites = [_suite(file) for file in report.files]
    whole = [finding for finding in (*report.findings, *_unmet(report)) if finding.severity is Severity.ERROR]
    if whole:
        suites.append(Suite("all files", tuple(_error(page(one.code).title, one.place.file or ".", [one]) for one in whole)))
    return junit(suites)


def as_sarif(report: TestReport, exit: Exit) -> str:
    """A result for each failed case, with the expectations that were not met as related places, and for every other finding."""
    cases = dict(_failed(report))
    results = [
        Result(finding, tuple(failure(cases[finding])), _expectations(cases[finding])) if finding in cases else Result(finding)
        for finding in in_order((*cases, *findings(report)))
    ]
    return sarif("test", results, exit)


def as_github(report: TestReport) -> Iterator[str]:
    """An annotation for each failed case at its line, and for every other finding."""
    cases = dict(_failed(report))
    for finding in in_order((*cases, *findings(report))):
        if finding in cases:
            lines = (finding.message, *failure(cases[finding]))
            yield annotated(Severity.ERROR, finding.place, "policy test failed", lines)
        else:
            yield annotation(finding)


def findings(report: TestReport) -> tuple[Finding, ...]:
    """What was found of files and policies, and why cases could not be run; without the cases that came to something else.

    `unmet` is what a report may say beyond its cases: coverage that is below what was asked for.
    """
    of_files = [finding for file in report.files for finding in file.findings]
    of_cases = [finding for file in report.files for case in file.cases for finding in case.findings]
    return in_order((*report.findings, *of_files, *of_cases, *_unmet(report)))


def _unmet(report: TestReport) -> tuple[Finding, ...]:
    return tuple(getattr(report, "unmet", ()))


def _failed(report: TestReport) -> Iterator[tuple[Finding, CaseResult]]:
    """A finding for each case that was run and came to something else than expected."""
    for file in report.files:
        for case in file.cases:
            if failed(case) and not has_errors(case.findings):
                yield Finding(FAILED, f"the case '{case.name}' failed: {in_short(case)}", case.place), case


def _expectations(case: CaseResult) -> tuple[tuple[Place, str], ...]:
    wrong = [column for column in case.columns if not column.matches and column.place.line]
    return tuple((column.place, f"{column.name}: expected {column.expected}, got {column.actual}") for column in wrong)


def _suite(file: FileResult) -> Suite:
    together = Counter(case.seconds for case in file.cases)
    cases = [_case(case, case.seconds / together[case.seconds]) for case in file.cases]
    errors = [finding for finding in file.findings if finding.severity is Severity.ERROR]
    if errors:
        cases.append(_error("the file can be run", file.path, errors))
    return Suite(file.path, tuple(cases), file.seconds, (("policy", file.policy),) if file.policy else ())


def _case(case: CaseResult, seconds: float) -> Case:
    where = (case.name, case.place.file, case.place.line, seconds)
    if unreviewed(case):
        # An expectation that a program wrote down proves nothing until somebody has looked at it.
        changed = "" if case.passed else f"; the answer is another by now: {in_short(case)}"
        return Case(*where, Ended.SKIPPED, message=_UNREVIEWED + changed)
    if case.passed:
        return Case(*where)
    lines = tuple(failure(case))
    if has_errors(case.findings):
        return Case(*where, Ended.ERROR, case.findings[0].code, in_short(case), lines)
    return Case(*where, Ended.FAILURE, FAILED, in_short(case), lines)


def _error(name: str, file: str, errors: list[Finding]) -> Case:
    """Errors as a case of that name that could not be run."""
    first = errors[0]
    line = first.place.line if first.place.file == file else 0
    lines = tuple(f"{one.place}: {one.code} {one.message}" + (f"; {one.help}" if one.help else "") for one in errors)
    return Case(name, file, line, 0.0, Ended.ERROR, first.code, f"{first.code} {first.message}", lines)
