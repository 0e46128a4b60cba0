"""`diff` and `simulate` beside `evaluate`, whole commands over the same clients, in turns."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from benchmarks import client_world, made_rules
from benchmarks.contest import AS_OF, PROGRAM
from benchmarks.report import Section, beside
from benchmarks.scaling import client_file
from benchmarks.timing import ENVIRONMENT, Contender, measured

CLIENTS = 200_000
RULES = 20
EVALUATE = "`evaluate`"


def section(folder: Path, rounds: int) -> Section:
    old, new, kept, out = folder / "old.yaml", folder / "new.yaml", folder / "kept_run", folder / "changes"
    text = client_world.policy(made_rules.rules(RULES, client_world.NAMES))
    old.write_text(text, encoding="utf-8")
    new.write_text(changed(text), encoding="utf-8")
    data = ["--data", f"clients={client_file(folder, CLIENTS)}", "--as-of", AS_OF]
    evaluate = [*PROGRAM, "evaluate", str(old), *data, "--out"]
    subprocess.run([*evaluate, str(kept)], check=True, capture_output=True, env=ENVIRONMENT)
    simulate = [*PROGRAM, "simulate", str(kept), "--change", "cost=-10%"]
    contenders = {
        EVALUATE: Contender([*evaluate, str(out)], lambda: shutil.rmtree(out, ignore_errors=True)),
        "`diff` of two policies": Contender([*PROGRAM, "diff", str(old), str(new)]),
        "`diff --data`: three changes, who moves by which": Contender([*PROGRAM, "diff", str(old), str(new), *data]),
        "`simulate`": Contender(simulate),
        "`simulate --decide-again`": Contender([*simulate, "--decide-again"]),
    }
    heading = f"{CLIENTS:,} clients, {RULES} rules; the two policies differ in three rules:"
    return Section("`diff` and `simulate`", (heading, "", *beside(measured(contenders, rounds), EVALUATE)))


def changed(text: str) -> str:
    """Three rules decide something else."""
    for number in (2, 9, 16):
        before, rule, after = text.partition(f"  - id: rule-{number:03}\n")
        old = next(d for d in ("decline", "renegotiate", "flag", "develop") if f"then: {d}\n" in after.partition("  - id: ")[0])
        other = "flag" if old != "flag" else "renegotiate"
        text = before + rule + after.replace(f"then: {old}\n", f"then: {other}\n", 1)
    return text
