"""A decided run in, decisions.xlsx out: the decisions, who decides, what to find out, and about whom.

One language, and no technical names where people have words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .. import compiling, wording
from ..documents.workbook import MOST_ROWS, BookLook, Sheet, SheetColumn, can_write_workbooks, write_workbook
from ..engines import duckdb_engine as engine
from ..engines import outcomes
from ..model.finding import Finding
from ..model.kind import Kind
from ..model.speaker import Speaker
from ..model.text import Texts
from .policies import file_finding
from .summary import Amount, Count, Summary, amount_of, summed
from .worklist import Ground, Room, lack, lack_words, made_list, named_clients, waiting_room

NAME = "decisions.xlsx"
UNDETERMINED, UNKNOWN, DEFAULT, EXCEPTION = "undetermined", "unknown", "default", "exception"


def missing_extra() -> tuple[Finding, ...]:
    """A finding where the library that writes workbooks is not installed."""
    if can_write_workbooks():
        return ()
    help_ = "pip install 'selective-sales[excel]', or --write csv"
    return (file_finding("SS985", "to write a workbook a library is needed that is not installed", NAME, help_),)


def too_many(clients: int) -> tuple[Finding, ...]:
    """A finding where a sheet has not enough rows for the clients."""
    most = MOST_ROWS
    if clients <= most:
        return ()
    message = f"a sheet of Excel has no room for {clients:,} clients".replace(",", " ")
    help_ = f"It has {most:,} rows below its header: take --write csv; nothing was decided".replace(",", " ")
    return (file_finding("SS992", message, NAME, help_),)


def write_decisions(ground: Ground, summary: Summary, language: str, path: Path) -> None:
    """The run's workbook in that language."""
    with waiting_room(ground) as room:
        pages = Pages(ground, summary, room, wording.speaker(language, summary.currency), wording.headings(language))
        write_workbook(path, pages.sheets(), pages.look(), room.scratch)


