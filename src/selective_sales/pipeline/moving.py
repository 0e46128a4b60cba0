"""Two decided sides in, the movement of clients between them out: joined by key, counted, with the causes that were found."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from .. import compiling
from ..comparing.sentences import Teller, plain
from ..engines import moves, tallying
from ..model.comparison import Cause, CauseTotal, Change, Comparison, Moved, Movement, Passage, Promise
from ..model.expression import FieldValue, MetricValue
from ..model.results import Kept, WholeResult
from .excel_csv import rewrite_for_excel
from .responsible import BOTH, DATA, EXCEPTION, UNTOLD, Search, smallest
from .sides import OpenSide
from .summary import amount_of, summed, titles

if TYPE_CHECKING:
    import duckdb

UNDETERMINED = "undetermined"
_MONEY_AFTER_KEY = 5
"""In the file of those who moved: after the name, and twice the decision and what decided."""


class Table:
    """The two decided sides, joined."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        old: OpenSide,
        new: OpenSide,
        before: Path,
        after: Path,
        as_of: datetime.date,
        measures: tuple[str, ...],
    ) -> None:
        self.as_of = as_of
        self.connection, self.old, self.new = connection, old, new
        self.money, self.other_money = (None if (a := amount_of(s.checked)) is None else a.name for s in (new, old))
        decided = [
            moves.Decided(folder, side.checked.policy.clients.key, self.amount(side, folder, name), shown(side), measures)
            for side, folder, name in ((old, before, "old"), (new, after, "new"))
        ]
        moves.open_pairs(connection, decided[0], decided[1], as_text=key_kinds(old) != key_kinds(new))

    def amount(self, side: OpenSide, folder: Path, name: str) -> tallying.Summed | None:
        """Where the side's money stands; what is calculated is calculated once and kept."""
        as_of = self.as_of if side.run is None else side.run.manifest.as_of
        shown = amount_of(side.checked)
        found = summed(self.connection, side.checked, folder, as_of, shown)
        if shown is None or found is None or isinstance(shown.expression, FieldValue | MetricValue) or found.select is None:
            return found
        query = compiling.measures_query(side.checked, as_of)
        return moves.keep_money(self.connection, query.prelude, folder / "facts.parquet", found, name)

    @property
    def width(self) -> int:
        return len(self.new.checked.policy.clients.key)

    def movement(self, most: int | None, search: Search, kept: tuple[Promise, ...]) -> Movement:
        passages = tuple(Passage(*row) for row in moves.passages(self.connection))
        totals = self.totals(search)
        return Movement(
            as_of=self.as_of,
            clients=sum(p.clients for p in passages),
            decisions=decisions_of(self.old, self.new, passages),
            passages=passages,
            moved=tuple(self.moved(most, search)),
            totals=totals,
            promises=kept,
            money=self.money,
            other_money=None if self.other_money == self.money else self.other_money,
            currency=self.new.checked.policy.currency,
            other_reason=moves.other_reasons(self.connection),
            missing=tuple(moves.missing_counts(self.connection)),
            tried=search.tries,
        )

    def totals(self, search: Search) -> tuple[CauseTotal, ...]:
        """The clients by cause and way, largest money first."""
        found: dict[tuple[Cause, str, str], tuple[int, Decimal | None]] = {}
        for numbers, rule, before, after, clients, money in moves.totals(self.connection):
            way = (cause_of(numbers, rule, search), before, after)
            count, total = found.get(way, (0, None))
            found[way] = (count + clients, money if total is None else total if money is None else total + money)
        made = (CauseTotal(cause, before, after, *sums) for (cause, before, after), sums in found.items())
        return tuple(sorted(made, key=lambda t: (-(t.money or 0), -t.clients, t.old, t.new)))

    def write_csv(
        self, path: Path | None, root: Path, search: Search, changes: Sequence[Change], language: str | None, *, for_excel: bool
    ) -> None:
        """Every client who moves, in a CSV file that appears whole or not at all."""
        if path is None:
            return
        comparison = Comparison(self.old.side, self.new.side, (), (*titles(self.old.checked), *titles(self.new.checked)), tuple(changes),
                                tuple(search.candidates))  # fmt: skip
        teller = Teller(comparison, language or self.new.checked.policy.languages[0])
        causes = {tuple(row[0]): cause_of(row[0], row[1], search) for row in moves.totals(self.connection)}
        words = [(list(numbers), cause_words(cause, teller)) for numbers, cause in causes.items()]
        made = root / "moved.csv"
        moves.write_csv(self.connection, self.new.checked.policy.clients.key, words, self.money, made)
        if for_excel:
            rewrite_for_excel(made, [len(self.new.checked.policy.clients.key) + _MONEY_AFTER_KEY])
        part = path.with_name(f".{path.name}.part")
        try:
            shutil.copyfile(made, part)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def moved(self, most: int | None, search: Search) -> Iterator[Moved]:
        for client, (name, before, after, old_by, new_by, money, missing, numbers, rule) in moves.moved(self.connection, self.width, most):
            cause = cause_of(numbers, rule, search)
            yield Moved(client, name, before, after, old_by, new_by, money, tuple(missing or ()), cause)


