"""`selective-sales compile` prints SQL that an auditor can read, or the findings."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from selective_sales.cli.app import main
from selective_sales.cli.exits import Exit
from tests.cli.test_check import POLICY


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    file = tmp_path / "small.yaml"
    file.write_text(POLICY, encoding="utf-8")
    return file


def test_the_sql_comes_in_the_order_in_which_it_runs(policy: Path) -> None:
    result = CliRunner().invoke(main, ["compile", str(policy), "--as-of", "2026-11-22"])
    assert (result.exit_code, result.stderr) == (Exit.FINE, "")
    assert result.stdout.index("-- facts\n") < result.stdout.index("-- decide\n")
    assert "small.yaml:11:" in result.stdout  # where the rule stands in the policy
    assert "unprofitable" in result.stdout


def test_a_policy_with_errors_gives_findings_and_no_sql(policy: Path) -> None:
    policy.write_text(POLICY.replace("cost_to_serve > revenue", "cost_to_serve >"), encoding="utf-8")
    result = CliRunner().invoke(main, ["compile", str(policy)])
    assert (result.exit_code, result.stdout) == (Exit.INVALID, "")
    assert "SS153" in result.stderr


def test_a_date_that_is_none_is_a_usage_error(policy: Path) -> None:
    result = CliRunner().invoke(main, ["compile", str(policy), "--as-of", "tomorrow"])
    assert result.exit_code == Exit.USAGE


@pytest.mark.parametrize("command", ["compile", "evaluate", "suggest-tests"])
def test_a_folder_in_place_of_a_policy_is_told_which_policy_is_in_it(policy: Path, command: str) -> None:
    (policy.parent / "small.test.yaml").write_text("format: 1\n", encoding="utf-8")
    result = CliRunner().invoke(main, [command, str(policy.parent)])
    assert (result.exit_code, result.stdout) == (Exit.USAGE, "")
    assert f"is a folder. Name the policy in it: {policy}" in result.stderr.replace("\n", " ")


def test_a_folder_without_a_policy_in_place_of_one(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["compile", str(tmp_path)])
    assert result.exit_code == Exit.USAGE
    assert "is a folder. Name the policy in it\n" in result.stderr


def test_for_postgres_one_select_follows_its_functions(policy: Path) -> None:
    result = CliRunner().invoke(main, ["compile", str(policy), "--dialect", "postgres", "--as-of", "2026-11-22"])
    assert (result.exit_code, result.stderr) == (Exit.FINE, "")
    assert result.stdout.index("-- facts and decision\nWITH ") > result.stdout.find("CREATE OR REPLACE FUNCTION pg_temp.")
    assert "small.yaml:11:" in result.stdout
    assert "getvariable" not in result.stdout and "MACRO" not in result.stdout


def test_what_postgres_cannot_say_is_a_finding_at_its_place(policy: Path) -> None:
    policy.write_text(POLICY.replace("cost_to_serve > revenue", '\'matches("x", "(?i)a")\''), encoding="utf-8")
    assert CliRunner().invoke(main, ["compile", str(policy)]).exit_code == Exit.FINE
    result = CliRunner().invoke(main, ["compile", str(policy), "--dialect", "postgres"])
    assert (result.exit_code, result.stdout) == (Exit.INVALID, "")
    assert "SS641" in result.stderr and "(?i)a" in result.stderr


def test_for_spark_one_select_follows_its_views(policy: Path) -> None:
    result = CliRunner().invoke(main, ["compile", str(policy), "--dialect", "spark", "--as-of", "2026-11-22"])
    assert (result.exit_code, result.stderr) == (Exit.FINE, "")
    assert result.stdout.index("-- decision\nSELECT ") > result.stdout.find("CREATE OR REPLACE TEMPORARY VIEW `#clients typed`") > 0
    assert "small.yaml:11:" in result.stdout and '"' not in result.stdout


def test_a_script_for_spark_is_ascii_as_its_shell_reads_it_by_the_locale(policy: Path) -> None:
    policy.write_text(
        POLICY.replace("cost_to_serve > revenue", '\'client_id = "Łódź" or contains(lower(client_id), "w upadłości")\''), encoding="utf-8"
    )
    result = CliRunner().invoke(main, ["compile", str(policy), "--dialect", "spark", "--as-of", "2026-11-22"])
    assert result.exit_code == Exit.FINE, result.stderr
    assert result.stdout.isascii() and r"'\u0141\u00f3d\u017a'" in result.stdout


@pytest.mark.parametrize(("name", "told"), [("portfolio", 1), ("key-accounts", 0)])
def test_a_script_that_spark_may_have_no_memory_to_plan_is_told(name: str, told: int) -> None:
    policy = Path(__file__).parents[2] / "policies" / f"{name}.yaml"
    result = CliRunner().invoke(main, ["compile", str(policy), "--dialect", "spark", "--as-of", "2026-11-22"])
    assert result.exit_code == Exit.FINE and result.stdout.count("-- decision\n") == 1
    assert result.stderr.count("SS670 warning") == told


def test_what_spark_cannot_say_is_a_finding_at_its_place(policy: Path) -> None:
    policy.write_text(POLICY.replace("cost_to_serve > revenue", '\'matches("x", "(?i)a")\''), encoding="utf-8")
    result = CliRunner().invoke(main, ["compile", str(policy), "--dialect", "spark"])
    assert (result.exit_code, result.stdout) == (Exit.INVALID, "")
    assert "SS669" in result.stderr and "(?i)a" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["--schema", "x"],
        ["--dialect", "postgres", "--schema", ""],
        ["--dialect", "postgres", "--schema", "x" * 64],
        ["--dialect", "postgres", "--schema", "a$$b"],
    ],
)
def test_a_schema_that_cannot_be_is_a_usage_error(policy: Path, words: list[str]) -> None:
    result = CliRunner().invoke(main, ["compile", str(policy), *words])
    assert (result.exit_code, result.stdout) == (Exit.USAGE, "") and "--dialect postgres" in result.stderr


def test_a_dialect_that_is_none_is_a_usage_error(policy: Path) -> None:
    assert CliRunner().invoke(main, ["compile", str(policy), "--dialect", "oracle"]).exit_code == Exit.USAGE


def test_the_help_says_which_script_does_not_run_by_itself() -> None:
    said = " ".join(CliRunner().invoke(main, ["compile", "--help"]).stdout.split())
    assert "over tables of its own (run.facts), so it does not run by itself" in said
