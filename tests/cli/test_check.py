"""`selective-sales check`: what it takes, what it prints where, and how it exits."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from selective_sales.cli.app import main
from selective_sales.cli.exits import Exit

POLICY = """\
format: 1
policy: {id: small, version: "1", title: Small, owner: a@example.com, languages: [en], currency: PLN, strategy: most_severe}
data:
  clients:
    key: client_id
    fields: {client_id: text, revenue: money, cost_to_serve: money}
decisions:
  decline: {title: decline}
  keep: {title: keep, default: true}
rules:
  - id: unprofitable
    title: Unprofitable
    when: cost_to_serve > revenue
    then: decline
    reason: "Serving costs {cost_to_serve}, more than {revenue}."
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.yaml").write_text(POLICY, encoding="utf-8")
    return tmp_path


def check(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["check", *arguments])


def test_a_fine_policy_says_so(folder: Path) -> None:
    result = check("small.yaml")
    assert (result.exit_code, result.stdout, result.stderr) == (Exit.FINE, "small.yaml: fine (1 rule, 2 decisions)\n", "")


def test_all_findings_come_at_once_and_the_policy_is_invalid(folder: Path) -> None:
    bad = POLICY.replace("cost_to_serve > revenue", "cost_to_srve => revenue").replace("{revenue}", "{revenu}")
    (folder / "small.yaml").write_text(bad, encoding="utf-8")
    result = check("small.yaml")
    assert result.exit_code == Exit.INVALID
    assert result.stdout == ""
    assert "small.yaml:13:24: SS157 '=>' is not a comparison here\n" in result.stderr
    assert "   = help: write: cost_to_srve >= revenue\n" in result.stderr
    assert "'revenu'" in result.stderr
    assert result.stderr.endswith("2 errors in small.yaml\n")


def test_json_and_github_are_the_result_and_go_to_stdout(folder: Path) -> None:
    (folder / "small.yaml").write_text(POLICY.replace("cost_to_serve > revenue", "cost_to_serve > "), encoding="utf-8")
    result = check("small.yaml", "--format", "json")
    assert result.exit_code == Exit.INVALID
    assert result.stderr == ""
    assert [(found["code"], found["line"], found["column"]) for found in json.loads(result.stdout)] == [("SS153", 13, 25)]
    result = check("small.yaml", "--format", "github")
    assert result.stdout.startswith("::error file=small.yaml,line=13,")


def test_a_fine_policy_in_json_is_an_empty_list(folder: Path) -> None:
    result = check("small.yaml", "--format", "json")
    assert (result.exit_code, json.loads(result.stdout)) == (Exit.FINE, [])


def test_a_folder_is_searched_for_what_people_write(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "other.yaml").write_text(POLICY.replace("id: small", "id: other"), encoding="utf-8")
    (folder / "sub" / "ci.yaml").write_text("jobs: [not ours]\n", encoding="utf-8")
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "small.yaml").write_text("policy: broken\n", encoding="utf-8")
    result = check(".")
    assert result.exit_code == Exit.FINE
    assert [line.split(":")[0] for line in result.stdout.splitlines()] == ["small.yaml", "sub/other.yaml"]


def test_tests_and_exceptions_are_checked_too(folder: Path) -> None:
    (folder / "exceptions.yaml").write_text("format: 1\nexceptions: [{client: A}]\n", encoding="utf-8")
    (folder / "small.test.yaml").write_text("format: 1\npolicy: small.yaml\ncases: 5\n", encoding="utf-8")
    result = check(".")
    assert result.exit_code == Exit.INVALID
    assert "exceptions.yaml:2:" in result.stderr
    assert "small.test.yaml:3:" in result.stderr
    assert result.stdout == "small.yaml: fine (1 rule, 2 decisions)\n"


@pytest.mark.parametrize("argument", ["nowhere.yaml", "empty"])
def test_nothing_to_check_is_a_usage_error(folder: Path, argument: str) -> None:
    (folder / "empty").mkdir()
    result = check(argument)
    assert result.exit_code == Exit.USAGE
    assert argument in result.stderr.splitlines()[-1]
    assert "Traceback" not in result.stderr


