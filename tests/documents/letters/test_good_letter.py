"""What a good letter is, point by point, over every shipped body in both languages."""

from __future__ import annotations

import re

import pytest

from selective_sales import wording
from selective_sales.documents.letters import PolicyNames, WantedLetter, lint_letters, literal_texts_of
from selective_sales.model.letter import Letter, LetterReason
from selective_sales.model.place import Place
from tests.documents.letters import world

EVERY = [(body, language) for body in world.BODIES for language in world.LANGUAGES]
CHANGING = ("decline", "renegotiate", "educate", "migrate", "no-fit")
every_letter = pytest.mark.parametrize(("body", "language"), EVERY)
every_change = pytest.mark.parametrize(("body", "language"), [one for one in EVERY if one[0] in CHANGING])


def letter(body: str, language: str, **changes: object) -> Letter:
    made, findings = world.press().letter(world.case(body, language, **changes))
    assert made is not None, findings
    return made


def plain(made: Letter) -> str:
    return made.text.replace("\u00a0", " ")


def body_of(made: Letter) -> str:
    """What stands between the subject and the signature."""
    text = plain(made)
    return text[text.index(made.subject.replace("\u00a0", " ")) + len(made.subject) :].strip()


def holds(text: str, *words: str) -> None:
    assert re.search("|".join(words), text, re.IGNORECASE), f"none of {words} in:\n{text}"


@every_letter
def test_it_names_client_and_sender_date_reference_and_policy_version(body: str, language: str) -> None:
    case, made = world.case(body, language), letter(body, language)
    for format in ("md", "html", "txt"):
        page = world.press().printed(made, format, False).decode("utf-8").replace("\u00a0", " ").replace("\\", "")
        for said in (case.name, *case.address, case.reference, case.key, case.date, case.policy, "Pracownia Łąkowa", "Józef Śniegoń"):
            assert said is not None and said in page
        assert re.search(r"(wersja|version) 3", page)


@every_letter
def test_it_thanks_first_and_says_the_decision_in_the_first_two_sentences(body: str, language: str) -> None:
    salutation, first, *_ = body_of(letter(body, language)).split("\n\n")
    assert salutation == {"pl": "Szanowni Państwo,", "en": "Dear Sir or Madam,"}[language]
    sentences = re.findall(r"[^.]+\.", first)
    assert len(sentences) == 2
    holds(sentences[0], "dziękujemy", "thank you")
    decided = {
        "decline": ("zakończyć", "to end our cooperation"),
        "renegotiate": ("na nowych warunkach", "on new terms"),
        "educate": ("proponujemy spotkanie", "propose a meeting"),
        "migrate": ("w innej formie", "in another form"),
        "no-fit": ("nie odpowiada dziś Państwa potrzebom", "does not meet your needs"),
        "missing-information": ("prosimy o uzupełnienie", "we ask you for"),
        "thank-you": ("na dotychczasowych warunkach", "on the present terms"),
    }[body]
    holds(first, *decided)


@every_change
def test_it_gives_one_to_four_reasons_with_their_date(body: str, language: str) -> None:
    for count in (1, 2, 4):
        reasons = (world.case(body, language).reasons * 2)[:count]
        text = body_of(letter(body, language, reasons=reasons))
        assert all(reason.text in text for reason in reasons)
        assert text.count("\n- ") >= count
        assert world.case(body, language).as_of in text
        heading = {"pl": ("Powód", "Powody"), "en": ("The reason", "The reasons")}[language][count > 1]
        assert re.search(rf"^{heading},", text, re.MULTILINE)


@every_letter
def test_it_blames_nobody_and_speaks_of_no_score_policy_profit_or_third_party(body: str, language: str) -> None:
    texts = literal_texts_of(world.SHIPPED, None, body, language)
    assert len(texts) > 5
    slips = [slip for text in texts for slip in wording.tone(text.text, language, wording.Audience.CLIENT)]
    slips += wording.tone(body_of(letter(body, language)), language, wording.Audience.CLIENT)
    assert slips == []


@every_change
def test_it_says_when_it_takes_effect_and_how_long_that_is(body: str, language: str) -> None:
    text = body_of(letter(body, language))
    assert world.case(body, language).effective_on in text
    holds(text, "30 dni", "30 days")


