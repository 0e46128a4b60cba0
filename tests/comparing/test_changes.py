"""Every sort of change, and what is none: cases in tests/cases/diff/changes.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from selective_sales.checking import check
from selective_sales.comparing.hybrid import hybrid
from selective_sales.comparing.meaning import same
from selective_sales.comparing.renaming import renamed
from selective_sales.model.checked import CheckedPolicy
from selective_sales.model.expression import NOWHERE
from tests.comparing.policies import between, checked, told

FILE = yaml.safe_load((Path(__file__).resolve().parent.parent / "cases/diff/changes.yaml").read_text(encoding="utf-8"))
BASE: str = FILE["base"]
CASES: list[dict[str, Any]] = FILE["cases"]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> CheckedPolicy:
    return checked(tmp_path_factory.mktemp("base"), BASE, "old.yaml")


def edited(case: dict[str, Any]) -> str:
    text = BASE
    for before, after in case["replace"].items():
        assert before in text, f"{case['case']}: there is no {before!r}"
        text = text.replace(before, after, 1)
    return text


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["case"])
def test_the_changes_are_told_by_meaning(case: dict[str, Any], base: CheckedPolicy, tmp_path: Path) -> None:
    new = checked(tmp_path, edited(case), "new.yaml")
    found = between(base, new)
    assert told(found) == case["changes"]
    assert {change.effect.value for change in found} <= {case.get("effect", "decisions")}


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["case"])
def test_the_old_policy_with_all_changes_means_the_new_one(case: dict[str, Any], base: CheckedPolicy, tmp_path: Path) -> None:
    new = checked(tmp_path, edited(case), "new.yaml")
    made = hybrid(renamed(base.policy, new.policy)[0], new.policy, between(base, new))
    assert made is not None
    remade, _ = check(made)
    assert remade is not None
    assert between(remade, new) == ()
    assert same(hybrid(base.policy, new.policy, []), base.policy)


@pytest.mark.parametrize("case", [c for c in CASES if c["changes"]], ids=lambda c: c["case"])
def test_back_again_are_as_many_changes(case: dict[str, Any], base: CheckedPolicy, tmp_path: Path) -> None:
    new = checked(tmp_path, edited(case), "new.yaml")
    forth, back = between(base, new), between(new, base)
    assert len(forth) == len(back)
    assert sorted((c.old, c.new) for c in forth if c.how.value == "changed") == sorted(
        (c.new, c.old) for c in back if c.how.value == "changed"
    )


@pytest.mark.parametrize("case", [c for c in CASES if c["changes"]], ids=lambda c: c["case"])
def test_every_change_has_its_places(case: dict[str, Any], base: CheckedPolicy, tmp_path: Path) -> None:
    new = checked(tmp_path, edited(case), "new.yaml")
    for change in between(base, new):
        assert change.old_place != NOWHERE or change.how.value in ("added", "moved"), change
        assert change.new_place != NOWHERE or change.how.value == "removed", change
        for place, name in ((change.old_place, "old.yaml"), (change.new_place, "new.yaml")):
            assert place == NOWHERE or (place.line > 0 and place.file.endswith(name))


def test_the_same_policy_has_no_changes(base: CheckedPolicy) -> None:
    assert between(base, base) == ()


def test_in_polish(base: CheckedPolicy, tmp_path: Path) -> None:
    text = BASE.replace("value: 0.4,", "value: 0.5,").replace("when: margin < 5%", "when: margin < 8%").replace("thin: 5%", "thin: 6%")
    assert told(between(base, checked(tmp_path, text, "new.yaml")), "pl") == [
        "najniższe dopasowanie (minimum_fit): 0.4 → 0.5",
        "thin: 5% → 6%",
        "reguła thin-margin: `margin < 5%` zmieniono na `margin < 8%`",
    ]


def test_under_first_the_order_of_rules_decides(tmp_path: Path) -> None:
    text = BASE.replace("strategy: most_severe", "strategy: first")
    rule = (
        '  - id: thin-margin\n    when: margin < 5%\n    then: renegotiate\n    reason: {pl: "Marża {margin}.", en: "Margin {margin}."}\n'
    )
    moved = text.replace(rule, "").replace("figures:\n", f"{rule}figures:\n")
    found = between(checked(tmp_path, text, "old.yaml"), checked(tmp_path, moved, "new.yaml"))
    assert told(found) == ["rule thin-margin now stands behind difficult"]
    assert [c.effect.value for c in found] == ["decisions"]
