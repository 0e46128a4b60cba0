"""Texts with placeholders, cleaning, and how far a value is from its threshold."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selective_sales import wording
from selective_sales.model.explanation import LeafOutcome, NamedValue, Outcome
from selective_sales.model.expression import NOWHERE, Scalar
from selective_sales.model.kind import Kind
from selective_sales.model.text import Placeholder, Template, Texts

NB = "\u00a0"


def plain(text: str) -> str:
    return text.replace(NB, " ")


def leaf(value: NamedValue, threshold: NamedValue, distance: Scalar, kind: Kind) -> LeafOutcome:
    return LeafOutcome("x < y", NOWHERE, Outcome.FALSE, False, (value,), distance, kind, None, value, threshold)


def margin(value: str, threshold: str = "0.05") -> LeafOutcome:
    names = Texts((("pl", Template(("marża",))), ("en", Template(("margin",)))))
    left = NamedValue("margin", Kind.NUMBER, Decimal(value), names, "percent")
    right = NamedValue("5%", Kind.NUMBER, Decimal(threshold), format="percent", literal=True)
    return leaf(left, right, Decimal(value) - Decimal(threshold), Kind.NUMBER)


def test_placeholders_take_the_value_the_kind_and_the_format() -> None:
    template = Template(("Marża ", Placeholder("margin", "percent"), ", przychód ", Placeholder("revenue"), "."))
    values = {"margin": NamedValue("margin", Kind.NUMBER, 0.032), "revenue": NamedValue("revenue", Kind.MONEY, Decimal("10"))}  # type: ignore[arg-type]
    assert plain(wording.fill(template, values, "pl", "PLN")) == "Marża 3,2%, przychód 10,00 zł."


def test_a_missing_value_is_said() -> None:
    values = {"x": NamedValue("x", Kind.MONEY, None)}
    assert wording.fill(Template(("Koszt: ", Placeholder("x"))), values, "pl", "PLN") == "Koszt: brak danych"


def test_data_cannot_turn_the_text_round() -> None:
    values = {"name": NamedValue("name", Kind.TEXT, "Firma\u202e moc.live\x00\r\nX")}
    assert wording.fill(Template((Placeholder("name"),)), values, "pl", "PLN") == "Firma moc.live  X"


def test_a_listed_value_reads_by_its_label() -> None:
    labels = (("pl", (("retail", "handel detaliczny"),)),)
    named = NamedValue("industry", Kind.TEXT, "retail", labels=labels)
    assert wording.speaker("pl", "PLN").value(named) == "handel detaliczny"
    assert wording.speaker("en", "PLN").value(named) == "retail"


def test_a_list_is_shown_with_the_label_of_each_value() -> None:
    labels = (("pl", (("values", "wartości"), ("cost", "koszt obsługi"), ("a, b", "razem"))),)
    shown = {text: wording.speaker("pl", "PLN").value(NamedValue("grounds", Kind.TEXT, text, labels=labels)) for text in LISTS}
    assert shown == LISTS


LISTS = {
    "cost": "koszt obsługi",
    "values, cost": "wartości, koszt obsługi",
    "a, b": "razem",
    "values, other": "values, other",
    "-": "-",
}


@given(st.text())
def test_cleaned_text_holds_nothing_invisible(text: str) -> None:
    cleaned = wording.clean(text)
    assert not {unicodedata.category(sign) for sign in cleaned} & {"Cc", "Cs", "Zl", "Zp"}
    assert not set(cleaned) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\ufeff\u200b")
    assert wording.clean(cleaned) == cleaned


def test_letters_of_every_script_stay() -> None:
    for text in ("Zażółć gęślą jaźń", "Ελλάδα", "العربية", "日本語", "Ana\u200dlíz", "e\u0301", f"1{NB}000"):
        assert wording.clean(text) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("w domu i z psem", f"w{NB}domu i{NB}z{NB}psem"),
        ("A to (o nas)", f"A{NB}to (o{NB}nas)"),
        ("dom w", "dom w"),
        ("kawa z mlekiem", f"kawa z{NB}mlekiem"),
        ("klient A-12 u nas", f"klient A-12 u{NB}nas"),
    ],
)
def test_polish_one_letter_words_never_end_a_line(text: str, kept: str) -> None:
    assert wording.short_words(text, "pl") == kept
    assert wording.short_words(text, "en") == text


def test_distance_reads_as_a_sentence() -> None:
    assert plain(wording.speaker("en", "PLN").distance(margin("0.052"))) == "margin 5.2% — 0.2 percentage points above the threshold 5%"
    assert plain(wording.speaker("pl", "PLN").distance(margin("0.052"))) == "marża 5,2% — o 0,2 punktu procentowego więcej niż próg 5%"
    assert plain(wording.speaker("pl", "PLN").distance(margin("0.03"))) == "marża 3,0% — o 2 punkty procentowe mniej niż próg 5%"
    assert plain(wording.speaker("en", "PLN").distance(margin("0.05"))) == "margin 5.0% — exactly at the threshold 5%"


def test_a_value_and_its_threshold_are_shown_apart_if_they_are_apart() -> None:
    assert (
        plain(wording.speaker("en", "PLN").distance(margin("0.04999"))) == "margin 4.999% — 0.001 percentage points below the threshold 5%"
    )
    amount = NamedValue("cost", Kind.MONEY, Decimal("1000.0010"))
    limit = NamedValue("revenue", Kind.MONEY, Decimal("1000.0000"))
    said = plain(wording.speaker("en", "PLN").distance(leaf(amount, limit, Decimal("0.0010"), Kind.MONEY)))
    assert said == "cost PLN 1,000.001 — PLN 0.001 above revenue (PLN 1,000.000)"


def test_spans_and_dates_have_their_own_words() -> None:
    import datetime

    delay = leaf(NamedValue("delay", Kind.DAYS, 62), NamedValue("60 days", Kind.DAYS, 60, literal=True), 2, Kind.DAYS)
    assert plain(wording.speaker("pl", "PLN").distance(delay)) == "delay 62 dni — o 2 dni więcej niż próg 60 dni"
    last = NamedValue("last_order", Kind.DATE, datetime.date(2026, 1, 3))
    line = NamedValue("2026-01-04", Kind.DATE, datetime.date(2026, 1, 4), literal=True)
    said = plain(wording.speaker("en", "PLN").distance(leaf(last, line, -1, Kind.DAYS)))
    assert said == "last_order January 3, 2026 — 1 day before the threshold January 4, 2026"


def test_without_a_threshold_there_is_no_distance() -> None:
    assert wording.speaker("pl", "PLN").distance(LeafOutcome("strategic", NOWHERE, Outcome.TRUE, False, ())) == ""
