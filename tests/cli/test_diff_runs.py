"""`diff` of run folders: by their own evidence, moves by the policy apart from moves by the data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from selective_sales.cli.app import main
from tests.pipeline.small import POLICY as SMALL
from tests.pipeline.small import write_exceptions

OWN = """\
parameters: {least: {value: 100, kind: money}, window: 60 days}
metrics: {recent: "count(orders[ordered_on > as_of - window])"}
decisions:
"""
WITH_ORDERS = """\
      cost: money
  orders:
    belongs_to: clients
    key: client_id
    fields: {client_id: text, ordered_on: date, sort: text}
"""
QUIET = """\
  - id: quiet
    when: recent = 0
    then: flag
    reason: {pl: "Cisza.", en: "Quiet."}
"""
LEAST = SMALL.replace("revenue < 100", "revenue < least")
POLICY = LEAST.replace("decisions:\n", OWN, 1).replace("      cost: money\n", WITH_ORDERS) + QUIET
CLIENTS = "client_id,revenue,cost\nA,1000,1500\nB,50,10\nC,1000,10\nD,1000,\nE,120,10\nF,300,290\n"
ORDERS = "client_id,ordered_on,sort\n" + "".join(f"{c},2026-11-01,x\n" for c in "ABCDE") + "F,2026-09-01,y\n"
"""F is quiet, and flagged."""
NEW = POLICY.replace("value: 100", "value: 150")


def call(*words: object) -> Result:
    return CliRunner().invoke(main, list(map(str, words)), catch_exceptions=False)


def run(
    folder: Path, name: str, policy: str, *options: object, clients: str = CLIENTS, orders: str = ORDERS, as_of: str = "2026-11-22"
) -> Path:
    """A run folder."""
    (folder / f"{name}.yaml").write_text(policy, encoding="utf-8")
    data = folder / f"{name} data"
    data.mkdir()
    (data / "clients.csv").write_text(clients, encoding="utf-8")
    (data / "orders.csv").write_text(orders, encoding="utf-8")
    done = call("evaluate", folder / f"{name}.yaml", "--data", data, "--as-of", as_of, "--out", folder / name, *options)
    assert done.exit_code == 0, done.stderr
    return folder / name


def diff(old: Path, new: Path, *options: object) -> dict[str, Any]:
    done = call("diff", old, new, "--format", "json", *options)
    assert done.exit_code == 0, done.stderr
    content = json.loads(done.stdout)
    assert isinstance(content, dict)
    return content


def moved(content: dict[str, Any]) -> dict[str, tuple[str, str, Any]]:
    return {m["client"][0]: (m["old"], m["new"], m["cause"]["why"] or m["cause"]["sets"]) for m in content["moved"]}


def test_two_runs_over_the_same_data(tmp_path: Path) -> None:
    content = diff(run(tmp_path, "old", POLICY), run(tmp_path, "new", NEW))
    assert content["same_data"] is True
    assert moved(content) == {"E": ("keep", "flag", [[1]])}
    assert sum(c["clients"] for c in content["matrix"]) == 6
    assert content["old"]["run_id"].startswith("small-2026-11-22-")


def test_the_same_run_twice(tmp_path: Path) -> None:
    folder = run(tmp_path, "old", POLICY)
    content = diff(folder, folder)
    assert (content["changes"], content["moved"]) == ([], [])


@pytest.mark.parametrize("keep", [(), ("--keep-data",)])
def test_moves_by_the_data_are_told_apart(tmp_path: Path, keep: tuple[str, ...]) -> None:
    other = CLIENTS.replace("C,1000,10", "C,1000,2000").replace("D,1000,\n", "") + "G,50,1\n"
    old, new = (
        run(tmp_path, "old", POLICY, *keep),
        run(tmp_path, "new", NEW, *keep, clients=other, orders=ORDERS.replace("D,2026-11-01,x\n", "")),
    )
    content = diff(old, new)
    assert content["same_data"] is False
    assert moved(content) == {"C": ("keep", "decline", "data"), "E": ("keep", "flag", [[1]])}
    assert [(c["old"], c["new"], c["clients"]) for c in content["matrix"] if None in (c["old"], c["new"])] == [
        ("undetermined", None, 1), (None, "flag", 1),
    ]  # fmt: skip
    told = call("diff", old, new, "--language", "en").stdout
    assert "The two runs are not over the same data." in told
    assert "by the data, not by the policy" in told


def test_only_both_together(tmp_path: Path) -> None:
    other = CLIENTS.replace("F,300,290", "F,140,100").replace("C,1000,10", "C,140,10")
    content = diff(run(tmp_path, "old", POLICY), run(tmp_path, "new", NEW, clients=other))
    assert moved(content) == {"C": ("keep", "flag", "both"), "E": ("keep", "flag", [[1]])}


def test_an_exception_is_no_change_of_the_policy(tmp_path: Path) -> None:
    file = write_exceptions(tmp_path, 'client: A, decision: keep, because: "Contract", approved_by: "A. Nowak", expires: "2027-02-28"')
    content = diff(run(tmp_path, "old", POLICY, "--exceptions", file), run(tmp_path, "new", NEW))
    assert moved(content) == {"A": ("keep", "decline", "exception"), "E": ("keep", "flag", [[1]])}


def test_another_date_counts_as_data(tmp_path: Path) -> None:
    old, new = run(tmp_path, "old", POLICY), run(tmp_path, "new", NEW, as_of="2026-12-30")
    content = diff(old, new)
    assert (content["old"]["as_of"], content["as_of"]) == ("2026-11-22", "2026-12-30")
    assert moved(content) == {"E": ("keep", "flag", [[1]])}
    later = run(tmp_path, "later", NEW.replace("2026-12-31", "2027-12-31"), as_of="2027-01-30")
    assert moved(diff(old, later))["C"] == ("keep", "flag", "data")
    assert "by the data or the date, not by the policy" in call("diff", old, later, "--language", "en").stdout


def test_a_question_that_the_facts_do_not_answer(tmp_path: Path) -> None:
    """A window of the list function: without the data nobody can say what the new policy would have done before."""
    policy = POLICY.replace("window: 60 days", "window: 10 days")
    other = CLIENTS.replace("C,1000,10", "C,1000,2000")
    content = diff(run(tmp_path, "old", POLICY), run(tmp_path, "new", policy, clients=other))
    assert {why for _, _, why in moved(content).values()} == {"untold"}
    kept = diff(run(tmp_path, "old kept", POLICY, "--keep-data"), run(tmp_path, "new kept", policy, "--keep-data", clients=other))
    assert moved(kept) == {"C": ("keep", "decline", "data"), "E": ("keep", "flag", [[1]])}


def test_a_policy_on_the_evidence_of_a_run(tmp_path: Path) -> None:
    old = run(tmp_path, "old", POLICY)
    (tmp_path / "next.yaml").write_text(NEW, encoding="utf-8")
    assert moved(diff(old, tmp_path / "next.yaml")) == {"E": ("keep", "flag", [[1]])}
    assert moved(diff(tmp_path / "next.yaml", old)) == {"E": ("flag", "keep", [[1]])}


def test_a_policy_on_the_evidence_of_a_run_keeps_its_exceptions(tmp_path: Path) -> None:
    file = write_exceptions(tmp_path, 'client: E, decision: keep, because: "Contract", approved_by: "A. Nowak", expires: "2027-02-28"')
    old = run(tmp_path, "old", POLICY, "--exceptions", file)
    (tmp_path / "next.yaml").write_text(NEW.replace("value: 150", "value: 500"), encoding="utf-8")
    assert moved(diff(old, tmp_path / "next.yaml")) == {}


@pytest.mark.parametrize("keep", [False, True])
def test_a_policy_that_the_evidence_does_not_serve(tmp_path: Path, keep: bool) -> None:
    old = run(tmp_path, "old", POLICY, *(["--keep-data"] if keep else []))
    (tmp_path / "next.yaml").write_text(POLICY.replace("window: 60 days", "window: 10 days"), encoding="utf-8")
    done = call("diff", old, tmp_path / "next.yaml", "--language", "en")
    if keep:
        assert done.exit_code == 0
        assert "E  120.00 PLN  default → quiet" in done.stdout
    else:
        assert done.exit_code == 2
        assert "SS845" in done.stderr and "--keep-data" in done.stderr


def test_a_new_field_is_not_in_the_evidence(tmp_path: Path) -> None:
    old = run(tmp_path, "old", POLICY, "--keep-data")
    (tmp_path / "next.yaml").write_text(POLICY.replace("cost: money", "cost: money\n      trust: number"), encoding="utf-8")
    assert call("diff", old, tmp_path / "next.yaml").exit_code == 2


def test_runs_with_data_are_compared_over_the_data(tmp_path: Path) -> None:
    old, new = run(tmp_path, "old", POLICY), run(tmp_path, "new", NEW, clients=CLIENTS.replace("C,1000,10", "C,1000,2000"))
    content = diff(old, new, "--data", tmp_path / "old data", "--as-of", "2026-11-22")
    assert moved(content) == {"E": ("keep", "flag", [[1]])}


def test_a_portfolio_function_on_evidence(tmp_path: Path) -> None:
    old = (
        POLICY.replace("value: 100", "value: 3")
        .replace("revenue < least", "place > 3")
        .replace("metrics: {", "metrics: {place: rank(revenue), ")
    )
    assert moved(diff(run(tmp_path, "old", old), run(tmp_path, "new", old.replace("place > 3", "place > 5")))) == {
        "E": ("flag", "keep", [[1]])
    }


def test_a_run_that_was_changed_is_refused(tmp_path: Path) -> None:
    old, new = run(tmp_path, "old", POLICY), run(tmp_path, "new", NEW)
    (old / "decisions.parquet").write_bytes((new / "decisions.parquet").read_bytes())
    done = call("diff", old, new)
    assert done.exit_code == 2
    assert "SS711" in done.stderr and done.stdout == ""


def test_nothing_is_written_into_a_run(tmp_path: Path) -> None:
    old, new = run(tmp_path, "old", POLICY, "--keep-data"), run(tmp_path, "new", NEW)
    before = {p: p.read_bytes() for folder in (old, new) for p in folder.rglob("*") if p.is_file()}
    diff(old, new)
    assert {p: p.read_bytes() for folder in (old, new) for p in folder.rglob("*") if p.is_file()} == before


def test_gates_on_runs(tmp_path: Path) -> None:
    old, new = run(tmp_path, "old", POLICY), run(tmp_path, "new", NEW)
    (tmp_path / "expect.yaml").write_text("format: 1\nkeep_to_flag_at_most: 0\n", encoding="utf-8")
    done = call("diff", old, new, "--expect", tmp_path / "expect.yaml")
    assert done.exit_code == 1
    assert "it is 1 (16.667%): E" in done.stderr
