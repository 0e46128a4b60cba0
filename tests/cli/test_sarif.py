"""SARIF: valid by the standard's own schema, every finding at its place, whatever files are called and texts hold."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from selective_sales.cli.app import main
from selective_sales.cli.exits import Exit
from selective_sales.cli.formats.pages import page
from selective_sales.cli.formats.sarif import Result as SarifResult
from selective_sales.cli.formats.sarif import results_of, sarif
from selective_sales.model.finding import Finding, Severity
from selective_sales.model.place import Place
from tests.cli.schemas import sarif_validator
from tests.robust.hostile import HOSTILE

HEAD = """\
format: 1
policy: {id: ten, version: "1", languages: [en], currency: PLN}
data: {clients: {key: id, fields: {id: text, revenue: money, cost: money}}}
decisions: {decline: {}, keep: {default: true}}
rules:
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    return tmp_path


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def log(text: str) -> dict[str, Any]:
    """The one run of a log that is valid."""
    whole = json.loads(text)
    assert [error.message for error in sarif_validator().iter_errors(whole)] == []
    (run,) = whole["runs"]
    assert isinstance(run, dict)
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    return run


def wrong_rules(count: int) -> str:
    """Rules that each name a field that is not there, four lines each."""
    rule = "  - id: rule-{0}\n    when: revenue > cost_{0}\n    then: decline\n    reason: Ł {{revenue}}.\n"
    return "".join(rule.format(number) for number in range(count))


def test_ten_findings_point_at_the_right_ten_lines(folder: Path) -> None:
    text = HEAD + wrong_rules(10)
    (folder / "ten.yaml").write_text(text, encoding="utf-8")
    result = call("check", "ten.yaml", "--format", "sarif")
    assert result.exit_code == 3
    run = log(result.stdout)
    assert run["columnKind"] == "unicodeCodePoints"
    lines = text.splitlines()
    pointed = []
    for found in run["results"]:
        (location,) = found["locations"]
        region = location["physicalLocation"]["region"]
        assert location["physicalLocation"]["artifactLocation"] == {"uri": "ten.yaml", "uriBaseId": "%SRCROOT%"}
        assert region["startLine"] == region["endLine"]
        pointed.append(lines[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1])
        assert (found["ruleId"], found["level"], found["suppressions"]) == ("SS203", "error", [])
    assert pointed == [f"cost_{number}" for number in range(10)]


def test_all_findings_are_there_however_many(folder: Path) -> None:
    (folder / "many.yaml").write_text(HEAD + wrong_rules(130), encoding="utf-8")
    result = call("check", "many.yaml", "--format", "sarif")
    assert len(log(result.stdout)["results"]) == 130
    assert "and 80 more" in result.stderr


def test_what_the_tool_says_of_itself_and_of_a_rule(folder: Path) -> None:
    (folder / "one.yaml").write_text(HEAD + wrong_rules(1), encoding="utf-8")
    run = log(call("check", "one.yaml", "--format", "sarif").stdout)
    driver = run["tool"]["driver"]
    assert driver["name"] == "selective-sales" and driver["version"]
    (rule,) = driver["rules"]
    assert rule["shortDescription"]["text"] == "unknown field"
    assert rule["fullDescription"]["text"].startswith("A name that no field, parameter or metric has.")
    assert "## Good" in rule["help"]["markdown"] and "explain-finding SS203" in rule["help"]["text"]
    assert rule["defaultConfiguration"] == {"level": "error"}
    assert run["invocations"] == [{"executionSuccessful": True, "exitCode": 3, "exitCodeDescription": "invalid"}]
    assert run["automationDetails"]["id"] == "selective-sales/check/"
    assert "did you mean 'cost" not in run["results"][0]["message"]["text"].split("\n")[0]


def test_the_help_is_part_of_the_message(folder: Path) -> None:
    (folder / "one.yaml").write_text(HEAD + wrong_rules(1).replace("cost_0", "revenu"), encoding="utf-8")
    (found,) = log(call("check", "one.yaml", "--format", "sarif").stdout)["results"]
    assert found["message"]["text"].startswith("unknown field 'revenu'\ndid you mean 'revenue'?")


def test_nothing_wrong_is_a_log_without_results(folder: Path) -> None:
    (folder / "fine.yaml").write_text(HEAD + wrong_rules(1).replace("cost_0", "cost"), encoding="utf-8")
    result = call("check", "fine.yaml", "--format", "sarif")
    assert (result.exit_code, result.stderr) == (0, "")
    run = log(result.stdout)
    assert (run["results"], run["invocations"][0]["exitCode"]) == ([], 0)


def test_a_call_that_could_not_be_carried_out_is_no_success(folder: Path) -> None:
    (folder / "fine.yaml").write_text(HEAD + wrong_rules(1).replace("cost_0", "cost"), encoding="utf-8")
    result = call("check", "fine.yaml", "--data", "clients=none.csv", "--format", "sarif")
    assert result.exit_code == 2
    assert log(result.stdout)["invocations"][0]["executionSuccessful"] is False


