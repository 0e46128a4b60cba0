"""A report's numbers about clients in, the views of the head, the decisions, who decides, segments and missing facts out."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from ...model.explanation import NamedValue
from ...model.kind import Kind
from ...model.policy import MeasureName
from ...model.report import Decided, Report, Segment, Segments, Tally
from ...model.results import Kept
from . import drawing
from .views_of_clients import (
    DecidedView,
    DecisionsView,
    DecisionView,
    DivisionView,
    HeadView,
    SegmentView,
    TableView,
    WhoView,
)
from .voice import Voice

UNDETERMINED = "undetermined"
FILLS = 12
"""Fills that can be told apart; of more decisions the mildest ones share the last."""
MOST_RULES = 14
"""Rules that are drawn; the table has all."""
NOT_RULES = ("default", "exception", "unknown")


def plain(value: Decimal | float | None) -> str:
    """A number for sorting: no spaces, a point."""
    return "" if value is None else f"{value:f}"


def part(some: int, of: int) -> Fraction | None:
    return Fraction(some, of) if of else None


def part_of(some: Decimal | None, of: Decimal) -> Fraction | None:
    """A share of a sum; None where the sum is not positive."""
    return None if some is None or of <= 0 else Fraction(some) / Fraction(of)


class Clients:
    """Makes the views of what is said of clients."""

    def __init__(self, data: Report, voice: Voice) -> None:
        self.data, self.voice = data, voice
        names = [name for name, _ in data.decisions if name != UNDETERMINED]
        self.fills = {name: f"d{min(i, FILLS - 1)}" for i, name in enumerate(names)} | {UNDETERMINED: "du"}
        self.money_total = total([t.money for _, t in data.decisions])
        self.profit_total = total([t.profit for _, t in data.decisions])

    def sort(self, decision: str) -> str:
        return self.fills.get(decision, "du")

    def amount(self, value: Decimal | None) -> str | None:
        """Money, where the policy has any."""
        return None if self.data.money is None else self.voice.money(value)

    def head(self) -> HeadView:
        head, voice, data = self.data.head, self.voice, self.data
        broken = sum(p.kept is not Kept.HELD for p in data.whole.promises) + sum(a.kept is Kept.BREACHED for a in data.whole.allocations)
        return HeadView(
            title=voice.speaker.text(head.title, head.policy_id),
            policy_id=voice.speaker.clean(head.policy_id),
            version=voice.speaker.clean(head.policy_version),
            owner=voice.speaker.clean(head.owner) or None,
            as_of=voice.speaker.value(NamedValue("", Kind.DATE, head.as_of)),
            run=voice.speaker.clean(head.run_id),
            digest=voice.speaker.clean(head.digest),
            clients=head.clients,
            currency=head.currency,
            tables=tuple(TableView(voice.speaker.clean(name), used, left) for name, used, left in head.tables),
            assumed=tuple((voice.own(f"measures.{m.name}"), voice.speaker.clean(m.source)) for m in data.meanings if m.assumed),
            money=None if data.money is None else voice.called(data.money),
            profit=None if data.profit is None else voice.called(data.profit),
            money_is_revenue=any(m.name is MeasureName.REVENUE for m in data.meanings),
            money_total=self.amount(self.money_total),
            profit_total=None if data.profit is None else voice.money(self.profit_total),
            profit_is_loss=(self.profit_total or Decimal(0)) < 0,
            undetermined=data.undetermined.clients,
            broken=broken,
        )

    def decisions(self) -> DecisionsView:
        data, voice = self.data, self.voice
        rows = tuple(self.decision(name, tally) for name, tally in data.decisions)
        groups = []
        for row, (_, tally) in zip(rows, data.decisions, strict=True):
            bars = [(share(part(tally.clients, data.head.clients)), f"{voice.number(tally.clients)} ({row.share})", row.sort)]
            if data.money is not None:
                said = "–" if tally.money is None else voice.short(float(tally.money))
                bars.append((share(part_of(tally.money, self.money_total or Decimal(0))), f"{said} ({row.money_share})", "money"))
            groups.append((row.title, bars))
        return DecisionsView(
            money=None if data.money is None else voice.called(data.money),
            profit=None if data.profit is None else voice.called(data.profit),
            burden=None if data.burden is None else voice.called(data.burden),
            rows=rows,
            largest=max(rows, key=lambda r: r.clients),
            most_money=max((r for r in rows if r.sort_money), key=lambda r: Decimal(r.sort_money), default=None),
            unknown=sum(t.unknown for _, t in data.decisions) if data.money is not None else 0,
            picture=drawing.bars(groups),
        )

    def decision(self, name: str, tally: Tally) -> DecisionView:
        data, voice = self.data, self.voice
        return DecisionView(
            title=voice.title(name),
            id=name,
            sort=self.sort(name),
            clients=tally.clients,
            share=voice.percent(part(tally.clients, data.head.clients)),
            money=self.amount(tally.money) if tally.clients else self.amount(Decimal(0)),
            money_share=voice.percent(part_of(tally.money, self.money_total or Decimal(0))),
            profit=None if data.profit is None else voice.money(tally.profit if tally.clients else Decimal(0)),
            burden=None if data.burden is None else voice.amount(data.burden, tally.burden if tally.clients else Decimal(0)),
            unknown=tally.unknown if data.money is not None else 0,
            sort_money=plain(tally.money),
            sort_profit=plain(tally.profit),
            sort_burden=plain(tally.burden),
        )

    def who(self) -> WhoView:
        data, voice = self.data, self.voice
        rows = tuple(self.decided(d) for d in data.decided)
        counts = {kind: sum(d.tally.clients for d in data.decided if d.by == kind) for kind in NOT_RULES}
        by_rules = data.head.clients - sum(counts.values())
        groups = [
            (f"{row.title} → {row.decision}", [(float(row.clients), f"{voice.number(row.clients)} ({row.share})", row.sort)])
            for row in rows[:MOST_RULES]
        ]
        return WhoView(
            rows=rows,
            by_rules=by_rules,
            by_rules_share=voice.percent(part(by_rules, data.head.clients)),
            by_default=counts["default"],
            by_exception=counts["exception"],
            by_unknown=counts["unknown"],
            first=next((row for row in rows if row.id is not None), None),
            picture=drawing.bars(groups),
        )

    def decided(self, by: Decided) -> DecidedView:
        data, voice = self.data, self.voice
        is_rule = by.by not in NOT_RULES
        return DecidedView(
            title=voice.title(by.by) if is_rule else voice.own(by.by),
            id=by.by if is_rule else None,
            decision=voice.title(by.decision),
            sort=self.sort(by.decision),
            clients=by.tally.clients,
            share=voice.percent(part(by.tally.clients, data.head.clients)),
            money=self.amount(by.tally.money),
            sort_money=plain(by.tally.money),
        )

    def division(self, segments: Segments) -> DivisionView:
        """The clients by a value, with the mix of decisions of each."""
        data, voice = self.data, self.voice
        names = [name for name, tally in data.decisions if tally.clients]
        rows = tuple(self.segment(segments, s, names) for s in segments.values)
        drawn = [
            (
                row.value,
                f"{voice.number(row.clients)} ({row.share})",
                [(float(n), self.sort(d)) for n, d in zip(row.counts, names, strict=True)],
            )
            for row in rows
        ]
        legend = [(self.sort(name), voice.title(name)) for name in names]
        return DivisionView(
            of=voice.called(segments.of),
            rows=rows,
            decisions=tuple(voice.title(name) for name in names),
            largest=max(rows, key=lambda r: r.clients),
            picture=drawing.stacked(drawn, legend),
        )

    def segment(self, of: Segments, segment: Segment, names: list[str]) -> SegmentView:
        tally, voice = segment.tally, self.voice
        counts = dict(segment.decisions)
        return SegmentView(
            value="…" if segment.others else voice.value_of(of.of, segment.value),
            others=segment.others,
            clients=tally.clients,
            share=voice.percent(part(tally.clients, self.data.head.clients)),
            money=self.amount(tally.money),
            profit=None if self.data.profit is None else voice.money(tally.profit),
            counts=tuple(counts.get(name, 0) for name in names),
            sort_money=plain(tally.money),
            sort_profit=plain(tally.profit),
        )


def total(amounts: list[Decimal | None]) -> Decimal | None:
    """The sum of what is known; None where nothing is."""
    known = [a for a in amounts if a is not None]
    return sum(known, Decimal(0)) if known else None


def share(value: Fraction | None) -> float:
    return 0.0 if value is None else float(value)
