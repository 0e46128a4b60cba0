"""Two policies (or runs) in, how they differ out: the changes by meaning; over data who moves, by which change, what it is worth."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from ..comparing.sentences import Teller as Teller
from ..engines import duckdb_engine as engine
from ..engines import moves
from ..model import steps
from ..model.comparison import Comparison, Gate, GateResult, Movement
from ..model.finding import Finding, has_errors, in_order
from ..model.steps import Step
from .beside import Beside as Beside
from .between import Workshop, looks_at_portfolio
from .comparing_runs import over_runs
from .gating import gate_findings, judged, measured, read_gates
from .moving import Table, promises
from .policies import file_finding
from .responsible import Search
from .runs import Ending, Request, StoppedError
from .sides import OpenSide, key_findings, open_side
from .summary import titles


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
    for_excel: bool = False
    """Whether it is written as a Polish Excel opens it."""


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
    if not ask.data and old.run is None and new.run is None:
        if gates:
            message = "gates are about clients, and no data were given"
            findings.append(file_finding("SS849", message, ask.expect or ask.new, "give the data: --data ..."))
        if ask.csv is not None:
            message = "it would name the clients who move, and no data were given"
            findings.append(file_finding("SS880", message, ask.csv, "give the data: --data ..., or leave --out out"))
        is_refused = bool(gates) or ask.csv is not None
        return Compared(Ending.USAGE if is_refused else Ending.DONE, in_order(findings), None if is_refused else comparison)
    same_data: bool | None = None
    try:
        if ask.data:
            movement, results, told = over_data(ask, old, new, found, gates)
        else:
            by_runs = over_runs(ask, old, new, found, gates)
            movement, results, told, same_data = by_runs.movement, by_runs.gates, by_runs.findings, by_runs.same_data
    except StoppedError as stop:
        return Compared(stop.outcome.ending, in_order((*findings, *stop.outcome.findings)))
    except engine.EngineError as error:
        stopped = file_finding("SS704", f"the engine stopped: {error}", ask.new, error.help)
        return Compared(Ending.USAGE, in_order((*findings, stopped)))
    comparison = replace(comparison, movement=movement, candidates=found.candidates(), gates=results, same_data=same_data)
    findings = [*findings, *told, *gate_findings(results, movement.currency)]
    return Compared(Ending.DONE, in_order(findings), comparison)


def over_data(
    ask: Ask, old: OpenSide, new: OpenSide, beside: Beside, gates: Sequence[Gate]
) -> tuple[Movement, tuple[GateResult, ...], tuple[Finding, ...]]:
    """Both policies, and those between them, over the data of the request."""
    with tempfile.TemporaryDirectory(prefix="selective-sales-") as name, ExitStack() as stack:
        shop = Workshop(ask.data, ask.request, Path(name), stack, (old.checked, new.checked))
        if wrong := key_findings(old, new):
            raise StoppedError(Ending.USAGE, wrong)
        findings = (*shop.findings(old), *shop.findings(new))
        if has_errors(findings):
            raise StoppedError(Ending.INVALID_POLICY, findings)
        folders = []
        for side in (old, new):
            folder, told = shop.decide(side.checked, side.path)
            folders.append(folder)
            findings = (*findings, *told)
        shop.base = (old.checked, old.path, folders[0] / "facts.parquet")
        wholes = [shop.whole(side.checked, side.path, folder) for side, folder in zip((old, new), folders, strict=True)]
        steps.begin(Step.COMPARING)
        with engine.connected([], [Path(name)], Path(name), ask.request.limits) as connection:
            table = Table(connection, old, new, folders[0], folders[1], ask.request.as_of, measured(gates))
            moved = Path(name) / "moved.parquet"
            if moves.write_moved(connection, moved):
                if not looks_at_portfolio((old.checked, new.checked)):
                    shop.narrow(moved)
                search = Search(connection, old.checked.policy.clients.key, beside.candidates(), beside.make, shop.between)
                search.run()
            else:
                search = Search(connection, old.checked.policy.clients.key, (), beside.make, shop.between)
            movement = table.movement(ask.most, search, promises(wholes[0], wholes[1]))
            results = judged(connection, gates, movement, table.width, most=ask.most)
            table.write_csv(ask.csv, Path(name), search, beside.changes, ask.language, for_excel=ask.for_excel)
    return movement, results, findings
