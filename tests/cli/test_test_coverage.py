"""`selective-sales test` with --coverage, --minimum-coverage and --fail-fast: what it prints, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from selective_sales.cli.app import main

POLICY = """\
format: 1
policy: {id: a, version: "1", title: Small, languages: [en], currency: PLN}
data: {clients: {key: id, fields: {id: text, visits: {type: integer, missing: 0}}}}
decisions: {flag: {title: f}, keep: {title: k, default: true}}
rules: [{id: few, when: visits < 2, then: flag, reason: x}]
"""
HEAD = "format: 1\npolicy: a.yaml\ncases:\n"
FEW = "- {case: few, client: {visits: 1}, expect: {decision: flag}}\n"
MANY = "- {case: many, client: {visits: 3}, expect: {decision: keep}}\n"
WRONG = "- {case: wrong, client: {visits: 3}, expect: {decision: flag}}\n"
HALF = """\
coverage of a.yaml: 50% (2 of 4), 1 case
  rules 0 of 1, decisions 1 of 2
  not shown:
    a.yaml:4:31: no case reaches the decision 'keep'
    a.yaml:5:14: rule 'few' fires in every case: no case makes `visits < 2` false
  next: selective-sales suggest-tests a.yaml writes cases for you to review
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(POLICY)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["test", *arguments], catch_exceptions=False)


def test_coverage_is_told_only_where_it_is_asked_for(folder: Path) -> None:
    (folder / "a.test.yaml").write_text(HEAD + FEW)
    assert run().stdout == "1 passed, 0 failed\n"
    told = run("--coverage")
    assert (told.exit_code, told.stdout, told.stderr) == (0, f"1 passed, 0 failed\n{HALF}", "")


@pytest.mark.parametrize(("minimum", "exit_code"), [("0", 0), ("50", 0), ("51", 4), ("100", 4)])
def test_a_minimum_is_a_gate(folder: Path, minimum: str, exit_code: int) -> None:
    (folder / "a.test.yaml").write_text(HEAD + FEW)
    told = run("--minimum-coverage", minimum)
    assert (told.exit_code, told.stdout) == (exit_code, f"1 passed, 0 failed\n{HALF}")
    if exit_code:
        assert f"SS630 the cases show 50% of the policy 'a.yaml', and {minimum}% is asked for" in told.stderr
        assert "for a start: no case reaches the decision 'keep' (at a.yaml:4:31)" in told.stderr
    else:
        assert told.stderr == ""


@pytest.mark.parametrize("minimum", ["-1", "101", "nan", "inf", "many", ""])
def test_a_minimum_is_a_percentage(folder: Path, minimum: str) -> None:
    assert run("--minimum-coverage", minimum).exit_code == 2


def test_a_failed_case_counts_for_nothing_and_decides_the_exit(folder: Path) -> None:
    (folder / "a.test.yaml").write_text(HEAD + FEW + WRONG)
    told = run("--coverage", "--minimum-coverage", "50")
    assert told.exit_code == 4
    assert "coverage of a.yaml: 50% (2 of 4), 1 case\n" in told.stdout


def test_a_policy_without_tests_has_nothing_shown(folder: Path) -> None:
    (folder / "a.test.yaml").write_text(HEAD + FEW + MANY)
    (folder / "below").mkdir()
    (folder / "below" / "b.yaml").write_text(POLICY.replace("id: a,", "id: b,"))
    (folder / "below" / ".hidden.yaml").write_text(POLICY.replace("id: a,", "id: c,"))
    (folder / "part.yaml").write_text("format: 1\nparameters: {x: 1}\n")
    assert "b.yaml" not in run().output
    told = run("--coverage")
    assert told.exit_code == 0
    assert told.stdout.endswith("coverage of below/b.yaml: 0% (0 of 4), no test file names it\n  rules 0 of 1, decisions 0 of 2\n")
    assert "below/b.yaml: SS631 warning: no test file tests the policy 'b.yaml'" in told.stderr
    assert "part.yaml" not in told.output and "hidden" not in told.output
    assert run("--minimum-coverage", "1").exit_code == 4
    assert run("a.test.yaml", "--minimum-coverage", "100").exit_code == 0, "only the files that were named are looked at"


def test_no_policy_is_called_untested_where_a_test_file_cannot_be_read(folder: Path) -> None:
    (folder / "a.test.yaml").write_text("policy: [")
    told = run("--coverage")
    assert told.exit_code == 4
    assert "SS631" not in told.stderr and "coverage" not in told.stdout


@pytest.mark.parametrize("cases", ["cases: []\n", "cases:\n", HEAD[-7:] + FEW.replace("{decision: flag}", "{}"), "cases: 1\n"])
def test_a_test_file_with_errors_shows_nothing_of_its_policy(folder: Path, cases: str) -> None:
    (folder / "below").mkdir()
    (folder / "below" / "a.test.yaml").write_text(f"format: 1\npolicy: ../a.yaml\n{cases}")
    told = run("--coverage")
    assert told.exit_code == 4
    assert "NOT RUN below/a.test.yaml: it has errors\n0 passed, 0 failed, 1 file not run\n" in told.stdout
    assert "coverage of below/../a.yaml: 0% (0 of 4), 0 cases\n" in told.stdout
    assert "SS631" not in told.stderr


