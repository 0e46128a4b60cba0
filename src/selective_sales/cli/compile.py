"""`selective-sales compile`: the SQL that a policy becomes, as an auditor may read it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .arguments import PolicyFile
from .compile_checks import print_checks
from .compile_dbt import AS_HELP, IN_A_DATABASE, write_for_dbt
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
    help="Whose SQL: PostgreSQL's or Spark's, a script to run where the data lives; or DuckDB's, to read: evaluate runs it over tables of "
    "its own (run.facts), so it does not run by itself. For DuckDB outside of evaluate: --as dbt.",
)
@click.option(
    "--schema", metavar="NAME", help="Of PostgreSQL: where the functions stay, for views and models. Default: in the session only."
)
@click.option("--as", "form", type=click.Choice(["sql", "dbt"]), default="sql", show_default=True, help=AS_HELP)
@click.option("--to", "folder", type=click.Path(path_type=Path), metavar="FOLDER", help="With --as dbt: the folder to write into.")
@click.option("--checks", is_flag=True, help="Print the data contract instead: a SELECT per check, which gives the rows that break it.")
@as_of_option
def command(policy: Path, dialect: str, schema: str | None, form: str, folder: Path | None, checks: bool, as_of: date | None) -> None:
    """Print the SQL that a policy becomes: what is set up, the facts about each client, the decision. Or write it for dbt."""
    # Functions are written between dollar signs.
    if schema is not None and (dialect != "postgres" or not schema.strip() or "$" in schema or len(schema.encode()) > LONGEST_SCHEMA):
        message = (
            f"--schema names a schema of PostgreSQL, of at most {LONGEST_SCHEMA} bytes and without $: give --dialect postgres with it."
        )
        raise click.UsageError(message)
    if (form == "dbt" or checks) and dialect not in IN_A_DATABASE:
        raise click.UsageError(f"--as dbt and --checks are for {' and '.join(IN_A_DATABASE)}: give --dialect with one of them")
    if (form == "dbt") is (folder is None):
        raise click.UsageError("--as dbt and --to FOLDER belong together: the folder is where the project is written")
    if checks and (form == "dbt" or schema is not None):
        raise click.UsageError("--checks prints queries that need no functions and no project: give it without --as dbt and --schema")
    if folder is not None:
        write_for_dbt(policy, folder, as_of, dialect, schema)
        return
    if checks:
        print_checks(policy, as_of, dialect)
        return
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
