"""Policy tests in, what people are told of them out: the sum; of a failed case what was expected, what came, what decided."""

from __future__ import annotations

from collections.abc import Iterator

from ...model.finding import Severity
from ...model.tested import CaseResult, ColumnResult, RuleShown, TestReport
from ..snippet import visible
from ..workings import lines

_LONGEST = 4000
"""Characters of a line: lists may be long."""


def in_short(case: CaseResult) -> str:
    """One line: the first finding, or the first expectation that was not met and how many more."""
    errors = [finding for finding in case.findings if finding.severity is Severity.ERROR]
    if errors:
        return f"{errors[0].code} {errors[0].message}"
    wrong = [column for column in case.columns if not column.matches]
    if not wrong:
        return "failed"
    first = wrong[0]
    more = f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""
    who = f"client {'|'.join(first.client)}" if first.client else "the clients together"
    return f"{who}: {first.name}: expected {first.expected}, got {first.actual}{more}"


def unreviewed(case: CaseResult) -> bool:
    """True where nobody has agreed yet with what the case expects: such a case neither passes nor fails."""
    return case.unreviewed


def failed(case: CaseResult) -> bool:
    """True where the case came to something else than somebody expects, or could not be run."""
    return not case.passed and not unreviewed(case)


def total(report: TestReport) -> str:
    """`5 passed, 1 failed, 2 unreviewed, 1 file not run`."""
    cases = [case for file in report.files for case in file.cases]
    wrong, waiting = sum(map(failed, cases)), sum(map(unreviewed, cases))
    stopped = sum(file.not_run for file in report.files)
    said = f"{len(cases) - wrong - waiting} passed, {wrong} failed" + (f", {waiting} unreviewed" if waiting else "")
    return said + (f", {stopped} file{'' if stopped == 1 else 's'} not run" if stopped else "")


def failure(case: CaseResult) -> Iterator[str]:
    """Line by line why a case failed: its findings, then for each client that differs the expectations and the rules behind."""
    yield from (visible(line, _LONGEST) for line in _failure(case))


def _failure(case: CaseResult) -> Iterator[str]:
    for finding in case.findings:
        yield f"{finding.place}: {finding.code} {finding.message}"
        if finding.help:
            yield f"  = help: {finding.help}"
    deciders = dict(case.decided_by)
    for client in dict.fromkeys(column.client for column in case.columns if not column.matches):
        who = f"client {'|'.join(client)}" if client else "the clients together"
        yield who + (f", decided by {deciders[client]}" if client in deciders else "")
        wrong = [column for column in case.columns if column.client == client and not column.matches]
        width = max(len(column.name) for column in wrong)
        yield from (_column(column, width) for column in wrong)
        for rule in case.rules:
            if rule.client == client:
                yield from _rule(rule)
        yield from lines(case, client)


def _column(column: ColumnResult, width: int) -> str:
    return f"  {column.name:<{width}}  expected {column.expected}, got {column.actual}"


def _rule(rule: RuleShown) -> Iterator[str]:
    became = {"true": "fired", "false": "did not fire", "unknown": "is unknown"}[rule.outcome]
    yield f"  rule {rule.id} ({rule.decision}) {'decided: it ' if rule.decides else ''}{became}"
    for condition in rule.conditions:
        values = ", ".join(f"{name} = {value}" for name, value in condition.values)
        unless = "unless " if condition.of_unless else ""
        yield f"    {unless}{condition.text}: {condition.outcome}" + (f" ({values})" if values else "")
