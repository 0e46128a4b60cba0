"""Times the main jobs in one interleaved run and writes RESULTS.md: `python -m benchmarks [--rounds N] [--data FOLDER]`.

Start-up: `--help` and `check` of 20 and of 200 rules, as multiples of `python -c pass`. The main job: `evaluate` over half a million order
lines, as a multiple of a hand-written script for the same decisions; skipped where the data file is not there. The whole language: a policy
with scores, tables and portfolio functions over a million made clients, as a multiple of hand-written SQL for the same. Policy tests: a
thousand cases.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
from pathlib import Path

import duckdb

from benchmarks import deciding, mutants, policy_tests, whole_language
from benchmarks.made_policies import policy
from benchmarks.timing import Contender, medians

HERE = Path(__file__).parent
PROGRAM = [sys.executable, "-m", "selective_sales"]
RESULTS = HERE / "RESULTS.md"
ORDERS = "online_retail_uci.parquet"
AS_OF = "2011-12-10"
NOTHING = "python -c pass"
BY_HAND = "hand-written SQL"
START = "start of Python and DuckDB"
OWN_START = "start of the program"
TARGETS = {"--help": 5.0, "check, 20 rules": 16.0, "check, 200 rules": 25.0}
EVALUATE_TARGET = 1.5


def main() -> None:
    """Runs both comparisons and writes what came out."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="How fast the main jobs are.")
    parser.add_argument("--rounds", type=int, default=9, help="rounds of each comparison (the median counts)")
    where = f"the folder that holds {ORDERS} (default: SELECTIVE_SALES_REAL_DATA, or a data folder beside the checkout)"
    parser.add_argument("--data", type=Path, help=where)
    given = parser.parse_args()
    data = given.data or Path(os.environ.get("SELECTIVE_SALES_REAL_DATA", HERE.parents[1] / "shared" / "data"))
    with tempfile.TemporaryDirectory() as folder:
        quick, whole = start_up(Path(folder), given.rounds), main_job(Path(folder), data / ORDERS, given.rounds)
        text = report(quick, whole, given.rounds) + language(whole_language.seconds(Path(folder), min(given.rounds, 5)))
        text += tests(policy_tests.seconds(Path(folder), min(given.rounds, 5)))
        text += deciding.report(deciding.seconds(Path(folder)))
        text += mutants.report(mutants.seconds(Path(folder), min(given.rounds, 5)))
    RESULTS.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


def start_up(folder: Path, rounds: int) -> dict[str, float]:
    """Seconds of the quick commands, beside Python doing nothing."""
    contenders = {NOTHING: Contender([sys.executable, "-c", "pass"]), "--help": Contender([*PROGRAM, "--help"])}
    for rules in (20, 200):
        path = folder / f"rules_{rules}.yaml"
        path.write_text(policy(rules), encoding="utf-8")
        contenders[f"check, {rules} rules"] = Contender([*PROGRAM, "check", str(path)])
    return medians(contenders, rounds)


def main_job(folder: Path, orders: Path, rounds: int) -> dict[str, float]:
    """Seconds of `evaluate`, of the hand-written script, and of what each needs to start; nothing where the data is absent."""
    if not orders.is_file():
        return {}
    clients, out = folder / "clients.parquet", folder / "out"
    duckdb.sql(f"COPY (SELECT DISTINCT CustomerID AS client_id FROM '{orders}' WHERE CustomerID IS NOT NULL) TO '{clients}'")
    data = ["--data", f"clients={clients}", "--data", f"orders={orders}"]
    evaluate = [*PROGRAM, "evaluate", str(HERE / "online_retail.yaml"), *data, "--as-of", AS_OF, "--out", str(out)]
    by_hand = [sys.executable, str(HERE / "online_retail_by_hand.py"), str(clients), str(orders), AS_OF, str(out)]

    def clear() -> None:
        shutil.rmtree(out, ignore_errors=True)

    start = "import duckdb; duckdb.connect()"
    own_start = f"import selective_sales.cli.evaluate, selective_sales.pipeline.runs; {start}"
    return medians(
        {
            START: Contender([sys.executable, "-c", start]),
            OWN_START: Contender([sys.executable, "-c", own_start]),
            BY_HAND: Contender(by_hand, clear),
            "evaluate": Contender(evaluate, clear),
        },
        rounds,
    )


def report(quick: dict[str, float], whole: dict[str, float], rounds: int) -> str:
    """What was measured, in Markdown."""
    lines = [
        "# How fast it is",
        "",
        f"Medians of {rounds} interleaved rounds; ratios within one run. Python {platform.python_version()}, DuckDB {duckdb.__version__},",
        f"{os.cpu_count()} cores. Written by `make bench`.",
        "",
        *table(quick, NOTHING, TARGETS),
        "",
    ]
    if not whole:
        return "\n".join([*lines, f"The main job was not timed: {ORDERS} is not here.", ""])
    allowed = EVALUATE_TARGET * whole[BY_HAND] + whole[OWN_START]
    above, below = whole["evaluate"] - whole[OWN_START], whole[BY_HAND] - whole[START]
    return "\n".join(
        [
            *lines,
            "`evaluate`, the whole command over 541,909 order lines of 4,372 clients, beside a script that decides this one policy by hand",
            "(same columns, checks, order and hashes; it writes no facts and has no policy to read):",
            "",
            *table(whole, BY_HAND, {}),
            "",
            f"Allowed are {EVALUATE_TARGET:g} x the hand-written script and the program's start, {allowed:.2f} s.",
            f"Without the starts: {above:.2f} s against {below:.2f} s, {above / below:.2f} x.",
            "",
        ]
    )


def language(seconds: dict[str, float]) -> str:
    """The whole language, in Markdown."""
    ratio = seconds["facts and decisions"] / seconds[BY_HAND]
    return "\n".join(
        [
            f"\n{whole_language.RULES} rules, 3 scores, 2 decision tables and {len(whole_language.PORTFOLIO)} portfolio metrics over"
            f" {whole_language.CLIENTS:,} clients,",
            "beside SQL by hand that gives the same and takes no care of blanks; both write Parquet in the order of the key:",
            "",
            *table(seconds, BY_HAND, {}),
            "",
            f"Allowed are {whole_language.TARGET:g} x, measured {ratio:.2f} x.",
            "",
        ]
    )


def tests(seconds: dict[str, float]) -> str:
    """Policy tests, in Markdown."""
    heading = f"`test`, the whole command over {policy_tests.CASES:,} cases of a policy with {policy_tests.RULES} rules:"
    rows = [f"| {name} | {value:.2f} | {policy_tests.TARGETS.get(name, '')} |" for name, value in seconds.items()]
    return "\n".join([f"\n{heading}\n", "| | seconds | at most |", "|---|---|---|", *rows, ""])


def table(seconds: dict[str, float], yardstick: str, targets: dict[str, float]) -> list[str]:
    """A Markdown table of the times, as multiples of the yardstick's."""
    rows = [f"| | seconds | x {yardstick} | at most |", "|---|---|---|---|"]
    for name, value in seconds.items():
        target = f"{targets[name]:g}" if name in targets else ""
        rows.append(f"| {name} | {value:.3f} | {value / seconds[yardstick]:.1f} | {target} |")
    return rows


if __name__ == "__main__":
    main()