@dataclass(frozen=True)
class Pages:
    """The sheets of a run's workbook."""

    ground: Ground
    summary: Summary
    room: Room
    speaker: Speaker
    words: wording.Headings

    @cached_property
    def titles(self) -> dict[str, Texts]:
        return dict(self.summary.titles)

    @cached_property
    def amount(self) -> Amount | None:
        return amount_of(self.ground.checked)

    @cached_property
    def decisions(self) -> dict[str, str]:
        """A decision's word, its id behind it where two have the same."""
        policy = self.ground.checked.policy
        said = {d.id: self.speaker.text(d.title, d.id) for d in policy.decisions}
        words = [*said.values(), self.words.undetermined]
        return {id_: word if words.count(word) == 1 else f"{word} ({id_})" for id_, word in said.items()} | {
            UNDETERMINED: self.words.undetermined
        }

    @cached_property
    def rules(self) -> dict[str, str]:
        """What decided, in words."""
        said = {r.id: self.speaker.text(r.title, r.id) for r in self.ground.checked.policy.rules}
        return said | {UNKNOWN: self.words.unknown, DEFAULT: self.words.default, EXCEPTION: self.words.exception}

    def look(self) -> BookLook:
        policy = self.ground.checked.policy
        last = max(len(policy.decisions) - 1, 1)
        tints: dict[str, float | None] = {self.decisions[d.id]: number / last for number, d in enumerate(policy.decisions)}
        tints[self.decisions[UNDETERMINED]] = None
        title = f"{policy.id} {policy.version}, {self.ground.as_of.isoformat()}, {self.ground.run_id}"
        return BookLook(title, policy.currency, self.words.days, self.words.months, tints, self.ground.as_of)

    def sheets(self) -> Iterator[Sheet]:
        yield self.decisions_sheet()
        yield self.rules_sheet()
        yield self.facts_sheet()
        yield self.waiting_sheet()

    def decisions_sheet(self) -> Sheet:
        clients = self.ground.checked.policy.clients
        fields = {f.name: f for f in clients.fields}
        named = [] if clients.display in (None, *clients.key) else [clients.display or ""]
        columns = [self.column(n, self.speaker.text(fields[n].label, n), fields[n].type) for n in (*clients.key, *named)]
        before = len(columns)
        columns.append(SheetColumn(self.words.decision, Kind.TEXT, tinted=True))
        exceptions = bool(self.summary.exceptions)
        columns += [SheetColumn(self.words.policy_decision, Kind.TEXT, tinted=True)] if exceptions else []
        columns += [self.money(self.amount_title)] if self.amount is not None else []
        words = (self.words.decided_by, self.words.fired, self.words.missing, self.words.possible)
        columns += [SheetColumn(word, Kind.TEXT) for word in words]
        shown = "" if self.amount is None else self.amount.name
        metrics = [m for m in self.ground.checked.results if m.name != shown]
        for metric in metrics:
            kind = Kind.TEXT if metric.is_list else metric.kind
            columns.append(SheetColumn(self.speaker.text(metric.title, metric.name), kind, metric.format))
        rows = self.decided_rows(named, [m.name for m in metrics])
        return Sheet(self.words.decisions, distinct(columns), self.decided(rows, before, exceptions=exceptions), before)

    def decided_rows(self, named: Sequence[str], metrics: Sequence[str]) -> Iterator[tuple[object, ...]]:
        """Everybody's key, name, decision and metrics, as the engine has them."""
        ground, folder = self.ground, self.ground.folder.absolute()
        files = [folder / name for name in ("facts.parquet", "decisions.parquet")]
        scratch = self.room.scratch / "decided"
        scratch.mkdir()
        with engine.connected(files, [], scratch, ground.limits) as connection:
            for statement in compiling.macro_statements():
                connection.execute(statement)
            engine.open_facts(connection, folder / "facts.parquet")
            amount = summed(connection, ground.checked, folder, ground.as_of, self.amount)
            yield from outcomes.decided_clients(connection, folder, ground.checked.policy.clients.key, named, amount, metrics)

    def decided(self, rows: Iterator[tuple[object, ...]], before: int, *, exceptions: bool) -> Iterator[list[object]]:
        """The rows in words."""
        missing = lack_words(self.ground.checked, self.speaker.language)
        money = self.amount is not None
        for row in rows:
            decision, policy_decision, by, fired, because, possible, amount = row[before : before + 7]
            made: list[object] = [*row[:before], self.decisions.get(str(decision), decision)]
            made += [self.decisions.get(str(policy_decision), policy_decision)] if exceptions else []
            made += [amount] if money else []
            made.append(self.rules.get(str(by), by))
            made.append(joined(self.rules.get(rule, rule) for rule in texts(fired)))
            made.append(joined(missing(lack(label)) for label in texts(because)))
            made.append(joined(self.decisions.get(one, one) for one in texts(possible)))
            made += [joined(map(str, value)) if isinstance(value, list) else value for value in row[before + 7 :]]
            yield made

    def rules_sheet(self) -> Sheet:
        columns = [SheetColumn(w, Kind.TEXT) for w in (self.words.rule, self.words.id)]
        columns += [SheetColumn(self.words.leads_to, Kind.TEXT, tinted=True), SheetColumn(self.words.clients, Kind.INTEGER)]
        columns += [SheetColumn(self.words.share, Kind.NUMBER, "percent")]
        columns += [self.money(self.amount_title)] if self.amount is not None else []
        return Sheet(self.words.rules, distinct(columns), self.deciders())

    def deciders(self) -> Iterator[list[object]]:
        """Every rule in the policy's order, also those that decide nobody, then what decided where no rule did."""
        policy, found = self.ground.checked.policy, {c.name: c for c in self.summary.decided_by}
        leads = {rule.id: rule.then for rule in policy.rules}
        default = {DEFAULT: policy.default_decision.id, UNKNOWN: UNDETERMINED}
        for id_ in (*leads, *(name for name in (DEFAULT, EXCEPTION, UNKNOWN) if name in found)):
            count = found.get(id_, Count(id_, 0, None))
            decision = leads.get(id_) or default.get(id_)
            share = count.clients / self.summary.clients if self.summary.clients else None
            row: list[object] = [self.rules[id_], id_ if id_ in leads else None, None if decision is None else self.decisions[decision]]
            yield [*row, count.clients, share, *([count.amount] if self.amount is not None else [])]

    def facts_sheet(self) -> Sheet:
        money = self.amount is not None
        columns = [SheetColumn(self.words.fact, Kind.TEXT), SheetColumn(self.words.alone, Kind.INTEGER)]
        columns += [self.money(self.words.alone_amount.format(amount=self.amount_title))] if money else []
        columns += [SheetColumn(self.words.among, Kind.INTEGER)]
        columns += [self.money(self.words.among_amount.format(amount=self.amount_title))] if money else []
        return Sheet(self.words.facts, distinct(columns), self.facts(money=money))

    def facts(self, *, money: bool) -> Iterator[list[object]]:
        """First what can be found out, then what cannot be computed."""
        missing = lack_words(self.ground.checked, self.speaker.language)
        made = made_list(self.ground, self.room, 0)
        for one in (*made.facts, *made.obstacles):
            row: list[object] = [missing(one.lack)]
            for worth in (one.alone, one.among):
                row += [worth.clients, *([worth.amount] if money else [])]
            yield row

    def waiting_sheet(self) -> Sheet:
        clients = self.ground.checked.policy.clients
        fields = {f.name: f for f in clients.fields}
        columns = [self.column(n, self.speaker.text(fields[n].label, n), fields[n].type) for n in clients.key]
        columns += [SheetColumn(self.words.name, Kind.TEXT)] if clients.display is not None else []
        columns += [self.money(self.amount_title)] if self.amount is not None else []
        columns += [SheetColumn(word, Kind.TEXT) for word in (self.words.missing, self.words.possible)]
        return Sheet(self.words.waiting, distinct(columns), self.waiting())

    def waiting(self) -> Iterator[list[object]]:
        missing = lack_words(self.ground.checked, self.speaker.language)
        named = self.ground.checked.policy.clients.display is not None
        for one in named_clients(self.room.connection, self.ground.checked, None):
            row: list[object] = [*one.client, *([one.name] if named else []), *([one.amount] if self.amount is not None else [])]
            yield [*row, joined(map(missing, one.lacks)), joined(self.decisions.get(d, d) for d in one.possible)]

    @property
    def amount_title(self) -> str:
        name = "" if self.amount is None else self.amount.name
        return self.speaker.text(self.titles.get(name), name)

    def money(self, title: str) -> SheetColumn:
        return SheetColumn(title, Kind.MONEY)

    def column(self, name: str, title: str, kind: Kind) -> SheetColumn:
        return SheetColumn(title or name, kind)


def distinct(columns: Sequence[SheetColumn]) -> tuple[SheetColumn, ...]:
    """The columns with a number behind a title that was there already: a filter, and whoever reads the sheet again, needs one name each."""
    taken: set[str] = set()
    made = []
    for column in columns:
        title, number = column.title, 1
        while title.casefold() in taken:
            number += 1
            title = f"{column.title} ({number})"
        taken.add(title.casefold())
        made.append(SheetColumn(title, column.kind, column.form, column.tinted))
    return tuple(made)


def joined(parts: Iterator[str] | Sequence[str]) -> str | None:
    return "; ".join(parts) or None


def texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list | tuple) else []
