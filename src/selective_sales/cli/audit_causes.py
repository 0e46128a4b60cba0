"""What the gaps of an audit come from, in sentences: business fields that explain them, rules that carry them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..model.audit import Audit, Carrier, DecisionAudit, DivisionAudit, Explains, GroupAudit, Stratified, Verdict
from .audit_words import AuditSpeech
from .blocks import Block

MOST_RULES = 5
MOST_STRATA = 6


@dataclass(frozen=True, slots=True)
class Causes:
    """Turns what was found about each gap into lines; of two decisions that say the same of the groups, the first."""

    made: Audit
    speech: AuditSpeech

    def blocks(self) -> Iterator[Block]:
        for division in self.made.divisions:
            told: list[tuple[object, ...]] = []
            for decision in division.decisions:
                for group in decision.groups:
                    if group.verdict in (Verdict.FAIL, Verdict.WATCH) and group.comparisons:
                        rates = {g.group: g.rate for g in decision.groups}
                        pair = (group.group, group.comparisons[0].reference)
                        same = (frozenset(pair), frozenset((g, min(rates[g].decided, rates[g].clients - rates[g].decided)) for g in pair))
                        if same not in told:
                            told.append(same)
                            yield self.gap(division, decision, group)

    def gap(self, division: DivisionAudit, decision: DecisionAudit, group: GroupAudit) -> Block:
        s, first = self.speech, group.comparisons[0]
        one, two = s.group(division, group.group), s.group(division, first.reference)
        what = f"{s.decision(decision)}, {s.name(division.id)}"
        heading = s.either(f"What the gap comes from ({what}: {one} beside {two})", f"Skąd bierze się różnica ({what}: {one} wobec {two})")
        lines = [self.explained(found) for found in group.explained]
        return Block(heading, lines=(*lines, *self.carried(group)), listed=True)

    def carried(self, group: GroupAudit) -> Iterator[str]:
        s, carriers = self.speech, [c for c in group.carriers if c.part != 0]
        yield from map(self.carrier, carriers[:MOST_RULES])
        if not carriers:
            yield s.either(
                "No single rule carries it: without any one of them it stays as it is.",
                "Nie wynika z żadnej pojedynczej reguły: bez każdej z osobna pozostaje taka sama.",
            )
        elif len(carriers) > MOST_RULES:
            more = len(carriers) - MOST_RULES
            yield s.either(f"{more} more rule(s) move it less.", f"Dalsze reguły ({more}) zmieniają ją mniej.")

    def carrier(self, carrier: Carrier) -> str:
        """What would be without the rule, as it was decided."""
        s = self.speech
        note = self.made.rule(carrier.rule)
        name = carrier.rule if note is None else s.rule(note)
        one, two = s.percent(carrier.group.value), s.percent(carrier.reference.value)
        if carrier.part is None:
            return s.either(f"Without the rule {name}: {one} beside {two}.", f"Bez reguły {name}: {one} wobec {two}.")
        part = s.percent(abs(carrier.part), 0)
        if carrier.part < 0:
            return s.either(
                f"Without the rule {name} it would be larger by {part}: {one} beside {two}.",
                f"Bez reguły {name} byłaby większa o {part}: {one} wobec {two}.",
            )
        return s.either(
            f"Without the rule {name}, {part} of it goes: {one} beside {two}.", f"Bez reguły {name} znika z niej {part}: {one} wobec {two}."
        )

    def explained(self, found: Stratified) -> str:
        s = self.speech
        field = s.name(found.field)
        figures = f"{s.either('ratio', 'stosunek')} {s.ratio(found.ratio)}, p {s.p(found.p)}"
        match found.explains:
            case Explains.ALL:
                said = s.either(f"Among clients with the same {field} it is gone", f"Wśród klientów o tej samej wartości {field} znika")
            case Explains.PARTLY:
                said = s.either(
                    f"Among clients with the same {field} it is smaller", f"Wśród klientów o tej samej wartości {field} jest mniejsza"
                )
            case Explains.NOTHING:
                said = s.either(
                    f"{field} does not explain it: among clients with the same value it stays",
                    f"{field} jej nie tłumaczy: wśród klientów o tej samej wartości pozostaje",
                )
            case Explains.REVERSED:
                said = s.either(
                    f"Among clients with the same {field} it is the other way round",
                    f"Wśród klientów o tej samej wartości {field} jest odwrotnie",
                )
            case Explains.HIDES:
                said = s.either(
                    f"Among clients with the same {field} there is a gap that the whole does not show",
                    f"Wśród klientów o tej samej wartości {field} jest różnica, której nie widać w całości",
                )
            case Explains.NO_GAP:
                said = s.either(
                    f"Among clients with the same {field} there is no gap either",
                    f"Wśród klientów o tej samej wartości {field} też jej nie ma",
                )
            case Explains.TOO_FEW:
                return s.either(
                    f"Too few clients of both groups share a value of {field} to say more.",
                    f"Zbyt mało klientów obu grup ma tę samą wartość {field}, by powiedzieć więcej.",
                )
        return f"{said} ({figures}){self.strata(found)}."

    def strata(self, found: Stratified) -> str:
        """The largest values side by side, where they say other than the whole."""
        if found.explains not in (Explains.ALL, Explains.REVERSED, Explains.HIDES):
            return ""
        s = self.speech
        both = [x for x in found.strata if x.group.clients and x.reference.clients]
        shown = "; ".join(
            f"{s.value(found.field, x.value)} {s.percent(x.group.value)} {s.either('beside', 'wobec')} {s.percent(x.reference.value)}"
            for x in both[:MOST_STRATA]
        )
        return f": {shown}" + ("; ..." if len(both) > MOST_STRATA else "")
