"""The shell's own words, by language; a language without them is refused before a letter is made."""

from __future__ import annotations

from .view import WordsView

WORDS = {
    "pl": WordsView(
        reference="Nasz znak",
        client="Nr klienta",
        date="Data",
        as_of="Stan danych na",
        rules="Zasady",
        version="wersja",
        contact="Osoba do kontaktu",
        phone="tel.",
        email="e-mail",
        page="Strona",
        of="z",
        draft="PROJEKT",
        draft_note="List nie został jeszcze zatwierdzony i nie jest do wysłania.",
    ),
    "en": WordsView(
        reference="Our reference",
        client="Client no.",
        date="Date",
        as_of="Data as of",
        rules="Rules",
        version="version",
        contact="Your contact",
        phone="phone",
        email="email",
        page="Page",
        of="of",
        draft="DRAFT",
        draft_note="This letter is not yet approved, and not to be sent.",
    ),
}
LANGUAGES = tuple(WORDS)
