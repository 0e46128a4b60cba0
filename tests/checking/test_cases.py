"""Every case of tests/cases/check gives its findings, all of them, no others, at these places."""

from __future__ import annotations

from pathlib import Path

import pytest

from selective_sales import checking, reading
from selective_sales.model.checked import CheckedPolicy
from selective_sales.model.expression import walk
from selective_sales.model.finding import Finding, has_errors
from selective_sales.model.kind import Kind

from .casefile import Case, cases


def _check(text: str, folder: Path) -> tuple[CheckedPolicy | None, tuple[Finding, ...]]:
    path = folder / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    policy, read = reading.read(path)
    assert not read, f"this is for checking, and reading says: {read}"
    assert policy is not None
    return checking.check(policy)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_findings(case: Case, tmp_path: Path) -> None:
    checked, findings = _check(case.text, tmp_path)
    found = [(f.code, (f.place.line, f.place.column, f.place.end_line, f.place.end_column), f.severity.value) for f in findings]
    assert found == [(e.code, e.span, e.severity) for e in case.findings], "\n".join(map(str, findings))
    for finding, expected in zip(findings, case.findings, strict=True):
        assert expected.message in finding.message
        assert expected.help in finding.help
        assert finding.help, "every finding says what to write instead"
    assert (checked is None) is has_errors(findings)


@pytest.mark.parametrize("case", [c for c in cases() if all(e.severity != "error" for e in c.findings)], ids=lambda case: case.name)
def test_checked_trees_are_typed_through_and_through(case: Case, tmp_path: Path) -> None:
    checked, _ = _check(case.text, tmp_path)
    assert checked is not None
    trees = [c.expression for c in checked.calculations] + [m.expression for m in checked.metrics] + [r.condition for r in checked.rules]
    trees += [tree for f in checked.figures for tree in (f.expression, *f.by)] + [limit.require for limit in checked.limits]
    trees += [g.always for g in checked.guarantees] + [d.expression for d in (checked.fairness.across if checked.fairness else ())]
    trees += [tree for a in checked.allocations for g in a.groups for tree in (g.who, g.factor, g.measure)]
    trees += [m.expression for m in checked.measures]
    assert [node for tree in trees for node in walk(tree) if node.kind is Kind.UNKNOWN] == []
    assert sorted(checked.metric_order) == sorted(m.name for m in checked.metrics)
