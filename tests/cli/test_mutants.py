"""`test --mutants`: what is printed, and the exit codes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from selective_sales.cli.app import main
from tests.testing.mutant_policy import policy_text

METRIC = "metrics:\n  small: revenue < 1000\nrules:\n  - {id: poor, when: small, then: flag, reason: Because.}\n"
FAR = (
    "  - {case: far, client: {revenue: 5}, expect: {decision: flag}}\n"
    "  - {case: above, client: {revenue: 5000}, expect: {decision: keep}}\n"
)
NEAR = (
    "  - {case: on it, client: {revenue: 1000}, expect: {decision: keep}}\n"
    "  - {case: below, client: {revenue: 999.99}, expect: {decision: flag}}\n"
    "  - {case: blank, client: {revenue: missing}, expect: {decision: flag, decided_by: poor, applied: [poor]}}\n"
)


def run(folder: Path, cases: str, *options: str) -> tuple[int, str]:
    (folder / "small.yaml").write_text(policy_text(METRIC), encoding="utf-8")
    tests = folder / "small.test.yaml"
    tests.write_text(f"format: 1\npolicy: small.yaml\ncases:\n{cases}", encoding="utf-8")
    result = CliRunner().invoke(main, ["test", str(tests), "--mutants", *options])
    return result.exit_code, result.output


def test_a_survivor_is_an_edit_and_a_case_and_exit_code_4(tmp_path: Path) -> None:
    code, output = run(tmp_path, FAR)
    assert code == 4
    assert "  - small: revenue < 1000\n  + small: revenue <= 1000\n" in output
    assert "client: {revenue: 1000}" in output
    assert "2 passed, 0 failed" in output


def test_where_every_fault_is_noticed_the_exit_code_is_0(tmp_path: Path) -> None:
    code, output = run(tmp_path, FAR + NEAR)
    assert code == 0, output
    assert " 0 survived, 0 equivalent; 100% noticed" in output


def test_json_has_every_mutant_with_its_fate(tmp_path: Path) -> None:
    code, output = run(tmp_path, FAR, "--format", "json")
    assert code == 4
    (policy,) = json.loads(output)["mutants"]
    assert policy["killed"] + policy["survived"] + policy["equivalent"] == len(policy["mutants"])
    itself = next(m for m in policy["mutants"] if m["fault"] == "threshold itself")
    assert (itself["fate"], itself["before"], itself["after"]) == (
        "survived",
        ["  small: revenue < 1000"],
        ["  small: revenue <= 1000"],
    )
    assert itself["case"] is not None and itself["killed_by"] is None
    assert {m["killed_by"] for m in policy["mutants"] if m["fate"] == "killed"} <= {"far", "above"}


@pytest.mark.parametrize("form", ["github", "sarif", "junit", "markdown"])
def test_a_survivor_is_a_finding_in_every_form_that_is_made_of_findings(form: str, tmp_path: Path) -> None:
    code, output = run(tmp_path, FAR, "--format", form)
    assert code == 4
    assert output.count("SS640") >= 4
    assert "no case notices a fault planted into metric small: threshold itself" in output
    assert run(tmp_path, FAR + NEAR, "--format", form)[1].count("SS640") == 0


@pytest.mark.parametrize(
    ("decisions", "faulty"),
    [
        ("{flag: {}, keep: {default: true}}", "{flag: {when_unknown: apply}, keep: {default: true}}"),
        (
            '{flag: {title: {en: "a, b}"}, letter: x}, keep: {default: true}}',
            '{flag: {title: {en: "a, b}"}, letter: x, when_unknown: apply}, keep: {default: true}}',
        ),
        (
            "{flag: {when_unknown: skip}, keep: {when_unknown: hold, default: true}}",
            "{flag: {when_unknown: apply}, keep: {when_unknown: hold, default: true}}",
        ),
    ],
)
def test_a_key_of_a_decision_stands_in_its_own_braces(decisions: str, faulty: str, tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(
        "format: 1\npolicy: {id: small, version: '1', languages: [en], currency: PLN}\n"
        "data: {clients: {key: id, fields: {id: text, revenue: money}}}\n"
        f"decisions: {decisions}\nrules: [{{id: poor, when: revenue < 1000, then: flag, reason: Because., letter_reason: none}}]\n",
        encoding="utf-8",
    )
    tests = tmp_path / "small.test.yaml"
    tests.write_text(f"format: 1\npolicy: small.yaml\ncases:\n{FAR}", encoding="utf-8")
    result = CliRunner().invoke(main, ["test", str(tests), "--mutants"])
    assert f"  - decisions: {decisions}\n  + decisions: {faulty}\n" in result.output


BLANKS = "metrics:\n  filled: coalesce(trust, 0.5)\nrules:\n  - {id: low, when: filled <= 0.5, then: flag, reason: Because.}\n"


def test_a_pasted_case_tells_a_figure_from_one_that_is_rounded_to_it(tmp_path: Path) -> None:
    """0.45 is 0.5 at one place: a case that expects 0.5 would not notice it."""
    (tmp_path / "small.yaml").write_text(policy_text(BLANKS), encoding="utf-8")
    tests = tmp_path / "small.test.yaml"
    head = "format: 1\npolicy: small.yaml\ncases:\n"
    cases = "  - {case: high, client: {trust: 0.9}, expect: {decision: keep}}\n"
    for _ in range(3):
        tests.write_text(head + cases, encoding="utf-8")
        output = CliRunner().invoke(main, ["test", str(tests), "--mutants"]).output
        shown = re.findall(r"^  - case: .*\n(?:    .*\n)+", output, re.MULTILINE)
        cases += "".join(shown)
    assert "filled: 0.500000000" in cases
    assert "SURVIVED" in output and "metric filled" not in output and "rule low" not in output, output


def test_without_the_option_nothing_is_planted(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(policy_text(METRIC), encoding="utf-8")
    (tmp_path / "small.test.yaml").write_text(f"format: 1\npolicy: small.yaml\ncases:\n{FAR}", encoding="utf-8")
    result = CliRunner().invoke(main, ["test", str(tmp_path), "--format", "json"])
    assert result.exit_code == 0
    assert "mutants" not in json.loads(result.output)
