"""`evaluate --write xlsx`: what a person finds in the workbook, and what no text from the data can do there."""

from __future__ import annotations

import datetime
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import python_calamine

import selective_sales as ss
from selective_sales.documents.workbook import LONGEST, BookLook, Sheet, SheetColumn, is_exact, write_workbook
from selective_sales.model.kind import Kind
from tests.cli.memo_run import invoke

POLICY = """format: 1
policy: {id: shop, version: "7", languages: [pl, en], currency: PLN}
data:
  clients:
    key: client_id
    display: name
    fields:
      client_id: {type: text, label: {pl: numer, en: number}}
      name: {type: text, label: {pl: nazwa, en: name}}
      revenue: {type: money, label: {pl: przychód, en: revenue}}
      cost: {type: money, label: {pl: koszt, en: cost}}
      since: date
      new: boolean
metrics:
  margin: {is: (revenue - cost) / revenue, title: {pl: marża, en: margin}, format: percent}
  first: {is: since, title: {pl: od kiedy, en: since}}
  is_new: {is: new, title: {pl: nowy, en: new}}
  age: {is: "days_between(since, as_of)", title: {pl: wiek, en: age}}
  nazwa: {is: name}
decisions:
  decline: {title: {pl: odmowa, en: decline}}
  flag: {title: {pl: do wyjaśnienia, en: clarify}}
  keep: {title: {pl: utrzymanie, en: keep}, default: true}
rules:
  - {id: loss, title: {pl: Strata, en: Loss}, when: margin < 0, then: decline, reason: {pl: a, en: a}}
  - {id: small, title: {pl: Mały, en: Small}, when: revenue < 100, then: flag, reason: {pl: a, en: a}}
  - {id: never, when: revenue < 0, then: decline, reason: {pl: a, en: a}}
"""
CLIENTS = """client_id,name,revenue,cost,since,new
0001,Brzoza,1000,1500,2020-01-31,true
0002,"=HYPERLINK(""http://x"",""y"")",50,10,1899-05-01,false
0003,+48 22,99999999999999.99,10,2026-01-31,
-4,@SUM(A1),1000,,,
1E5,http://evil.example/?q=1,1000,10,2020-02-29,
"""


def made(folder: Path, *more: object, policy: str = POLICY, clients: str = CLIENTS, name: str = "run") -> Path:
    (folder / "policy.yaml").write_text(policy, encoding="utf-8")
    (folder / "clients.csv").write_text(clients, encoding="utf-8")
    data = ("--data", f"clients={folder / 'clients.csv'}", "--as-of", "2026-11-22")
    result = invoke("evaluate", folder / "policy.yaml", *data, "--out", folder / name, "--write", "xlsx", *more)
    assert result.exit_code == 0, result.stderr
    return folder / name / "decisions.xlsx"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("xlsx"), "--language", "en")


def rows(book: Path, sheet: str) -> list[list[Any]]:
    return python_calamine.CalamineWorkbook.from_path(str(book)).get_sheet_by_name(sheet).to_python()


def part(book: Path, name: str) -> str:
    with zipfile.ZipFile(book) as archive:
        return archive.read(name).decode("utf-8")


def test_the_decisions_are_in_words(book: Path) -> None:
    head, *found = rows(book, "Decisions")
    assert head == [
        "number", "name", "Decision", "revenue", "Decided by", "Rules that fired", "Missing", "Could be", "margin", "since",
        "new", "age", "nazwa",
    ]  # fmt: skip
    by_key = {row[0]: dict(zip(head, row, strict=True)) for row in found}
    assert list(by_key) == ["-4", "0001", "0002", "0003", "1E5"]
    first, waiting = by_key["0001"], by_key["-4"]
    assert (first["Decision"], first["Decided by"], first["Rules that fired"], first["margin"]) == ("decline", "Loss", "Loss", -0.5)
    assert (first["since"], first["new"], first["revenue"]) == (datetime.date(2020, 1, 31), True, 1000.0)
    assert (waiting["Decision"], waiting["Missing"], waiting["Could be"]) == ("undetermined", "cost", "decline; keep")
    assert (waiting["margin"], waiting["since"], waiting["Decided by"]) == ("", "", "data are missing")


