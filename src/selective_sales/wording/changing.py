"""What would have led to another decision, as a courteous sentence of a letter, in Polish and English.

A label stands in quotes and in the nominative, whatever its gender and number: no language's grammar bends a word that an author wrote.
"""

from __future__ import annotations

from enum import StrEnum


class Way(StrEnum):
    """How the value that would have done is held against others: from it on, up to it, or it alone."""

    AT_LEAST = "at least"
    AT_MOST = "at most"
    EXACTLY = "exactly"
    NOT_BEFORE = "not before"
    NOT_AFTER = "not after"
    ON = "on"
    SAYS = "says"


_SENTENCES = {
    "pl": {
        Way.AT_LEAST: "gdyby wartość „{label}” wynosiła co najmniej {to}; obecnie wynosi {now}",
        Way.AT_MOST: "gdyby wartość „{label}” wynosiła najwyżej {to}; obecnie wynosi {now}",
        Way.EXACTLY: "gdyby wartość „{label}” wynosiła {to}, a nie {now}",
        Way.NOT_BEFORE: "gdyby data „{label}” przypadała nie wcześniej niż {to}; obecnie to {now}",
        Way.NOT_AFTER: "gdyby data „{label}” przypadała nie później niż {to}; obecnie to {now}",
        Way.ON: "gdyby data „{label}” przypadała {to}, a nie {now}",
        Way.SAYS: "gdyby w pozycji „{label}” było: {to}; obecnie jest: {now}",
    },
    "en": {
        Way.AT_LEAST: "if “{label}” had been at least {to}; it is {now}",
        Way.AT_MOST: "if “{label}” had been at most {to}; it is {now}",
        Way.EXACTLY: "if “{label}” had been {to} instead of {now}",
        Way.NOT_BEFORE: "if “{label}” had not been before {to}; it is {now}",
        Way.NOT_AFTER: "if “{label}” had not been after {to}; it is {now}",
        Way.ON: "if “{label}” had been {to} instead of {now}",
        Way.SAYS: "if “{label}” had been: {to}; it is: {now}",
    },
}
_BEGINNING = {"pl": "Decyzja byłaby inna", "en": "The decision would have been different"}


def change(label: str, now: str, to: str, way: Way, language: str) -> str:
    """One sentence; the words are those of `pl` or `en`.

    >>> change("payment delay", "46 days", "45 days", Way.AT_MOST, "en")
    'The decision would have been different if “payment delay” had been at most 45 days; it is 46 days.'
    """
    comma = "," if language == "pl" else ""
    return f"{_BEGINNING[language]}{comma} {_SENTENCES[language][way].format(label=label, to=to, now=now)}."
