"""The made clients, by DuckDB and by Spark here: `python -m benchmarks.on_spark [--clients N ... --rules N --master M --memory-limit M]`.

Whole commands over the same Parquet file, start-up included; both digests must be the same. For each number of clients the seconds by the
clock and of the processor (Spark's JVM included), and how many times the first number of clients' seconds Spark takes.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks import client_world, made_clients, made_rules
from benchmarks.contest import AS_OF, PROGRAM
from benchmarks.report import table
from benchmarks.timing import ENVIRONMENT


@dataclass(frozen=True, slots=True)
class Taken:
    """What one command took."""

    seconds: float
    processor: float
    digest: str


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.on_spark")
    parser.add_argument("--clients", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--rules", type=int, default=20)
    parser.add_argument("--master", default="local[2]")
    parser.add_argument("--memory-limit", default="8GB")
    given = parser.parse_args()
    rows: list[tuple[str, float, float, float, float, float]] = []
    first = 0.0
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        policy = folder / "policy.yaml"
        policy.write_text(client_world.policy(made_rules.rules(given.rules, client_world.NAMES)), encoding="utf-8")
        for clients in given.clients:
            here, there = compared(folder, policy, clients, given.master, given.memory_limit)
            first = first or there.seconds
            rows.append((f"{clients:,}", here.seconds, here.processor, there.seconds, there.processor, there.seconds / first))
            print(f"{clients:,} clients: {there.digest} by both", flush=True)
    heads = ("clients", "DuckDB, seconds", "of the processor", f"Spark {given.master}, seconds", "of the processor", "times the first")
    print("\n".join(table(heads, rows)))


def compared(folder: Path, policy: Path, clients: int, master: str, memory: str) -> tuple[Taken, Taken]:
    """Both commands over the same clients. Fails where one ends otherwise, or the digests differ."""
    data = folder / "clients.parquet"
    made_clients.write(made_clients.clients_sql(clients), data)
    command = [*PROGRAM, "evaluate", str(policy), "--data", f"clients={data}", "--as-of", AS_OF, "--quiet"]
    here = taken(command, folder / "here")
    there = taken([*command, "--engine", "spark", "--master", master, "--memory-limit", memory], folder / "there")
    assert here.digest == there.digest, "Spark decides otherwise"
    return here, there


def taken(command: list[str], run: Path) -> Taken:
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([*command, "--out", str(run)], check=True, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    seconds, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    digest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))["digest"]
    shutil.rmtree(run)
    return Taken(seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, digest)


if __name__ == "__main__":
    main()