def test_a_warning_is_a_warning(folder: Path) -> None:
    text = (HEAD + wrong_rules(1).replace("cost_0", "cost")).replace("{decline: {}", "{flag: {}, decline: {}")
    (folder / "warned.yaml").write_text(text, encoding="utf-8")
    result = call("check", "warned.yaml", "--strict", "--format", "sarif")
    run = log(result.stdout)
    assert [(found["ruleId"], found["level"]) for found in run["results"]] == [("SS242", "warning")]
    assert run["tool"]["driver"]["rules"][0]["defaultConfiguration"]["level"] == "warning"
    assert run["invocations"][0]["exitCode"] == result.exit_code == 1


def marks(folder: Path, text: str) -> list[str]:
    (folder / "policy.yaml").write_text(text, encoding="utf-8")
    found = log(call("check", "policy.yaml", "--format", "sarif").stdout)["results"]
    return [mark for result in found for mark in result["partialFingerprints"].values()]


def test_a_fingerprint_survives_lines_above_and_other_indentation(folder: Path) -> None:
    before = marks(folder, HEAD + wrong_rules(4))
    assert len(set(before)) == 4
    assert marks(folder, "# a comment\n\n" + (HEAD + wrong_rules(4)).replace("    when:", "    when:   ")) == before
    assert marks(folder, HEAD + wrong_rules(4).replace("cost_2", "cst_2"))[:2] == before[:2]


def test_the_same_mistake_twice_has_two_fingerprints(folder: Path) -> None:
    twice = HEAD + wrong_rules(1) + wrong_rules(1).replace("rule-0", "other")
    found = marks(folder, twice)
    assert len(set(found)) == len(found) >= 2


NAMES = ["a b.yaml", "a:b.yaml", "100%25.yaml", "#1?.yaml", "żółć 😀.yaml", "<b>&'\".yaml", "a\nb.yaml", "\x1b[31m.yaml", "[x](y).yaml"]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_s_name_is_percent_encoded_and_comes_back_whole(folder: Path, name: str) -> None:
    (folder / "sub dir").mkdir()
    path = Path("sub dir", name)
    path.write_text(HEAD + wrong_rules(1), encoding="utf-8")
    run = log(call("check", str(path), "--format", "sarif").stdout)
    uri = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.isascii() and "\\" not in uri and not urlsplit(uri).scheme and not urlsplit(uri).query and not urlsplit(uri).fragment
    assert unquote(uri) == f"sub dir/{name}"


def test_a_name_that_is_no_text_comes_back_byte_by_byte(folder: Path) -> None:
    raw = os.fsencode(folder) + b"/\xff\xfe.yaml"
    try:
        with open(raw, "wb") as file:
            file.write((HEAD + wrong_rules(1)).encode())
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    run = log(call("check", os.fsdecode(raw), "--format", "sarif").stdout)
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "%FF%FE.yaml"


def test_paths_are_relative_to_the_repository(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "deep" / "policies").mkdir(parents=True)
    (folder / "deep/policies/one.yaml").write_text(HEAD + wrong_rules(1), encoding="utf-8")

    def uris(*paths: str) -> set[str]:
        run = log(call("check", *paths, "--format", "sarif").stdout)
        return {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]}

    monkeypatch.chdir(folder / "deep")
    assert uris("policies") == uris("./policies/../policies/one.yaml") == uris(str(folder / "deep/policies/one.yaml"))
    assert uris("policies") == {"policies/one.yaml"}
    monkeypatch.setenv("GITHUB_WORKSPACE", str(folder))
    assert uris("policies") == {"deep/policies/one.yaml"}
    annotation = call("check", "policies", "--format", "github").stdout
    assert annotation.startswith("::error file=deep/policies/one.yaml,line=7,")
    monkeypatch.setenv("GITHUB_WORKSPACE", "/somewhere/else")
    assert uris("policies") == {"policies/one.yaml"}
    monkeypatch.delenv("GITHUB_WORKSPACE")
    monkeypatch.chdir(folder / "deep/policies")
    (outside,) = uris(str(folder / "deep/policies/one.yaml"), "../policies")
    assert outside == "one.yaml"
    (folder / "out.yaml").write_text(HEAD + wrong_rules(1), encoding="utf-8")
    assert uris("../../out.yaml") == {(folder / "out.yaml").as_uri()}


def result_of(text: str) -> dict[str, Any]:
    finding = Finding("SS203", text, Place(text or "x", 3, 5, 3, 9), text, Severity.NOTE)
    (result,) = log(sarif("check", [SarifResult(finding, (text,), ((Place(text or "x", 1, 1), text),))], Exit.INVALID))["results"]
    assert isinstance(result, dict)
    return result


