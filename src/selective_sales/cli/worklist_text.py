"""A worklist as a sales director reads it, and as a program does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..model.worklist import Lack, LackWorth, Step, WaitingClient, Worklist, Worth
from .blocks import Block, text_of
from .speech import Speech

Words = Callable[[Lack], str]


def as_text(made: Worklist, language: str, words: Words) -> str:
    """For a terminal: what to collect, in which order, what no fact settles, and about whom."""
    return text_of(Page(language, made, words).blocks())


@dataclass(frozen=True)
class Page(Speech):
    """A worklist in a language: Polish, and English for every other. `facts` says what a missing fact is called."""

    made: Worklist
    facts: Words

    def blocks(self) -> Iterator[Block]:
        made = self.made
        yield Block(self.headline(), lines=tuple(self.first_words()), top=True)
        if made.facts:
            yield Block(self.either("What to find out", "Co ustalić"), tuple(self.table(made.facts)))
        if made.steps:
            yield Block(self.either("In this order", "W tej kolejności"), lines=tuple(self.order()))
        if made.obstacles:
            heading = self.either("What cannot be computed from the data that are there", "Czego nie da się obliczyć z tego, co jest")
            yield Block(heading, tuple(self.table(made.obstacles)))
        if made.clients:
            yield Block(self.either("About whom", "O kim"), tuple(self.clients()), tuple(self.more()), words=2)

    def headline(self) -> str:
        made = self.made
        return f"{made.policy_id} {made.policy_version}, {self.either('as of', 'stan na')} {made.as_of.isoformat()}"

    def first_words(self) -> Iterator[str]:
        made, waiting = self.made, self.made.undetermined
        if not waiting.clients:
            yield self.either(
                "Every client is decided: there is nothing to find out.", "Każdy klient jest rozstrzygnięty: nie ma czego ustalać."
            )
            return
        clients = self.people(waiting.clients)
        of = self.number(made.decided + waiting.clients)
        money = f", {self.amount(waiting.amount)} ({self.title(made.amount)})" if made.amount and waiting.amount is not None else ""
        yield self.either(f"{clients} of {of} undetermined{money}.", f"Nierozstrzygnięci: {clients} z {of}{money}.")
        if made.amount is None:
            yield self.either(
                "The policy has no money: what follows is ordered by clients.", "Polityka nie ma kwot: kolejność według liczby klientów."
            )
        elif waiting.unknown:
            yield self.unknown_money(waiting.unknown)

    def unknown_money(self, count: int) -> str:
        title, clients = self.title(self.made.amount), self.people(count)
        they = "it is" if count == 1 else "they are"
        return self.either(
            f"The {title} of {clients} is not known: {they} counted, and in no sum of money.",
            f"{clients} bez wartości „{title}”: liczeni, ale nie ujęci w kwotach." if count > 1
            else f"1 klient bez wartości „{title}”: liczony, ale nie ujęty w kwotach.",
        )  # fmt: skip

    def table(self, lacks: Sequence[LackWorth]) -> Iterator[list[str]]:
        money = self.made.amount is not None
        alone, among = self.either("settled by it alone", "rozstrzygnie sam"), self.either("one of several", "jeden z kilku")
        yield ["", alone, *([""] if money else []), among, *([""] if money else [])]
        for one in lacks:
            cells = [self.facts(one.lack)]
            for worth in (one.alone, one.among):
                cells += [self.number(worth.clients) if worth.clients else "-", *([self.amount(worth.amount)] if money else [])]
            yield cells

    def order(self) -> Iterator[str]:
        for number, step in enumerate(self.made.steps, 1):
            facts = " + ".join(map(self.facts, step.facts))
            yield f"  {number}. {facts}: {self.settles(step)}"

    def settles(self, step: Step) -> str:
        settled, left = self.worth(step.settled), self.worth(step.left)
        nobody = self.either("nobody", "nikt")
        return self.either(f"settles {settled}; left: {left or nobody}", f"rozstrzyga: {settled}; zostaje: {left or nobody}")

    def worth(self, worth: Worth) -> str:
        if not worth.clients:
            return ""
        money = f", {self.amount(worth.amount)}" if worth.amount is not None else ""
        return f"{self.people(worth.clients)}{money}"

    def clients(self) -> Iterator[list[str]]:
        made = self.made
        for one in made.clients:
            lacks = ", ".join(map(self.facts, one.lacks))
            possible = ", ".join(map(self.title, one.possible))
            money = [self.amount(one.amount) or self.either("not known", "nieznane")] if made.amount else []
            yield [called(one), f"{lacks} → {possible}", *money]

    def more(self) -> Iterator[str]:
        rest = self.made.undetermined.clients - len(self.made.clients)
        if rest:
            yield self.either(
                f"  and {self.people(rest)} more: --top N, or --format csv", f"  i dalej {self.people(rest)}: --top N albo --format csv"
            )

    def title(self, name: str | None) -> str:
        texts = dict(self.made.titles).get(name or "")
        template = None if texts is None else texts.get(self.language)
        return (name or "") if template is None else "".join(map(str, template.parts))

    def amount(self, amount: Decimal | None) -> str:
        if amount is None:
            return ""
        return f"{self.number(amount, 2)} {self.made.currency}"


def called(one: WaitingClient) -> str:
    key = "|".join(one.client)
    return key if one.name is None or one.name == key else f"{one.name} ({key})"


def as_json(made: Worklist, words: Words) -> dict[str, Any]:
    """Everything; money as exact texts."""
    return {
        "format": 1,
        "policy": {"id": made.policy_id, "version": made.policy_version},
        "run_id": made.run_id,
        "as_of": made.as_of.isoformat(),
        "amount": made.amount,
        "currency": made.currency,
        "decided": made.decided,
        "undetermined": worth_json(made.undetermined),
        "facts": [lack_json(one, words) for one in made.facts],
        "not_computable": [lack_json(one, words) for one in made.obstacles],
        "steps": [
            {"facts": [f.label for f in step.facts], "settled": worth_json(step.settled), "left": worth_json(step.left)}
            for step in made.steps
        ],
        "clients": [
            {
                "client": list(one.client),
                "name": one.name,
                "amount": None if one.amount is None else str(one.amount),
                "missing": [lack.label for lack in one.lacks],
                "possible_decisions": list(one.possible),
            }
            for one in made.clients
        ],
    }


def lack_json(one: LackWorth, words: Words) -> dict[str, Any]:
    lack = one.lack
    found: dict[str, Any] = {"name": lack.label, "words": words(lack)}
    found |= {"table": lack.table or "clients", "field": lack.field} if lack.is_fact else {"value": lack.field, "cause": lack.cause}
    return found | {"alone": worth_json(one.alone), "one_of_several": worth_json(one.among)}


def worth_json(worth: Worth) -> dict[str, Any]:
    return {"clients": worth.clients, "amount": None if worth.amount is None else str(worth.amount), "amount_unknown": worth.unknown}
