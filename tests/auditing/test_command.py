"""The command: exit codes, languages, forms, and that values from the data steer no terminal and no page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from selective_sales.cli.app import main

from .clients import FAIRNESS, HEADER, lines, policy, run

UNEVEN = lines((60, 9, 10, "A", "m", 40), (40, 1, 10, "A", "m", 40), (30, 9, 10, "B", "f", 30), (70, 1, 10, "B", "f", 30))
EVEN = lines((60, 9, 10, "A", "m", 40), (40, 1, 10, "A", "m", 40), (60, 9, 10, "B", "f", 30), (40, 1, 10, "B", "f", 30))
PROXY = '  - {id: there, when: city = "B", then: decline, reason: {en: there, pl: tam}}\n'


def told(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["audit", *arguments], catch_exceptions=False)


def audited(folder: Path, clients: list[str], text: str | None = None, *options: str) -> Result:
    return told(str(run(folder, clients, text).folder), *options)


def test_a_gap_ends_with_one(tmp_path: Path) -> None:
    result = audited(tmp_path, UNEVEN)
    assert result.exit_code == 1 and result.stdout.splitlines()[0].endswith(": FAILS")


def test_no_gap_ends_with_nothing(tmp_path: Path) -> None:
    result = audited(tmp_path, EVEN, None, "--language", "en")
    assert result.exit_code == 0 and ": passes" in result.stdout.splitlines()[0] and "No gap was found" in result.stdout


def test_a_gap_of_which_the_policy_only_wants_to_be_told(tmp_path: Path) -> None:
    result = audited(tmp_path, UNEVEN, policy(FAIRNESS.replace("}", ", on_breach: warn}")))
    assert result.exit_code == 0 and "FAILS" in result.stdout and "on_breach: warn" in result.stdout


def test_too_few_never_pass(tmp_path: Path) -> None:
    result = audited(tmp_path, lines((29, 9, 1, "A", "m", 1), (29, 1, 1, "A", "f", 1)))
    assert result.exit_code == 0 and ": insufficient data" in result.stdout.splitlines()[0]
    assert result.stdout.count("insufficient: too few clients in the group") == 4 and "pass " not in result.stdout


def test_what_is_to_be_watched_ends_with_nothing(tmp_path: Path) -> None:
    clients = lines((20, 9, 1, "A", "m", 1), (20, 1, 1, "A", "m", 1), (11, 9, 1, "A", "f", 1), (19, 1, 1, "A", "f", 1))
    result = audited(tmp_path, clients)
    assert result.exit_code == 0 and ": to be watched" in result.stdout.splitlines()[0] and "it may be chance" in result.stdout


@pytest.mark.parametrize("language", ["en", "pl"])
@pytest.mark.parametrize("format_", ["text", "markdown"])
def test_it_is_said_that_it_is_no_legal_finding(tmp_path: Path, language: str, format_: str) -> None:
    result = audited(tmp_path, UNEVEN, None, "--language", language, "--format", format_)
    assert {"en": "not a legal finding", "pl": "a nie ocena prawna"}[language] in result.stdout


def test_polish_is_polish(tmp_path: Path) -> None:
    result = audited(tmp_path, UNEVEN, policy("{compare: [decline], across: [gender], within: [city]}"), "--language", "pl")
    assert "odmowa (decline)" in result.stdout and "70,0%" in result.stdout
    english = ("gap", "ratio", "beside", "rule", "Without", "group", "clients", "passes", "yes", " of ")
    assert [word for word in english if word in result.stdout] == []


def test_a_justification_stands_beside_the_figures(tmp_path: Path) -> None:
    why = (
        "justification: {aim: {en: In a day., pl: W jeden dzień.}, appropriate: {en: It is far., pl: Jest daleko.}, necessary: No partner.}"
    )
    result = audited(tmp_path, UNEVEN, policy(rules=PROXY.replace("pl: tam}", f"pl: tam}}, {why}")), "--language", "pl")
    assert "W jeden dzień" in result.stdout and "No partner" in result.stdout and "SS915" not in result.stderr


def test_its_absence_is_a_finding(tmp_path: Path) -> None:
    result = audited(tmp_path, UNEVEN, policy(rules=PROXY))
    assert "SS915" in result.stderr and "there: no justification is given" in result.stdout


def test_json_is_all_there_is(tmp_path: Path) -> None:
    content = json.loads(audited(tmp_path, UNEVEN, policy(rules=PROXY), "--format", "json").stdout)
    assert content["divisions"][0]["decisions"][0]["groups"][0]["without_rule"][0]["part_of_gap"] == 1
    assert content["associations"][0]["rules"] == ["there"] and content["rules"][0]["justification"] is None
    assert content["standard"] == {
        "minimum_ratio": 0.8, "significance": 0.05, "smallest_group": 30, "strong_association": 0.3, "on_breach": "fail",
    }  # fmt: skip


def test_a_folder_that_is_no_run(tmp_path: Path) -> None:
    assert told(str(tmp_path)).exit_code == 2
    assert told(str(tmp_path / "none")).exit_code == 2


def test_a_policy_without_a_standard(tmp_path: Path) -> None:
    result = audited(tmp_path, UNEVEN, policy(None))
    assert result.exit_code == 2 and "SS910" in result.stderr and not result.stdout


def test_a_run_that_was_changed(tmp_path: Path) -> None:
    folder = run(tmp_path, UNEVEN).folder
    (folder / "decisions.parquet").write_bytes(b"PAR1")
    result = told(str(folder))
    assert result.exit_code == 2 and "SS711" in result.stderr and not result.stdout


def test_other_data_than_the_run_read(tmp_path: Path) -> None:
    folder = run(tmp_path, UNEVEN).folder
    with (tmp_path / "clients.csv").open("a") as file:
        file.write("201,9,1,A,m,3\n")
    result = told(str(folder))
    assert result.exit_code == 5 and "SS912" in result.stderr and not result.stdout
    (tmp_path / "clients.csv").unlink()
    result = told(str(folder))
    assert result.exit_code == 5 and "SS911" in result.stderr and "--data clients=FILE" in result.stderr


@pytest.mark.parametrize("value", ["\x1b[2J", "\u202eabc", "a|b`*_<script>"])
def test_values_steer_neither_a_terminal_nor_a_page(tmp_path: Path, value: str) -> None:
    clients = [HEADER, *(f"{i},9,1,A,{value},30" for i in range(40)), *(f"{i},1,1,A,other,30" for i in range(40, 80))]
    folder = run(tmp_path, clients).folder
    for format_ in ("text", "markdown"):
        out = told(str(folder), "--format", format_).stdout
        assert "\x1b" not in out and "\u202e" not in out and (format_ == "text" or "|b`" not in out.replace("\\|", ""))


def test_the_same_run_gives_the_same_page(tmp_path: Path) -> None:
    folder = run(tmp_path, UNEVEN).folder
    assert told(str(folder)).stdout == told(str(folder), "--threads", "1").stdout
