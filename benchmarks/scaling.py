"""`evaluate` beside SQL by hand that decides the same: `python -m benchmarks.scaling --clients N --rules N [--memory-limit SIZE]`.

Both are whole commands over the same made clients, in turns: they check the contract, decide in three values, write the same rows in
the order of the key, and hash what they read and wrote. What either needs to start is taken off. In the end both results are compared,
row by row.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from benchmarks import made_clients, scaling_policy, scaling_rules, scaling_sql
from benchmarks.timing import Contender, Measured, measured

HERE = Path(__file__).parent
PROGRAM = [sys.executable, "-m", "selective_sales"]
START = "start of Python and DuckDB"
OWN_START = "start of the program"
BY_HAND = "hand-written SQL"
WITH_FACTS = "hand-written SQL, with facts"
EVALUATE = "evaluate"
TARGET = 1.25
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
class Scaling:
    """So many clients by so many rules: what each contender took."""

    clients: int
    rules: int
    limits: Limits
    found: dict[str, Measured] = field(default_factory=dict)

    def net(self, name: str) -> float:
        """Seconds without the start."""
        return self.found[name].seconds - self.found[OWN_START if name == EVALUATE else START].seconds

    def net_cpu(self, name: str) -> float:
        return self.found[name].cpu - self.found[OWN_START if name == EVALUATE else START].cpu

    def ratio(self, yardstick: str = BY_HAND) -> float:
        return self.net(EVALUATE) / self.net(yardstick)

    def cpu_ratio(self, yardstick: str = BY_HAND) -> float:
        return self.net_cpu(EVALUATE) / self.net_cpu(yardstick)


def scaling(folder: Path, clients: int, rules: int, rounds: int, limits: Limits = Limits(), *, warm_up: bool = True) -> Scaling:
    """Both over made clients; the file of clients stays in the folder, for the next."""
    file = client_file(folder, clients)
    policy, by_hand, with_facts = write_rules(folder, rules)
    ours, theirs = folder / "ours", folder / "theirs"

    def clear() -> None:
        shutil.rmtree(ours, ignore_errors=True)

    def clear_theirs() -> None:
        shutil.rmtree(theirs, ignore_errors=True)

    evaluate = [*PROGRAM, "evaluate", str(policy), "--data", f"clients={file}", "--as-of", scaling_rules.AS_OF, "--out", str(ours)]
    contenders = {name: Contender([sys.executable, "-c", code]) for name, code in STARTS.items()}
    for name, script in ((WITH_FACTS, with_facts), (BY_HAND, by_hand)):
        contenders[name] = Contender(by_hand_command(script, theirs, file, limits), clear_theirs)
    contenders[EVALUATE] = Contender([*evaluate, *limits.options], clear)
    found = Scaling(clients, rules, limits, measured(contenders, rounds, warm_up=warm_up))
    same(theirs / "decisions.parquet", ours / "decisions.parquet")
    clear()
    clear_theirs()
    return found


def by_hand_command(script: Path, out: Path, file: Path, limits: Limits) -> list[str]:
    return [
        sys.executable, str(HERE / "by_hand.py"), str(script), str(out), "--set", f"clients={file}", "--hash", str(file), *limits.options,
    ]  # fmt: skip


def client_file(folder: Path, clients: int) -> Path:
    file = folder / f"clients_{clients}.parquet"
    if not file.exists():
        partial = folder / "partial.parquet"
        made_clients.write(made_clients.clients_sql(clients), partial)
        partial.rename(file)
    return file


def write_rules(folder: Path, number: int) -> tuple[Path, Path, Path]:
    """The policy, and the script without and with facts."""
    rules = scaling_rules.rules(number)
    texts = {
        f"rules_{number}.yaml": scaling_policy.policy(rules),
        f"rules_{number}.sql": scaling_sql.script(rules, facts=False),
        f"rules_{number}_facts.sql": scaling_sql.script(rules, facts=True),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    policy, by_hand, with_facts = (folder / name for name in texts)
    return policy, by_hand, with_facts


def same(by_hand: Path, ours: Path) -> None:
    """Ends the benchmark where the two differ in a type, a row or the order: a race of two different things would say nothing."""
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


def rows(found: Scaling) -> list[str]:
    """A Markdown table of one comparison."""
    lines = ["| | seconds | processor seconds | peak MB | without start | x hand-written |", "|---|---|---|---|---|---|"]
    for name, one in found.found.items():
        own = f"| {name} | {one.seconds:.2f} | {one.cpu:.2f} | {one.peak / 1e6:.0f} |"
        compared = name not in STARTS
        lines.append(own + (f" {found.net(name):.2f} | {found.net(name) / found.net(BY_HAND):.2f} |" if compared else "  |  |"))
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling", description="evaluate beside SQL by hand.")
    parser.add_argument("--clients", type=int, default=1_000_000)
    parser.add_argument("--rules", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5, help="the median counts")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--memory-limit")
    parser.add_argument("--once", action="store_true", help="no round to warm up first")
    parser.add_argument("--folder", type=Path, help="keep the made clients here (default: a temporary folder)")
    given = parser.parse_args()
    limits = Limits(given.threads, given.memory_limit)
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        found = scaling(folder, given.clients, given.rules, given.rounds, limits, warm_up=not given.once)
    sys.stdout.write("\n".join([f"{given.clients:,} clients x {given.rules} rules, {given.rounds} rounds", "", *rows(found), ""]))
    sys.stdout.write(f"\nProcessor time: {found.cpu_ratio():.2f} x by hand, {found.cpu_ratio(WITH_FACTS):.2f} x by hand with facts\n")


if __name__ == "__main__":
    main()
