"""`test` over a made policy of 20 rules with 1,000 cases in four files: alone, with its coverage, and with every third case failing."""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.made_policies import policy
from benchmarks.report import Section, table, within
from benchmarks.timing import Contender, medians
from selective_sales.pipeline.cases import run_tests

CASES = 1_000
FILES = 4
RULES = 20
TARGETS = {"test": 5.0}
"""Seconds."""
HEAD = """\
format: 1
policy: policy.yaml
as_of: "2026-11-22"
defaults:
  clients: {revenue: 50000, cost_to_serve: 20000, discount: 0, outstanding: 0, values_fit: 0.8, trust: 0.7, win_probability: 0.5,
    tickets: 3, payment_delay: 5 days, client_since: "2020-01-01", industry: retail}
  orders: {ordered_on: "2026-10-01", quantity: 2, unit_price: 100}
cases:
"""
PROGRAM = [sys.executable, "-m", "selective_sales", "test"]


def section(folder: Path, rounds: int) -> Section:
    found = seconds(folder, min(rounds, 5))
    heading = f"`test`, the whole command over {CASES:,} cases of a policy with {RULES} rules:"
    targets = tuple(within(f"`{name}` of {CASES:,} cases", most, found[name], "s") for name, most in TARGETS.items())
    return Section("Policy tests", (heading, "", *table(("", "seconds"), found.items())), targets)


def seconds(folder: Path, rounds: int) -> dict[str, float]:
    """Of each way to run them."""
    right, wrong = folder / "right", folder / "wrong"
    clients = made()
    for place, other in ((right, 0), (wrong, 3)):
        place.mkdir()
        (place / "policy.yaml").write_text(policy(RULES), encoding="utf-8")
        write(place, clients, ["keep"] * CASES)
        write(place, clients, [d if not other or i % other else another(d) for i, d in enumerate(decided(place))])
    return medians(
        {
            "test": Contender([*PROGRAM, str(right)]),
            "test --coverage": Contender([*PROGRAM, str(right), "--coverage"]),
            "test, every third case fails": Contender([*PROGRAM, str(wrong)], exits=(4,)),
        },
        rounds,
    )


def made(seed: int = 20261122) -> list[str]:
    """The cells in which each client differs from the defaults, and its orders."""
    chance = random.Random(seed)
    cells = {
        "revenue": lambda: chance.randrange(1_000, 90_000),
        "cost_to_serve": lambda: chance.randrange(500, 60_000),
        "values_fit": lambda: round(chance.random(), 2),
        "trust": lambda: round(chance.random(), 2),
        "tickets": lambda: chance.randrange(60),
        "payment_delay": lambda: chance.randrange(120),
    }
    chosen = [chance.sample(sorted(cells), 3) for _ in range(CASES)]
    return [
        f"client: {{{', '.join(f'{name}: {cells[name]()}' for name in names)}}}, orders: [{{}}, {{quantity: {chance.randrange(-3, 9)}}}]"
        for names in chosen
    ]


def write(folder: Path, clients: Sequence[str], decisions: Sequence[str]) -> None:
    lines = [f"  - {{case: client {i}, {c}, expect: {{decision: {d}}}}}\n" for i, (c, d) in enumerate(zip(clients, decisions, strict=True))]
    for number in range(FILES):
        part = lines[number * CASES // FILES : (number + 1) * CASES // FILES]
        (folder / f"{number}.test.yaml").write_text(HEAD + "".join(part), encoding="utf-8")


def decided(folder: Path) -> list[str]:
    """What the policy decides of each client."""
    return [case.columns[0].actual for file in run_tests((folder,)).files for case in file.cases]


def another(decision: str) -> str:
    return "keep" if decision != "keep" else "flag"
