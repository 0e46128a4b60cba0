"""Findings and test results in, Markdown out: the summary of a step, a comment, a page.

Foreign text (names, paths, messages) is shown as it is: it marks nothing up, links nothing, calls nobody. A summary is a list of pieces,
each of which may be the last one: where there is no room for all (`fitted`), the rest is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ...model.coverage import PolicyCoverage
from ...model.finding import Finding, Severity, in_order
from ...model.markdown import escaped
from ...model.place import Place
from ...model.tested import CaseResult, FileResult, TestReport
from ..snippet import visible
from .failures import failed, failure, in_short, total, unreviewed
from .paths import in_repository
from .tested import findings as findings_of
from .text import counted

ROOM = 1024 * 1024
"""Bytes that GitHub takes as the summary of one step."""
MOST = 50
"""More rows than a person reads are counted."""
_SPARE = 200
MARKS = {Severity.ERROR: "❌", Severity.WARNING: "⚠️", Severity.NOTE: "ℹ️"}


class FileChecked(Protocol):
    """A file that `check` has looked at."""

    @property
    def path(self) -> str: ...
    @property
    def findings(self) -> tuple[Finding, ...]: ...


def word(text: str, longest: int = 300) -> str:
    """The text so that a reader sees exactly its characters, on one line, in running text and in a table alike."""
    # An empty comment keeps GitHub from taking a name behind an @ for somebody to call.
    return escaped(visible(text, longest)).replace("@", "@<!-- -->")


def fitted(pieces: Sequence[str], room: int = ROOM) -> str:
    """The pieces one below the other; where they need more than `room` bytes, the first of them and the count of the others."""
    sizes = [len(piece.encode("utf-8", "backslashreplace")) + 1 for piece in pieces]
    if sum(sizes) <= room:
        return "".join(piece + "\n" for piece in pieces)
    kept, used = 0, _SPARE
    while kept < len(pieces) and used + sizes[kept] <= room:
        used += sizes[kept]
        kept += 1
    if not kept and room < _SPARE:
        return ""
    return "".join(piece + "\n" for piece in pieces[:kept]) + f"\n_There is no room for the rest: {len(pieces) - kept} more lines._\n"


def of_check(files: Sequence[FileChecked], findings: Sequence[Finding]) -> list[str]:
    """What `check` found: the sum, and every finding by place."""
    ordered = in_order(findings)
    wrong = sum(any(f.severity is Severity.ERROR for f in file.findings) for file in files)
    verdict = "❌" if any(f.severity is Severity.ERROR for f in ordered) else "⚠️" if ordered else "✅"
    said = f"{_files(len(files) or len({f.place.file for f in ordered}))} checked"
    said += f", {wrong} with errors" if wrong else ""
    pieces = [f"### {verdict} Policies: {said}", ""]
    if not ordered:
        return [*pieces, "Nothing to complain of.", ""]
    return [*pieces, f"{counted(ordered)[:1].upper()}{counted(ordered)[1:]}.", "", *findings_table(ordered)]


def of_tests(report: TestReport) -> list[str]:
    """What policy tests came to: the sum, a row for each file, and each failed case with what decided it."""
    wrong = [case for file in report.files for case in file.cases if failed(case)]
    of_wrong = {finding for case in wrong for finding in case.findings}
    found = [finding for finding in findings_of(report) if finding not in of_wrong]
    verdict = "❌" if wrong or any(f.severity is Severity.ERROR for f in found) else "✅"
    pieces = [f"### {verdict} Policy tests: {total(report)}", "", *_files_tested(report.files)]
    for case in wrong[:MOST]:
        pieces += _failed(case)
    if len(wrong) > MOST:
        pieces += [f"And {len(wrong) - MOST} more failed cases.", ""]
    pieces += _covered(report.coverage or ())
    return [*pieces, *findings_table(found)] if found else pieces


def _covered(coverage: Sequence[PolicyCoverage]) -> list[str]:
    """A row for each policy whose coverage was measured, with the first case that is wanting."""
    if not coverage:
        return []
    rows = ["| policy | shown by its cases | a case that is wanting |\n|---|---:|---|"]
    for policy in coverage:
        shown = "not known: it has errors" if policy.broken else f"{policy.percent} ({policy.covered} of {len(policy.counted)})"
        wanting = [f"{word(item.words)} ({word(_where(item.place))})" for item in policy.open]
        more = f", and {len(wanting) - 1} more" if len(wanting) > 1 else ""
        rows.append(f"| {word(in_repository(policy.policy))} | {shown} | {wanting[0] + more if wanting else ''} |")
    return [*rows, ""]


def _files_tested(files: Sequence[FileResult]) -> list[str]:
    if not files:
        return []
    rows = ["| file | passed | failed |\n|---|---:|---:|"]
    for file in files:
        passed = sum(case.passed and not unreviewed(case) for case in file.cases)
        why = f"not run: {'its policy' if file.policy_invalid else 'it'} has errors | "
        told = why if file.not_run else f"{passed} | {sum(map(failed, file.cases))}"
        rows.append(f"| {word(in_repository(file.path))} | {told} |")
    return [*rows, ""]


def _failed(case: CaseResult) -> list[str]:
    """The case's name and place, in a line why, and everything behind it as a block of text."""
    block = "\n".join(failure(case)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return [f"**{word(case.name)}** ({word(_where(case.place))})  \n{word(in_short(case))}\n\n<pre>\n{_no_blank_lines(block)}\n</pre>\n"]


def _no_blank_lines(block: str) -> str:
    """A blank line would end a block of HTML within Markdown."""
    return "\n".join(line for line in block.split("\n") if line.strip())


def findings_table(ordered: Sequence[Finding]) -> list[str]:
    """A row for each finding: where, which code, what, what to do."""
    rows = ["| | where | code | what | what to do |\n|---|---|---|---|---|"]
    for finding in ordered[:MOST]:
        cells = (MARKS[finding.severity], word(_where(finding.place)), finding.code, word(finding.message, 600), word(finding.help, 600))
        rows.append(f"| {' | '.join(cells)} |")
    more = [f"\nAnd {len(ordered) - MOST} more.\n"] if len(ordered) > MOST else [""]
    return [*rows, *more]


def _where(place: Place) -> str:
    return f"{in_repository(place.file)}:{place.line}" if place.line else in_repository(place.file)


def _files(count: int) -> str:
    return f"{count} file{'' if count == 1 else 's'}"
