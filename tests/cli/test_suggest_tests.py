"""`selective-sales suggest-tests` and what `test` makes of its cases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from selective_sales.cli.app import main

POLICY = """\
format: 1
policy: {id: small, version: "1", title: Small, languages: [en], currency: PLN}
data:
  clients:
    key: client_id
    fields: {client_id: text, revenue: money, cost: money}
decisions: {flag: {title: Flag}, keep: {title: Keep, default: true}}
rules:
  - {id: loss, when: cost > revenue, then: flag, reason: x}
"""
REVIEWED = """\
format: 1
policy: small.yaml
cases:
  - case: a loss
    client: {revenue: 1000, cost: 1500}
    expect: {decision: flag}
"""
ARGUMENTS = ("--as-of", "2026-11-22")


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(POLICY)
    return path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)


def test_a_file_beside_the_policy_is_the_default(policy: Path) -> None:
    result = run("suggest-tests", policy, *ARGUMENTS)
    written = policy.with_name("small.suggested.test.yaml")
    cases = written.read_text().count("- case:")
    assert result.exit_code == 0 and cases >= 5
    assert result.stdout.splitlines()[:2] == [
        f"Wrote {cases} unreviewed cases to {written}.",
        "1 of 1 conditions have a case on both sides.",
    ]
    assert run("check", written).exit_code == 0


def test_the_screen_gets_the_cases_and_nothing_else(policy: Path) -> None:
    result = run("suggest-tests", policy, *ARGUMENTS, "--out", "-")
    assert result.exit_code == 0
    assert result.stdout.startswith("# Suggested by") and "Wrote" not in result.stdout
    assert "1 of 1 conditions" in result.stderr
    assert [path.name for path in policy.parent.iterdir()] == ["small.yaml"]


def test_the_policy_is_named_from_where_the_file_stands(policy: Path) -> None:
    folder = policy.parent / "tests"
    folder.mkdir()
    assert run("suggest-tests", policy, *ARGUMENTS, "--out", folder / "a.test.yaml").exit_code == 0
    assert 'policy: "../small.yaml"' in (folder / "a.test.yaml").read_text()


@pytest.mark.parametrize(
    ("out", "said"),
    [("taken.test.yaml", "exists already"), ("a.yaml", "no name for a test file"), ("no/a.test.yaml", "there is no folder")],
)
def test_what_cannot_be_written_is_refused(policy: Path, out: str, said: str) -> None:
    taken = policy.with_name("taken.test.yaml")
    taken.write_text("mine")
    result = run("suggest-tests", policy, *ARGUMENTS, "--out", policy.parent / out)
    assert result.exit_code == 2
    assert "SS655" in result.stderr and said in result.stderr
    assert taken.read_text() == "mine" and sorted(path.name for path in policy.parent.iterdir()) == ["small.yaml", "taken.test.yaml"]


def test_a_dangling_link_is_in_the_way(policy: Path) -> None:
    policy.with_name("small.suggested.test.yaml").symlink_to(policy.parent / "elsewhere.yaml")
    assert run("suggest-tests", policy, *ARGUMENTS).exit_code == 2
    assert not (policy.parent / "elsewhere.yaml").exists()


@pytest.mark.parametrize(
    ("old", "new", "arguments", "code", "finding"),
    [
        ("loss", "loss", ("--rule", "los"), 2, "SS652"),
        ("client_id: text", 'client_id: {type: text, pattern: "(?i)[[:alpha:]]{9}"}', (), 1, "SS653"),
        ("then: flag", "then: flag, valid_from: '2030-01-01'", (), 1, "SS654"),
        ("cost > revenue", "cost > revenues", (), 3, "SS203"),
        ('version: "1"', 'version: "1", valid_from: "2030-01-01"', (), 2, "SS701"),
    ],
)
def test_why_nothing_is_suggested(policy: Path, old: str, new: str, arguments: tuple[str, ...], code: int, finding: str) -> None:
    policy.write_text(POLICY.replace(old, new))
    result = run("suggest-tests", policy, *ARGUMENTS, *arguments)
    assert (result.exit_code, finding in result.stderr) == (code, True), result.stderr
    assert [path.name for path in policy.parent.iterdir()] == ["small.yaml"]


def test_a_misspelt_rule_is_told_what_it_nearly_is(policy: Path) -> None:
    assert "did you mean 'loss'?" in run("suggest-tests", policy, *ARGUMENTS, "--rule", "los").stderr


def test_unreviewed_cases_are_counted_apart(policy: Path) -> None:
    run("suggest-tests", policy, *ARGUMENTS)
    policy.with_name("small.test.yaml").write_text(REVIEWED)
    result = run("test", policy.parent)
    assert result.exit_code == 0 and result.stderr == ""
    assert result.stdout.startswith("1 passed, 0 failed, ") and result.stdout.endswith(" unreviewed\n")
    told = json.loads(run("test", policy.parent, "--format", "json").stdout)
    cases = [case for file in told["files"] for case in file["cases"]]
    assert (told["passed"], told["failed"], told["unreviewed"]) == (1, 0, len(cases) - 1)
    assert [case["case"] for case in cases if not case["unreviewed"]] == ["a loss"]


def test_a_policy_with_unreviewed_cases_only_is_not_tested(policy: Path) -> None:
    run("suggest-tests", policy, *ARGUMENTS)
    result = run("test", policy.parent)
    assert (result.exit_code, "SS650" in result.stderr) == (4, True)
    assert result.stdout.startswith("0 passed, 0 failed, ")
    assert run("test", policy.parent, "--filter", "loss").exit_code == 0, "a choice of cases says nothing of the others"
    written = policy.with_name("small.suggested.test.yaml")
    written.write_text(written.read_text().replace("    unreviewed: true\n", "", 1))
    assert run("test", policy.parent).exit_code == 0, "one that somebody agreed with is a test"


def test_reviewed_cases_of_another_policy_do_not_help(policy: Path, tmp_path: Path) -> None:
    run("suggest-tests", policy, *ARGUMENTS)
    (tmp_path / "other.yaml").write_text(POLICY.replace("id: small", "id: other"))
    (tmp_path / "other.test.yaml").write_text(REVIEWED.replace("small", "other"))
    assert run("test", tmp_path).exit_code == 4


def test_answers_that_changed_are_a_note(policy: Path) -> None:
    run("suggest-tests", policy, *ARGUMENTS)
    policy.with_name("small.test.yaml").write_text(REVIEWED)
    policy.write_text(POLICY.replace("cost > revenue", "cost >= revenue"))
    result = run("test", policy.parent)
    assert result.exit_code == 0
    assert "SS651 note: 1 unreviewed case no longer gives the suggested answer: 'loss, cost exactly revenue: keep'" in result.stderr
    assert "decision was keep and is now flag" in result.stderr
    assert "FAILED" not in result.stdout


def test_an_unreviewed_case_that_cannot_be_run_fails_nothing(policy: Path) -> None:
    case = "  - {case: new, unreviewed: true, client: {revenues: 1}, expect: {decision: keep}}\n"
    policy.with_name("small.test.yaml").write_text(REVIEWED + case)
    result = run("test", policy.parent)
    assert result.exit_code == 0 and "SS651" in result.stderr and "'revenues'" in result.stderr
    assert result.stdout == "1 passed, 0 failed, 1 unreviewed\n"


@pytest.mark.parametrize("mark", ["yes", "1", "'true'", "null"])
def test_the_mark_is_true_or_false(policy: Path, mark: str) -> None:
    policy.with_name("small.test.yaml").write_text(REVIEWED + f"    unreviewed: {mark}\n")
    result = run("test", policy.parent)
    assert result.exit_code == 4 and "SS10" in result.stderr


def test_false_is_as_good_as_no_mark(policy: Path) -> None:
    policy.with_name("small.test.yaml").write_text(REVIEWED + "    unreviewed: false\n")
    assert run("test", policy.parent).stdout == "1 passed, 0 failed\n"
