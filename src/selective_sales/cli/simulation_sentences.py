"""A simulation in a few sentences: what parting loses and saves, from where it pays, what other terms change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from ..model.simulation import Departure, Simulation
from .simulation_words import SimulationSpeech


@dataclass(frozen=True, slots=True)
class Sentences:
    """What a simulation comes to, in words."""

    made: Simulation
    speech: SimulationSpeech

    def all(self) -> Iterator[str]:
        s, departure, steps = self.speech, self.made.departure, self.made.whole
        if self.made.without and not departure.sums.clients:
            yield s.either("No client has such a decision: nobody leaves.", "Żaden klient nie ma takiej decyzji: nikt nie odchodzi.")
        if departure.sums.clients:
            yield from self.about_parting()
            yield from self.other_grounds()
        if self.made.changes and steps.terms.profit is not None:
            change, after = steps.terms.profit, steps.after.profit
            assert after is not None
            yield s.either(
                f"The other terms change the profit by {s.amount(change, signed=True)}, to {s.amount(after)}.",
                f"Nowe warunki zmieniają zysk o {s.amount(change, signed=True)}, do {s.amount(after)}.",
            )

    def about_parting(self) -> Iterator[str]:
        s, d = self.speech, self.made.departure
        people, lost = s.people(d.sums.clients), s.amount(d.lost)
        if not self.made.profit_known:
            gone = s.go(d.sums.clients)
            yield s.either(
                f"Without {people} the revenue falls by {lost}. What they cost is not known: declare measures: cost_to_serve or profit.",
                f"{gone} {people}: przychód spada o {lost}. Ich koszt nie jest znany: zadeklaruj measures: cost_to_serve albo profit.",
            )
            return
        yield self.lost_and_saved(people, d)
        if not d.declared:
            worst = s.amount(d.net_if_nothing, signed=True)
            yield s.either(
                "This assumes that ALL of their cost ends with them, which is optimistic: the policy has no avoidable_cost. "
                f"If none of it ended, the profit would change by {worst}.",
                "To zakłada, że CAŁY ich koszt znika razem z nimi, co jest optymistyczne: polityka nie ma avoidable_cost. "
                f"Gdyby nie zniknęło nic, zysk zmieniłby się o {worst}.",
            )
        yield self.break_even(d)

    def lost_and_saved(self, people: str, d: Departure) -> str:
        """Both in one sentence; a revenue below zero is not lost, a cost below zero not saved."""
        s, net, gone = self.speech, self.speech.amount(d.net, signed=True), self.speech.go(d.sums.clients)
        lost, saved = s.amount(abs(d.lost)), s.amount(abs(d.saved))
        revenue = s.either(
            f"loses {lost} of revenue" if d.lost >= 0 else f"has {lost} more revenue, as theirs is below zero,",
            f"traci {lost} przychodu" if d.lost >= 0 else f"ma o {lost} więcej przychodu, bo ich przychód jest ujemny,",
        )
        cost = s.either(
            f"saves {saved} of cost" if d.saved >= 0 else f"bears {saved} more cost, as theirs is below zero",
            f"oszczędza {saved} kosztu" if d.saved >= 0 else f"ponosi o {saved} więcej kosztu, bo ich koszt jest ujemny",
        )
        return s.either(
            f"Without {people} the company {revenue} and {cost}: the profit changes by {net}.",
            f"{gone} {people}: firma {revenue} i {cost}; zysk zmienia się o {net}.",
        )

    def break_even(self, d: Departure) -> str:
        s, even = self.speech, d.break_even
        if even is None:
            return s.either(
                "Their cost is not above zero: there is nothing to save.", "Ich koszt nie jest dodatni: nie ma czego oszczędzać."
            )
        if even <= 0:
            return s.either(
                "They bring no revenue on balance: parting costs nothing, whatever part of their cost ends.",
                "W sumie nie przynoszą przychodu: rozstanie nic nie kosztuje, jakakolwiek część kosztu zniknie.",
            )
        if even > 1:
            english, polish = "Parting", "Rozstanie"
            if any(not ground.money for ground in self.made.grounds):
                english, polish = "In money, parting", "Pod względem pieniędzy rozstanie"
            return s.either(
                f"{english} does not pay even if all of their cost ends: they bring more than they cost.",
                f"{polish} nie opłaca się, nawet gdyby zniknął cały ich koszt: przynoszą więcej, niż kosztują.",
            )
        said = self.declared_part(d.part) if d.declared else ""
        return s.either(
            f"Parting pays from the point where {s.percent(even)} of their cost ends with them{said}.",
            f"Rozstanie opłaca się dopiero, gdy zniknie {s.percent(even)} ich kosztu{said}.",
        )

    def other_grounds(self) -> Iterator[str]:
        """Whom the policy parts with for something else than money: no sum here judges that."""
        s, others = self.speech, [g for g in self.made.grounds if not g.money]
        if not others:
            return
        named = ", ".join(f"{s.rule(g.by)} ({s.number(g.clients)})" for g in others)
        some, all_ = sum(g.clients for g in others), self.made.departure.sums.clients
        if some == all_:
            yield s.either(
                f"Money is not why they leave. What decides is: {named}. No sum here judges that.",
                f"To nie pieniądze są powodem odejścia. Rozstrzyga: {named}. Żadna z tych sum tego nie ocenia.",
            )
        else:
            yield s.either(
                f"Money is not why {s.number(some)} of the {s.number(all_)} leave. What decides is: {named}. No sum here judges that.",
                f"U {s.number(some)} z {s.number(all_)} odchodzących powodem nie są pieniądze. Rozstrzyga: {named}. "
                "Żadna z tych sum tego nie ocenia.",
            )

    def declared_part(self, part: Fraction | None) -> str:
        return self.speech.either(
            f"; by the policy {self.speech.percent(part)} does", f"; według polityki znika {self.speech.percent(part)}"
        )
