"""The worklist of a run in, the view of what is missing out: what holds whom back, and what to find out first."""

from __future__ import annotations

from ...model.explanation import NamedValue
from ...model.kind import Kind
from ...model.report import Report
from ...model.worklist import Lack, LackWorth, Step, Worth
from .clients import Clients, part, plain
from .views_of_clients import LackView, StepView, UndeterminedView
from .voice import Voice

MOST_LACKS, MOST_STEPS = 30, 10


class Missing:
    """Makes the view of the undetermined clients."""

    def __init__(self, data: Report, voice: Voice, clients: Clients) -> None:
        self.data, self.voice, self.clients = data, voice, clients
        self.called = {name: NamedValue(name, Kind.TEXT, None, texts) for name, texts in data.titles}

    def view(self) -> UndeterminedView | None:
        data, made = self.data, self.data.worklist
        if made is None:
            return None
        lacks = tuple(map(self.lack, (*made.facts, *made.obstacles)))
        steps = tuple(map(self.step, made.steps))
        return UndeterminedView(
            clients=data.undetermined.clients,
            share=self.voice.percent(part(data.undetermined.clients, data.head.clients)),
            money=self.clients.amount(data.undetermined.money),
            lacks=lacks[:MOST_LACKS],
            further=max(0, len(lacks) - MOST_LACKS),
            steps=steps[:MOST_STEPS],
            further_steps=max(0, len(steps) - MOST_STEPS),
            beyond=made.beyond_facts.clients,
        )

    def lack(self, worth: LackWorth) -> LackView:
        return LackView(
            called=self.words(worth.lack),
            label=self.voice.speaker.clean(worth.lack.label),
            is_fact=worth.lack.is_fact,
            clients=worth.all.clients,
            money=self.amount(worth.all),
            alone=worth.alone.clients,
            alone_money=self.amount(worth.alone),
            sort_money=plain(worth.all.amount),
            sort_alone=plain(worth.alone.amount),
        )

    def step(self, step: Step) -> StepView:
        facts = ", ".join(self.words(one) for one in step.facts)
        return StepView(facts, step.settled.clients, self.amount(step.settled), step.left.clients)

    def amount(self, worth: Worth) -> str | None:
        """Their money; a dash for nobody's."""
        return self.clients.amount(worth.amount) if worth.clients else None if self.data.money is None else "–"

    def words(self, lack: Lack) -> str:
        return self.voice.speaker.missing(lack.label, self.called)
