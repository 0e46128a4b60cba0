"""A field's name in, what it says of a person out: a trait that the law protects, or one that may stand for such a trait.

By whole words, so that `trace`, `sextant`, `package` and `average` say nothing; and by the words beside them, so that the age of a client
counts and the age of an invoice does not. The traits are those of the Polish Act of 3 December 2010 and of article 21 of the EU Charter,
with what shows them (a PESEL number holds sex and date of birth). Names are compared in small letters and without Polish accents.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import pairwise

_POLISH = str.maketrans("ąćęłńóśźż", "acelnoszz")

_SEX, _AGE, _BIRTH, _ORIGIN = "sex", "age", "birth", "ethnic or social origin"
_NATIONALITY, _RELIGION, _VIEWS, _FAMILY = "nationality", "religion or belief", "political opinion or worldview", "family status"
_DISABILITY, _MINORITY, _LANGUAGE, _PROPERTY = "disability", "national minority", "language", "property"

_WORDS = {
    **dict.fromkeys("sex sexes gender genders plec plci plcia pregnant pregnancy ciaza ciazy maternity".split(), _SEX),
    **dict.fromkeys("dob birth birthday birthdate birthyear birthplace urodziny".split(), _BIRTH),
    **dict.fromkeys("race races rasa rasy".split(), "race"),
    **dict.fromkeys("ethnicity ethnic etnicznosc".split(), _ORIGIN),
    **dict.fromkeys("religion religious religia denomination belief beliefs".split(), _RELIGION),
    **dict.fromkeys("worldview swiatopoglad political".split(), _VIEWS),
    **dict.fromkeys("handicap handicapped inwalidztwo inwalida".split(), _DISABILITY),
    **dict.fromkeys("marital".split(), _FAMILY),
    **dict.fromkeys("genetic genetics genetyka genom genome".split(), "genetic features"),
    "pesel": "sex and date of birth",
    "wealth": _PROPERTY,
}
_STEMS = (
    ("urodzeni", _BIRTH), ("narodowosc", _NATIONALITY), ("obywatelstw", _NATIONALITY), ("nationalit", _NATIONALITY),
    ("citizenship", _NATIONALITY), ("cudzoziem", _NATIONALITY), ("niepelnosprawn", _DISABILITY), ("disabilit", _DISABILITY),
    ("religij", _RELIGION),
    ("wyznani", _RELIGION), ("etniczn", _ORIGIN), ("swiatopoglad", _VIEWS), ("polityczn", _VIEWS), ("genetyczn", "genetic features"),
    ("seksualn", "sexual orientation"),
)  # fmt: skip
"""Words that begin so: long enough to be nothing else."""
_PAIRS = {
    ("personal", "status"): "sex and family status", ("foreign", "worker"): _NATIONALITY, ("foreign", "national"): _NATIONALITY,
    ("national", "origin"): _ORIGIN, ("ethnic", "origin"): _ORIGIN, ("social", "origin"): _ORIGIN, ("pochodzenie", "spoleczne"): _ORIGIN,
    ("skin", "colour"): "colour", ("skin", "color"): "colour", ("kolor", "skory"): "colour",
    ("stan", "cywilny"): _FAMILY, ("civil", "status"): _FAMILY, ("family", "status"): _FAMILY, ("trade", "union"): _VIEWS,
    ("mother", "tongue"): _LANGUAGE, ("native", "language"): _LANGUAGE, ("jezyk", "ojczysty"): _LANGUAGE,
    ("national", "minority"): _MINORITY, ("ethnic", "minority"): _MINORITY, ("mniejszosc", "narodowa"): _MINORITY,
    ("sexual", "orientation"): "sexual orientation", ("gender", "identity"): _SEX,
    ("status", "majatkowy"): _PROPERTY, ("stan", "majatkowy"): _PROPERTY, ("property", "status"): _PROPERTY,
    ("party", "membership"): _VIEWS,
}  # fmt: skip
_OF_PERSONS = {
    **dict.fromkeys("age ages wiek wieku".split(), _AGE),
    **dict.fromkeys("senior seniors pensioner emeryt".split(), _AGE),
    **dict.fromkeys("born".split(), _BIRTH),
    **dict.fromkeys("disabled".split(), _DISABILITY),
    **dict.fromkeys("orientation orientacja".split(), "sexual orientation"),
    **dict.fromkeys("minority mniejszosc".split(), _MINORITY),
    **dict.fromkeys("faith".split(), _RELIGION),
}
"""Words that say something of a person only where nothing but persons and ways to count stand beside them."""
_PERSONS = frozenset(
    (
        "client clients customer customers person persons people owner holder buyer contact user member citizen applicant borrower human "
        "klient klienta klientow klientki osoba osoby wlasciciel wlasciciela nabywca nabywcy kupujacego kontaktu "
        "group groups band bands bracket range class category years yrs year lata latach grupa grupy przedzial kategoria kategorii klasa "
        "is has czy jest flag the of at on in my of avg mean number date to from"
    ).split()
)
_WATCHED = {
    **dict.fromkeys("postcode postcodes postal zip zipcode pocztowy plz".split(), "postcode"),
    **dict.fromkeys("language languages lang jezyk jezyka".split(), "language"),
    **dict.fromkeys("country countries kraj kraju panstwo".split(), "country"),
    **dict.fromkeys("surname lastname firstname forename nazwisko nazwiska imie imienia".split(), "name"),
}
_NAMES = frozenset("name names nazwa nazwy".split())
_NAMED = _PERSONS | frozenset("first last full given family middle legal company firm firma firmy business and i".split())
_NOT_WATCHED = frozenset(
    "manager rep team programming model software query file archive api interface product produktu opiekun opiekuna seller".split()
)
_NO_TRAIT = {("good", "faith"), ("bad", "faith"), ("birth", "rate"), ("political", "risk"), ("horse", "race"), ("race", "event")}
STANDS_FOR = {
    "postcode": "ethnic or social origin",
    "language": "nationality or ethnic origin",
    "country": "nationality or ethnic origin",
    "name": "sex or ethnic origin",
}
"""What the watched names may stand for."""


@lru_cache(maxsize=4096)
def words(header: str) -> tuple[str, ...]:
    """The words of a header, in small letters: `MonthlyCharges`, `monthly_charges` and `Monthly charges` are the same two."""
    parted = []
    for position, letter in enumerate(header):
        before, after = header[position - 1 : position], header[position + 1 : position + 2]
        inner = letter.isupper() and (before.islower() or (before.isupper() and after.islower()))
        if inner or (letter.isdigit() and before.isalpha()) or (letter.isalpha() and before.isdigit()):
            parted.append(" ")
        parted.append(letter if letter.isalnum() else " ")
    return tuple("".join(parted).lower().split())


def protected_trait(name: str) -> str | None:
    """The trait that the law protects and the name speaks of, as the law calls it; or None."""
    found = _folded(name)
    pairs = set(pairwise(found))
    if not pairs.isdisjoint(_NO_TRAIT):
        return None
    for pair in pairs:
        if pair in _PAIRS:
            return _PAIRS[pair]
    for word in found:
        if word in _WORDS:
            return _WORDS[word]
        if word in _OF_PERSONS and all(other in _PERSONS or other.isdigit() or other in _OF_PERSONS for other in found):
            return _OF_PERSONS[word]
        trait = next((trait for stem, trait in _STEMS if word.startswith(stem)), None)
        if trait is not None:
            return trait
    return None


def watched(name: str) -> str | None:
    """`postcode`, `language`, `country` or `name` where the field is one: neutral, and yet it may stand for a protected trait."""
    found = _folded(name)
    if not _NOT_WATCHED.isdisjoint(found):
        return None
    for word in found:
        if word in _WATCHED:
            return _WATCHED[word]
    return "name" if not _NAMES.isdisjoint(found) and all(w in _NAMED or w in _NAMES or w.isdigit() for w in found) else None


def _folded(name: str) -> tuple[str, ...]:
    found = words(name if name.isascii() else unicodedata.normalize("NFC", name))
    return found if name.isascii() else tuple(word.translate(_POLISH) for word in found)
