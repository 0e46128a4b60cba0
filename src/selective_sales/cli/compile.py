"""`selective-sales compile`: the SQL that a policy becomes, as an auditor may read it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .arguments import PolicyFile
from .dates import as_of_option
from .exits import Exit
from .findings import print_findings
from .output import put

if TYPE_CHECKING:
    from ..model.finding import Finding

LONGEST_SCHEMA = 63
QUICK_VIEWS = "spark.sql.legacy.storeAnalyzedPlanForView"
Section = tuple[str, Sequence[str]]


@click.command()
@click.argument("policy", type=PolicyFile())
@click.option(
    "--dialect",
    type=click.Choice(["duckdb", "postgres", "spark"]),
    default="duckdb",
    show_default=True,
    help="Whose SQL: DuckDB's, which evaluate runs, or PostgreSQL's or Spark's, to run where the data lives.",
)
@click.option(
    "--schema", metavar="NAME", help="Of PostgreSQL: where the functions stay, for views and models. Default: in the session only."
)
@as_of_option
def command(policy: Path, dialect: str, schema: str | None, as_of: date | None) -> None:
    """Print the SQL that a policy becomes: what is set up, the facts about each client, the decision."""
    # Functions are written between dollar signs.
    if schema is not None and (dialect != "postgres" or not schema.strip() or "$" in schema or len(schema.encode()) > LONGEST_SCHEMA):
        message = (
            f"--schema names a schema of PostgreSQL, of at most {LONGEST_SCHEMA} bytes and without $: give --dialect postgres with it."
        )
        raise click.UsageError(message)
    day = as_of or date.today()
    match dialect:
        case "postgres":
            sections, findings = for_postgres(policy, day, schema)
        case "spark":
            sections, findings = for_spark(policy, day)
        case _:
            sections, findings = for_duckdb(policy, day)
    if findings:
        print_findings(findings)
    if not sections:
        sys.exit(Exit.INVALID)
    for title, statements in sections:
        if statements:
            put(f"-- {title}")
        for statement in statements:
            put(statement.rstrip().removesuffix(";") + ";\n")


def for_duckdb(policy: Path, as_of: date) -> tuple[list[Section], Sequence[Finding]]:
    from .. import pipeline

    query, findings = pipeline.compile_policy(policy, as_of)
    if query is None:
        return [], findings
    return [("set up", query.prelude), ("facts", (query.facts,)), ("decide", (query.decide,))], findings


def for_postgres(policy: Path, as_of: date, schema: str | None) -> tuple[list[Section], Sequence[Finding]]:
    from .. import pipeline

    query, findings = pipeline.compile_for_postgres(policy, as_of, schema)
    if query is None:
        return [], findings
    functions = (
        "functions of this session: nothing is left in the database" if schema is None else "functions: once for each policy and date"
    )
    return [(f"set up: {functions}" if query.prelude else "", query.prelude), ("facts and decision", (query.select,))], findings


def for_spark(policy: Path, as_of: date) -> tuple[list[Section], Sequence[Finding]]:
    from .. import pipeline

    query, findings = pipeline.compile_for_spark(policy, as_of)
    if query is None:
        return [], findings
    return [
        ("each view is looked at once, and not again by those that stand upon it", [f"SET {QUICK_VIEWS} = true"]),
        ("facts and rules: views of this session, one above the other", query.prelude),
        ("decision", (query.select,)),
    ], findings
