"""The words of a simulation in English and Polish, and how its numbers are written."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ..model.simulation import Simulation, TermChange
from .speech import Speech, are_few

POLISH = {
    "clients": "klienci",
    "revenue": "przychód",
    "cost": "koszt",
    "profit": "zysk",
    "margin": "marża",
    "hours": "godziny",
    "conflicts": "konflikty",
    "today": "dziś",
    "after": "po zmianach",
    "other terms": "nowe warunki",
    "none": "nikt",
    "decision": "decyzja",
    "undetermined": "nierozstrzygnięte",
    "What parting costs and saves": "Co daje i co kosztuje rozstanie",
    "Revenue lost": "Utracony przychód",
    "Revenue gained": "Dodatkowy przychód",
    "What these clients cost": "Koszt tych klientów",
    "Cost saved": "Oszczędzony koszt",
    "Cost saved, if all of it ends": "Oszczędzony koszt, jeśli zniknie cały",
    "Profit changes by": "Zmiana zysku",
    "at most, as their avoidable cost is not all known": "najwyżej, bo nie cały koszt do uniknięcia jest znany",
    "if nothing of the cost ended": "gdyby nie zniknęło nic z kosztu",
    "if all of the cost ended": "gdyby zniknął cały koszt",
    "Service hours freed": "Uwolnione godziny obsługi",
    "not known": "brak danych",
    "Conflicts gone": "Konflikty, które znikają",
    "Decided again on the other terms": "Rozstrzygnięcie od nowa na nowych warunkach",
    "By decision": "Według decyzji",
    "revenue after": "przychód potem",
    "profit after": "zysk potem",
    "by parting": "przez rozstanie",
    "by other terms": "przez nowe warunki",
    "Concentration": "Koncentracja",
    "Clients whose figures are known": "Klienci, których liczby są znane",
    "The best fifth by revenue": "Najlepsza piąta część według przychodu",
    "The best fifth by profit": "Najlepsza piąta część według zysku",
    "its part of the revenue": "jej udział w przychodzie",
    "its part of the profit": "jej udział w zysku",
    "Profit of the clients above zero": "Zysk klientów na plusie",
    "as a part of the total": "jako część całości",
    "clients at this peak": "klienci na tym szczycie",
    "Clients below zero": "Klienci na minusie",
    "what they take away again": "ile zabierają z powrotem",
    "Notes": "Uwagi",
}


@dataclass(frozen=True)
class SimulationSpeech(Speech):
    """A simulation in a language: its own words, the policy's titles, numbers as people write them."""

    made: Simulation
    words = POLISH

    def title(self, name: str) -> str:
        """What the policy calls a decision, its id behind it where that is another word."""
        texts = dict(self.made.titles).get(name)
        template = None if texts is None else texts.get(self.language)
        called = self.say(name) if template is None else "".join(map(str, template.parts))
        return called if called == name or template is None else f"{called} ({name})"

    def rule(self, by: str) -> str:
        """What decided: a rule's title, else its name."""
        own = {"default": self.either("the default", "decyzja domyślna"), "exception": self.either("a named exception", "imienny wyjątek")}
        own["unknown"] = self.either("missing data", "brak danych")
        texts = dict(self.made.titles).get(by)
        template = None if texts is None else texts.get(self.language)
        return own.get(by, by) if template is None else "".join(map(str, template.parts))

    def money(self, value: Decimal | None, *, signed: bool = False) -> str:
        return "" if value is None else self.number(value, 2, signed=signed)

    def amount(self, value: Decimal, *, signed: bool = False) -> str:
        """Money with its currency."""
        return f"{self.money(value, signed=signed)} {self.made.currency}"

    def hours(self, value: Decimal | None, *, signed: bool = False) -> str:
        return "" if value is None else self.number(value, 1, signed=signed)

    def count(self, value: Decimal | None, *, signed: bool = False) -> str:
        """A number that is mostly whole."""
        return "" if value is None else self.number(value, 0 if value == value.to_integral_value() else 1, signed=signed)

    def go(self, count: int) -> str:
        """`odchodzi 1 klient`, `odchodzą 2 klienci`, `odchodzi 5 klientów`."""
        return "Odchodzą" if are_few(count) else "Odchodzi"

    def decisions(self) -> str:
        return ", ".join(map(self.title, self.made.without)) if self.made.without else self.say("none")

    def change(self, change: TermChange) -> str:
        """The change as it was given; the decision by its name."""
        what = change.text.rpartition(":")[2]
        return what if change.decision is None else f"{what} ({self.title(change.decision)})"
