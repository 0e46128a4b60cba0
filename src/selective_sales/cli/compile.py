"""`selective-sales compile`: the SQL that a policy becomes, as an auditor may read it."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from .arguments import PolicyFile
from .dates import as_of_option
from .exits import Exit
from .findings import print_findings
from .output import put


@click.command()
@click.argument("policy", type=PolicyFile())
@as_of_option
def command(policy: Path, as_of: date | None) -> None:
    """Print the SQL that a policy becomes: what is set up, the facts about each client, the decision."""
    from .. import pipeline

    query, findings = pipeline.compile_policy(policy, as_of or date.today())
    if findings:
        print_findings(findings)
    if query is None:
        sys.exit(Exit.INVALID)
    for title, statements in (("set up", query.prelude), ("facts", (query.facts,)), ("decide", (query.decide,))):
        if statements:
            put(f"-- {title}")
        for statement in statements:
            put(statement.rstrip().removesuffix(";") + ";\n")