def test_what_a_sheet_cannot_hold_as_a_number_or_a_date_is_a_text(book: Path) -> None:
    head, *found = rows(book, "Decisions")
    by_key = {row[0]: dict(zip(head, row, strict=True)) for row in found}
    assert by_key["0003"]["revenue"] == "99999999999999.9900"
    assert by_key["0002"]["since"] == "1899-05-01"


def test_nothing_in_it_is_a_formula_or_a_link(book: Path) -> None:
    with zipfile.ZipFile(book) as archive:
        names = archive.namelist()
        sheets = [archive.read(name).decode() for name in names if name.startswith("xl/worksheets/")]
    assert not any("<f>" in text or "<f " in text or "hyperlink" in text.lower().replace("=hyperlink(", "") for text in sheets)
    assert not any(word in name for name in names for word in ("external", "vba", "hyperlink", "_rels/sheet"))
    quoted = [index for index, xf in enumerate(re.findall(r"<xf [^>]*>", cell_formats(book))) if 'quotePrefix="1"' in xf]
    assert quoted
    for text in ("=HYPERLINK", "+48 22", "@SUM(A1)", "-4"):
        style = re.search(rf'<c r="[A-Z]+[0-9]+" s="([0-9]+)" t="inlineStr"><is><t[^>]*>{re.escape(text)}', sheets[0])
        assert style is not None and int(style[1]) in quoted, text


def cell_formats(book: Path) -> str:
    found = re.search(r"<cellXfs.*?</cellXfs>", part(book, "xl/styles.xml"), re.DOTALL)
    assert found is not None
    return found[0]


def test_the_sheet_is_made_to_work_with(book: Path) -> None:
    text = part(book, "xl/worksheets/sheet1.xml")
    assert '<autoFilter ref="A1:M6"/>' in text
    assert re.search(r'<pane xSplit="2" ySplit="1" [^>]*state="frozen"', text)
    styles = part(book, "xl/styles.xml")
    assert all(form in styles for form in ("#,##0.00 &quot;PLN&quot;", "0.0%", "yyyy-mm-dd"))
    # A colour for each decision, and its word beside it.
    tints = set(re.findall(r'<fgColor rgb="FF([0-9A-F]{6})"/>', styles))
    assert {"F8D7C9", "FFF6CC", "CFE8E0", "E5E5E5"} <= tints


def test_every_rule_is_told_also_one_that_decides_nobody(book: Path) -> None:
    assert rows(book, "Who decides") == [
        ["Rule", "Id", "Leads to", "Clients decided", "Share of the clients", "revenue"],
        ["Loss", "loss", "decline", 1.0, 0.2, 1000.0],
        ["Small", "small", "clarify", 1.0, 0.2, 50.0],
        ["never", "never", "decline", 0.0, 0.0, ""],
        ["default", "", "keep", 2.0, 0.4, "100000000000999.9900"],
        ["data are missing", "", "undetermined", 1.0, 0.2, 1000.0],
    ]


def test_the_worklist_is_in_it(book: Path) -> None:
    assert rows(book, "What to find out")[1:] == [["cost", 1.0, 1000.0, 0.0, ""]]
    assert rows(book, "About whom") == [
        ["number", "Name", "revenue", "Missing", "Could be"],
        ["-4", "@SUM(A1)", 1000.0, "cost", "decline; keep"],
    ]


