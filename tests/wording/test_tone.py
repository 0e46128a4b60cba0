"""The tone lint: real sentences, good and bad, in both languages; it points at the very words, and no text makes it stumble."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from selective_sales import wording
from selective_sales.wording import Audience, tone_en, tone_pl
from selective_sales.wording.manners import Manner, WordList
from selective_sales.wording.tone_of_text import instead

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases" / "tone"
LISTS = {"pl": tone_pl.WORDS, "en": tone_en.WORDS}


def _cases(name: str, language: str) -> Any:
    return yaml.safe_load((CASES / f"{name}-{language}.yaml").read_text(encoding="utf-8"))


GOOD = [(language, text) for language in LISTS for text in _cases("good", language)]
BAD = [
    (language, Manner(manner), where == "anywhere", text)
    for language in LISTS
    for manner, readers in _cases("bad", language).items()
    for where, texts in readers.items()
    for text in texts
]


@pytest.mark.parametrize(("language", "text"), GOOD)
def test_a_good_sentence_is_left_alone(language: str, text: str) -> None:
    assert wording.tone(text, language, Audience.CLIENT) == ()
    assert wording.tone(text, language, Audience.COLLEAGUE) == ()


@pytest.mark.parametrize(("language", "manner", "anywhere", "text"), BAD)
def test_a_bad_sentence_is_told(language: str, manner: Manner, anywhere: bool, text: str) -> None:
    for_client = wording.tone(text, language, Audience.CLIENT)
    assert manner in {slip.manner for slip in for_client}
    for_colleagues = wording.tone(text, language, Audience.COLLEAGUE)
    assert (manner in {slip.manner for slip in for_colleagues}) is anywhere
    assert all(text[slip.start : slip.end] == slip.words for slip in for_client)


def test_there_are_enough_sentences() -> None:
    for language in LISTS:
        assert sum(1 for one in GOOD if one[0] == language) >= 145
        assert sum(1 for one in BAD if one[0] == language) >= 150


@pytest.mark.parametrize("manner", Manner)
@pytest.mark.parametrize("language", LISTS)
def test_what_is_suggested_is_good(language: str, manner: Manner) -> None:
    assert wording.tone(instead(manner, language), language, Audience.CLIENT) == ()


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("pl", "Klient nie wywiązał się z umowy.", ["nie wywiązał się"]),
        ("pl", "Opłaty: {revenue}. Marża\n  jest niska, na tle\n  innych klientów.", ["Marża", "na tle\n  innych"]),
        ("en", "We regret it, but your “score” is {score}: too low!", ["your “score", "!"]),
        ("en", "It’s the client’s fault.", ["client’s fault"]),
        ("en-GB", "Company policy.", ["Company policy"]),
        ("PL_pl", "Polityka firmy.", ["Polityka firmy"]),
        ("pl", "Panstwa zamowienia maja niska marze.", ["marze"]),
        ("pl", unicodedata.normalize("NFD", "Niższa marża"), [unicodedata.normalize("NFD", "marża")]),
        ("pl", "Niższa mar\u00adża", ["mar\u00adża"]),
        ("pl", "Państwa zysk i nasz zysk", ["zysk"]),
        ("de", "Company policy: PECH GEHABT!", ["PECH GEHABT", "!"]),
        ("en", "{score} {profit} {IMPORTANT_THING}", []),
        ("en", "Not our policy. Allow us to explain.", ["our policy"]),
    ],
)
def test_it_points_at_the_words(language: str, text: str, words: list[str]) -> None:
    assert [slip.words for slip in wording.tone(text, language, Audience.CLIENT)] == words


@given(
    st.text() | st.text("nie wywiązał ŻŁ{}!.'’\u0301\u00ad", max_size=60),
    st.sampled_from(["pl", "en", "de", "", "*"]),
    st.sampled_from(Audience),
)
def test_no_text_makes_it_stumble(text: str, language: str, audience: Audience) -> None:
    _hold(text, language, audience)


@given(st.lists(st.sampled_from([word for _, _, _, text in BAD for word in text.split()]), max_size=30), st.sampled_from(["pl", "en"]))
def test_any_order_of_its_words_is_read(words: list[str], language: str) -> None:
    _hold(" ".join(words), language, Audience.CLIENT)


def _hold(text: str, language: str, audience: Audience) -> None:
    """Slips stand in the text, in order, and do not overlap but for what is shouted."""
    slips = wording.tone(text, language, audience)
    assert all(0 <= s.start < s.end <= len(text) and text[s.start : s.end] == s.words for s in slips)
    said = [s for s in slips if s.manner is not Manner.SHOUTING]
    assert all(a.end <= b.start for a, b in pairwise(said))


@given(st.sampled_from(BAD), st.sampled_from([str.upper, str.lower, str.title]))
def test_capitals_hide_nothing(case: tuple[str, Manner, bool, str], change: Any) -> None:
    language, manner, _, text = case
    if manner is not Manner.SHOUTING:
        assert manner in {slip.manner for slip in wording.tone(change(text), language, Audience.CLIENT)}


def _lines(words: WordList) -> Iterator[str]:
    for lines in (*words.anywhere.values(), *words.in_letters.values(), words.meant_well):
        yield from filter(None, lines.split("\n"))


@pytest.mark.parametrize("language", LISTS)
def test_every_phrase_is_written_as_phrases_are(language: str) -> None:
    token = r"\(?[\w'#]+[*~]?(\|[\w'#]+[*~]?)*\)?|\.\.\."
    wrong = [line for line in _lines(LISTS[language]) if not all(re.fullmatch(token, part) for part in line.split())]
    assert wrong == []
    loose = [line for line in _lines(LISTS[language]) if line.startswith(("(", "..."))]
    assert loose == [], "a phrase is found by its first word, which cannot be left out"
