"""JUnit's XML: valid by the schemas that Jenkins reads by, every case with its end and its place, whatever names hold."""

from __future__ import annotations

import dataclasses
import datetime
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from selective_sales.cli.app import main
from selective_sales.cli.formats.junit import Case, Ended, Suite, junit
from selective_sales.cli.formats.markdown import of_tests
from selective_sales.cli.formats.tested import as_github, as_junit
from selective_sales.model.finding import Finding
from selective_sales.model.place import Place
from selective_sales.model.tested import CaseResult, FileResult, TestReport
from tests.cli.schemas import NEWEST, STRICT, junit_schema
from tests.robust.hostile import HOSTILE

CASES = Path(__file__).parents[1] / "cases" / "policytest"
TESTS = """\
format: 1
policy: services.yaml
as_of: "2026-11-22"
defaults: {clients: {client_id: A, conflicts_12m: 0, payment_delay: 0, unjustified_claims_12m: 0, client_since: "01.01.2020"}}
cases:
  - case: a loss is declined
    client: {revenue: 1, cost_to_serve: 2}
    expect: {decision: decline}
  - case: a loss is kept
    client: {revenue: 1, cost_to_serve: 2}
    expect: {decision: keep}
  - case: nobody knows this metric
    client: {revenue: 1, cost_to_serve: 2}
    expect: {proft: -1}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(CASES / "services.yaml", tmp_path)
    (tmp_path / "services.test.yaml").write_text(TESTS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def valid(text: str) -> ET.Element:
    """The document, held to both schemas: to the newest, and without file and line, which it does not know, to the strict one."""
    junit_schema(NEWEST).validate(text)
    root = ET.fromstring(text)
    assert text.isascii()
    for case in ET.fromstring(text).iter("testcase"):
        assert case.get("file")
    bare = ET.fromstring(text)
    for element in bare.iter("testcase"):
        for name in ("file", "line"):
            element.attrib.pop(name, None)
    junit_schema(STRICT).validate(ET.tostring(bare, encoding="unicode"))
    for suite in root.iter("testsuite"):
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert suite.get(attribute) == str(len(suite.findall(f"testcase/{tag}")))
        assert suite.get("tests") == str(len(suite.findall("testcase")))
    for name in ("tests", "failures", "errors"):
        assert root.get(name) == str(sum(int(suite.get(name, "")) for suite in root))
    return root


def test_each_case_with_its_end_and_its_place(folder: Path) -> None:
    result = call("test", ".", "--format", "junit")
    assert result.exit_code == 4
    assert "1 passed, 2 failed" in result.stderr
    root = valid(result.stdout)
    (suite,) = root
    assert suite.get("name") == "services.test.yaml"
    assert [(p.get("name"), p.get("value")) for p in suite.iter("property")] == [("policy", "services.yaml")]
    passed, failed, refused = suite.findall("testcase")
    assert passed.attrib | {"time": ""} == {
        "classname": "services",
        "name": "a loss is declined",
        "time": "",
        "file": "services.test.yaml",
        "line": "6",
    }
    assert list(passed) == []
    failure = failed.find("failure")
    assert failed.get("line") == "9" and failure is not None
    assert (failure.get("type"), failure.get("message")) == ("SS820", "client A: decision: expected keep, got decline")
    assert failure.text is not None
    assert "client A, decided by unprofitable\n  decision  expected keep, got decline\n" in failure.text
    assert "cost_to_serve > revenue: true (cost_to_serve = 2, revenue = 1)" in failure.text
    error = refused.find("error")
    assert refused.get("line") == "12" and error is not None
    assert error.get("type") == "SS604" and "proft" in (error.get("message") or "") and "did you mean" in (error.text or "")


def test_the_time_of_a_run_is_shared_out(folder: Path) -> None:
    root = valid(call("test", ".", "--format", "junit").stdout)
    assert sum(float(case.get("time", "")) for case in root.iter("testcase")) <= float(root.get("time", "")) + 0.01


def test_a_file_that_cannot_be_run_is_an_error_with_the_reason(folder: Path) -> None:
    (folder / "services.yaml").write_text(
        (folder / "services.yaml").read_text().replace("cost_to_serve > revenue", "cost_to_srve > revenue")
    )
    result = call("test", ".", "--format", "junit")
    assert result.exit_code == 3
    (case,) = valid(result.stdout).iter("testcase")
    error = case.find("error")
    assert error is not None and error.get("type") == "SS203" and "services.yaml:" in (error.text or "")
    assert (case.get("file"), case.get("line")) == ("services.test.yaml", None)


def test_a_test_file_that_cannot_be_read_points_at_its_line(folder: Path) -> None:
    (folder / "services.test.yaml").write_text(TESTS.replace("expect: {decision: keep}", "expects: {decision: keep}"), encoding="utf-8")
    result = call("test", ".", "--format", "junit")
    assert result.exit_code == 4
    (case,) = valid(result.stdout).iter("testcase")
    assert case.get("line") == "11" and case.find("error") is not None


def test_nothing_to_run_is_an_error(folder: Path) -> None:
    (folder / "empty").mkdir()
    result = call("test", "empty", "--format", "junit")
    assert result.exit_code == 2
    (case,) = valid(result.stdout).iter("testcase")
    assert (error := case.find("error")) is not None and error.get("type") == "SS600"


def test_an_unreviewed_case_is_skipped_whatever_it_came_to() -> None:
    @dataclasses.dataclass(frozen=True)
    class Marked(CaseResult):
        unreviewed: bool = True

    place = Place("a.test.yaml", 5, 3, 5, 9)
    cases = (Marked("passed", place, True), Marked("failed", place, False), CaseResult("reviewed", place, True, datetime.date(2026, 1, 1)))
    report = TestReport((FileResult("a.test.yaml", "a.yaml", cases, (), False, 0.1),))
    assert of_tests(report)[0] == "### ✅ Policy tests: 1 passed, 0 failed, 2 unreviewed"
    assert list(as_github(report)) == []
    root = valid(as_junit(report))
    assert [[child.tag for child in case] for case in root.iter("testcase")] == [["skipped"], ["skipped"], []]
    assert [one.get("message", "").split(";")[-1] for one in root.iter("skipped")][1] == " the answer is another by now: failed"


def test_what_a_report_says_beyond_its_cases_is_an_error() -> None:
    """Coverage that is below what was asked for, where a version measures it."""

    @dataclasses.dataclass(frozen=True)
    class Measured(TestReport):
        unmet: tuple[Finding, ...] = (Finding("SS600", "the cases show too little", Place("a.yaml")),)

    (case,) = valid(as_junit(Measured(()))).iter("testcase")
    assert case.get("file") == "a.yaml" and [child.tag for child in case] == ["error"]


def test_check_has_a_case_for_each_file(folder: Path) -> None:
    (folder / "wrong.yaml").write_text((folder / "services.yaml").read_text().replace("cost_to_serve > revenue", "cost_to_srve > revenue"))
    result = call("check", ".", "--format", "junit")
    assert result.exit_code == 3
    assert "SS203" in result.stderr
    root = valid(result.stdout)
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert set(cases) == {"services.test.yaml", "services.yaml", "wrong.yaml"}
    assert [name for name, case in cases.items() if case.find("failure") is not None] == ["services.test.yaml", "wrong.yaml"]
    assert "services.test.yaml:14:" in (cases["services.test.yaml"].findtext("failure") or "")
    failure = cases["wrong.yaml"].find("failure")
    assert failure is not None and failure.get("type") == "SS203" and cases["wrong.yaml"].get("line")


def test_a_mistake_in_a_policy_fails_the_policy_and_not_its_tests_too(folder: Path) -> None:
    (folder / "services.test.yaml").write_text(TESTS.split("  - case: nobody")[0], encoding="utf-8")
    policy = (folder / "services.yaml").read_text()
    (folder / "services.yaml").write_text(policy.replace("cost_to_serve > revenue", "cost_to_srve > revenue"))

    def failed(*paths: str) -> list[str | None]:
        root = valid(call("check", *paths, "--format", "junit").stdout)
        return [case.get("name") for case in root.iter("testcase") if case.find("failure") is not None]

    assert failed(".") == ["services.yaml"]
    assert failed("services.test.yaml") == ["services.test.yaml"], "where the policy is not asked for"
    assert "2 files checked, 1 with errors\n" in call("check", ".", "--format", "markdown").stdout


def test_a_warning_fails_where_it_is_strict(folder: Path) -> None:
    (folder / "services.test.yaml").unlink()
    text = (folder / "services.yaml").read_text().replace("decisions:\n", "decisions:\n  nobody: {title: {pl: nikt, en: nobody}}\n")
    (folder / "services.yaml").write_text(text)

    def ends(*more: str) -> tuple[int, list[str]]:
        result = call("check", ".", "--format", "junit", *more)
        return result.exit_code, [child.tag for case in valid(result.stdout).iter("testcase") for child in case]

    assert ends() == (0, ["system-out"])
    assert ends("--strict") == (1, ["failure"])


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_text(folder: Path, name: str) -> None:
    case = Case(HOSTILE[name], HOSTILE[name], 3, 0.5, Ended.FAILURE, "SS820", HOSTILE[name], (HOSTILE[name], HOSTILE[name]))
    root = valid(junit([Suite(HOSTILE[name], (case,), properties=(("policy", HOSTILE[name]),))]))
    assert [element.tag for element in root.iter()] == ["testsuites", "testsuite", "properties", "property", "testcase", "failure"]


@given(st.text(max_size=30))
def test_any_text_makes_valid_xml(text: str) -> None:
    """Control characters, halves of characters, what XML has no place for: shown as their escapes."""
    cases = (Case(text, "a.yaml", 1, ended=Ended.ERROR, type=text, message=text, lines=(text, text)), Case("b", "b.yaml", lines=(text,)))
    assert len(list(valid(junit([Suite(text or ".", cases)])).iter("testcase"))) == 2


def test_a_control_character_in_a_case_s_name_is_shown(folder: Path) -> None:
    (folder / "services.test.yaml").write_text(TESTS.replace("a loss is kept", '"a \\x1b[31mloss\\0 is ]]> kept"'), encoding="utf-8")
    root = valid(call("test", ".", "--format", "junit").stdout)
    assert [case.get("name") for case in root.iter("testcase")][1] == "a \\x1b[31mloss\\x00 is ]]> kept"


def test_a_deep_path_makes_packages(folder: Path) -> None:
    (folder / "policies/agency.v2").mkdir(parents=True)
    for name in ("services.yaml", "services.test.yaml"):
        shutil.move(folder / name, folder / "policies/agency.v2" / name)
    root = valid(call("test", "./policies", "--format", "junit").stdout)
    assert {case.get("classname") for case in root.iter("testcase")} == {"policies.agency.v2.services"}
