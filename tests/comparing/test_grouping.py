"""Changes with what they cannot do without: every candidate makes a policy that the checker takes, and nothing in it can be spared."""

from __future__ import annotations

from pathlib import Path

import pytest

from selective_sales.checking import check
from selective_sales.comparing.hybrid import hybrid
from selective_sales.model.comparison import Effect
from selective_sales.pipeline.beside import Beside
from selective_sales.pipeline.sides import OpenSide
from tests.comparing.policies import between, checked, told
from tests.comparing.test_changes import BASE, CASES

RULE = "figures:\n"


def beside(folder: Path, new: str, old: str = BASE) -> Beside:
    sides = [OpenSide(folder / name, checked(folder, text, name)) for name, text in (("old.yaml", old), ("new.yaml", new))]
    return Beside(*sides)


def groups(made: Beside) -> list[set[str]]:
    """Each candidate's changes in words, the one that decides among them."""
    words = told(made.changes)
    return [{words[n] for n in candidate.whole} for candidate in made.candidates()]


def test_a_rule_with_its_parameter_and_metric(tmp_path: Path) -> None:
    new = BASE.replace("careful: false", "careful: false\n  worst: 0.2").replace(
        "  order_count:", "  fit_gap: values_fit - worst\n  order_count:"
    )
    new = new.replace(RULE, "  - {id: gap, when: fit_gap < 0, then: flag, reason: {pl: Luka, en: Gap}}\n" + RULE)
    assert groups(beside(tmp_path, new)) == [
        {"new: worst: `0.2`", "new: metric fit_gap: `values_fit - worst`", "new: rule gap: `fit_gap < 0 -> flag`"}
    ]


def test_a_name_in_a_reason_alone(tmp_path: Path) -> None:
    new = BASE.replace("careful: false", "careful: false\n  worst: 0.2")
    new = new.replace(RULE, "  - {id: late, when: delay > 90 days, then: flag, reason: {pl: '{worst}', en: '{worst}'}}\n" + RULE)
    assert groups(beside(tmp_path, new)) == [{"new: worst: `0.2`", "new: rule late: `delay > 90 days -> flag`"}]


def test_what_uses_a_thing_that_goes_goes_with_it(tmp_path: Path) -> None:
    new = BASE.replace("  order_count: count(orders[quantity > 0])\n", "").replace(
        "unless: strategic or order_count >= 12", "unless: strategic"
    )
    new = new.replace("order_count, industry", "delay, industry").replace('">= 12"', '">= 12 days"').replace('">= 6"', '">= 6 days"')
    new = new.replace("{id: orders, of: order_count, weight: 60,", "{id: orders, of: profit, weight: 60,")
    found = groups(beside(tmp_path, new))
    assert {"rule Unprofitable (unprofitable), exempt: condition dropped: or `order_count >= 12`"} in found
    assert {"score client_value, factor orders, looks at: `order_count` → `profit`"} in found
    assert all(not any(words.startswith("gone: metric") for words in group) for group in found)


def test_another_decision_with_the_rule_that_leads_to_it(tmp_path: Path) -> None:
    new = BASE.replace("  flag: {title", "  watch: {title: {pl: obserwacja, en: watch}}\n  flag: {title").replace(
        "when: margin < 5%\n    then: renegotiate", "when: margin < 5%\n    then: watch"
    )
    assert groups(beside(tmp_path, new)) == [{"new: decision watch: `yes`", "rule thin-margin now leads to watch, before to renegotiate"}]


def test_a_decision_that_goes(tmp_path: Path) -> None:
    new = BASE.replace("  renegotiate: {title: {pl: renegocjacja, en: renegotiate}}\n", "").replace("then: renegotiate", "then: flag")
    found = groups(beside(tmp_path, new))
    assert found == [
        {"rule thin-margin now leads to flag, before to renegotiate"}, {"rule low-fit now leads to flag, before to renegotiate"},
    ]  # fmt: skip


def test_a_kind_that_changes_takes_what_compares_with_it(tmp_path: Path) -> None:
    new = BASE.replace("delay: days", "delay: integer").replace("delay > 60 days", "delay > 60").replace("delay > 10 days", "delay > 10")
    new = new.replace("delay < 30 days", "delay < 30")
    [group] = [g for g in groups(beside(tmp_path, new)) if "field delay, type: days → integer" in g]
    assert len(group) == 4


def test_a_table_with_other_inputs_is_one_change(tmp_path: Path) -> None:
    new = BASE.replace("inputs: [order_count, industry]", "inputs: [order_count]").replace('">= 12", "-", ', '">= 12", ')
    new = new.replace('">= 6", "it, public", ', '">= 6", ').replace('["-", retail, deal, 90 days]', '["< 6", deal, 90 days]')
    made = beside(tmp_path, new)
    assert told(made.changes) == [
        "table relationship, inputs and outputs: order_count, industry -> stage, contact_every, 3 rows "
        "→ order_count -> stage, contact_every, 3 rows"
    ]


@pytest.mark.parametrize("start", range(0, len(CASES), 4))
def test_many_changes_at_once(start: int, tmp_path: Path) -> None:
    text = BASE
    for case in CASES[start : start + 14]:
        if all(text.count(before) == BASE.count(before) for before in case["replace"]):
            for before, after in case["replace"].items():
                text = text.replace(before, after, 1)
    made = beside(tmp_path, text)
    policy = hybrid(made.old, made.new, made.changes)
    assert policy is not None
    remade, findings = check(policy)
    assert remade is not None, findings
    assert between(remade, checked(tmp_path, text, "again.yaml")) == ()
    candidates = made.candidates()
    covered = {n for candidate in candidates for n in candidate.whole}
    assert covered >= {n for n, change in enumerate(made.changes) if change.effect is Effect.DECIDES}
    for candidate in candidates:
        assert made.make(candidate.whole) is not None
        for needed in candidate.needs:
            assert made.make(candidate.whole - {needed}) is None
