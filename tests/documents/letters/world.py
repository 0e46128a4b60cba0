"""A letterhead, a press and letters' cases for tests."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from selective_sales import wording
from selective_sales.documents.letters import LetterPress
from selective_sales.model.letter import LetterCase, LetterReason
from selective_sales.model.letterhead import Letterhead, Logo, Person, Said, Sender

SHIPPED = Path(__file__).parents[3] / "templates"
BODIES = ("decline", "renegotiate", "educate", "migrate", "no-fit", "missing-information", "thank-you")
LANGUAGES = ("pl", "en")
SPEAKERS = {language: wording.speaker(language, "PLN") for language in LANGUAGES}

_DAYS = {"pl": ("26 listopada 2026", "31 października 2026", "26 grudnia 2026", "10 grudnia 2026"),
         "en": ("26 November 2026", "31 October 2026", "26 December 2026", "10 December 2026")}  # fmt: skip
_REASONS = {
    "pl": (
        "Zgłoszeń serwisowych w ostatnich 12 miesiącach: 34; umowa obejmuje 20.",
        "Płatności wpływały w ostatnim roku średnio 41 dni po terminie.",
    ),
    "en": (
        "Service tickets in the last 12 months: 34; the contract covers 20.",
        "Payments arrived 41 days late on average in the last year.",
    ),
}
_CHANGES = {
    "pl": ("Przy co najwyżej 20 zgłoszeniach w roku: dalsza współpraca na nowych warunkach.",),
    "en": ("With at most 20 tickets a year: further cooperation on new terms.",),
}
_MISSING = {"pl": ("liczba zatrudnionych osób", "przychód za 2025 rok"), "en": ("number of employees", "revenue for 2025")}


def letterhead(**changes: object) -> Letterhead:
    sender = Sender(
        name=Said("Pracownia Łąkowa sp. z o.o.", "Pracownia Łąkowa Ltd."),
        address=(Said("ul. Źródlana 7/3", "ul. Źródlana 7/3"), Said("31-123 Kraków", "31-123 Kraków, Poland")),
        phone="+48 12 345 67 89",
        email="biuro@pracownia.example",
        website="pracownia.example",
        register=Said("KRS 0000123456 · NIP 676-000-00-00", "KRS 0000123456 · VAT PL6760000000"),
    )
    contact = Person("Żaneta Ćwikła", Said("opiekunka klientów", "client care"), "zaneta.cwikla@pracownia.example", "+48 12 345 67 80")
    signatory = Person("Józef Śniegoń", Said("dyrektor sprzedaży", "sales director"))
    made = Letterhead(sender, contact, signatory, place=Said("Kraków", "Kraków"), notice_days={"decline": 30})
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"><rect width="120" height="40" rx="6" fill="#1f3a5f"/></svg>'
LOGO = Logo("logo.svg", "image/svg+xml", SVG)


def case(body: str = "decline", language: str = "pl", **changes: object) -> LetterCase:
    date, as_of, effective_on, reply_by = _DAYS[language]
    undetermined = body == "missing-information"
    made = LetterCase(
        client=("C-0017",),
        language=language,
        body=body,
        reference="L-2026-0017",
        decision_id="undetermined" if undetermined else body,
        decision=body.capitalize(),
        decided_by="too_many_tickets",
        approval_needed=body == "decline",
        name="Zażółć Gęślą Jaźń s.c.",
        salutation=None,
        address=("ul. Świętej Łucji 12", "00-950 Warszawa"),
        reasons=() if undetermined else tuple(LetterReason(f"rule_{i}", text) for i, text in enumerate(_REASONS[language])),
        missing=_MISSING[language] if undetermined else (),
        changes=_CHANGES[language] if body == "decline" else (),
        date=date,
        as_of=as_of,
        effective_on=effective_on,
        reply_by=reply_by,
        policy="Dobór klientów" if language == "pl" else "Selective sales",
        policy_version="3",
    )
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def press(own: Path | None = None, **changes: object) -> LetterPress:
    made, findings = LetterPress.opened(SHIPPED, own, letterhead(**changes), SPEAKERS)
    assert made is not None, findings
    return made
