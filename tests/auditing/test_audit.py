"""Audits of runs: what is counted, what divides, which data it may use, rules left out, values that stand for a group."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest

from selective_sales.engines.duckdb_engine import parquet_rows
from selective_sales.model.audit import Measured, Rate, Verdict
from selective_sales.pipeline.auditing import audit
from selective_sales.pipeline.finished import open_run
from selective_sales.pipeline.runs import Ending, Request, evaluate

from .clients import AS_OF, audit_of, division, groups, lines, made, policy, run

UNEVEN = lines((60, 9, 10, "A", "m", 40), (40, 1, 10, "A", "m", 40), (30, 9, 10, "B", "f", 30), (70, 1, 10, "B", "f", 30))


def codes(folder: Path, *arguments: str) -> tuple[list[str], Ending]:
    opened, _ = open_run(folder)
    assert opened is not None
    audited = audit(opened, arguments)
    assert audited.audit is None
    return [f.code for f in audited.findings], audited.ending


def test_rates_are_of_the_groups(tmp_path: Path) -> None:
    found = audit_of(tmp_path, UNEVEN)
    assert {g: a.rate for g, a in groups(found, "gender", "decline").items()} == {"m": Rate(100, 40), "f": Rate(100, 70)}
    assert groups(found, "gender", "keep")["f"].to_best == pytest.approx(0.5)
    assert (found.clients, found.tests, found.verdict) == (200, 1, Verdict.FAIL)


def test_blanks_are_a_group(tmp_path: Path) -> None:
    found = audit_of(tmp_path, lines((50, 9, 1, "A", "m", ""), (40, 1, 1, "A", "", ""), (10, 9, 1, "A", "", "")))
    assert {g: a.rate for g, a in groups(found, "gender", "decline").items()} == {"m": Rate(50, 0), None: Rate(50, 40)}
    assert groups(found, "gender", "decline")[None].verdict is Verdict.FAIL


def test_a_field_that_is_blank_for_everybody(tmp_path: Path) -> None:
    found = audit_of(tmp_path, lines((50, 9, 1, "A", "", ""), (40, 1, 1, "A", "", "")))
    assert list(groups(found, "gender", "keep")) == [None] and found.verdict is Verdict.INSUFFICIENT


def test_no_clients(tmp_path: Path) -> None:
    found = audit_of(tmp_path, lines())
    assert (found.clients, found.verdict, found.divisions[0].decisions[0].groups) == (0, Verdict.INSUFFICIENT, ())


def test_nobody_declined(tmp_path: Path) -> None:
    found = audit_of(tmp_path, lines((50, 9, 1, "A", "m", ""), (50, 9, 1, "A", "f", "")))
    assert found.verdict is Verdict.INSUFFICIENT and found.tests == 0


def test_bands_conditions_and_calculated_fields_divide(tmp_path: Path) -> None:
    across = '[woman, {id: young, is: age <= 35}, {id: both, is: \'if age <= 35 and woman then "young women" else "others"\'}, age]'
    found = audit_of(tmp_path, UNEVEN, policy(f"{{compare: [decline], across: {across}}}"))
    for name, values in (
        ("woman", {"true", "false"}),
        ("young", {"true", "false"}),
        ("both", {"young women", "others"}),
        ("age", {"30", "40"}),
    ):
        assert {g: a.rate.decided for g, a in groups(found, name, "decline").items()} == dict.fromkeys(values) | {
            g: 70 if g in ("true", "young women", "30") else 40 for g in values
        }
    assert [d.is_condition for d in found.divisions] == [True, True, False, False]


def test_a_condition_that_is_unknown_is_a_blank(tmp_path: Path) -> None:
    text = policy("{compare: [keep], across: [{id: young, is: age <= 35}]}")
    found = audit_of(tmp_path, lines((40, 9, 1, "A", "m", 30), (40, 9, 1, "A", "m", ""), (40, 1, 1, "A", "m", 50)), text)
    assert {g: a.rate for g, a in groups(found, "young", "keep").items()} == {
        "true": Rate(40, 40),
        None: Rate(40, 40),
        "false": Rate(40, 0),
    }


def test_a_metric_and_a_parameter_may_divide(tmp_path: Path) -> None:
    text = policy(
        "{compare: [keep], across: [{id: young_and_near, is: age <= limit and way < 20}], within: [near]}",
        sections='parameters: {limit: 35}\nmetrics: {way: distance * 2, near: \'if distance < 5 then "near" else "far"\'}',
    )
    found = audit_of(tmp_path, lines((40, 9, 1, "A", "m", 30), (40, 1, 30, "A", "m", 30)), text)
    assert {g: a.rate.decided for g, a in groups(found, "young_and_near", "keep").items()} == {"true": 40, "false": 0}


def test_undetermined_is_a_decision_and_its_unknown_rule_carries_it(tmp_path: Path) -> None:
    text = policy("{compare: [undetermined], across: [gender]}")
    found = audit_of(tmp_path, lines((50, 9, 1, "A", "m", 30), (50, 9, "", "A", "f", 30)), text)
    women = groups(found, "gender", "undetermined")["f"]
    assert women.rate is not None and groups(found, "gender", "undetermined")["m"].verdict is Verdict.FAIL
    (carrier,) = groups(found, "gender", "undetermined")["m"].carriers
    assert (carrier.rule, carrier.part) == ("far", 1)


def test_exceptions_count_as_they_decided(tmp_path: Path) -> None:
    entry = "  - {{client: {}, decision: keep, because: known, approved_by: boss, valid_from: '2026-01-01', expires: '2027-01-01'}}\n"
    exceptions = tmp_path / "exceptions.yaml"
    exceptions.write_text("format: 1\nexceptions:\n" + "".join(entry.format(n) for n in range(131, 201)), encoding="utf-8")
    found = audit_of(tmp_path / "a", UNEVEN, exceptions=exceptions)
    assert groups(found, "gender", "decline")["f"].rate == Rate(100, 0)
    (carrier,) = groups(found, "gender", "decline")["m"].carriers
    assert (carrier.rule, carrier.group, carrier.reference) == ("low", Rate(100, 0), Rate(100, 0))


def test_each_rule_is_left_out_as_if_it_did_not_exist(tmp_path: Path) -> None:
    """The counts without a rule are those of a run of the policy without it."""
    clients = lines(
        (40, 9, 1, "A", "m", 30), (10, 1, 1, "A", "m", 30), (5, 1, 400, "A", "m", 30), (5, 9, 400, "A", "m", 30),
        (10, 9, 1, "A", "f", 30), (20, 1, 1, "A", "f", 30), (15, 1, 400, "A", "f", 30), (15, 9, 400, "A", "f", 30),
    )  # fmt: skip
    low, far = policy().split("rules:\n")[1].splitlines()[:2]
    found = groups(audit_of(tmp_path / "all", clients), "gender", "decline")["f"]
    assert {c.rule for c in found.carriers} == {"low", "far"}
    for rule, left in (("low", far), ("far", low)):
        alone = audit_of(tmp_path / rule, clients, policy(rules=f"{left}\n"))
        carrier = next(c for c in found.carriers if c.rule == rule)
        assert carrier.group == groups(alone, "gender", "decline")["f"].rate
        assert carrier.reference == groups(alone, "gender", "decline")["m"].rate
        assert carrier.part is not None and 0 < carrier.part < 1


def test_under_first_the_next_rule_decides(tmp_path: Path) -> None:
    rules = (
        "  - {id: low, when: score < 5, then: decline, reason: {en: a, pl: b}}\n"
        "  - {id: again, when: score < 5 and distance < 500, then: decline, reason: {en: a, pl: b}}\n"
    )
    text = policy(rules=rules).replace("currency: PLN", "currency: PLN, strategy: first")
    found = audit_of(tmp_path, UNEVEN, text)
    assert groups(found, "gender", "decline")["f"].carriers == ()
    assert {r.id: r.moved for r in found.rules} == {"low": 0, "again": None}


def test_portfolio_functions_lists_and_tables_are_decided_without_a_rule_too(tmp_path: Path) -> None:
    text = policy(
        sections=(
            "  orders:\n    belongs_to: clients\n    key: id\n    fields: {id: integer, amount: money}\n"
            "metrics: {spent: sum(orders.amount), spent_before: cumulative_share_before(spent), many: 'count(orders[amount > 5])'}"
        ),
        rules=(
            "  - {id: many, when: many > 3, then: decline, reason: {en: a, pl: b}}\n"
            "  - {id: small, when: spent_before > 80%, then: decline, reason: {en: a, pl: b}}\n"
        ),
    )
    folder = tmp_path
    (folder / "policy.yaml").write_text(text, encoding="utf-8")
    (folder / "clients.csv").write_text("\n".join([*lines((60, 9, 1, "A", "m", 30), (60, 1, 1, "B", "f", 30)), ""]), encoding="utf-8")
    rows = [f"{i},{100 if i <= 60 else 10}" for i in range(1, 121) if i % 7]
    (folder / "orders.csv").write_text("\n".join(["id,amount", *rows, ""]), encoding="utf-8")
    request = Request({n: folder / f"{n}.csv" for n in ("clients", "orders")}, AS_OF, out=folder / "run")
    assert evaluate(folder / "policy.yaml", request).summary is not None
    opened, _ = open_run(folder / "run")
    assert opened is not None
    found = made(audit(opened))
    women = groups(found, "gender", "decline")["f"]
    assert [(c.rule, c.group.decided, c.part) for c in women.carriers] == [("small", 0, 1)]
    assert {a.value_used for a in found.associations} == {"sum(orders.amount)", "count(orders[amount > 5])"}


def test_values_are_measured_by_their_kind_and_strong_ones_asked_for(tmp_path: Path) -> None:
    rules = '  - {id: there, when: city = "B" and score < 5, then: decline, reason: {en: a, pl: b}}\n'
    opened = run(tmp_path, UNEVEN, policy(rules=rules))
    audited = audit(opened)
    strongest, weaker = (a for a in made(audited).associations if a.division == "gender")
    assert (strongest.value_used, strongest.measure, strongest.clients, strongest.strong) == ("city", Measured.CRAMERS_V, 200, True)
    assert (weaker.value_used, weaker.measure, weaker.strong) == ("score", Measured.CORRELATION_RATIO, True)
    assert strongest.strength == pytest.approx(1, abs=0.01) and weaker.strength == pytest.approx(0.3015, abs=1e-3)
    assert [f.code for f in audited.findings] == ["SS915"] and audited.findings[0].place.line == 12


def test_protected_fields_that_divide_nobody_are_measured_too(tmp_path: Path) -> None:
    """Numbers in fifths: equal values stay together, blanks are a group of their own."""
    rules = '  - {id: there, when: city = "B", then: decline, reason: {en: a, pl: b}}\n'
    clients = ["id,score,distance,city,gender,age"]
    clients += [f"{i},9,1,{'B' if i >= 160 else 'A'},m,{i // 2}" for i in range(200)] + [f"{i},9,1,B,m," for i in range(200, 240)]
    found = {a.division: a for a in audit_of(tmp_path, clients, policy(rules=rules)).associations}
    assert {d: a.in_fifths for d, a in found.items()} == {"gender": False, "age": True, "woman": False}
    assert found["gender"].strength is None and found["age"].strength == pytest.approx(1, abs=0.02) and found["age"].clients == 240


def test_a_division_named_like_a_protected_field_stands_for_it(tmp_path: Path) -> None:
    text = policy("{compare: [keep], across: [{id: age, is: age <= 35}, {id: gender, is: woman}]}")
    found = audit_of(tmp_path, UNEVEN, text)
    assert [(a.division, a.in_fifths) for a in found.associations if a.value_used == "score"] == [("age", False), ("gender", False)]


def test_a_protected_text_with_too_many_values_is_not_measured(tmp_path: Path) -> None:
    text = policy("{compare: [keep], across: [{id: young, is: age <= 35}]}", rules=policy().split("rules:\n")[1].splitlines()[0] + "\n")
    clients = ["id,score,distance,city,gender,age", *(f"{i},9,1,A,g{i},30" for i in range(150))]
    assert {a.division for a in audit_of(tmp_path, clients, text).associations} == {"young", "age", "woman"}


def test_a_justification_is_kept_and_silences_the_finding(tmp_path: Path) -> None:
    rules = (
        '  - {id: there, when: city = "B", then: decline, reason: {en: a, pl: b},\n'
        "     justification: {aim: In a day., appropriate: {en: Four hours away., pl: Cztery godziny drogi.}, necessary: No partner.}}\n"
    )
    audited = audit(run(tmp_path, UNEVEN, policy(rules=rules)))
    assert audited.findings == ()
    note = made(audited).rule("there")
    assert note is not None and note.justification is not None and note.moved == 100


def test_the_groups_that_are_too_small_take_no_part_in_an_association(tmp_path: Path) -> None:
    rules = '  - {id: there, when: city = "B", then: decline, reason: {en: a, pl: b}}\n'
    found = audit_of(tmp_path, lines((50, 9, 1, "A", "m", 1), (50, 9, 1, "A", "f", 1), (20, 9, 1, "B", "x", 1)), policy(rules=rules))
    assert [(a.clients, a.strength) for a in found.associations if a.division == "gender"] == [(100, None)]


def test_within_a_business_field(tmp_path: Path) -> None:
    clients = lines((180, 9, 1, "A", "m", 1), (20, 1, 1, "A", "m", 1), (10, 9, 1, "B", "m", 1), (40, 1, 1, "B", "m", 1),
                    (45, 9, 1, "A", "f", 1), (5, 1, 1, "A", "f", 1), (40, 9, 1, "B", "f", 1), (160, 1, 1, "B", "f", 1))  # fmt: skip
    found = audit_of(tmp_path, clients, policy("{compare: [keep], across: [gender], within: [city]}"))
    women = groups(found, "gender", "keep")["f"]
    (explained,) = women.explained
    assert women.verdict is Verdict.FAIL and explained.explains == "all" and explained.ratio == pytest.approx(1)
    assert [(s.value, s.group, s.reference) for s in explained.strata] == [
        ("A", Rate(50, 45), Rate(200, 180)), ("B", Rate(200, 40), Rate(50, 10)),
    ]  # fmt: skip


def test_too_many_groups_are_told_and_left_out(tmp_path: Path) -> None:
    clients = ["id,score,distance,city,gender,age", *(f"{i},9,1,c{i},m{i % 101},30" for i in range(300))]
    opened = run(tmp_path, clients, policy("{compare: [keep], across: [gender, {id: young, is: age <= 35}], within: [city]}"))
    audited = audit(opened)
    assert sorted(f.message[:8] for f in audited.findings if f.code == "SS916") == ["'city' c", "'gender'"]
    assert division(made(audited), "gender").too_many == 101 and division(made(audited), "young").decisions


def test_protected_fields_that_nothing_looks_at_are_named(tmp_path: Path) -> None:
    assert audit_of(tmp_path, UNEVEN).not_audited == ("age", "woman")


def test_a_composite_key(tmp_path: Path) -> None:
    text = policy().replace("key: id", "key: [id, city]")
    assert {g: a.rate for g, a in groups(audit_of(tmp_path, UNEVEN, text), "gender", "decline").items()} == {
        "m": Rate(100, 40),
        "f": Rate(100, 70),
    }


def test_a_policy_that_compares_nothing(tmp_path: Path) -> None:
    assert codes(run(tmp_path, UNEVEN, policy(None)).folder) == (["SS910"], Ending.USAGE)


def test_data_that_are_gone_and_found_again(tmp_path: Path) -> None:
    folder = run(tmp_path, UNEVEN).folder
    (tmp_path / "clients.csv").rename(tmp_path / "moved.csv")
    assert codes(folder) == (["SS911"], Ending.BROKEN_DATA)
    opened, _ = open_run(folder)
    assert opened is not None and made(audit(opened, [f"clients={tmp_path / 'moved.csv'}"])).clients == 200


def test_data_that_changed(tmp_path: Path) -> None:
    folder = run(tmp_path, UNEVEN).folder
    path = tmp_path / "clients.csv"
    path.write_text(path.read_text().replace(",f,", ",m,"))
    assert codes(folder) == (["SS912"], Ending.BROKEN_DATA)
    assert codes(folder, f"clients={path}") == (["SS912"], Ending.BROKEN_DATA)


def test_other_data_that_even_break_the_contract(tmp_path: Path) -> None:
    folder = run(tmp_path, UNEVEN).folder
    (tmp_path / "clients.csv").write_text("id,score,distance,city,gender,age\n1,x,1,A,m,5\n")
    assert codes(folder) == (["SS912"], Ending.BROKEN_DATA)


def test_the_data_without_the_protected_column(tmp_path: Path) -> None:
    folder = run(tmp_path, UNEVEN).folder
    other = tmp_path / "other.csv"
    other.write_text("id,score,distance,city,age\n1,9,1,A,5\n")
    found, ending = codes(folder, f"clients={other}")
    assert ending is Ending.BROKEN_DATA and "SS912" in found


@pytest.mark.parametrize("argument", ["clients=nowhere.csv", "nobody=clients.csv", "nowhere", "clients=*.csv"])
def test_data_that_cannot_be_meant(tmp_path: Path, argument: str) -> None:
    folder = run(tmp_path, UNEVEN).folder
    _, ending = codes(folder, argument)
    assert ending is Ending.USAGE


def test_the_same_arguments_as_evaluate_got(tmp_path: Path) -> None:
    opened = run(tmp_path, UNEVEN)
    assert made(audit(opened, [str(tmp_path)])).clients == 200


def test_kept_data_need_no_file(tmp_path: Path) -> None:
    opened = run(tmp_path, UNEVEN, keep_data=True)
    (tmp_path / "clients.csv").unlink()
    assert groups(made(audit(opened)), "gender", "decline")["f"].rate == Rate(100, 70)


def test_kept_data_that_somebody_removed(tmp_path: Path) -> None:
    folder = run(tmp_path, UNEVEN, keep_data=True).folder
    (folder / "data/0.parquet").unlink()
    (tmp_path / "clients.csv").rename(tmp_path / "moved.csv")
    assert codes(folder) == (["SS911"], Ending.BROKEN_DATA)
    opened, _ = open_run(folder)
    assert opened is not None and made(audit(opened, [f"clients={tmp_path / 'moved.csv'}"])).clients == 200


def test_kept_data_of_another_run(tmp_path: Path) -> None:
    folder = run(tmp_path / "a", UNEVEN, keep_data=True).folder
    other = run(tmp_path / "b", lines((10, 9, 1, "A", "m", 1)), keep_data=True).folder
    shutil.copyfile(other / "data/0.parquet", folder / "data/0.parquet")
    assert codes(folder) == (["SS912"], Ending.BROKEN_DATA)


def test_rows_set_aside_take_no_part(tmp_path: Path) -> None:
    opened = run(tmp_path, [*UNEVEN, "999,x,1,A,f,30"], quarantine=True)
    assert made(audit(opened)).clients == 200


def test_old_data_are_no_hindrance_on_a_later_day(tmp_path: Path) -> None:
    opened = run(tmp_path, UNEVEN)
    assert opened.manifest.as_of == datetime.date(2026, 11, 22) and made(audit(opened)).as_of == AS_OF


def test_facts_and_decisions_still_hold_nothing_protected(tmp_path: Path) -> None:
    folder = run(tmp_path, UNEVEN).folder
    for name in ("facts.parquet", "decisions.parquet"):
        assert not {"gender", "age", "woman"} & set(parquet_rows(folder / name)[0])


def test_the_run_is_not_touched(tmp_path: Path) -> None:
    opened = run(tmp_path, UNEVEN)
    before = {path: path.read_bytes() for path in opened.folder.rglob("*") if path.is_file()}
    audit(opened)
    assert {path: path.read_bytes() for path in opened.folder.rglob("*") if path.is_file()} == before


def test_hostile_values_are_only_values(tmp_path: Path) -> None:
    clients = [
        "id,score,distance,city,gender,age",
        *(f'{i},9,1,A,"\' OR 1=1; --",30' for i in range(40)),
        *(f'{i},1,1,A,"""x",30' for i in range(40, 80)),
    ]
    found = audit_of(tmp_path, clients)
    assert {g: a.rate.decided for g, a in groups(found, "gender", "keep").items()} == {"' OR 1=1; --": 40, '"x': 0}
