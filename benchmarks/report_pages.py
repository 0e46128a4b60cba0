"""A run of many made clients in, what its report takes beside deciding them, and how large the page is, out."""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks import client_world, made_rules
from benchmarks.contest import AS_OF, PROGRAM
from benchmarks.report import Section, Target, table
from benchmarks.scaling import client_file
from benchmarks.timing import Contender, measured

CLIENTS, RULES = 1_000_000, 20
TARGET = 1.0
"""Of the processor time of `evaluate`: whoever decides a million clients does not wait longer for the page about them."""
LARGEST = 1_000_000
"""Bytes of the page."""
EVALUATE, REPORT = "evaluate", "report"
SHOWN = """
measures: {revenue: revenue, cost_to_serve: cost, avoidable_cost: 60% * cost, service_hours: tickets, conflicts: conflicts}
report: {burden: service_hours, segments: [industry, region, strategic], ours: trust, theirs: fit}
"""


def section(folder: Path, rounds: int) -> Section:
    policy = folder / "report.yaml"
    text = client_world.policy(made_rules.rules(RULES, client_world.NAMES))
    policy.write_text(text.replace("decline: {title: {en: decline}}", "decline: {title: {en: decline}, approval: required}") + SHOWN)
    run, page = folder / "report_run", folder / "report.html"
    data = ["--data", f"clients={client_file(folder, CLIENTS)}", "--as-of", AS_OF, "--out", str(run)]
    # They take turns: each report is about the run that was decided just before it.
    contenders = {
        EVALUATE: Contender([*PROGRAM, "evaluate", str(policy), *data], lambda: shutil.rmtree(run, ignore_errors=True)),
        REPORT: Contender([*PROGRAM, "report", str(run), "--language", "en", "--out", str(page)]),
    }
    found = measured(contenders, min(rounds, 3))
    ratio, size = found[REPORT].cpu / found[EVALUATE].cpu, page.stat().st_size
    shutil.rmtree(run, ignore_errors=True)
    rows = [(name, one.seconds, one.cpu, one.peak_mb) for name, one in found.items()]
    detail = f"{ratio:.2f} x its processor time"
    targets = (
        Target(f"`report` on {CLIENTS:,} clients, beside deciding them", f"{TARGET:g} x", detail, ratio <= TARGET),
        Target("the page", f"{LARGEST // 1000} kB", f"{size / 1000:.0f} kB", size <= LARGEST),
    )
    heading = f"{CLIENTS:,} clients, a policy of {RULES} rules, a report with every section that it has:"
    return Section("Report", (heading, "", *table(("", "seconds", "processor seconds", "MB"), rows)), targets)
