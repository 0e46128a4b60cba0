"""A sound file becomes what the author wrote: the sections, typed values, places."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from pathlib import Path

import pytest

from selective_sales import reading
from selective_sales.model.expression import And, AtLeast, Compare, Constant, Name, Not, Or, leaves
from selective_sales.model.kind import Kind
from selective_sales.model.place import Place
from selective_sales.model.policy import CsvDialect, DatedValue, Parameter, Policy, Rule, Strategy, WhenUnknown, WithoutClient
from selective_sales.model.text import Placeholder

POLICY = """
format: 1
policy:
  id: services-portfolio
  version: "2026.4"
  title: {pl: "Portfel {klientów}", en: "Client portfolio"}
  owner: sales-director@example.com
  valid_from: 2026-01-01
  languages: [pl, en]
  currency: PLN
  strategy: first
data:
  orders:
    belongs_to: clients
    key: [client_id, region]
    without_client: ignore
    source: orders.csv
    csv: {decimal: ",", thousands: " ", encoding: windows-1250, header: false}
    fresh_within: 6 weeks
    date_field: ordered_on
    when_stale: fail
    fields:
      client_id: text
      region: text
      ordered_on: date
      quantity: integer
      unit_price: money
      amount: {type: money, is: quantity * unit_price}
  clients:
    key: client_id
    missing_tokens: ["-"]
    fields:
      client_id: text
      revenue: {type: money, minimum: 0.5, maximum: 1e6, label: {pl: przychód}, column: "Revenue 12M", tell_client: true}
      fit: {type: number, minimum: 5%, missing: 0.1}
      country: {type: text, one_of: [NO, PL, 010, 12:30, true], labels: {pl: [a, b, c, d, e]}}
      strategic: {type: boolean, missing: false, true_words: [aktywny], false_words: ["0"]}
      referrals: {type: integer, minimum: -3, missing: 3.0}
      delay: {type: days, maximum: 2 weeks, missing: 3}
      contract: {type: months, maximum: 2 years}
      since: {type: date, format: "%d.%m.%Y", minimum: 2000-02-29}
      tax_id: {type: text, pattern: '\\d{10}|\\p{Lu}+', unique: true, required: true}
      koszt_obsługi: money
parameters:
  plain: 0.4
  whole: 12
  quoted: "0.4"
  percent: 5%
  window: 90 days
  years: 2 years
  start: "2026-01-01"
  yes: true
  land: NO
  list: [it, public]
  numbers: [1, 2.5]
  cost: {value: 180, kind: money, title: Cost}
  days: {value: 30, kind: days}
  dated: {values: {"2026-07-01": 150 days, "2026-01-01": 180 days}}
metrics:
  profit: revenue - 1
  margin: {is: profit / revenue, title: {pl: marża, en: margin}, format: percent, tell_client: true}
decisions:
  decline: {title: {pl: odmowa, en: decline}, when_unknown: apply, approval: required, letter: decline}
  keep: {default: true}
rules:
  - id: first-rule
    when:
      all:
        - any: [strategic, fit > 0.5]
        - none: [revenue > 5]
        - none: [revenue > 5, fit > 1]
        - {at_least: 2, of: [a, b, c]}
        - {at_least: enough, of: [a, b]}
    unless: true
    then: decline
    reason: {pl: "Koszt {koszt_obsługi} {{x}} {margin:percent}", en: "Cost"}
    letter_reason: none
    source: Strategy
  - id: second
    when: {any: [strategic]}
    then: keep
    letter_reason: "Revenue {revenue}."
