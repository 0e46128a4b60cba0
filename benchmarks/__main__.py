"""Runs every comparison and writes RESULTS.md and growth.svg: `python -m benchmarks [--rounds N] [--big] [--only NAME]`.

A comparison that fails is said in its place; the others go on, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from benchmarks import (
    changes,
    child_tables,
    deciding,
    growth,
    letters,
    memos,
    mutants,
    on_spark,
    online_retail,
    other_engines,
    peers,
    planning,
    policy_tests,
    report_pages,
    scaling,
    start_up,
    whole_language,
    workbooks,
)
from benchmarks.contest import HERE, Found, Limits
from benchmarks.report import Section, whole

RESULTS = HERE / "RESULTS.md"
BIG = (10_000_000, 20, Limits(memory="1GB"))
Comparison = Callable[[Path, int], Section]


def main() -> None:
    """Takes all comparisons, or those named, and writes what came out."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="How fast the program is.")
    parser.add_argument("--rounds", type=int, default=7, help="rounds of each comparison (the median counts)")
    where = f"the folder that holds {online_retail.ORDERS} (default: SELECTIVE_SALES_REAL_DATA, or a data folder beside the checkout)"
    parser.add_argument("--data", type=Path, help=where)
    parser.add_argument("--big", action="store_true", help="also take ten million clients again, for the section that is kept")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="print this comparison, and write nothing; repeatable")
    parser.add_argument("--folder", type=Path, help="work here, and keep the made data (default: a temporary folder)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        if given.big:
            clients, rules, limits = BIG
            scaling.take(folder, clients, rules, min(given.rounds, 3), limits, warm_up=False, keep=True)
        chosen = comparisons(given.data)
        unknown = set(given.only) - chosen.keys()
        if unknown:
            parser.error(f"no comparison {', '.join(sorted(unknown))}: there are {', '.join(chosen)}")
        sections, failed = taken({name: chosen[name] for name in given.only or chosen}, folder, given.rounds)
    text = whole([*sections, scaling.large_section(), on_spark.kept_section()], given.rounds)
    if not given.only:
        RESULTS.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    sys.exit(1 if failed else 0)


def comparisons(data: Path | None) -> dict[str, Comparison]:
    """Every comparison by its name, in the order of the report."""
    points: dict[tuple[int, int], Found] = {}

    def scaled(folder: Path, rounds: int) -> Section:
        section, found = scaling.section(folder, rounds)
        points.update(found)
        return section

    return {
        "start-up": start_up.section,
        "scaling": scaled,
        "growth": lambda folder, rounds: growth.section(folder, rounds, points),
        "child-tables": child_tables.section,
        "whole-language": whole_language.section,
        "online-retail": lambda folder, rounds: online_retail.section(folder, rounds, data),
        "planning": planning.section,
        "peers": peers.section,
        "changes": changes.section,
        "memos": memos.section,
        "letters": letters.section,
        "report": report_pages.section,
        "policy-tests": policy_tests.section,
        "mutants": mutants.section,
        "deciding": deciding.section,
        "workbooks": workbooks.section,
        "other-engines": other_engines.section,
    }


def taken(chosen: dict[str, Comparison], folder: Path, rounds: int) -> tuple[list[Section], bool]:
    """The sections, and whether one failed."""
    sections, failed = [], False
    for name, comparison in chosen.items():
        start = time.perf_counter()
        sys.stderr.write(f"{name} ...")
        sys.stderr.flush()
        try:
            sections.append(comparison(folder, rounds))
            sys.stderr.write(f" {time.perf_counter() - start:.0f} s\n")
        except (SystemExit, subprocess.SubprocessError, OSError, AssertionError, duckdb.Error) as error:
            sections.append(Section(name, (f"Failed: {error}",)))
            sys.stderr.write(f" failed: {error}\n")
            failed = True
    return sections, failed


if __name__ == "__main__":
    main()
