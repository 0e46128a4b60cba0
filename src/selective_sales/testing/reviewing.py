"""Results of test files in; the same out, with what is to be said of cases that nobody has reviewed.

Such cases count neither as passed nor as failed. So that nothing looks tested that is not, a policy that has no other cases is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..model.finding import Finding, Severity
from ..model.place import Place
from ..model.tested import CaseResult, FileResult
from .files import real_path

_NAMED = 5
"""Cases that a note names."""


def unreviewed_findings(files: tuple[FileResult, ...], *, everything: bool) -> tuple[FileResult, ...]:
    """The results with their findings. Unless `everything` was run (and not a choice of cases), no policy is said to be untested."""
    reviewed = {real_path(file.policy) for file in files if any(not case.unreviewed for case in file.cases)}
    return tuple(
        replace(file, findings=(*file.findings, *_of(file, untested=everything and real_path(file.policy) not in reviewed)))
        for file in files
    )


def _of(file: FileResult, *, untested: bool) -> Iterator[Finding]:
    unreviewed = [case for case in file.cases if case.unreviewed]
    if not unreviewed:
        return
    if untested:
        message = f"none of the {len(unreviewed)} cases here is reviewed, and no other file tests this policy: nothing is tested"
        help_ = "read each case, and delete its line 'unreviewed: true' where you agree with what it expects"
        yield Finding("SS650", message, Place(file.path, 1, 1), help_)
    changed = [case for case in unreviewed if not case.passed]
    if changed:
        yield _changed(changed)


def _changed(cases: list[CaseResult]) -> Finding:
    count = "1 unreviewed case no longer gives" if len(cases) == 1 else f"{len(cases)} unreviewed cases no longer give"
    named = ", ".join(f"'{case.name}'" for case in cases[:_NAMED]) + (", ..." if len(cases) > _NAMED else "")
    first = cases[0]
    why = next((f"{c.name} was {c.expected} and is now {c.actual}" for c in first.columns if not c.matches), "")
    why = why or next((finding.message for finding in sorted(first.findings, key=lambda f: f.code)), "")
    help_ = f"the first: {why}" if why else ""
    return Finding("SS651", f"{count} the suggested answer: {named}", first.place, help_, Severity.NOTE)
