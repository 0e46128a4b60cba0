"""The words of a fairness audit in English and Polish, and how its rates and ratios are written."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..model.audit import Audit, DecisionAudit, DivisionAudit, GroupName, Lacking, Measured, RuleNote, Verdict
from ..model.text import Texts
from .speech import Speech

POLISH = {
    "decision": "decyzja",
    "group": "grupa",
    "clients": "klienci",
    "with it": "z decyzją",
    "rate": "odsetek",
    "to the best": "do najlepszej",
    "to the largest": "do największej",
    "p": "p",
    "p (Holm)": "p (Holm)",
    "verdict": "ocena",
    "value": "wartość",
    "divides": "podział",
    "association": "związek",
    "measured by": "miara",
    "rules": "reguły",
    "undetermined": "nierozstrzygnięte",
    "(blank)": "(brak danych)",
    "yes": "tak",
    "no": "nie",
    "FAILS": "NIE SPEŁNIA STANDARDU",
    "to be watched": "wymaga uwagi",
    "passes": "spełnia standard",
    "insufficient data": "za mało danych",
    "FAIL": "NARUSZENIE",
    "watch": "uwaga",
    "pass": "w normie",
    "insufficient": "za mało",
    "Values that may stand for a protected group": "Wartości, które mogą zastępować cechę chronioną",
    "Notes": "Uwagi",
    "Cramér's V": "V Craméra",
    "correlation ratio": "stosunek korelacyjny",
}
VERDICTS = {
    Verdict.FAIL: ("FAILS", "FAIL"),
    Verdict.WATCH: ("to be watched", "watch"),
    Verdict.FINE: ("passes", "pass"),
    Verdict.INSUFFICIENT: ("insufficient data", "insufficient"),
}
MEASURES = {Measured.CRAMERS_V: "Cramér's V", Measured.CORRELATION_RATIO: "correlation ratio"}


@dataclass(frozen=True)
class AuditSpeech(Speech):
    """An audit in a language: its own words, the policy's titles and labels, numbers as people write them."""

    made: Audit
    words = POLISH

    def text(self, texts: Texts | None) -> str:
        """In the language, else (as a person reads it, no client) in the one that there is."""
        if texts is None:
            return ""
        template = texts.get(self.language) or texts.by_language[0][1]
        return "".join(map(str, template.parts))

    def decision(self, decision: DecisionAudit) -> str:
        """What the policy calls it, its id behind it where that is another word."""
        return self.called(decision.decision, self.made.titles)

    def name(self, of: str) -> str:
        """A division, a business field or a value that rules use."""
        return self.called(of, self.made.names)

    def called(self, id: str, by: tuple[tuple[str, Texts], ...]) -> str:
        title = self.text(dict(by).get(id))
        if id == "undetermined":
            return self.say(id)
        return f"{title} ({id})" if title and title != id else id

    def group(self, division: DivisionAudit, name: GroupName) -> str:
        return self.value(division.id, name, division.is_condition)

    def value(self, of: str, value: GroupName, is_condition: bool = False) -> str:
        """A value of a division or business field, by its label."""
        if value is None:
            return self.say("(blank)")
        if is_condition:
            return self.say("yes" if value == "true" else "no")
        labels = dict(dict(self.made.labels).get(of, ())).get(self.language, ())
        return dict(labels).get(value, value) or '""'

    def rule(self, note: RuleNote) -> str:
        called = self.text(note.title)
        return f"{called} ({note.id})" if called and called != note.id else note.id

    def rule_title(self, id: str) -> str:
        """A rule among several: by its title alone."""
        return next((self.text(note.title) for note in self.made.rules if note.id == id), "") or id

    def verdict(self, verdict: Verdict, *, whole: bool = False) -> str:
        return self.say(VERDICTS[verdict][0 if whole else 1])

    def points(self, value: Fraction) -> str:
        """A difference of rates."""
        return self.number(abs(value) * 100, 1)

    def ratio(self, value: Fraction | float | None) -> str:
        """At four places, so that 0.7948 is not read as 0.8."""
        return "-" if value is None else self.number(value, 4)

    def p(self, value: float | None) -> str:
        if value is None:
            return "-"
        return f"<{self.localized('0.0001')}" if value < 0.00005 else self.number(value, 4)

    def lacking(self, why: Lacking) -> str:
        match why:
            case Lacking.SMALL:
                return self.either("too few clients in the group", "za mało klientów w grupie")
            case Lacking.ALONE:
                return self.either("no other group to compare with", "brak grupy do porównania")
            case Lacking.RARE:
                return self.either("too few decided so to tell", "za mało takich decyzji, by ocenić")
