"""A workbook wherever data are taken: check, evaluate, diff, replay, audit, a policy's own source, a folder; and what machines read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.cli.memo_run import invoke

POLICY = """format: 1
policy: {id: shop, version: "1", languages: [en], currency: PLN}
data:
  clients:
    key: id
    fields: {id: text, revenue: money, group: {type: text, protected: true}}
  orders:
    belongs_to: clients
    key: id
    fields: {id: text, amount: money}
metrics: {ordered: sum(orders.amount)}
decisions: {decline: {}, keep: {default: true}}
rules: [{id: small, when: ordered < 100, then: decline, reason: a}]
fairness: {compare: [decline], across: [group]}
"""
CLIENTS = [("id", "revenue", "group"), ("001", 10.5, "a"), ("002", 20, "b"), ("003", 30, "a")]
ORDERS = [("id", "amount"), ("001", 50), ("001", 60), ("002", 99.99)]
DAY = ("--as-of", "2026-11-22")


def workbook(path: Path, **sheets: list[tuple[Any, ...]]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    workbook(tmp_path / "book.xlsx", Orders=ORDERS, Clients=CLIENTS)
    return tmp_path


def of_book(folder: Path) -> tuple[str, ...]:
    """Both tables out of one workbook, each from the sheet that is called like it."""
    return tuple(part for table in ("clients", "orders") for part in ("--data", f"{table}={folder / 'book.xlsx'}"))


def test_one_workbook_holds_all_tables(folder: Path) -> None:
    result = invoke("evaluate", folder / "policy.yaml", *of_book(folder), *DAY, "--format", "json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert [(d["name"], d["clients"]) for d in found["decisions"]] == [("decline", 2), ("keep", 1)]
    assert [t["settled"] for t in found["tables"]] == [["sheet 'Clients'"], ["sheet 'Orders'"]]


def test_a_run_over_workbooks_is_replayed_until_one_changes(folder: Path) -> None:
    run = folder / "run"
    named = [f"{table}={folder / 'book.xlsx'}#{sheet}" for table, sheet in (("clients", "Clients"), ("orders", "orders"))]
    assert invoke("evaluate", folder / "policy.yaml", "--data", named[0], "--data", named[1], *DAY, "--out", run).exit_code == 0
    tables = json.loads((run / "manifest.json").read_text(encoding="utf-8"))["tables"]
    assert [(t["format"], t["source"].rpartition("/")[2]) for t in tables] == [("xlsx", "book.xlsx#Clients"), ("xlsx", "book.xlsx#orders")]
    assert invoke("replay", run).stdout.startswith("identical")
    audited = invoke("audit", run)
    assert audited.exit_code in (0, 1), audited.stderr
    workbook(folder / "book.xlsx", Orders=[*ORDERS, ("002", 1000)], Clients=CLIENTS)
    changed = invoke("replay", run)
    assert changed.exit_code == 1
    assert "has changed" in changed.stdout + changed.stderr
    (folder / "book.xlsx").unlink()
    gone = invoke("replay", run)
    assert gone.exit_code == 5 and "SS713" in gone.stderr


def test_check_diff_and_a_folder_take_workbooks(folder: Path) -> None:
    data = folder / "data"
    data.mkdir()
    workbook(data / "clients.xlsx", whatever=CLIENTS)
    workbook(data / "orders.xlsx", whatever=ORDERS)
    assert invoke("check", folder / "policy.yaml", "--data", data).exit_code == 0
    (folder / "new.yaml").write_text(POLICY.replace("< 100", "< 90"), encoding="utf-8")
    result = invoke("diff", folder / "policy.yaml", folder / "new.yaml", "--data", data, *DAY, "--format", "json")
    assert result.exit_code == 0, result.stderr
    assert [moved["client"] for moved in json.loads(result.stdout)["moved"]] == [["002"]]


def test_a_policy_may_name_a_sheet_as_its_source(folder: Path) -> None:
    policy = POLICY.replace("  clients:\n", "  clients:\n    source: book.xlsx#Clients\n")
    (folder / "policy.yaml").write_text(policy, encoding="utf-8")
    result = invoke("evaluate", folder / "policy.yaml", "--data", f"orders={folder / 'book.xlsx'}", *DAY)
    assert result.exit_code == 0, result.stderr
    (folder / "policy.yaml").write_text(policy.replace("source: book", "source: ../book"), encoding="utf-8")
    result = invoke("evaluate", folder / "policy.yaml", "--data", f"orders={folder / 'book.xlsx'}", *DAY)
    assert (result.exit_code, "SS507" in result.stderr) == (2, True)


def test_bad_rows_are_set_aside_with_their_row_and_column(folder: Path) -> None:
    workbook(folder / "book.xlsx", Orders=ORDERS, Clients=[*CLIENTS, ("004", "abc", "a")])
    out = folder / "run"
    result = invoke("evaluate", folder / "policy.yaml", *of_book(folder), *DAY, "--quarantine", "--out", out)
    assert result.exit_code == 0, result.stderr
    assert "book.xlsx#Clients!B5: SS521 warning: clients: revenue: 'abc' is not an amount of money" in result.stderr
    assert "book.xlsx,5,revenue,abc,is not an amount of money" in (out / "quarantine.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("format_", ["json", "github", "sarif", "concise", "junit", "gitlab", "markdown"])
def test_machines_get_the_file_the_row_and_the_column(folder: Path, format_: str) -> None:
    workbook(folder / "book.xlsx", Orders=ORDERS, Clients=[*CLIENTS, ("004", "abc", "a")])
    result = invoke("check", folder / "policy.yaml", *of_book(folder), "--format", format_)
    assert result.exit_code == 5, result.stderr
    said = result.stdout + result.stderr
    match format_:
        case "json":
            (found,) = [f for f in json.loads(result.stdout) if f["code"] == "SS521"]
            assert (found["file"].rpartition("/")[2], found["line"], found["column"], found["cell"]) == ("book.xlsx", 5, 2, "Clients!B5")
        case "github":
            assert "book.xlsx,line=5,endLine=5,col=2" in said
        case "sarif":
            (found,) = [r for r in json.loads(result.stdout)["runs"][0]["results"] if r["ruleId"] == "SS521"]
            where = found["locations"][0]["physicalLocation"]
            assert (where["artifactLocation"]["uri"].rpartition("/")[2], where["region"]["startLine"]) == ("book.xlsx", 5)
        case "concise":
            assert "book.xlsx#Clients!B5: SS521" in said
        case _:
            assert "SS521" in said