@every_letter
def test_it_says_what_becomes_of_open_work_invoices_and_data(body: str, language: str) -> None:
    text = body_of(letter(body, language))
    holds(text, "zleceni", "work")
    holds(text, "faktur", "invoice")
    holds(text, "dokumenty i dane", "documents and data")
    holds(text, "zwróci", "usuniemy", "do Państwa dyspozycji", "return", "delete", "at your disposal")


@every_change
def test_it_offers_something_else_or_says_what_would_change_the_outcome(body: str, language: str) -> None:
    text = body_of(letter(body, language, changes=()))
    holds(text, "chętnie pole", "chętnie pomożemy", "zamiast", "gladly", "instead")
    changes = ("Przy 20 zgłoszeniach: utrzymanie.",)
    told = body_of(letter(body, language, changes=changes))
    assert changes[0] in told
    assert changes[0] not in text
    holds(told, "wystarczyłaby", "would have been enough")


@every_letter
def test_it_names_a_person_to_write_to_and_until_when(body: str, language: str) -> None:
    text = body_of(letter(body, language))
    assert world.case(body, language).reply_by in text
    assert "Żaneta Ćwikła" in text
    assert "zaneta.cwikla@pracownia.example" in text


@every_letter
def test_it_ends_politely(body: str, language: str) -> None:
    holds(body_of(letter(body, language)), r"\n\nZ poważaniem\n", r"\n\nWith kind regards,\n")


@every_letter
def test_who_needs_approval_is_told_of_objection_and_review_by_a_person(body: str, language: str) -> None:
    told, silent = (body_of(letter(body, language, approval_needed=needed)) for needed in (True, False))
    holds(told, "człowiek rozpatrzył sprawę ponownie", "a person to review it")
    holds(told, "zakwestionować decyzję", "contest the decision")
    assert "człowiek" not in silent and "a person to review" not in silent


@pytest.mark.parametrize("language", world.LANGUAGES)
def test_an_undetermined_client_is_asked_for_each_missing_fact(language: str) -> None:
    one, two = (body_of(letter("missing-information", language, missing=("A: x", "B")[:count])) for count in (1, 2))
    assert "- A: x" in one and "- B" not in one
    assert "- A: x\n- B" in two
    holds(one, "jednej informacji", "one thing")


@every_letter
def test_the_salutation_of_the_data_is_used(body: str, language: str) -> None:
    assert body_of(letter(body, language, salutation="Szanowna Pani Anno")).startswith("Szanowna Pani Anno,\n\n")
    assert body_of(letter(body, language, salutation="Droga Aniu,")).startswith("Droga Aniu,\n\n")


@pytest.mark.parametrize(
    ("days", "polish", "english"),
    [(1, "1 dzień", "1 day"), (2, "2 dni", "2 days"), (5, "5 dni", "5 days"), (12, "12 dni", "12 days"), (22, "22 dni", "22 days")],
)
def test_spans_of_days_have_the_right_plural(days: int, polish: str, english: str) -> None:
    press = world.press(notice_days={"decline": days})
    for language, said in (("pl", polish), ("en", english)):
        made, _ = press.letter(world.case("decline", language))
        assert made is not None
        period = {"pl": r"Okres wypowiedzenia to ([^,]+),", "en": r"The notice period is (.+?) from"}[language]
        assert re.findall(period, plain(made)) == [said]


def test_short_words_numbers_and_months_do_not_part_in_polish() -> None:
    made = letter("decline", "pl", reasons=(LetterReason("a", "Praca w domu i w biurze: 3 godziny."),))
    body = made.text[made.text.index("Szanowni") :]
    assert "w\u00a0domu i\u00a0w\u00a0biurze" in body
    assert not re.search(r"(?m)(?:^|[ (])[wziouaWZIOUA] \S", body)
    assert "26\u00a0grudnia 2026" in made.text
    assert "30\u00a0dni" in made.text


@every_letter
def test_the_shipped_bodies_pass_the_lint_and_agree_in_both_languages(body: str, language: str) -> None:
    needs = frozenset({"contact", "missing" if body == "missing-information" else "reasons"})
    wanted = [WantedLetter(body, one, Place("p.yaml"), needs) for one in world.LANGUAGES]
    assert lint_letters(world.SHIPPED, None, wanted, PolicyNames()) == ()
