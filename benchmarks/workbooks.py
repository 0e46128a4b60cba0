"""Clients out of a workbook beside the same out of CSV, and decisions.xlsx beside decisions.csv: whole commands, in turns."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import duckdb
import xlsxwriter

from benchmarks import client_world, made_rules
from benchmarks.contest import AS_OF, PROGRAM
from benchmarks.report import Section, beside
from benchmarks.scaling import client_file
from benchmarks.timing import Contender, measured

CLIENTS = 100_000
RULES = 20
CSV = "`evaluate` of a CSV file"


def section(folder: Path, rounds: int) -> Section:
    policy, out = folder / "workbooks.yaml", folder / "workbooks"
    policy.write_text(client_world.policy(made_rules.rules(RULES, client_world.NAMES)), encoding="utf-8")
    csv, xlsx = files(folder)

    def evaluate(data: Path, *more: str) -> Contender:
        command = [*PROGRAM, "evaluate", str(policy), "--data", f"clients={data}", "--as-of", AS_OF, "--out", str(out), *more]
        return Contender(command, lambda: shutil.rmtree(out, ignore_errors=True))

    contenders = {
        CSV: evaluate(csv),
        "`evaluate` of a workbook": evaluate(xlsx),
        "`evaluate --write csv` of a CSV file": evaluate(csv, "--write", "csv"),
        "`evaluate --write xlsx` of a CSV file": evaluate(csv, "--write", "xlsx"),
    }
    heading = f"{CLIENTS:,} clients, {RULES} rules; the workbook has the same cells as the CSV file, numbers as numbers and dates as dates:"
    return Section("Workbooks", (heading, "", *beside(measured(contenders, min(rounds, 3)), CSV)))


def files(folder: Path) -> tuple[Path, Path]:
    """The made clients as a CSV file and as a workbook."""
    csv, xlsx = folder / "workbook_clients.csv", folder / "workbook_clients.xlsx"
    with duckdb.connect() as connection:
        source = f"read_parquet('{client_file(folder, CLIENTS)}')"
        connection.execute(f"COPY (SELECT * FROM {source}) TO '{csv}' (HEADER)")
        found = connection.execute(f"SELECT * FROM {source}")
        with xlsxwriter.Workbook(str(xlsx), {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
            page = book.add_worksheet("clients")
            page.write_row(0, 0, [column[0] for column in found.description])
            rows = itertools.count(1)
            while some := found.fetchmany(10_000):
                for values in some:
                    page.write_row(next(rows), 0, values)
    return csv, xlsx
