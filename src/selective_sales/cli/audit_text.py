"""A fairness audit as a director reads it: the verdict, the gaps in words, the rates by group, what the gaps come from, proxies, notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..model.audit import Audit, DecisionAudit, DivisionAudit, GroupAudit, Verdict
from .audit_causes import Causes
from .audit_words import MEASURES, AuditSpeech
from .blocks import Block, markdown_of, text_of

MOST_SENTENCES = 20
MOST_RULES = 3
MOST_VALUES = 3
"""Of each division so many values are shown that are not strongly associated with it."""


def as_text(made: Audit, language: str) -> str:
    """For a terminal."""
    return text_of(Page(made, AuditSpeech(language, made)).blocks())


def as_markdown(made: Audit, language: str) -> str:
    """For a page."""
    return markdown_of(Page(made, AuditSpeech(language, made)).blocks())


def listed(rules: Sequence[str]) -> str:
    """The first few, and how many more."""
    more = f" + {len(rules) - MOST_RULES}" if len(rules) > MOST_RULES else ""
    return ", ".join(rules[:MOST_RULES]) + more


@dataclass(frozen=True, slots=True)
class Gap:
    """A group that is worse off, where that is said."""

    division: DivisionAudit
    decision: DecisionAudit
    group: GroupAudit


@dataclass(frozen=True, slots=True)
class Page:
    """Turns an audit into blocks."""

    made: Audit
    speech: AuditSpeech

    def blocks(self) -> Iterator[Block]:
        yield Block(self.headline(), lines=(*self.sentences(), *self.standard()), listed=True, top=True)
        for division in self.made.divisions:
            yield self.division(division)
        yield from Causes(self.made, self.speech).blocks()
        yield self.values()
        yield Block(
            lines=tuple(self.justifications()),
            heading=self.speech.either("The rules behind them", "Reguły, które za tym stoją"),
            listed=True,
        )
        yield Block(self.speech.say("Notes"), lines=tuple(self.notes()), listed=True)

    def headline(self) -> str:
        made, s = self.made, self.speech
        what = s.either("Fairness audit of", "Audyt równości:")
        when = f"{s.either('as of', 'stan na')} {made.as_of.isoformat()}"
        return f"{what} {made.policy_id} {made.policy_version}, {when}, {s.people(made.clients)}: {s.verdict(made.verdict, whole=True)}"

    def gaps(self) -> list[Gap]:
        """Those that fail, then those to be watched."""
        found = [Gap(d, c, g) for d in self.made.divisions for c in d.decisions for g in c.groups]
        return [gap for verdict in (Verdict.FAIL, Verdict.WATCH) for gap in found if gap.group.verdict is verdict]

    def sentences(self) -> Iterator[str]:
        s, gaps = self.speech, self.gaps()
        yield from map(self.sentence, gaps[:MOST_SENTENCES])
        if len(gaps) > MOST_SENTENCES:
            yield s.either(
                f"and {len(gaps) - MOST_SENTENCES} more, in the tables below", f"i dalsze {len(gaps) - MOST_SENTENCES}, w tabelach poniżej"
            )
        if not gaps:
            yield self.no_gap()

    def no_gap(self) -> str:
        s = self.speech
        if self.made.verdict is Verdict.INSUFFICIENT:
            return s.either(
                "Nothing can be said: no two groups are large enough, or too few have a compared decision.",
                "Nic nie można powiedzieć: nie ma dwóch dość licznych grup albo porównywana decyzja jest zbyt rzadka.",
            )
        small = sum(g.verdict is Verdict.INSUFFICIENT for d in self.made.divisions for c in d.decisions for g in c.groups)
        more = s.either(f" {small} rate(s) could not be compared.", f" Odsetki, których nie można było porównać: {small}.") if small else ""
        return s.either("No gap was found where groups could be compared.", "Tam, gdzie można było porównać grupy, nie ma różnic.") + more

    def sentence(self, gap: Gap) -> str:
        """The gap, its ratio, and why it has this verdict."""
        s, division, decision, group = self.speech, gap.division, gap.decision, gap.group
        first = group.comparisons[0]
        other = next(g for g in decision.groups if g.group == first.reference)
        one, two = (f"{s.group(division, g.group)} {s.percent(g.rate.value)}" for g in (group, other))
        counts = [s.either(f"({g.rate.decided} of {g.rate.clients})", f"({g.rate.decided} z {g.rate.clients})") for g in (group, other)]
        ratio = s.either(f"ratio {s.ratio(first.ratio)}", f"stosunek {s.ratio(first.ratio)}")
        if first.ratio is None:
            ratio = s.either("no ratio, as nobody of the other group has it", "bez stosunku, bo w drugiej grupie nikt jej nie ma")
        tested = f"p {s.p(first.p)}" + (
            f", {s.either('after Holm', 'po poprawce Holma')} {s.p(first.adjusted)}" if first.adjusted is not None else ""
        )
        head = f"{s.verdict(group.verdict or Verdict.FINE)}: {s.decision(decision)}, {s.name(division.id)}"
        return f"{head}: {one} {counts[0]}, {two} {counts[1]}; {ratio}, {tested}. {self.why(gap)}"

    def why(self, gap: Gap) -> str:
        s, first = self.speech, gap.group.comparisons[0]
        if gap.group.verdict is Verdict.FAIL:
            return s.either(
                "Further apart than the policy allows, and hardly by chance.",
                "Większa różnica, niż dopuszcza polityka, i raczej nie przypadek.",
            )
        if first.verdict is not Verdict.WATCH:
            return s.either(
                "Small on the whole, but not among clients who are alike (see below).",
                "Niewielka w całości, ale nie wśród klientów do siebie podobnych (patrz niżej).",
            )
        if first.below:
            return s.either(
                "Further apart than the policy allows, but it may be chance.",
                "Większa różnica, niż dopuszcza polityka, ale to może być przypadek.",
            )
        return s.either(
            "Within what the policy allows, but hardly by chance.", "W granicach dopuszczanych przez politykę, ale raczej nie przypadek."
        )

    def standard(self) -> Iterator[str]:
        s, standard, tests = self.speech, self.made.standard, self.made.tests
        least, most = s.number(standard.minimum_ratio, 2), s.number(1 / standard.minimum_ratio, 2)
        places = 0 if standard.significance * 100 % 1 == 0 else 1
        level, smallest = s.percent(standard.significance, places), s.number(standard.smallest_group)
        yield s.either(
            f"The policy's standard: a rate of at least {least} of the best group's (of a decision that needs approval, at most {most} of"
            f" the lowest), significance {level} after Holm over {tests} {'test' if tests == 1 else 'tests'}, groups of at least {smallest}"
            " clients. It fails where both are missed.",
            f"Standard polityki: odsetek co najmniej {least} najlepszej grupy (przy decyzji wymagającej zgody najwyżej {most} najniższego),"
            f" istotność {level} po poprawce Holma na liczbę testów ({tests}), grupy od {smallest} klientów."
            " Nie jest spełniony, gdy zawodzi jedno i drugie.",
        )
        yield s.either(
            "Passing this is a policy standard, not a legal finding; so is failing it. It says where a person has to look.",
            "Spełnienie go to standard polityki, a nie ocena prawna; niespełnienie też. Wskazuje, gdzie ma spojrzeć człowiek.",
        )
        if not standard.fails:
            yield s.either("The policy asks only to be told (on_breach: warn).", "Polityka chce tylko ostrzeżenia (on_breach: warn).")

    def division(self, division: DivisionAudit) -> Block:
        s = self.speech
        heading = s.either(f"By {s.name(division.id)}", f"Podział: {s.name(division.id)}")
        if division.too_many is not None:
            return Block(heading, lines=(s.either(f"{division.too_many} groups: too many to compare; declare bands.",
                                                  f"{division.too_many} grup: za dużo, by je porównać; podaj przedziały."),))  # fmt: skip
        both = any(g.to_best != g.to_largest for d in division.decisions for g in d.groups)
        heads = [
            "decision",
            "group",
            "clients",
            "with it",
            "rate",
            "to the best",
            *(["to the largest"] if both else []),
            "p",
            "p (Holm)",
            "verdict",
        ]
        rows = [tuple(map(s.say, heads))]
        for decision in division.decisions:
            for number, group in enumerate(decision.groups):
                rows.append(self.row(division, decision, group, both=both, first=number == 0))
        return Block(heading, tuple(rows), words=2)

    def row(self, division: DivisionAudit, decision: DecisionAudit, group: GroupAudit, *, both: bool, first: bool) -> tuple[str, ...]:
        s = self.speech
        shown = group.comparisons[0] if group.comparisons else None
        if group.lacking is not None:
            verdict = f"{s.verdict(Verdict.INSUFFICIENT)}: {s.lacking(group.lacking)}"
        else:
            verdict = "-" if group.verdict is None else s.verdict(group.verdict)
        return (
            s.decision(decision) if first else "",
            s.group(division, group.group),
            s.number(group.rate.clients),
            s.number(group.rate.decided),
            s.percent(group.rate.value),
            s.ratio(group.to_best),
            *([s.ratio(group.to_largest)] if both else []),
            s.p(None if shown is None else shown.p),
            s.p(None if shown is None else shown.adjusted),
            verdict,
        )

    def values(self) -> Block:
        """What the rules decide by, where it tells the groups apart; strong first."""
        s, rows, left = self.speech, [], 0
        for groups in dict.fromkeys(a.division for a in self.made.associations):
            mine = [a for a in self.made.associations if a.division == groups]
            strong = [a for a in mine if a.strong]
            weak = [a for a in mine if not a.strong]
            left += max(0, len(weak) - MOST_VALUES)
            for a in (*strong, *weak[:MOST_VALUES]):
                strength = "-" if a.strength is None else s.number(a.strength, 2) + (s.either(" strong", " silny") if a.strong else "")
                rows.append(
                    (
                        s.name(a.value_used),
                        s.name(groups) + (s.either(", in fifths", ", w piątych częściach") if a.in_fifths else ""),
                        listed([s.rule_title(rule) for rule in a.rules]),
                        s.say(MEASURES[a.measure]),
                        s.number(a.clients),
                        strength,
                    )
                )
        heads = tuple(map(s.say, ("value", "divides", "rules", "measured by", "clients", "association")))
        more = (s.either(f"{left} weaker one(s) are in the JSON output.", f"Słabsze ({left}) są w wyniku JSON."),) if left else ()
        return Block(s.say("Values that may stand for a protected group"), (heads, *rows) if rows else (), more if rows else (), words=4)

    def justifications(self) -> Iterator[str]:
        """What the policy says of each rule that carries a gap or stands on a strong association."""
        s, made = self.speech, self.made
        carrying = {
            c.rule for d in made.divisions for x in d.decisions for g in x.groups for c in g.carriers if c.part is not None and c.part > 0
        }
        strong = {rule for a in made.associations if a.strong for rule in a.rules}
        for note in made.rules:
            if note.id not in carrying | strong:
                continue
            why = note.justification
            if why is None:
                said = s.either("no justification is given", "brak uzasadnienia różnicy")
            else:
                parts = (
                    ("aim", "cel", why.aim),
                    ("appropriate", "dlaczego właściwe", why.appropriate),
                    ("necessary", "dlaczego konieczne", why.necessary),
                )
                said = "; ".join(f"{s.either(english, polish)}: {s.text(texts).rstrip('.')}" for english, polish, texts in parts)
            yield f"{s.rule(note)}: {said}"

    def notes(self) -> Iterator[str]:
        s, made = self.speech, self.made
        for name in made.not_audited:
            yield s.either(
                f"{s.name(name)} is protected, and nothing after across: looks at it.",
                f"{s.name(name)} to cecha chroniona, ale nie patrzy na nią nic spod across:.",
            )
        yield s.either(
            "A blank is a group of its own. Rates are of the final decisions, exceptions included.",
            "Brak danych tworzy własną grupę. Odsetki dotyczą decyzji ostatecznych, razem z wyjątkami.",
        )
