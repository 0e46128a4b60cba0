"""A simulation as a director reads it: what it comes to, the steps, what parting costs and saves, decisions, concentration, notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..model.simulation import Curves, Simulation, Steps, Sums
from .blocks import Block, markdown_of, text_of
from .simulation_notes import Notes
from .simulation_sentences import Sentences
from .simulation_words import SimulationSpeech

NOTHING = "-"
"""Where there is no sum: of nobody is the value known."""


def as_text(made: Simulation, language: str) -> str:
    """For a terminal: columns in line."""
    return text_of(Page(made, SimulationSpeech(language, made)).blocks())


def as_markdown(made: Simulation, language: str) -> str:
    """For a page."""
    return markdown_of(Page(made, SimulationSpeech(language, made)).blocks())


@dataclass(frozen=True, slots=True)
class Page:
    """Turns a simulation into blocks."""

    made: Simulation
    speech: SimulationSpeech

    def blocks(self) -> Iterator[Block]:
        yield Block(self.headline(), lines=tuple(Sentences(self.made, self.speech).all()), top=True)
        yield self.steps()
        yield self.parting()
        yield self.by_decision()
        yield self.decided_again()
        yield self.concentration()
        yield Block(self.speech.say("Notes"), lines=tuple(Notes(self.made, self.speech).all()), listed=True)

    @property
    def profit_known(self) -> bool:
        return self.made.profit_known

    def headline(self) -> str:
        made, s = self.made, self.speech
        without = s.either(f"without: {s.decisions()}", f"bez: {s.decisions()}")
        terms = "; ".join(map(s.change, made.changes))
        changed = s.either(f"; other terms: {terms}", f"; nowe warunki: {terms}") if terms else ""
        return f"{made.policy_id} {made.policy_version}, {s.either('as of', 'stan na')} {made.as_of.isoformat()}, {without}{changed}"

    def steps(self) -> Block:
        made, s = self.made, self.speech
        steps = made.whole
        rows = [self.heads(), [s.say("today"), *self.cells(steps.today)]]
        if made.without:
            gone = s.either(f"- leaving: {s.decisions()}", f"- odchodzą: {s.decisions()}")
            rows.append([gone, *self.cells(steps.leaving, delta=True)])
            rows.append([s.either("= without them", "= bez nich"), *self.cells(steps.without)])
        if made.changes:
            rows.append([s.either("+ other terms", "+ nowe warunki"), *self.cells(steps.terms, delta=True)])
            rows.append([s.either("= after", "= po zmianach"), *self.cells(steps.after)])
        return Block(s.either(f"Step by step ({made.currency})", f"Krok po kroku ({made.currency})"), tuple(rows))

    def heads(self) -> list[str]:
        words = ["clients", "revenue", *(["cost", "profit", "margin"] if self.profit_known else [])]
        words += ["hours"] if self.made.whole.today.hours is not None else []
        words += ["conflicts"] if self.made.whole.today.conflicts is not None else []
        return ["", *map(self.speech.say, words)]

    def cells(self, sums: Sums, *, delta: bool = False) -> list[str]:
        s = self.speech
        cells = [s.number(sums.clients, signed=delta), s.money(sums.revenue, signed=delta)]
        if self.profit_known:
            margin = "" if delta else s.percent(sums.margin)
            cells += [s.money(sums.cost, signed=delta), s.money(sums.profit, signed=delta), margin]
        cells += [s.hours(sums.hours, signed=delta)] if sums.hours is not None else []
        cells += [s.count(sums.conflicts, signed=delta)] if sums.conflicts is not None else []
        return cells

    def parting(self) -> Block:
        """Lost and saved, side by side, with both ends of what could be saved."""
        s, d = self.speech, self.made.departure
        heading = s.say("What parting costs and saves")
        if not d.sums.clients or not self.profit_known:
            return Block(heading)
        rows: list[list[str]] = [
            ["", self.made.currency],
            [s.say("Revenue lost" if d.lost >= 0 else "Revenue gained"), s.money(-d.lost, signed=True)],
        ]
        rows.append([s.say("What these clients cost"), s.money(d.cost)])
        part = f", {s.percent(d.part)}" if d.declared and d.part is not None else ""
        rows.append([s.say("Cost saved" if d.declared else "Cost saved, if all of it ends") + part, s.money(d.saved, signed=True)])
        rows.append([s.say("Profit changes by"), s.money(d.net, signed=True)])
        if d.avoidable.open_clients:
            at_most = s.say("at most, as their avoidable cost is not all known")
            rows.append([f"  {at_most} ({s.people(d.avoidable.open_clients)})", s.money(d.net_at_most, signed=True)])
        rows.append(["  " + s.say("if nothing of the cost ended"), s.money(d.net_if_nothing, signed=True)])
        rows.append(["  " + s.say("if all of the cost ended"), s.money(d.net_if_everything, signed=True)])
        if d.sums.hours is not None:
            rows.append([s.say("Service hours freed") + self.unknown(d.sums.hours_missing), s.hours(d.sums.hours)])
        if d.sums.conflicts is not None:
            rows.append([s.say("Conflicts gone") + self.unknown(d.sums.conflicts_missing), s.count(d.sums.conflicts)])
        return Block(heading, tuple(rows))

    def unknown(self, missing: int) -> str:
        """Said beside a sum that lacks some."""
        return f" ({self.speech.people(missing)}: {self.speech.say('not known')})" if missing else ""

    def by_decision(self) -> Block:
        s = self.speech
        columns = list(self.columns())
        groups = [group for group in self.made.groups if group.steps.today.clients]
        rows = [[s.say("decision"), *(s.say(head) for head, _ in columns)]]
        rows += [[s.title(group.decision), *(cell(group.steps) for _, cell in columns)] for group in groups]
        return Block(s.say("By decision"), tuple(rows))

    def columns(self) -> Iterator[tuple[str, Callable[[Steps], str]]]:
        """What the table of decisions shows: a head, and what stands below it."""
        s, made, today = self.speech, self.made, self.made.whole.today
        yield "clients", lambda steps: s.number(steps.today.clients)
        yield "revenue", lambda steps: s.money(steps.today.revenue) if steps.today.counted else NOTHING
        if self.profit_known:
            yield "profit", lambda steps: s.money(steps.today.profit) if steps.today.counted else NOTHING
            if made.without:
                yield "by parting", lambda steps: s.money(steps.leaving.profit, signed=True)
            if made.changes:
                yield "by other terms", lambda steps: s.money(steps.terms.profit, signed=True)
            yield "profit after", lambda steps: s.money(steps.after.profit) if steps.today.counted else NOTHING
        else:
            yield "revenue after", lambda steps: s.money(steps.after.revenue) if steps.today.counted else NOTHING
        if today.hours is not None:
            yield "hours", lambda steps: s.hours(steps.today.hours) if steps.today.hours_missing < steps.today.clients else NOTHING
        if today.conflicts is not None:
            yield (
                "conflicts",
                lambda steps: s.count(steps.today.conflicts) if steps.today.conflicts_missing < steps.today.clients else NOTHING,
            )

    def decided_again(self) -> Block:
        """Who would be decided otherwise on the other terms."""
        s, again = self.speech, self.made.again
        if again is None:
            return Block()
        stay = sum(m.clients for m in again if m.before == m.after)
        rows = [[s.say("decision"), s.say("clients"), s.say("revenue")]]
        rows += [
            [f"{s.title(m.before)} → {s.title(m.after)}", s.number(m.clients), s.money(m.revenue)] for m in again if m.before != m.after
        ]
        kept = s.either(f"{s.people(stay)} would be decided as they are.", f"Bez zmiany decyzji: {s.people(stay)}.")
        everybody = s.either(
            "The whole portfolio is decided, as if nobody had left.", "Rozstrzygany jest cały portfel, jakby nikt nie odszedł."
        )
        return Block(s.say("Decided again on the other terms"), tuple(rows) if len(rows) > 1 else (), (f"{kept} {everybody}",), listed=True)

    def concentration(self) -> Block:
        s = self.speech
        columns = [self.curve_cells(self.made.today), self.curve_cells(self.made.after)]
        labels = ["Clients whose figures are known", "The best fifth by revenue", "  its part of the revenue"]
        if self.made.today.profit is not None:
            labels += [
                "The best fifth by profit",
                "  its part of the profit",
                "Profit of the clients above zero",
                "  as a part of the total",
            ]
            labels += ["  clients at this peak", "Clients below zero", "  what they take away again"]
        rows = [["", s.say("today"), s.say("after")]]
        for label, cells in zip(labels, zip(*columns, strict=True), strict=True):
            indent = "  " if label.startswith(" ") else ""
            rows.append([indent + s.say(label.strip()), *cells])
        return Block(s.say("Concentration"), tuple(rows))

    def curve_cells(self, curves: Curves) -> list[str]:
        s, revenue, profit = self.speech, curves.revenue, curves.profit
        cells = [s.number(revenue.clients), s.number(revenue.best), s.percent(revenue.best_share if revenue.best else None)]
        if profit is not None:
            cells += [
                s.number(profit.best),
                s.percent(profit.best_share if profit.best else None),
                s.money(profit.peak),
                s.percent(profit.peak_share),
            ]
            cells += [s.number(profit.above), s.number(profit.below), s.money(-profit.erosion)]
        return cells
