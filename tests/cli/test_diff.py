"""`diff`: the matrix, who moves by which change, gates, formats, and whatever may be wrong with what it is given."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from selective_sales.cli.app import main
from tests.pipeline.small import POLICY, write_exceptions

CLIENTS = """client_id,revenue,cost
A,1000,1500
B,50,10
C,1000,10
D,1000,
E,120,10
F,300,290
G,90,85
"""
"""A is declined, B and G are flagged, D is undetermined, the others are kept."""
NEW = POLICY.replace("revenue < 100", "revenue < 150").replace("when: cost > revenue", "when: cost > 0.9 * revenue")
"""E is flagged now, F declined, G declined too."""


def diff(folder: Path, *arguments: object, old: str = POLICY, new: str = NEW, clients: str | None = CLIENTS) -> Result:
    """`diff` of two policies that stand in the folder, over its clients."""
    (folder / "old.yaml").write_text(old, encoding="utf-8")
    (folder / "new.yaml").write_text(new, encoding="utf-8")
    words = ["diff", str(folder / "old.yaml"), str(folder / "new.yaml"), "--as-of", "2026-11-22", "--language", "en"]
    if clients is not None:
        (folder / "clients.csv").write_text(clients, encoding="utf-8")
        words += ["--data", f"clients={folder / 'clients.csv'}"]
    return CliRunner().invoke(main, [*words, *map(str, arguments)], catch_exceptions=False)


def as_json(folder: Path, *arguments: object, **texts: Any) -> dict[str, Any]:
    done = diff(folder, *arguments, "--format", "json", **texts)
    content = json.loads(done.stdout)
    assert isinstance(content, dict)
    return content


def lines(done: Result) -> list[str]:
    return [" ".join(line.split()) for line in done.stdout.splitlines()]


def test_without_data_the_changes_alone(tmp_path: Path) -> None:
    done = diff(tmp_path, clients=None)
    assert done.exit_code == 0
    assert lines(done) == [
        "small 1",
        "2 changes in the policy.",
        "",
        "What changed in the policy:",
        "1. rule unprofitable: `cost > revenue` became `cost > 0.9 * revenue`",
        "2. rule small: `revenue < 100` became `revenue < 150`",
    ]


def test_a_change_that_moves_nobody_is_told_beside_those_that_move(tmp_path: Path) -> None:
    idle = ["", "moves nobody:", "rule unprofitable: `cost > revenue` became `cost > 1.01 * revenue`"]
    new = NEW.replace("0.9 * revenue", "1.01 * revenue")
    assert " ".join(idle) in " ".join(lines(diff(tmp_path, new=new)))
    assert "nikogo nie przesuwa:" in diff(tmp_path, "--language", "pl", new=new).stdout


def test_where_every_change_moves_somebody_none_is_said_to_move_nobody(tmp_path: Path) -> None:
    assert "moves nobody" not in diff(tmp_path).stdout


def test_the_same_file_twice(tmp_path: Path) -> None:
    done = diff(tmp_path, new=POLICY)
    assert done.exit_code == 0
    assert lines(done)[:4] == ["small 1, as of 2026-11-22", "Nobody's decision changes. (7 clients)", "", "Nothing changed in meaning."]


def test_the_headline_says_how_many_and_what_they_are_worth(tmp_path: Path) -> None:
    assert lines(diff(tmp_path))[1] == "3 of 7 clients change their decision (42.9%); they are worth 510.00 PLN (revenue, 14.3%)."


def test_the_matrix_has_every_client(tmp_path: Path) -> None:
    content = as_json(tmp_path)
    assert {(c["old"], c["new"]): (c["clients"], c["money"]) for c in content["matrix"]} == {
        ("decline", "decline"): (1, "1000.0000"),
        ("flag", "flag"): (1, "50.0000"),
        ("flag", "decline"): (1, "90.0000"),
        ("keep", "keep"): (1, "1000.0000"),
        ("keep", "flag"): (1, "120.0000"),
        ("keep", "decline"): (1, "300.0000"),
        ("undetermined", "undetermined"): (1, "1000.0000"),
    }
    assert sum(c["clients"] for c in content["matrix"]) == content["clients"] == 7


def test_each_who_moves_has_the_change_and_the_rule(tmp_path: Path) -> None:
    moved = {m["client"][0]: m for m in as_json(tmp_path)["moved"]}
    assert set(moved) == {"E", "F", "G"}
    assert [(m["cause"]["sets"], m["cause"]["rule"]) for m in (moved["E"], moved["F"], moved["G"])] == [
        ([[2]], "small"), ([[1]], "unprofitable"), ([[1]], "unprofitable"),
    ]  # fmt: skip
    assert (moved["G"]["old_decided_by"], moved["G"]["new_decided_by"]) == ("small", "unprofitable")


def test_largest_money_first(tmp_path: Path) -> None:
    assert [m["client"][0] for m in as_json(tmp_path)["moved"]] == ["F", "E", "G"]


def test_either_of_two_changes(tmp_path: Path) -> None:
    new = POLICY.replace("revenue < 100", "revenue < 150").replace(
        "rules:\n", "rules:\n  - {id: odd, when: revenue = 120, then: flag, reason: {pl: Tak, en: Yes}}\n"
    )
    moved = {m["client"][0]: m for m in as_json(tmp_path, new=new)["moved"]}
    assert moved["E"]["cause"]["sets"] == [[1], [2]]
    assert "any of these alone" in diff(tmp_path, new=new).stdout


def test_only_together(tmp_path: Path) -> None:
    old = POLICY.replace("when: revenue < 100", "when: revenue < 100 and cost < 5")
    new = POLICY.replace("when: revenue < 100", "when: revenue < 130 and cost < 20")
    moved = {m["client"][0]: m for m in as_json(tmp_path, old=old, new=new)["moved"]}
    assert moved["B"]["cause"]["sets"] == [[2]]
    assert moved["E"]["cause"]["sets"] == [[1, 2]]
    assert "only together" in diff(tmp_path, old=old, new=new).stdout


def test_a_rule_comes_with_the_parameter_it_needs(tmp_path: Path) -> None:
    new = POLICY.replace("decisions:\n", "parameters: {least: {value: 150, kind: money}}\ndecisions:\n", 1).replace(
        "revenue < 100", "revenue < least"
    )
    content = as_json(tmp_path, new=new)
    assert [c["words"] for c in content["changes"]] == ["new: least: `150`", "rule small: `revenue < 100` became `revenue < least`"]
    assert [m["cause"]["sets"] for m in content["moved"]] == [[[1, 2]]]


def test_a_change_of_the_contract_is_a_cause(tmp_path: Path) -> None:
    new = POLICY.replace("cost: money", "cost: {type: money, missing: 0}")
    moved = as_json(tmp_path, new=new)["moved"]
    assert [(m["client"], m["old"], m["new"], m["cause"]["sets"]) for m in moved] == [(["D"], "undetermined", "keep", [[1]])]
    assert "no longer undetermined: 1 client" in diff(tmp_path, new=new).stdout


def test_who_is_newly_undetermined_lacks_something(tmp_path: Path) -> None:
    old = POLICY.replace("cost: money", "cost: {type: money, missing: 0}")
    content = as_json(tmp_path, old=old, new=POLICY)
    assert content["newly_undetermined_missing"] == [{"name": "cost", "clients": 1}]
    assert content["moved"][0]["missing_because"] == ["cost"]


def test_portfolio_functions_see_everybody(tmp_path: Path) -> None:
    old = POLICY.replace("decisions:\n", "parameters: {best: 2}\nmetrics: {place: rank(revenue)}\ndecisions:\n", 1).replace(
        "when: revenue < 100", "when: place > best and revenue < 1000"
    )
    new = old.replace("best: 2", "best: 4")
    moved = as_json(tmp_path, old=old, new=new)["moved"]
    assert [(m["client"], m["old"], m["new"], m["cause"]["sets"]) for m in moved] == [(["F"], "flag", "keep", [[1]])]


def test_limits_that_are_newly_breached_and_healed(tmp_path: Path) -> None:
    limits = "limits:\n  - {id: few, require: 'count(clients[decision = \"decline\"]) <= 2'}\n"
    done = diff(tmp_path, old=POLICY + limits, new=NEW + limits)
    assert done.exit_code == 0
    assert "few: newly breached" in lines(done)
    assert "few: healed" in lines(diff(tmp_path, old=NEW + limits, new=POLICY + limits))


def test_exceptions_hold_on_both_sides(tmp_path: Path) -> None:
    entry = 'client: F, decision: keep, because: "New contract", approved_by: "A. Nowak", expires: "2027-02-28"'
    content = as_json(tmp_path, "--exceptions", write_exceptions(tmp_path, entry))
    assert [m["client"][0] for m in content["moved"]] == ["E", "G"]


def test_a_policy_that_does_not_hold_on_the_date_is_compared_all_the_same(tmp_path: Path) -> None:
    done = diff(tmp_path, old=POLICY.replace('"2026-12-31"', '"2026-06-30"'))
    assert done.exit_code == 0
    assert "SS847" in done.stderr and "as if it held" in done.stderr
    assert "3 of 7 clients" in done.stdout


def test_all_who_move_as_csv(tmp_path: Path) -> None:
    assert diff(tmp_path, "--out", tmp_path / "moved.csv", "--clients", 1).exit_code == 0
    with (tmp_path / "moved.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(r["client_id"], r["old_decision"], r["new_decision"], r["revenue"], r["rule"]) for r in rows] == [
        ("F", "keep", "decline", "300.0000", "unprofitable"),
        ("E", "keep", "flag", "120.0000", "small"),
        ("G", "flag", "decline", "90.0000", "unprofitable"),
    ]
    assert rows[1]["cause"] == "rule small: `revenue < 100` became `revenue < 150`"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["clients.csv", "moved.csv", "new.yaml", "old.yaml"]


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "moved.csv").write_text("mine", encoding="utf-8")
    assert diff(tmp_path, "--out", tmp_path / "moved.csv").exit_code == 2
    assert (tmp_path / "moved.csv").read_text(encoding="utf-8") == "mine"


def test_how_many_clients_are_named(tmp_path: Path) -> None:
    assert "and more: 1" not in diff(tmp_path).stdout
    many = CLIENTS + "".join(f"X{i},120,10\n" for i in range(9))
    done = diff(tmp_path, "--clients", 2, clients=many)
    assert "and more: 8" in lines(done)
    assert len(re.findall(r"X\d", done.stdout)) == 1


# gates


def gates(folder: Path, text: str, *arguments: object, **texts: Any) -> Result:
    (folder / "expect.yaml").write_text(f"format: 1\n{text}\n", encoding="utf-8")
    return diff(folder, "--expect", folder / "expect.yaml", *arguments, **texts)


KEPT = """\
changed_at_most: 3
changed_at_most: 42.9%
undetermined_at_most: 1
newly_undetermined_at_most: 0
new_breaches_at_most: 0
keep_to_decline_at_most: 1
keep_to_decline_at_most: 15%
revenue_decline_at_most: 390
money_decline_at_most: 11%
revenue_declined_at_most: 11%
decline_to_keep_at_most: 0
moves: [{from: keep, at_most: 2}]
moves: [{to: flag, of: revenue, at_most: 120}]
moves: [{at_most: 3}]
moves: [{from: flag, to: decline, of: cost, at_most: 85}]""".splitlines()
BREACHED = {
    "changed_at_most: 2": ("2", "3", "F, E, G"),
    "changed_at_most: 42.8%": ("42.8%", "3 (42.857%)", "F, E, G"),
    "undetermined_at_most: 0": ("0", "1 (14.286%)", "D"),
    "keep_to_decline_at_most: 0": ("0", "1 (14.286%)", "F"),
    "revenue_decline_at_most: 389.99": ("389.99 PLN", "390.00 PLN of revenue", "F, G"),
    "money_decline_at_most: 10%": ("10%", "390.00 PLN of revenue (10.955%)", "F, G"),
    "moves: [{from: keep, at_most: 1}]": ("1", "2 (28.571%)", "F, E"),
    "moves: [{from: flag, to: decline, of: cost, at_most: 84}]": ("84 PLN", "85.00 PLN of cost", "G"),
}


@pytest.mark.parametrize("gate", KEPT)
def test_a_gate_that_is_kept(gate: str, tmp_path: Path) -> None:
    done = gates(tmp_path, gate)
    assert done.exit_code == 0, done.stderr
    assert "BREACHED" not in done.stdout and ": kept: " in done.stdout


@pytest.mark.parametrize("gate", BREACHED)
def test_a_gate_that_is_breached_says_what_and_who(gate: str, tmp_path: Path) -> None:
    done = gates(tmp_path, gate)
    assert done.exit_code == 1
    allowed, actual, clients = BREACHED[gate]
    assert f"is breached: at most {allowed}, it is {actual}" in done.stderr
    assert re.search(rf"SS842 .*: {clients}$", done.stderr, re.MULTILINE)
    assert "BREACHED" in done.stdout


WORTH_UNKNOWN = """\
format: 1
policy: {id: worth, version: "1", title: Worth, languages: [en], currency: PLN}
data: {clients: {key: client_id, fields: {client_id: text, revenue: money, conflicts: integer}}}
decisions: {decline: {title: decline}, keep: {title: keep, default: true}}
rules: [{id: conflicts, when: conflicts > 5, then: decline, reason: x}]
"""


@pytest.mark.parametrize("gate", ["money_decline_at_most: 10", "revenue_decline_at_most: 99%", "moves: [{of: money, at_most: 10}]"])
def test_a_gate_on_money_that_is_not_known_is_breached(gate: str, tmp_path: Path) -> None:
    new = WORTH_UNKNOWN.replace("conflicts > 5", "conflicts > 4")
    done = gates(tmp_path, gate, old=WORTH_UNKNOWN, new=new, clients="client_id,revenue,conflicts\nA,,5\nB,10,5\nC,90,0\nD,,0\n")
    assert done.exit_code == 1
    assert "it is 10.00 PLN of revenue (10%), and not known of 1 client: B, A" in done.stderr
    assert "not known of 1 (B, A)" in done.stdout


def test_only_the_money_of_those_who_move_must_be_known(tmp_path: Path) -> None:
    new = WORTH_UNKNOWN.replace("conflicts > 5", "conflicts > 4")
    table = "client_id,revenue,conflicts\nB,10,5\nC,90,0\nD,,0\n"
    assert gates(tmp_path, "money_decline_at_most: 10", old=WORTH_UNKNOWN, new=new, clients=table).exit_code == 0


def test_a_new_breach_of_a_limit_is_a_gate(tmp_path: Path) -> None:
    limits = "limits:\n  - {id: few, require: 'count(clients[decision = \"decline\"]) <= 2', on_breach: warn}\n"
    done = gates(tmp_path, "new_breaches_at_most: 0", old=POLICY + limits, new=NEW + limits)
    assert done.exit_code == 1
    assert "at most 0, it is 1: few" in done.stderr


MISSPELT = {
    "changd_at_most: 2%": ("2:1: SS843", "did you mean 'changed_at_most'?"),
    "keep_to_declin_at_most: 0": ("2:1: SS844 there is no decision 'declin'", "did you mean 'decline'?"),
    "kep_to_decline_at_most: 0": ("2:1: SS844 there is no decision 'kep'", "did you mean 'keep'?"),
    "odmowa_to_utrzymanie_at_most: 0": ("2:1: SS844 there is no decision 'odmowa'", "the decisions are decline,"),
    "xyz_at_most: 0": ("2:1: SS843 there is no gate 'xyz_at_most'", "or of decisions, such as "),
    "revenu_decline_at_most: 1%": ("2:1: SS844 there is no measure 'revenu'", "did you mean 'revenue'?"),
    "client_id_decline_at_most: 1%": ("2:1: SS844 there is no measure 'client_id'", ""),
    "moves: [{from: kep, at_most: 0}]": ("2:16: SS844 there is no decision 'kep'", "did you mean 'keep'?"),
    "moves: [{to: keep, of: cst, at_most: 0}]": ("2:24: SS844 there is no measure 'cst'", "did you mean 'cost'?"),
    "moves: [{form: keep, at_most: 0}]": ("2:10: SS101", "did you mean 'from'?"),
    "changed_at_most: two": ("2:18: SS105", ""),
    "changed_at_most: -1": ("2:18: SS107", ""),
    "changed_at_most: 1.5": ("2:1: SS846", ""),
    "changed_at_most: [1]": ("2:18: SS103", ""),
    "new_breaches_at_most: 1%": ("2:23: SS103", ""),
    "moves: keep": ("2:8: SS103", ""),
    "changed: 2": ("2:1: SS101", "did you mean 'changed_at_most'?"),
}


@pytest.mark.parametrize("gate", MISSPELT)
def test_a_gate_that_is_none_is_a_finding(gate: str, tmp_path: Path) -> None:
    done = gates(tmp_path, gate)
    assert done.exit_code == 3
    assert done.stdout == ""
    code, help = MISSPELT[gate]
    assert f"expect.yaml:{code}" in done.stderr
    assert help in done.stderr


@pytest.mark.parametrize("text", ["", "[]", "x", "format: 2\nchanged_at_most: 1", "changed_at_most: 1", "format: 1", "\0", "a: &a [*a]"])
def test_a_file_of_gates_that_is_none(text: str, tmp_path: Path) -> None:
    (tmp_path / "expect.yaml").write_text(text, encoding="utf-8")
    assert diff(tmp_path, "--expect", tmp_path / "expect.yaml").exit_code == 3


def test_a_policy_as_file_of_gates(tmp_path: Path) -> None:
    diff(tmp_path)
    done = diff(tmp_path, "--expect", tmp_path / "old.yaml")
    assert done.exit_code == 3
    assert "SS132" in done.stderr


def test_gates_need_data(tmp_path: Path) -> None:
    done = gates(tmp_path, "changed_at_most: 0", clients=None)
    assert done.exit_code == 2
    assert "SS849" in done.stderr


def test_check_reads_gates_and_holds_them_to_the_policy_beside(tmp_path: Path) -> None:
    gates(tmp_path, "keep_to_declin_at_most: 0")
    (tmp_path / "new.yaml").unlink()
    done = CliRunner().invoke(main, ["check", str(tmp_path / "expect.yaml")])
    assert done.exit_code == 3
    assert "did you mean 'decline'?" in done.stderr


# what may be wrong


def test_an_invalid_policy(tmp_path: Path) -> None:
    done = diff(tmp_path, new=POLICY.replace("cost > revenue", "cst > revenue"))
    assert done.exit_code == 3
    assert "new.yaml:" in done.stderr and "did you mean 'cost'?" in done.stderr
    assert done.stdout == ""


def test_both_policies_are_told_of(tmp_path: Path) -> None:
    done = diff(tmp_path, old=POLICY.replace("cost > revenue", "cst > revenue"), new=POLICY.replace("revenue < 100", "revnue < 100"))
    assert done.exit_code == 3
    assert "old.yaml" in done.stderr and "new.yaml" in done.stderr


def test_broken_data(tmp_path: Path) -> None:
    done = diff(tmp_path, clients=CLIENTS + "H,abc,3\n")
    assert done.exit_code == 5
    assert "abc" in done.stderr and done.stdout == ""


def test_a_new_policy_with_a_column_that_the_data_lack(tmp_path: Path) -> None:
    new = NEW.replace("      cost: money\n", "      cost: money\n      trust: number\n").replace("when: revenue < 150", "when: trust < 0.5")
    done = diff(tmp_path, new=new)
    assert done.exit_code == 5
    assert "trust" in done.stderr


def test_bad_rows_can_be_set_aside(tmp_path: Path) -> None:
    content = as_json(tmp_path, "--quarantine", clients=CLIENTS + "H,abc,3\n")
    assert content["clients"] == 7


def test_a_row_that_only_one_contract_takes(tmp_path: Path) -> None:
    new = NEW.replace("cost: money", "cost: {type: money, maximum: 1000}")
    content = as_json(tmp_path, "--quarantine", new=new)
    assert content["clients"] == 7
    assert [(c["old"], c["clients"]) for c in content["matrix"] if c["new"] is None] == [("decline", 1)]
    assert "only in the old data: 1 client" in diff(tmp_path, "--quarantine", new=new).stdout


def test_different_keys(tmp_path: Path) -> None:
    new = NEW.replace("key: client_id", "key: [client_id, revenue]").replace("revenue: money", "revenue: integer")
    new = re.sub(r"when: .*", "when: revenue < 150", new)
    done = diff(tmp_path, new=new)
    assert done.exit_code == 2
    assert "SS841" in done.stderr
    assert diff(tmp_path, new=new, clients=None).exit_code == 0


def test_keys_of_another_kind_meet_as_texts(tmp_path: Path) -> None:
    data = "client_id,revenue,cost\n1,50,10\n2,120,10\n"
    content = as_json(tmp_path, new=NEW.replace("client_id: text", "client_id: integer"), clients=data)
    assert [(m["client"], m["old"], m["new"]) for m in content["moved"]] == [(["2"], "keep", "flag")]


def test_no_clients(tmp_path: Path) -> None:
    done = diff(tmp_path, clients="client_id,revenue,cost\n")
    assert done.exit_code == 0


def test_without_money(tmp_path: Path) -> None:
    old, new = (text.replace("revenue: money", "revenue: number").replace("cost: money", "cost: number") for text in (POLICY, NEW))
    content = as_json(tmp_path, old=old, new=new)
    assert content["money"] is None
    assert {m["client"][0] for m in content["moved"]} == {"E", "F", "G"}
    done = gates(tmp_path, "money_decline_at_most: 1%", old=old, new=new)
    assert done.exit_code == 3


@pytest.mark.parametrize("option", ["--history", "--exceptions"])
def test_options_that_belong_to_data(option: str, tmp_path: Path) -> None:
    what = tmp_path if option == "--history" else write_exceptions(tmp_path)
    assert diff(tmp_path, option, what, clients=None).exit_code == 2


def test_a_file_of_clients_needs_data(tmp_path: Path) -> None:
    done = diff(tmp_path, "--out", tmp_path / "moved.csv", clients=None)
    assert done.exit_code == 2 and "SS880" in done.stderr
    assert not (tmp_path / "moved.csv").exists()


def test_a_folder_with_several_policies(tmp_path: Path) -> None:
    diff(tmp_path)
    done = CliRunner().invoke(main, ["diff", str(tmp_path), str(tmp_path / "new.yaml")])
    assert done.exit_code == 2
    assert "SS840" in done.stderr and "new.yaml, old.yaml" in done.stderr


def test_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    diff(tmp_path)
    assert CliRunner().invoke(main, ["diff", str(tmp_path / "empty"), str(tmp_path / "new.yaml")]).exit_code == 2


HOSTILE = """\
=cmd()|' /C calc'!A0
<script>alert(1)</script>
![x](https://evil.example/x.png)
@everyone
\x1b[31mred
a|b
`rm`
</details>
\u202egnp.exe
[click](javascript:alert(1))
&lt;b&gt;
***bold***
https://evil.example
--> hi <!--""".splitlines()


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("format", ["text", "markdown"])
def test_hostile_names_do_nothing(name: str, format: str, tmp_path: Path) -> None:
    data = 'client_id,revenue,cost\nA,1000,1500\n"' + name.replace('"', '""') + '",120,10\n'
    if any(ord(c) < 32 for c in name):
        data = data.replace(name, name.replace("\x1b", ""))
    done = diff(tmp_path, "--format", format, "--out", tmp_path / f"{format}.csv", clients=data)
    assert done.exit_code == 0, done.stderr
    assert "\x1b" not in done.stdout and "\u202e" not in done.stdout
    cell = (tmp_path / f"{format}.csv").read_text(encoding="utf-8").splitlines()[1]
    assert not re.match(r'"?[=+@-]', cell)
    if format == "markdown":
        line = next(line for line in done.stdout.splitlines() if line.startswith("  - "))
        assert not re.search(r"<(?!/?details>)|(?<!\\)[`*\[\]!|]|@|(?<![\u200b])https://", line), line


def test_a_comment_on_a_pull_request(tmp_path: Path) -> None:
    done = gates(tmp_path, "keep_to_decline_at_most: 0", "--format", "markdown")
    assert done.exit_code == 1
    text = done.stdout
    assert text.startswith("<!-- selective-sales diff -->\n### small 1, as of 2026-11-22\n\n**3 of 7 clients change their decision")
    order = ["**Gates**", "**Before (rows) and after (columns)**", "**Who moves, and why**", "What changed in the policy"]
    assert [text.index(part) for part in order] == sorted(text.index(part) for part in order)
    assert "- ❌ `keep_to_decline_at_most`: at most 0, it is 1 (F)" in text
    assert text.count("<details") == text.count("</details>")
    assert "| keep | **1**<br>300.00 PLN | **1**<br>120.00 PLN | 1 | · |" in text


def test_in_polish(tmp_path: Path) -> None:
    done = diff(tmp_path, "--language", "pl")
    assert "Decyzja zmienia się u 3 z 7 klientów (42,9%); są warci 510,00 PLN (revenue, 14,3%)." in done.stdout.replace("\u00a0", " ")
    assert "utrzymać → odmowa" in done.stdout


def test_another_language_than_the_policy_has(tmp_path: Path) -> None:
    done = diff(tmp_path, "--language", "de")
    assert done.exit_code == 0
    assert "no texts in 'de'" in done.stderr


def test_history_is_looked_at_by_both_sides(tmp_path: Path) -> None:
    once = POLICY.replace("when: revenue < 100", "when: revenue < 100\n    unless: 'count(history[decision = \"flag\"]) > 0'")
    (tmp_path / "first.yaml").write_text(once, encoding="utf-8")
    (tmp_path / "clients.csv").write_text(CLIENTS, encoding="utf-8")
    (tmp_path / "runs").mkdir()
    words = ["evaluate", tmp_path / "first.yaml", "--data", f"clients={tmp_path / 'clients.csv'}", "--as-of", "2026-10-01"]
    done = CliRunner().invoke(main, [*map(str, words), "--history", str(tmp_path / "runs"), "--out", str(tmp_path / "runs/one")])
    assert done.exit_code == 0, done.stderr
    content = as_json(tmp_path, "--history", tmp_path / "runs", old=once, new=once.replace("revenue < 100", "revenue < 150"))
    assert [(m["client"], m["old"], m["new"], m["cause"]["sets"]) for m in content["moved"]] == [(["E"], "keep", "flag", [[1]])]
    assert [c for c in content["matrix"] if c["old"] == "flag"] == []
    assert "SS718" in diff(tmp_path, old=once, new=once).stderr


def test_a_change_in_a_used_file(tmp_path: Path) -> None:
    for name, least in (("a", 100), ("b", 150)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "costs.yaml").write_text(
            f"format: 1\nparameters: {{least: {{value: {least}, kind: money}}}}\n", encoding="utf-8"
        )
        text = POLICY.replace("format: 1\n", "format: 1\nuses: [costs.yaml]\n").replace("revenue < 100", "revenue < least")
        (tmp_path / name / "policy.yaml").write_text(text, encoding="utf-8")
    done = CliRunner().invoke(main, ["diff", str(tmp_path / "a"), str(tmp_path / "b"), "--format", "json"])
    [change] = json.loads(done.stdout)["changes"]
    assert (change["words"], change["new_place"]["line"]) == ("least: 100 → 150", 2)
    assert change["new_place"]["file"].endswith("b/costs.yaml")


def test_keys_with_the_names_of_result_columns(tmp_path: Path) -> None:
    texts = {}
    for side, text in (("old", POLICY), ("new", NEW)):
        named = text.replace("client_id", "rule").replace("key: rule", "key: [rule, name]")
        texts[side] = named.replace("rule: text", "rule: text\n      name: text")
    data = "rule,name,revenue,cost\nE,x,120,10\nE,y,1000,10\n"
    content = as_json(tmp_path, "--out", tmp_path / "moved.csv", clients=data, **texts)
    assert [m["client"] for m in content["moved"]] == [["E", "x"]]
    assert (tmp_path / "moved.csv").read_text(encoding="utf-8").startswith("rule,name,name_,old_decision,")


def test_every_key_of_the_gates_is_in_the_docs() -> None:
    root = Path(__file__).resolve().parents[2]
    text = (root / "docs/commands.md").read_text(encoding="utf-8").split("### Gates")[1].split("\n## ")[0]
    schema = json.loads((root / "schemas/expect.schema.json").read_text(encoding="utf-8"))
    keys = {*schema["properties"], *schema["properties"]["moves"]["items"]["properties"]}
    assert {key for key in keys if f"{key}:" not in text} == set()


@pytest.mark.parametrize("format", ["text", "markdown"])
def test_nobody_is_named(format: str, tmp_path: Path) -> None:
    many = CLIENTS.replace("\nE,", "\nElsewhere,").replace("\nF,", "\nFarmer,")
    done = gates(tmp_path, "changed_at_most: 0", "--clients", 0, "--format", format, clients=many)
    assert done.exit_code == 1
    assert not re.search("Elsewhere|Farmer", done.stdout + done.stderr)


def test_a_folder_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    done = diff(tmp_path, "--out", tmp_path / "nowhere" / "moved.csv")
    assert done.exit_code == 2
    assert "there is no folder" in done.stderr


def test_the_money_is_the_measure_revenue(tmp_path: Path) -> None:
    """Also where it is calculated, and in each policy otherwise."""
    old, new = (f"{text}measures: {{revenue: {by} * cost}}\n" for text, by in ((POLICY, 2), (NEW, 3)))
    content = as_json(tmp_path, old=old, new=new)
    assert content["money"] == "revenue"
    assert {m["client"][0]: float(m["money"]) for m in content["moved"]} == {"E": 30, "F": 870, "G": 255}
    assert content["changes"][-1]["words"] == "measure revenue, calculation: `2 * cost` became `3 * cost`"
    assert gates(tmp_path, "money_decline_at_most: 1124", old=old, new=new).exit_code == 1
    assert gates(tmp_path, "revenue_decline_at_most: 1125", old=old, new=new).exit_code == 0
