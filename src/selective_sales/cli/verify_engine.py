"""`selective-sales verify-engine`: does a company's own server or Spark decide as this program does?"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .exits import Exit
from .output import put
from .progress import quiet_option, shown
from .snippet import visible

if TYPE_CHECKING:
    from ..pipeline.verifying import FileVerdict, Verification

SPARK = "spark"
MOST = 10
"""Differences that are printed of a file."""


@click.command("verify-engine")
@click.argument("engine", metavar="ENGINE")
@click.argument("tests", nargs=-1, type=click.Path(path_type=Path))
@click.option("--master", default="local[*]", show_default=True, help="Of spark: where it runs, such as spark://HOST:7077 or yarn.")
@quiet_option
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(engine: str, tests: tuple[Path, ...], master: str, quiet: bool, format_: str) -> None:
    """Have policy tests decided by another engine too, and say which of them it decides the same.

    ENGINE is postgresql://HOST/DATABASE, or spark. Without TESTS (files that end in .test.yaml, or folders) the cases that come with the
    program are asked. Credentials come from the environment. Everything happens in temporary tables of one session, and nothing stays.
    """
    from ..pipeline import verifying
    from .findings import print_findings

    try:
        with shown(quiet):
            found = verifying.verify_spark(master, tests) if engine == SPARK else verifying.verify_postgres(engine, tests)
    except verifying.EngineError as error:
        early = isinstance(error, verifying.NotStartedError)
        if engine == SPARK:
            said, help = "Spark does not start" if early else "Spark stopped", f" ({error.help})"
        else:
            said, help = "The server cannot be reached" if early else "The server stopped", ""
        print(f"{said}: {visible(str(error))}{help}", file=sys.stderr)
        raise SystemExit(Exit.USAGE) from None
    if found.findings:
        print_findings(found.findings)
    if format_ == "json":
        put(json.dumps(as_json(found), ensure_ascii=False, indent=2, default=str))
    elif found.files:
        put("".join(map(of_file, found.files)) + summary(found))
    raise SystemExit(Exit.USAGE if not found.files else Exit.FINE if found.agrees else Exit.FINDINGS)


def of_file(file: FileVerdict) -> str:
    name = visible(file.file)
    if file.unsayable:
        return f"{name}: not asked: {visible(file.unsayable[0].message)}\n"
    asked = f"{file.cases} cases, {file.clients} clients"
    if not file.differences:
        return f"{name}: {asked}: the same\n"
    lines = [f"{name}: {asked}: {len(file.differences)} cells differ"]
    for d in file.differences[:MOST]:
        lines.append(visible(f"  {d.case}: {d.client}: {d.column}: here {d.here}, there {d.there}"))
    return "\n".join(lines) + "\n"


def summary(found: Verification) -> str:
    cases = sum(file.cases for file in found.files)
    verdict = "all the same" if found.agrees else "not the same"
    return f"{visible(found.server)}: {cases} cases in {len(found.files)} files: {verdict}"


def as_json(found: Verification) -> dict[str, object]:
    return {
        "server": found.server,
        "agrees": found.agrees,
        "files": [
            {
                "file": file.file,
                "cases": file.cases,
                "clients": file.clients,
                "not_asked": [finding.message for finding in file.unsayable],
                "differences": [
                    {"case": d.case, "client": d.client, "column": d.column, "here": d.here, "there": d.there} for d in file.differences
                ],
            }
            for file in found.files
        ],
    }
