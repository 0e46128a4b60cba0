"""What is looked for in every letter after it was made: in letters that hold what they must not, and in those that only look so."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selective_sales.documents.identities import Identities, folded
from selective_sales.documents.letter_checks import LetterChecker, duplicate_recipients
from selective_sales.model.finding import Finding
from selective_sales.model.letter import LetterCase, LetterReason

WHERE = Path("letters/x.html")


def case(client: str | tuple[str, ...], name: str | None = None, **more: Any) -> LetterCase:
    key = (client,) if isinstance(client, str) else client
    given = {
        "salutation": None,
        "address": ("ul. Prosta 1", "Warszawa"),
        "reasons": (LetterReason("small", "Revenue was PLN 500.00."),),
        "fields": {},
        **more,
    }
    return LetterCase(
        client=key, language="en", body="decline", reference=f"N-{'-'.join(key)}-X9", decision_id="decline", decision="end",
        decided_by="small",
        approval_needed=True, name=name, missing=(), changes=(), date="22 November 2026", as_of="31 October 2026",
        effective_on="1 January 2027",
        reply_by="6 December 2026", policy="Services", policy_version="1", **given,
    )  # fmt: skip


def letter(of: LetterCase, more: str = "", to: str = "html") -> str:
    said = [of.name or "", *of.address, of.reference, of.key, *(reason.text for reason in of.reasons), more]
    if to == "html":
        return "<html><head><style>p {}</style></head><body>" + "".join(f"<p>{html.escape(line)}</p>\n" for line in said) + "</body></html>"
    return "\n\n".join(said)


OTHERS = [
    case("C-1001", "Jan Kowalski"),
    case("C-1002", "Anna Nowak-Lis"),
    case("C-1003", "Firma Usługi Łąka sp. z o.o."),
    case("87654321", "Rondo"),
]


def found(one: LetterCase, printed: str, literals: tuple[str, ...] = (), to: str = "html") -> list[Finding]:
    return LetterChecker([one, *OTHERS], literals, to).findings(one, printed, WHERE)


def codes(one: LetterCase, printed: str, literals: tuple[str, ...] = (), to: str = "html") -> list[str]:
    return [f"{f.code} {f.severity.value}" for f in found(one, printed, literals, to)]


def codes_of(one: LetterCase) -> list[str]:
    """Of its own letter."""
    return codes(one, letter(one))


ME = case("C-2000", "Ewa Mazur")


@pytest.mark.parametrize("to", ["html", "txt", "md"])
def test_a_letter_to_its_own_client_is_fine(to: str) -> None:
    assert codes(ME, letter(ME, to=to), to=to) == []


@pytest.mark.parametrize("to", ["html", "txt", "md"])
@pytest.mark.parametrize(
    "stranger",
    ["Jan Kowalski", "Dear Anna Nowak-Lis,", "C-1002", "(C-1003)", "87654321.", "Firma Usługi\u00a0Łąka sp.\u00a0z o.o.", "Rondo"],
)
def test_another_clients_name_or_key(stranger: str, to: str) -> None:
    assert codes(ME, letter(ME, stranger, to), to=to) == ["SS973 error"]
    (finding,) = found(ME, letter(ME, stranger, to), to=to)
    assert "'C-2000'" in finding.message and "C-100" in finding.message + "C-100" and "is what the client" in finding.message


def test_both_clients_are_named() -> None:
    (finding,) = found(ME, letter(ME, "Jan Kowalski"))
    assert "'Jan Kowalski'" in finding.message and "'C-1001'" in finding.message and finding.place.file == str(WHERE)


@pytest.mark.parametrize(
    "harmless",
    [
        "Jan Kowalskiego", "Janina", "C-10020", "C-100", "XC-1002", "1876543210", "Firma", "usługi", "jan kowalski's", "Rondolino",
        "2026 14 30 100",
    ],
)  # fmt: skip
def test_what_only_looks_like_one(harmless: str) -> None:
    assert codes(ME, letter(ME, harmless)) == []


def test_what_the_template_says_is_nobodys_name() -> None:
    """A client called `Rondo`, and a body that speaks of the Rondo."""
    assert codes(ME, letter(ME, "our office at the Rondo"), ("our office at the Rondo {{ name }}",)) == []


def test_the_addressees_own_street_and_name_are_theirs() -> None:
    assert codes_of(case("C-2001", "Jan Kowalski", address=("Rondo 1", "Anna Nowak-Lis"))) == []
    assert codes_of(case("C-2002", "Zakład Jan Kowalski i syn")) == []


def test_another_client_in_ones_own_reasons() -> None:
    one = case("C-2003", "Ewa Mazur", reasons=(LetterReason("r", "You share a contract with Anna Nowak-Lis."),))
    (finding,) = found(one, letter(one))
    assert finding.code == "SS973" and finding.severity.value == "error" and "reasons" in finding.message
    one = case("C-2003", "Ewa Mazur", reasons=(LetterReason("r", "Your region is Rondo."),))
    assert codes(one, letter(one)) == ["SS973 warning"]


@pytest.mark.parametrize("lost", ["Ewa Mazur", "N-C-2000-X9"])
def test_its_own_name_and_number_must_be_there(lost: str) -> None:
    (finding,) = found(ME, letter(ME).replace(lost, "…"))
    assert finding.code == "SS973" and lost in finding.message


@pytest.mark.parametrize(
    "name", ["A & B <Ltd> \"x\" 'y'", "*Bold* [x](y) _z_ \\ back", "=cmd|x", "{{ 7 * 7 }}", "{% raw %}", "Nan Goldin", "None & Sons"]
)
@pytest.mark.parametrize("to", ["html", "txt"])
def test_a_name_may_be_anything(name: str, to: str) -> None:
    one = case("C-2004", name)
    assert codes(one, letter(one, to=to), to=to) == []


@pytest.mark.parametrize("hole", ["Revenue was None.", "a margin of nan", "NaN%", "Dear {{ name }},", "{% if x %}", "Pa\ufffdstwo"])
@pytest.mark.parametrize("to", ["html", "txt"])
def test_holes(hole: str, to: str) -> None:
    assert codes(ME, letter(ME, hole, to), to=to) == ["SS974 error"]


@pytest.mark.parametrize("fine", ["finansowy", "Nonetheless", "bananas", "{ x }", "no one, none", "NaNo"])
def test_no_holes(fine: str) -> None:
    assert codes(ME, letter(ME, fine)) == []


def test_none_in_the_templates_own_words() -> None:
    assert codes(ME, letter(ME, "None of this is final."), ("None of this is final.",)) == []
    assert codes(ME, letter(ME, "Dear {{ name }}"), ("Dear {{ name }}",)) == ["SS974 error"]


def test_an_empty_reason_and_a_nameless_name() -> None:
    assert "SS974 error" in codes_of(case("C-1", "Ewa Mazur", reasons=(LetterReason("r", " "),)))
    assert codes_of(case("C-1", "nan")) == ["SS974 error"]
    assert codes_of(case("C-1", "Ewa Mazur", address=("NULL", "Opole"))) == ["SS974 error"]


def test_a_leak_is_found_after_thousands_of_letters() -> None:
    cases = [case(f"K-{n:05}", f"Klient Numer{n:05} Łódź") for n in range(3000)]
    checker = LetterChecker(cases, (), "html")
    assert not any(checker.findings(one, letter(one), WHERE) for one in cases)
    (finding,) = checker.findings(cases[2999], letter(cases[2999], letter(cases[0])), WHERE)[:1]
    assert "K-00000" in finding.message


@given(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=12, unique=True), st.text(max_size=60))
def test_any_names_any_text(names: list[str], text: str) -> None:
    """No name or text breaks it, and what it finds does stand there."""
    identities = Identities(((str(number),), name) for number, name in enumerate(names))
    plain = folded(text)
    for number in identities.within(plain):
        assert identities.which(number)[1] in plain


@given(st.text(st.characters(categories=("L",)), min_size=3, max_size=10), st.text(max_size=20), st.text(max_size=20))
def test_a_name_among_blanks_is_found(name: str, before: str, after: str) -> None:
    identities = Identities([(("k",), name)])
    if identities.of(("k",)):
        assert identities.within(folded(f"{before} {name} {after}"))


def doubles(*cases: LetterCase) -> list[tuple[str, str]]:
    return [(f.code, f.severity.value) for f in duplicate_recipients(cases, WHERE)]


@pytest.mark.parametrize(
    ("one", "other"), [("ab-1", "AB-1"), ("łódź", "ŁÓDŹ"), ("é", "e\u0301"), ("a1", "ａ1"), ("straße", "STRASSE"), (" a", "a")]
)
def test_keys_of_one_client(one: str, other: str) -> None:
    assert doubles(case(one, "X"), case(other, "Y", address=("z",))) == [("SS975", "error")]


def test_names_and_addresses() -> None:
    assert doubles(case("a", "Ewa  Mazur"), case("b", "EWA MAZUR", address=("UL. PROSTA 1", "warszawa"))) == [("SS975", "warning")]
    assert doubles(case("a", "Ewa Mazur"), case("b", "Ewa Mazur", address=("ul. Prosta 2", "Warszawa"))) == []
    assert doubles(case("a", None), case("b", None)) == []
    assert doubles(case("a", "X", address=()), case("b", "X", address=())) == []
    assert doubles(case(("a", "b"), "X"), case(("a", "c"), "Y", address=("z",))) == []
