"""The words of a decisions workbook, by language: Polish, and English for every other."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Headings:
    """Names of the sheets, headings of their columns, and what stands where no rule decided."""

    decisions: str
    rules: str
    facts: str
    waiting: str
    decision: str
    policy_decision: str
    decided_by: str
    fired: str
    missing: str
    possible: str
    name: str
    rule: str
    id: str
    leads_to: str
    clients: str
    share: str
    fact: str
    alone: str
    alone_amount: str
    among: str
    among_amount: str
    undetermined: str
    unknown: str
    default: str
    exception: str
    days: str
    months: str


_ENGLISH = Headings(
    decisions="Decisions",
    rules="Who decides",
    facts="What to find out",
    waiting="About whom",
    decision="Decision",
    policy_decision="Decision of the policy alone",
    decided_by="Decided by",
    fired="Rules that fired",
    missing="Missing",
    possible="Could be",
    name="Name",
    rule="Rule",
    id="Id",
    leads_to="Leads to",
    clients="Clients decided",
    share="Share of the clients",
    fact="Fact",
    alone="Clients it settles alone",
    alone_amount="{amount}: settled alone",
    among="Clients it settles with others",
    among_amount="{amount}: settled with others",
    undetermined="undetermined",
    unknown="data are missing",
    default="default",
    exception="exception",
    days="days",
    months="months",
)
_POLISH = Headings(
    decisions="Decyzje",
    rules="Co rozstrzyga",
    facts="Co ustalić",
    waiting="O kim",
    decision="Decyzja",
    policy_decision="Decyzja samej polityki",
    decided_by="Rozstrzygnęło",
    fired="Spełnione reguły",
    missing="Brakuje",
    possible="Możliwe decyzje",
    name="Nazwa",
    rule="Reguła",
    id="Identyfikator",
    leads_to="Prowadzi do",
    clients="Rozstrzygnięci klienci",
    share="Udział klientów",
    fact="Czego brakuje",
    alone="Klienci, których rozstrzygnie sam",
    alone_amount="{amount}: rozstrzygnięte samym",
    among="Klienci, których rozstrzygnie z innymi",
    among_amount="{amount}: rozstrzygnięte z innymi",
    undetermined="nierozstrzygnięte",
    unknown="brak danych",
    default="decyzja domyślna",
    exception="wyjątek",
    days="dni",
    months="mies.",
)


def headings(language: str) -> Headings:
    """The words of the language; a region does not matter (`pl-PL`, `en_GB`)."""
    return _POLISH if language.replace("_", "-").partition("-")[0].lower() == "pl" else _ENGLISH
