"""Real edits of the shipped policies' text, as an author's slip of the hand: the tests that are shipped beside them go red, every time."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from selective_sales.model.mutant import Fate
from selective_sales.pipeline import cases
from selective_sales.pipeline.mutants import Planter

REPOSITORY = Path(__file__).parents[2]
FOLDERS = {
    "services-agency": REPOSITORY / "examples" / "services-agency",
    "online-retail": REPOSITORY / "examples" / "online-retail",
    "services-portfolio": REPOSITORY / "tests" / "cases" / "whole",
    "policy": REPOSITORY / "templates" / "init",
}
FAULTS = [
    ("services-agency", "deep_loss: {value: 25%", "deep_loss: {value: 26%"),
    ("services-agency", "minimum_margin: {value: 8%", "minimum_margin: {value: 7.9%"),
    ("services-agency", "unless: shielded or newcomer\n    then: decline", "unless: shielded\n    then: decline"),
    ("services-agency", "values_fit < minimum_values_fit and conflicts_12m >= 2", "values_fit < minimum_values_fit or conflicts_12m >= 2"),
    ("services-agency", "client_since > as_of - newcomer_months", "client_since >= as_of - newcomer_months"),
    ("services-agency", "at_least: 2", "at_least: 1"),
    ("services-agency", "renegotiate: {title: {pl: renegocjacja", "renegotiate: {when_unknown: skip, title: {pl: renegocjacja"),
    ("services-agency", 'sort = "poprawka" and opened_on', 'sort != "poprawka" and opened_on'),
    ("services-agency", "price - discount", "price + discount"),
    ("online-retail", "cost_of_a_return: {value: 9,", "cost_of_a_return: {value: 8,"),
    ("online-retail", "when: net <= 0 and orders > 1", "when: net < 0 and orders > 1"),
    ("online-retail", "count(lines[quantity < 0])", "count(lines[quantity <= 0])"),
    ("online-retail", "distinct_count(lines[quantity > 0].invoice)", "count(lines[quantity > 0])"),
    ("online-retail", "orders >= 3 and profit_per_order", "orders >= 4 and profit_per_order"),
    ("services-portfolio", "[12..36)", "[12..35)"),
    ("services-portfolio", "share_before < 80%", "share_before <= 80%"),
    ("services-portfolio", '["[1..3]", 0.5]', '["[1..2]", 0.5]'),
    ("services-portfolio", "<= 5% * count(clients)", "< 5% * count(clients)"),
    ("services-portfolio", "[deal, 180 days]", "[cooperation, 180 days]"),
    ("policy", "strategic: {type: boolean, missing: false", "strategic: {type: boolean, missing: true"),
]


def red_or_green(name: str, tmp_path: Path, old: str = "", new: str = "") -> tuple[int, bool]:
    """The cases that pass, and whether the tests are red, with the text changed."""
    for ending in (".yaml", ".test.yaml"):
        shutil.copy(FOLDERS[name] / f"{name}{ending}", tmp_path / f"{name}{ending}")
    for path in (tmp_path / f"{name}.yaml", tmp_path / f"{name}.test.yaml"):
        path.write_text(path.read_text(encoding="utf-8").replace("@NAME@", name), encoding="utf-8")
    policy = tmp_path / f"{name}.yaml"
    text = policy.read_text(encoding="utf-8")
    if old:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        policy.write_text(text.replace(old, new), encoding="utf-8")
    report = cases.run_tests((tmp_path,))
    assert not any(file.policy_invalid for file in report.files), [f.message for file in report.files for f in file.findings]
    return report.passed, bool(report.failed)


@pytest.mark.parametrize("name", FOLDERS)
def test_unchanged_they_are_green(name: str, tmp_path: Path) -> None:
    passed, red = red_or_green(name, tmp_path)
    assert passed > 10
    assert not red


def test_there_are_twenty() -> None:
    assert len(FAULTS) == len(set(FAULTS)) == 20


@pytest.mark.parametrize(("name", "old", "new"), FAULTS, ids=[f"{name}: {new[:40]}" for name, _, new in FAULTS])
def test_every_planted_fault_turns_them_red(name: str, old: str, new: str, tmp_path: Path) -> None:
    passed, red = red_or_green(name, tmp_path, old, new)
    assert passed and red


@pytest.mark.parametrize("name", [name for name in FOLDERS if name != "policy"])
def test_no_mutant_of_a_shipped_policy_survives(name: str) -> None:
    planter = Planter()
    cases.run_tests((FOLDERS[name] / f"{name}.test.yaml",), "", [planter])
    (policy,) = planter.judged()
    assert len(policy.mutants) > 100
    assert [f"{one.mutant.place}: {one.mutant.name}: {one.mutant.fault}" for one in policy.of(Fate.SURVIVED)] == []
