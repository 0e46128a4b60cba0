"""Time shared out: half of the largest clients' share, three quarters of the new large ones', never more than there is."""

from __future__ import annotations

import datetime
import json
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from selective_sales.cli.app import main
from selective_sales.model.results import AllocationResult, Kept
from selective_sales.pipeline.runs import Request, evaluate

POLICY = """\
format: 1
policy: {id: time, version: "1", title: Time, languages: [en], currency: PLN}
data:
  clients:
    key: id
    fields: {id: text, revenue: money, large: boolean, fresh: boolean}
decisions: {flag: {title: flag}, keep: {title: keep, default: true}}
rules: [{id: none, when: revenue < 0, then: flag, reason: x}]
allocations:
  sales_time:
    measure: revenue
    groups:
      - {id: largest, who: large, factor: 0.5}
      - {id: new_large, who: fresh, factor: 0.75}
    rest: others and prospecting
"""


def allocated(folder: Path, lines: list[str], policy: str = POLICY) -> AllocationResult:
    (folder / "policy.yaml").write_text(policy, encoding="utf-8")
    (folder / "clients.csv").write_text("id,revenue,large,fresh\n" + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    outcome = evaluate(folder / "policy.yaml", Request({"clients": folder / "clients.csv"}, datetime.date(2026, 11, 22)))
    assert outcome.summary is not None, outcome.findings
    return outcome.summary.whole.allocations[0]


@pytest.mark.parametrize(
    ("lines", "largest", "new_large", "rest"),
    [
        (["a,70,yes,no", "b,30,no,no"], 0.35, 0.0, 0.65),
        (["a,80,no,yes", "b,20,no,no"], 0.0, 0.6, 0.4),
        (["a,50,yes,no", "b,40,no,yes", "c,10,no,no"], 0.25, 0.3, 0.45),
        (["a,100,yes,no"], 0.5, 0.0, 0.5),
    ],
)
def test_shares(tmp_path: Path, lines: list[str], largest: float, new_large: float, rest: float) -> None:
    found = allocated(tmp_path, lines)
    assert [g.result for g in found.groups] == [largest, new_large]
    assert found.rest == rest
    assert found.kept is Kept.HELD


def test_the_first_group_wins_and_who_fits_two_is_counted(tmp_path: Path) -> None:
    found = allocated(tmp_path, ["a,70,yes,yes", "b,30,no,no"])
    assert [g.clients for g in found.groups] == [1, 0]
    assert (found.fit_two, found.others) == (1, 1)


@pytest.mark.parametrize(
    ("line", "unallocated"),
    [
        ("a,70,,no", 1),  # it is not known whether the first group takes the client
        ("a,70,yes,", 0),  # the first does, so the second does not matter
        ("a,,yes,no", 1),  # nothing to measure
        ("a,,no,no", 0),  # in no group
    ],
)
def test_who_is_not_allocated(tmp_path: Path, line: str, unallocated: int) -> None:
    found = allocated(tmp_path, [line, "b,30,no,no"])
    assert found.unallocated == unallocated


def test_no_shares_of_nothing(tmp_path: Path) -> None:
    found = allocated(tmp_path, ["a,0,yes,no", "b,0,no,no"])
    assert [g.result for g in found.groups] == [None, None]
    assert found.rest is None


def test_more_than_everything_is_a_breach(tmp_path: Path) -> None:
    found = allocated(tmp_path, ["a,90,yes,no", "b,10,no,no"], POLICY.replace("factor: 0.5", "factor: 1.5"))
    assert found.kept is Kept.BREACHED


@settings(max_examples=max(10, settings().max_examples // 4), deadline=None)
@given(
    clients=st.lists(
        st.tuples(st.decimals(0, 10_000, places=2), st.sampled_from(("yes", "no", "")), st.sampled_from(("yes", "no", ""))),
        min_size=1,
        max_size=12,
    )
)
def test_a_quarter_of_the_time_always_stays_free(clients: list[tuple[object, str, str]]) -> None:
    lines = [f"c{i},{revenue},{large},{fresh}" for i, (revenue, large, fresh) in enumerate(clients)]
    with tempfile.TemporaryDirectory() as folder:
        found = allocated(Path(folder), lines)
    if found.rest is not None:
        assert found.rest >= 0.25 - 1e-9
        assert sum(g.result or 0.0 for g in found.groups) <= 0.75 + 1e-9


def test_hours_on_the_command_line(tmp_path: Path) -> None:
    allocated(tmp_path, ["a,40,yes,no", "b,30,yes,no", "c,30,no,no"])
    command = ["evaluate", str(tmp_path / "policy.yaml"), "--data", str(tmp_path), "--as-of", "2026-11-22", "--out", str(tmp_path / "run")]
    assert CliRunner().invoke(main, command).exit_code == 0
    done = CliRunner().invoke(main, ["allocate", str(tmp_path / "run"), "--hours", "1600", "--format", "json"])
    (content,) = json.loads(done.stdout)
    assert [g["hours"] for g in content["groups"]] == [560.0, 0.0]
    assert [(c["client"], c["hours"]) for c in content["groups"][0]["by_client"]] == [(["a"], 320.0), (["b"], 240.0)]
    assert content["rest_hours"] == 1040.0
    table = CliRunner().invoke(main, ["allocate", str(tmp_path / "run"), "--hours", "1600"]).stdout
    assert "largest" in table
    assert "others and prospecting" in table
    for wrong in (["--hours", "0"], ["--hours", "nan"], ["--hours", "1600", "--allocation", "nothing"], []):
        assert CliRunner().invoke(main, ["allocate", str(tmp_path / "run"), *wrong]).exit_code == 2
