"""Decided rows against what was expected, and the rules that say why."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from selective_sales.model.checked import CheckedPolicy
from selective_sales.model.explanation import Explanation, LeafOutcome, NamedValue, Outcome, RuleOutcome
from selective_sales.model.kind import Kind
from selective_sales.model.place import Place
from selective_sales.model.tested import CaseResult
from selective_sales.testing import Needs, compare, prepare, with_reasons

Make = Callable[..., Any]
HERE = Place("p.yaml", 5, 3)


def decided(**changed: object) -> dict[str, object]:
    row: dict[str, object] = {
        "case:": "000001",
        "client_id": "A",
        "decision": "keep",
        "policy_decision": "keep",
        "decided_by": "default",
        "fired": [],
        "applied": [],
        "unknown": [],
        "missing_because": [],
        "possible_decisions": [],
        "profit": Decimal("0.3333"),
        "age": 151,
        "turnover": None,
    }
    return row | changed


def outcome(checked: CheckedPolicy, file: Any, *rows: dict[str, object]) -> tuple[CaseResult, ...]:
    (batch,) = prepare(checked, file).batches
    return compare(batch, Needs(checked).kinds, rows, 0.5)


def test_all_as_expected(checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make) -> None:
    expected = expecting(decision="keep", decided_by="default", fired=(), profit="0.33", turnover=None, age="151 days")
    client = row(client_id=" A", revenue="1", cost="1", since="01.01.2026")
    (result,) = outcome(checked, make_file(make_case([client], expected)), decided())
    assert result.passed
    assert [(column.expected, column.actual) for column in result.columns] == [
        ("keep", "keep"),
        ("default", "default"),
        ("[]", "[]"),
        ("0.33", "0.3333"),
        ("missing", "missing"),
        ("151 days", "151 days"),
    ]
    assert result.as_of == datetime.date(2026, 6, 1)


def test_what_differs_is_said_column_by_column(
    checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make
) -> None:
    expected = expecting(decision="decline", fired=("unprofitable",), profit="0.34", turnover="0")
    (result,) = outcome(checked, make_file(make_case([row(client_id="A", revenue="1", cost="1")], expected)), decided())
    assert not result.passed
    assert [(c.name, c.expected, c.actual) for c in result.columns if not c.matches] == [
        ("decision", "decline", "keep"),
        ("fired", "[unprofitable]", "[]"),
        ("profit", "0.34", "0.3333"),
        ("turnover", "0", "missing"),
    ]
    assert result.decided_by == ((("A",), "default"),)


def test_clients_of_several_cases_do_not_mix(checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make) -> None:
    client = row(client_id="A", revenue="1", cost="1")
    cases = [make_case([client], expecting(decision=decision), name=decision) for decision in ("keep", "decline")]
    rows = (decided(), decided(**{"case:": "000002", "decision": "decline"}))
    assert [result.passed for result in outcome(checked, make_file(*cases), *rows)] == [True, True]


def test_a_client_who_was_not_decided_is_a_failure(
    checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make
) -> None:
    case = make_case([row(client_id="A", revenue="1", cost="1")], expecting(decision="keep"))
    (result,) = outcome(checked, make_file(case), decided(client_id="B"))
    assert not result.passed
    assert [finding.code for finding in result.findings] == ["SS617"]


def test_lists_compare_exactly_and_in_order(checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make) -> None:
    case = make_case([row(client_id="A", revenue="1", cost="1")], expecting(possible_decisions=("keep", "decline")))
    same = decided(possible_decisions=["keep", "decline"])
    turned = decided(possible_decisions=["decline", "keep"])
    assert [outcome(checked, make_file(case), rows)[0].passed for rows in (same, turned)] == [True, False]


def rule(identity: str, decision: str, result: Outcome, *, decides: bool = False) -> RuleOutcome:
    operands = (NamedValue("cost", Kind.MONEY, Decimal("1.0000")), NamedValue("5%", Kind.NUMBER, Decimal("0.05"), literal=True))
    leaf = LeafOutcome(f"{identity} > 1", HERE, result, of_unless=False, operands=operands)
    return RuleOutcome(identity, None, decision, result, False, decides, False, False, (leaf,), None, None, "", HERE)


def explained(*rules: RuleOutcome) -> Explanation:
    as_of = datetime.date(2026, 6, 1)
    return Explanation(("A",), "keep", "keep", "default", rules, (), {}, (), (), None, "small", "1", "run", as_of)


def test_the_reasons_are_the_deciding_rule_and_those_that_should_have_decided(
    checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make
) -> None:
    case = make_case([row(client_id="A", revenue="1", cost="1")], expecting(decision="decline"))
    (result,) = outcome(checked, make_file(case), decided())
    rules = (
        rule("first", "keep", Outcome.TRUE, decides=True),
        rule("second", "keep", Outcome.FALSE),
        rule("third", "decline", Outcome.FALSE),
    )
    shown = with_reasons(result, {("A",): explained(*rules)}).rules
    assert [(r.id, r.outcome, r.decides) for r in shown] == [("first", Outcome.TRUE, True), ("third", Outcome.FALSE, False)]
    assert shown[0].conditions[0].values == (("cost", "1"),)


def test_a_rule_that_was_named_is_shown_alone(checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make) -> None:
    case = make_case([row(client_id="A", revenue="1", cost="1")], expecting(fired=("unprofitable",)))
    (result,) = outcome(checked, make_file(case), decided())
    rules = (rule("other", "decline", Outcome.FALSE), rule("unprofitable", "decline", Outcome.FALSE))
    assert [r.id for r in with_reasons(result, {("A",): explained(*rules)}).rules] == ["unprofitable"]
    assert with_reasons(result, {}).rules == ()
