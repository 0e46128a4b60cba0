"""Two policies (or runs) in, how they differ out: the changes by meaning; over data who moves, by which change, what it is worth."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import checking, explaining
from ..comparing.changes import changes
from ..comparing.grouping import candidates
from ..comparing.hybrid import hybrid
from ..comparing.sentences import Teller as Teller
from ..engines import duckdb_engine as engine
from ..engines import moves
from ..model.checked import CheckedPolicy
from ..model.comparison import Candidate, Cause, CauseTotal, Change, Comparison, Gate, GateResult, Moved, Movement, Passage, Promise
from ..model.expression import Expression
from ..model.finding import Finding, has_errors, in_order
from ..model.results import Kept, WholeResult
from .between import Workshop, looks_at_portfolio
from .gating import gate_findings, judged, measured, read_gates
from .policies import file_finding
from .responsible import Search, smallest
from .runs import Ending, Request, StoppedError
from .sides import OpenSide, open_side
from .summary import amount_of, titles

if TYPE_CHECKING:
    import duckdb

UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Ask:
    """What is to be compared. `request` has the date and the limits (its `inputs` come from `data`); `most` clients of a cause are named
    (None: all); `csv` is where all of them are written."""

    old: Path
    new: Path
    data: Sequence[str]
    request: Request
    most: int | None = 10
    csv: Path | None = None
    expect: Path | None = None
    language: str | None = None
    """Of the words in the CSV file; None: the new policy's first."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of it. `comparison` is None where nothing could be compared."""

    ending: Ending
    findings: tuple[Finding, ...]
    comparison: Comparison | None = None


def compare(ask: Ask) -> Compared:
    """Holds the two sides beside each other."""
    sides: list[OpenSide] = []
    findings: list[Finding] = []
    ending = Ending.DONE
    for path in (ask.old, ask.new):
        side, told, of_policy = open_side(path)
        findings += told
        if side is None:
            ending = Ending.INVALID_POLICY if of_policy or ending is Ending.INVALID_POLICY else Ending.USAGE
        else:
            sides.append(side)
    if len(sides) < 2:
        return Compared(ending, in_order(findings))
    old, new = sides
    found = Beside(old, new)
    comparison = Comparison(old.side, new.side, new.checked.policy.languages, (*titles(old.checked), *titles(new.checked)), found.changes)
    gates, told = read_gates(ask.expect, old.checked, new.checked)
    findings += told
    if has_errors(told):
        return Compared(Ending.INVALID_POLICY, in_order(findings))
    if not ask.data:
        return Compared(Ending.DONE, in_order(findings), comparison)
    try:
        movement, results, told = over_data(ask, old, new, found, gates)
    except StoppedError as stop:
        return Compared(stop.outcome.ending, in_order((*findings, *stop.outcome.findings)))
    except engine.EngineError as error:
        help = "free some room, or give the run more with --memory-limit and --temp-directory"
        stopped = file_finding("SS704", f"the engine stopped: {error}", ask.new, help)
        return Compared(Ending.USAGE, in_order((*findings, stopped)))
    comparison = replace(comparison, movement=movement, candidates=found.candidates(), gates=results)
    findings = [*findings, *told, *gate_findings(results, movement.currency)]
    return Compared(Ending.DONE, in_order(findings), comparison)


class Beside:
    """The changes between two sides, and the policies between them; each is checked once."""

    def __init__(self, old: OpenSide, new: OpenSide) -> None:
        self.old, self.new = old.checked.policy, new.checked.policy
        self.changes = changes(self.old, self.new, text_of(old.checked), text_of(new.checked))
        self.made: dict[frozenset[int], CheckedPolicy | None] = {}
        self.found: tuple[Candidate, ...] | None = None

    def make(self, numbers: frozenset[int]) -> CheckedPolicy | None:
        """The old policy with these changes, without what is only said of the whole; None where the checker refuses it."""
        if numbers not in self.made:
            self.made[numbers] = self.checked(numbers)
        return self.made[numbers]

    def checked(self, numbers: frozenset[int]) -> CheckedPolicy | None:
        policy = hybrid(self.old, self.new, [self.changes[n] for n in numbers])
        if policy is None:
            return None
        deciding = replace(policy, tables=policy.delivered, figures=(), limits=(), guarantees=(), allocations=(), fairness=None)
        return checking.check(deciding)[0]

    def candidates(self) -> tuple[Candidate, ...]:
        if self.found is None:
            self.found = candidates(self.old, self.new, self.changes, lambda numbers: self.make(numbers) is not None)
        return self.found


def text_of(checked: CheckedPolicy) -> Callable[[Expression], str]:
    return lambda node: explaining.expression_text(checked, node)


