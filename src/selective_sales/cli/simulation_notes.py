"""What a simulation must say of itself: who is in no sum, what stayed fixed, what was assumed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..model.policy import MeasureName
from ..model.simulation import UNDETERMINED, Simulation
from .simulation_words import SimulationSpeech


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes below the tables."""

    made: Simulation
    speech: SimulationSpeech

    def all(self) -> Iterator[str]:
        """Who is in no sum, then what stayed fixed, then what was assumed."""
        yield from self.not_summed()
        yield from self.fixed()
        yield from self.assumed()

    def not_summed(self) -> Iterator[str]:
        """Clients who are not, or not quite, in the sums."""
        s, made = self.speech, self.made
        today = made.whole.today
        if today.uncounted:
            words = ("revenue or profit", "przychód lub zysk") if self.made.profit_known else ("revenue", "przychód")
            few, all_ = s.number(today.uncounted), s.people(today.clients)
            yield s.either(
                f"{few} of {all_}: {words[0]} not known. They are in no sum of money; nobody counts as 0.",
                f"{few} z {s.number(today.clients)}: nieznany {words[1]}. Nie ma ich w sumach pieniędzy; nikt nie liczy się jako 0.",
            )
        for word, missing in (("hours", today.hours_missing), ("conflicts", today.conflicts_missing)):
            if missing:
                yield s.either(
                    f"{s.people(missing)}: {s.say(word)} not known, and in no sum.",
                    f"{s.people(missing)}: {s.say(word)} - brak danych, poza sumą.",
                )
        undetermined = next((g for g in made.groups if g.decision == UNDETERMINED), None)
        if undetermined is not None and not undetermined.leaves:
            people, one = s.people(undetermined.steps.today.clients), undetermined.steps.today.clients == 1
            yield s.either(
                f"{people} undetermined: {'it stays, on a line of its own' if one else 'they stay, on a line of their own'}.",
                f"{people}, decyzja nierozstrzygnięta: {'zostaje, w osobnym wierszu' if one else 'zostają, w osobnym wierszu'}.",
            )
        if made.departure.avoidable.above:
            people = s.people(made.departure.avoidable.above)
            yield s.either(
                f"{people} who would leave: the avoidable cost is above the whole cost. Look at the measure avoidable_cost.",
                f"{people} spośród odchodzących: koszt do uniknięcia jest większy niż cały koszt. Sprawdź miarę avoidable_cost.",
            )

    def fixed(self) -> Iterator[str]:
        s, made = self.speech, self.made
        yield s.either(
            "Held fixed in the sums: every client's decision, thresholds, and what other clients do.",
            "Bez zmian w sumach pozostają: decyzje o klientach, progi i zachowanie innych klientów.",
        )
        if made.departure.sums.hours is not None and made.departure.sums.clients:
            yield s.either(
                "Freed hours are no money of their own: what they save is part of the cost saved.",
                "Uwolnione godziny to nie dodatkowe pieniądze: co oszczędzają, jest już w oszczędzonym koszcie.",
            )
        stays = made.whole.after.profit
        if made.departure.sums.clients and made.after.profit is not None and stays is not None and stays != made.after.profit.total:
            rest = s.amount(made.after.profit.total - stays)
            yield s.either(
                f"A cost of {rest} stays when its clients have left. It is no client's, so the tables of clients do not show it.",
                f"Koszt {rest} zostaje po klientach, którzy odeszli. Nie należy do żadnego klienta, więc nie widać go w tabelach klientów.",
            )
        if made.fixed:
            yield s.either(f"Held as in the run: {', '.join(made.fixed)}.", f"Jak w przebiegu: {', '.join(made.fixed)}.")
        for measure in made.follows:
            yield s.either(
                f"The profit is not calculated from what changes: it moves by as much as {measure} moves.",
                f"Zysk nie jest liczony z tego, co się zmienia: zmienia się o tyle, o ile {measure}.",
            )
        held = sum(group.held for group in made.groups if not group.leaves)
        if held:
            yield s.either(
                f"{s.people(held)}: on other terms nothing can be calculated; they count as they are today.",
                f"{s.people(held)}: na nowych warunkach nie da się policzyć; liczą się jak dziś.",
            )

    def assumed(self) -> Iterator[str]:
        """Measures that the policy does not declare, and those that nothing gives."""
        s = self.speech
        for meaning in self.made.meanings:
            if meaning.assumed:
                others = s.either(f" (not {', '.join(meaning.others)})", f" (a nie {', '.join(meaning.others)})") if meaning.others else ""
                yield s.either(
                    f"Assumed: {meaning.name} is {meaning.source}{others}; the policy does not say so under measures.",
                    f"Założenie: {meaning.name} to {meaning.source}{others}; polityka nie mówi tego w measures.",
                )
        lacking = [name.value for name in MeasureName if not self.made.has(name)]
        if lacking:
            yield s.either(f"The policy has no measure {', '.join(lacking)}.", f"Polityka nie ma miary: {', '.join(lacking)}.")
