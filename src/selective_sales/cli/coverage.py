"""Policy tests run with their coverage measured; printed lines or JSON out: how much the cases show, and which case to write next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..model.coverage import Item, Part, PolicyCoverage, Way, shown
from ..model.place import Place
from ..model.tested import TestReport
from .snippet import visible

if TYPE_CHECKING:
    from ..pipeline.cases import Watcher

_MOST = 50
"""More than a person writes at once is counted, not shown; JSON has all of it."""


def run(
    paths: tuple[Path, ...], only: str, fail_fast: bool, coverage: bool, minimum: int | None, watchers: Sequence[Watcher] = ()
) -> TestReport:
    """The tests run; where asked for, with the coverage of each policy. A run that stopped early has none."""
    from ..pipeline.cases import run_tests

    if not coverage:
        return run_tests(paths, only, watchers, fail_fast=fail_fast)
    from ..pipeline.coverage import Meter

    meter = Meter()
    report = run_tests(paths, only, [meter, *watchers], fail_fast=fail_fast)
    return report if report.stopped else meter.report(report, paths, minimum)


def lines(report: TestReport, only: str) -> Iterator[str]:
    """The coverage for people; nothing where it was not measured."""
    if report.coverage and only:
        yield "coverage of the cases that --filter chose:"
    for coverage in report.coverage or ():
        yield from _policy(coverage)


def _policy(coverage: PolicyCoverage) -> Iterator[str]:
    name = visible(coverage.policy)
    if coverage.broken:
        yield f"coverage of {name}: not known, it has errors"
        return
    by = _counted(coverage.cases, "case") if coverage.files else "no test file names it"
    yield f"coverage of {name}: {coverage.percent} ({coverage.covered} of {len(coverage.counted)}), {by}"
    yield f"  {_by_part(coverage)}"
    if coverage.files:
        yield from _open(coverage.open)
        if coverage.exempt:
            yield "  not counted:"
            yield from (visible(f"    {one.place}: {one.words}", 1_000) for one in coverage.exempt)
        unknown = [item for item in coverage.items if item.mark.way is Way.UNKNOWN]
        if unknown:
            yield f"  unknown, which need not be shown: {_unknown(unknown)}"
        if coverage.open:
            yield f"  next: selective-sales suggest-tests {name} writes cases for you to review"


def _open(items: tuple[Item, ...]) -> Iterator[str]:
    if items:
        yield "  not shown:"
        yield from (visible(f"    {item.place}: {item.words}", 1_000) for item in items[:_MOST])
    if len(items) > _MOST:
        yield f"    and {len(items) - _MOST} more"


def _by_part(coverage: PolicyCoverage) -> str:
    """`rules 10 of 10, conditions 15 of 18`: those that are shown both ways."""
    parts = [(part, *coverage.whole(part)) for part in Part]
    return ", ".join(f"{part} {shown} of {all_}" for part, shown, all_ in parts if all_)


def _unknown(items: list[Item]) -> str:
    parts = [(part, [item for item in items if item.mark.part is part]) for part in (Part.RULE, Part.CONDITION)]
    return ", ".join(f"{shown(found)} of {_counted(len(found), part.one)}" for part, found in parts if found)


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def as_json(report: TestReport) -> dict[str, Any]:
    """The key `coverage`, where it was measured."""
    return {} if report.coverage is None else {"coverage": [_policy_json(policy) for policy in report.coverage]}


def _policy_json(coverage: PolicyCoverage) -> dict[str, Any]:
    """`seen` is `shown`, `unasked` or `never`; a place is file, line, column."""
    return {
        "policy": coverage.policy,
        "broken": coverage.broken,
        "percent": None if coverage.broken else float(round(coverage.ratio * 100, 2)),
        "covered": coverage.covered,
        "coverable": len(coverage.counted),
        "cases": coverage.cases,
        "files": list(coverage.files),
        "items": [_item_json(item) for item in coverage.items],
        "not_counted": [{"part": one.part.value, "of": one.of, "why": one.why, **_place_json(one.place)} for one in coverage.exempt],
    }


def _item_json(item: Item) -> dict[str, Any]:
    return {
        "part": item.mark.part.value,
        "of": item.mark.of,
        "number": item.mark.number,
        "way": item.mark.way.value,
        "text": item.text,
        "unless": item.of_unless,
        "counts": item.counts,
        "seen": item.seen.name.lower(),
        "words": item.words,
        **_place_json(item.place),
    }


def _place_json(place: Place) -> dict[str, Any]:
    return {"file": place.file, "line": place.line, "column": place.column}
