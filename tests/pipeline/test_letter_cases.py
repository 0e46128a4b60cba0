"""What a letter may say: reasons that are true, no more than is the client's to know, in words; and who gets none, with what to do."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from selective_sales.model.finding import Severity
from selective_sales.model.letter import MOST_REASONS, LetterCase
from selective_sales.pipeline.letter_reference import letter_reference
from selective_sales.pipeline.letter_words import LONGEST_LINE

from . import letters_world
from .letters_world import AS_OF, HEAD, cases, exception, rule, write


def one(folder: Path, *rules: str, row: dict[str, str] | None = None, **more: str) -> LetterCase:
    """The case of the only client, who gets a letter without more ado."""
    found, findings = cases(write(folder, rules, [row or {}], **more))
    assert findings == ()
    return found["A"]


def told(case: LetterCase) -> list[tuple[str, str]]:
    return [(reason.rule, reason.text) for reason in case.reasons]


def none(folder: Path, *rules: str, row: dict[str, str] | None = None, **more: str) -> str:
    """The finding's words where the only client gets no letter."""
    found, findings = cases(write(folder, rules, [row or {}], **more))
    assert found == {}
    (finding,) = findings
    assert finding.code == "SS956" and finding.severity is Severity.WARNING and "'A'" in finding.message and finding.help
    return finding.message


def test_everything_in_a_letter(tmp_path: Path) -> None:
    text = '{pl: "Opłata {fee} za {hours} godz., stawka {rate}.", en: "Fee {fee}."}'
    case = one(tmp_path, rule("fee < 2000", letter=text), row={"hello": "Szanowna Pani,"})
    assert case == LetterCase(
        client=("A",),
        language="pl",
        body="decline",
        reference=letter_reference("letters", ("A",), "decline", AS_OF),
        decision_id="decline",
        decision="zakończenie",
        decided_by="x",
        approval_needed=True,
        name="Młyn",
        salutation="Szanowna Pani,",
        address=("ul. Polna 1", "00-950 Warszawa"),
        reasons=case.reasons,
        missing=(),
        changes=(),
        date="26\u00a0listopada 2026",
        as_of="22\u00a0listopada 2026",
        effective_on="25\u00a0stycznia 2027",
        reply_by="6\u00a0grudnia 2026",
        policy="Listy",
        policy_version="7",
        fields={
            "fee": "1\u00a0000,00\u00a0zł",
            "hours": "10",
            "visits": "2",
            "delay": "5\u00a0dni",
            "since": "1\u00a0stycznia 2020",
            "signed": "tak",
            "rate": "100",
        },
    )
    assert told(case) == [("x", "Opłata 1\u00a0000,00\u00a0zł za 10 godz., stawka 100.")]


def test_in_english(tmp_path: Path) -> None:
    run = write(tmp_path, [rule("fee < 2000", letter='{pl: "Opłata.", en: "A fee of {fee}, signed: {signed}."}')], [{"fee": "1234.5"}])
    found, findings = cases(run, language="en")
    assert findings == ()
    assert told(found["A"]) == [("x", "A fee of PLN\u00a01,234.50, signed: yes.")]
    assert (found["A"].decision, found["A"].date, found["A"].policy) == ("decline", "November\u00a026, 2026", "Letters")


def test_only_reasons_of_rules_that_fired_for_this_very_decision(tmp_path: Path) -> None:
    rules = [
        rule("fee < 2000", id="declines"),
        rule("fee < 10", id="not-fired"),
        rule("fee < 2000", "flag", "of-another-decision"),
        rule("fee < 3000", "decline", "keeps-it", "none"),
        rule("fee < 4000", "decline", "past", more=', valid_until: "2026-01-01"'),
    ]
    assert [name for name, _ in told(one(tmp_path, *rules))] == ["declines"]


def test_the_farthest_past_its_threshold_comes_first(tmp_path: Path) -> None:
    rules = [
        rule("fee < 1100", id="near"),  # 9%
        rule("signed", id="without-a-distance"),
        rule("delay > 0 days", id="threshold-zero"),
        rule("visits > 1 and fee < 10000", id="far"),  # the farther of the two: 100%
        rule('street = "ul. Polna 1"', id="of-text"),
    ]
    assert [name for name, _ in told(one(tmp_path, *rules))] == ["far", "near", "without-a-distance", "threshold-zero"]


