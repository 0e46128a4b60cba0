"""A simulation as a director reads it: a sentence, the steps, what parting costs and saves, decisions, concentration, what was assumed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..model.policy import MeasureName
from ..model.simulation import UNDETERMINED, Curves, Departure, Simulation, Steps, Sums
from .simulation_words import Speech
from .snippet import visible

Cells = Sequence[str]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the page: a heading (or none), a table whose first row is its head, and paragraphs."""

    heading: str = ""
    rows: tuple[Cells, ...] = ()
    lines: tuple[str, ...] = ()
    listed: bool = False


def as_text(made: Simulation, language: str) -> str:
    """For a terminal: columns in line."""
    parts = []
    for block in Page(made, Speech(made, language)).blocks():
        lines = [f"{block.heading}:"] if block.heading and (block.rows or block.lines) else []
        lines += aligned(block.rows)
        lines += [f"  - {line}" if block.listed else line for line in block.lines]
        parts.append("\n".join(visible(line).rstrip() for line in lines))
    return "\n\n".join(part for part in parts if part) + "\n"


def as_markdown(made: Simulation, language: str) -> str:
    """For a page."""
    parts = []
    for block in Page(made, Speech(made, language)).blocks():
        lines = [f"## {escaped(block.heading)}", ""] if block.heading and (block.rows or block.lines) else []
        if block.rows:
            head, *rest = block.rows
            lines += [f"| {' | '.join(map(escaped, head))} |", "|---|" + "---:|" * (len(head) - 1)]
            lines += [f"| {' | '.join(map(escaped, row))} |" for row in rest]
            lines += [""] if block.lines else []
        lines += [f"- {escaped(line)}" if block.listed else escaped(line) for line in block.lines]
        parts.append("\n".join(lines))
    return "\n\n".join(part for part in parts if part) + "\n"


