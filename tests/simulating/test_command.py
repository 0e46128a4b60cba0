"""The command: what it refuses, what it prints, and that names from a policy steer no terminal and no page."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from click.testing import CliRunner, Result

from selective_sales.cli.app import main
from selective_sales.model.policy import MeasureName

from .portfolio import policy, run

CLIENTS = "id,verdict,revenue,cost,hours,conflicts\na,decline,100,150,10,3\nb,keep,1000,400,20,0\nc,flag,500,450,30.5,1\n"


def simulate(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["simulate", *arguments], catch_exceptions=False)


def test_a_folder_that_is_no_run(tmp_path: Path) -> None:
    result = simulate(str(tmp_path))
    assert result.exit_code == 2 and "SS710" in result.stderr and not result.stdout


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert simulate(str(tmp_path / "none")).exit_code == 2


def test_a_run_that_was_changed(tmp_path: Path) -> None:
    made = run(tmp_path, CLIENTS)
    (made.folder / "decisions.parquet").write_bytes(b"PAR1")
    result = simulate(str(made.folder))
    assert result.exit_code == 2 and "SS711" in result.stderr and not result.stdout


def test_the_run_is_not_touched(tmp_path: Path) -> None:
    made = run(tmp_path, CLIENTS)
    before = {path: path.read_bytes() for path in made.folder.rglob("*") if path.is_file()}
    assert simulate(str(made.folder), "--change", "cost=-10%").exit_code == 0
    assert {path: path.read_bytes() for path in made.folder.rglob("*") if path.is_file()} == before


def test_a_moved_run_gives_the_same(tmp_path: Path) -> None:
    made = run(tmp_path / "a", CLIENTS)
    there = tmp_path / "elsewhere"
    shutil.copytree(made.folder, there)
    assert simulate(str(made.folder)).stdout == simulate(str(there)).stdout


def test_all_findings_at_once(tmp_path: Path) -> None:
    result = simulate(str(run(tmp_path, CLIENTS).folder), "--without", "x", "--change", "y", "--change", "z:revenu=+5%")
    assert result.exit_code == 2 and [code for code in ("SS863", "SS864", "SS865") if code not in result.stderr] == []


def test_more_changes_than_anybody_means(tmp_path: Path) -> None:
    result = simulate(str(run(tmp_path, CLIENTS).folder), *["--change=revenue=+1%"] * 51)
    assert result.exit_code == 2 and "SS864" in result.stderr


def test_fifty_changes_of_one_value_for_many_decisions(tmp_path: Path) -> None:
    names = ["", "keep:", "flag:", "decline:", "undetermined:"] * 10
    result = simulate(str(run(tmp_path, CLIENTS).folder), "--format", "json", *(f"--change={name}revenue=+1" for name in names))
    assert result.exit_code == 0
    found = {g["decision"]: g["after"]["revenue"] for g in json.loads(result.stdout)["decisions"]}
    assert found["keep"] == "1020.0000" and found["flag"] == "520.0000"


def test_an_endless_change_is_cut_in_the_finding(tmp_path: Path) -> None:
    result = simulate(str(run(tmp_path, CLIENTS).folder), "--change", "revenue=" + "9" * 100_000)
    assert result.exit_code == 2 and "SS864" in result.stderr and len(result.stderr) < 5_000


def test_names_steer_neither_terminal_nor_page(tmp_path: Path) -> None:
    text = policy().replace("{en: keep, pl: utrzymać}", r'{en: "k\x1b[31m | <b>e</b> `p`", pl: k}'.replace(r"\x1b", "\\e"))
    made = run(tmp_path, CLIENTS, text)
    shown = simulate(str(made.folder)).stdout
    assert "\x1b" not in shown and "\\x1b[31m" in shown
    page = simulate(str(made.folder), "--format", "markdown").stdout
    assert "\x1b" not in page and r"\<b\>" in page and r"\|" in page


def test_the_page_is_made_of_whole_tables(tmp_path: Path) -> None:
    page = simulate(str(run(tmp_path, CLIENTS).folder), "--format", "markdown", "--change", "cost=-10%").stdout
    tables = [block.splitlines() for block in page.split("\n\n") if block.startswith("|")]
    assert len(tables) == 4
    for table in tables:
        assert len({line.count("|") for line in table}) == 1
        assert table[1].startswith("|---|")


def test_every_language_says_the_same_numbers(tmp_path: Path) -> None:
    folder = str(run(tmp_path, CLIENTS).folder)
    english, polish = simulate(folder, "--language", "en").stdout, simulate(folder, "--language", "pl").stdout
    assert "1,500.00" in english and "1\u00a0500,00" in polish
    said, notes = polish.split("Uwagi:")
    assert "odmowa" in said and not {"today", "profit", "revenue", "clients"} & set(said.split()) and "Held" not in notes


def test_every_measure_stands_in_the_json(tmp_path: Path) -> None:
    content = json.loads(simulate(str(run(tmp_path, CLIENTS).folder), "--format", "json").stdout)
    assert [m["name"] for m in content["measures"]] == [str(n) for n in MeasureName if n is not MeasureName.AVOIDABLE_COST]
    assert {m["name"]: m["assumed"] for m in content["measures"]} == {
        name: name == "profit" for name in ("revenue", "cost_to_serve", "profit", "service_hours", "conflicts")
    }


def test_a_key_of_two_columns(tmp_path: Path) -> None:
    text = policy().replace("key: id", "key: [id, verdict]")
    made = run(tmp_path, CLIENTS + "a,keep,7,1,1,1\n", text)
    content = json.loads(simulate(str(made.folder), "--format", "json", "--change", "keep:revenue=+3").stdout)
    assert content["steps"]["after"]["revenue"] == "1513.0000"


def test_names_with_other_letters(tmp_path: Path) -> None:
    made = run(tmp_path, "id,verdict,Przychód,koszt_obsługi\na,keep,10,5\n", policy("Przychód: money, koszt_obsługi: money", None))
    content = json.loads(simulate(str(made.folder), "--format", "json", "--change", "koszt_obsługi=+1").stdout)
    assert content["steps"]["after"]["profit"] == "4.0000"


def test_the_largest_amounts(tmp_path: Path) -> None:
    most = "99999999999999.9999"
    made = run(tmp_path, f"id,verdict,revenue,cost,hours,conflicts\na,keep,{most},-{most},1,1\nb,keep,{most},0,1,1\nc,keep,{most},0,1,1\n")
    content = json.loads(simulate(str(made.folder), "--format", "json").stdout)
    assert content["steps"]["today"]["counted"] == 2, "a profit beyond the largest amount is not known"
    assert content["steps"]["today"]["revenue"] == "199999999999999.9998"
    grown = json.loads(simulate(str(made.folder), "--format", "json", "--change", "revenue=+10%").stdout)
    assert grown["decisions"][2]["held_as_today"] == 2
