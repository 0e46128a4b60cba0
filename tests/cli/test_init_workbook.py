"""`init --from FILE.xlsx`: the same proposals as from the same table as CSV, rows and sheets named, and a folder that works at once."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from click.testing import CliRunner, Result

from selective_sales.cli.app import main

ROWS: list[list[Any]] = [
    ["Nr", "Firma", "Przychód", "Od", "Aktywny", "Uwagi"],
    ["007", "Brzoza", 1234.5, datetime.date(2020, 5, 1), "tak", None],
    ["008", "Łoś; Dwa", 99, datetime.date(2021, 12, 31), "nie", "dwa\nwiersze"],
    ["010", "Sowa", 15000.25, datetime.date(2019, 1, 15), "tak", None],
]


def workbook(path: Path, sheets: dict[str, list[list[Any]]], top: int = 0) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for r, row in enumerate(rows, top):
                for c, cell in enumerate(row):
                    if isinstance(cell, datetime.date):
                        page.write_datetime(r, c, datetime.datetime.combine(cell, datetime.time()), day)
                    elif cell is not None:
                        page.write(r, c, cell)
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)


def test_the_contract_is_the_one_of_the_same_table_as_csv(tmp_path: Path) -> None:
    made = run("init", tmp_path / "book", "--from", workbook(tmp_path / "k.xlsx", {"Arkusz1": ROWS}))
    assert made.exit_code == 0 and "3 clients, sheet 'Arkusz1'" in made.stdout, made.output
    rows = [[str(c or "") for c in row] for row in ROWS]
    rows[2][5] = "dwa wiersze"
    (tmp_path / "k.csv").write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")
    assert run("init", tmp_path / "text", "--from", tmp_path / "k.csv").exit_code == 0
    texts = [(tmp_path / name / "policies" / f"{name}.yaml").read_text(encoding="utf-8") for name in ("book", "text")]
    assert texts[0].replace("book", "text").replace("k.xlsx", "k.csv") == texts[1]
    assert "Od: date" in texts[0] and "key: " in texts[0]


def test_what_is_laid_out_works_and_reads_the_workbook_too(tmp_path: Path) -> None:
    book = workbook(tmp_path / "k.xlsx", {"Dane": ROWS, "Inne": [["x"]]})
    refused = run("init", tmp_path / "mine", "--from", book)
    assert refused.exit_code == 5 and "SS989" in refused.stderr and not (tmp_path / "mine").exists()
    assert run("init", tmp_path / "mine", "--from", f"{book}#Dane").exit_code == 0
    policy = tmp_path / "mine/policies/mine.yaml"
    assert run("check", tmp_path / "mine/policies", "--strict").exit_code == 0
    assert run("test", tmp_path / "mine/policies").exit_code == 0
    digests = []
    for given in (tmp_path / "mine/data/clients.csv", f"{book}#Dane"):
        done = run("evaluate", policy, "--data", f"clients={given}", "--as-of", "2026-11-22")
        assert done.exit_code == 0, done.output
        digests.append(
            done.stdout.rpartition("digest ")[2].split()[0] if "digest" in done.stdout else done.stdout.rpartition("skrót ")[2].split()[0]
        )
    assert digests[0] == digests[1]


def test_findings_name_the_row_of_the_sheet(tmp_path: Path) -> None:
    book = workbook(tmp_path / "k.xlsx", {"Arkusz1": [*ROWS[:2], ["007", "Druga", 1, None, None, None]]}, top=3)
    told = run("init", tmp_path / "mine", "--from", book, "--key", "Nr")
    assert str(book) in told.stderr and "clients.csv" not in told.stderr and ":6:" in told.stderr, told.stderr


@pytest.mark.parametrize("content", [b"PK\x03\x04rest", b"", b"no workbook"])
def test_what_is_no_workbook_is_a_finding_and_nothing_is_written(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "k.xlsx").write_bytes(content)
    refused = run("init", tmp_path / "mine", "--from", tmp_path / "k.xlsx")
    assert refused.exit_code == 5 and "SS9" in refused.stderr and not (tmp_path / "mine").exists()


def test_a_workbook_that_is_not_there_and_an_empty_sheet(tmp_path: Path) -> None:
    for source in (tmp_path / "nowhere.xlsx", workbook(tmp_path / "k.xlsx", {"Arkusz1": []})):
        refused = run("init", tmp_path / "mine", "--from", source)
        assert refused.exit_code == 5 and "SS751" in refused.stderr, refused.output