@pytest.mark.parametrize(
    ("when", "before"),
    [
        ("fee between 100 and 1200", True),  # the nearer end: 17%
        ("fee between 100 and 1050", False),  # 5%
        ("fee in [1..1050]", False),
        ("fee not in [1200..5000]", True),
        ("not (fee >= 1200)", True),
        ("not (fee >= 1050)", False),
        ("1200 > fee", True),
        ("fee < 1050 or visits > 1", True),  # 100%
        ("fee < 1050 or visits > 3", False),  # what does not hold has no say
        ("secret * 12 > fee", True),  # both sides are values: 20% above the right one
        ("secret * 10.5 > fee", False),
    ],
)
def test_how_far(tmp_path: Path, when: str, before: bool) -> None:
    """Against a rule that is 10% past its threshold: 1000 below 1111.11."""
    names = [name for name, _ in told(one(tmp_path, rule("fee < 1111.11", id="fixed"), rule(when, id="tried")))]
    assert names == (["tried", "fixed"] if before else ["fixed", "tried"])


def test_at_most_four_and_the_deciding_rule_among_them(tmp_path: Path) -> None:
    rules = [rule("fee < 1001", id="decides"), *(rule(f"fee < {n}000", id=f"r{n}") for n in range(2, 8))]
    case = one(tmp_path, *rules)
    assert case.decided_by == "decides"
    assert [name for name, _ in told(case)] == ["r7", "r6", "r5", "decides"]
    assert len(case.reasons) == MOST_REASONS


def test_with_the_strategy_first_too(tmp_path: Path) -> None:
    rules = [rule("fee < 1001", "flag", "decides"), rule("fee < 9000", "decline", "worse"), rule("fee < 8000", "flag", "too")]
    assert [name for name, _ in told(one(tmp_path, *rules, strategy=", strategy: first"))] == ["too", "decides"]


def test_a_rule_that_is_only_applied_gives_no_reason(tmp_path: Path) -> None:
    message = none(tmp_path, rule("visits > 5", "flag"), row={"visits": ""})
    assert "1 client with the decision 'flag' gets no letter: no rule fired for them" in message


def test_beside_one_that_fired_it_is_left_out(tmp_path: Path) -> None:
    case = one(tmp_path, rule("visits > 5", "flag", "applied"), rule("fee < 2000", "flag", "fired"), row={"visits": ""})
    assert [name for name, _ in told(case)] == ["fired"]


def test_a_reason_whose_value_is_missing_is_left_out(tmp_path: Path) -> None:
    rules = [rule("fee < 2000", id="named", letter='{pl: "{visits} wizyt.", en: "x"}'), rule("fee < 1500", id="plain")]
    assert [name for name, _ in told(one(tmp_path, *rules, row={"visits": ""}))] == ["plain"]


def test_also_where_only_the_other_language_names_it(tmp_path: Path) -> None:
    rules = [rule("fee < 2000", id="named", letter='{pl: "Wizyty.", en: "{visits} visits."}'), rule("fee < 1500", id="plain")]
    assert [name for name, _ in told(one(tmp_path, *rules, row={"visits": ""}))] == ["plain"]


@pytest.mark.parametrize("value", ["{visits}", "{rate}", "{since}"])
def test_where_no_reason_remains_there_is_no_letter(tmp_path: Path, value: str) -> None:
    text = f'{{pl: "Mamy {value}.", en: "We have {value}."}}'
    message = none(tmp_path, rule("fee < 2000", letter=text), row={"visits": "", "hours": "0", "since": ""})
    assert "every reason names a value that is missing" in message


def test_rules_that_keep_their_reasons(tmp_path: Path) -> None:
    rules = [rule("fee < 2000", letter="none"), rule("fee < 10", id="other")]
    assert "keep their reasons to themselves" in none(tmp_path, *rules)


def test_an_exception_that_says_what_the_policy_says(tmp_path: Path) -> None:
    rules = [rule("fee < 1001", id="decides"), *(rule(f"fee < {n}000", id=f"r{n}") for n in range(2, 8))]
    case = one(tmp_path, *rules, exceptions=exception("A", "decline"))
    assert case.decided_by == "exception"
    assert [name for name, _ in told(case)] == ["r7", "r6", "r5", "decides"]


