"""`selective-sales compile --as dbt`: what a dbt project takes over, and what to do next."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from .exits import Exit
from .findings import print_findings
from .snippet import visible

AS_HELP = "sql: print the statements. dbt: write a model, its properties with the data contract as tests, and its macros, into --to FOLDER."
IN_A_DATABASE = ("duckdb", "postgres")
"""Where tables stay, so that a model can be built and a contract asked."""


def write_for_dbt(policy: Path, folder: Path, as_of: date | None, dialect: str, schema: str | None) -> None:
    """Writes the project; ends with the exit code where it is not written."""
    from .. import pipeline

    project, findings = pipeline.compile_for_dbt(policy, folder, as_of, dialect, schema)
    print_findings(findings)
    if project is None:
        sys.exit(Exit.USAGE if any(f.code == "SS680" for f in findings) else Exit.INVALID)
    shown = visible(str(folder))
    for name in project.written:
        click.echo(f"wrote {shown}/{name}")
    for name in project.kept:
        click.echo(f"unchanged {shown}/{name}")
    if project.beside:
        click.echo(f"{shown}/dbt_project.yml is your project's: it stays as it is")
    click.echo(f"\nNext: dbt build --select +{project.model}")
