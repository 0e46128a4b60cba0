"""Decided batches of test cases in, the coverage of each policy out. A `Meter` is a watcher of `run_tests`.

per batch: who counts -> the coverage query over the facts at hand -> marks. In the end: what there is to show -> what was seen of it.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from .. import compiling, explaining, reading, testing
from ..engines.covering import marks_seen
from ..model.checked import CheckedPolicy
from ..model.coverage import Mark, PolicyCoverage, Seen
from ..model.finding import Finding, Severity
from ..model.place import Place
from ..model.tested import FileResult, TestReport
from ..reading.sorts import Sort
from .cases import DecidedBatch
from .policies import load_policy

_ENDINGS = (".yaml", ".yml")


@dataclass(slots=True)
class _Tally:
    """What the batches of one policy have shown so far."""

    checked: CheckedPolicy
    depends: dict[str, frozenset[str]]
    seen: dict[Mark, Seen] = field(default_factory=dict)
    dates: set[datetime.date] = field(default_factory=set)
    cases: int = 0

    def add(self, marks: Iterable[tuple[Mark, Seen]]) -> None:
        for mark, seen in marks:
            self.seen[mark] = max(seen, self.seen.get(mark, Seen.NEVER))


@dataclass(slots=True)
class Meter:
    """Watches a run of policy tests; afterwards `report` adds what was covered. Files of one policy add up."""

    tallies: dict[Path, _Tally] = field(default_factory=dict)

    def decided(self, batch: DecidedBatch) -> None:
        """Every batch that was decided; the cases in it that count are added."""
        checked = batch.checked
        policy = testing.real_path(checked.policy.sources[0].path)
        tally = self.tallies.setdefault(policy, _Tally(checked, testing.groups_of(checked)))
        tally.dates.add(batch.batch.as_of)
        cases = testing.counting(batch.batch, batch.results)
        if not cases:
            return
        tally.cases += len(cases)
        query = compiling.coverage_query(batch.whole, batch.batch.as_of)
        shown = testing.shown_rows(batch.batch, cases, batch.rows, [group for group, _ in query.groups], tally.depends)
        tally.add(marks_seen(batch.connection, query, batch.folder / "decisions.parquet", shown).items())
        tally.add((mark, Seen.SHOWN) for ready in cases for mark in testing.expected_marks(checked, ready))

    def report(self, report: TestReport, paths: tuple[Path, ...], minimum: int | None = None) -> TestReport:
        """The report with the coverage of every policy that a file tests, and of those in the folders given that none does; where one has
        less than `minimum` percent, with a finding.
        """
        files: dict[Path, list[FileResult]] = {}
        for file in report.files:
            if file.policy:
                files.setdefault(testing.real_path(file.policy), []).append(file)
        tested = [self.of(Path(found[0].policy), tuple(file.path for file in found)) for found in files.values()]
        unclear = any(not file.policy for file in report.files)  # a test file that cannot be read may be that of any policy
        untested = [] if unclear else [path for path in dict.fromkeys(policies_in(paths)) if testing.real_path(path) not in files]
        coverage = (*tested, *(self.of(path, ()) for path in untested))
        findings = (*report.findings, *map(untested_finding, untested))
        unmet = () if minimum is None else tuple(finding for one in coverage for finding in too_little(one, minimum))
        return replace(report, findings=findings, coverage=coverage, unmet=(*report.unmet, *unmet))

    def of(self, path: Path, files: tuple[str, ...]) -> PolicyCoverage:
        """One policy's coverage; where no case of it could be decided, nothing of it is shown."""
        tally = self.tallies.get(testing.real_path(path))
        checked = load_policy(path)[0] if tally is None and path.is_file() else None if tally is None else tally.checked
        if checked is None:
            return PolicyCoverage(str(path), (), files=files, broken=True)
        known = checked
        seen, dates, cases = (tally.seen, tally.dates, tally.cases) if tally is not None else ({}, (), 0)
        items, exempt = testing.coverable(known, dates, lambda node: explaining.expression_text(known, node))
        return PolicyCoverage(str(path), testing.with_seen(items, seen), exempt, cases, files)


def untested_finding(path: Path) -> Finding:
    help = f"write {path.stem}{testing.ENDING} beside it, with policy: {path.name} and a case for each rule"
    return Finding("SS631", f"no test file tests the policy '{path.name}'", Place(str(path)), help, Severity.WARNING)


def policies_in(paths: tuple[Path, ...]) -> Iterator[Path]:
    """The policies in the folders given and below; a file that only others use is none."""
    for path in paths:
        for here, folders, names in os.walk(path) if path.is_dir() else ():
            folders[:] = sorted(name for name in folders if testing.looked_into(Path(here, name)))
            for file in (Path(here, name) for name in sorted(names) if name.endswith(_ENDINGS) and not name.startswith(".")):
                if file.is_file() and reading.sort_of(file) is Sort.POLICY:
                    yield file


def too_little(coverage: PolicyCoverage, minimum: int) -> Iterator[Finding]:
    """A finding where less is covered than the percentage asked for, with a case to start from."""
    if coverage.ratio * 100 >= minimum:
        return
    message = f"the cases show {coverage.percent} of the policy '{coverage.policy}', and {minimum}% is asked for"
    first = next(iter(coverage.open), None)
    help = "mend its errors first: see selective-sales check" if first is None else f"for a start: {first.words} (at {first.place})"
    yield Finding("SS630", message, Place(coverage.policy), help)
