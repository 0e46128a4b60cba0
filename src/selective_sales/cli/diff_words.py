"""What both the terminal and a review say of a comparison: numbers, money, the headline, the causes in their order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from ..model.comparison import Cause, CauseTotal, Change, Comparison, Effect, GateResult, Moved, Movement, Sentence
from .speech import Speech

POLISH = {
    "as of": "stan na",
    "undetermined": "nierozstrzygnięte",
    "nothing": "nic",
    "total": "razem",
    "What changed in the policy": "Co się zmieniło w polityce",
    "What changed in its words only": "Co się zmieniło tylko w słowach",
    "What is said of the whole": "Co dotyczy całości",
    "Nothing changed in meaning.": "Znaczenie się nie zmieniło.",
    "Nobody's decision changes.": "Niczyja decyzja się nie zmienia.",
    "Before (rows) and after (columns)": "Przed (wiersze) i po (kolumny)",
    "Who moves, and why": "Kto się przesuwa i dlaczego",
    "through the rule": "przez regułę",
    "any of these alone": "każda z tych zmian z osobna",
    "only together": "dopiero razem",
    "moves nobody": "nikogo nie przesuwa",
    "no single cause was found": "nie znaleziono jednej przyczyny",
    "and more": "i dalsi",
    "and others": "i inne",
    "only in the old data": "tylko w starych danych",
    "only in the new data": "tylko w nowych danych",
    "newly undetermined, missing": "nowe nierozstrzygnięte, brakuje",
    "no longer undetermined": "już rozstrzygnięte",
    "same decision, for another rule": "ta sama decyzja, inna reguła",
    "Limits and guarantees": "Limity i gwarancje",
    "newly breached": "nowe naruszenie",
    "newly not judged": "teraz nie wiadomo",
    "healed": "znów dotrzymane",
    "Gates": "Bramki",
    "kept": "dotrzymana",
    "BREACHED": "NARUSZONA",
    "at most": "najwyżej",
    "it is": "jest",
    "not known of": "nieznane u klientów:",
    "default": "decyzja domyślna",
    "exception": "wyjątek",
    "unknown": "brak danych",
    "by the data, not by the policy": "przez dane, nie przez politykę",
    "by the data or the date, not by the policy": "przez dane lub datę, nie przez politykę",
    "The two runs are not over the same data.": "Przebiegi nie dotyczą tych samych danych.",
    "by the policy and the data together": "przez politykę i dane razem",
    "by the policy or the data, it cannot be told which": "przez politykę lub dane, nie da się stwierdzić",
    "by an exception": "przez wyjątek",
}


@dataclass(frozen=True)
class Words(Speech):
    """A comparison in a language."""

    comparison: Comparison
    words = POLISH

    @property
    def movement(self) -> Movement:
        assert self.comparison.movement is not None
        return self.comparison.movement

    def title(self, name: str) -> str:
        texts = dict(self.comparison.titles).get(name)
        template = None if texts is None else texts.get(self.language)
        return self.say(name) if template is None else "".join(p for p in template.parts if isinstance(p, str))

    def money(self, amount: Decimal | None) -> str:
        if amount is None or self.movement.money is None:
            return ""
        return f"{self.number(amount, 2)} {self.movement.currency}"

    def share(self, part: Decimal | int, whole: Decimal | int) -> str:
        if not whole or whole < 0:
            return ""
        percent = Decimal(part) / Decimal(whole) * 100
        places = Decimal("0.1") if abs(percent) >= Decimal("0.05") or not percent else Decimal("0.001")
        return self.localized(f"{percent.quantize(places, ROUND_HALF_UP)}%")

    @cached_property
    def all_money(self) -> Decimal | None:
        known = [p.money for p in self.movement.passages if p.money is not None]
        return sum(known, Decimal(0)) if known else None

    @cached_property
    def moved_money(self) -> Decimal | None:
        known = [t.money for t in self.movement.totals if t.money is not None]
        return sum(known, Decimal(0)) if known else None

    def versions(self) -> str:
        old, new = self.comparison.old, self.comparison.new
        if old.policy_id == new.policy_id:
            return f"{new.policy_id} {old.version} → {new.version}" if old.version != new.version else f"{new.policy_id} {new.version}"
        return f"{old.policy_id} {old.version} → {new.policy_id} {new.version}"

    @property
    def two_dates(self) -> bool:
        dates = {side.as_of for side in (self.comparison.old, self.comparison.new) if side.as_of is not None}
        return len(dates) > 1

    def dated(self) -> str:
        """The date on which clients were decided, or the dates of two runs; "" where nobody was."""
        old, found = self.comparison.old, self.comparison.movement
        if found is None:
            return ""
        before = f"{old.as_of.isoformat()} → " if self.two_dates and old.as_of is not None else ""
        return f", {self.say('as of')} {before}{found.as_of.isoformat()}"

    def headline(self) -> str:
        """One sentence: how many, what share, what money."""
        found = self.comparison.movement
        if found is None or not found.clients:
            number = len(self.comparison.changes)
            if self.polish:
                return f"Zmian w polityce: {number}." if number else self.say("Nothing changed in meaning.")
            return f"{number} change{'' if number == 1 else 's'} in the policy." if number else "Nothing changed in meaning."
        if not found.changed:
            return self.say("Nobody's decision changes.") + f" ({self.people(found.both)})"
        share = self.share(found.changed, found.both)
        money = ""
        if self.moved_money is not None:
            part = self.share(self.moved_money, self.all_money or 0)
            money = f"{self.money(self.moved_money)} ({self.title(found.money or '')}{f', {part}' if part else ''})"
        if self.polish:
            said = f"Decyzja zmienia się u {self.number(found.changed)} z {self.of_people(found.both)} ({share})"
            worth = "jest wart" if found.changed == 1 else "są warci"
            return f"{said}; {worth} {money}." if money else f"{said}."
        verb = "changes its decision" if found.changed == 1 else "change their decision"
        said = f"{self.number(found.changed)} of {self.of_people(found.both)} {verb} ({share})"
        worth = "it is worth" if found.changed == 1 else "they are worth"
        return f"{said}; {worth} {money}." if money else f"{said}."

    def groups(self) -> Iterator[tuple[Cause, list[CauseTotal]]]:
        """The causes, those that move most money first, each with the ways that its clients went."""
        found: dict[Cause, list[CauseTotal]] = {}
        for total in self.movement.totals:
            found.setdefault(total.cause, []).append(total)
        sizes = {
            cause: (sum((t.money or Decimal(0) for t in ways), Decimal(0)), sum(t.clients for t in ways)) for cause, ways in found.items()
        }
        for cause in sorted(found, key=lambda c: (-sizes[c][0], -sizes[c][1])):
            yield cause, found[cause]

    def idle(self) -> list[Change]:
        """The changes that could decide and by which nobody moves; none where it is not known of everybody by what they move."""
        causes = [total.cause for total in self.movement.totals]
        if any(cause.why in ("both", "untold") for cause in causes):
            return []
        candidates = self.comparison.candidates
        moving = {number for cause in causes for one in cause.sets for place in one for number in candidates[place].whole}
        return [c for n, c in enumerate(self.comparison.changes) if c.effect is Effect.DECIDES and n not in moving]

    def of(self, total: CauseTotal) -> list[Moved]:
        """The clients that are named for that cause and way."""
        return [m for m in self.movement.moved if (m.cause, m.old, m.new) == (total.cause, total.old, total.new)]

    def why(self, cause: Cause) -> str:
        """What is said where no change is responsible."""
        return self.say(
            {
                "data": "by the data or the date, not by the policy" if self.two_dates else "by the data, not by the policy",
                "both": "by the policy and the data together",
                "untold": "no single cause was found",
                "exception": "by an exception",
            }.get(cause.why, "no single cause was found")
        )

    def who(self, moved: Moved) -> str:
        """A client's key, and what people call it where that is something else."""
        key = "|".join(moved.client)
        return key if moved.name in (None, "", key) else f"{key} {moved.name}"

    def by(self, moved: Moved) -> str:
        """What decided before and now."""
        return f"{self.title(moved.decided_by_old)} → {self.title(moved.decided_by_new)}"

    def rest(self) -> Iterator[str]:
        """What is to be said of clients beside those who moved by a change."""
        found = self.movement
        for words, count in (
            ("only in the new data", sum(p.clients for p in found.passages if p.old is None)),
            ("only in the old data", sum(p.clients for p in found.passages if p.new is None)),
        ):
            if count:
                yield f"{self.say(words)}: {self.people(count)}"
        if found.missing:
            labels = ", ".join(f"{label} ({self.number(count)})" for label, count in found.missing[:10])
            yield f"{self.say('newly undetermined, missing')}: {labels}"
        healed = sum(p.clients for p in found.passages if p.old == "undetermined" and p.new not in ("undetermined", None))
        if healed:
            yield f"{self.say('no longer undetermined')}: {self.people(healed)}"
        if found.other_reason:
            yield f"{self.say('same decision, for another rule')}: {self.people(found.other_reason)}"

    def gate(self, result: GateResult) -> str:
        """What the gate allows and what it is."""
        gate = result.gate
        unit = f" {self.movement.currency}" if gate.money and not gate.is_share else ""
        if result.share is not None and gate.is_share:
            actual = self.share(result.share, 1)
        elif gate.money:
            actual = self.money(result.actual)
        else:
            actual = self.number(int(result.actual))
        unknown = f", {self.say('not known of')} {self.number(result.unknown)}" if result.unknown else ""
        return f"{self.say('at most')} {gate.text}{unit}, {self.say('it is')} {actual}{unknown}"


def by_effect(changes: Sequence[Change], told: Sequence[Sentence]) -> Iterator[tuple[str, list[tuple[int, Sentence]]]]:
    """The changes under three headings: what decides, what is said of the whole, words; each with its number from 1."""
    headings = (
        ("What changed in the policy", (Effect.DECIDES, Effect.SUPPORTS)),
        ("What is said of the whole", (Effect.WHOLE,)),
        ("What changed in its words only", (Effect.WORDS,)),
    )
    for heading, effects in headings:
        found = [(i, told[i - 1]) for i, change in enumerate(changes, 1) if change.effect in effects]
        if found:
            yield heading, found


def matrix(movement: Movement) -> tuple[list[str], list[str], dict[tuple[str | None, str | None], tuple[int, Decimal | None]]]:
    """The rows and columns that have somebody, and the cells."""
    cells = {(p.old, p.new): (p.clients, p.money) for p in movement.passages}
    rows = [d for d in movement.decisions if any(old == d for old, _ in cells)]
    columns = [d for d in movement.decisions if any(new == d for _, new in cells)]
    return rows, columns, cells