def test_a_case_that_expects_nothing_shows_nothing(folder: Path) -> None:
    (folder / "a.test.yaml").write_text(HEAD + FEW.replace(", expect: {decision: flag}", ""))
    told = run("--coverage")
    assert told.exit_code == 4
    assert "SS607" in told.stdout and "coverage of a.yaml: 0% (0 of 4), 0 cases\n" in told.stdout


def test_a_policy_with_errors_has_no_coverage(folder: Path) -> None:
    (folder / "a.test.yaml").write_text(HEAD + FEW)
    (folder / "a.yaml").write_text(POLICY.replace("visits < 2", "visit < 2"))
    told = run("--coverage")
    assert told.exit_code == 3
    assert told.stdout.endswith("coverage of a.yaml: not known, it has errors\n")


def test_an_untested_policy_with_errors_does_not_pass_a_gate(folder: Path) -> None:
    (folder / "a.test.yaml").write_text(HEAD + FEW + MANY)
    (folder / "b.yaml").write_text(POLICY.replace("visits < 2", "visit < 2"))
    told = run("--minimum-coverage", "100")
    assert told.exit_code == 4
    assert "SS630" in told.stderr and "selective-sales check" in told.stderr


def test_a_filter_is_said(folder: Path) -> None:
    (folder / "a.test.yaml").write_text(HEAD + FEW + MANY)
    assert run("--coverage", "--filter", "few").stdout == f"1 passed, 0 failed\ncoverage of the cases that --filter chose:\n{HALF}"


def test_json_has_all_of_it(folder: Path) -> None:
    (folder / "a.test.yaml").write_text(HEAD + FEW)
    assert "coverage" not in json.loads(run("--format", "json").stdout)
    told = json.loads(run("--format", "json", "--minimum-coverage", "60").stdout)
    assert [finding["code"] for finding in told["findings"]] == ["SS630"]
    (policy,) = told["coverage"]
    assert {key: policy[key] for key in ("policy", "percent", "covered", "coverable", "cases", "files", "broken", "not_counted")} == {
        "policy": "a.yaml", "percent": 50.0, "covered": 2, "coverable": 4, "cases": 1, "files": ["a.test.yaml"], "broken": False,
        "not_counted": [],
    }  # fmt: skip
    assert [(item["part"], item["of"], item["way"], item["seen"], item["words"]) for item in policy["items"]] == [
        ("rules", "few", "true", "shown", ""),
        ("rules", "few", "false", "never", "rule 'few' fires in every case: no case makes `visits < 2` false"),
        ("decisions", "flag", "reached", "shown", ""),
        ("decisions", "keep", "reached", "never", "no case reaches the decision 'keep'"),
    ]
    assert (policy["items"][0]["file"], policy["items"][0]["line"], policy["items"][0]["column"]) == ("a.yaml", 5, 14)


def test_hostile_names_do_not_steer_the_screen(folder: Path) -> None:
    evil = POLICY.replace("visits < 2", "\"visits < 2 and visits != length('\\e[31m')\"")
    (folder / "a.yaml").write_text(evil)
    (folder / "a.test.yaml").write_text(HEAD + FEW)
    told = run("--coverage")
    assert told.exit_code == 0, told.output
    assert "\x1b" not in told.output


def test_the_first_failure_ends_the_run(folder: Path) -> None:
    (folder / "a.test.yaml").write_text(HEAD + FEW + WRONG + MANY + WRONG.replace("wrong", "wrong too"))
    (folder / "b.test.yaml").write_text(HEAD + MANY)
    (folder / "c.test.yaml").write_text(HEAD + MANY)
    told = run("--fail-fast", "--coverage")
    assert told.exit_code == 4
    assert told.stdout.count("FAILED") == 1
    assert told.stdout.endswith("1 passed, 1 failed\nstopped at the first failure: 2 more cases of a.test.yaml and 2 files not run\n")
    said = json.loads(run("--fail-fast", "--format", "json").stdout)
    assert said["left_out"] == ["b.test.yaml", "c.test.yaml"]
    assert [file["left_out"] for file in said["files"]] == [2]


def test_a_case_that_cannot_be_run_is_a_first_failure_too(folder: Path) -> None:
    (folder / "a.test.yaml").write_text(HEAD + FEW + WRONG.replace("visits", "visit") + MANY)
    told = run("--fail-fast")
    assert told.exit_code == 4
    assert told.stdout.endswith("0 passed, 1 failed\nstopped at the first failure: 2 more cases of a.test.yaml not run\n")


def test_a_file_that_cannot_be_read_is_a_first_failure_too(folder: Path) -> None:
    (folder / "a.test.yaml").write_text("cases: [")
    (folder / "b.test.yaml").write_text(HEAD + MANY)
    told = run("--fail-fast")
    assert told.exit_code == 4
    assert told.stdout.endswith("0 passed, 0 failed, 1 file not run\nstopped at the first failure: 1 file not run\n")


def test_without_a_failure_everything_is_run(folder: Path) -> None:
    (folder / "a.test.yaml").write_text(HEAD + FEW)
    (folder / "b.test.yaml").write_text(HEAD + MANY)
    told = run("--fail-fast", "--minimum-coverage", "100")
    assert (told.exit_code, told.stdout.splitlines()[:2]) == (0, ["2 passed, 0 failed", "coverage of a.yaml: 100% (4 of 4), 2 cases"])
