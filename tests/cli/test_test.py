"""`selective-sales test`: which files it runs, what it prints where, and how it ends."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from selective_sales.cli.app import main

CASES = Path(__file__).parents[1] / "cases" / "policytest"
LOSS = """
  - case: a loss
    client: {revenue: 1000, cost_to_serve: 1500}
    expect: {profit: -500}
"""
WRONG = """
  - case: a wrong gain
    client: {client_id: A, revenue: 1000, cost_to_serve: 1500}
    expect: {profit: 500}
"""
HEAD = 'format: 1\npolicy: services.yaml\nas_of: "2026-11-22"\ncases:\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(CASES / "services.yaml", tmp_path)
    return tmp_path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["test", *map(str, arguments)], catch_exceptions=False)


def test_all_pass(folder: Path) -> None:
    (folder / "a.test.yaml").write_text(HEAD + LOSS)
    result = run(folder)
    assert (result.exit_code, result.stdout) == (0, "1 passed, 0 failed\n")


def test_the_current_folder_is_the_default(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / ".venv").mkdir()
    (folder / "deep" / "er" / "a.test.yaml").write_text(HEAD.replace("services", "../../services") + LOSS)
    (folder / ".venv" / "b.test.yaml").write_text("not a test")
    monkeypatch.chdir(folder)
    result = run()
    assert (result.exit_code, result.stdout) == (0, "1 passed, 0 failed\n")


def test_failures_end_with_four_and_stand_on_stdout(folder: Path) -> None:
    file = folder / "a.test.yaml"
    file.write_text(HEAD + LOSS + WRONG)
    result = run(folder)
    assert result.exit_code == 4
    told = (
        f"FAILED {file}:10:11: a wrong gain\n  client A\n    profit  expected 500, got -500\n"
        "    profit = revenue - cost_to_serve = -500 (revenue = 1000, cost_to_serve = 1500)\n\n1 passed, 1 failed\n"
    )
    assert result.stdout == told


def test_a_filter_runs_some(folder: Path) -> None:
    (folder / "a.test.yaml").write_text(HEAD + LOSS + WRONG)
    assert run(folder, "--filter", "LOSS").stdout == "1 passed, 0 failed\n"
    nothing = run(folder, "--filter", "gains")
    assert nothing.exit_code == 2
    assert "SS619" in nothing.stderr


def test_nothing_to_run_is_a_matter_of_usage(folder: Path) -> None:
    result = run(folder)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "SS600" in result.stderr


def test_an_invalid_policy_ends_with_three(folder: Path) -> None:
    (folder / "services.yaml").write_text(
        (folder / "services.yaml").read_text().replace("cost_to_serve > revenue", "cost_to_srve > revenue")
    )
    (folder / "a.test.yaml").write_text(HEAD + LOSS)
    result = run(folder)
    assert result.exit_code == 3
    assert "SS203" in result.stderr
    assert result.stdout == f"NOT RUN {folder}/a.test.yaml: its policy has errors\n0 passed, 0 failed, 1 file not run\n"


def test_a_test_file_that_cannot_be_read_ends_with_four(folder: Path) -> None:
    (folder / "a.test.yaml").write_text(HEAD + LOSS)
    (folder / "b.test.yaml").write_text(HEAD + LOSS.replace("expect:", "expects:"))
    result = run(folder)
    assert result.exit_code == 4
    assert f"{folder}/b.test.yaml:" in result.stderr
    assert result.stdout == f"NOT RUN {folder}/b.test.yaml: it has errors\n1 passed, 0 failed, 1 file not run\n"


def test_warnings_fail_nothing(folder: Path) -> None:
    (folder / "a.test.yaml").write_text(HEAD + LOSS + LOSS)
    result = run(folder)
    assert (result.exit_code, result.stdout) == (0, "2 passed, 0 failed\n")
    assert "SS618" in result.stderr


def test_json_says_all_of_it(folder: Path) -> None:
    file = folder / "a.test.yaml"
    file.write_text(HEAD + LOSS + WRONG.replace("profit: 500", "decision: keep") + WRONG.replace("profit", "proft"))
    result = run(file, "--format", "json")
    assert result.exit_code == 4
    said = json.loads(result.stdout)
    assert {key: said[key] for key in ("format", "passed", "failed", "findings")} == {"format": 1, "passed": 1, "failed": 2, "findings": []}
    (told,) = said["files"]
    assert (told["file"], told["policy"], told["policy_invalid"]) == (str(file), str(folder / "services.yaml"), False)
    passed, refused, unknown = told["cases"]
    assert (passed["case"], passed["passed"], passed["line"], passed["column"]) == ("a loss", True, 6, 11)
    assert passed["columns"] == [{"client": ["1"], "column": "profit", "expected": "-500", "actual": "-500", "matches": True}]
    assert [finding["code"] for finding in refused["findings"]] == ["SS609"] * 4
    assert [(finding["code"], finding["line"]) for finding in unknown["findings"]] == [("SS604", 16)]


def test_json_has_the_rules_that_say_why(folder: Path) -> None:
    case = """
  - case: a loss is kept
    client: {client_id: A, revenue: 1, cost_to_serve: 2, client_since: "01.01.2020"}
    expect: {decision: keep}
"""
    defaults = "defaults: {clients: {conflicts_12m: 0, payment_delay: 0, unjustified_claims_12m: 0}}\n"
    (folder / "a.test.yaml").write_text(defaults + HEAD + case)
    (told,) = json.loads(run(folder, "--format", "json").stdout)["files"]
    (failed,) = told["cases"]
    assert failed["decided_by"] == [{"client": ["A"], "decided_by": "unprofitable"}]
    (rule,) = failed["rules"]
    assert (rule["rule"], rule["decision"], rule["outcome"], rule["decides"]) == ("unprofitable", "decline", "true", True)
    assert rule["conditions"][0] == {
        "condition": "cost_to_serve > revenue",
        "outcome": "true",
        "unless": False,
        "values": {"cost_to_serve": "2", "revenue": "1"},
    }
