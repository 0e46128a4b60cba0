"""Killed, survived, equivalent: decided right on policies made for it; and the case that is shown for a survivor does what it promises."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from selective_sales.model.mutant import Fate, Judged, JudgedPolicy
from selective_sales.pipeline import cases
from selective_sales.pipeline.mutants import Planter
from selective_sales.testing.fault_text import faulty_text
from tests.testing.mutant_policy import policy_text

REPOSITORY = Path(__file__).parents[2]


def judged(folder: Path) -> JudgedPolicy:
    planter = Planter()
    report = cases.run_tests((folder,), "", [planter])
    assert report.passed and not report.failed
    (policy,) = planter.judged()
    return policy


def fates(folder: Path, parts: str, tests: str) -> dict[str, Fate]:
    """By "name: fault" (and what was typed, where that is needed to tell two apart) the fate of each mutant."""
    (folder / "small.yaml").write_text(policy_text(parts), encoding="utf-8")
    (folder / "small.test.yaml").write_text(f'format: 1\npolicy: small.yaml\nas_of: "2026-11-22"\ncases:\n{tests}', encoding="utf-8")
    return {f"{one.mutant.name}: {one.mutant.fault}": one.fate for one in judged(folder).mutants}


def test_a_case_on_the_threshold_and_one_just_below_kill_its_faults(tmp_path: Path) -> None:
    found = fates(
        tmp_path,
        "metrics:\n  small: revenue < 1000\n",
        "  - {case: on it, client: {revenue: 1000}, expect: {small: false}}\n"
        "  - {case: just below, client: {revenue: 999.99}, expect: {small: true}}\n",
    )
    assert {fate for name, fate in found.items() if name.startswith("small")} == {Fate.KILLED}


def test_far_from_the_threshold_its_faults_live(tmp_path: Path) -> None:
    found = fates(
        tmp_path,
        "metrics:\n  small: revenue < 1000\n",
        "  - {case: far above, client: {revenue: 5000}, expect: {small: false}}\n"
        "  - {case: far below, client: {revenue: 10}, expect: {small: true}}\n",
    )
    assert found["small: comparison turned round"] is Fate.KILLED
    lives = {name for name, fate in found.items() if fate is Fate.SURVIVED and name.startswith("small")}
    assert lives == {"small: threshold just above", "small: threshold just below", "small: threshold itself"}


def test_what_a_metric_changes_counts_through_what_reads_it(tmp_path: Path) -> None:
    found = fates(
        tmp_path,
        "metrics:\n  profit: revenue - cost\nrules:\n  - {id: loss, when: profit < 0, then: flag, reason: Because.}\n",
        "  - {case: a loss, client: {revenue: 10, cost: 11}, expect: {decision: flag}}\n",
    )
    assert found["profit: '+' for '-'"] is Fate.KILLED


def test_a_parameter_that_only_a_limit_reads(tmp_path: Path) -> None:
    """A case just on each side of it notices; a case far from it does not, and neither does one that gives the parameter another value."""
    parts = (
        "parameters:\n  most: 3\n  more: 3\n  given: 3\n"
        "limits:\n"
        "  - {id: few, require: 'sum(clients.conflicts) <= most'}\n"
        "  - {id: far, require: 'sum(clients.conflicts) <= more'}\n"
        "  - {id: other, require: 'sum(clients.conflicts) <= given'}\n"
    )
    found = fates(
        tmp_path,
        parts,
        "  - {case: on it, client: {conflicts: 3, strategic: false}, expect: {decision: keep}, expect_run: {limits: {few: held}}}\n"
        "  - {case: above, client: {conflicts: 4, strategic: false}, expect: {decision: keep}, expect_run: {limits: {few: breached}}}\n"
        "  - {case: far, client: {conflicts: 0, strategic: false}, expect: {decision: keep}, expect_run: {limits: {far: held}}}\n"
        "  - {case: other, parameters: {given: 9}, client: {conflicts: 9, strategic: false}, expect: {decision: keep}, "
        "expect_run: {limits: {other: held}}}\n",
    )
    by_parameter = {name: {fate for key, fate in found.items() if key.startswith(f"{name}: ")} for name in ("most", "more", "given")}
    assert by_parameter == {"most": {Fate.KILLED}, "more": {Fate.SURVIVED}, "given": {Fate.SURVIVED}}


def test_division_by_zero_makes_a_guard_that_cannot_be_told(tmp_path: Path) -> None:
    found = fates(
        tmp_path,
        "metrics:\n  part: if revenue > 0 then cost / revenue else missing\n",
        "  - {case: half, client: {revenue: 10, cost: 5}, expect: {part: 0.5}}\n",
    )
    assert found["part: threshold itself"] is Fate.EQUIVALENT


def test_the_contract_makes_a_threshold_that_cannot_be_told(tmp_path: Path) -> None:
    """No revenue is below 0 by the contract; no trust above 1."""
    found = fates(
        tmp_path,
        "metrics:\n  owes: revenue <= 0\n  full: trust >= 1\n",
        "  - {case: nothing, client: {revenue: 0, trust: 1}, expect: {owes: true, full: true}}\n"
        "  - {case: something, client: {revenue: 0.01, trust: 0.99}, expect: {owes: false, full: false}}\n",
    )
    assert found["full: threshold just above"] is Fate.KILLED
    assert found["owes: threshold just below"] is Fate.KILLED
    found = fates(
        tmp_path,
        "metrics:\n  owes: revenue >= 0 and strategic\n",
        "  - {case: yes, client: {revenue: 0, strategic: true}, expect: {owes: true}}\n"
        "  - {case: no, client: {revenue: 5, strategic: false}, expect: {owes: false}}\n",
    )
    assert found["owes: threshold just below"] is Fate.EQUIVALENT
    assert found["owes: threshold itself"] is Fate.KILLED


def test_two_rules_that_never_meet_may_stand_in_any_order(tmp_path: Path) -> None:
    rules = (
        "rules:\n"
        "  - {id: one, when: conflicts is present and conflicts > 5, then: flag, reason: Because.}\n"
        "  - {id: two, when: conflicts is present and conflicts < 3, then: flag, reason: Because.}\n"
    )
    found = fates(tmp_path, rules, "  - {case: many, client: {conflicts: 6}, expect: {decided_by: one}}\n")
    assert found["one: after the rule 'two', not before"] is Fate.EQUIVALENT
    found = fates(tmp_path, rules.replace("< 3", "< 9"), "  - {case: many, client: {conflicts: 6}, expect: {decision: flag}}\n")
    assert found["one: after the rule 'two', not before"] is Fate.SURVIVED


def severity(folder: Path, rules: str) -> Fate:
    """Of `decline` ranked below `flag`, where both have a rule each, and a case of each."""
    found = fates(
        folder,
        "metrics:\n  trader: referrals > 0\n  small_trader: trader and conflicts > 5\n" + rules,
        "  - {case: one, client: {referrals: 1, conflicts: 6, strategic: false}, expect: {decision: decline}}\n"
        "  - {case: other, client: {referrals: 0, conflicts: 6, strategic: true}, expect: {decision: flag}}\n",
    )
    return found["decline: less severe than 'flag', not more"]


@pytest.mark.parametrize(
    ("decline", "flag", "fate"),
    [
        ("trader", "not trader and strategic", Fate.EQUIVALENT),
        # By what the metrics are made of.
        ("small_trader", "not trader and strategic", Fate.EQUIVALENT),
        ("referrals > 0 and conflicts > 5", "not trader and strategic", Fate.EQUIVALENT),
        # Nobody has both, but for some nobody knows: what is possible is listed by severity.
        ("trader and conflicts > 5", "conflicts < 3 or (not trader and strategic)", Fate.SURVIVED),
        # Both at once.
        ("trader", "strategic", Fate.SURVIVED),
        ("small_trader", "strategic and referrals < 2", Fate.SURVIVED),
    ],
)
def test_decisions_whose_rules_never_meet_may_stand_in_any_order(tmp_path: Path, decline: str, flag: str, fate: Fate) -> None:
    rules = (
        f"rules:\n  - {{id: one, when: {decline}, then: decline, reason: Because.}}\n"
        f"  - {{id: other, when: {flag}, then: flag, reason: Because.}}\n"
    )
    assert severity(tmp_path, rules) is fate


def test_a_dated_value_of_another_day_is_not_taken_for_equivalent(tmp_path: Path) -> None:
    found = fates(
        tmp_path,
        'parameters:\n  most: {values: {"2026-01-01": 1, "2026-07-01": 2}}\nmetrics:\n  many: conflicts > most\n',
        "  - {case: three, client: {conflicts: 3}, expect: {many: true}}\n",
    )
    assert Fate.EQUIVALENT not in found.values()


def test_a_failing_case_kills_nothing(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(policy_text("metrics:\n  small: revenue < 1000\n"), encoding="utf-8")
    (tmp_path / "small.test.yaml").write_text(
        "format: 1\npolicy: small.yaml\ncases:\n  - {case: wrong, client: {revenue: 1000}, expect: {small: true}}\n", encoding="utf-8"
    )
    planter = Planter()
    cases.run_tests((tmp_path,), "", [planter])
    (policy,) = planter.judged()
    assert not policy.of(Fate.KILLED)


def test_blanks_exceptions_and_the_run_as_a_whole_kill(tmp_path: Path) -> None:
    found = fates(
        tmp_path,
        "rules:\n  - {id: one, when: referrals > 0, then: flag, reason: Because.}\n"
        "figures:\n  flagged: 'count(clients[decision = \"flag\"])'\n"
        "limits:\n  - {id: few, require: 'count(clients[decision = \"flag\"]) <= 1'}\n",
        "  - case: a blank is none\n    client: {referrals: missing}\n    expect: {decision: keep}\n"
        "  - case: one and all\n    clients: [{id: A, referrals: 1}, {id: B, referrals: 0}]\n    expect: {A: {decision: flag}}\n"
        "    expect_run: {figures: {flagged: 1}, limits: {few: held}}\n",
    )
    assert found["clients.referrals: another value for a blank"] is Fate.KILLED
    assert found["clients.referrals: no value for a blank"] is Fate.KILLED
    assert found["flagged: brackets removed"] is Fate.KILLED
    assert found["few: threshold just below"] is Fate.KILLED
    assert found["few: threshold just above"] is Fate.SURVIVED


LEAST = """\
parameters: {least: 2}
figures: {spare: count(clients) - least}
limits: [{id: enough, require: count(clients) >= least}]
guarantees: [{id: few-orders, always: referrals < 10 * least}]
"""
TWO = "clients: [{id: a, strategic: false}, {id: b, strategic: false}]"


@pytest.mark.parametrize(
    ("expected", "killed"),
    [
        ("limits: {enough: held}", {"least: just above"}),
        ("figures: {spare: 0}", {"least: just above", "least: just below"}),
        ("guarantees: {few-orders: held}", set()),
    ],
)
def test_a_parameter_that_only_the_run_as_a_whole_names(tmp_path: Path, expected: str, killed: set[str]) -> None:
    case = f"  - {{case: two, {TWO}, expect: {{a: {{decision: keep}}}}, expect_run: {{{expected}}}}}\n"
    found = fates(tmp_path, LEAST, case)
    assert {name for name, fate in found.items() if name.startswith("least") and fate is Fate.KILLED} == killed


def test_a_parameter_of_a_guarantee_is_seen_there(tmp_path: Path) -> None:
    clients = "clients: [{id: a, strategic: false, referrals: 19}]"
    found = fates(
        tmp_path,
        LEAST,
        f"  - {{case: just in, {clients}, expect: {{a: {{decision: keep}}}}, expect_run: {{guarantees: {{few-orders: held}}}}}}\n",
    )
    assert found["least: just below"] is Fate.KILLED
    assert found["least: just above"] is Fate.SURVIVED


def test_a_case_with_a_value_of_its_own_says_nothing_of_the_policy_s(tmp_path: Path) -> None:
    case = (
        f"  - {{case: two, parameters: {{least: 2}}, {TWO}, expect: {{a: {{decision: keep}}}}, expect_run: {{limits: {{enough: held}}}}}}\n"
    )
    found = fates(tmp_path, LEAST.replace("least: 2", "least: 3"), case)
    assert {fate for name, fate in found.items() if name.startswith("least")} == {Fate.SURVIVED}


def test_a_parameter_that_only_the_run_as_a_whole_reads_is_killed_by_what_is_expected_of_the_run(tmp_path: Path) -> None:
    found = fates(
        tmp_path,
        "parameters:\n  most: 2\n  unit: 10\n"
        "rules:\n  - {id: one, when: referrals > 0, then: flag, reason: Because.}\n"
        "figures:\n  flagged: 'count(clients[decision = \"flag\"]) * unit'\n"
        "limits:\n  - {id: few, require: 'flagged <= most * 10'}\n"
        "guarantees:\n  - {id: each, always: 'referrals <= most'}\n",
        "  - case: two are few\n    clients: [{id: A, referrals: 1}, {id: B, referrals: 2}, {id: C, referrals: 0}]\n"
        "    expect_run: {figures: {flagged: 20}, limits: {few: held}, guarantees: {each: held}}\n",
    )
    assert found["most: just below"] is Fate.KILLED
    assert found["most: just above"] is Fate.SURVIVED
    assert found["unit: just above"] is Fate.KILLED
    assert found["unit: just below"] is Fate.KILLED


def test_a_pasted_case_passes_and_fails_with_the_fault(tmp_path: Path) -> None:
    """The file with its first cases only: of what they leave unnoticed, every shown case is really pasted."""
    example = "online-retail"
    folder = tmp_path / example
    shutil.copytree(REPOSITORY / "examples" / example, folder)
    tests, policy = folder / f"{example}.test.yaml", folder / f"{example}.yaml"
    first_cases(tests, 12)
    original, cases_text = policy.read_text(encoding="utf-8"), tests.read_text(encoding="utf-8")
    survivors = [one for one in judged(folder).of(Fate.SURVIVED) if one.case]
    assert len(survivors) > 20
    pasted = dict.fromkeys(one.case for one in survivors)
    tests.write_text(cases_text + "\n" + "\n".join(pasted) + "\n", encoding="utf-8")
    report = cases.run_tests((folder,))
    assert report.passed == 12 + len(pasted) and not report.failed
    for one in with_text(survivors, original)[::6]:
        policy.write_text(one[1], encoding="utf-8")
        tests.write_text(cases_text + "\n" + one[0].case + "\n", encoding="utf-8")
        assert cases.run_tests((folder,)).failed, f"{one[0].mutant.name}: {one[0].mutant.fault}\n{one[0].case}"


def with_text(survivors: list[Judged], original: str) -> list[tuple[Judged, str]]:
    """Those whose fault can be typed, with the policy's text as it is then."""
    found = []
    for one in survivors:
        text = faulty_text(one.mutant.policy, one.mutant)
        if text is not None and text != original:
            found.append((one, text))
    assert found
    return found


def first_cases(tests: Path, count: int) -> None:
    lines = tests.read_text(encoding="utf-8").splitlines(keepends=True)
    starts = [i for i, line in enumerate(lines) if line.startswith("  - case:")]
    tests.write_text("".join(lines[: starts[count]]), encoding="utf-8")
    assert len(yaml.safe_load(tests.read_text(encoding="utf-8"))["cases"]) == count


def test_a_table_whose_rows_must_agree_and_a_figure(tmp_path: Path) -> None:
    found = fates(
        tmp_path,
        "tables:\n  sizes:\n    hit_policy: any\n    inputs: [revenue]\n    outputs: {large: {type: boolean}}\n"
        "    rows:\n      - ['>= 100', true]\n      - ['>= 1000', true]\n    otherwise: [false]\n"
        "figures:\n  many: 'count(clients[large])'\n",
        "  - {case: on it, client: {revenue: 100}, expect: {large: true}, expect_run: {figures: {many: 1}}}\n"
        "  - {case: just below, client: {revenue: 99.99}, expect: {large: false}, expect_run: {figures: {many: 0}}}\n",
    )
    assert Fate.KILLED in {fate for name, fate in found.items() if name.startswith("sizes")}