def test_in_polish_every_word_of_its_own_is_polish(tmp_path: Path) -> None:
    book = made(tmp_path)
    assert python_calamine.CalamineWorkbook.from_path(str(book)).sheet_names == ["Decyzje", "Co rozstrzyga", "Co ustalić", "O kim"]
    # Two columns of one title are told apart.
    assert rows(book, "Decyzje")[0] == [
        "numer", "nazwa", "Decyzja", "przychód", "Rozstrzygnęło", "Spełnione reguły", "Brakuje", "Możliwe decyzje", "marża", "od kiedy",
        "nowy", "wiek", "nazwa (2)",
    ]  # fmt: skip
    words = {str(cell) for name in ("Decyzje", "Co rozstrzyga", "Co ustalić", "O kim") for row in rows(book, name) for cell in row}
    assert not words & {"undetermined", "default", "decline", "keep", "data are missing"}


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    assert made(tmp_path).read_bytes() == made(tmp_path, name="again").read_bytes()


def test_out_and_in_again(tmp_path: Path) -> None:
    book = made(tmp_path, "--language", "en")
    (tmp_path / "second.yaml").write_text("""format: 1
policy: {id: second, version: "1", languages: [en], currency: PLN}
data: {clients: {key: number, fields: {number: text, name: text, revenue: money, since: date, new: boolean, margin: number}}}
decisions: {decline: {}, keep: {default: true}}
rules: [{id: r, when: margin < 0 or since > 2026-01-01 or new or revenue < 100, then: decline, reason: a}]
""", encoding="utf-8")  # fmt: skip
    with ss.evaluate(
        ss.read(tmp_path / "second.yaml"), {"clients": f"{book}#Decisions"}, as_of=datetime.date(2026, 11, 22)
    ) as result:  # fmt: skip
        found = {row["number"]: row["decision"] for row in result.rows()}
    assert found == {"-4": "undetermined", "0001": "decline", "0002": "decline", "0003": "decline", "1E5": "undetermined"}


def test_an_exception_stands_beside_what_the_policy_says(tmp_path: Path) -> None:
    entry = "  - {client: '0001', decision: keep, because: known, approved_by: Ann, expires: 2027-01-01}\n"
    (tmp_path / "exceptions.yaml").write_text(f"format: 1\nexceptions:\n{entry}", encoding="utf-8")
    book = made(tmp_path, "--language", "en", "--exceptions", tmp_path / "exceptions.yaml")
    head, *found = rows(book, "Decisions")
    row = dict(zip(head, next(row for row in found if row[0] == "0001"), strict=True))
    assert (row["Decision"], row["Decision of the policy alone"], row["Decided by"]) == ("keep", "decline", "exception")
    assert ["exception", "", "", 1.0, 0.2, 1000.0] in rows(book, "Who decides")


def test_no_clients_at_all(tmp_path: Path) -> None:
    book = made(tmp_path, "--language", "en", clients="client_id,name,revenue,cost,since,new\n")
    assert len(rows(book, "Decisions")) == 1


def test_decisions_of_one_title_keep_their_ids(tmp_path: Path) -> None:
    policy = POLICY.replace("{pl: do wyjaśnienia, en: clarify}", "{pl: odmowa, en: decline}")
    found = {row[2] for row in rows(made(tmp_path, "--language", "en", policy=policy), "Decisions")[1:]}
    assert found == {"decline (decline)", "decline (flag)", "keep", "undetermined"}


