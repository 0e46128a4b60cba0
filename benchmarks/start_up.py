"""`--help` and `check` of 20 and of 200 rules, as multiples of Python doing nothing."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.contest import PROGRAM
from benchmarks.made_policies import policy
from benchmarks.report import Section, beside, within
from benchmarks.timing import Contender, measured

NOTHING = "`python -c pass`"
TARGETS = {"`--help`": 5.0, "`check` of 20 rules": 16.0, "`check` of 200 rules": 25.0}


def section(folder: Path, rounds: int) -> Section:
    contenders = {NOTHING: Contender([sys.executable, "-c", "pass"]), "`--help`": Contender([*PROGRAM, "--help"])}
    for rules in (20, 200):
        path = folder / f"made_{rules}.yaml"
        path.write_text(policy(rules), encoding="utf-8")
        contenders[f"`check` of {rules} rules"] = Contender([*PROGRAM, "check", str(path)])
    found = measured(contenders, rounds)
    targets = [within(name, most, found[name].seconds / found[NOTHING].seconds, f"x {NOTHING}") for name, most in TARGETS.items()]
    return Section("Start-up", beside(found, NOTHING), tuple(targets))
