"""A finished run in, what to find out next out: which facts, about whom, and what they would settle. Nothing is decided again.

What is promised: a fact *alone* settles a client where nothing else that is missing can still matter to its decision. However it is then
filled in, the client is decided, unless a calculation fails on the new value (a division by zero). Where several facts are missing, they
settle the client together; one of them may turn out to do so by itself, which nobody knows before it is there.
"""

from __future__ import annotations

import datetime
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING

from .. import compiling, wording
from ..engines import duckdb_engine as engine
from ..engines import waiting
from ..model.checked import CheckedPolicy
from ..model.explanation import NamedValue
from ..model.finding import Finding
from ..model.worklist import Lack, LackWorth, Step, WaitingClient, Worklist, Worth
from .excel_csv import rewrite_for_excel
from .finished import FinishedRun
from .policies import file_finding
from .summary import amount_of, summed, titles

if TYPE_CHECKING:
    import duckdb

MOST_SETS = 20
"""Sets of several facts that are weighed for a step: those whose own clients are worth most."""
Sets = dict[frozenset[Lack], Worth]


@dataclass(frozen=True, slots=True)
class Ground:
    """A decided run as the worklist looks at it. `history`: whether it looked at earlier runs."""

    checked: CheckedPolicy
    folder: Path
    as_of: datetime.date
    run_id: str
    history: bool
    limits: engine.Limits = field(default_factory=engine.Limits)

    @classmethod
    def of(cls, run: FinishedRun) -> Ground:
        manifest = run.manifest
        return cls(run.checked, run.folder, manifest.as_of, manifest.run_id, manifest.history is not None)


def worklist(run: FinishedRun, clients: int | None = 10) -> Worklist:
    """What the run lacks. `clients`: how many of the undetermined are named, those with the most money (None: all)."""
    ground = Ground.of(run)
    with waiting_room(ground) as room:
        return made_list(ground, room, clients)


def made_list(ground: Ground, room: Room, clients: int | None) -> Worklist:
    """The worklist of a run whose clients wait in the room."""
    connection, checked = room.connection, ground.checked
    sets: Sets = {frozenset(map(lack, row[0])): Worth(*row[1:]) for row in waiting.waiting_sets(connection)}
    named = tuple(named_clients(connection, checked, clients))
    policy, shown = checked.policy, amount_of(checked)
    undetermined = total(sets.values())
    lacks = held_back(sets)
    return Worklist(
        policy_id=policy.id,
        policy_version=policy.version,
        run_id=ground.run_id,
        as_of=ground.as_of,
        currency=policy.currency,
        languages=policy.languages,
        amount=None if shown is None else shown.name,
        titles=titles(checked),
        decided=room.clients - undetermined.clients,
        undetermined=undetermined,
        facts=tuple(one for one in lacks if one.lack.is_fact),
        obstacles=tuple(one for one in lacks if not one.lack.is_fact),
        steps=tuple(steps(sets)),
        clients=named,
    )


def write_clients(run: FinishedRun, path: Path, most: int | None = None, *, for_excel: bool = False) -> None:
    """The undetermined clients as CSV, the most money first."""
    shown = amount_of(run.checked)
    with waiting_room(Ground.of(run)) as room:
        made = room.scratch / "worklist.csv"
        waiting.write_waiting(room.connection, run.checked.policy.clients.key, None if shown is None else shown.name, made, most)
        if for_excel:
            key = run.checked.policy.clients.key
            rewrite_for_excel(made, [len(key) + 1])
        with made.open("rb") as source:
            publish(path, source)


def publish(path: Path, source: IO[bytes]) -> None:
    """The file appears whole or not at all, and only its owner may read it: clients' names are in it."""
    part = path.with_name(f".{path.name}.part")
    try:
        with open(part, "wb", opener=for_owner) as target:
            shutil.copyfileobj(source, target)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def out_findings(run: FinishedRun, out: Path) -> tuple[Finding, ...]:
    """Why a worklist cannot go there: the run is evidence, and nothing is added to it."""
    if not out.resolve().is_relative_to(run.folder.resolve()):
        return ()
    message = f"the file '{out}' lies in the run folder: the run is evidence, and nothing is added to it"
    return (file_finding("SS988", message, out, "name a file beside the folder"),)


def for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def lack_words(checked: CheckedPolicy, language: str) -> Callable[[Lack], str]:
    """What a lack is called in that language: the field's label and where it stands, or the value and why it cannot be computed."""
    policy = checked.policy
    speaker = wording.speaker(language, policy.currency)
    called = {m.name: NamedValue(m.name, m.kind, None, m.title) for m in checked.metrics}
    called |= {f.name: NamedValue(f.name, f.type, None, f.label) for f in policy.clients.fields}

    def words(one: Lack) -> str:
        if not one.is_fact:
            return speaker.missing(one.label, called)
        table = policy.table(one.table or "clients")
        field = None if table is None else table.field(one.field)
        title = speaker.text(None if field is None else field.label, one.field)
        written = speaker.clean(one.label)
        return title if title == written else f"{title} ({written})"

    return words


