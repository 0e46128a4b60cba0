"""A comparison as a person reads it in a terminal. What comes from files cannot steer it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from ..model.comparison import Cause, CauseTotal, Comparison
from .diff_words import Words, by_effect, matrix
from .summary import harmless

if TYPE_CHECKING:
    from ..pipeline.comparing import Teller


MOST_SETS = 10
"""Of more changes each of which suffices, the rest is counted."""


def as_text(comparison: Comparison, language: str) -> str:
    """Headline, changes, matrix, causes with their clients, promises, gates."""
    from ..pipeline.comparing import Teller

    page = Page(language, comparison, Teller(comparison, language))
    return "\n".join(harmless(line) for line in page.lines()) + "\n"


@dataclass(frozen=True)
class Page(Words):
    """The lines, one block after the other."""

    teller: Teller

    def lines(self) -> Iterator[str]:
        found = self.comparison.movement
        yield self.versions() + self.dated()
        yield self.headline()
        if self.comparison.same_data is False:
            yield self.say("The two runs are not over the same data.")
        yield from self.changes()
        if found is None:
            return
        if found.clients:
            yield from self.matrix()
        yield from self.causes()
        yield from self.others()
        yield from self.promises()
        yield from self.gates()

    def changes(self) -> Iterator[str]:
        changes = self.comparison.changes
        if not changes:
            yield from ("", self.say("Nothing changed in meaning."))
        told = [self.teller.sentence(change) for change in changes]
        for heading, found in by_effect(changes, told):
            yield from ("", f"{self.say(heading)}:")
            width = len(str(len(changes)))
            yield from (f"  {number:>{width}}. {self.teller.plain(sentence)}" for number, sentence in found)

    def matrix(self) -> Iterator[str]:
        rows, columns, cells = matrix(self.movement)
        yield from ("", f"{self.say('Before (rows) and after (columns)')}:")
        yield from self.table(rows, columns, {way: self.number(count) for way, (count, _) in cells.items()}, totals(cells, 0, self.count))
        if self.movement.money is not None:
            name = self.title(self.movement.money)
            yield from ("", f"{name}, {self.movement.currency}:")
            yield from self.table(
                rows, columns, {way: self.whole(money) for way, (_, money) in cells.items()}, totals(cells, 1, self.whole)
            )

    def count(self, value: Decimal) -> str:
        return self.number(int(value))

    def whole(self, value: Decimal | None) -> str:
        """Money in whole units: the exact figures stand with the causes."""
        return "" if value is None else self.number(value)

    def table(
        self, rows: Sequence[str], columns: Sequence[str], cells: dict[tuple[str | None, str | None], str], sums: Sums
    ) -> Iterator[str]:
        total = self.say("total")
        heads = ["", *map(self.title, columns), total]
        lines = [[self.title(r), *(cells.get((r, c), "·") for c in columns), sums.rows.get(r, "")] for r in rows]
        lines.append([total, *(sums.columns.get(c, "") for c in columns), sums.all])
        widths = [max(len(line[i]) for line in [heads, *lines]) for i in range(len(heads))]
        for line in [heads, *lines]:
            cells_ = [line[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(line[1:], widths[1:], strict=True))]
            yield f"  {'  '.join(cells_)}".rstrip()

    def causes(self) -> Iterator[str]:
        if not self.movement.totals:
            return
        yield from ("", f"{self.say('Who moves, and why')}:")
        for cause, ways in self.groups():
            yield ""
            yield from self.cause(cause)
            for total in ways:
                yield from self.way(total)
        idle = [self.teller.plain(self.teller.sentence(change)) for change in self.idle()]
        if idle:
            yield from ("", f"  {self.say('moves nobody')}:", *(f"    {sentence}" for sentence in idle[:MOST_SETS]))
        if len(idle) > MOST_SETS:
            yield f"    {self.say('and others')}: {self.number(len(idle) - MOST_SETS)}"

    def cause(self, cause: Cause) -> Iterator[str]:
        through = f", {self.say('through the rule')} {cause.through}" if cause.through else ""
        sets = self.teller.cause(cause)
        if not sets:
            yield f"  {self.why(cause)}{through}"
        elif len(sets) == 1 and len(sets[0]) == 1:
            yield f"  {self.teller.plain(sets[0][0])}{through}"
        elif len(sets) == 1:
            yield f"  {self.say('only together')}{through}:"
            yield from (f"    - {self.teller.plain(sentence)}" for sentence in sets[0])
        else:
            yield f"  {self.say('any of these alone')}{through}:"
            yield from (f"    - {' + '.join(map(self.teller.plain, one))}" for one in sets[:MOST_SETS])
            if len(sets) > MOST_SETS:
                yield f"    - {self.say('and others')}: {self.number(len(sets) - MOST_SETS)}"

    def way(self, total: CauseTotal) -> Iterator[str]:
        money = f", {self.money(total.money)}" if self.money(total.money) else ""
        yield f"    {self.title(total.old)} → {self.title(total.new)}: {self.people(total.clients)}{money}"
        named = self.of(total)
        for moved in named:
            amount = f"  {self.money(moved.money)}" if self.money(moved.money) else ""
            missing = f"  ({', '.join(moved.missing)})" if moved.missing else ""
            yield f"      {self.who(moved)}{amount}  {self.by(moved)}{missing}"
        if len(named) < total.clients and named:
            yield f"      {self.say('and more')}: {self.number(total.clients - len(named))}"

    def others(self) -> Iterator[str]:
        lines = list(self.rest())
        if lines:
            yield from ("", *lines)

    def promises(self) -> Iterator[str]:
        found = [p for p in self.movement.promises if p.is_new_breach or p.is_healed]
        if found:
            yield from ("", f"{self.say('Limits and guarantees')}:")
            for promise in found:
                word = "healed" if promise.is_healed else "newly breached" if promise.new == "breached" else "newly not judged"
                yield f"  {self.title(promise.id)}: {self.say(word)}"

    def gates(self) -> Iterator[str]:
        if self.comparison.gates:
            yield from ("", f"{self.say('Gates')}:")
            for result in self.comparison.gates:
                word = self.say("kept" if result.kept else "BREACHED")
                who = (
                    f" ({', '.join(result.examples)}{', ...' if result.clients > len(result.examples) else ''})" if result.examples else ""
                )
                yield f"  {result.gate.name}: {word}: {self.gate(result)}{who}"


class Sums:
    """The sums of a matrix, in words."""

    def __init__(self, rows: dict[str | None, str], columns: dict[str | None, str], all_: str) -> None:
        self.rows, self.columns, self.all = rows, columns, all_


def totals(cells: dict[tuple[str | None, str | None], tuple[int, Decimal | None]], which: int, say: object) -> Sums:
    """The sums of all rows and columns; clients whom one side does not have are in neither."""
    assert callable(say)
    rows: dict[str | None, Decimal] = {}
    columns: dict[str | None, Decimal] = {}
    for (old, new), cell in cells.items():
        if old is None or new is None:
            continue
        value = Decimal(cell[which] or 0)
        rows[old] = rows.get(old, Decimal(0)) + value
        columns[new] = columns.get(new, Decimal(0)) + value
    return Sums({k: say(v) for k, v in rows.items()}, {k: say(v) for k, v in columns.items()}, say(sum(rows.values(), Decimal(0))))
