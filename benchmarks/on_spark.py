"""The made clients, by DuckDB and by Spark here: `python -m benchmarks.on_spark [--clients N ... --rules N --master M --memory-limit M]`.

Whole commands over the same Parquet file, start-up included; both digests must be the same. For each number of clients the seconds by the
clock and of the processor (Spark's JVM included), and what each further million clients cost Spark. With `--record` they are kept in
spark.json, which RESULTS.md shows.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import json
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import client_world, made_clients, made_rules
from benchmarks.contest import AS_OF, HERE, PROGRAM
from benchmarks.report import Section, machine, table
from benchmarks.timing import ENVIRONMENT

KEPT = HERE / "spark.json"
MASTER, MEMORY = "local[2]", "8GB"


@dataclass(frozen=True, slots=True)
class Taken:
    """What one command took."""

    seconds: float
    processor: float
    digest: str


@dataclass(frozen=True, slots=True)
class Point:
    """Both engines over so many clients."""

    clients: int
    duckdb: Taken
    spark: Taken


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.on_spark")
    parser.add_argument("--clients", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--rules", type=int, default=20)
    parser.add_argument("--master", default=MASTER)
    parser.add_argument("--memory-limit", default=MEMORY)
    parser.add_argument("--record", action="store_true", help="keep the figures for RESULTS.md, in the place of those before")
    given = parser.parse_args()
    points = []
    with tempfile.TemporaryDirectory() as temporary:
        for clients in given.clients:
            point = compared(Path(temporary), clients, given.rules, given.master, given.memory_limit)
            points.append(point)
            print(f"{clients:,} clients: {point.spark.digest} by both", flush=True)
    print("\n".join(growth(points)))
    if given.record:
        entry = {"machine": machine(), "date": f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}", "rules": given.rules}
        entry |= {"master": given.master, "memory": given.memory_limit, "points": [dataclasses.asdict(point) for point in points]}
        KEPT.write_text(json.dumps(entry, indent=1) + "\n", encoding="utf-8")


def growth(points: Sequence[Point]) -> tuple[str, ...]:
    """A table; what a further million costs is seen from the first number of clients."""
    first = points[0]

    def further(point: Point) -> float | None:
        millions = (point.clients - first.clients) / 1e6
        return (point.spark.seconds - first.spark.seconds) / millions if millions else None

    heads = ("clients", "DuckDB, seconds", "of the processor", "Spark, seconds", "of the processor", "each further million, seconds")
    rows = (
        (f"{p.clients:,}", p.duckdb.seconds, p.duckdb.processor, p.spark.seconds, p.spark.processor, further(p)) for p in points
    )  # fmt: skip
    return table(heads, rows)


def kept_section() -> Section:
    """The growth that was taken by hand."""
    entry = json.loads(KEPT.read_text(encoding="utf-8"))
    points = [Point(p["clients"], Taken(**p["duckdb"]), Taken(**p["spark"])) for p in entry["points"]]
    numbers = " ".join(str(point.clients) for point in points)
    lines = [
        f"Whole commands, the same digest by both; {entry['rules']} rules, `{entry['master']}`, `--memory-limit {entry['memory']}` for both"
        f" ({entry['machine']}, {entry['date']}). `make bench` leaves this as it is:",
        "",
        "```sh",
        f"python -m benchmarks.on_spark --clients {numbers} --record",
        "```",
        "",
    ]
    return Section("Growth on Spark, taken by hand", (*lines, *growth(points)))


def compared(folder: Path, clients: int, rules: int, master: str = MASTER, memory: str = MEMORY) -> Point:
    """Both commands over the same clients. Fails where one ends otherwise, or the digests differ."""
    policy, data = folder / "policy.yaml", folder / "clients.parquet"
    policy.write_text(client_world.policy(made_rules.rules(rules, client_world.NAMES)), encoding="utf-8")
    made_clients.write(made_clients.clients_sql(clients), data)
    command = [*PROGRAM, "evaluate", str(policy), "--data", f"clients={data}", "--as-of", AS_OF, "--quiet", "--memory-limit", memory]
    here = taken(command, folder / "here")
    there = taken([*command, "--engine", "spark", "--master", master], folder / "there")
    assert here.digest == there.digest, "Spark decides otherwise"
    return Point(clients, here, there)


def taken(command: list[str], run: Path) -> Taken:
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([*command, "--out", str(run)], check=True, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    seconds, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    digest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))["digest"]
    shutil.rmtree(run)
    return Taken(seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, digest)


if __name__ == "__main__":
    main()
