"""A client whom a mutant decides otherwise than the policy in, the text of a test case with today's answer out, ready to paste."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..model.cases import Case, CaseFile, Cell, Expected, ExpectedClient, Row
from ..model.checked import CheckedPolicy
from ..model.expression import NOWHERE
from ..model.kind import Kind
from ..model.policy import Policy
from .boundaries import Interest
from .case_writer import case_file_text
from .needs import Needs
from .values import written_as
from .worlds import CLIENTS, World, cell_of, key_values, rows_of, world_of

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
FIRST = ("decision", "decided_by")
NOTHING = World({CLIENTS: ({},)})
"""The client whom a case that leaves a field out is completed by: blank throughout."""
MOST_CLIENTS = 10
"""Clients of a case that is searched from: nobody reviews more."""


@dataclass(slots=True)
class KillingCases:
    """Writes cases beside a file's defaults; `as_of` where the file's own date is another."""

    checked: CheckedPolicy
    as_of: datetime.date | None
    defaults: Mapping[str, Row]
    names: set[str] = field(default_factory=set)

    def text(self, name: str, world: World, today: Mapping[str, object], differing: Iterable[Sequence[str]]) -> str:
        """The case as lines of the section `cases`; for each mutant it expects one of the columns that differ."""
        columns = self.columns(list(differing))
        needs = Needs(self.checked)
        needed = needs.fields(frozenset(columns))
        cells = rows_of(self.checked.policy, world, named=True) or {}
        several = bool(world.others)
        rows = {
            table: tuple(self.row(table, row, needed, several=several) for row in own)
            for table, own in cells.items()
            if table == CLIENTS or (own and any(read == table for read, _ in needed))
        }
        expected = tuple(self.expected(name, today[name], needs.kinds[name]) for name in columns)
        client = self.client() if several else ()
        case = Case(
            self.name(name, today, columns),
            rows,
            (ExpectedClient(client, expected),),
            as_of=self.as_of if needs.dated(frozenset(columns)) else None,
        )
        whole = case_file_text(CaseFile("", "policy.yaml", NOWHERE, None, {}, (case,)))
        return whole.partition("cases:\n")[2].rstrip("\n")

    def columns(self, differing: Sequence[Sequence[str]]) -> list[str]:
        """What to expect: the decision and what decided, where one of them differs; else the first column that does."""
        chosen: dict[str, None] = dict.fromkeys(FIRST) if any(name in FIRST for names in differing for name in names) else {}
        for names in differing:
            if not chosen.keys() & set(names):
                chosen[names[0]] = None
        return list(chosen)

    def row(self, table: str, row: Row, needed: frozenset[tuple[str, str]], *, several: bool) -> Row:
        """The cells that matter and that the defaults do not give."""
        declared = self.checked.policy.table(table)
        assert declared is not None
        given = self.defaults.get(table, {})
        filled = {f.name for f in declared.fields if f.missing is not None and f.name not in given}
        blank = {name: Cell(None) for read, name in sorted(needed) if read == table and name not in row and name not in given}
        return {
            name: cell
            for name, cell in {**row, **blank}.items()
            if (several if name in declared.key else (table, name) in needed and given.get(name) != cell)
            and not (cell.text is None and name in filled)
        }

    def client(self) -> tuple[str, ...]:
        clients = self.checked.policy.clients
        key = key_values(clients, 0) or {}
        return tuple(cell_of(f, key[f.name]).text or "" for name in clients.key if (f := clients.field(name)) is not None)

    def expected(self, name: str, value: object, kind: Kind) -> Expected:
        if isinstance(value, list | tuple):
            return Expected(name, tuple(written_as(item, kind) for item in value))
        return Expected(name, None if value is None else in_full(written_as(value, kind), kind))

    def name(self, name: str, today: Mapping[str, object], columns: Sequence[str]) -> str:
        shown = today["decision"] if columns[0] in FIRST else f"{columns[0]} {written_as(today[columns[0]], Kind.TEXT)}"
        whole = f"{name}: {shown}"
        number = next(n for n in range(1, len(self.names) + 2) if (whole if n == 1 else f"{whole} ({n})") not in self.names)
        self.names.add(whole if number == 1 else f"{whole} ({number})")
        return whole if number == 1 else f"{whole} ({number})"


def in_full(text: str, kind: Kind) -> str:
    """A figure with all its places: one that is compared at fewer may be the mutant's too."""
    places = {Kind.MONEY: 4, Kind.NUMBER: 9}.get(kind, 0)
    if not places or not _DECIMAL.fullmatch(text):
        return text
    whole, _, part = text.partition(".")
    return f"{whole}.{part.ljust(places, '0')}"


def worlds_of_case(policy: Policy, rows: Mapping[str, tuple[Row, ...]], where: Iterable[Interest]) -> Iterator[World]:
    """The clients of a case, each as the one that is looked at with the others beside it; a field that was left out is blank."""
    where = tuple(where)
    clients = rows.get(CLIENTS, ())
    if len(clients) > MOST_CLIENTS:
        return
    single: list[World] = []
    for client in clients:
        own = {CLIENTS: (client,)} | {t.name: children(policy, t.name, client, rows) for t in policy.tables[1:]}
        world = world_of(policy, own, where, NOTHING)
        if world is None:
            return
        single.append(world)
    for i, world in enumerate(single):
        yield replace(world, others=(*single[:i], *single[i + 1 :])) if len(single) > 1 else world


def children(policy: Policy, table: str, client: Row, rows: Mapping[str, tuple[Row, ...]]) -> tuple[Row, ...]:
    """The rows of a table that name the client."""
    declared = policy.table(table)
    assert declared is not None
    pairs = list(zip(declared.key, policy.clients.key, strict=True))
    return tuple(row for row in rows.get(table, ()) if all(mine in row and row[mine].text == client[theirs].text for mine, theirs in pairs))
