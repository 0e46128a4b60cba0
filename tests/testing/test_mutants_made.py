"""Which faults are planted into a part of a policy: a file per sort in tests/cases/mutants, each fault as an author would have typed it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from selective_sales import checking, testing
from selective_sales.explaining.source import rendered
from selective_sales.model.expression import Node
from selective_sales.pipeline.policies import load_policy
from selective_sales.testing.fault_text import faulty_text, shown
from tests.testing.mutant_policy import small_policy

CASES = Path(__file__).parents[1] / "cases" / "mutants"
SAMPLED = 4
"""Of the shipped policies' mutants every fourth: reading and checking each takes its time."""
SHIPPED = [
    *sorted((Path(__file__).parents[2] / "examples").glob("*/*[a-z].yaml")),
    Path(__file__).parents[1] / "cases" / "whole" / "services-portfolio.yaml",
]


@pytest.mark.parametrize("path", sorted(CASES.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_fault_is_planted_once_and_nothing_else(path: Path, tmp_path: Path) -> None:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    checked = small_policy(tmp_path, case["policy"])
    again = checking.Again.of(checked)
    found = []
    for mutant in testing.mutants(checked):
        if f"{mutant.of} {mutant.name}" in case["about"] and again.retyped(mutant) is not None:
            before, after = shown(checked.policy, mutant)
            found.append(f"{mutant.fault}: {' / '.join(line.strip() for line in after or before)}")
    assert sorted(found) == sorted(case["mutants"])


@pytest.mark.parametrize("path", [p for p in SHIPPED if "exceptions" not in p.name and ".test." not in p.name], ids=lambda path: path.stem)
def test_what_is_shown_is_the_mutant(path: Path, tmp_path: Path) -> None:
    """The text with the fault in it, read and checked, has the very trees that mutation testing decides."""
    checked, _ = load_policy(path)
    again = checking.Again.of(checked)
    for mutant in testing.mutants(checked)[::SAMPLED]:
        text = faulty_text(checked.policy, mutant)
        alone, _ = checking.check(mutant.policy)
        if text is None or again.retyped(mutant) is None or alone is None:
            continue
        copy = tmp_path / path.name
        copy.write_text(text, encoding="utf-8")
        typed, findings = load_policy(copy)
        assert typed is not None, [f.message for f in findings]
        for one, other in ((typed.rules, alone.rules), (typed.metrics, alone.metrics), (typed.calculations, alone.calculations)):
            assert [plain(x) for x in one] == [plain(x) for x in other], mutant.fault
        assert [d.when_unknown for d in typed.policy.decisions] == [d.when_unknown for d in alone.policy.decisions]


def plain(part: object) -> str:
    """What the part means: its trees, written anew."""
    values = [getattr(part, name) for name in part.__dataclass_fields__]  # type: ignore[attr-defined]
    return " | ".join(rendered(v) if isinstance(v, Node) else "" for v in values)  # type: ignore[arg-type]
