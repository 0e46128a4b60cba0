"""The agency's letters: every reason is one that explain says fired, everybody with a decision that writes gets one or is told of."""

from __future__ import annotations

import datetime
from collections import Counter

import pytest

from selective_sales.model.explanation import Outcome
from selective_sales.model.letter import LetterCase
from selective_sales.pipeline.finished import FinishedRun, explanations, open_run
from selective_sales.pipeline.letter_cases import LettersAsked, letter_cases
from selective_sales.pipeline.letterheads import read_letterhead
from selective_sales.pipeline.runs import Request, evaluate
from selective_sales.resources import folder

AGENCY = folder("examples") / "services-agency"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> FinishedRun:
    out = tmp_path_factory.mktemp("agency") / "run"
    inputs = {name: AGENCY / "data" / f"{name}.csv" for name in ("clients", "orders", "hours", "tickets")}
    request = Request(inputs, datetime.date(2026, 11, 22), out, exceptions=AGENCY / "exceptions.yaml")
    assert evaluate(AGENCY / "services-agency.yaml", request).summary is not None
    found, findings = open_run(out)
    assert found is not None, findings
    return found


@pytest.fixture(scope="module")
def letters(run: FinishedRun) -> dict[str, LetterCase]:
    letterhead, findings = read_letterhead(folder("templates") / "letters" / "letterhead.yaml", run.checked)
    assert letterhead is not None and findings == ()
    found, told = letter_cases(run, LettersAsked(language="by-field", date=datetime.date(2026, 11, 26), letterhead=letterhead))
    # The declined for values alone, the flagged for want of data, and the one whom an exception renegotiates.
    assert [(f.code, f.message.split(" with ")[0], f.place.line > 0) for f in told] == [
        ("SS956", "3 clients", True),
        ("SS956", "9 clients", True),
        ("SS956", "1 client", True),
    ]
    return {case.key: case for case in found}


def test_who_gets_which_letter(letters: dict[str, LetterCase]) -> None:
    assert Counter(case.body for case in letters.values()) == {
        "thank-you": 198,
        "renegotiate": 99,
        "educate": 24,
        "decline": 13,
        "missing-information": 1,
    }


def test_every_reason_fired(run: FinishedRun, letters: dict[str, LetterCase]) -> None:
    seen = 0
    for explanation in explanations(run):
        case = letters.get(explanation.key)
        if case is None:
            continue
        assert case.decision_id == explanation.decision and case.decided_by == explanation.decided_by
        fired = {rule.id for rule in explanation.rules if rule.outcome is Outcome.TRUE and rule.decision == case.decision_id}
        stated = {reason.rule for reason in case.reasons}
        assert stated <= fired
        deciding = next((rule for rule in explanation.rules if rule.decides), None)
        if deciding is not None and deciding.letter_reason is not None:
            assert deciding.id in stated
        seen += len(stated)
    assert seen > 150


def test_no_letter_says_what_it_must_not(letters: dict[str, LetterCase]) -> None:
    for case in letters.values():
        words = " ".join([*(reason.text for reason in case.reasons), *case.changes, *case.missing, *filter(None, case.fields.values())])
        assert not any(
            word in words for word in ("brak danych", "no data", "None", "nan", "{", "}", "marża", "zysk", "wartości", "konflikt")
        )
        assert case.name and case.address and all(reason.text for reason in case.reasons)
        assert bool(case.reasons) is (case.body in ("renegotiate", "educate", "decline"))


def test_whose_data_is_missing(letters: dict[str, LetterCase]) -> None:
    assert letters["A-0013"].missing == ("data pierwszej umowy",)


def test_one_day_too_late(letters: dict[str, LetterCase]) -> None:
    (said,) = letters["A-0011"].changes
    assert said == "Decyzja byłaby inna, gdyby wartość „opóźnienie płatności” wynosiła najwyżej 45\u00a0dni; obecnie wynosi 46\u00a0dni."


def test_some_read_english(letters: dict[str, LetterCase]) -> None:
    english = [case for case in letters.values() if case.language == "en"]
    assert len(english) > 5
    assert {case.date for case in english} == {"November\u00a026, 2026"}
    assert all(case.address[-1] in ("Niderlandy", "Niemcy") for case in english)
