"""Groups within the values of a business field: known figures, gaps that go, that stay, that turn round, that were hidden."""

from __future__ import annotations

import pytest

from selective_sales.auditing.judging import judge
from selective_sales.auditing.strata import cmh, common_ratio
from selective_sales.model.audit import Cell, Counted, Explains, GroupAudit, Rate, Stratum, Verdict
from selective_sales.model.expression import NOWHERE, Name
from selective_sales.model.promises import Across, Fairness

BERKELEY = {
    "A": (89, 19, 512, 313),
    "B": (17, 8, 353, 207),
    "C": (202, 391, 120, 205),
    "D": (131, 244, 138, 279),
    "E": (94, 299, 53, 138),
    "F": (24, 317, 22, 351),
}
"""Admitted and rejected women, admitted and rejected men, by department (Bickel, Hammel, O'Connell, Science 187 (1975))."""
FAIRNESS = Fairness((("keep", NOWHERE),), (Across("sex", Name("sex")),))


def worse_off(table: dict[str | None, tuple[int, int, int, int]], harmful: bool = False, fairness: Fairness = FAIRNESS) -> GroupAudit:
    """The group `w` or `m` that is worse off: kept and not kept of `w`, then of `m`, by stratum."""
    cells = []
    for stratum, (w, not_w, m, not_m) in table.items():
        cells += [Cell("w", "keep", w, stratum), Cell("w", "drop", not_w, stratum)]
        cells += [Cell("m", "keep", m, stratum), Cell("m", "drop", not_m, stratum)]
    cells = [c for c in cells if c.clients]
    counted = Counted("sex", tuple(cells), strata=(("department", tuple(cells)),))
    (division,), _ = judge([counted], fairness, frozenset(["keep"] if harmful else []))
    (found,) = [g for g in division.decisions[0].groups if g.comparisons]
    return found


def test_berkeley_as_r_says_it() -> None:
    strata = [Stratum(d, Rate(a + b, a), Rate(c + d_, c)) for d, (a, b, c, d_) in BERKELEY.items()]
    assert cmh(strata) == pytest.approx(0.2323, abs=5e-5)
    ratio = common_ratio(strata)
    assert ratio is not None and 1 < ratio < 1.1


def test_berkeley_the_gap_goes_within_departments() -> None:
    found = worse_off(BERKELEY)  # type: ignore[arg-type]
    assert found.group == "w" and found.verdict is Verdict.FAIL
    assert found.to_best is not None and round(float(found.to_best), 3) == 0.682
    assert [e.explains for e in found.explained] == [Explains.ALL]
    assert [len(e.strata) for e in found.explained] == [6] and found.explained[0].compared.decided == 4526


def test_a_field_that_says_nothing_explains_nothing() -> None:
    found = worse_off({"a": (100, 100, 160, 40), "b": (100, 100, 160, 40)})
    (explained,) = found.explained
    assert explained.explains is Explains.NOTHING and explained.ratio == pytest.approx(0.625)


def test_a_field_that_explains_a_part() -> None:
    found = worse_off({"a": (60, 140, 30, 50), "b": (90, 30, 280, 40)})
    assert found.explained[0].explains is Explains.PARTLY


def test_simpson_the_other_group_is_worse_off() -> None:
    found = worse_off({"a": (20, 30, 110, 390), "b": (300, 300, 10, 90), None: (1, 699, 300, 5)})
    assert found.group == "w" and found.verdict is Verdict.FAIL and found.explained[0].explains is not Explains.REVERSED
    turned = worse_off({"easy": (95, 5, 700, 200), "hard": (300, 600, 15, 85)})
    assert turned.group == "w" and turned.explained[0].explains is Explains.REVERSED
    assert turned.explained[0].ratio is not None and turned.explained[0].ratio > 1.25


def test_simpson_a_gap_that_the_whole_hides_is_to_be_watched() -> None:
    found = worse_off({"easy": (270, 30, 100, 0), "hard": (10, 90, 180, 120)})
    assert found.comparisons[0].verdict is Verdict.FINE and found.explained[0].explains is Explains.HIDES
    assert found.verdict is Verdict.WATCH


def test_of_a_harm_more_is_worse_within_strata_too() -> None:
    found = worse_off({"a": (80, 120, 40, 160), "b": (80, 120, 40, 160)}, harmful=True)
    assert found.group == "w" and found.verdict is Verdict.FAIL
    assert found.explained[0].explains is Explains.NOTHING and found.explained[0].ratio == pytest.approx(2)


def test_strata_with_one_group_alone_tell_nothing() -> None:
    found = worse_off({"only w": (50, 50, 0, 0), "only m": (0, 0, 90, 10)})
    assert found.explained[0].explains is Explains.TOO_FEW
    assert found.explained[0].ratio is None and found.explained[0].p is None and found.explained[0].compared == Rate(200, 0)


def test_a_few_who_share_a_value_are_too_few() -> None:
    found = worse_off({"both": (5, 5, 9, 1), "only w": (50, 50, 0, 0), "only m": (0, 0, 90, 10)})
    assert found.explained[0].explains is Explains.TOO_FEW


def test_nobody_with_the_decision_in_any_stratum() -> None:
    assert common_ratio([Stratum("a", Rate(10, 0), Rate(10, 0))]) is None
    assert cmh([Stratum("a", Rate(10, 0), Rate(10, 0)), Stratum("b", Rate(1, 1), Rate(0, 0))]) is None
    assert cmh([]) is None
