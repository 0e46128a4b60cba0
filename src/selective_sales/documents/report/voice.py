"""A speaker in, what a report says of values out: money, numbers, shares, and what the policy calls its things. All of it is words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from ...model.explanation import NamedValue
from ...model.kind import Kind
from ...model.report import Called
from ...model.speaker import Speaker
from ...model.text import Texts
from .scales import shortened

LONGEST = 90
"""Letters of a name that are shown: a client may be called anything."""
OWN: Mapping[str, Mapping[str, str]] = {
    "pl": {
        "undetermined": "nierozstrzygnięte",
        "default": "decyzja domyślna",
        "exception": "wyjątek",
        "unknown": "brak danych",
        "blank": "brak danych",
        "rest": "pozostali",
        "measures.revenue": "przychód",
        "measures.cost_to_serve": "koszt obsługi",
        "measures.avoidable_cost": "koszt do uniknięcia",
        "measures.profit": "zysk",
        "measures.service_hours": "godziny obsługi",
        "measures.conflicts": "konflikty",
    },
    "en": {
        "undetermined": "undetermined",
        "default": "the default decision",
        "exception": "an exception",
        "unknown": "missing data",
        "blank": "not known",
        "rest": "the others",
        "measures.revenue": "revenue",
        "measures.cost_to_serve": "cost to serve",
        "measures.avoidable_cost": "avoidable cost",
        "measures.profit": "profit",
        "measures.service_hours": "service hours",
        "measures.conflicts": "conflicts",
    },
}
"""What the policy has no title for."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Words in the speaker's language. `titles` are what the policy calls its decisions, rules and the like."""

    speaker: Speaker
    titles: Mapping[str, Texts]

    def own(self, word: str) -> str:
        return OWN[self.speaker.language].get(word, word)

    def money(self, value: Decimal | None) -> str:
        return self.own("blank") if value is None else self.speaker.value(NamedValue("", Kind.MONEY, value))

    def signed(self, value: Decimal) -> str:
        """Money that is added or taken away."""
        return ("+" if value > 0 else "") + self.money(value)

    def number(self, value: int | Decimal | float, places: int = 1) -> str:
        """A number with so many places at most."""
        rounded = round(Decimal(str(value)), places)
        whole = rounded == rounded.to_integral_value()
        return self.speaker.value(NamedValue("", Kind.INTEGER if whole else Kind.NUMBER, int(rounded) if whole else rounded))

    def percent(self, part: Fraction | float | Decimal | None) -> str:
        """A share; a dash where there is none."""
        if part is None:
            return "–"
        exact = Decimal(part.numerator) / Decimal(part.denominator) if isinstance(part, Fraction) else Decimal(str(part))
        return self.speaker.value(NamedValue("", Kind.NUMBER, exact, format="percent"))

    def percent_round(self, part: float) -> str:
        """As it stands at an axis: without decimals."""
        return self.speaker.value(NamedValue("", Kind.NUMBER, Decimal(f"{part:.4f}"), format="percent", exact=True))

    def amount(self, of: Called, value: Decimal | None) -> str:
        """A sum of that value: money, or a number."""
        if value is None:
            return self.own("blank")
        return self.money(value) if of.kind is Kind.MONEY else self.number(value)

    def short(self, value: float) -> str:
        """As it stands at an axis."""
        return self.speaker.compact(Decimal(repr(value)))

    def called(self, of: Called) -> str:
        return self.speaker.text(of.title, self.own(of.name))

    def title(self, name: str) -> str:
        """A decision, a rule, a limit: by its title, else by its name."""
        return self.speaker.text(self.titles.get(name), self.own(name))

    def value_of(self, of: Called, value: str | None) -> str:
        """A value of a segment, by the word that the policy gives it."""
        if value is None:
            return self.own("blank")
        if of.kind is Kind.BOOLEAN:
            return self.speaker.value(NamedValue("", Kind.BOOLEAN, value == "true"))
        return shortened(self.speaker.value(NamedValue(of.name, Kind.TEXT, value, labels=of.labels)), LONGEST)

    def client(self, key: tuple[str, ...], name: str | None) -> str:
        """A client's name, with the key behind it."""
        identity = shortened(self.speaker.clean("|".join(key)), LONGEST)
        return identity if name is None else f"{shortened(self.speaker.clean(name), LONGEST)} ({identity})"
