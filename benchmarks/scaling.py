"""`evaluate` beside SQL by hand that decides the same: `python -m benchmarks.scaling --clients N --rules N [--memory-limit SIZE]`.

What is too long for `make bench` is taken by hand with `--record`: it goes to large.json, which RESULTS.md shows and `make bench` leaves
alone.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import client_world, made_clients, made_rules, yardstick
from benchmarks.contest import BY_HAND, EVALUATE, HERE, WITH_FACTS, Contest, Found, Limits, once, race
from benchmarks.report import Section, Target, machine, table
from benchmarks.timing import Measured

LARGE = HERE / "large.json"
TARGET = 1.25
SLACK = 150e6
"""Bytes above the memory limit."""
GROWTH = 13.0
"""100 million clients, beside 10 million."""
SMALL_MEMORY = "300MB"
LARGE_RUNS, LARGE_MEMORY = (10_000_000, 100_000_000), "1GB"
"""With 20 rules."""
UNITS = {"MB": 1e6, "GB": 1e9}


def contest(folder: Path, clients: int, rules: int) -> Contest:
    """So many clients and rules; the file of clients stays in the folder, for the next."""
    made = made_rules.rules(rules, client_world.NAMES)
    scripts = [yardstick.script(made, client_world.WORLD, facts=facts) for facts in (False, True)]
    return Contest(client_world.policy(made), *scripts, {"clients": client_file(folder, clients)}, folder / f"{clients}_{rules}")


def client_file(folder: Path, clients: int) -> Path:
    file = folder / f"clients_{clients}.parquet"
    if not file.exists():
        partial = folder / "partial.parquet"
        made_clients.write(made_clients.clients_sql(clients), partial)
        partial.rename(file)
    return file


def ratio_target(clients: int, rules: int, found: Found) -> Target:
    what = f"`evaluate` of {short(clients)} x {rules}, beside {BY_HAND}"
    facts = f"{found.ratio(WITH_FACTS):.2f} x where it writes the facts too"
    detail = f"{found.ratio():.2f} x ({found.cpu_ratio():.2f} x of processor time); {facts}"
    reason = "the facts, which the yardstick need not write, are a run's evidence" if found.ratio(WITH_FACTS) <= TARGET else ""
    return Target(what, f"{TARGET:g} x", detail, found.ratio() <= TARGET, reason)


def memory_target(clients: int, rules: int, memory: str, peak: float) -> Target:
    allowed = size(memory) + SLACK
    what = f"peak memory of {short(clients)} x {rules} with `--memory-limit {memory}`"
    return Target(what, f"{allowed / 1e6:.0f} MB", f"{peak / 1e6:.0f} MB", peak <= allowed)


def section(folder: Path, rounds: int) -> tuple[Section, dict[tuple[int, int], Found]]:
    """A million clients by 20 and by 200 rules, with little memory, and with one thread."""
    found: dict[tuple[int, int], Found] = {}
    lines: list[str] = []
    targets: list[Target] = []
    for clients, rules, times in ((1_000_000, 20, rounds), (1_000_000, 200, min(rounds, 3))):
        one = found[clients, rules] = race(contest(folder, clients, rules), times)
        lines += [f"{clients:,} clients x {rules} rules:", "", *one.rows(), ""]
        targets.append(ratio_target(clients, rules, one))
    little, digests, rows = threads(folder, 1_000_000, 20, SMALL_MEMORY)
    lines += [f"1,000,000 clients x 20 rules with `--memory-limit {SMALL_MEMORY}`:", "", *rows]
    targets += [memory_target(1_000_000, 20, SMALL_MEMORY, little), digest_target(1_000_000, 20, SMALL_MEMORY, digests)]
    title = "`evaluate` beside hand-written SQL"
    heading = (
        "The script decides this one policy by hand, with the fastest formulation known: the same checks of the data, three values with the"
        " reasons of the undetermined, the same columns, order and digest. Every row of the two results is compared.\n"
    )
    return Section(title, (heading, *lines), tuple(targets)), found


def threads(folder: Path, clients: int, rules: int, memory: str) -> tuple[float, list[str], tuple[str, ...]]:
    """The largest peak with one and two threads, the digests, and a table."""
    contested = contest(folder, clients, rules)
    runs = {n: once(contested, Limits(n, memory)) for n in (1, 2)}
    rows = [(n, took.seconds, took.cpu, took.peak_mb, f"`{digest}`") for n, (took, digest) in runs.items()]
    head = ("threads", "seconds", "processor seconds", "peak MB", "digest")
    return max(took.peak for took, _ in runs.values()), [digest for _, digest in runs.values()], table(head, rows)


def digest_target(clients: int, rules: int, memory: str, digests: list[str]) -> Target:
    what = f"the digest of {short(clients)} x {rules} with 1 and 2 threads, `--memory-limit {memory}`"
    return Target(what, "the same", "the same" if len(set(digests)) == 1 else "not the same", len(set(digests)) == 1)


def short(clients: int) -> str:
    return f"{clients // 1_000_000}M" if clients >= 1_000_000 else f"{clients // 1000}k"


def size(memory: str) -> float:
    return float(memory[:-2]) * UNITS[memory[-2:].upper()]


def record(clients: int, rules: int, limits: Limits, found: Found, digests: list[str]) -> None:
    """Keeps a large run's figures; an earlier one of the same size and limits is replaced."""
    name = f"{clients}x{rules} {' '.join(limits.options)}".strip()
    entry = {
        "clients": clients, "rules": rules, "memory": limits.memory, "threads": limits.threads, "machine": machine(),
        "date": f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}", "digests": digests,
        "measured": {contender: dataclasses.asdict(one) for contender, one in found.measured.items()},
    }  # fmt: skip
    LARGE.write_text(json.dumps({**recorded(), name: entry}, indent=1) + "\n", encoding="utf-8")