"""


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    path = tmp_path_factory.mktemp("policy") / "policy.yaml"
    path.write_text(POLICY, encoding="utf-8")
    built, findings = reading.read(path)
    assert findings == ()
    assert built is not None
    return built


def line_of(text: str) -> int:
    return POLICY[: POLICY.index(text)].count("\n") + 1


def test_head(policy: Policy) -> None:
    assert (policy.id, policy.version, policy.owner, policy.currency) == (
        "services-portfolio",
        "2026.4",
        "sales-director@example.com",
        "PLN",
    )
    assert (policy.languages, policy.strategy) == (("pl", "en"), Strategy.FIRST)
    assert (policy.valid_from, policy.valid_until) == (datetime.date(2026, 1, 1), None)
    assert policy.title is not None
    title = policy.title.get("pl")
    assert title is not None and title.parts == ("Portfel {klientów}",), "a title is no template"
    (source,) = policy.sources
    assert len(source.sha256) == 64 and source.text == POLICY


def test_clients_come_first_whatever_the_order(policy: Policy) -> None:
    assert [table.name for table in policy.tables] == ["clients", "orders"]
    assert policy.clients.missing_tokens == ("-",)
    orders = policy.tables[1]
    assert (orders.key, orders.belongs_to, orders.without_client, orders.source) == (
        ("client_id", "region"), "clients", WithoutClient.IGNORE, "orders.csv",
    )  # fmt: skip
    assert orders.csv == CsvDialect(None, None, ",", " ", "windows-1250", header=False)
    assert (orders.fresh_within, orders.date_field, orders.when_stale) == (42, "ordered_on", "fail")
    amount = orders.field("amount")
    assert amount is not None and amount.calculation is not None


def test_contract_values_are_of_the_fields_type(policy: Policy) -> None:
    fields = {field.name: field for field in policy.clients.fields}
    revenue, fit, delay = fields["revenue"], fields["fit"], fields["delay"]
    assert (revenue.type, revenue.minimum, revenue.maximum, revenue.header) == (Kind.MONEY, Decimal("0.5"), Decimal("1E6"), "Revenue 12M")
    assert (fit.minimum, fit.missing) == (Decimal("0.05"), Decimal("0.1"))
    assert (delay.type, delay.maximum, delay.missing) == (Kind.DAYS, 14, 3)
    assert fields["contract"].maximum == 24
    assert fields["since"].minimum == datetime.date(2000, 2, 29)
    assert (fields["referrals"].minimum, fields["referrals"].missing) == (-3, 3)
    assert fields["strategic"].missing is False
    assert fields["tax_id"].pattern == r"\d{10}|\p{Lu}+"
    assert "koszt_obsługi" in fields


def test_words_that_other_yaml_readers_change_stay_text(policy: Policy) -> None:
    country = policy.clients.field("country")
    assert country is not None
    assert country.one_of == ("NO", "PL", "010", "12:30", "true")


@pytest.mark.parametrize(
    ("name", "kind", "value", "adapts"),
    [
        ("plain", Kind.NUMBER, Decimal("0.4"), True),
        ("whole", Kind.INTEGER, 12, True),
        ("quoted", Kind.TEXT, "0.4", False),
        ("percent", Kind.NUMBER, Decimal("0.05"), True),
        ("window", Kind.DAYS, 90, False),
        ("years", Kind.MONTHS, 24, False),
        ("start", Kind.DATE, datetime.date(2026, 1, 1), False),
        ("yes", Kind.BOOLEAN, True, False),
        ("land", Kind.TEXT, "NO", False),
        ("list", Kind.TEXT, ("it", "public"), False),
        ("numbers", Kind.NUMBER, (1, Decimal("2.5")), True),
        ("cost", Kind.MONEY, Decimal(180), False),
        ("days", Kind.DAYS, 30, False),
    ],
)
def test_a_parameter_is_what_it_reads_as(policy: Policy, name: str, kind: Kind, value: object, adapts: bool) -> None:
    parameter = policy.parameter(name)
    assert parameter is not None
    assert (parameter.kind, parameter.value, parameter.adapts) == (kind, value, adapts)
    assert type(parameter.value) is type(value)


@pytest.mark.parametrize(
    ("written", "format"),
    [
        ("5%", "percent"),
        ('"5%"', "percent"),
        ("0.05", ""),
        ("[5%, 10%]", "percent"),
        ("[5%, 0.1]", ""),
        ("{value: 5%, title: Share}", "percent"),
        ("{value: 5%, kind: number}", "percent"),
        ("{value: 5%, kind: text}", ""),
        ("{value: 0.05, format: percent}", "percent"),
        ("{value: 5%, format: number}", "number"),
    ],
)
def test_a_percent_sign_says_how_a_parameter_is_shown(tmp_path: Path, written: str, format: str) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(re.sub("^  plain: .*$", f"  plain: {written}", POLICY, flags=re.MULTILINE), encoding="utf-8")
    policy, findings = reading.read(path)
    assert policy is not None and findings == ()
    parameter = policy.parameter("plain")
    assert parameter is not None and parameter.format == format


def test_the_name_that_clients_are_called_by(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(
        re.sub("^(    )key: (client_id)$", r"\1key: \2\n\1display: tax_id", POLICY, count=1, flags=re.MULTILINE), encoding="utf-8"
    )
    policy, _ = reading.read(path)
    assert policy is not None and policy.clients.display == "tax_id"
    assert policy.clients.display_place.line > 0


def test_dated_parameter_is_sorted_by_its_dates(policy: Policy) -> None:
    assert policy.parameter("dated") == Parameter(
        "dated", Kind.DAYS, None, dated=(DatedValue(datetime.date(2026, 1, 1), 180), DatedValue(datetime.date(2026, 7, 1), 150))
    )


def test_metrics_and_decisions(policy: Policy) -> None:
    profit, margin = policy.metrics
    assert (profit.name, profit.place.line, profit.place.column) == ("profit", line_of("profit: revenue"), 3)
    assert (margin.format, margin.tell_client) == ("percent", True)
    decline, keep = policy.decisions
    assert (decline.when_unknown, decline.approval_required, decline.letter, decline.default) == (WhenUnknown.APPLY, True, "decline", False)
    assert keep.default


def test_nested_conditions_become_trees(policy: Policy) -> None:
    when = policy.rules[0].when
    assert isinstance(when, And)
    either, not_one, not_any, two_of, enough_of = when.items
    assert isinstance(either, Or) and len(either.items) == 2
    assert isinstance(not_one, Not) and isinstance(not_one.operand, Compare)
    assert isinstance(not_any, Not) and isinstance(not_any.operand, Or)
    assert isinstance(two_of, AtLeast) and two_of.count == Constant(2)
    assert isinstance(enough_of, AtLeast) and enough_of.count == Name("enough")
    assert policy.rules[0].unless == Constant(True)
    assert policy.rules[1].when == Name("strategic"), "one condition needs no nesting"


def test_every_leaf_knows_its_place(policy: Policy) -> None:
    second = list(leaves(policy.rules[0].when))[1]
    line = line_of("- any:")
    assert second.place.line == line
    start = POLICY.split("\n")[line - 1].index("fit > 0.5") + 1
    assert second.place == Place(policy.sources[0].path, line, start, line, start + len("fit > 0.5"))


def test_reasons_are_cut_at_their_placeholders(policy: Policy) -> None:
    rule: Rule = policy.rules[0]
    assert rule.reason is not None
    polish = rule.reason.get("pl")
    assert polish is not None
    assert polish.parts == ("Koszt ", Placeholder("koszt_obsługi"), " {x} ", Placeholder("margin", "percent"))
    line = POLICY.split("\n")[line_of("reason: {pl") - 1]
    assert polish.placeholders[1].place.column == line.index("{margin") + 1
    assert rule.no_letter_reason and rule.letter_reason is None
    letter = policy.rules[1].letter_reason
    assert letter is not None and letter.get("de") is not None, "one text serves every language"


def test_what_is_broken_in_one_place_keeps_nothing_else_from_being_read(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(POLICY.replace("revenue - 1", "revenue +").replace("currency: PLN", "currency: zł"), encoding="utf-8")
    built, findings = reading.read(path)
    assert [finding.code for finding in findings] == ["SS105", "SS153"]
    assert built is not None
    assert [metric.name for metric in built.metrics] == ["profit", "margin"]
    assert built.metrics[0].expression == Constant(None)
    assert len(built.rules) == 2


def test_names_are_one_in_every_spelling_of_unicode(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(POLICY.replace("koszt_obsługi", "koszt_e\u0301"), encoding="utf-8")
    built, findings = reading.read(path)
    assert findings == ()
    assert built is not None
    assert built.clients.field("koszt_é") is not None