def test_data_is_held_to_its_contract(folder: Path) -> None:
    (folder / "clients.csv").write_text("client_id,revenue,cost_to_serve\nA,1000,500\n", encoding="utf-8")
    result = check("small.yaml", "--data", "clients=clients.csv")
    assert result.exit_code == Exit.FINE
    assert "the data keeps its contract" in result.stdout
    (folder / "clients.csv").write_text("client_id,revenue,cost_to_serve\nA,much,500\n", encoding="utf-8")
    result = check("small.yaml", "--data", "clients=clients.csv")
    assert result.exit_code == Exit.DATA
    assert "much" in result.stderr
    assert result.stdout == ""


def test_data_belongs_to_one_policy(folder: Path) -> None:
    (folder / "other.yaml").write_text(POLICY, encoding="utf-8")
    result = check("small.yaml", "other.yaml", "--data", "clients=clients.csv")
    assert result.exit_code == Exit.USAGE


EXCEPTION = '  - {{client: {}, decision: {}, because: Pilot, approved_by: Anna, expires: "2036-12-31"}}\n'


def exceptions(client: str = "A", decision: str = "keep") -> str:
    return "format: 1\nexceptions:\n" + EXCEPTION.format(client, decision)


@pytest.mark.parametrize("arguments", [("small.yaml", "exceptions.yaml"), (".",), ("exceptions.yaml",)])
def test_exceptions_are_held_to_the_policy(folder: Path, arguments: tuple[str, ...]) -> None:
    (folder / "exceptions.yaml").write_text(exceptions(decision="kep") + EXCEPTION.format("[A, 7]", "keep"), encoding="utf-8")
    result = check(*arguments)
    assert result.exit_code == Exit.INVALID
    assert "exceptions.yaml:3:14: SS410" in result.stderr
    assert "did you mean 'keep'?" in result.stderr
    assert "exceptions.yaml:4:14: SS411" in result.stderr


def test_expired_exceptions_are_a_matter_of_the_run(folder: Path) -> None:
    (folder / "exceptions.yaml").write_text(exceptions().replace("2036", "2016"), encoding="utf-8")
    assert (check(".", "--strict").exit_code, check(".").stderr) == (Exit.FINE, "")


def test_exceptions_between_two_policies_are_read_alone(folder: Path) -> None:
    (folder / "other.yaml").write_text(POLICY.replace("id: small", "id: other"), encoding="utf-8")
    (folder / "exceptions.yaml").write_text(exceptions(decision="kep"), encoding="utf-8")
    result = check(".")
    assert result.exit_code == Exit.FINE
    assert "exceptions.yaml: fine (read alone: name the policy that they belong to)" in result.stdout


def test_the_names_in_tests_are_held_to_their_policy(folder: Path) -> None:
    case = "format: 1\npolicy: {}\ncases:\n  - case: a loss\n    client: {{revenue: 1, cost_to_serve: 2}}\n    expect: {{decision: {}}}\n"
    (folder / "small.test.yaml").write_text(case.format("small.yaml", "declined"), encoding="utf-8")
    (folder / "lost.test.yaml").write_text(case.format("smal.yaml", "decline"), encoding="utf-8")
    result = check(".")
    assert result.exit_code == Exit.INVALID
    assert "small.test.yaml:6:14: SS605" in result.stderr
    assert "lost.test.yaml:2:9: SS620" in result.stderr


def test_files_are_told_apart_by_what_is_in_them(folder: Path) -> None:
    (folder / "agreed.yaml").write_text(exceptions(), encoding="utf-8")
    cases = "format: 1\npolicy: small.yaml\ncases: [{case: a, client: {revenue: 1, cost_to_serve: 2}, expect: {decision: decline}}]\n"
    (folder / "examples.yaml").write_text(cases, encoding="utf-8")
    result = check(".")
    assert (result.exit_code, result.stderr) == (Exit.FINE, "")
    assert [line.split(":")[0] for line in result.stdout.splitlines()] == ["agreed.yaml", "examples.yaml", "small.yaml"]