def recorded() -> dict[str, Any]:
    return dict(json.loads(LARGE.read_text(encoding="utf-8"))) if LARGE.exists() else {}


def of_record(entry: Mapping[str, Any]) -> Found:
    return Found({name: Measured(**one) for name, one in entry["measured"].items()})


def large_section() -> Section:
    """What was taken by hand."""
    lines = [
        "`make bench` leaves these as they are. `make bench BIG=1` takes ten million clients again; a hundred million are taken with",
        "",
        "```sh",
        "python -m benchmarks.scaling --clients 100000000 --rules 20 --memory-limit 1GB --once --record --folder FOLDER",
        "```",
        "",
        "FOLDER needs about 25 GB; it keeps the made clients.",
        "",
    ]
    targets = waiting()
    nets: dict[int, float] = {}
    for entry in recorded().values():
        found, clients, rules, memory = of_record(entry), entry["clients"], entry["rules"], entry["memory"]
        limit = f", `--memory-limit {memory}`" if memory else ""
        lines += [f"{clients:,} clients x {rules} rules{limit} ({entry['machine']}, {entry['date']}):", "", *found.rows(), ""]
        if BY_HAND in found.measured:
            targets.append(ratio_target(clients, rules, found))
        if memory:
            targets.append(memory_target(clients, rules, memory, found.measured[EVALUATE].peak))
        if len(entry["digests"]) > 1:
            targets.append(digest_target(clients, rules, memory or "none", entry["digests"]))
        if rules == 20 and memory == LARGE_MEMORY:
            nets[clients] = found.net_cpu(EVALUATE)
    if set(LARGE_RUNS) <= nets.keys():
        times = nets[LARGE_RUNS[1]] / nets[LARGE_RUNS[0]]
        targets.append(
            Target("processor time of `evaluate` of 100M x 20, beside 10M x 20", f"{GROWTH:g} x", f"{times:.1f} x", times <= GROWTH)
        )
    return Section("Large runs, taken by hand", tuple(lines), tuple(targets))


def waiting() -> list[Target]:
    """The targets of large runs that nobody has taken yet."""
    taken = {(entry["clients"], entry["memory"]) for entry in recorded().values()}
    missing = [clients for clients in LARGE_RUNS if (clients, LARGE_MEMORY) not in taken]
    allowed = f"{TARGET:g} x"
    return [Target(f"`evaluate` of {short(c)} x 20, beside {BY_HAND}", allowed, "", None, "to be taken by hand") for c in missing]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling", description="evaluate beside SQL by hand.")
    parser.add_argument("--clients", type=int, default=1_000_000)
    parser.add_argument("--rules", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5, help="the median counts")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--memory-limit", help="like 1GB")
    parser.add_argument("--once", action="store_true", help="one round, none before to warm up")
    parser.add_argument("--record", action="store_true", help="keep the figures for RESULTS.md, and compare the digests of 1 and 2 threads")
    parser.add_argument("--folder", type=Path, help="work here, and keep the made clients (default: a temporary folder)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        limits = Limits(given.threads, given.memory_limit)
        take(folder, given.clients, given.rules, 1 if given.once else given.rounds, limits, warm_up=not given.once, keep=given.record)


def take(folder: Path, clients: int, rules: int, rounds: int, limits: Limits, *, warm_up: bool, keep: bool) -> None:
    """One comparison, printed, and kept where asked for."""
    contested = contest(folder, clients, rules)
    found = race(contested, rounds, limits, warm_up=warm_up)
    sys.stdout.write("\n".join([f"{clients:,} clients x {rules} rules, {rounds} rounds", "", *found.rows(), ""]))
    facts = f"{found.ratio(WITH_FACTS):.2f} x with facts, {found.cpu_ratio(WITH_FACTS):.2f} x by processor time"
    sys.stdout.write(f"\n{EVALUATE}: {found.ratio():.2f} x {BY_HAND}, {found.cpu_ratio():.2f} x by processor time; {facts}\n")
    if keep:
        digests = [once(contested, Limits(n, limits.memory))[1] for n in (1, 2)]
        record(clients, rules, limits, found, digests)


if __name__ == "__main__":
    main()
