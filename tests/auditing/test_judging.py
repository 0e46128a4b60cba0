"""Counts in, verdicts out: who is compared with whom, what counts as one test, when nothing can be said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selective_sales.auditing.judging import judge, without_rules
from selective_sales.model.audit import Cell, Counted, DecisionAudit, GroupAudit, GroupName, Lacking, RuleWithout, Verdict
from selective_sales.model.expression import NOWHERE, Name
from selective_sales.model.promises import Across, Fairness

Groups = dict[GroupName, tuple[int, int]]
"""Clients and those who have the decision, by group."""


def fairness(*compare: str, smallest: int = 30, ratio: str = "0.8", significance: str = "0.05") -> Fairness:
    across = (Across("sex", Name("sex")),)
    compared = tuple((name, NOWHERE) for name in compare)
    return Fairness(compared, across, Decimal(ratio), Decimal(significance), smallest)


def counted(division: str, groups: Groups, decision: str = "keep", other: str = "drop") -> Counted:
    cells = [Cell(g, d, n) for g, (clients, has) in groups.items() for d, n in ((decision, has), (other, clients - has)) if n]
    return Counted(division, tuple(cells))


def one(groups: Groups, decision: str = "keep", harmful: bool = False, **standard: object) -> DecisionAudit:
    """The audit of one decision in one division."""
    (division,), _ = judge([counted("sex", groups, decision)], fairness(decision, **standard), frozenset([decision] if harmful else []))  # type: ignore[arg-type]
    return division.decisions[0]


def rows(audit: DecisionAudit) -> dict[GroupName, GroupAudit]:
    return {g.group: g for g in audit.groups}


def verdicts(audit: DecisionAudit) -> dict[GroupName, Verdict | None]:
    return {g.group: g.verdict for g in audit.groups}


def test_both_the_ratio_and_the_test_make_it_fail() -> None:
    assert verdicts(one({"m": (500, 400), "w": (500, 250)})) == {"m": None, "w": Verdict.FAIL}


def test_the_ratio_alone_is_to_be_watched() -> None:
    found = rows(one({"m": (40, 20), "w": (30, 11)}))["w"]
    assert found.verdict is Verdict.WATCH and found.comparisons[0].below and found.comparisons[0].p > 0.05


def test_the_test_alone_is_to_be_watched() -> None:
    found = rows(one({"m": (5000, 4500), "w": (5000, 4200)}))["w"]
    assert found.verdict is Verdict.WATCH and not found.comparisons[0].below


def test_neither_passes() -> None:
    assert verdicts(one({"m": (500, 400), "w": (500, 395)})) == {"m": None, "w": Verdict.FINE}


def test_a_ratio_of_exactly_the_minimum_is_not_below_it() -> None:
    assert not rows(one({"m": (1000, 1000), "w": (1000, 800)}))["w"].comparisons[0].below
    assert rows(one({"m": (1000, 1000), "w": (1000, 799)}))["w"].comparisons[0].below
    assert not rows(one({"m": (1000, 80), "w": (1000, 100)}, harmful=True))["w"].comparisons[0].below
    assert rows(one({"m": (1000, 80), "w": (1000, 101)}, harmful=True))["w"].comparisons[0].below


def test_a_harm_of_three_to_one_is_seen_though_nearly_all_are_kept() -> None:
    groups: Groups = {"m": (3000, 30), "w": (3000, 90)}
    assert rows(one(groups, "decline", harmful=True))["w"].verdict is Verdict.FAIL
    kept: Groups = {g: (n, n - x) for g, (n, x) in groups.items()}
    assert rows(one(kept))["w"].verdict is Verdict.WATCH


def test_nobody_of_the_best_group_has_what_harms() -> None:
    found = rows(one({"m": (500, 0), "w": (500, 20)}, harmful=True))["w"]
    assert found.verdict is Verdict.FAIL and found.comparisons[0].ratio is None and found.to_best is None


@pytest.mark.parametrize("harmful", [False, True])
def test_nobody_at_all_says_nothing(harmful: bool) -> None:
    audit = one({"m": (500, 0), "w": (500, 0)}, harmful=harmful)
    assert audit.verdict is Verdict.INSUFFICIENT and {g.lacking for g in audit.groups} == {None, Lacking.RARE}
    assert all(g.to_best is None for g in audit.groups)


def test_everybody_says_nothing() -> None:
    assert one({"m": (500, 500), "w": (500, 500)}).verdict is Verdict.INSUFFICIENT


def test_a_small_group_never_passes() -> None:
    audit = one({"m": (500, 400), "w": (500, 395), "x": (29, 0), None: (3, 3)})
    assert verdicts(audit) == {"m": None, "w": Verdict.FINE, "x": Verdict.INSUFFICIENT, None: Verdict.INSUFFICIENT}
    assert rows(audit)["x"].lacking is Lacking.SMALL and rows(audit)["x"].to_best is None
    assert rows(one({"m": (500, 400), "x": (30, 0)}))["x"].verdict is Verdict.FAIL


def test_a_small_group_is_not_the_best() -> None:
    audit = one({"m": (500, 400), "w": (500, 250), "x": (5, 5)})
    assert [g.group for g in audit.groups if g.is_best] == ["m"]


def test_blanks_are_a_group_of_their_own() -> None:
    assert verdicts(one({"m": (500, 400), None: (100, 40)})) == {"m": None, None: Verdict.FAIL}


@pytest.mark.parametrize("groups", [{"m": (500, 400)}, {None: (500, 400)}, {"m": (500, 1), "w": (2, 1)}])
def test_one_group_alone_is_beside_nobody(groups: Groups) -> None:
    audit = one(groups)
    assert audit.verdict is Verdict.INSUFFICIENT and audit.groups[0].lacking is Lacking.ALONE


def test_no_clients_at_all() -> None:
    (division,), tests = judge([Counted("sex", ())], fairness("keep"), frozenset())
    assert division.decisions[0].groups == () and division.verdict is Verdict.INSUFFICIENT and tests == 0


def test_no_divisions_at_all() -> None:
    assert judge([], fairness("keep"), frozenset()) == ((), 0)


def test_so_few_decisions_that_none_could_be_told_apart() -> None:
    audit = one({"m": (40, 1), "w": (40, 0)}, "decline", harmful=True)
    assert rows(audit)["m"].verdict is Verdict.INSUFFICIENT and rows(audit)["m"].lacking is Lacking.RARE


def test_the_largest_group_is_compared_beside_the_best() -> None:
    audit = rows(one({"large": (5000, 4000), "low": (1000, 500), "best": (40, 38)}))
    assert audit["best"].is_best and audit["large"].is_largest
    assert {c.reference for c in audit["low"].comparisons} == {"best", "large"}
    assert audit["low"].to_largest == Fraction(500, 800) and audit["low"].to_best == Fraction(50, 95)
    assert {c.reference for c in audit["large"].comparisons} == {"best"}


def test_a_group_above_the_largest_makes_the_largest_worse_off() -> None:
    """The best is so small that it could be luck; the second best is not."""
    audit = rows(one({"large": (5000, 3000), "second": (1000, 760), "best": (30, 23)}))
    assert audit["large"].verdict is Verdict.FAIL and audit["large"].comparisons[0].reference == "second"


def test_the_decisive_comparison_comes_first() -> None:
    audit = rows(one({"large": (5000, 4000), "low": (1000, 700), "best": (400, 390)}))
    assert audit["low"].comparisons[0].verdict is Verdict.FAIL and audit["low"].comparisons[0].reference == "best"


def family(groups: Sequence[Groups], *compare: str) -> int:
    return judge([counted(f"d{i}", g) for i, g in enumerate(groups)], fairness(*compare), frozenset(["drop"]))[1]


def test_a_decision_and_its_complement_count_once() -> None:
    assert family([{"m": (500, 400), "w": (500, 250)}], "keep") == 1
    assert family([{"m": (500, 400), "w": (500, 250)}], "keep", "drop") == 1
    assert family([{"m": (500, 400), "w": (500, 250)}, {"a": (500, 300), "b": (500, 350)}], "drop", "keep") == 2


def test_a_third_decision_makes_them_two() -> None:
    cells = [Cell(g, d, n) for g in ("m", "w") for d, n in (("keep", 400), ("drop", 99), ("flag", 1))]
    assert judge([Counted("sex", tuple(cells))], fairness("keep", "drop"), frozenset())[1] == 2


def test_a_decision_that_nobody_has_is_no_test() -> None:
    assert family([{"m": (500, 400), "w": (500, 250)}], "keep", "never") == 1


def test_holm_can_make_a_failure_one_to_watch() -> None:
    """p is 0.02 alone; beside two others that show nothing it is 0.06."""
    gap: Groups = {"m": (690, 499), "w": (310, 201)}
    even: Groups = {"m": (500, 350), "w": (500, 350)}
    alone, _ = judge([counted("a", gap)], fairness("keep", ratio="0.95"), frozenset())
    among, tests = judge([counted("a", gap), counted("b", even), counted("c", even)], fairness("keep", ratio="0.95"), frozenset())
    assert (alone[0].verdict, among[0].verdict, tests) == (Verdict.FAIL, Verdict.WATCH, 3)
    comparison = rows(among[0].decisions[0])["w"].comparisons[0]
    assert comparison.adjusted == pytest.approx(3 * comparison.p)


def test_too_many_groups_are_not_judged() -> None:
    (division,), tests = judge([Counted("born", (), too_many=5000)], fairness("keep"), frozenset())
    assert (division.too_many, division.decisions, division.verdict, tests) == (5000, (), Verdict.INSUFFICIENT, 0)


def test_groups_of_a_million() -> None:
    found = rows(one({"m": (1_000_000, 500_000), "w": (1_000_000, 498_000)}))["w"]
    assert found.verdict is Verdict.WATCH and not found.comparisons[0].below and 0 < found.comparisons[0].p < 0.005


@given(
    st.dictionaries(st.one_of(st.none(), st.sampled_from("abcde")), st.tuples(st.integers(1, 80), st.integers(0, 80)), min_size=1),
    st.booleans(),
)
def test_what_always_holds(drawn: Groups, harmful: bool) -> None:
    groups = {g: (max(n, x), x) for g, (n, x) in drawn.items()}
    audit = one(groups, harmful=harmful)
    able = [g for g in audit.groups if g.rate.clients >= 30]
    for group in audit.groups:
        assert group.verdict is None or (group.verdict is Verdict.INSUFFICIENT) == (group.lacking is not None)
        assert group in able or group.verdict is Verdict.INSUFFICIENT
        for comparison in group.comparisons:
            other = rows(audit)[comparison.reference]
            assert other in able and (group.rate.value or 0) * (1 if harmful else -1) >= (other.rate.value or 0) * (1 if harmful else -1)
            assert comparison.adjusted is None or comparison.p <= comparison.adjusted <= 1
            assert comparison.verdict is not Verdict.FAIL or (comparison.below and (comparison.adjusted or 0) < 0.05)
    assert sum(g.is_best for g in audit.groups) == sum(g.is_largest for g in audit.groups) == (1 if able else 0)
    if len(able) > 1:
        best = next(g for g in able if g.is_best)
        assert best.verdict is None or best.comparisons


def test_what_is_left_of_a_gap_without_a_rule() -> None:
    before = counted("sex", {"m": (500, 400), "w": (500, 250)})
    divisions, _ = judge([before], fairness("keep"), frozenset())
    half = RuleWithout("half", 75, (counted("sex", {"m": (500, 400), "w": (500, 325)}),))
    nothing = RuleWithout("nothing", 0, (before,))
    worse = RuleWithout("worse", 50, (counted("sex", {"m": (500, 450), "w": (500, 250)}),))
    all_of_it = RuleWithout("all", 150, (counted("sex", {"m": (500, 400), "w": (500, 400)}),))
    (division,) = without_rules(divisions, [worse, half, nothing, all_of_it])
    found = rows(division.decisions[0])["w"].carriers
    assert [(c.rule, c.part) for c in found] == [("all", 1), ("half", Fraction(1, 2)), ("worse", Fraction(-1, 3))]
    assert rows(division.decisions[0])["m"].carriers == ()


def test_what_passes_has_nothing_to_carry() -> None:
    divisions, _ = judge([counted("sex", {"m": (500, 400), "w": (500, 395)})], fairness("keep"), frozenset())
    moved = RuleWithout("r", 5, (counted("sex", {"m": (500, 400), "w": (500, 400)}),))
    assert all(g.carriers == () for d in without_rules(divisions, [moved]) for c in d.decisions for g in c.groups)
    assert replace(divisions[0], too_many=None) == divisions[0]