@pytest.mark.parametrize("policy_says", ["fee < 2000", "visits > 9"])
def test_an_exception_that_differs_has_no_reasons(tmp_path: Path, policy_says: str) -> None:
    """Flagged by an exception: that a rule for flag fired too is not why."""
    rules = [rule(policy_says), rule("fee < 2000", "flag", "too"), rule("fee < 3000", "watch", "w", "none")]
    if policy_says == "visits > 9":
        rules = [rule("fit < 0.1"), *rules[1:]]
    row = {"fit": ""} if policy_says == "visits > 9" else {}
    message = none(tmp_path, *rules, row=row, exceptions=exception("A", "flag"))
    assert "an exception decided otherwise than the policy" in message


def test_an_exception_to_a_letter_that_needs_no_reason(tmp_path: Path) -> None:
    found, findings = cases(
        write(tmp_path, [rule("fee < 2000")], [{}, {"id": "B"}], exceptions="\n".join([exception("A", "keep"), exception("B", "grow")]))
    )
    assert findings == ()
    assert [(case.body, case.reasons) for case in found.values()] == [("thank-you", ()), ("thank-you", ())]


def test_the_default_decision_needs_no_reason(tmp_path: Path) -> None:
    case = one(tmp_path, rule("fee < 1"))
    assert (case.decision_id, case.body, case.decided_by, case.reasons, case.approval_needed) == ("keep", "thank-you", "default", (), False)


def test_a_thank_you_may_say_why(tmp_path: Path) -> None:
    case = one(tmp_path, rule("visits > 1", "grow", "a", '{pl: "Wizyty: {visits}.", en: "v"}'), rule("fee > 1", "grow", "b", "none"))
    assert told(case) == [("a", "Wizyty: 2.")]


def test_bodies_that_need_none_are_for_the_caller_to_know(tmp_path: Path) -> None:
    run = write(tmp_path, [rule("visits > 1", "grow", "a", "none")], [{}])
    assert list(cases(run)[0]) == ["A"]
    found, findings = cases(run, without_reasons=frozenset())
    assert (found, [f.code for f in findings]) == ({}, ["SS956"])


def test_a_decision_without_a_letter_writes_none(tmp_path: Path) -> None:
    run = write(tmp_path, [rule("fee < 2000", "watch", letter="none")], [{}])
    assert cases(run) == ({}, ())


# Undetermined clients are asked for what they can tell.


def test_the_undetermined_are_asked_for_what_is_missing(tmp_path: Path) -> None:
    case = one(tmp_path, rule("visits > 5 and fit < 1 and rate > 3"), row={"visits": "", "fit": "", "hours": ""})
    assert (case.decision_id, case.body, case.reasons) == ("undetermined", "missing-information", ())
    assert sorted(case.missing) == ["godziny", "wizyty"]
    assert case.effective_on == "3\u00a0grudnia 2026"


def test_nobody_is_asked_for_our_own_marks(tmp_path: Path) -> None:
    message = none(tmp_path, rule("fit < 1"), row={"fit": ""})
    assert "1 client with the decision 'undetermined' gets no letter: what is missing is not theirs to tell" in message


def test_nobody_is_asked_for_what_cannot_be_calculated(tmp_path: Path) -> None:
    assert "not theirs to tell" in none(tmp_path, rule("rate > 3"), row={"hours": "0"})


def test_without_the_key_the_undetermined_get_no_letter(tmp_path: Path) -> None:
    run = write(tmp_path, [rule("visits > 5")], [{"visits": ""}], letters="address: [street]")
    assert cases(run) == ({}, ())


# To whom.


@pytest.mark.parametrize(
    ("row", "name", "address"),
    [
        ({"name": "  Jan   Kowalski "}, "Jan Kowalski", ("ul. Polna 1", "00-950 Warszawa")),
        ({"name": "", "street": ""}, None, ("00-950 Warszawa",)),
        ({"street": "", "town": ""}, "Młyn", ()),
        ({"name": "A\u202egnitset", "town": "x\u200b\u2066y"}, "Agnitset", ("ul. Polna 1", "xy")),
        ({"name": '{{ 7*7 }} <b>&*_#read("/etc/passwd")'}, '{{ 7*7 }} <b>&*_#read("/etc/passwd")', ("ul. Polna 1", "00-950 Warszawa")),
        ({"name": "N" * 5000}, "N" * (LONGEST_LINE - 1) + "…", ("ul. Polna 1", "00-950 Warszawa")),
        ({"name": "\u200b\u202e"}, None, ("ul. Polna 1", "00-950 Warszawa")),
    ],
)
def test_names_and_addresses_from_data(tmp_path: Path, row: dict[str, str], name: str | None, address: tuple[str, ...]) -> None:
    case = one(tmp_path, rule("fee < 2000"), row=row)
    assert (case.name, case.address) == (name, address)