@pytest.mark.parametrize("name", HOSTILE)
def test_texts_are_neither_links_nor_places_to_fill_in(name: str) -> None:
    text = result_of(HOSTILE[name])["message"]["text"]
    assert "](" not in text.replace("\\](", "") and "\x1b" not in text
    assert "{0}" not in text.replace("{{0}}", "")


@given(st.text(max_size=40))
def test_any_text_and_name_make_a_valid_log(text: str) -> None:
    assert result_of(text)["ruleId"] == "SS203"


PLACES = st.integers(0, 50)


@given(PLACES, PLACES, PLACES, PLACES)
def test_any_place_makes_a_span_that_does_not_end_before_it_begins(line: int, column: int, end_line: int, end_column: int) -> None:
    finding = Finding("SS203", "text", Place("none.yaml", line, column, end_line, end_column))
    (result,) = log(sarif("check", results_of([finding]), None))["results"]
    physical = result["locations"][0]["physicalLocation"]
    if line == 0:
        assert "region" not in physical
        return
    region = physical["region"]
    assert (region["startLine"], region["startColumn"]) < (region["endLine"], region["endColumn"])


def test_a_span_over_lines_keeps_both_ends() -> None:
    (result,) = log(sarif("check", results_of([Finding("SS203", "text", Place("x", 3, 7, 5, 2))]), None))["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 3, "startColumn": 7, "endLine": 5, "endColumn": 2}


def test_a_finding_about_nothing_in_particular_has_no_location() -> None:
    (result,) = log(sarif("check", results_of([Finding("SS621", "the disk is full", Place(""))]), Exit.USAGE))["results"]
    assert "locations" not in result


FAILING = """\
format: 1
policy: fine.yaml
cases:
  - case: "kept [in](spite) of {0}"
    client: {revenue: 2, cost: 1}
    expect: {decision: keep}
  - case: declined
    client: {revenue: 2, cost: 1}
    expect: {decision: decline}
"""


def test_failed_cases_are_results_at_their_lines(folder: Path) -> None:
    (folder / "fine.yaml").write_text(HEAD + wrong_rules(1).replace("cost_0", "cost"), encoding="utf-8")
    (folder / "fine.test.yaml").write_text(FAILING, encoding="utf-8")
    result = call("test", "fine.test.yaml", "--format", "sarif")
    assert result.exit_code == 4
    assert "FAILED fine.test.yaml:4:11" in result.stderr and "1 passed, 1 failed" in result.stderr
    run = log(result.stdout)
    (found,) = run["results"]
    assert (found["ruleId"], found["level"], run["invocations"][0]["exitCode"]) == ("SS820", "error", 4)
    assert found["locations"][0]["physicalLocation"]["region"]["startLine"] == 4
    (related,) = found["relatedLocations"]
    assert related["physicalLocation"]["region"]["startLine"] == 6
    assert related["message"]["text"] == "decision: expected keep, got decline"
    assert "rule rule-0 (decline) decided: it fired" in found["message"]["text"]


@pytest.mark.parametrize(
    "title", ["e\u0301e\u0301e\u0301", "z\u0307o\u0301\u0142c\u0301", "\u0301a", "a\u0323\u0301", "plain", "\u0142\u00f3d\u017a"]
)
def test_columns_are_those_of_the_file_where_an_accent_is_a_character_of_its_own(folder: Path, title: str) -> None:
    rule = f"  - {{id: r, title: {title}, when: revenue > cst, then: decline, reason: R}}\n"
    text = HEAD + rule
    (folder / "decomposed.yaml").write_text(text, encoding="utf-8")
    (found,) = log(call("check", "decomposed.yaml", "--format", "sarif").stdout)["results"]
    region = found["locations"][0]["physicalLocation"]["region"]
    line = text.splitlines()[region["startLine"] - 1]
    assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == "cst"


def test_the_page_of_a_failed_case_tells_the_truth(folder: Path) -> None:
    (folder / "fine.yaml").write_text(HEAD + wrong_rules(1).replace("cost_0", "cost_to_serve").replace(">", "<"), encoding="utf-8")
    (folder / "fine.yaml").write_text((folder / "fine.yaml").read_text().replace("cost: money", "cost_to_serve: money"), encoding="utf-8")
    text = (Path(__file__).parents[2] / "docs/findings/SS820.md").read_text(encoding="utf-8")
    bad, good = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    for block, codes in ((bad, ["SS820"]), (good, [])):
        (folder / "fine.test.yaml").write_text(f"format: 1\npolicy: fine.yaml\n{block}", encoding="utf-8")
        run = log(call("test", "fine.test.yaml", "--format", "sarif").stdout)
        assert [found["ruleId"] for found in run["results"]] == codes


def test_every_page_has_what_a_rule_needs() -> None:
    for file in sorted(Path(__file__).parents[2].glob("docs/findings/SS*.md")):
        said = page(file.stem)
        assert said.title and said.summary and "\n" not in said.summary and "`" not in said.summary
        assert said.markdown.startswith(said.markdown.lstrip("# \n"))
