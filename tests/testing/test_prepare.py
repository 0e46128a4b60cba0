"""Test files made ready: names, what may be left out, dates, parameters, exceptions, batches."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from selective_sales.model.checked import CheckedPolicy
from selective_sales.model.exceptions import PolicyException
from selective_sales.model.finding import Severity
from selective_sales.model.kind import Kind
from selective_sales.model.place import Place
from selective_sales.testing import Needs, Prepared, case_column, prepare, with_case_column

Make = Callable[..., Any]
HERE = Place("t.test.yaml", 11, 1)


def said(prepared: Prepared) -> list[tuple[str, str, str]]:
    """Code, message and help of the errors."""
    findings = [*prepared.findings, *(finding for case in prepared.refused for finding in case.findings)]
    return [(f.code, f.message, f.help) for f in findings if f.severity is Severity.ERROR]


def test_a_metric_needs_only_the_fields_that_it_reads(
    checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make
) -> None:
    prepared = prepare(checked, make_file(make_case([row(revenue="1", cost="2")], expecting(profit="-1"))))
    assert said(prepared) == []
    (batch,) = prepared.batches
    (ready,) = batch.cases
    assert ready.rows["clients"][0]["client_id"].text == "1"
    assert ready.expect[0].client == ("1",)


def test_a_decision_needs_what_every_rule_reads(
    checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make
) -> None:
    prepared = prepare(checked, make_file(make_case([row(client_id="A", revenue="1")], expecting(decision="decline"))))
    assert prepared.batches == ()
    assert said(prepared) == [
        (
            "SS609",
            "case 'a case' leaves out 'cost', on which what it expects depends",
            "write a value, or cost: missing to mean a blank cell",
        )
    ]


def test_a_blank_and_a_default_are_not_left_out(
    checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make
) -> None:
    case = make_case([row(revenue=None)], expecting(decision="undetermined"))
    prepared = prepare(checked, make_file(case, defaults={"clients": row(cost="7")}))
    assert said(prepared) == []
    assert prepared.batches[0].cases[0].rows["clients"][0]["cost"].text == "7"


def test_a_row_of_a_child_table_needs_what_its_calculation_reads(
    checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make
) -> None:
    case = make_case([row(client_id="A")], expecting(turnover="0"), tables={"orders": [row(quantity="1")]})
    assert said(prepare(checked, make_file(case))) == [
        (
            "SS609",
            "case 'a case' leaves out 'orders.price', on which what it expects depends",
            "write a value, or price: missing to mean a blank cell",
        )
    ]


def test_the_key_of_a_child_row_is_filled_in(checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make) -> None:
    case = make_case([row(client_id="A")], expecting(turnover="6"), tables={"orders": [row(quantity="2", price="3")]})
    (batch,) = prepare(checked, make_file(case)).batches
    assert batch.cases[0].rows["orders"][0]["customer"].text == "A"


def test_among_several_clients_a_child_row_names_its_own(
    checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make
) -> None:
    clients = [row(client_id="A"), row(client_id="B")]
    case = make_case(clients, expecting("A", turnover="6"), tables={"orders": [row(quantity="2", price="3")]})
    assert said(prepare(checked, make_file(case))) == [
        (
            "SS611",
            "case 'a case' has several clients, and a row of 'orders' does not say whose it is",
            "write customer: ... in each row of orders",
        )
    ]


@pytest.mark.parametrize(
    ("columns", "code", "message", "help_"),
    [
        ({"decison": "keep"}, "SS604", "'decison' is not a column of the result", "did you mean 'decision'?"),
        (
            {"revenue": "1"},
            "SS604",
            "'revenue' is not a column of the result",
            "a field of the data is not a result: expect a decision, a rule, a list or a metric",
        ),
        (
            {"unprofitable": "true"},
            "SS604",
            "'unprofitable' is not a column of the result",
            "to expect that the rule fires, write decided_by: unprofitable or fired: [unprofitable]",
        ),
        ({"decision": "declined"}, "SS605", "unknown decision 'declined' in 'decision'", "did you mean 'decline'?"),
        ({"decision": None}, "SS612", "'decision' is never missing", "there is: decline, keep, undetermined"),
        ({"possible_decisions": ("keep", "kep")}, "SS605", "unknown decision 'kep' in 'possible_decisions'", "did you mean 'keep'?"),
        ({"decided_by": "unprofitabel"}, "SS606", "unknown rule 'unprofitabel' in 'decided_by'", "did you mean 'unprofitable'?"),
        ({"fired": ("lossy",)}, "SS606", "unknown rule 'lossy' in 'fired'", "there is: unprofitable"),
        ({"fired": "unprofitable"}, "SS612", "'fired' is a list", "write fired: [unprofitable]"),
        ({"decision": ("keep",)}, "SS612", "'decision' is one value, not a list", "write decision: keep"),
        ({"missing_because": ("revenu",)}, "SS602", "unknown field 'revenu' in 'missing_because'", "did you mean 'revenue'?"),
        ({"profit": "high"}, "SS612", "'high' cannot be the value of 'profit'", "write an amount, such as 1200.50, or missing"),
        ({"age": "1 year"}, "SS612", "'1 year' cannot be the value of 'age'", "write a number of days, such as 90 days, or missing"),
    ],
)
def test_what_cannot_be_expected(
    columns: dict[str, Any],
    code: str,
    message: str,
    help_: str,
    checked: CheckedPolicy,
    row: Make,
    expecting: Make,
    make_case: Make,
    make_file: Make,
) -> None:
    whole = row(client_id="A", revenue="1", cost="2", since="01.01.2026")
    prepared = prepare(checked, make_file(make_case([whole], expecting(**columns))))
    assert said(prepared) == [(code, message, help_)]
    assert prepared.batches == ()


def test_causes_and_fields_of_child_tables_may_be_missing_because(
    checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make
) -> None:
    labels = ("orders.price", "profit: division by zero", "revenue - cost > 3: overflow")
    case = make_case([row(revenue="1", cost="2")], expecting(missing_because=labels))
    assert said(prepare(checked, make_file(case))) == []


def test_unknown_tables_and_fields_of_rows_and_defaults(
    checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make
) -> None:
    tables = {"order": [row(quantity="1")], "orders": [row(amount="3", prise="1")]}
    case = make_case([row(**{"revenue": "1", "cost": "2", "Revenue 12M": "7"})], expecting(profit="-1"), tables=tables)
    prepared = prepare(checked, make_file(case, defaults={"clients": row(stratgic="true")}))
    assert sorted(said(prepared)) == [
        ("SS601", "unknown table 'order': policy 'small' has no such table", "did you mean 'orders'?"),
        ("SS602", "unknown field 'Revenue 12M' of table 'clients'", "write the field's name, 'revenue', not the name of its column"),
        ("SS602", "unknown field 'prise' of table 'orders'", "did you mean 'price'?"),
        ("SS602", "unknown field 'stratgic' of table 'clients'", "did you mean 'strategic'?"),
        (
            "SS603",
            "'amount' of table 'orders' is calculated: a row cannot give it",
            "leave it out, and give the fields that it is calculated from",
        ),
    ]


def test_a_file_without_cases_and_cases_that_expect_nothing(
    checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make
) -> None:
    assert [code for code, _, _ in said(prepare(checked, make_file()))] == ["SS608"]
    nothing = make_case([row(client_id="A")])
    nobody = make_case([], expecting(decision="keep"), name="nobody")
    empty = make_case([row(client_id="A"), row(client_id="B")], expecting("A", turnover="0"), expecting("B"), name="empty")
    assert [code for code, _, _ in said(prepare(checked, make_file(nothing, nobody, empty)))] == ["SS607", "SS611", "SS607"]


def test_which_client_is_meant(checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make) -> None:
    two = [row(client_id="Anna"), row(client_id="Bogdan")]
    unnamed = make_case(two, expecting(turnover="0"))
    other = make_case(two, expecting("Bodgan", turnover="0"))
    keyless = make_case([row(client_id="Anna"), row(revenue="1")], expecting("Anna", turnover="0"))
    assert said(prepare(checked, make_file(unnamed, other, keyless))) == [
        ("SS611", "this case has 2 clients: it does not say which of them is meant", "name the client, as in Anna: {...}"),
        ("SS610", "client 'Bodgan' is not in this case", "did you mean 'Bogdan'?"),
        ("SS611", "case 'a case' has a client without 'client_id', its key", "write client_id: ... for every client"),
    ]


def test_required_and_unique_hold_within_a_case(
    checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make
) -> None:
    blank = make_case([row(rep=" ")], expecting(turnover="0"))
    twice = make_case([row(client_id="A", vat="7"), row(client_id="B", vat=" 7")], expecting("A", turnover="0"))
    apart = make_case([row(vat="7")], expecting(turnover="0"))
    prepared = prepare(checked, make_file(blank, twice, apart))
    assert [(code, message) for code, message, _ in said(prepared)] == [
        ("SS617", "' ' for 'rep' of table 'clients' is blank, but the field is required"),
        ("SS617", "' 7' for 'vat' of table 'clients' stands twice, but the field is unique"),
    ]
    assert len(prepared.batches[0].cases) == 1


def test_a_case_that_depends_on_the_date_needs_one(
    checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make
) -> None:
    dated = make_case([row(since="01.01.2026")], expecting(age="5 days"))
    undated = make_case([row(revenue="1", cost="1")], expecting(decision="keep"))
    prepared = prepare(checked, make_file(dated, undated, as_of=None))
    assert [code for code, _, _ in said(prepared)] == ["SS615"]
    assert prepared.batches[0].as_of == datetime.date(2026, 1, 1), "the policy's first day: nothing depends on it"


def test_a_date_outside_the_policys_time_is_refused(
    checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make
) -> None:
    late = make_case([row(revenue="1", cost="1")], expecting(decision="keep"), as_of=datetime.date(2027, 1, 1))
    assert said(prepare(checked, make_file(late))) == [
        (
            "SS616",
            "as_of 2027-01-01 is outside the time in which policy 'small' is valid (from 2026-01-01 until 2026-12-31)",
            "write an as_of within that time",
        )
    ]


def test_cases_of_one_setting_are_decided_in_one_run(
    checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make
) -> None:
    client = row(client_id="A", revenue="1", cost="1")
    keep = expecting(decision="keep")
    cases = [
        make_case([client], keep, name="one"),
        make_case([client], keep, name="two"),
        make_case([client], keep, name="same value", parameters=(("least_profit", 0, HERE),)),
        make_case([client], keep, name="other value", parameters=(("least_profit", Decimal("-5"), HERE),)),
        make_case([client], keep, name="other day", as_of=datetime.date(2026, 6, 2)),
    ]
    batches = prepare(checked, make_file(*cases)).batches
    assert [[ready.case.name for ready in batch.cases] for batch in batches] == [
        ["one", "two", "same value"],
        ["other value"],
        ["other day"],
    ]
    assert [batch.changed for batch in batches] == [False, True, False]
    changed = batches[1].policy.parameter("least_profit")
    assert changed is not None
    assert changed.value == Decimal("-5.0000")


@pytest.mark.parametrize(
    ("name", "value", "becomes", "kind"),
    [
        ("least_profit", Decimal("1.5"), Decimal("1.5000"), Kind.MONEY),
        ("window", "90 days", 90, Kind.DAYS),
        ("window", 90, 90, Kind.DAYS),
        ("count", 5, 5, Kind.INTEGER),
        ("count", Decimal("2.5"), Decimal("2.5"), Kind.NUMBER),
        ("industries", ("retail",), ("retail",), Kind.TEXT),
    ],
)
def test_a_parameter_takes_a_value_of_its_kind(
    name: str, value: Any, becomes: Any, kind: Kind, checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make
) -> None:
    case = make_case([row(revenue="1", cost="1")], expecting(decision="keep"), parameters=((name, value, HERE),))
    (batch,) = prepare(checked, make_file(case)).batches
    parameter = batch.policy.parameter(name)
    assert parameter is not None
    assert (parameter.value, parameter.kind) == (becomes, kind)


@pytest.mark.parametrize(
    ("name", "value", "code", "message", "help_"),
    [
        ("windw", 1, "SS613", "unknown parameter 'windw'", "did you mean 'window'?"),
        ("window", "3 months", "SS614", "parameter 'window' is of kind days: this value is not", "write window: 90 days"),
        ("least_profit", True, "SS614", "parameter 'least_profit' is of kind money: this value is not", "write least_profit: 12.5"),
        ("industries", "it", "SS614", "parameter 'industries' is a list of text values: this value is not", 'write industries: ["a text"]'),
        ("industries", (), "SS614", "parameter 'industries' is a list of text values: this value is not", 'write industries: ["a text"]'),
        ("window", (1, 2), "SS614", "parameter 'window' is of kind days: this value is not", "write window: 90 days"),
    ],
)
def test_a_parameter_refuses_what_is_not_of_its_kind(
    name: str,
    value: Any,
    code: str,
    message: str,
    help_: str,
    checked: CheckedPolicy,
    row: Make,
    expecting: Make,
    make_case: Make,
    make_file: Make,
) -> None:
    case = make_case([row(revenue="1", cost="1")], expecting(decision="keep"), parameters=((name, value, HERE),))
    assert said(prepare(checked, make_file(case))) == [(code, message, help_)]


def test_exceptions_are_of_their_own_case(checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make) -> None:
    client = row(client_id="A", revenue="1", cost="2")
    until = datetime.date(2026, 12, 31)
    mercy = PolicyException(("A",), "keep", "a new contract", "Jan", until)
    unnamed = PolicyException((), "keep", "a new contract", "Jan", until)
    wrong = PolicyException(("B",), "kep", "a new contract", "Jan", until, place=HERE)
    plain = make_case([client], expecting(decision="decline"), name="plain")
    excused = make_case([client], expecting(decision="keep"), name="excused", exceptions=(mercy,))
    also = make_case([client], expecting(decision="keep"), name="also", exceptions=(unnamed,))
    mistaken = make_case([client], expecting(decision="keep"), name="mistaken", exceptions=(wrong,))
    prepared = prepare(checked, make_file(plain, excused, also, mistaken))
    (batch,) = prepared.batches
    assert [exception.client for exception in batch.exceptions] == [("000002", "A"), ("000003", "A")]
    assert said(prepared) == [
        ("SS605", "unknown decision 'kep' in an exception", "did you mean 'keep'?"),
        ("SS610", "client 'B' is not in this case", "there is: A"),
    ]


def test_only_the_cases_asked_for(checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make) -> None:
    names = ("The Łódź office", "the other")
    cases = [make_case([row(revenue="1", cost="1")], expecting(decision="keep"), name=name) for name in names]
    (batch,) = prepare(checked, make_file(*cases), "łÓDŹ").batches
    assert [ready.case.name for ready in batch.cases] == ["The Łódź office"]


def test_two_cases_of_one_name_are_a_warning(checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make) -> None:
    case = make_case([row(revenue="1", cost="1")], expecting(decision="keep"))
    prepared = prepare(checked, make_file(case, case))
    assert [(f.code, f.severity) for f in prepared.findings] == [("SS618", Severity.WARNING)]
    assert len(prepared.batches[0].cases) == 2


def test_the_case_column_leads_every_key_and_cannot_clash(checked: CheckedPolicy) -> None:
    column = case_column(checked.policy)
    transformed = with_case_column(checked, column).policy
    assert [table.key for table in transformed.tables] == [(column, "client_id"), (column, "customer")]
    assert case_column(transformed) not in (column, *Needs(checked).kinds)
    clients = transformed.clients
    assert (clients.fresh_within, clients.date_field, clients.source) == (None, None, None)
    assert not any(field.required or field.unique for field in clients.fields)
