"""Two sides of which at least one is a run in, the movement between them by the runs' own evidence out.

Of two runs over different data (or on different dates, with other exceptions) each move is put down to the policy where the new policy
alone, decided on the old run's evidence, makes it; to the data where the old policy on the new run's evidence does; else to both.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..engines import duckdb_engine as engine
from ..engines import evidence, moves
from ..model.comparison import Gate, GateResult, Movement
from ..model.finding import Finding
from ..model.results import WholeResult
from .beside import Beside
from .between import looks_at_portfolio
from .finished import FinishedRun
from .gating import judged, measured
from .grounds import RunGround
from .moving import Table, promises
from .policies import date_findings, file_finding
from .responsible import BOTH, DATA, EXCEPTION, UNTOLD, Search
from .results import whole_result
from .runs import Ending, StoppedError
from .sides import OpenSide, key_findings, undated

if TYPE_CHECKING:
    import duckdb

    from .comparing import Ask


@dataclass(frozen=True, slots=True)
class ByRuns:
    """What came of it."""

    movement: Movement
    gates: tuple[GateResult, ...]
    findings: tuple[Finding, ...]
    same_data: bool


def over_runs(ask: Ask, old: OpenSide, new: OpenSide, beside: Beside, gates: Sequence[Gate]) -> ByRuns:
    """The movement, with its causes. Raises StoppedError where a policy cannot be decided on a run's evidence."""
    wrong = key_findings(old, new)
    if wrong:
        raise StoppedError(Ending.USAGE, wrong)
    with tempfile.TemporaryDirectory(prefix="selective-sales-") as name, ExitStack() as stack:
        work = Work(ask, old, new, beside, gates, Path(name), stack)
        return work.compare()


@dataclass(slots=True)
class Work:
    """One comparison in its temporary folder."""

    ask: Ask
    old: OpenSide
    new: OpenSide
    beside: Beside
    gates: Sequence[Gate]
    root: Path
    stack: ExitStack

    def ground(self, run: FinishedRun, name: str) -> RunGround:
        return RunGround(run, self.root, self.ask.request.limits, self.stack, name)

    def compare(self) -> ByRuns:
        run = self.old.run or self.new.run
        assert run is not None
        ground = self.ground(run, "old" if self.old.run else "new")
        before = self.folder(self.old, ground)
        after = self.folder(self.new, ground)
        connection = self.open()
        as_of = (self.new.run or run).manifest.as_of
        table = Table(connection, self.old, self.new, before, after, as_of, measured(self.gates))
        search = Search(connection, self.old.checked.policy.clients.key, self.beside.candidates(), self.beside.make, ground.decide)
        moved = self.root / "moved.parquet"
        same = self.same_data()
        if moves.write_moved(connection, moved):
            evidence.note_exceptions(connection, EXCEPTION)
            if not looks_at_portfolio((self.old.checked, self.new.checked)):
                ground.narrow(moved)
            if not same:
                self.by_data(connection, ground, moved)
            if moves.open_rest(connection):
                search.run()
        wholes = [self.whole(side, folder) for side, folder in ((self.old, before), (self.new, after))]
        movement = table.movement(self.ask.most, search, promises(*wholes))
        results = judged(connection, self.gates, movement, table.width, most=self.ask.most)
        table.write_csv(self.ask.csv, self.root, search, self.beside.changes, self.ask.language, for_excel=self.ask.for_excel)
        return ByRuns(movement, results, (), same)

    def open(self) -> duckdb.DuckDBPyConnection:
        """A connection that sees both runs."""
        files = [
            side.run.folder.absolute() / f"{part}.parquet" for side in (self.old, self.new) if side.run for part in ("facts", "decisions")
        ]
        scratch = self.root / "scratch"
        scratch.mkdir()
        return self.stack.enter_context(engine.connected(files, [self.root], scratch, self.ask.request.limits))

    def folder(self, side: OpenSide, ground: RunGround) -> Path:
        """Where the side's decisions are: in its run folder, or decided on the other side's evidence, its exceptions kept."""
        if side.run is not None:
            return side.run.folder.absolute()
        run = ground.run
        told = date_findings(undated(side.checked), run.manifest.as_of)
        if told:
            raise StoppedError(Ending.INVALID_POLICY, told)
        folder = ground.decide(side.checked, whole=True)
        if folder is None:
            message = f"what the run kept does not hold all that the policy '{side.path}' reads"
            help = "give the data: --data ...; or evaluate with --keep-data, so that a run can be decided by another policy"
            raise StoppedError(Ending.USAGE, (file_finding("SS845", message, run.folder, help),))
        evidence.keep_exceptions(ground.open(), folder, run.folder.absolute() / "decisions.parquet", side.checked.policy.clients.key)
        return folder

    def same_data(self) -> bool:
        """Whether both sides stand on the same ground: the same files, date, exceptions and history."""
        if self.old.run is None or self.new.run is None:
            return True
        one, other = self.old.run.manifest, self.new.run.manifest
        files = [{t.name: t.sha256 for t in m.tables} for m in (one, other)]
        exceptions = [None if m.exceptions is None else m.exceptions.sha256 for m in (one, other)]
        history = [None if m.history is None else [e.decisions_sha256 for e in m.history] for m in (one, other)]
        known = all(sha is not None for sha in files[0].values())
        shared = set(files[0]) & set(files[1])
        same_files = known and bool(shared) and all(files[0][n] == files[1][n] for n in shared)
        return same_files and exceptions[0] == exceptions[1] and history[0] == history[1] and one.as_of == other.as_of

    def by_data(self, connection: duckdb.DuckDBPyConnection, ground: RunGround, moved: Path) -> None:
        """Marks those whom the policy alone does not move: by the data, by both, or it cannot be told."""
        assert self.new.run is not None
        key = self.old.checked.policy.clients.key
        by_policy = ground.decide(self.new.checked)
        other = self.ground(self.new.run, "other")
        if not looks_at_portfolio((self.old.checked, self.new.checked)):
            other.narrow(moved)
        by_data = other.decide(self.old.checked)
        paths = [None if folder is None else folder / "decisions.parquet" for folder in (by_policy, by_data)]
        evidence.note_data(connection, paths[0], paths[1], key, (DATA, BOTH, UNTOLD))

    def whole(self, side: OpenSide, folder: Path) -> WholeResult:
        """What the side came to as a whole."""
        as_of = side.run.manifest.as_of if side.run else (self.old.run or self.new.run).manifest.as_of  # type: ignore[union-attr]
        return whole_result(self.open_for(folder), undated(side.checked), folder, as_of)

    def open_for(self, folder: Path) -> duckdb.DuckDBPyConnection:
        scratch = self.root / f"whole {folder.name}"
        scratch.mkdir(exist_ok=True)
        files = [folder / f"{part}.parquet" for part in ("facts", "decisions")]
        return self.stack.enter_context(engine.connected(files, [self.root], scratch, self.ask.request.limits))
