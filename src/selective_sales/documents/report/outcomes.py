"""What became of a run as a whole in, views out: promises, fairness, time plans, the portfolio without some of its clients."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from ...model.audit import Audit, DecisionAudit, DivisionAudit, GroupAudit, GroupName
from ...model.explanation import NamedValue
from ...model.expression import Scalar
from ...model.kind import Kind
from ...model.promises import OnBreach
from ...model.report import Called, Report
from ...model.results import AllocationResult, Bound, Client, FigureResult, GuaranteeResult, Kept, LimitResult, Measured
from ...model.simulation import Parting
from . import drawing
from .views_of_outcomes import (
    AllocationView,
    BoundView,
    FairDecisionView,
    FairDivisionView,
    FairnessView,
    FigureView,
    GroupView,
    PromisesView,
    PromiseView,
    RateView,
    WhatIfView,
)
from .voice import Voice

MOST_ROWS = 30
"""Rows of a figure that is split: beyond that, a count."""


class Outcomes:
    """Makes the views of what is said of the whole run."""

    def __init__(self, data: Report, voice: Voice) -> None:
        self.data, self.voice = data, voice

    def promises(self) -> PromisesView | None:
        whole = self.data.whole
        if not (whole.limits or whole.guarantees or whole.figures):
            return None
        return PromisesView(
            tuple(map(self.limit, whole.limits)),
            tuple(map(self.guarantee, whole.guarantees)),
            tuple(map(self.figure, whole.figures)),
            sum(p.kept is not Kept.HELD for p in whole.promises),
        )

    def limit(self, limit: LimitResult) -> PromiseView:
        say = self.voice.speaker
        bounds = tuple(map(self.bound, limit.bounds))
        sides = () if bounds else tuple((say.text(s.title, s.text), self.side(s)) for s in limit.sides if not s.literal)
        examples = tuple(self.key(c) for c in limit.examples)
        warns = limit.on_breach is OnBreach.WARN
        title = say.text(limit.title, limit.id)
        return PromiseView(title, limit.id, say.clean(limit.text), limit.kept.value, warns, bounds, sides, limit.clients, 0, examples)

    def bound(self, bound: Bound) -> BoundView:
        """Both sides are shown as the one that says how."""
        say, measured, allowed = self.voice.speaker, bound.measured, bound.allowed
        return BoundView(
            of=say.text(measured.title, ""),
            measured=self.side(measured, allowed.format),
            sign=bound.sign,
            allowed=self.side(allowed, measured.format),
            allowed_of=say.text(allowed.title, ""),
        )

    def side(self, side: Measured, format: str = "") -> str:
        if side.value is None:
            return self.voice.own("blank")
        return self.voice.speaker.value(NamedValue("", side.kind, side.value, format=side.format or format, exact=side.exact))

    def guarantee(self, promise: GuaranteeResult) -> PromiseView:
        say = self.voice.speaker
        examples = tuple(self.key(c) for c in promise.examples)
        warns = promise.on_breach is OnBreach.WARN
        title = say.text(promise.title, promise.id)
        return PromiseView(
            title, promise.id, say.clean(promise.text), promise.kept.value, warns, (), (), promise.breached, promise.unknown, examples
        )

    def figure(self, figure: FigureResult) -> FigureView:
        labels = dict(self.data.labels)

        def named(values: tuple[Scalar | None, ...]) -> str:
            words = []
            for value, (name, kind) in zip(values, figure.by, strict=True):
                if name == "decision" and isinstance(value, str):
                    words.append(self.voice.title(value))
                elif name in labels and isinstance(value, str):
                    words.append(self.voice.value_of(Called(name, kind, labels=labels[name]), value))
                else:
                    words.append(self.scalar(kind, value))
            return ", ".join(words)

        rows = tuple((named(row.by), self.scalar(figure.kind, row.value, figure.format)) for row in figure.rows)
        title = self.voice.speaker.text(figure.title, figure.name)
        return FigureView(title, rows[:MOST_ROWS], max(0, len(rows) - MOST_ROWS))

    def scalar(self, kind: Kind, value: Scalar | None, format: str = "") -> str:
        return self.voice.own("blank") if value is None else self.voice.speaker.value(NamedValue("", kind, value, format=format))

    def key(self, client: Client) -> str:
        return self.voice.client(client, None)

    def fairness(self) -> FairnessView | None:
        audit = self.data.audit
        if audit is None:
            return None
        return FairnessView(
            verdict=audit.verdict.value,
            minimum_ratio=self.voice.number(audit.standard.minimum_ratio, 2),
            significance=self.voice.percent(audit.standard.significance),
            smallest=audit.standard.smallest_group,
            tests=audit.tests,
            fails=audit.standard.fails,
            divisions=tuple(self.division(audit, d) for d in audit.divisions),
            not_audited=tuple(self.audited(audit, name) for name in audit.not_audited),
        )

    def audited(self, audit: Audit, name: str) -> str:
        return self.voice.speaker.text(dict(audit.names).get(name), name)

    def division(self, audit: Audit, division: DivisionAudit) -> FairDivisionView:
        decisions = tuple(self.compared(audit, division, d) for d in division.decisions)
        return FairDivisionView(self.audited(audit, division.id), division.verdict.value, division.too_many, decisions)

    def compared(self, audit: Audit, division: DivisionAudit, decision: DecisionAudit) -> FairDecisionView:
        rates = tuple(self.rate(audit, division, g) for g in decision.groups)
        return FairDecisionView(self.voice.title(decision.decision), decision.harmful, rates)

    def rate(self, audit: Audit, division: DivisionAudit, group: GroupAudit) -> RateView:
        voice = self.voice
        shown = group.comparisons[0] if group.comparisons else None
        p = None if shown is None else shown.p if shown.adjusted is None else shown.adjusted
        ratio = group.to_best
        return RateView(
            group=self.group(audit, division, group.group),
            clients=group.rate.clients,
            decided=group.rate.decided,
            rate=voice.percent(group.rate.value),
            ratio="–" if ratio is None else voice.number(float(ratio), 2),
            p="–" if p is None else ("< " if p < 0.0001 else "") + voice.number(max(p, 0.0001), 4),
            verdict=None if group.verdict is None else group.verdict.value,
            lacking=None if group.lacking is None else group.lacking.value,
        )

    def group(self, audit: Audit, division: DivisionAudit, name: GroupName) -> str:
        kind = Kind.BOOLEAN if division.is_condition else Kind.TEXT
        return self.voice.value_of(Called(division.id, kind, labels=dict(audit.labels).get(division.id, ())), name)

    def allocation(self, allocation: AllocationResult) -> AllocationView:
        voice, hours = self.voice, self.data.hours

        def in_hours(result: float | None) -> str | None:
            return None if hours is None else voice.own("blank") if result is None else voice.number(hours * result)

        groups = tuple(
            GroupView(
                voice.speaker.text(g.title, g.id),
                g.clients,
                voice.percent(g.share),
                voice.percent(g.factor),
                voice.percent(g.result),
                in_hours(g.result),
            )
            for g in allocation.groups
        )
        rest = allocation.rest
        rest_title = voice.speaker.text(allocation.rest_title, voice.own("rest"))
        bars = [
            (view.title, [(g.share or 0.0, view.share, "money"), (g.result or 0.0, view.result, "after")])
            for view, g in zip(groups, allocation.groups, strict=True)
        ]
        bars.append((rest_title, [(rest or 0.0, voice.percent(rest), "after")]))
        return AllocationView(
            title=voice.speaker.text(allocation.title, allocation.name),
            groups=groups,
            rest=rest_title,
            rest_share=voice.percent(rest),
            rest_hours=in_hours(rest),
            others=allocation.others,
            over=rest is not None and rest < 0,
            unallocated=allocation.unallocated,
            fit_two=allocation.fit_two,
            picture=drawing.bars(bars),
        )

    def what_if(self) -> WhatIfView | None:
        made = self.data.parting
        if made is None or not made.departure.sums.clients:
            return None
        return self.without(made)

    def without(self, made: Parting) -> WhatIfView:
        voice, d, today = self.voice, made.departure, made.today
        before, after = today.profit or Decimal(0), (today.profit or Decimal(0)) + d.net
        even = d.break_even
        picture = drawing.waterfall(
            [
                ("before", before, True, voice.short(float(before))),
                ("lost", -d.lost, False, self.marked(-d.lost)),
                ("saved", d.saved, False, self.marked(d.saved)),
                ("after", after, True, voice.short(float(after))),
            ]
        )
        return WhatIfView(
            decisions=", ".join(voice.title(name) for name in made.without),
            clients=d.sums.clients,
            uncounted=d.sums.uncounted,
            before=voice.money(before),
            lost=voice.money(d.lost),
            saved=voice.money(d.saved),
            change=voice.signed(d.net),
            after=voice.money(after),
            better=d.net > 0,
            declared=d.declared,
            cost=voice.money(d.cost),
            if_nothing=voice.signed(d.net_if_nothing),
            if_everything=voice.signed(d.net_if_everything),
            break_even=voice.percent(even) if even is not None and Fraction(0) < even <= 1 else None,
            pays_never=even is not None and even > 1,
            hours=None if d.sums.hours is None else voice.number(d.sums.hours),
            conflicts=None if d.sums.conflicts is None else voice.number(d.sums.conflicts),
            not_money=sum(g.clients for g in made.grounds if not g.money),
            grounds=tuple((voice.title(g.by), g.clients) for g in made.grounds if not g.money),
            picture=picture,
        )

    def marked(self, amount: Decimal) -> str:
        """An amount with its direction as a sign: colour alone tells nobody."""
        return f"{'▲' if amount > 0 else '▼' if amount < 0 else ''} {self.voice.short(float(abs(amount)))}".strip()