def test_it_needs_a_run_folder(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    result = invoke("evaluate", tmp_path / "policy.yaml", "--write", "xlsx")
    assert (result.exit_code, "--write xlsx needs --out" in result.stderr) == (2, True)


def test_without_the_library_nothing_is_begun(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "clients.csv").write_text(CLIENTS, encoding="utf-8")
    absent = "import sys; sys.modules['xlsxwriter'] = None; from selective_sales.cli.app import main; main(sys.argv[1:])"
    data = ["--data", f"clients={tmp_path / 'clients.csv'}", "--as-of", "2026-11-22"]
    command = [sys.executable, "-c", absent, "evaluate", "policy.yaml", *data, "--out", "run", "--write", "xlsx"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode == 2
    assert "SS985" in result.stderr and "pip install 'selective-sales[excel]'" in result.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["clients.csv", "policy.yaml"]


def test_more_clients_than_a_sheet_has_rows_are_refused_before_anything_is_decided(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text("""format: 1
policy: {id: many, version: "1", languages: [en], currency: PLN}
data: {clients: {key: id, fields: {id: integer}}}
decisions: {decline: {}, keep: {default: true}}
rules: [{id: r, when: id < 0, then: decline, reason: a}]
""", encoding="utf-8")  # fmt: skip
    (tmp_path / "clients.csv").write_text("id\n" + "\n".join(map(str, range(1 << 20))) + "\n", encoding="utf-8")
    data = ("--data", f"clients={tmp_path / 'clients.csv'}", "--as-of", "2026-11-22")
    result = invoke("evaluate", tmp_path / "policy.yaml", *data, "--out", tmp_path / "run", "--write", "xlsx")
    assert result.exit_code == 2
    assert "SS992" in result.stderr and "no room for 1 048 576 clients" in result.stderr
    assert not (tmp_path / "run").exists()


def test_texts_of_any_kind_come_back_as_they_were(tmp_path: Path) -> None:
    texts = ["=1+1", "\t=1", "_x0041_", "a_x000D_b", "\U0001f600", " sp ", "x" * 40_000, "<b>&amp;</b>", "0012", "1e5", "‮gnp", "TRUE"]
    look = BookLook("t", 'P"N', "days", "months", {}, datetime.date(2026, 11, 22))
    columns = (SheetColumn("t", Kind.TEXT), SheetColumn("m", Kind.MONEY))
    write_workbook(tmp_path / "t.xlsx", [Sheet("S", columns, [(text, None) for text in texts])], look, tmp_path)
    found = [row[0] for row in rows(tmp_path / "t.xlsx", "S")[1:]]
    assert found == [text if len(text) < LONGEST else text[: LONGEST - 1] + "…" for text in texts]


@pytest.mark.parametrize(("value", "exact"), [(10**15, True), (10**15 + 1, False), (10**16, True), (-5, True), (float("inf"), False)])
def test_numbers_are_numbers_where_fifteen_digits_hold_them(value: float, exact: bool) -> None:
    assert is_exact(value) is exact


def test_every_kind_has_its_format(tmp_path: Path) -> None:
    look = BookLook("t", "PLN", "dni", "mies.", {}, datetime.date(2026, 11, 22))
    kinds = [(Kind.DAYS, ""), (Kind.MONTHS, ""), (Kind.INTEGER, ""), (Kind.INTEGER, "percent"), (Kind.NUMBER, "percent"), (Kind.NUMBER, "")]
    columns = tuple(SheetColumn(str(number), kind, form) for number, (kind, form) in enumerate(kinds))
    write_workbook(tmp_path / "t.xlsx", [Sheet("S", columns, [(1,) * len(kinds)])], look, tmp_path)
    own = dict(re.findall(r'<numFmt numFmtId="([0-9]+)" formatCode="([^"]*)"', part(tmp_path / "t.xlsx", "xl/styles.xml")))
    formats = [re.search(r'numFmtId="([0-9]+)"', xf) for xf in re.findall(r"<xf [^>]*>", cell_formats(tmp_path / "t.xlsx"))]
    built_in = {"0": "General", "3": "#,##0", "9": "0%"}
    shown = [built_in.get(found[1]) or own[found[1]].replace("&quot;", '"') for found in formats if found is not None]
    styles = re.findall(r'<c r="[A-F]2" s="([0-9]+)">', part(tmp_path / "t.xlsx", "xl/worksheets/sheet1.xml"))
    assert [shown[int(style)] for style in styles] == ['#,##0 "dni"', '#,##0 "mies."', "#,##0", "0%", "0.0%", "General"]