WHY: dict[int, Literal["data", "both", "untold", "exception"]] = {DATA: "data", BOTH: "both", UNTOLD: "untold", EXCEPTION: "exception"}


def cause_of(numbers: Sequence[int], rule: str, search: Search) -> Cause:
    """The sets of changes that suffice; or why there are none."""
    other = next((n for n in numbers if n < 0), None)
    if other is not None:
        return Cause((), "", WHY[other])
    sets = smallest(numbers, search.sets, search.candidates)
    return Cause(sets, rule, "" if sets else "untold")


def cause_words(cause: Cause, teller: Teller) -> str:
    """The sets that suffice, in a cell: ` + ` where only several together do, ` | ` between those of which any does."""
    if cause.why:
        return WORDS_OF_WHY[cause.why]
    return " | ".join(" + ".join(map(plain, one)) for one in teller.cause(cause))


WORDS_OF_WHY = {
    "data": "the data, not the policy",
    "both": "the policy and the data together",
    "untold": "no cause was found",
    "exception": "an exception",
}


def shown(side: OpenSide) -> str | None:
    """The field that names a client for people, where it may be shown."""
    clients = side.checked.policy.clients
    field = None if clients.display is None else clients.field(clients.display)
    return None if field is None or field.protected else field.name


def key_kinds(side: OpenSide) -> list[Any]:
    clients = side.checked.policy.clients
    return [field.type if (field := clients.field(name)) else None for name in clients.key]


def decisions_of(old: OpenSide, new: OpenSide, passages: Sequence[Passage]) -> tuple[str, ...]:
    """Every decision of either policy, most severe first as the new one has it."""
    names = [d.id for d in new.checked.policy.decisions]
    names += [d.id for d in old.checked.policy.decisions if d.id not in names]
    present = {name for p in passages for name in (p.old, p.new)}
    return (*names, *([UNDETERMINED] if UNDETERMINED in present else []))


def promises(old: WholeResult, new: WholeResult) -> tuple[Promise, ...]:
    """What became of each limit, guarantee and allocation on either side."""
    before, after = statuses(old), statuses(new)
    named = {p.id: p.title for p in (*old.promises, *new.promises)} | {a.name: a.title for a in (*old.allocations, *new.allocations)}
    return tuple(Promise(name, before.get(name, ""), after.get(name, ""), title) for name, title in named.items())


def statuses(whole: WholeResult) -> dict[str, str]:
    found = {p.id: p.kept.value for p in whole.promises}
    return found | {a.name: (Kept.BREACHED if a.kept is Kept.BREACHED else Kept.HELD).value for a in whole.allocations}
