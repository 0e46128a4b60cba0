"""A policy, the same by hand in SQL, and data in; what `evaluate` and the script take out: whole commands, in turns, over the same files.

Both check the contract, decide in three values, write the same rows in the order of the key, and hash what they read and wrote. In the end
the results are compared, row by row: a race of two different things would say nothing.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.made_rules import AS_OF
from benchmarks.report import table
from benchmarks.timing import Contender, Measured, measured, run

HERE = Path(__file__).parent
PROGRAM = [sys.executable, "-m", "selective_sales"]
START = "start of Python and DuckDB"
OWN_START = "start of the program"
BY_HAND = "hand-written SQL"
WITH_FACTS = "hand-written SQL, with facts"
EVALUATE = "evaluate"
STARTS = {
    START: "import duckdb; duckdb.connect()",
    OWN_START: "import selective_sales.cli.evaluate, selective_sales.pipeline.runs, duckdb; duckdb.connect()",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What both may use of the machine."""

    threads: int | None = None
    memory: str | None = None

    @property
    def options(self) -> list[str]:
        threads = ["--threads", str(self.threads)] if self.threads else []
        return [*threads, *(["--memory-limit", self.memory] if self.memory else [])]


@dataclass(frozen=True, slots=True)
class Contest:
    """The policy's text, the script without and with a copy of the facts, the tables' files, and a folder to work in."""

    policy: str
    by_hand: str
    with_facts: str
    tables: Mapping[str, Path]
    folder: Path

    @property
    def ours(self) -> Path:
        return self.folder / "ours"

    @property
    def theirs(self) -> Path:
        return self.folder / "theirs"

    def write(self) -> None:
        for name, text in (("policy.yaml", self.policy), ("by_hand.sql", self.by_hand), ("with_facts.sql", self.with_facts)):
            (self.folder / name).write_text(text, encoding="utf-8")

    def evaluate(self, limits: Limits) -> Contender:
        data = [part for name, path in self.tables.items() for part in ("--data", f"{name}={path}")]
        policy, out = str(self.folder / "policy.yaml"), str(self.ours)
        return Contender([*PROGRAM, "evaluate", policy, *data, "--as-of", AS_OF, "--out", out, *limits.options], self.clear)

    def script(self, name: str, limits: Limits) -> Contender:
        files = [part for name, path in self.tables.items() for part in ("--set", f"{name}={path}", "--hash", str(path))]
        command = [sys.executable, str(HERE / "by_hand.py"), str(self.folder / name), str(self.theirs), *files, *limits.options]
        return Contender(command, self.clear_theirs)

    def clear(self) -> None:
        shutil.rmtree(self.ours, ignore_errors=True)

    def clear_theirs(self) -> None:
        shutil.rmtree(self.theirs, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Found:
    """What each took."""

    measured: Mapping[str, Measured]

    def net(self, name: str) -> float:
        """Seconds without the start."""
        return self.measured[name].seconds - self.start(name).seconds

    def net_cpu(self, name: str) -> float:
        return self.measured[name].cpu - self.start(name).cpu

    def start(self, name: str) -> Measured:
        """What it needs to start; nothing where that was not taken."""
        return self.measured.get(OWN_START if name == EVALUATE else START, Measured(0, 0, 0))

    def ratio(self, yardstick: str = BY_HAND) -> float:
        return self.net(EVALUATE) / self.net(yardstick)

    def cpu_ratio(self, yardstick: str = BY_HAND) -> float:
        return self.net_cpu(EVALUATE) / self.net_cpu(yardstick)

    def rows(self) -> tuple[str, ...]:
        """A Markdown table."""
        head = ("", "seconds", "processor seconds", "peak MB", "without start", f"x {BY_HAND}", "by processor time")
        cells = []
        for name, one in self.measured.items():
            ratios = (
                (self.net(name) / self.net(BY_HAND), self.net_cpu(name) / self.net_cpu(BY_HAND))
                if BY_HAND in self.measured
                else (None, None)
            )
            net = (self.net(name), *ratios) if name not in STARTS else (None, None, None)
            cells.append((name, one.seconds, one.cpu, one.peak_mb, *net))
        return table(head, cells)


def race(contest: Contest, rounds: int, limits: Limits = Limits(), *, warm_up: bool = True) -> Found:
    """All contenders in turns; their results are compared and removed."""
    contest.folder.mkdir(exist_ok=True)
    contest.write()
    contenders = {name: Contender([sys.executable, "-c", code]) for name, code in STARTS.items()}
    contenders[WITH_FACTS] = contest.script("with_facts.sql", limits)
    contenders[BY_HAND] = contest.script("by_hand.sql", limits)
    contenders[EVALUATE] = contest.evaluate(limits)
    found = Found(measured(contenders, rounds, warm_up=warm_up))
    same(contest.theirs / "decisions.parquet", contest.ours / "decisions.parquet")
    contest.clear()
    contest.clear_theirs()
    return found


def once(contest: Contest, limits: Limits) -> tuple[Measured, str]:
    """One run of `evaluate`, and the digest of what it decided."""
    contest.folder.mkdir(exist_ok=True)
    contest.write()
    took = run(EVALUATE, contest.evaluate(limits))
    digest = str(json.loads((contest.ours / "manifest.json").read_text(encoding="utf-8"))["digest"])
    contest.clear()
    return took, digest


def same(by_hand: Path, ours: Path) -> None:
    """Ends the benchmark where the two differ in a type, a row or the order."""
    with duckdb.connect() as connection:
        types = [connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall() for path in (by_hand, ours)]
        if types[0] != types[1]:
            raise SystemExit(f"the columns differ: {types[0]} by hand, {types[1]} by the program")
        names = [row[0] for row in types[0]]
        differ = ", ".join(f"count_if(h.{name} IS DISTINCT FROM o.{name})" for name in names)
        beside = "read_parquet(?) AS h POSITIONAL JOIN read_parquet(?) AS o"
        counts = connection.execute(f"SELECT {differ} FROM {beside}", [str(by_hand), str(ours)]).fetchone()
    wrong = {name: count for name, count in zip(names, counts or (), strict=True) if count}
    if wrong:
        raise SystemExit(f"clients who are decided otherwise by hand, by column: {wrong}")