@pytest.mark.parametrize("name", ["a.test.yaml", "a.yaml"])
def test_a_test_file_is_no_policy(folder: Path, name: str) -> None:
    (folder / name).write_text("format: 1\npolicy: small.yaml\ncases: []\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["evaluate", name])
    assert result.exit_code == Exit.INVALID
    assert f"{name}:1:1: SS132 this is a file of policy tests, not a policy\n" in result.stderr
    assert result.stderr.count("SS") == 1


def test_old_evidence_is_not_checked(folder: Path) -> None:
    run = folder / "out" / "run"
    (run / "policy").mkdir(parents=True)
    (run / "policy" / "old.yaml").write_text("policy: broken\n", encoding="utf-8")
    (run / "manifest.json").write_text("{}", encoding="utf-8")
    (run / "decisions.parquet").write_bytes(b"")
    result = check(".")
    assert (result.exit_code, result.stdout) == (Exit.FINE, "small.yaml: fine (1 rule, 2 decisions)\n")


def test_data_goes_with_a_policy_and_its_exceptions(folder: Path) -> None:
    (folder / "exceptions.yaml").write_text(exceptions(), encoding="utf-8")
    (folder / "clients.csv").write_text("client_id,revenue,cost_to_serve\nA,1000,500\n", encoding="utf-8")
    result = check("small.yaml", "exceptions.yaml", "--data", "clients=clients.csv")
    assert result.exit_code == Exit.FINE
    assert "the data keeps its contract" in result.stdout
    assert check("exceptions.yaml", "--data", "clients=clients.csv").exit_code == Exit.USAGE


def test_data_without_a_table_is_a_usage_error(folder: Path) -> None:
    assert check("small.yaml", "--data", "clients").exit_code == Exit.USAGE


@pytest.mark.parametrize("command", ["evaluate", "compile"])
def test_a_date_in_another_order_is_told_as_it_is_written(folder: Path, command: str) -> None:
    result = CliRunner().invoke(main, [command, "small.yaml", "--as-of", "22.11.2026"])
    assert result.exit_code == Exit.USAGE
    assert "'22.11.2026' is not how a date is written here: write 2026-11-22" in result.stderr
    result = CliRunner().invoke(main, [command, "small.yaml", "--as-of", "2026-02-30"])
    assert "there is no such day as 2026-02-30" in result.stderr
    result = CliRunner().invoke(main, [command, "small.yaml", "--as-of", "today"])
    assert "write year-month-day, such as 2026-01-31" in result.stderr


def test_a_misspelt_command_is_nearly_another() -> None:
    result = CliRunner().invoke(main, ["evalute", "small.yaml"])
    assert result.exit_code == Exit.USAGE
    assert "No such command 'evalute'. Did you mean 'evaluate'?" in result.stderr
    assert "Did you mean" not in CliRunner().invoke(main, ["bake"]).stderr


def test_a_warning_stops_only_where_it_is_strict(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from selective_sales import pipeline
    from selective_sales.model.finding import Finding, Severity
    from selective_sales.model.place import Place

    policy, _ = pipeline.load_policy(Path("small.yaml"))
    warning = Finding("SS299", "look at this", Place("small.yaml", 1, 1, 1, 2), "", Severity.WARNING)
    monkeypatch.setattr(pipeline, "load_policy", lambda path: (policy, (warning,)), raising=False)
    result = check("small.yaml")
    assert (result.exit_code, "warning: look at this" in result.stderr) == (Exit.FINE, True)
    assert check("small.yaml", "--strict").exit_code == Exit.FINDINGS


def test_a_folder_below_that_cannot_be_read_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "closed").mkdir()
    (folder / "alone" / "closed").mkdir(parents=True)
    real = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)  # the mode of a folder does not hold for every user
    result = check(".")
    assert result.exit_code == Exit.FINE
    assert "SS622" in result.stderr
    assert "small.yaml: fine" in result.stdout
    assert check(".", "--strict").exit_code == Exit.FINDINGS
    nothing = check("alone")
    assert nothing.exit_code == Exit.USAGE
    assert "SS622" in nothing.stderr


SHADOWED = (
    POLICY
    + """\
  - id: very-unprofitable
    title: Very unprofitable
    when: cost_to_serve > revenue and cost_to_serve > 1000
    then: decline
    reason: "Serving costs {cost_to_serve}."
"""
)


def test_proofs_are_told_rule_by_rule(folder: Path) -> None:
    (folder / "small.yaml").write_text(SHADOWED, encoding="utf-8")
    result = check("small.yaml", "--proofs")
    assert result.exit_code == Exit.FINE
    assert "SS332 note: the rule 'very-unprofitable' never decides" in result.stderr
    assert "small.yaml: fine (2 rules, 2 decisions)\n\nWhat is proved of the rules of 'small', " in result.stdout
    assert "very-unprofitable  decline   open      never (unprofitable)  never (unprofitable)\n" in result.stdout
    assert "Whenever a rule fires, others fire too:\n  very-unprofitable: unprofitable\n" in result.stdout
    assert "  cost_to_serve: 1000 (no limits)\n" in result.stdout
    assert "  whether cost_to_serve is less than, equal to or more than revenue\n" in result.stdout


