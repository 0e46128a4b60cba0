"""CSV files for a Polish Excel: what changes, what stays as it was, and that the program reads back what it wrote."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from selective_sales.cli.app import main

POLICY = """\
format: 1
policy: {id: small, version: "1", languages: [en], currency: PLN}
data: {clients: {key: id, display: name, csv: {delimiter: "%s", decimal: "%s"},
  fields: {id: text, name: text, revenue: money, mark: number}}}
metrics: {half: {is: revenue / 2}}
decisions: {decline: {}, keep: {default: true}}
rules: [{id: low, when: mark < 0.5, then: decline, reason: "Low."}]
limits: [{id: nobody, require: 'count(clients[decision = "decline"]) = 0', on_breach: warn}]
"""
CLIENTS = 'id,name,revenue,mark\n007,"=cmd|x;y",1234.5,0.25\na,"Łoś; ""Dwa""",-3.25,0.75\n1.5,Kropka,10,\nb,Zła,abc,1\n'


def run(folder: Path, *arguments: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)


@pytest.fixture
def decided(tmp_path: Path) -> Path:
    (tmp_path / "small.yaml").write_text(POLICY % (",", "."), encoding="utf-8")
    (tmp_path / "clients.csv").write_text(CLIENTS, encoding="utf-8")
    for name, more in (("plain", []), ("excel", ["--csv-for", "excel-pl"])):
        done = run(tmp_path, "evaluate", tmp_path / "small.yaml", "--data", f"clients={tmp_path / 'clients.csv'}", "--as-of", "2026-11-22",
                   "--quarantine", "--write", "csv", "--out", tmp_path / name, *more)  # fmt: skip
        assert done.exit_code == 0, done.output
    return tmp_path


def rows(path: Path, delimiter: str = ";") -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


@pytest.mark.parametrize("name", ["decisions.csv", "quarantine.csv", "breaches.csv"])
def test_every_table_of_a_run_is_for_excel_and_says_the_same(decided: Path, name: str) -> None:
    made = (decided / "excel" / name).read_bytes()
    assert made.startswith("\ufeff".encode()) and not (decided / "plain" / name).read_bytes().startswith("\ufeff".encode())
    assert made.count(b"\r\n") == made.count(b"\n")
    plain, excel = rows(decided / "plain" / name, ","), rows(decided / "excel" / name)
    numbers = {"half"} if name == "decisions.csv" else set()
    for before, after in zip(plain, excel, strict=True):
        for head, old, new in zip(plain[0], before, after, strict=True):
            assert new == (old.replace(".", ",") if head in numbers else old)


def test_a_text_that_looks_like_a_number_or_a_formula_stays_what_it_was(decided: Path) -> None:
    made = rows(decided / "excel" / "decisions.csv")
    assert {row[0] for row in made[1:]} == {"007", "a", "1.5"}
    half = made[0].index("half")
    assert {row[0]: row[half].rstrip("0") for row in made[1:]} == {"007": "617,25", "a": "-1,625", "1.5": "5,"}


def test_the_program_reads_such_a_file_back(decided: Path) -> None:
    (decided / "back.yaml").write_text(
        'format: 1\npolicy: {id: back, version: "1", languages: [en], currency: PLN}\n'
        'data: {clients: {key: id, csv: {delimiter: ";", decimal: ","}, fields: {id: text, half: money}}}\n'
        'decisions: {keep: {default: true}, flag: {}}\nrules: [{id: some, when: half = 617.25, then: flag, reason: "{half}"}]\n',
        encoding="utf-8",
    )
    done = run(decided, "evaluate", decided / "back.yaml", "--data", f"clients={decided / 'excel/decisions.csv'}", "--as-of", "2026-11-22")
    assert done.exit_code == 0 and "flag          1   33.3%  617.25 PLN" in done.stdout, done.output


def test_diff_and_worklist_write_so_too(decided: Path) -> None:
    (decided / "stricter.yaml").write_text((POLICY % (",", ".")).replace("mark < 0.5", "mark < 0.8"), encoding="utf-8")
    data = ("--data", f"clients={decided / 'clients.csv'}", "--as-of", "2026-11-22", "--quarantine")
    done = run(
        decided, "diff", decided / "small.yaml", decided / "stricter.yaml", *data, "--out", decided / "m.csv", "--csv-for", "excel-pl"
    )
    assert done.exit_code == 0, done.output
    assert rows(decided / "m.csv")[1][:2] == ["a", 'Łoś; "Dwa"'] and "-3,25" in rows(decided / "m.csv")[1][6]
    listed = run(decided, "worklist", decided / "plain", "--format", "csv", "--csv-for", "excel-pl", "--out", decided / "w.csv")
    assert listed.exit_code == 0 and rows(decided / "w.csv")[1][:3] == ["1.5", "Kropka", "10,0000"]


@pytest.mark.parametrize(
    "arguments",
    [("evaluate", "small.yaml"), ("diff", "small.yaml", "small.yaml"), ("worklist", "plain")],
)
def test_without_a_csv_file_it_is_a_wrong_call(decided: Path, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(decided)
    refused = run(decided, *arguments, "--csv-for", "excel-pl")
    assert refused.exit_code == 2 and "--csv-for goes with" in refused.stderr
