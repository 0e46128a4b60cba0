"""The few words of its own that the room needs, by language. Numbers, dates, units and currencies are Babel's."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Words:
    """`points`: percentage points by CLDR plural category. The sentences on distance have the places value, by and threshold."""

    yes: str
    no: str
    no_data: str
    points: dict[str, str]
    above: str
    below: str
    later: str
    earlier: str
    exactly: str
    threshold: str
    named: str
    causes: Causes


@dataclass(frozen=True, slots=True)
class Causes:
    """Why there is no value where no data is blank. `division_of` has the place divisor; `not_computable`: no more is known."""

    division: str
    division_of: str
    overflow: str
    no_rows: str
    unreadable: str
    stated: str
    not_computable: str
    not_given: str
    no_row: str
    many_rows: str
    rows_disagree: str
    no_total: str
    condition: str


@dataclass(frozen=True, slots=True)
class Groups:
    """Headings of nested conditions. `at_least` has the places count, total and tally."""

    all: str
    any: str
    none: str
    not_: str
    at_least: str
    held: dict[str, str]
    unknown: str


_ENGLISH_CAUSES = Causes(
    division="division by zero",
    division_of="division by zero ({divisor} = 0)",
    overflow="the number grew out of range",
    no_rows="no rows to calculate it from",
    unreadable="the text cannot be read",
    stated="the policy says it is missing",
    not_computable="cannot be computed",
    not_given="was not given",
    no_row="no row of the table matches",
    many_rows="more than one row of the table matches",
    rows_disagree="rows of the table that match disagree",
    no_total="the total of all clients is not positive",
    condition="condition",
)
_POLISH_CAUSES = Causes(
    division="dzielenie przez zero",
    division_of="dzielenie przez zero ({divisor} = 0)",
    overflow="liczba poza zakresem",
    no_rows="brak wierszy do obliczenia",
    unreadable="nieczytelny tekst",
    stated="polityka mówi, że brak tu danych",
    not_computable="nie da się obliczyć",
    not_given="nie podano",
    no_row="żaden wiersz tablicy nie pasuje",
    many_rows="pasuje więcej niż jeden wiersz tablicy",
    rows_disagree="pasujące wiersze tablicy są ze sobą sprzeczne",
    no_total="suma wszystkich klientów nie jest dodatnia",
    condition="warunek",
)
_ENGLISH_GROUPS = Groups(
    all="all of:",
    any="one of:",
    none="none of:",
    not_="not:",
    at_least="at least {count} of {total} ({tally}):",
    held={"one": "{number} holds", "other": "{number} hold"},
    unknown="{number} unknown",
)
_POLISH_GROUPS = Groups(
    all="wszystkie z:",
    any="co najmniej jeden z:",
    none="żaden z:",
    not_="nie:",
    at_least="co najmniej {count} z {total} ({tally}):",
    held={"other": "spełnione: {number}"},
    unknown="nieznane: {number}",
)


_ENGLISH = Words(
    yes="yes",
    no="no",
    no_data="no data",
    points={"one": "percentage point", "other": "percentage points"},
    above="{value} — {by} above {threshold}",
    below="{value} — {by} below {threshold}",
    later="{value} — {by} after {threshold}",
    earlier="{value} — {by} before {threshold}",
    exactly="{value} — exactly at {threshold}",
    threshold="the threshold {threshold}",
    named="{name} ({threshold})",
    causes=_ENGLISH_CAUSES,
)
# "niż" takes the nominative, so that a label written by the policy's author never needs another case.
_POLISH = Words(
    yes="tak",
    no="nie",
    no_data="brak danych",
    points={"one": "punkt procentowy", "few": "punkty procentowe", "many": "punktów procentowych", "other": "punktu procentowego"},
    above="{value} — o {by} więcej niż {threshold}",
    below="{value} — o {by} mniej niż {threshold}",
    later="{value} — o {by} później niż {threshold}",
    earlier="{value} — o {by} wcześniej niż {threshold}",
    exactly="{value} — dokładnie tyle co {threshold}",
    threshold="próg {threshold}",
    named="{name} ({threshold})",
    causes=_POLISH_CAUSES,
)
# A language without words of its own gets signs, never another language's words.
_SIGNS = Words(
    yes="✓",
    no="✗",
    no_data="—",
    points={"other": "pp"},
    above="{value} (+{by}: {threshold})",
    below="{value} (−{by}: {threshold})",
    later="{value} (+{by}: {threshold})",
    earlier="{value} (−{by}: {threshold})",
    exactly="{value} (= {threshold})",
    threshold="{threshold}",
    named="{name} {threshold}",
    causes=_ENGLISH_CAUSES,
)


@lru_cache(maxsize=64)
def groups(language: str) -> Groups:
    """The headings of nested conditions: Polish, and English for every other language."""
    return _POLISH_GROUPS if words(language) is _POLISH else _ENGLISH_GROUPS


@lru_cache(maxsize=64)
def words(language: str) -> Words:
    """The words of the language; a region does not matter (`pl-PL`, `en_GB`)."""
    match language.replace("_", "-").partition("-")[0].lower():
        case "pl":
            return _POLISH
        case "en":
            return _ENGLISH
        case _:
            return _SIGNS