def test_a_name_of_its_own_and_no_section_at_all(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    case = one(tmp_path / "a", rule("fee < 2000"), letters="name: hello", row={"hello": "Anna Nowak"})
    assert (case.name, case.salutation, case.address) == ("Anna Nowak", None, ())
    case = one(tmp_path / "b", rule("fee < 2000"), letters="language: reads")
    assert (case.name, case.salutation, case.address) == ("Młyn", None, ())


def test_nothing_protected_or_untold_is_in_a_case(tmp_path: Path) -> None:
    case = one(tmp_path, rule("fee < 2000"), row={"secret": "777.77", "sex": "female-x", "fit": "0.123"})
    assert not {"secret", "sex", "fit", "margin", "name", "street"} & case.fields.keys()
    assert not any(word in repr(case) for word in ("777", "female-x", "0.123", "0,123", "marża", "margin"))


def test_a_missing_value_is_none_and_never_a_word(tmp_path: Path) -> None:
    case = one(tmp_path, rule("fee < 2000"), row={"visits": "", "hours": "0"})
    assert case.fields["visits"] is None and case.fields["rate"] is None
    assert "brak danych" not in repr(case)


def test_the_language_of_each_client(tmp_path: Path) -> None:
    rows = [{"id": "A", "reads": "pl"}, {"id": "B", "reads": "EN"}, {"id": "C", "reads": ""}, {"id": "D", "reads": "de"}]
    found, findings = cases(write(tmp_path, [rule("fee < 2000")], rows), language="by-field")
    assert {key: (case.language, case.reasons[0].text) for key, case in found.items()} == {
        "A": ("pl", "Powód."),
        "B": ("en", "Reason."),
        "C": ("pl", "Powód."),
    }
    first, second = findings
    assert (first.code, first.severity) == ("SS958", Severity.NOTE)
    assert first.message == "1 client says no language, and is written to in the policy's first: pl"
    assert (second.code, second.severity, "'D'" in second.message) == ("SS958", Severity.WARNING, True)


def test_a_language_that_nobody_says(tmp_path: Path) -> None:
    found, findings = cases(write(tmp_path, [rule("fee < 2000")], [{}], letters="address: [street]"), language="by-field")
    assert (found, [(f.code, f.severity) for f in findings]) == ({}, [("SS958", Severity.ERROR)])


def test_a_language_that_the_policy_has_no_texts_in(tmp_path: Path) -> None:
    run = write(tmp_path, [rule("fee < 2000")], [{}])
    policy = replace(run.checked.policy, languages=("pl",))
    polish = replace(run, checked=replace(run.checked, policy=policy))
    found, findings = cases(polish, language="en")
    assert (found, [f.code for f in findings]) == ({}, ["SS958"])
    found, findings = cases(polish, language="pl")
    assert list(found) == ["A"]


# Which.


def test_some_clients_and_one_decision(tmp_path: Path) -> None:
    rows = [{"id": "A"}, {"id": "B", "fee": "5000"}, {"id": "C"}, {"id": "D", "name": "Tartak"}]
    run = write(tmp_path, [rule("fee < 2000")], rows)
    assert list(cases(run)[0]) == ["A", "B", "C", "D"]
    assert list(cases(run, decision="decline")[0]) == ["A", "C", "D"]
    assert list(cases(run, clients=("Tartak", "B"))[0]) == ["B", "D"]
    assert list(cases(run, clients=("A", "B"), decision="keep")[0]) == ["B"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"decision": "declin"}, "SS810"),
        ({"decision": "watch"}, "SS957"),
        ({"clients": ("Z",)}, "SS712"),
        ({"clients": ("Młyn",)}, "SS715"),
        ({"decision": "decline' OR 1=1 --"}, "SS810"),
    ],
)
def test_what_nobody_can_write(tmp_path: Path, asked: dict[str, object], code: str) -> None:
    run = write(tmp_path, [rule("fee < 2000"), rule("fee < 3000", "watch", "w", "none")], [{}, {"id": "B"}])
    found, findings = cases(run, **asked)
    assert found == {}
    assert [(f.code, f.severity, bool(f.help)) for f in findings] == [(code, Severity.ERROR, True)]


