"""Two runs beside each other in, what changed between them out: decisions on both sides, who moved, promises."""

from __future__ import annotations

from collections.abc import Iterator

from ...model.comparison import Comparison, Moved, Movement, Passage
from ...model.explanation import NamedValue
from ...model.kind import Kind
from ...model.report import Report
from . import drawing
from .clients import Clients, part, plain
from .views_of_outcomes import ChangesView, MovedView, NetView, PassageView
from .voice import Voice

MOST_ROWS = 30
"""Passages, and clients who moved, that are shown."""


class Changes:
    """Makes the view of what changed."""

    def __init__(self, data: Report, voice: Voice, clients: Clients) -> None:
        self.data, self.voice, self.clients = data, voice, clients

    def view(self) -> ChangesView | None:
        comparison = self.data.comparison
        movement = None if comparison is None else comparison.movement
        if comparison is None or movement is None:
            return None
        voice = self.voice
        both = movement.both
        came = sum(p.clients for p in movement.passages if p.old is None)
        went = sum(p.clients for p in movement.passages if p.new is None)
        nets = tuple(self.nets(movement))
        moves = sorted(
            (p for p in movement.passages if p.old is not None and p.new is not None and p.old != p.new),
            key=lambda p: (-p.clients, p.old, p.new),
        )
        bars = [
            (n.title, [(float(n.before), voice.number(n.before), "before"), (float(n.after), voice.number(n.after), "after")]) for n in nets
        ]
        old = comparison.old
        return ChangesView(
            old_run=voice.speaker.clean(old.run_id or old.policy_id),
            old_version=voice.speaker.clean(old.version),
            old_as_of="" if old.as_of is None else voice.speaker.value(NamedValue("", Kind.DATE, old.as_of)),
            same_data=comparison.same_data is True,
            policy_changes=len(comparison.changes),
            clients=both,
            changed=movement.changed,
            changed_share=voice.percent(part(movement.changed, both)),
            came=came,
            went=went,
            other_reason=movement.other_reason,
            nets=nets,
            passages=tuple(self.passage(p) for p in moves[:MOST_ROWS]),
            moved=tuple(self.moved(m) for m in movement.moved[:MOST_ROWS]),
            new_breaches=tuple(voice.speaker.text(p.title, p.id) for p in movement.promises if p.is_new_breach),
            healed=tuple(voice.speaker.text(p.title, p.id) for p in movement.promises if p.is_healed),
            picture=drawing.bars(bars),
        )

    def nets(self, movement: Movement) -> Iterator[NetView]:
        """Each decision's clients on both sides, newcomers and leavers too."""
        for name in movement.decisions:
            before = sum(p.clients for p in movement.passages if p.old == name)
            after = sum(p.clients for p in movement.passages if p.new == name)
            yield NetView(self.comparison_title(name), before, after, after - before, abs(after - before))

    def comparison_title(self, name: str | None) -> str:
        """What the newer policy calls a decision, else the older one."""
        comparison: Comparison | None = self.data.comparison
        texts = None if comparison is None else dict(reversed(comparison.titles)).get(name or "")
        return self.voice.speaker.text(self.voice.titles.get(name or "") or texts, self.voice.own(name or ""))

    def passage(self, passage: Passage) -> PassageView:
        money = self.clients.amount(passage.money)
        return PassageView(
            self.comparison_title(passage.old), self.comparison_title(passage.new), passage.clients, money, plain(passage.money)
        )

    def moved(self, moved: Moved) -> MovedView:
        return MovedView(
            called=self.voice.client(moved.client, moved.name),
            before=self.comparison_title(moved.old),
            after=self.comparison_title(moved.new),
            money=self.clients.amount(moved.money),
            why=moved.cause.why or "policy",
            sort_money=plain(moved.money),
        )