def test_proofs_for_programs_hold_findings_and_proofs(folder: Path) -> None:
    (folder / "small.yaml").write_text(SHADOWED, encoding="utf-8")
    result = check("small.yaml", "--proofs", "--format", "json")
    found = json.loads(result.stdout)
    assert [finding["code"] for finding in found["findings"]] == ["SS332"]
    (proofs,) = found["proofs"]
    assert proofs["policy"] == "small"
    first, second = proofs["rules"]
    assert (first["decides"]["answer"], first["implies"]) == ("open", [])
    assert (second["decides"], second["implies"]) == (
        {"answer": "never", "example": "", "because_of": ["unprofitable"]},
        ["unprofitable"],
    )
    assert (proofs["never_both"], proofs["not_looked_at"]) == ([], [])
    assert proofs["thresholds"] == [{"of": "cost_to_serve", "values": ["1000"], "limits": "", "beyond": []}]


def test_an_example_of_plain_fields_is_a_yes(folder: Path) -> None:
    (folder / "small.yaml").write_text(
        POLICY.replace("cost_to_serve > revenue", "revenue < 500 and cost_to_serve > 1000"), encoding="utf-8"
    )
    result = check("small.yaml", "--proofs")
    assert "unprofitable  decline   yes       yes         yes\n" in result.stdout
    assert "  unprofitable: revenue below 500 and cost_to_serve above 1000\n" in result.stdout


def test_pairs_that_exclude_each_other_are_no_finding_but_stand_in_the_proofs(folder: Path) -> None:
    second = '  - {id: good, title: Good, when: revenue > 900 and cost_to_serve < 5, then: keep, reason: "Good."}\n'
    text = POLICY.replace("when: cost_to_serve > revenue", "when: revenue < 500") + second
    (folder / "small.yaml").write_text(text, encoding="utf-8")
    assert check("small.yaml").stderr == ""
    assert "Pairs that can never both fire:\n  unprofitable and good\n" in check("small.yaml", "--proofs").stdout


def test_a_broken_policy_has_no_proofs(folder: Path) -> None:
    (folder / "small.yaml").write_text(POLICY.replace("cost_to_serve > revenue", "cost_to_srve > revenue"), encoding="utf-8")
    result = check("small.yaml", "--proofs", "--format", "json")
    assert result.exit_code == Exit.INVALID
    assert json.loads(result.stdout)["proofs"] == []


def test_proofs_are_no_annotations(folder: Path) -> None:
    result = check("small.yaml", "--proofs", "--format", "github")
    assert result.exit_code == Exit.USAGE
    assert "leave out --format github" in result.stderr


BROKEN = {"lowest: 10 %": "SS130", "lowest: {value: 10%, kind: moneyy}": "SS104"}


@pytest.mark.parametrize("parameter", BROKEN)
def test_a_rule_that_reads_something_broken_is_not_said_never_to_fire_as_well(folder: Path, parameter: str) -> None:
    text = POLICY.replace("cost_to_serve > revenue", "cost_to_serve / revenue < lowest") + f"parameters: {{{parameter}}}\n"
    (folder / "broken.yaml").write_text(text, encoding="utf-8")
    result = check("broken.yaml", "--format", "json")
    assert [finding["code"] for finding in json.loads(result.stdout)] == [BROKEN[parameter]]


def test_languages_that_are_no_list_are_told_once(folder: Path) -> None:
    text = POLICY.replace("languages: [en]", "languages: en").replace("title: Small", "title: {en: Small}")
    (folder / "one.yaml").write_text(text, encoding="utf-8")
    result = check("one.yaml", "--format", "json")
    assert [finding["code"] for finding in json.loads(result.stdout)] == ["SS103"]


def test_a_path_below_the_current_folder_is_told_without_it(folder: Path) -> None:
    (folder / "one.yaml").write_text(POLICY.replace("then:", "than:"), encoding="utf-8")
    result = check(str(folder / "one.yaml"))
    assert result.stderr.startswith("one.yaml:")
    assert f"{folder}{os.sep}one.yaml" not in result.stderr