def test_a_policy_that_writes_to_nobody(tmp_path: Path) -> None:
    run = write(tmp_path, [rule("fee < 2000")], [{}])
    decisions = tuple(replace(d, letter=None) for d in run.checked.policy.decisions)
    policy = replace(run.checked.policy, decisions=decisions, letters=None)
    found, findings = cases(replace(run, checked=replace(run.checked, policy=policy)))
    assert (found, [f.code for f in findings]) == ({}, ["SS957"])


def test_a_run_without_clients(tmp_path: Path) -> None:
    assert cases(write(tmp_path, [rule("fee < 2000")], [])) == ({}, ())


def test_thousands_of_clients_are_asked_for_and_left_out(tmp_path: Path) -> None:
    rows = [{"id": f"{n:05d}", "fee": "1" if n % 2 else "9000"} for n in range(3000)]
    run = write(tmp_path, [rule("fee < 2000", letter="none"), rule("fee < 1", id="y")], rows)
    found, findings = cases(run, clients=tuple(f"{n:05d}" for n in range(0, 3000, 3)))
    assert len(found) == 500
    (finding,) = findings
    assert finding.message.startswith("500 clients with the decision 'decline' get no letter")
    assert finding.message.endswith("'00003', '00009', '00015', '00021', '00027' and 495 more")


def test_a_key_of_two_columns(tmp_path: Path) -> None:
    run = write(tmp_path, [rule("fee < 2000")], [{"part": "1"}, {"part": "2"}], key="[id, part]")
    found, _ = cases(run)
    assert {case.client for case in found.values()} == {("A", "1"), ("A", "2")}
    assert len({case.reference for case in found.values()}) == 2
    assert list(cases(run, clients=("A|2",))[0]) == ["A|2"]


# The letter's number.