@dataclass(frozen=True, slots=True)
class Room:
    """A connection with `run.waiting`, the number of all clients, and a folder to write into meanwhile."""

    connection: duckdb.DuckDBPyConnection
    clients: int
    scratch: Path


@contextmanager
def waiting_room(ground: Ground) -> Iterator[Room]:
    """Where the undetermined clients of a run wait, each with what it lacks."""
    checked, folder = ground.checked, ground.folder.absolute()
    files = [folder / name for name in ("facts.parquet", "decisions.parquet")]
    with (
        tempfile.TemporaryDirectory(prefix="selective-sales-") as temp,
        engine.connected(files, [], Path(temp), ground.limits) as connection,
    ):
        for statement in compiling.macro_statements():
            connection.execute(statement)
        table = checked.policy.clients
        clients = waiting.open_undetermined(connection, table.key, folder)
        amount = summed(connection, checked, folder, ground.as_of, amount_of(checked))
        labels = None if compiling.says_all(checked) else compiling.waiting_query(checked, ground.as_of, history=ground.history)
        waiting.open_waiting(connection, table.key, amount, table.display, labels)
        yield Room(connection, clients, Path(temp))


def named_clients(connection: duckdb.DuckDBPyConnection, checked: CheckedPolicy, most: int | None) -> Iterator[WaitingClient]:
    for client, name, money, labels, possible in waiting.waiting_clients(connection, checked.policy.clients.key, most):
        yield WaitingClient(client, name, money, tuple(map(lack, labels)), possible)


def lack(label: str) -> Lack:
    """A label of `missing_because`: `field`, `table.field`, or `name: cause`."""
    name, _, cause = label.partition(": ")
    if cause:
        return Lack(label, "", name, cause)
    table, _, field = name.rpartition(".")
    return Lack(label, table, field)


def total(worths: Iterable[Worth]) -> Worth:
    return sum(worths, Worth())


def held_back(sets: Sets) -> list[LackWorth]:
    """Per lack whom it holds back, alone and among others: what settles most alone comes first, then what holds back most."""
    found: dict[Lack, LackWorth] = {}
    for lacks, worth in sets.items():
        for one in lacks:
            known = found.get(one, LackWorth(one, Worth(), Worth()))
            alone = len(lacks) == 1
            found[one] = LackWorth(one, known.alone + worth if alone else known.alone, known.among if alone else known.among + worth)
    return sorted(found.values(), key=lambda w: (-money(w.alone), -w.alone.clients, -money(w.all), -w.all.clients, w.lack.label))


def money(worth: Worth) -> Decimal:
    return worth.amount or Decimal(0)


def steps(sets: Sets) -> Iterator[Step]:
    """What to collect one after the other: always the facts that settle most money (then clients) for each fact to be collected."""
    left = total(sets.values())
    facts = sorted({one for lacks in sets for one in lacks if one.is_fact})
    bit = {one: 1 << number for number, one in enumerate(facts)}
    # Sets as numbers: there may be a hundred thousand of them.
    open_ = {sum(bit[one] for one in lacks): worth for lacks, worth in sets.items() if lacks and all(one.is_fact for one in lacks)}
    while open_:
        chosen = best(open_)
        settled = settled_by(open_, chosen)
        left = left - settled
        yield Step(tuple(one for one in facts if bit[one] & chosen), settled, left)
        open_ = without(open_, chosen)


def settled_by(sets: Mapping[int, Worth], chosen: int) -> Worth:
    return total(worth for lacks, worth in sets.items() if lacks & ~chosen == 0)


def without(sets: Mapping[int, Worth], collected: int) -> dict[int, Worth]:
    """What is still waited for, once some facts are there."""
    found: dict[int, Worth] = {}
    for lacks, worth in sets.items():
        rest = lacks & ~collected
        if rest:
            found[rest] = found[rest] + worth if rest in found else worth
    return found


def best(sets: Mapping[int, Worth]) -> int:
    """The facts that settle most money, then most clients, each divided by the number of facts; the fewest, then the first of equals."""

    def each(lacks: int, worth: Worth) -> tuple[Decimal, Decimal, int, int]:
        count = lacks.bit_count()
        return -money(worth) / count, Decimal(-worth.clients) / count, count, lacks

    alone = [each(lacks, worth) for lacks, worth in sets.items() if lacks.bit_count() == 1]
    several = sorted(each(lacks, worth) for lacks, worth in sets.items() if lacks.bit_count() > 1)[:MOST_SETS]
    # One fact settles those who wait for it alone; several also those who wait for some of them.
    return min([*alone, *(each(lacks, settled_by(sets, lacks)) for *_, lacks in several)])[-1]
