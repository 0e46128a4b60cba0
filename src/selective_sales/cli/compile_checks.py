"""`selective-sales compile --checks`: the data contract as queries."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from .exits import Exit
from .findings import print_findings
from .output import put
from .snippet import visible


def print_checks(policy: Path, as_of: date | None, dialect: str) -> None:
    """Each SELECT under what it checks and where the policy says so; ends with the exit code where there is none."""
    from .. import pipeline

    queries, findings = pipeline.compile_checks(policy, as_of or date.today(), dialect)
    print_findings(findings)
    if not queries:
        sys.exit(Exit.INVALID)
    for one in queries:
        put(f"-- {visible(f'{one.check.table}: {one.check.says} ({one.check.place})')}")
        put(f"{one.sql};\n")