def escaped(text: str) -> str:
    """Foreign text on a page: nothing in it is markup."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|~" else c for c in visible(text))


def aligned(rows: Sequence[Cells]) -> Iterator[str]:
    widths = [max((len(row[i]) for row in rows), default=0) for i in range(len(rows[0]) if rows else 0)]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))]
        yield "  " + "  ".join(cells)


@dataclass(frozen=True, slots=True)
class Page:
    """Turns a simulation into blocks."""

    made: Simulation
    speech: Speech

    def blocks(self) -> Iterator[Block]:
        yield Block(lines=(self.headline(), "", *self.sentences()))
        yield self.steps()
        yield self.parting()
        yield self.by_decision()
        yield self.concentration()
        yield Block(self.speech.say("Notes"), lines=tuple(self.notes()), listed=True)

    @property
    def profit_known(self) -> bool:
        return self.made.whole.today.profit is not None

    def headline(self) -> str:
        made, s = self.made, self.speech
        without = s.either(f"without: {s.decisions()}", f"bez: {s.decisions()}")
        terms = "; ".join(map(s.change, made.changes))
        changed = s.either(f"; other terms: {terms}", f"; nowe warunki: {terms}") if terms else ""
        return f"{made.policy_id} {made.policy_version}, {s.either('as of', 'stan na')} {made.as_of.isoformat()}, {without}{changed}"

    def sentences(self) -> Iterator[str]:
        """What it comes to, in words."""
        s, departure, steps = self.speech, self.made.departure, self.made.whole
        if self.made.without and not departure.sums.clients:
            yield s.either("No client has such a decision: nobody leaves.", "Żaden klient nie ma takiej decyzji: nikt nie odchodzi.")
        if departure.sums.clients:
            yield from self.about_parting()
        if self.made.changes and steps.terms.profit is not None:
            change, after = steps.terms.profit, steps.after.profit
            assert after is not None
            yield s.either(
                f"The other terms change the profit by {s.amount(change, signed=True)}, to {s.amount(after)}.",
                f"Nowe warunki zmieniają zysk o {s.amount(change, signed=True)}, do {s.amount(after)}.",
            )

    def about_parting(self) -> Iterator[str]:
        s, d = self.speech, self.made.departure
        people, lost = s.people(d.sums.clients), s.amount(d.lost)
        if not self.profit_known:
            yield s.either(
                f"Without {people} the revenue falls by {lost}. What they cost is not known: declare measures: cost_to_serve or profit.",
                f"Odchodzi {people}: przychód spada o {lost}. Ich koszt nie jest znany: zadeklaruj measures: cost_to_serve albo profit.",
            )
            return
        yield self.lost_and_saved(people, d)
        if not d.declared:
            worst = s.amount(d.net_if_nothing, signed=True)
            yield s.either(
                "This assumes that ALL of their cost ends with them, which is optimistic: the policy has no avoidable_cost. "
                f"If none of it ended, the profit would change by {worst}.",
                "To zakłada, że CAŁY ich koszt znika razem z nimi, co jest optymistyczne: polityka nie ma avoidable_cost. "
                f"Gdyby nie zniknęło nic, zysk zmieniłby się o {worst}.",
            )
        yield self.break_even(d)

    def lost_and_saved(self, people: str, d: Departure) -> str:
        """Both in one sentence; a revenue below zero is not lost, a cost below zero not saved."""
        s, net = self.speech, self.speech.amount(d.net, signed=True)
        lost, saved = s.amount(abs(d.lost)), s.amount(abs(d.saved))
        revenue = s.either(
            f"loses {lost} of revenue" if d.lost >= 0 else f"has {lost} more revenue, as theirs is below zero,",
            f"traci {lost} przychodu" if d.lost >= 0 else f"ma o {lost} więcej przychodu, bo ich przychód jest ujemny,",
        )
        cost = s.either(
            f"saves {saved} of cost" if d.saved >= 0 else f"bears {saved} more cost, as theirs is below zero",
            f"oszczędza {saved} kosztu" if d.saved >= 0 else f"ponosi o {saved} więcej kosztu, bo ich koszt jest ujemny",
        )
        return s.either(
            f"Without {people} the company {revenue} and {cost}: the profit changes by {net}.",
            f"Odchodzi {people}: firma {revenue} i {cost}; zysk zmienia się o {net}.",
        )

    def break_even(self, d: Departure) -> str:
        s, even = self.speech, d.break_even
        if even is None:
            return s.either(
                "Their cost is not above zero: there is nothing to save.", "Ich koszt nie jest dodatni: nie ma czego oszczędzać."
            )
        if even <= 0:
            return s.either(
                "They bring no revenue on balance: parting costs nothing, whatever part of their cost ends.",
                "W sumie nie przynoszą przychodu: rozstanie nic nie kosztuje, jakakolwiek część kosztu zniknie.",
            )
        if even > 1:
            return s.either(
                "Parting does not pay even if all of their cost ends: they bring more than they cost.",
                "Rozstanie nie opłaca się, nawet gdyby zniknął cały ich koszt: przynoszą więcej, niż kosztują.",
            )
        said = self.declared_part(d.part) if d.declared else ""
        return s.either(
            f"Parting pays from the point where {s.percent(even)} of their cost ends with them{said}.",
            f"Rozstanie opłaca się dopiero, gdy zniknie {s.percent(even)} ich kosztu{said}.",
        )

    def declared_part(self, part: Fraction | None) -> str:
        return self.speech.either(
            f"; by the policy {self.speech.percent(part)} does", f"; według polityki znika {self.speech.percent(part)}"
        )

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
        part = f", {s.percent(d.part)}" if d.part is not None else ""
        rows.append([s.say("Cost saved" if d.declared else "Cost saved, if all of it ends") + part, s.money(d.saved, signed=True)])
        rows.append([s.say("Profit changes by"), s.money(d.net, signed=True)])
        if d.avoidable.open_clients:
            at_most = s.say("at most, as their avoidable cost is not all known")
            rows.append([f"  {at_most} ({s.people(d.avoidable.open_clients)})", s.money(d.net_at_most, signed=True)])
        rows.append(["  " + s.say("if nothing of the cost ended"), s.money(d.net_if_nothing, signed=True)])
        rows.append(["  " + s.say("if all of the cost ended"), s.money(d.net_if_everything, signed=True)])
        if d.sums.hours is not None:
            rows.append([s.say("Service hours freed"), s.hours(d.sums.hours)])
        if d.sums.conflicts is not None:
            rows.append([s.say("Conflicts gone"), s.count(d.sums.conflicts)])
        return Block(heading, tuple(rows))

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
        yield "revenue", lambda steps: s.money(steps.today.revenue)
        if self.profit_known:
            yield "profit", lambda steps: s.money(steps.today.profit)
            if made.without:
                yield "by parting", lambda steps: s.money(steps.leaving.profit, signed=True)
            if made.changes:
                yield "by other terms", lambda steps: s.money(steps.terms.profit, signed=True)
            yield "profit after", lambda steps: s.money(steps.after.profit)
        else:
            yield "revenue after", lambda steps: s.money(steps.after.revenue)
        if today.hours is not None:
            yield "hours", lambda steps: s.hours(steps.today.hours)
        if today.conflicts is not None:
            yield "conflicts", lambda steps: s.count(steps.today.conflicts)

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
        cells = [s.number(revenue.clients), s.number(revenue.best), s.percent(revenue.best_share)]
        if profit is not None:
            cells += [s.number(profit.best), s.percent(profit.best_share), s.money(profit.peak), s.percent(profit.peak_share)]
            cells += [s.number(profit.above), s.number(profit.below), s.money(-profit.erosion)]
        return cells

    def notes(self) -> Iterator[str]:
        """What is not in the sums, what was assumed, what stayed fixed."""
        s, made = self.speech, self.made
        today = made.whole.today
        if today.uncounted:
            words = ("revenue or profit", "przychód lub zysk") if self.profit_known else ("revenue", "przychód")
            of = f"{s.people(today.uncounted)} / {s.number(today.clients)}"
            yield s.either(
                f"{of}: {words[0]} not known. They are in no sum of money; nobody counts as 0.",
                f"{of}: nieznany {words[1]}. Nie ma ich w sumach pieniędzy; nikt nie liczy się jako 0.",
            )
        for word, missing in (("hours", today.hours_missing), ("conflicts", today.conflicts_missing)):
            if missing:
                yield s.either(
                    f"{s.people(missing)}: {s.say(word)} not known, and in no sum.",
                    f"{s.people(missing)}: {s.say(word)} - brak danych, poza sumą.",
                )
        undetermined = next((g for g in made.groups if g.decision == UNDETERMINED), None)
        if undetermined is not None and not undetermined.leaves:
            people, one = s.people(undetermined.steps.today.clients), undetermined.steps.today.clients == 1
            yield s.either(
                f"{people} undetermined: {'it stays, on a line of its own' if one else 'they stay, on a line of their own'}.",
                f"{people}, decyzja nierozstrzygnięta: {'zostaje, w osobnym wierszu' if one else 'zostają, w osobnym wierszu'}.",
            )
        if made.departure.avoidable.above:
            people = s.people(made.departure.avoidable.above)
            yield s.either(
                f"{people} who would leave: the avoidable cost is above the whole cost. Look at the measure avoidable_cost.",
                f"{people} spośród odchodzących: koszt do uniknięcia jest większy niż cały koszt. Sprawdź miarę avoidable_cost.",
            )
        yield from self.fixed()
        yield from self.assumed()

    def fixed(self) -> Iterator[str]:
        s, made = self.speech, self.made
        yield s.either(
            "Held fixed: every client's decision, thresholds, and what other clients do. Nothing is decided again.",
            "Bez zmian pozostają: decyzje o klientach, progi i zachowanie innych klientów. Nic nie jest rozstrzygane od nowa.",
        )
        if made.departure.sums.hours is not None and made.departure.sums.clients:
            yield s.either(
                "Freed hours are no money of their own: what they save is part of the cost saved.",
                "Uwolnione godziny to nie dodatkowe pieniądze: co oszczędzają, jest już w oszczędzonym koszcie.",
            )
        stays = made.whole.after.profit
        if made.departure.sums.clients and made.after.profit is not None and stays is not None and stays != made.after.profit.total:
            rest = s.amount(made.after.profit.total - stays)
            yield s.either(
                f"A cost of {rest} stays when its clients have left. It is no client's, and not on the curve.",
                f"Koszt {rest} zostaje po klientach, którzy odeszli. Nie należy do żadnego klienta i nie ma go na krzywej.",
            )
        if made.fixed:
            yield s.either(f"Held as in the run: {', '.join(made.fixed)}.", f"Jak w przebiegu: {', '.join(made.fixed)}.")
        for measure in made.follows:
            yield s.either(
                f"The profit is not calculated from what changes: it moves by as much as {measure} moves.",
                f"Zysk nie jest liczony z tego, co się zmienia: zmienia się o tyle, o ile {measure}.",
            )
        held = sum(group.held for group in made.groups if not group.leaves)
        if held:
            yield s.either(
                f"{s.people(held)}: on other terms nothing can be calculated; they count as they are today.",
                f"{s.people(held)}: na nowych warunkach nie da się policzyć; liczą się jak dziś.",
            )

    def assumed(self) -> Iterator[str]:
        """Measures that the policy does not declare, and those that nothing gives."""
        s = self.speech
        for meaning in self.made.meanings:
            if meaning.assumed:
                others = s.either(f" (not {', '.join(meaning.others)})", f" (a nie {', '.join(meaning.others)})") if meaning.others else ""
                yield s.either(
                    f"Assumed: {meaning.name} is {meaning.source}{others}; the policy does not say so under measures.",
                    f"Założenie: {meaning.name} to {meaning.source}{others}; polityka nie mówi tego w measures.",
                )
        lacking = [name.value for name in MeasureName if not self.made.has(name)]
        if lacking:
            yield s.either(f"The policy has no measure {', '.join(lacking)}.", f"Polityka nie ma miary: {', '.join(lacking)}.")
