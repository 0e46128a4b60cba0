"""`selective-sales explain`, as a person calls it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.memo_run import invoke, run_with_pairs, small_run

NB = "\u00a0"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_run(tmp_path_factory.mktemp("explain"))


def test_it_says_why_in_the_language_of_the_policy(run: Path) -> None:
    result = invoke("explain", run, "A-1")
    assert result.exit_code == 0
    assert result.stdout.startswith("Klient A-1\nDecyzja: odmowa (decline) — rozstrzygnęła reguła „Niska marża”\n")
    assert "Marża wynosi 1,0%." in result.stdout


def test_it_says_why_not_with_the_distance(run: Path) -> None:
    said = invoke("explain", run, "A-2", "--language", "en", "--all").stdout.replace(NB, " ")
    assert "Decision: keep — the default: no rule fired" in said
    assert "margin < 5%\n      margin 5.2% — 0.2 percentage points above the threshold 5%" in said


def test_the_short_answer_says_what_decided_what_would_change_it_and_where_the_rest_is(run: Path) -> None:
    said = invoke("explain", run, "A-1", "--language", "en").stdout.replace(NB, " ")
    assert said.splitlines()[1] == "Decision: decline — decided by the rule “Thin margin”"
    assert "Thin margin → decline\n    The margin is 1.0%.\n    ✓ margin 1.0% — 4 percentage points below the threshold 5%" in said
    assert "margin < 5%" not in said and "Metrics" not in said and "thin-margin" not in said
    assert said.endswith("\nEvery rule, score, table and metric: --all\n")
    whole = invoke("explain", run, "A-1", "--language", "en", "--all").stdout.replace(NB, " ")
    assert "margin < 5%" in whole and "Metrics" in whole and "Thin margin (thin-margin) → decline" in whole and "--all" not in whole
    kept = invoke("explain", run, "A-2", "--language", "en").stdout.replace(NB, " ")
    assert "Thin margin → decline\n    margin 5.2% — 0.2 percentage points above the threshold 5%\n" in kept
    assert "Missing: cost" in invoke("explain", run, "A-3", "--language", "en").stdout


def test_it_says_what_is_missing(run: Path) -> None:
    said = invoke("explain", run, "A-3", "--language", "en").stdout
    assert "Decision: undetermined" in said
    assert "Would be settled by: cost" in said


def test_json_is_the_only_thing_on_stdout(run: Path) -> None:
    result = invoke("explain", run, "A-2", "--format", "json")
    explained = json.loads(result.stdout)
    assert (explained["client"], explained["decision"], explained["decided_by"]) == (["A-2"], "keep", "default")
    assert explained["rules"][0]["near_miss"] is True


def test_an_unknown_client_gets_the_nearest_ids(run: Path) -> None:
    result = invoke("explain", run, "a-2")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "the run has no client 'a-2'" in result.stderr
    assert "did you mean" in result.stderr and "'A-2'" in result.stderr


@pytest.mark.parametrize(
    "command", [("explain", "A-1"), ("simulate",), ("replay",), ("memo", "--language", "pl", "--to", "md", "--out", "x")]
)
def test_a_policy_in_place_of_a_run_is_told_what_makes_a_run(tmp_path: Path, command: tuple[str, ...]) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("format: 1\n", encoding="utf-8")
    for path, what in ((policy, "is a file, not the folder of a run"), (tmp_path / "out", "does not exist")):
        result = invoke(command[0], path, *command[1:])
        assert (result.exit_code, result.stdout) == (2, "")
        assert what in result.stderr and "selective-sales evaluate POLICY --data ... --out FOLDER" in result.stderr


def test_a_folder_that_is_no_run(tmp_path: Path) -> None:
    result = invoke("explain", tmp_path, "A-1")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "SS7" in result.stderr


def test_a_key_of_two_columns_is_joined(tmp_path: Path) -> None:
    run = run_with_pairs(tmp_path)
    assert invoke("explain", run, "PL|1", "--language", "en").stdout.startswith("Client PL|1\nDecision: decline")
    assert invoke("explain", run, "DE|1", "--language", "en").stdout.startswith("Client DE|1\nDecision: keep")
    assert invoke("explain", run, "PL").exit_code == 2
