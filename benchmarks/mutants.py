"""A made policy with about 500 mutants and 200 made cases in, the seconds that `test` takes with and without mutants out.

The cases expect what the policy gives: they are written twice, the second time with what the first run found.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

from benchmarks.made_policies import policy
from benchmarks.report import Section, table, within
from benchmarks.timing import Contender, medians

RULES = 24
CASES = 200
FILES = 2
TARGET = 5.0
"""Seconds for all verdicts, with the start of the program."""
PLAIN, VERDICTS = "test", "test, every mutant judged"
VERDICT_SCRIPT = """
import sys
from pathlib import Path
from selective_sales.pipeline import cases
from selective_sales.pipeline.mutants import Planter
planter = Planter()
cases.run_tests((Path(sys.argv[1]),), "", [planter])
(nursery,) = planter.nurseries.values()
print(len(nursery.mutants), len(nursery.killed))
"""


def write_tests(folder: Path) -> Path:
    """The policy and its test files (a YAML file has its limit), all of whose cases pass."""
    folder = folder / "mutants"
    folder.mkdir()
    (folder / "made.yaml").write_text(policy(RULES), encoding="utf-8")
    chance = random.Random(20261122)
    for part in range(FILES):
        tests = folder / f"made-{part}.test.yaml"
        clients = [client(chance) for _ in range(CASES // FILES)]
        tests.write_text(text(clients, ["keep"] * len(clients)), encoding="utf-8")
        run = [sys.executable, "-m", "selective_sales", "test", str(tests), "--format", "json"]
        found = json.loads(subprocess.run(run, capture_output=True, text=True, check=False).stdout)
        decisions = [case["columns"][0]["actual"] for file in found["files"] for case in file["cases"]]
        tests.write_text(text(clients, decisions), encoding="utf-8")
    return folder


def client(chance: random.Random) -> tuple[str, str]:
    """The cells of a client and of its orders."""
    cells = [
        f"revenue: {chance.randrange(1_000, 90_000)}", f"cost_to_serve: {chance.randrange(500, 60_000)}",
        f"discount: {chance.randrange(0, 900)}", f"outstanding: {chance.randrange(0, 9_000)}",
        *(f"{name}: 0.{chance.randrange(10, 99)}" for name in ("values_fit", "trust", "win_probability")),
        f"conflicts: {chance.randrange(0, 9)}", f"tickets: {chance.randrange(0, 60)}", f"referrals: {chance.randrange(0, 5)}",
        f"payment_delay: {chance.randrange(0, 120)} days", f'client_since: "{chance.randrange(2018, 2026)}-0{chance.randrange(1, 9)}-15"',
        f"industry: {chance.choice(('it', 'retail', 'public', 'health', 'energy'))}", f"strategic: {chance.choice(('true', 'false'))}",
    ]  # fmt: skip
    orders = [
        f'{{ordered_on: "2026-0{chance.randrange(1, 9)}-01", quantity: {chance.randrange(-2, 30)}, unit_price: {chance.randrange(1, 900)}}}'
        for _ in range(chance.randrange(0, 5))
    ]
    return ", ".join(cells), ", ".join(orders)


def text(clients: list[tuple[str, str]], decisions: list[str]) -> str:
    lines = ["format: 1", "policy: made.yaml", 'as_of: "2026-11-22"', "cases:"]
    for number, ((cells, orders), decision) in enumerate(zip(clients, decisions, strict=True)):
        lines += [
            f"  - case: client {number}",
            f"    client: {{{cells}}}",
            f"    orders: [{orders}]",
            f"    expect: {{decision: {decision}}}",
        ]
    return "\n".join(lines) + "\n"


def seconds(folder: Path, rounds: int) -> tuple[dict[str, float], int, int]:
    """The times, the mutants, and how many of them the cases kill."""
    tests = write_tests(folder)
    judge = [sys.executable, "-c", VERDICT_SCRIPT, str(tests)]
    mutants, killed = map(int, subprocess.run(judge, capture_output=True, text=True, check=True).stdout.split())
    plain = [sys.executable, "-m", "selective_sales", "test", str(tests)]
    return medians({PLAIN: Contender(plain), VERDICTS: Contender(judge)}, rounds), mutants, killed


def section(folder: Path, rounds: int) -> Section:
    times, mutants, killed = seconds(folder, min(rounds, 5))
    heading = f"{mutants} mutants of a made policy of {RULES} rules, judged by {CASES} cases ({killed} killed), beside the cases alone:"
    rows = [(name, value, value / times[PLAIN]) for name, value in times.items()]
    target = within(f"verdicts on {mutants} mutants", TARGET, times[VERDICTS], "s")
    return Section("Mutants", (heading, "", *table(("", "seconds", f"x {PLAIN}"), rows)), (target,))
