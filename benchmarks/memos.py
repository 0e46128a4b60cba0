"""Memos written by one process: what a few hundred take beside a few thousand gives the seconds of one, without any start."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from benchmarks import client_world, made_rules
from benchmarks.contest import AS_OF, PROGRAM
from benchmarks.report import Section, Target, table
from benchmarks.scaling import client_file
from benchmarks.timing import ENVIRONMENT, Contender, measured

FEW, MANY = 100, 700
RULES = 20
TARGET = 5_000
"""Memos a second."""
FORMATS = {"md": "Markdown", "html": "HTML"}


def section(folder: Path, rounds: int) -> Section:
    policy = folder / "memos.yaml"
    policy.write_text(client_world.policy(made_rules.rules(RULES, client_world.NAMES)), encoding="utf-8")
    contenders = {}
    for clients in (FEW, MANY):
        run, out = folder / f"memo_run_{clients}", folder / "memos"
        data = ["--data", f"clients={client_file(folder, clients)}", "--as-of", AS_OF, "--out", str(run)]
        subprocess.run([*PROGRAM, "evaluate", str(policy), *data], check=True, capture_output=True, env=ENVIRONMENT)
        for form in FORMATS:
            command = [*PROGRAM, "memo", str(run), "--language", "en", "--to", form, "--out", str(out)]
            contenders[f"{form} {clients}"] = Contender(command, lambda out=out: shutil.rmtree(out, ignore_errors=True))
    found = measured(contenders, min(rounds, 3))
    pace = {form: (MANY - FEW) / (found[f"{form} {MANY}"].seconds - found[f"{form} {FEW}"].seconds) for form in FORMATS}
    rows = [(FORMATS[form], round(pace[form]), 1000 / pace[form]) for form in FORMATS]
    detail = ", ".join(f"{round(pace[form]):,} {FORMATS[form]}" for form in FORMATS)
    reason = "each explains every rule of the policy, and is brought to the disk as a file of its own"
    targets = (Target("memos a second to text or HTML", f"at least {TARGET:,}", detail, min(pace.values()) >= TARGET, reason),)
    heading = f"{MANY:,} memos of a policy of {RULES} rules, a file each, by one process, less what {FEW} take:"
    return Section("Memos", (heading, "", *table(("", "a second", "milliseconds each"), rows)), targets)