def over_data(
    ask: Ask, old: OpenSide, new: OpenSide, beside: Beside, gates: Sequence[Gate]
) -> tuple[Movement, tuple[GateResult, ...], tuple[Finding, ...]]:
    """Both policies, and those between them, over the data of the request."""
    with tempfile.TemporaryDirectory(prefix="selective-sales-") as name, ExitStack() as stack:
        shop = Workshop(ask.data, ask.request, Path(name), stack)
        findings = (*shop.findings(old), *shop.findings(new), *key_findings(old, new))
        if has_errors(findings):
            raise StoppedError(Ending.INVALID_POLICY, findings)
        folders = []
        for side in (old, new):
            folder, told = shop.decide(side.checked, side.path)
            folders.append(folder)
            findings = (*findings, *told)
        wholes = [shop.whole(side.checked, side.path, folder) for side, folder in zip((old, new), folders, strict=True)]
        with engine.connected(
            [], [Path(name), *([ask.csv.absolute().parent] if ask.csv else [])], Path(name), ask.request.limits
        ) as connection:
            table = Table(connection, old, new, folders[0], folders[1], ask.request.as_of, measured(gates))
            moved = Path(name) / "moved.parquet"
            if moves.write_moved(connection, moved):
                if not looks_at_portfolio((old.checked, new.checked)):
                    shop.narrow(moved, (old.checked, new.checked))
                search = Search(connection, old.checked.policy.clients.key, beside.candidates(), beside.make, decider(shop, old.path))
                search.run()
            else:
                search = Search(connection, old.checked.policy.clients.key, (), beside.make, decider(shop, old.path))
            movement = table.movement(ask.most, search, promises(wholes[0], wholes[1]))
            results = judged(connection, gates, movement, table.width)
    return movement, results, findings


def decider(shop: Workshop, path: Path) -> Callable[[CheckedPolicy], Path | None]:
    """Decides a policy between; None where the data are not to be had for it (another column, broken by its ranges)."""

    def decide(checked: CheckedPolicy) -> Path | None:
        try:
            return shop.decide(checked, path)[0]
        except StoppedError:
            return None

    return decide


def key_findings(old: OpenSide, new: OpenSide) -> tuple[Finding, ...]:
    """Clients are compared by key: both sides must name them by the same columns, or at least as many."""
    one, other = old.checked.policy.clients, new.checked.policy.clients
    if one.key == other.key:
        return ()
    message = f"the clients have the key {', '.join(other.key)} here and {', '.join(one.key)} in {old.path}"
    help = "clients can only be compared where both policies name them by the same key"
    return (Finding("SS841", message, other.key_place, help),)


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
        self.money, self.other_money = amount_of(new.checked), amount_of(old.checked)
        decided = [
            moves.Decided(folder, side.checked.policy.clients.key, money, shown(side), measures)
            for side, folder, money in ((old, before, self.other_money), (new, after, self.money))
        ]
        moves.open_pairs(connection, decided[0], decided[1], as_text=key_kinds(old) != key_kinds(new))

    @property
    def width(self) -> int:
        return len(self.new.checked.policy.clients.key)

    def movement(self, most: int | None, search: Search, kept: tuple[Promise, ...]) -> Movement:
        passages = tuple(Passage(*row) for row in moves.passages(self.connection))
        totals = [
            CauseTotal(cause_of(numbers, rule, search), before, after, clients, money)
            for numbers, rule, before, after, clients, money in moves.totals(self.connection)
        ]
        return Movement(
            as_of=self.as_of,
            clients=sum(p.clients for p in passages),
            decisions=decisions_of(self.old, self.new, passages),
            passages=passages,
            moved=tuple(self.moved(most, search)),
            totals=tuple(sorted(totals, key=lambda t: (-(t.money or 0), -t.clients))),
            promises=kept,
            money=self.money,
            other_money=None if self.other_money == self.money else self.other_money,
            currency=self.new.checked.policy.currency,
            other_reason=moves.other_reasons(self.connection),
            missing=tuple(moves.missing_counts(self.connection)),
            tried=search.tries,
        )

    def moved(self, most: int | None, search: Search) -> Iterator[Moved]:
        for client, (name, before, after, old_by, new_by, money, missing, numbers, rule) in moves.moved(self.connection, self.width, most):
            cause = cause_of(numbers, rule, search)
            yield Moved(client, name, before, after, old_by, new_by, money, tuple(missing or ()), cause)


def cause_of(numbers: Sequence[int], rule: str, search: Search) -> Cause:
    sets = smallest(numbers, search.sets, search.candidates)
    return Cause(sets, rule, "" if sets else "untold")


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


__all__ = ["Ask", "Change", "Compared", "compare"]