def test_the_same_number_for_the_same_letter_whatever_the_run(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = one(tmp_path / "a", rule("fee < 2000"))
    again = one(tmp_path / "b", rule("fee < 2000"), row={"fee": "1001"})
    assert first.reference == again.reference


def test_another_number_for_another_letter() -> None:
    base = ("p", ("A",), "decline", AS_OF)
    others = [
        ("q", ("A",), "decline", AS_OF),
        ("p", ("B",), "decline", AS_OF),
        ("p", ("A", ""), "decline", AS_OF),
        ("p", ("A",), "flag", AS_OF),
        ("p", ("A",), "decline", AS_OF + datetime.timedelta(1)),
    ]
    assert len({letter_reference(*one) for one in [base, *others]}) == 6
    assert letter_reference("p", ("A", "B"), "d", AS_OF) != letter_reference("p", ("A|B",), "d", AS_OF)


def test_a_million_numbers_are_a_million() -> None:
    numbers = {letter_reference("services", (f"A-{n}",), "decline", AS_OF) for n in range(1_000_000)}
    assert len(numbers) == 1_000_000


def test_a_number_for_the_phone_that_tells_no_id() -> None:
    number = letter_reference("services", ("A-1001",), "decline", AS_OF)
    assert len(number) == 14 and set(number) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ-")
    assert "1001" not in number


# What would have changed it.


def changes(folder: Path, when: str, row: dict[str, str], then: str = "flag", language: str = "pl") -> tuple[str, ...]:
    found, findings = cases(write(folder, [rule(when, then)], [row]), language=language)
    assert findings == ()
    return found["A"].changes


@pytest.mark.parametrize(
    ("when", "row", "said"),
    [
        ("delay > 45 days", {"delay": "60"}, "gdyby wartość „opóźnienie” wynosiła najwyżej 45\u00a0dni; obecnie wynosi 60\u00a0dni."),
        ("hours < 20", {}, "gdyby wartość „godziny” wynosiła co najmniej 20; obecnie wynosi 10."),
        ("hours <= 20", {}, "gdyby wartość „godziny” wynosiła co najmniej 20,0001; obecnie wynosi 10."),
        ("hours < 20 or hours > 30", {}, "gdyby wartość „godziny” wynosiła 20, a\u00a0nie 10."),
        ("not signed", {"signed": "no"}, "gdyby w\u00a0pozycji „podpisano” było: tak; obecnie jest: nie."),
        (
            "since > 2021-06-01",
            {"since": "2022-01-01"},
            "gdyby data „umowa z\u00a0dnia” przypadała nie później niż 1\u00a0czerwca 2021; obecnie to 1\u00a0stycznia 2022.",
        ),
    ],
)
def test_what_alone_would_have_changed_it(tmp_path: Path, when: str, row: dict[str, str], said: str) -> None:
    assert changes(tmp_path, when, row) == (f"Decyzja byłaby inna, {said}",)


@pytest.mark.parametrize(
    ("when", "row", "said"),
    [
        (
            "delay > 30 days or (delay * 7 > 70 days and delay * 7 < 90 days)",
            {"delay": "45"},
            "wynosiła 30\u00a0dni, a\u00a0nie 45\u00a0dni.",
        ),
        ("hours < 20 or (hours * 7 > 210 and hours * 7 < 215)", {}, "wynosiła 20, a\u00a0nie 10."),
        ("hours / 2 < 10", {}, "wynosiła 20, a\u00a0nie 10."),
        ("rate > 50", {}, "wynosiła 20, a\u00a0nie 10."),
        ("hours < visits", {"visits": "20"}, "wynosiła 20, a\u00a0nie 10."),
        ("max(hours, 1) < 20", {}, "wynosiła 20, a\u00a0nie 10."),
        ("since > as_of - 365 days", {"since": "2026-11-01"}, "przypadała 22\u00a0listopada 2025, a\u00a0nie 1\u00a0listopada 2026."),
    ],
)
def test_where_the_policy_calculates_one_value_is_named(tmp_path: Path, when: str, row: dict[str, str], said: str) -> None:
    """Between the values tried anything may be: a delay of 12 days declines too."""
    (told,) = changes(tmp_path, when, row)
    assert told.endswith(said)


@pytest.mark.parametrize(
    ("when", "row", "said"),
    [
        ("hours between 2 and 12", {}, "wynosiła co najmniej 12,0001; obecnie wynosi 10."),
        ("hours in [2..12]", {}, "wynosiła co najmniej 12,0001; obecnie wynosi 10."),
        ("20 > hours and hours is present", {}, "wynosiła co najmniej 20; obecnie wynosi 10."),
    ],
)
def test_where_the_policy_only_compares_the_line_holds(tmp_path: Path, when: str, row: dict[str, str], said: str) -> None:
    (told,) = changes(tmp_path, when, row)
    assert told.endswith(said)


def test_in_english_too(tmp_path: Path) -> None:
    (said,) = changes(tmp_path, "delay > 45 days", {"delay": "60"}, language="en")
    assert said == "The decision would have been different if “delay” had been at most 45\u00a0days; it is 60\u00a0days."


@pytest.mark.parametrize(
    ("when", "row", "then"),
    [
        ("fit < 0.5", {"fit": "0.1"}, "flag"),  # can change, and is not the client's to know
        ("visits < 3", {}, "flag"),  # the client may know it, and it cannot change
        ("secret > 1", {}, "flag"),
        ("delay > 45 days", {"delay": "60"}, "decline"),  # whose letter does not tell
        ("delay > 45 days or fee < 2000", {"delay": "60"}, "flag"),  # no single change would do
    ],
)
def test_nothing_else_is_told(tmp_path: Path, when: str, row: dict[str, str], then: str) -> None:
    assert changes(tmp_path, when, row, then) == ()


def test_an_exception_is_not_changed_by_a_value(tmp_path: Path) -> None:
    run = write(
        tmp_path, [rule("delay > 45 days", "flag")], [{"delay": "60"}, {"id": "B", "delay": "60"}], exceptions=exception("A", "flag")
    )
    found, _ = cases(run)
    assert (found["A"].changes, len(found["B"].changes)) == ((), 1)


def test_many_clients_each_by_his_own_values(tmp_path: Path) -> None:
    rows = [{"id": f"{n:04d}", "delay": str(40 + n % 300), "hours": "30"} for n in range(1200)]
    found, findings = cases(write(tmp_path, [rule("delay > 45 days", "flag"), rule("hours < 20", "flag", "y")], rows))
    assert findings == ()
    assert len(found) == 1200
    for case in found.values():
        delay = 40 + int(case.key) % 300
        expected = [f"najwyżej 45\u00a0dni; obecnie wynosi {delay}\u00a0dni."] if delay > 45 else []
        assert [words.partition("wynosiła ")[2] for words in case.changes] == expected


def test_with_the_whole_portfolio(tmp_path: Path) -> None:
    """Of fees 1000, 2000, 3000 the first is in the lower half whatever its delay; the second is late."""
    rows = [{"id": key, "delay": "60", "fee": fee} for key, fee in (("A", "1000"), ("B", "2000"), ("C", "3000"))]
    found, findings = cases(write(tmp_path, [rule("delay > 45 days and rank(fee) < 3", "flag")], rows))
    assert findings == ()
    assert {key: len(case.changes) for key, case in found.items()} == {"A": 0, "B": 1, "C": 1}


def test_a_portfolio_too_large_to_try_changes_on(tmp_path: Path) -> None:
    rows = [{"id": f"{n:04d}", "delay": "60", "fee": str(100 + n)} for n in range(500)]
    run = write(tmp_path, [rule("delay > 45 days and rank(fee) > 0", "flag")], rows)
    found, findings = cases(run)
    assert len(found) == 500 and not any(case.changes for case in found.values())
    assert [(f.code, f.severity, "500 clients" in f.message) for f in findings] == [("SS954", Severity.WARNING, True)]
    alone, told = cases(run, clients=("0007",))
    assert alone["0007"] == found["0007"]
    assert [f.code for f in told] == ["SS954"]


def test_the_date_and_notice_of_the_letterhead(tmp_path: Path) -> None:
    run = write(tmp_path, [rule("fee < 2000")], [{}])
    found, _ = cases(run, date=datetime.date(2027, 2, 27), letterhead=replace(HEAD, notice_days={}, notice_otherwise=2, reply_days=0))
    assert (found["A"].date, found["A"].effective_on, found["A"].reply_by) == (
        "27\u00a0lutego 2027",
        "1\u00a0marca 2027",
        "27\u00a0lutego 2027",
    )
    assert found["A"].as_of == "22\u00a0listopada 2026"


TABLES = """tables:
  offers:
    hit_policy: collect
    inputs: [visits]
    outputs: {{offer: {{one_of: [small, big], labels: {{pl: [mała, duża], en: [small one, big one]}}, tell_client: true}}}}
    rows: [[">= 1", small], [">= 2", big]]
  sizes:
    hit_policy: collect
    inputs: [visits]
    outputs: {{size: {{type: number, tell_client: true}}}}
    rows: [[">= 1", 0.5], [">= 2", 1.25]]
scores:
  worth: {{tell_client: true, factors: [{{id: v, of: visits, weight: 1, worst: 0, best: 8}}]}}
letters: {{"""


def test_scores_and_what_tables_collect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters_world, "POLICY", letters_world.POLICY.replace("letters: {{", TABLES, 1))
    text = '{pl: "Oferty: {offer}; {size}; {worth}.", en: "Offers: {offer}; {size}; {worth}."}'
    run = write(tmp_path, [rule("fee < 2000", letter=text)], [{"id": "A"}, {"id": "B", "visits": "1"}, {"id": "C", "visits": "0"}])
    found, findings = cases(run)
    assert [found[key].reasons[0].text for key in "AB"] == ["Oferty: mała, duża; 0,5, 1,25; 25.", "Oferty: mała; 0,5; 12,5."]
    # What collects nothing leaves nothing to say.
    assert [(f.code, "'C'" in f.message) for f in findings] == [("SS956", True)]
    assert cases(run, language="en")[0]["B"].fields["offer"] == "small one"


@pytest.mark.parametrize("key", ["C'; DROP TABLE x--", 'a"b', "x/../../y", "{{ 7 }}", "ł|ó", "%s", "\u202eabc", "a" * 300])
def test_keys_that_would_be_something_else(tmp_path: Path, key: str) -> None:
    run = write(tmp_path, [rule("delay > 45 days", "flag")], [{"id": key, "delay": "60"}, {"id": "other", "delay": "70"}])
    found, findings = cases(run, clients=(key,))
    assert findings == ()
    (case,) = found.values()
    assert case.client == (key,) and "60" in case.changes[0] and "70" not in repr(case)
